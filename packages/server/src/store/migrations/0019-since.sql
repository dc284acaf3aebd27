-- What a handler is not given: events that were committed when its plugin was installed or enabled. Its cursors begin at the
-- horizon, which a long transaction holds back, so such events may lie behind them.
ALTER TABLE subscription ADD COLUMN since pg_snapshot, ADD COLUMN since_epoch integer;

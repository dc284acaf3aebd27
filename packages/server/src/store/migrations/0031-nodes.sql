-- The nodes that serve parts of the log, and until when each is taken to live: a node renews one row, not its parts. Each aims
-- at its fair share of the parts.
CREATE TABLE node (
  name  text PRIMARY KEY,
  until timestamptz NOT NULL
) WITH (fillfactor = 50);
ALTER TABLE lease DROP COLUMN until;

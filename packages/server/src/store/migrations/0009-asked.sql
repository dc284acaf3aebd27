-- A handler that was asked (a gate, a search) answered an event that is in no log: its execution keeps it.
ALTER TABLE execution ADD COLUMN asked json;

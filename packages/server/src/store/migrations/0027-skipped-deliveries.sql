-- Whoever disables a plugin chooses what becomes of its events: they wait for it, or are skipped. What is skipped is kept, so
-- that it can be seen and delivered after all.
ALTER TABLE retry DROP CONSTRAINT retry_state_check;
ALTER TABLE retry ADD CONSTRAINT retry_state_check CHECK (state IN ('waiting', 'behind', 'dead', 'skipped'));
CREATE INDEX retry_skipped ON retry (subscription, updated_at) WHERE state = 'skipped';
-- For one that is disabled: `keep`, or `skip`.
ALTER TABLE plugin ADD COLUMN backlog text NOT NULL DEFAULT 'keep' CHECK (backlog IN ('keep', 'skip'));
-- Until now a plugin was given nothing of what happened while it was disabled.
UPDATE plugin SET backlog = 'skip' WHERE NOT enabled;

-- Requests that may be repeated, by who sent them and the key they chose. Kept for 24 hours.
CREATE TABLE idempotency_key (
  actor      text NOT NULL,
  key        text NOT NULL,
  -- SHA-256 of the request.
  digest     bytea NOT NULL,
  -- What the ids of the records it makes are taken from: chosen before they are made, so that a repeat finds them.
  seed       uuid NOT NULL,
  -- Null until it was answered: it is under way, or its node died.
  answer     json,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (actor, key)
);
CREATE INDEX idempotency_key_age ON idempotency_key (created_at);

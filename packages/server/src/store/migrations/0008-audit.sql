-- The audit trail is asked by who did something and by when, besides by patient and by record.
CREATE INDEX audit_actor ON audit ((actor->>'id'), id);
CREATE INDEX audit_at ON audit (at);

-- Requests to other systems, queued with the unit of work that asked for them, sent after it, and tried again until they are
-- answered. `since` and `next_at` are by the clock of the node that wrote them: a clock set back before `since` makes no
-- request wait longer (delivery/outgoing/requests.ts).
CREATE TABLE outgoing_request (
  id          uuid PRIMARY KEY,
  -- Whose it is: a plugin's name.
  owner       text NOT NULL,
  -- `host:port` it goes to: so many at once.
  host        text NOT NULL,
  -- A QueuedRequest of the port of effects: secrets are references in it.
  request     json NOT NULL,
  -- Of the event that answers it.
  patient     text,
  note        text,
  cause       json NOT NULL,
  depth       smallint NOT NULL,
  state       text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sending', 'done', 'dead', 'skipped')),
  -- Since it was queued, or retried by hand.
  tries       smallint NOT NULL DEFAULT 0,
  -- [{"at", "ms", "status", "code"}], oldest first.
  attempts    jsonb NOT NULL DEFAULT '[]',
  error       json,
  -- {"status", "headers", "body"} of the last answer.
  answer      json,
  queued_at   timestamptz NOT NULL,
  -- When its state last changed.
  since       timestamptz NOT NULL,
  -- When it is sent; of one that is being sent, when another node may take it over.
  next_at     timestamptz NOT NULL,
  node        text,
  fence       bigint
);
CREATE INDEX outgoing_due ON outgoing_request (owner, next_at) WHERE state IN ('pending', 'sending');
CREATE INDEX outgoing_listed ON outgoing_request (owner, state, since, id);
CREATE INDEX outgoing_newest ON outgoing_request (since, id);

-- As commit_audited, and with requests: `queued` with their unit of work; `ended` with the event that tells it, under the fence
-- of the node that sent them.
CREATE FUNCTION commit_requests(work json, held boolean, living text[], trail json, requests json)
RETURNS TABLE (patient text, version bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  given    record;
  expected integer;
  written  integer;
BEGIN
  SELECT * INTO given FROM json_to_record(requests) AS r(queued json, ended json);
  RETURN QUERY SELECT * FROM commit_audited(work, held, living, trail);
  INSERT INTO outgoing_request (id, owner, host, request, patient, note, cause, depth, queued_at, since, next_at)
    SELECT q.id, q.owner, q.host, q.request, q.patient, q.note, q.cause, q.depth, q.at, q.at, q.at
    FROM json_to_recordset(given.queued) AS q(id uuid, owner text, host text, request json, patient text, note text, cause json,
      depth smallint, at timestamptz);
  SELECT count(*) INTO expected FROM json_array_elements(given.ended);
  UPDATE outgoing_request o SET state = e.state, attempts = o.attempts || e.attempt, error = e.error, answer = e.answer,
      since = e.at, next_at = e.at
    FROM json_to_recordset(given.ended) AS e(id uuid, fence bigint, state text, attempt jsonb, error json, answer json,
      at timestamptz)
    WHERE o.id = e.id AND o.fence = e.fence AND o.state = 'sending';
  GET DIAGNOSTICS written = ROW_COUNT;
  IF written <> expected THEN
    RAISE EXCEPTION 'fence lost' USING ERRCODE = 'CW002';
  END IF;
END
$$;

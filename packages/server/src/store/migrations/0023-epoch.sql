-- A log that goes on when the database is moved to another cluster, and a search for rare events.

-- Another cluster begins its transaction ids again, so what is committed there would stand before what is in the log, and
-- readers, who are past it, would never see it. Events of a greater epoch stand behind all that came before.

-- Whether a position of this epoch is one that this cluster hasn't come to.
CREATE FUNCTION log_is_ahead() RETURNS boolean LANGUAGE sql STABLE
  RETURN coalesce((
    SELECT greatest(
      (SELECT e.xid FROM event e WHERE e.epoch = i.epoch ORDER BY e.epoch DESC, e.xid DESC LIMIT 1),
      (SELECT max(c.xid) FROM cursor c WHERE c.epoch = i.epoch),
      (SELECT max(pg_snapshot_xmax(s.since)) FROM subscription s WHERE s.since_epoch = i.epoch)
    ) > pg_snapshot_xmax(pg_current_snapshot()) FROM instance i
  ), false);

-- Raises the epoch where that is so, and answers the new one. The lock waits for all who write to the log: whoever has it
-- after them reads the new epoch, so no event of the old one can be committed behind a reader who has seen the new.
CREATE FUNCTION raise_epoch() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  raised integer;
BEGIN
  LOCK TABLE event IN EXCLUSIVE MODE;
  IF log_is_ahead() THEN
    UPDATE instance SET epoch = epoch + 1 RETURNING epoch INTO raised;
  END IF;
  RETURN raised;
END
$$;

-- Events of one type, of which there may be few among millions.
CREATE INDEX event_type ON event (type, epoch, xid, seq);

-- As in 0001-core.sql, but for the epoch: it is that of the database, not one that a node read when it started.
CREATE OR REPLACE FUNCTION commit_work(work json) RETURNS TABLE (patient text, version bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  given    record;
  expected integer;
  written  integer;
  broken   record;
BEGIN
  -- Taken apart once: each -> would read the whole text again.
  SELECT * INTO given FROM json_to_record(work) AS w(locks json, patients json, records json, dates json,
    strings json, quantities json, events json, executions json, cursors json, parks json, retries json);

  PERFORM pg_advisory_xact_lock(k) FROM
    (SELECT DISTINCT value::int8 AS k FROM json_array_elements_text(given.locks) ORDER BY 1) AS keys;

  -- Leases first: a node that lost its lease writes nothing.
  IF json_array_length(given.cursors) > 0 THEN
    SELECT count(*) INTO expected FROM json_array_elements(given.cursors);
    UPDATE cursor c SET epoch = m.epoch, xid = m.xid, seq = m.seq
      FROM json_to_recordset(given.cursors) AS m(subscription text, part smallint, fence bigint, epoch integer, xid xid8, seq bigint)
      WHERE c.subscription = m.subscription AND c.part = m.part AND c.fence = m.fence
        -- A delivery is completed once: a second completion finds the cursor already there.
        AND (c.epoch, c.xid, c.seq) < (m.epoch, m.xid, m.seq);
    GET DIAGNOSTICS written = ROW_COUNT;
    IF written <> expected THEN
      RAISE EXCEPTION 'fence lost' USING ERRCODE = 'CW002';
    END IF;
  END IF;

  IF json_array_length(given.parks) > 0 THEN
    INSERT INTO retry (id, subscription, event, event_at, part, chart, epoch, xid, seq, attempts, state, next_at, error)
      SELECT r.id, r.subscription, r.event, r.event_at, r.part, r.chart, r.epoch, r.xid, r.seq, r.attempts, r.state, r.next_at, r.error
      FROM json_to_recordset(given.parks) AS r(id uuid, subscription text, event uuid, event_at timestamptz, part smallint,
        chart text, epoch integer, xid xid8, seq bigint, attempts integer, state text, next_at timestamptz, error json)
      ON CONFLICT (subscription, event) DO NOTHING;
  END IF;

  IF json_array_length(given.retries) > 0 THEN
    SELECT count(*) INTO expected FROM json_array_elements(given.retries);
    WITH m AS (
      SELECT * FROM json_to_recordset(given.retries)
        AS m(id uuid, part smallint, fence bigint, state text, next_at timestamptz, error json)
    ), held AS (
      SELECT m.* FROM m JOIN retry r ON r.id = m.id JOIN cursor c ON c.subscription = r.subscription AND c.part = r.part
        WHERE c.fence = m.fence
    ), ended AS (
      DELETE FROM retry r USING held WHERE r.id = held.id AND held.state = 'done' RETURNING r.id
    ), kept AS (
      UPDATE retry r SET attempts = r.attempts + 1, next_at = held.next_at, error = held.error, updated_at = now(),
          state = CASE held.state WHEN 'dead' THEN 'dead' ELSE 'waiting' END
        FROM held WHERE r.id = held.id AND held.state <> 'done' RETURNING r.id
    )
    SELECT (SELECT count(*) FROM ended) + (SELECT count(*) FROM kept) INTO written;
    IF written <> expected THEN
      RAISE EXCEPTION 'fence lost' USING ERRCODE = 'CW002';
    END IF;
  END IF;

  IF json_array_length(given.executions) > 0 THEN
    INSERT INTO execution (id, subscription, event, plugin, plugin_version, handler, attempt, state, started_at, ms, error, calls, effects, logs)
      SELECT x.id, x.subscription, x.event, x.plugin, x.plugin_version, x.handler, x.attempt, x.state, x.started_at, x.ms,
        x.error, x.calls, x.effects, x.logs
      FROM json_to_recordset(given.executions) AS x(id uuid, subscription text, event uuid, plugin text, plugin_version text,
        handler text, attempt integer, state text, started_at timestamptz, ms double precision, error json, calls json,
        effects json, logs json);
  END IF;

  IF json_array_length(given.records) > 0 THEN
    -- Records that must not exist yet; one that does breaks the primary key, which the caller reads as a conflict.
    INSERT INTO record (type, id, version, patient, deleted, updated_at, tokens)
      SELECT r.type, r.id, 1, r.patient, r.deleted, r.at, r.tokens
      FROM json_to_recordset(given.records) AS r(type text, id text, patient text, expect integer, deleted boolean,
        at timestamptz, tokens text[])
      WHERE r.expect = 0;
    -- Records that must be at the version their writer saw.
    IF EXISTS (SELECT 1 FROM json_to_recordset(given.records) AS r(expect integer) WHERE r.expect > 0) THEN
      UPDATE record c SET version = r.expect + 1, patient = r.patient, deleted = r.deleted, updated_at = r.at, tokens = r.tokens
        FROM json_to_recordset(given.records) AS r(type text, id text, patient text, expect integer, deleted boolean,
          at timestamptz, tokens text[])
        WHERE r.expect > 0 AND c.type = r.type AND c.id = r.id AND c.version = r.expect;
      GET DIAGNOSTICS written = ROW_COUNT;
      SELECT count(*) INTO expected FROM json_to_recordset(given.records) AS r(expect integer) WHERE r.expect > 0;
      IF written <> expected THEN
        SELECT r.type, r.id INTO broken
          FROM json_to_recordset(given.records) AS r(type text, id text, expect integer)
          LEFT JOIN record c ON c.type = r.type AND c.id = r.id
          WHERE r.expect > 0 AND c.version IS DISTINCT FROM r.expect + 1 LIMIT 1;
        RAISE EXCEPTION 'version conflict' USING ERRCODE = 'CW001', DETAIL = coalesce(broken.type || '/' || broken.id, '');
      END IF;
      DELETE FROM search_date s USING json_to_recordset(given.records) AS r(type text, id text, expect integer)
        WHERE r.expect > 0 AND s.type = r.type AND s.id = r.id;
      DELETE FROM search_string s USING json_to_recordset(given.records) AS r(type text, id text, expect integer)
        WHERE r.expect > 0 AND s.type = r.type AND s.id = r.id;
      DELETE FROM search_quantity s USING json_to_recordset(given.records) AS r(type text, id text, expect integer)
        WHERE r.expect > 0 AND s.type = r.type AND s.id = r.id;
    END IF;
    IF json_array_length(given.dates) > 0 THEN
      INSERT INTO search_date SELECT * FROM json_to_recordset(given.dates)
        AS s(type text, id text, param text, low timestamptz, high timestamptz);
    END IF;
    IF json_array_length(given.strings) > 0 THEN
      INSERT INTO search_string SELECT * FROM json_to_recordset(given.strings)
        AS s(type text, id text, param text, value text, exact text);
    END IF;
    IF json_array_length(given.quantities) > 0 THEN
      INSERT INTO search_quantity SELECT * FROM json_to_recordset(given.quantities)
        AS s(type text, id text, param text, low double precision, high double precision, system text, code text);
    END IF;
  END IF;

  RETURN QUERY
    WITH charts AS (
      INSERT INTO chart AS c (patient, version)
        SELECT value, 1 FROM json_array_elements_text(given.patients)
        ON CONFLICT ON CONSTRAINT chart_pkey DO UPDATE SET version = c.version + 1
        RETURNING c.patient, c.version
    ), versions AS (
      INSERT INTO record_version (type, id, version, patient, chart_version, at, deleted, content)
        SELECT r.type, r.id, r.expect + 1, r.patient, charts.version, r.at, r.deleted, r.content
        FROM json_to_recordset(given.records) AS r(type text, id text, patient text, expect integer, deleted boolean,
          at timestamptz, content json)
        LEFT JOIN charts ON charts.patient = r.patient
    ), logged AS (
      INSERT INTO event (at, id, epoch, xid, seq, part, chart, patient, chart_version, type, target_type, target_id, target_version,
          record_type, record_id, record_version, previous_version, changed, note, actor, source, cause, depth, detail)
        SELECT e.at, e.id, (SELECT epoch FROM instance), pg_current_xact_id(), nextval('event_seq'), part_of(e.chart), e.chart,
          e.patient, e.chart_version, e.type, e.target_type, e.target_id, e.target_version, e.record_type, e.record_id,
          e.record_version, e.previous_version, e.changed, e.note, e.actor, e.source, e.cause, e.depth, e.detail
        FROM (
          -- Sorted before the sequence is asked: a join may change the order of rows.
          SELECT e.*, charts.version AS chart_version
          FROM json_to_recordset(given.events) AS e(place integer, at timestamptz, id uuid, chart text, patient text, type text,
            target_type text, target_id text, target_version integer, record_type text, record_id text, record_version integer,
            previous_version integer, changed text[], note text, actor json, source text, cause json, depth smallint, detail json)
          LEFT JOIN charts ON charts.patient = e.patient ORDER BY e.place
        ) AS e
    )
    SELECT charts.patient, charts.version FROM charts;
END
$$;

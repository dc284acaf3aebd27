-- The core: records with every version, search values, the event log, deliveries, executions, plugins, access.

-- What this database is. `epoch` grows when the log is moved to another cluster, whose transaction ids begin again.
CREATE TABLE instance (
  one        boolean PRIMARY KEY DEFAULT true CHECK (one),
  id         uuid NOT NULL,
  epoch      integer NOT NULL DEFAULT 1,
  -- When the first start came to its end: then the demo is not loaded again.
  prepared_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- One row a chart; the version grows by one a unit of work.
CREATE TABLE chart (
  patient text PRIMARY KEY,
  version bigint NOT NULL
) WITH (fillfactor = 70);

-- The current state of each record: a pointer to its version, and what searches need of it.
CREATE TABLE record (
  type       text NOT NULL,
  id         text NOT NULL,
  version    integer NOT NULL,
  patient    text,
  deleted    boolean NOT NULL DEFAULT false,
  updated_at timestamptz NOT NULL,
  tokens     text[] NOT NULL,
  PRIMARY KEY (type, id)
) WITH (fillfactor = 90);
CREATE INDEX record_tokens ON record USING gin (tokens);
CREATE INDEX record_patient ON record (patient, type) WHERE patient IS NOT NULL;
CREATE INDEX record_updated ON record (type, updated_at, id);

-- Every version of every record, written once and never changed.
CREATE TABLE record_version (
  type          text NOT NULL,
  id            text NOT NULL,
  version       integer NOT NULL,
  patient       text,
  chart_version bigint,
  at            timestamptz NOT NULL,
  deleted       boolean NOT NULL DEFAULT false,
  content       json,
  PRIMARY KEY (type, id, version)
);
-- A chart as it was: the newest version of each record up to a chart version.
CREATE INDEX record_version_chart ON record_version (patient, chart_version) WHERE patient IS NOT NULL;
-- The history of a type.
CREATE INDEX record_version_at ON record_version (type, at);

CREATE TABLE search_date (
  type  text NOT NULL,
  id    text NOT NULL,
  param text NOT NULL,
  low   timestamptz NOT NULL,
  high  timestamptz NOT NULL
);
CREATE INDEX search_date_low ON search_date (type, param, low, id);
CREATE INDEX search_date_high ON search_date (type, param, high, id);
CREATE INDEX search_date_record ON search_date (type, id);

CREATE TABLE search_string (
  type  text NOT NULL,
  id    text NOT NULL,
  param text NOT NULL,
  value text COLLATE "C" NOT NULL,
  exact text NOT NULL
);
CREATE INDEX search_string_value ON search_string (type, param, value, id);
CREATE INDEX search_string_record ON search_string (type, id);

CREATE TABLE search_quantity (
  type   text NOT NULL,
  id     text NOT NULL,
  param  text NOT NULL,
  low    double precision NOT NULL,
  high   double precision NOT NULL,
  system text,
  code   text
);
CREATE INDEX search_quantity_low ON search_quantity (type, param, low, id);
CREATE INDEX search_quantity_high ON search_quantity (type, param, high, id);
CREATE INDEX search_quantity_record ON search_quantity (type, id);

-- The log. Read in the order (epoch, xid, seq), below the oldest transaction still running. Partitions by month.
CREATE SEQUENCE event_seq CACHE 1;
CREATE TABLE event (
  at               timestamptz NOT NULL,
  id               uuid NOT NULL,
  epoch            integer NOT NULL,
  xid              xid8 NOT NULL,
  seq              bigint NOT NULL,
  part             smallint NOT NULL,
  chart            text NOT NULL,
  patient          text,
  chart_version    bigint,
  type             text NOT NULL,
  target_type      text NOT NULL,
  target_id        text NOT NULL,
  target_version   integer,
  record_type      text,
  record_id        text,
  record_version   integer,
  previous_version integer,
  changed          text[] NOT NULL,
  note             text,
  actor            json NOT NULL,
  source           text NOT NULL,
  cause            json,
  depth            smallint NOT NULL,
  detail           json NOT NULL,
  PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE INDEX event_log ON event (epoch, xid, seq);
CREATE INDEX event_patient ON event (patient, epoch, xid, seq) WHERE patient IS NOT NULL;
CREATE INDEX event_target ON event (target_id, target_type);
CREATE INDEX event_record ON event (record_id, record_type) WHERE record_id IS NOT NULL;
CREATE INDEX event_cause ON event ((cause->>'event')) WHERE cause IS NOT NULL;
CREATE TABLE event_default PARTITION OF event DEFAULT;

-- A plugin as it was installed; `build` is what the sandbox runs.
CREATE TABLE plugin (
  name         text PRIMARY KEY,
  version      text NOT NULL,
  manifest     json NOT NULL,
  package      bytea NOT NULL,
  code         text NOT NULL,
  source_map   text NOT NULL,
  digest       text NOT NULL,
  handlers     json NOT NULL,
  enabled      boolean NOT NULL DEFAULT true,
  state        text NOT NULL,
  reason       text,
  installed_at timestamptz NOT NULL DEFAULT now(),
  updated_at   timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE plugin_variable (
  plugin     text NOT NULL REFERENCES plugin ON DELETE CASCADE,
  key        text NOT NULL,
  value      text NOT NULL,
  sensitive  boolean NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (plugin, key)
);
CREATE TABLE plugin_log (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at        timestamptz NOT NULL,
  plugin    text NOT NULL,
  handler   text,
  execution uuid,
  level     text NOT NULL,
  message   text NOT NULL
);
CREATE INDEX plugin_log_plugin ON plugin_log (plugin, id);

-- A handler's subscription to the log, and how far it has come in each part.
CREATE TABLE subscription (
  id         text PRIMARY KEY,
  plugin     text NOT NULL,
  handler    text NOT NULL,
  types      text[] NOT NULL,
  active     boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE cursor (
  subscription text NOT NULL REFERENCES subscription ON DELETE CASCADE,
  part         smallint NOT NULL,
  epoch        integer NOT NULL,
  xid          xid8 NOT NULL,
  seq          bigint NOT NULL,
  fence        bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (subscription, part)
) WITH (fillfactor = 50);

-- Which node serves which part; a lease that is not renewed may be taken, and taking it moves the fence.
CREATE SEQUENCE fence_seq;
CREATE TABLE lease (
  part    smallint PRIMARY KEY,
  node    text,
  until   timestamptz,
  fence   bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
INSERT INTO lease (part) SELECT generate_series(0, 63);

-- Deliveries that left their lane: to be tried again, waiting behind one of the same chart, or dead.
CREATE TABLE retry (
  id           uuid PRIMARY KEY,
  subscription text NOT NULL REFERENCES subscription ON DELETE CASCADE,
  event        uuid NOT NULL,
  event_at     timestamptz NOT NULL,
  part         smallint NOT NULL,
  chart        text NOT NULL,
  epoch        integer NOT NULL,
  xid          xid8 NOT NULL,
  seq          bigint NOT NULL,
  attempts     integer NOT NULL,
  state        text NOT NULL CHECK (state IN ('waiting', 'behind', 'dead')),
  next_at      timestamptz,
  error        json,
  updated_at   timestamptz NOT NULL DEFAULT now(),
  UNIQUE (subscription, event)
);
CREATE INDEX retry_open ON retry (subscription, part, chart, epoch, xid, seq) WHERE state <> 'dead';
CREATE INDEX retry_dead ON retry (updated_at) WHERE state = 'dead';

CREATE TABLE execution (
  id             uuid PRIMARY KEY,
  subscription   text NOT NULL,
  event          uuid NOT NULL,
  plugin         text NOT NULL,
  plugin_version text NOT NULL,
  handler        text NOT NULL,
  attempt        integer NOT NULL,
  state          text NOT NULL,
  started_at     timestamptz NOT NULL,
  ms             double precision NOT NULL,
  error          json,
  calls          json NOT NULL,
  effects        json NOT NULL,
  logs           json NOT NULL
);
CREATE INDEX execution_event ON execution (event);
CREATE INDEX execution_plugin ON execution (plugin, id);

CREATE TABLE access_token (
  id         uuid PRIMARY KEY,
  name       text NOT NULL,
  hash       bytea NOT NULL UNIQUE,
  scopes     text[] NOT NULL,
  patient    text,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);

-- Who saw and changed what. Append only.
CREATE TABLE audit (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at       timestamptz NOT NULL,
  actor    json NOT NULL,
  action   text NOT NULL,
  type     text,
  record   text,
  patient  text,
  query    text,
  status   integer NOT NULL,
  address  text,
  request  text
);
CREATE INDEX audit_patient ON audit (patient, id) WHERE patient IS NOT NULL;
CREATE INDEX audit_record ON audit (type, record, id);

-- The order an event belongs to: a part of the log from the patient's id, or from `Type/id` outside any chart.
CREATE FUNCTION part_of(chart text) RETURNS smallint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (hashtext(chart) & 63)::smallint;

-- Writes units of work in one statement and one transaction. `work` is made by store/commit.ts:
--   epoch, locks [int8], patients [text], records, dates, strings, quantities, events, executions, cursors, parks, retries.
-- The locks come first: whoever waits for a chart waits before it has a transaction id, so the ids of a chart's
-- transactions grow in the order of its versions, and readers of the log see them in that order.
CREATE FUNCTION commit_work(work json) RETURNS TABLE (patient text, version bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  given    record;
  expected integer;
  written  integer;
  broken   record;
BEGIN
  -- Taken apart once: each -> would read the whole text again.
  SELECT * INTO given FROM json_to_record(work) AS w(epoch integer, locks json, patients json, records json, dates json,
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
        SELECT e.at, e.id, given.epoch, pg_current_xact_id(), nextval('event_seq'), part_of(e.chart), e.chart,
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

-- The audit trail as chains of hashes, in a schema of its own, which a role of its own may own: store/audit/ and
-- docs/decisions/0007-audit-trail.md.
CREATE SCHEMA audit;

-- Writers take whichever chain is free, so up to sixteen of them, on any number of nodes, don't wait for each other.
CREATE TABLE audit.chain (
  id    smallint PRIMARY KEY,
  -- The oldest row kept, and the hash it rests on: random at first, later that of the last row removed.
  first bigint NOT NULL DEFAULT 1,
  base  bytea NOT NULL,
  -- The newest row and its hash.
  seq   bigint NOT NULL DEFAULT 0,
  head  bytea NOT NULL
) WITH (fillfactor = 10);
INSERT INTO audit.chain (id, base, head)
  SELECT id, base, base FROM (
    SELECT id, sha256(convert_to('chartwire ' || gen_random_uuid(), 'UTF8')) AS base FROM generate_series(0, 15) AS id
  ) AS new;

CREATE TABLE audit.entry (
  -- Grows along each chain, since it's taken under the chain's lock.
  id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  chain   smallint NOT NULL,
  seq     bigint NOT NULL,
  at      timestamptz NOT NULL,
  actor   json NOT NULL,
  action  text NOT NULL,
  -- Of one record.
  type    text,
  record  text,
  version integer,
  patient text,
  -- Of several: {"Observation":["id@version"]}.
  records json,
  query   text,
  status  integer NOT NULL,
  address text,
  request text,
  -- What it was for: {"purpose"}, or {"event", "execution", "handler"} of a plugin.
  why     json,
  hash    bytea NOT NULL
);
CREATE INDEX entry_patient ON audit.entry (patient, id) WHERE patient IS NOT NULL;
-- Records of a chart are found by its patient.
CREATE INDEX entry_record ON audit.entry (type, record, id) WHERE patient IS NULL AND record IS NOT NULL;
CREATE INDEX entry_actor ON audit.entry ((actor->>'id'), id);
CREATE INDEX entry_at ON audit.entry (at);

-- Appends rows (store/audit/row.ts) to one chain. The hash is SHA-256 of the hash before and of the row as a JSON array,
-- which store/audit/chain.ts builds the same way to verify it.
CREATE FUNCTION audit.append(rows json) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  link   audit.chain;
  one    record;
  one_id bigint;
  ids    bigint[] := '{}';
  hashes bytea[] := '{}';
BEGIN
  SELECT * INTO link FROM audit.chain LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    SELECT * INTO link FROM audit.chain WHERE id = pg_backend_pid() % 16 FOR UPDATE;
  END IF;
  FOR one IN
    SELECT * FROM json_to_recordset(rows) AS r(at timestamptz, actor json, action text, type text, record text, version integer,
      patient text, records json, query text, status integer, address text, request text, why json)
  LOOP
    link.seq := link.seq + 1;
    one_id := nextval('audit.entry_id_seq');
    link.head := sha256(link.head || convert_to(json_build_array(one_id, link.id, link.seq,
      to_char(one.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), one.actor, one.action, one.type, one.record, one.version,
      one.patient, one.records, one.query, one.status, one.address, one.request, one.why)::text, 'UTF8'));
    ids := ids || one_id;
    hashes := hashes || link.head;
  END LOOP;
  INSERT INTO audit.entry (id, chain, seq, at, actor, action, type, record, version, patient, records, query, status, address,
      request, why, hash) OVERRIDING SYSTEM VALUE
    SELECT ids[r.place], link.id, link.seq - cardinality(hashes) + r.place, date_trunc('milliseconds', r.at), r.actor, r.action, r.type, r.record,
      r.version, r.patient, r.records, r.query, r.status, r.address, r.request, r.why, hashes[r.place]
    FROM ROWS FROM (json_to_recordset(rows) AS (at timestamptz, actor json, action text, type text, record text, version integer,
      patient text, records json, query text, status integer, address text, request text, why json))
      WITH ORDINALITY AS r(at, actor, action, type, record, version, patient, records, query, status, address, request, why, place);
  UPDATE audit.chain SET seq = link.seq, head = link.head WHERE id = link.id;
END
$$;

-- Removes the oldest rows, at most `most`, up to the first that is not older than `before`, and appends a row that says so
-- and where the chains begin now. Returns how many.
CREATE FUNCTION audit.prune(before timestamptz, by json, rule text, most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  cut     bigint;
  removed bigint;
BEGIN
  IF before > now() - interval '1 year' THEN
    RAISE EXCEPTION 'audit rows are kept for a year at least' USING ERRCODE = 'CW004';
  END IF;
  -- No row with a smaller id can still appear while all chains are held.
  PERFORM FROM audit.chain ORDER BY id FOR UPDATE;
  SELECT coalesce(min(o.id) FILTER (WHERE o.at >= before), max(o.id) + 1) INTO cut
    FROM (SELECT e.id, e.at FROM audit.entry e ORDER BY e.id LIMIT most) AS o;
  UPDATE audit.chain c SET first = last.seq + 1, base = last.hash
    FROM (SELECT DISTINCT ON (e.chain) e.chain, e.seq, e.hash FROM audit.entry e WHERE e.id < cut ORDER BY e.chain, e.seq DESC) AS last
    WHERE c.id = last.chain;
  DELETE FROM audit.entry e WHERE e.id < cut;
  GET DIAGNOSTICS removed = ROW_COUNT;
  IF removed > 0 THEN
    PERFORM audit.append(json_build_array(json_build_object('at', clock_timestamp(), 'actor', by, 'action', 'audit.prune', 'status', 200,
      'why', ('{"rule":' || to_json(rule) || ',"begins":[' || (
        SELECT string_agg('{"chain":' || c.id || ',"first":' || c.first || ',"base":"' || encode(c.base, 'hex') || '"}', ',' ORDER BY c.id)
          FROM audit.chain c
      ) || ']}')::json)));
  END IF;
  RETURN removed;
END
$$;

REVOKE ALL ON FUNCTION audit.append(json), audit.prune(timestamptz, json, text, integer) FROM PUBLIC;

-- Units of work with the rows of their audit trail, which come last: a chain is then held no longer than the commit takes.
CREATE FUNCTION commit_audited(work json, held boolean, living text[], trail json)
RETURNS TABLE (patient text, version bigint) LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY SELECT * FROM commit_units(work, held, living);
  IF trail IS NOT NULL THEN
    PERFORM audit.append(trail);
  END IF;
END
$$;

-- What was on record before.
DO $$
DECLARE
  done bigint := 0;
  upto bigint;
  rows json;
BEGIN
  LOOP
    SELECT max(a.id), json_agg(a ORDER BY a.id) INTO upto, rows FROM (
      SELECT b.* FROM public.audit b WHERE b.id > done ORDER BY b.id LIMIT 1000
    ) AS a;
    EXIT WHEN upto IS NULL;
    PERFORM audit.append(rows);
    done := upto;
  END LOOP;
END
$$;
DROP TABLE public.audit;

-- Charts that were merged into others, and into which. The row goes when the merge is undone.
CREATE TABLE patient_merge (
  source         text PRIMARY KEY,
  target         text NOT NULL,
  at             timestamptz NOT NULL,
  -- { type, id, display? } as events name who did something.
  by             json NOT NULL,
  reason         text,
  -- Versions that the merge left both charts at. Nothing was written into them since, while they are the same.
  source_version bigint NOT NULL,
  target_version bigint NOT NULL,
  -- Records of neither chart that referred to the source: [{"type", "id", "version"}], as the merge left them.
  elsewhere      json NOT NULL
);
CREATE INDEX patient_merge_target ON patient_merge (target);

-- The chart in which what was written about a patient is now.
CREATE FUNCTION merged_into(patient text) RETURNS text LANGUAGE sql STABLE
BEGIN ATOMIC
  WITH RECURSIVE step AS (
    SELECT m.target, 1 AS place FROM patient_merge m WHERE m.source = merged_into.patient
    UNION ALL
    SELECT m.target, step.place + 1 FROM step JOIN patient_merge m ON m.source = step.target WHERE step.place < 100
  ) SELECT step.target FROM step ORDER BY step.place DESC LIMIT 1;
END;

-- As before, and nothing is written into a chart that was merged into another one.
CREATE OR REPLACE FUNCTION commit_units(work json, held boolean, living text[]) RETURNS TABLE (patient text, version bigint)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  one text;
BEGIN
  IF held THEN
    RETURN QUERY SELECT * FROM commit_held(work);
  ELSE
    RETURN QUERY SELECT * FROM commit_work(work);
  END IF;
  -- Last: the work itself may have deleted a patient, or brought one back. One at a time, so that each is found by its key.
  FOREACH one IN ARRAY living LOOP
    IF EXISTS (SELECT 1 FROM record r WHERE r.type = 'Patient' AND r.id = one AND r.deleted) THEN
      RAISE EXCEPTION 'patient deleted' USING ERRCODE = 'CW003', DETAIL = one;
    END IF;
    IF EXISTS (SELECT 1 FROM patient_merge m WHERE m.source = one) THEN
      RAISE EXCEPTION 'chart merged' USING ERRCODE = 'CW005', DETAIL = one || '/' || merged_into(one);
    END IF;
  END LOOP;
END
$$;

-- Merges a chart into another one, or undoes that: `merge` is a MergeWrite of store/merges.ts, `work` moves the records.
CREATE FUNCTION commit_merge(work json, held boolean, living text[], trail json, merge json)
RETURNS TABLE (patient text, version bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  given  record;
  broken text;
BEGIN
  SELECT * INTO given FROM json_to_record(merge) AS m(undo boolean, source text, target text, at timestamptz, "by" json,
    reason text, "sourceVersion" bigint, "targetVersion" bigint, elsewhere json);
  -- Both charts first: no record comes to either of them after it was read.
  PERFORM pg_advisory_xact_lock(k) FROM
    (SELECT DISTINCT value::int8 AS k FROM json_array_elements_text(work->'locks') ORDER BY 1) AS keys;
  SELECT e.patient INTO broken
    FROM (VALUES (given.source, given."sourceVersion"), (given.target, given."targetVersion")) AS e(patient, version)
    LEFT JOIN chart c ON c.patient = e.patient WHERE c.version IS DISTINCT FROM e.version LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'version conflict' USING ERRCODE = 'CW001', DETAIL = 'Patient/' || broken;
  END IF;
  IF given.undo THEN
    DELETE FROM patient_merge m WHERE m.source = given.source;
  END IF;
  RETURN QUERY SELECT * FROM commit_audited(work, held, living, trail);
  IF NOT given.undo THEN
    INSERT INTO patient_merge (source, target, at, by, reason, source_version, target_version, elsewhere)
      SELECT given.source, given.target, given.at, given."by", given.reason, s.version, t.version, given.elsewhere
      FROM chart s, chart t WHERE s.patient = given.source AND t.patient = given.target;
  END IF;
END
$$;

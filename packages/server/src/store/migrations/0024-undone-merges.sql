-- Merges that were undone: between the two versions of each chart that they changed lie the merge and its undoing, nothing
-- else. So an earlier merge can still be undone, and who saw what was in the other chart meanwhile is found.
CREATE TABLE undone_merge (
  chart          text NOT NULL,
  version_before bigint NOT NULL,
  version_after  bigint NOT NULL,
  source         text NOT NULL,
  target         text NOT NULL,
  merged_at      timestamptz NOT NULL,
  undone_at      timestamptz NOT NULL,
  PRIMARY KEY (chart, version_before)
);
CREATE INDEX undone_merge_source ON undone_merge (source);

-- As before, and what was undone is kept: `spans` are the charts of an undoing, [{"chart", "before", "now"}].
CREATE OR REPLACE FUNCTION commit_merge(work json, held boolean, living text[], trail json, merge json)
RETURNS TABLE (patient text, version bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  given     record;
  broken    text;
  merged_at timestamptz;
BEGIN
  SELECT * INTO given FROM json_to_record(merge) AS m(undo boolean, source text, target text, at timestamptz, "by" json,
    reason text, "sourceVersion" bigint, "targetVersion" bigint, elsewhere json, spans json);
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
    DELETE FROM patient_merge m WHERE m.source = given.source RETURNING m.at INTO merged_at;
  END IF;
  RETURN QUERY SELECT * FROM commit_audited(work, held, living, trail);
  IF given.undo THEN
    -- A third chart that was written since it was read has no such span.
    INSERT INTO undone_merge (chart, version_before, version_after, source, target, merged_at, undone_at)
      SELECT s.chart, s.before, c.version, given.source, given.target, merged_at, given.at
      FROM json_to_recordset(given.spans) AS s(chart text, before bigint, now bigint)
      JOIN chart c ON c.patient = s.chart AND c.version = s.now + 1;
  ELSE
    INSERT INTO patient_merge (source, target, at, by, reason, source_version, target_version, elsewhere)
      SELECT given.source, given.target, given.at, given."by", given.reason, s.version, t.version, given.elsewhere
      FROM chart s, chart t WHERE s.patient = given.source AND t.patient = given.target;
  END IF;
END
$$;

-- What was undone before, as the log tells it.
WITH undone AS (
  SELECT m.at AS merged_at, u.at AS undone_at, u.detail->>'source' AS source, u.patient AS target
  FROM event u CROSS JOIN LATERAL (
    SELECT m.at FROM event m WHERE m.patient = u.patient AND m.type = 'PATIENT_MERGED'
      AND m.detail->>'source' = u.detail->>'source' AND m.chart_version < u.chart_version
      ORDER BY m.chart_version DESC LIMIT 1
  ) AS m WHERE u.type = 'PATIENT_UNMERGED'
)
INSERT INTO undone_merge (chart, version_before, version_after, source, target, merged_at, undone_at)
  SELECT c.id, b.chart_version - 1, a.chart_version, u.source, u.target, u.merged_at, u.undone_at
  FROM undone u CROSS JOIN LATERAL (VALUES (u.source), (u.target)) AS c(id)
    JOIN record_version b ON b.type = 'Patient' AND b.id = c.id AND b.at = u.merged_at
    JOIN record_version a ON a.type = 'Patient' AND a.id = c.id AND a.at = u.undone_at
  ON CONFLICT DO NOTHING;

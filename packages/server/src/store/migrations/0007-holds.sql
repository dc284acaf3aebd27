-- A unit of work may rest on records that it leaves as they are: a command may be written only while its note is open.
-- Such records must be, when it is written, at the version that was read.
CREATE FUNCTION commit_held(work json) RETURNS TABLE (patient text, version bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  broken record;
BEGIN
  -- The charts first: what is held is in them, and so cannot change any more once it was looked at.
  PERFORM pg_advisory_xact_lock(k) FROM
    (SELECT DISTINCT value::int8 AS k FROM json_array_elements_text(work->'locks') ORDER BY 1) AS keys;
  SELECT h.type, h.id INTO broken
    FROM json_to_recordset(work->'holds') AS h(type text, id text, version integer)
    LEFT JOIN record c ON c.type = h.type AND c.id = h.id
    WHERE c.version IS DISTINCT FROM h.version LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'version conflict' USING ERRCODE = 'CW001', DETAIL = broken.type || '/' || broken.id;
  END IF;
  RETURN QUERY SELECT * FROM commit_work(work);
END
$$;

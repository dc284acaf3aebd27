-- Nothing is written into the chart of a patient who was deleted: what comes to a chart's lock after the deletion is
-- refused there, on whichever node it was made. `living`: the patients of whom the work leaves records that are not deleted.
CREATE FUNCTION commit_units(work json, held boolean, living text[]) RETURNS TABLE (patient text, version bigint) LANGUAGE plpgsql AS $$
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
  END LOOP;
END
$$;

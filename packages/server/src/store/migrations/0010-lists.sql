-- What lists are in the order of (chart/list-index.ts): a task by the day it is due, among those of its status; a message
-- by its time, of all and of its patient's, and whether the practice has it still to read.
INSERT INTO search_string (type, id, param, value, exact)
  SELECT 'Task', t.id, '_due-' || t.status, t.due, t.due FROM (
    SELECT r.id, v.content->>'status' AS status, coalesce(v.content->'restriction'->'period'->>'end', '~') AS due
    FROM record r JOIN record_version v USING (type, id, version) WHERE r.type = 'Task' AND NOT r.deleted
  ) t;
WITH message AS (
  SELECT r.id, r.patient,
    to_char(coalesce((SELECT d.low FROM search_date d WHERE d.type = r.type AND d.id = r.id AND d.param = 'sent'), r.updated_at)
      AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at,
    ('sender=Patient/' || r.patient = ANY(r.tokens) OR EXISTS (SELECT FROM unnest(r.tokens) AS t WHERE starts_with(t, 'sender=RelatedPerson/')))
      AND NOT EXISTS (SELECT FROM search_date d WHERE d.type = r.type AND d.id = r.id AND d.param = 'received') AS unread
  FROM record r
  WHERE r.type = 'Communication' AND NOT r.deleted AND r.patient IS NOT NULL AND NOT r.tokens && '{status=|entered-in-error}'
)
INSERT INTO search_string (type, id, param, value, exact)
  SELECT 'Communication', m.id, w.param, w.value, w.value FROM message m, LATERAL (
    VALUES ('_said', m.at || ' ' || m.patient), ('_thread', m.patient || ' ' || m.at), ('_unread', CASE WHEN m.unread THEN m.patient END)
  ) AS w(param, value) WHERE w.value IS NOT NULL;

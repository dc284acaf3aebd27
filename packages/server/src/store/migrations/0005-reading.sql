-- What pages read: a note by the day it was begun, as records are found by their dates.
INSERT INTO search_date (type, id, param, low, high)
  SELECT r.type, r.id, 'date', (v.content->>'createdAt')::timestamptz, (v.content->>'createdAt')::timestamptz + interval '1 millisecond'
  FROM record r JOIN record_version v USING (type, id, version)
  WHERE r.type = 'Note' AND NOT r.deleted;

-- What patients are found by as people type it (chart/patient-index.ts): each word of a name, each identifier, the
-- digits of a telephone number from both ends.
WITH identifier AS (
  SELECT r.id, translate(lower(substr(t, 13)), '''’', '') AS value
    FROM record r, unnest(r.tokens) AS t WHERE r.type = 'Patient' AND starts_with(t, 'identifier=|')
), tail AS (
  SELECT id, (regexp_match(value, '[^\s.,()/-]*$'))[1] AS value FROM identifier
)
INSERT INTO search_string (type, id, param, value, exact)
  SELECT DISTINCT 'Patient', w.id, '_word', w.word, w.word FROM (
    SELECT s.id, regexp_split_to_table(translate(s.value, '''’', ''), '[\s.,()/-]+') AS word
      FROM search_string s WHERE s.type = 'Patient' AND s.param = 'name'
    UNION ALL SELECT id, regexp_replace(value, '[\s.,()/-]+', '', 'g') FROM identifier
    UNION ALL SELECT id, value FROM tail WHERE value ~ '[0-9]'
    UNION ALL SELECT id, ltrim(value, '0') FROM tail WHERE value ~ '[0-9]'
  ) w WHERE w.word <> '';
INSERT INTO search_string (type, id, param, value, exact)
  SELECT DISTINCT 'Patient', p.id, d.param, d.digits, d.digits FROM (
    SELECT r.id, right(regexp_replace(substr(t, 8), '\D', '', 'g'), 10) AS digits
      FROM record r, unnest(r.tokens) AS t WHERE r.type = 'Patient' AND starts_with(t, 'phone=|')
  ) p, LATERAL (VALUES ('_phone', p.digits), ('_phone-end', reverse(p.digits))) AS d(param, digits) WHERE p.digits <> '';

-- Names are found by the beginning of any of their words, telephone numbers by their digits (r4/search-values.ts), and patients
-- by the numbers that take their messages too (chart/patient-index.ts).
INSERT INTO search_string (type, id, param, value, exact)
  SELECT DISTINCT s.type, s.id, s.param || ':word', w.value, w.value
    FROM search_string s,
      LATERAL (
        SELECT array_remove(regexp_split_to_array(translate(s.value, '''', ''), '[\s.,()/-]+'), '') AS words
      ) a,
      LATERAL (SELECT array_to_string(a.words[i:16], ' ') AS value FROM generate_series(1, least(cardinality(a.words), 16)) i) w
    WHERE s.param IN ('name', 'family', 'given', 'phonetic') AND w.value <> s.value;
WITH number AS (
  SELECT r.type, r.id, n.parts[1] AS param, n.parts[2] AS system, right(regexp_replace(n.parts[3], '\D', '', 'g'), 10) AS digits
    FROM record r, unnest(r.tokens) AS t, LATERAL (SELECT regexp_match(t, '^(phone|telecom)=(phone|sms|fax|pager)\|(.*)$') AS parts) n
    WHERE r.type IN ('OrganizationAffiliation', 'Patient', 'Person', 'Practitioner', 'PractitionerRole', 'RelatedPerson')
      AND NOT r.deleted AND n.parts IS NOT NULL
), found AS (
  SELECT n.type, n.id, array_agg(DISTINCT v.token) AS tokens
    FROM number n, LATERAL (VALUES
      (n.param || ':digits=|' || n.digits), (n.param || ':digits=' || n.system || '|' || n.digits)) AS v(token)
    WHERE n.digits <> '' GROUP BY n.type, n.id
), messages AS (
  INSERT INTO search_string (type, id, param, value, exact)
    SELECT DISTINCT n.type, n.id, d.param, d.digits, d.digits
      FROM number n, LATERAL (VALUES ('_phone', n.digits), ('_phone-end', reverse(n.digits))) AS d(param, digits)
      WHERE n.type = 'Patient' AND n.param = 'telecom' AND n.system = 'sms' AND n.digits <> ''
)
UPDATE record r SET tokens = r.tokens || f.tokens FROM found f WHERE r.type = f.type AND r.id = f.id;

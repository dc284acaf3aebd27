-- A telephone number is found by its digits without the extension behind it, `ext. 12` or `x12` (r4/search-text.ts).
WITH number AS (
  SELECT r.type, r.id, n.parts[1] AS param, n.parts[2] AS system,
      right(regexp_replace(n.parts[3], '\D', '', 'g'), 10) AS before,
      right(regexp_replace(regexp_replace(n.parts[3], '\s*[;,]?\s*(ext(ension|n)?|x|#)\s*[.:=#]?\s*\d{1,7}\s*$', '', 'i'), '\D', '', 'g'), 10) AS digits
    FROM record r, unnest(r.tokens) AS t, LATERAL (SELECT regexp_match(t, '^(phone|telecom)=(phone|sms|fax|pager)\|(.*)$') AS parts) n
    WHERE r.type IN ('OrganizationAffiliation', 'Patient', 'Person', 'Practitioner', 'PractitionerRole', 'RelatedPerson')
      AND NOT r.deleted AND n.parts[3] ~* '(ext(ension|n)?|x|#)\s*[.:=#]?\s*\d{1,7}\s*$'
), found AS (
  SELECT n.type, n.id, array_agg(DISTINCT v.before) AS before, array_agg(DISTINCT v.token) FILTER (WHERE n.digits <> '') AS tokens
    FROM number n, LATERAL (VALUES
      (n.param || ':digits=|' || n.before, n.param || ':digits=|' || n.digits),
      (n.param || ':digits=' || n.system || '|' || n.before, n.param || ':digits=' || n.system || '|' || n.digits)) AS v(before, token)
    GROUP BY n.type, n.id
), patients AS (
  SELECT DISTINCT n.type, n.id, d.param, d.before, d.digits
    FROM number n, LATERAL (VALUES
      ('_phone', n.before, n.digits), ('_phone-end', reverse(n.before), reverse(n.digits))) AS d(param, before, digits)
    WHERE n.type = 'Patient' AND n.before <> n.digits AND (n.param = 'phone' OR n.system = 'sms')
), gone AS (
  DELETE FROM search_string s USING patients p
    WHERE s.type = p.type AND s.id = p.id AND s.param = p.param AND s.value = p.before
), come AS (
  INSERT INTO search_string (type, id, param, value, exact)
    SELECT DISTINCT p.type, p.id, p.param, p.digits, p.digits FROM patients p
      WHERE p.digits <> '' AND NOT EXISTS (
        SELECT FROM search_string s WHERE s.type = p.type AND s.id = p.id AND s.param = p.param AND s.value = p.digits)
)
UPDATE record r SET tokens = ARRAY(
    SELECT t FROM unnest(r.tokens) AS t WHERE t <> ALL (f.before)
    UNION SELECT t FROM unnest(f.tokens) AS t)
  FROM found f WHERE r.type = f.type AND r.id = f.id;

-- Records are found by the patients whom they name anywhere, besides the one whose chart they are in: also in extensions, in
-- contained resources and in fields of commands, which no search parameter leads to (chart/patients-named.ts).
UPDATE record r SET tokens = r.tokens || named.tokens FROM (
  SELECT r.type, r.id, array_agg(DISTINCT '_patient=Patient/' || m[1]) AS tokens
  FROM record r JOIN record_version v USING (type, id, version)
    CROSS JOIN LATERAL regexp_matches(v.content::text, '"Patient/([A-Za-z0-9.-]{1,64})(?:/_history/[^"]*)?"', 'g') AS m
  WHERE NOT r.deleted AND m[1] IS DISTINCT FROM r.patient GROUP BY r.type, r.id
) AS named WHERE r.type = named.type AND r.id = named.id;

-- Patients are found by their e-mail addresses (chart/patient-index.ts), and texts by their special letters and without
-- them (r4/search-text.ts).
INSERT INTO search_string (type, id, param, value, exact)
  SELECT DISTINCT 'Patient', w.id, '_word', w.word, w.word FROM (
    SELECT r.id, regexp_replace(normalize(lower(translate(substr(t, 8), '''’', '')), NFD), '[\u0300-\u036f]', '', 'g') AS email
      FROM record r, unnest(r.tokens) AS t WHERE r.type = 'Patient' AND NOT r.deleted AND starts_with(t, 'email=|')
  ) e, LATERAL (
    SELECT e.id, regexp_replace(e.email, '[\s.,()/-]+', '', 'g') AS word
    UNION SELECT e.id, regexp_split_to_table(e.email, '[\s.,()/-]+')
  ) w WHERE w.word <> '';
UPDATE search_string SET value = replace(replace(replace(replace(
    translate(value, 'ðđħıłŋøŧ‘’ʼ', 'ddhilnot'''''''), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th')
  WHERE value ~ '[ðđħıłŋøŧ‘’ʼßæœþ]' AND param !~ '^_(due|said|thread|unread)';

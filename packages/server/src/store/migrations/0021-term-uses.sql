-- How often a code was picked, counted by code alone: nothing counted or asked by field.
DELETE FROM term_use WHERE field <> '';
ALTER TABLE term_use DROP CONSTRAINT term_use_pkey, DROP COLUMN field, ADD PRIMARY KEY (system, code);

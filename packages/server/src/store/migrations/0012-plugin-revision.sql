-- Every node follows the table of plugins. Whatever changes there, or among the variables, raises one number in its own
-- transaction; a plugin has the number of its last change. Before any row is locked, so that changes come one after another.
CREATE TABLE plugin_revision (single boolean PRIMARY KEY DEFAULT true CHECK (single), revision bigint NOT NULL);
INSERT INTO plugin_revision (revision) VALUES (1);
CREATE FUNCTION raise_plugin_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE plugin_revision SET revision = revision + 1;
  RETURN NULL;
END
$$;
CREATE FUNCTION take_plugin_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT revision INTO NEW.revision FROM plugin_revision;
  RETURN NEW;
END
$$;
-- Whether it loads is for each node to find out and to say.
ALTER TABLE plugin ADD COLUMN revision bigint NOT NULL DEFAULT 1, DROP COLUMN state, DROP COLUMN reason;
CREATE TRIGGER raise BEFORE INSERT OR UPDATE OR DELETE ON plugin
  FOR EACH STATEMENT EXECUTE FUNCTION raise_plugin_revision();
CREATE TRIGGER raise BEFORE INSERT OR UPDATE OR DELETE ON plugin_variable
  FOR EACH STATEMENT EXECUTE FUNCTION raise_plugin_revision();
CREATE TRIGGER take BEFORE INSERT OR UPDATE ON plugin
  FOR EACH ROW EXECUTE FUNCTION take_plugin_revision();

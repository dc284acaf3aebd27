-- Lets a role that nobody can sign in as own the audit trail. The bundled PostgreSQL runs this by itself. On a server of your own, run it
-- once as a superuser, in Chartwire's database, and start Chartwire again:
--   psql -U postgres -d chartwire -f protect.sql
-- In single-user mode a statement ends with a semicolon and an empty line, so there's none inside of one.

DO $$ BEGIN CREATE ROLE chartwire_audit NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;

-- Called by Chartwire when it has made the schema. After that its role may read and append, and nothing else.
CREATE OR REPLACE FUNCTION public.protect_audit_trail() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  statement text;
BEGIN
  IF (SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'audit') IS DISTINCT FROM session_user THEN
    RAISE EXCEPTION 'only the owner of the schema audit may give it away';
  END IF;
  FOR statement IN
    SELECT format('ALTER TABLE %s OWNER TO chartwire_audit', oid::regclass) FROM pg_class
      WHERE relnamespace = 'audit'::regnamespace AND relkind = 'r'
    UNION ALL
    SELECT format('ALTER FUNCTION %s OWNER TO chartwire_audit', oid::regprocedure) FROM pg_proc
      WHERE pronamespace = 'audit'::regnamespace
    UNION ALL
    SELECT 'ALTER SCHEMA audit OWNER TO chartwire_audit'
    UNION ALL
    SELECT format('GRANT USAGE ON SCHEMA audit TO %I', session_user)
    UNION ALL
    SELECT format('GRANT SELECT ON ALL TABLES IN SCHEMA audit TO %I', session_user)
    UNION ALL
    SELECT format('GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA audit TO %I', session_user)
  LOOP
    EXECUTE statement;
  END LOOP;
END
$$;

-- The minute that the clock dealt with last, so that minutes which pass while no server runs are noticed.
CREATE TABLE clock (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  minute timestamptz
);
INSERT INTO clock DEFAULT VALUES;
-- Since when a plugin is enabled: it misses the runs of its schedules that are due while it is disabled.
ALTER TABLE plugin ADD COLUMN enabled_at timestamptz NOT NULL DEFAULT now();
UPDATE plugin SET enabled_at = installed_at;

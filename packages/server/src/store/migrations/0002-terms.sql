-- Code systems: their editions, their terms, and how often this site picks each.

-- The editions that are here. `current` is the one that searches see; another is one that is being imported, or is left of
-- an import that did not come to its end. One update of `current` replaces an edition: nobody sees half of one.
CREATE TABLE term_edition (
  id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  system      text NOT NULL,
  edition     text NOT NULL,
  -- 'starter': came with Chartwire. 'import': a file that the site brought.
  origin      text NOT NULL,
  -- SHA-256 of the starter table; null for an import.
  digest      text,
  current     boolean NOT NULL DEFAULT false,
  rows        integer NOT NULL DEFAULT 0,
  imported_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX term_edition_current ON term_edition (system) WHERE current;

-- What an edition says, and nothing of how it is ranked: that is src/terms/rank.ts, over an index in memory.
CREATE TABLE term (
  edition integer NOT NULL,
  code    text COLLATE "C" NOT NULL,
  display text NOT NULL,
  flags   text[] NOT NULL,
  -- Other words it is found by.
  also    text,
  -- Its place among the common ones, from 1.
  common  smallint,
  PRIMARY KEY (edition, code)
);

-- How often a code was picked: in a field (`diagnose.diagnose`), and in all of them (field '').
CREATE TABLE term_use (
  system text NOT NULL,
  field  text NOT NULL,
  code   text NOT NULL,
  uses   integer NOT NULL,
  PRIMARY KEY (system, field, code)
) WITH (fillfactor = 70);

-- The checks that come with Chartwire and that somebody switched off, by name, with who did and why. Without a row a check is on.
CREATE TABLE check_switched_off (
  name   text PRIMARY KEY,
  reason text NOT NULL,
  -- { type, id, display? } as events name who did something.
  by     jsonb NOT NULL,
  at     timestamptz NOT NULL DEFAULT now()
);

-- A handler is not given the events of its own effects, unless it asks for them.
ALTER TABLE subscription ADD COLUMN hears_own boolean NOT NULL DEFAULT false;

-- What a handler caused when it came again in a chain, by the event in which the chain began.
CREATE INDEX event_turn ON event ((cause->>'root')) WHERE cause->>'turn' IS NOT NULL;

-- Handlers that are given nothing more of what began in an event, since they took part in a loop: `letter` is the dead letter
-- that names it, as /api/deliveries does.
CREATE TABLE stopped_loop (
  root         text NOT NULL,
  subscription text NOT NULL,
  letter       text NOT NULL,
  at           timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (root, subscription)
);
CREATE INDEX stopped_loop_letter ON stopped_loop (letter);

-- What was skipped with it.
CREATE INDEX retry_letter ON retry ((error->>'letter')) WHERE error->>'letter' IS NOT NULL;

-- Who signs in, and what is known of them. Of secrets only hashes.

CREATE TABLE user_account (
  id              uuid PRIMARY KEY,
  -- In lower case.
  login           text NOT NULL UNIQUE,
  name            text NOT NULL,
  roles           text[] NOT NULL,
  -- FHIR id of the Practitioner that this person is.
  practitioner    text,
  active          boolean NOT NULL DEFAULT true,
  -- A PHC string; null until a first password is chosen.
  password        text,
  -- Who this is at the identity provider: issuer and subject. Null until signed in from there.
  issuer          text,
  subject         text,
  created_at      timestamptz NOT NULL DEFAULT now(),
  last_sign_in_at timestamptz,
  UNIQUE (issuer, subject)
);

-- What a cookie stands for; `hash` is the SHA-256 of it.
CREATE TABLE session (
  hash         bytea PRIMARY KEY,
  user_account uuid NOT NULL REFERENCES user_account ON DELETE CASCADE,
  created_at   timestamptz NOT NULL DEFAULT now(),
  seen_at      timestamptz NOT NULL DEFAULT now(),
  expires_at   timestamptz NOT NULL
);
CREATE INDEX session_account ON session (user_account);

-- Invitations and resets: one a user, good once.
CREATE TABLE sign_in_link (
  user_account uuid PRIMARY KEY REFERENCES user_account ON DELETE CASCADE,
  hash         bytea NOT NULL UNIQUE,
  expires_at   timestamptz NOT NULL
);

-- Failed attempts by login, whether there is such a user or not.
CREATE TABLE sign_in_failure (
  login    text PRIMARY KEY,
  failures integer NOT NULL,
  last_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sign_in_failure_age ON sign_in_failure (last_at);

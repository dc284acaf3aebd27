-- Links to an identity provider can be seen and undone; failed sign-ins are counted by account and place, not by account
-- alone; the browsers that somebody has signed in with before are known.

ALTER TABLE user_account
  -- When and with which address the link to the identity provider was made; null for links older than this.
  ADD COLUMN linked_at       timestamptz,
  ADD COLUMN linked_address  text,
  -- Whether a verified address may make the link. Off once a link was removed, so that it doesn't come back by itself.
  ADD COLUMN link_by_address boolean NOT NULL DEFAULT true;

-- Cookies have another name and shape: everybody signs in again.
DELETE FROM session;

-- The browsers that a user has signed in with; `hash` is the SHA-256 of the browser's cookie.
CREATE TABLE known_browser (
  hash         bytea NOT NULL,
  user_account uuid NOT NULL REFERENCES user_account ON DELETE CASCADE,
  -- Wrong passwords in a row; too many, and the browser is like any other.
  failures     integer NOT NULL DEFAULT 0,
  seen_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (hash, user_account)
);
CREATE INDEX known_browser_account ON known_browser (user_account);
CREATE INDEX known_browser_age ON known_browser (seen_at);

DROP TABLE sign_in_failure;
-- Failed attempts, whether there is such an account or not. `account` is a SHA-256: what was typed may be a password.
CREATE TABLE sign_in_attempt (
  account  bytea NOT NULL,
  -- A network, or 'anywhere'.
  place    text NOT NULL,
  failures integer NOT NULL,
  last_at  timestamptz NOT NULL DEFAULT now(),
  -- Attempts before this are refused unseen.
  next_at  timestamptz NOT NULL,
  PRIMARY KEY (account, place)
);
CREATE INDEX sign_in_attempt_age ON sign_in_attempt (last_at);

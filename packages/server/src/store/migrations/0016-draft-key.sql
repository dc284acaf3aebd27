-- Encrypts what a user typed and couldn't send, which stays in their browser: only whoever is signed in as them gets it.
-- 32 bytes, of which 244 bits are random; each user has their own, because the default is volatile.
ALTER TABLE user_account ADD COLUMN draft_key bytea NOT NULL
  DEFAULT uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());

-- +goose Up
-- People. What trust.md CON-02 names is sealed; the phone can be found by its
-- keyed hash. left_on is the day on which somebody stopped working with the
-- committee, '' while he does.
CREATE TABLE person (
  id             TEXT PRIMARY KEY,
  committee_id   TEXT NOT NULL,
  name           TEXT NOT NULL,
  pinyin         TEXT NOT NULL DEFAULT '',
  initials       TEXT NOT NULL DEFAULT '',
  phone_sealed   TEXT NOT NULL DEFAULT '',
  phone_lookup   TEXT NOT NULL DEFAULT '',
  mail_sealed    TEXT NOT NULL DEFAULT '',
  address_sealed TEXT NOT NULL DEFAULT '',
  lang           TEXT NOT NULL DEFAULT '',
  elder          BOOLEAN NOT NULL DEFAULT FALSE,
  left_on        TEXT NOT NULL DEFAULT '',
  created_at     BIGINT NOT NULL,
  version        BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX person_name ON person (committee_id, pinyin, id);
CREATE UNIQUE INDEX person_phone ON person (committee_id, phone_lookup) WHERE phone_lookup <> '';
CREATE INDEX person_phone_lookup ON person (phone_lookup) WHERE phone_lookup <> '';

-- How somebody signs in. login is folded in case and width (AUTH-02). The
-- password is '' until the person took the account over with a one-time code.
-- state is active or suspended.
CREATE TABLE account (
  person_id    TEXT PRIMARY KEY REFERENCES person (id),
  committee_id TEXT NOT NULL,
  login        TEXT NOT NULL UNIQUE,
  password     TEXT NOT NULL DEFAULT '',
  password_at  BIGINT,
  state        TEXT NOT NULL DEFAULT 'active',
  signed_in_at BIGINT
);
CREATE INDEX account_committee ON account (committee_id, login);

-- Hashes of earlier passwords, which may not be used again (AUTH-03).
CREATE TABLE password_past (
  id        TEXT PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES person (id),
  password  TEXT NOT NULL
);
CREATE INDEX password_past_person ON password_past (person_id, id);

-- Tries to sign in, by a keyed hash of the account or of the login that no
-- account has: both are counted and locked in the same way (AUTH-05). Instants
-- are 0 for none.
CREATE TABLE sign_in_try (
  who          TEXT PRIMARY KEY,
  tries        BIGINT NOT NULL,
  since        BIGINT NOT NULL,
  locked_until BIGINT NOT NULL
);
CREATE INDEX sign_in_try_since ON sign_in_try (since);

-- One-time codes: the bootstrap code (purpose bootstrap, no person), and codes
-- by which people take over the account made for them (purpose claim).
CREATE TABLE one_time_code (
  code_hash    TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  purpose      TEXT NOT NULL,
  person_id    TEXT NOT NULL DEFAULT '',
  made_at      BIGINT NOT NULL,
  ends_at      BIGINT NOT NULL,
  used_at      BIGINT
);
CREATE INDEX one_time_code_person ON one_time_code (person_id, purpose);

-- Sessions of browsers and tokens of programs, by the hash of their secret.
CREATE TABLE session (
  token_hash   TEXT PRIMARY KEY,
  id           TEXT NOT NULL UNIQUE,
  committee_id TEXT NOT NULL,
  person_id    TEXT NOT NULL REFERENCES person (id),
  post_id      TEXT NOT NULL DEFAULT '',
  kind         TEXT NOT NULL,
  label        TEXT NOT NULL DEFAULT '',
  address      TEXT NOT NULL DEFAULT '',
  made_at      BIGINT NOT NULL,
  seen_at      BIGINT NOT NULL,
  ends_at      BIGINT NOT NULL,
  ended_at     BIGINT
);
CREATE INDEX session_person ON session (person_id, made_at);

-- +goose Up
-- People. What trust.md CON-02 names is sealed; the phone can be found by its
-- keyed hash.
CREATE TABLE person (
  id             TEXT PRIMARY KEY,
  committee_id   TEXT NOT NULL,
  name           TEXT NOT NULL,
  pinyin         TEXT NOT NULL DEFAULT '',
  phone_sealed   TEXT NOT NULL DEFAULT '',
  phone_lookup   TEXT NOT NULL DEFAULT '',
  mail_sealed    TEXT NOT NULL DEFAULT '',
  address_sealed TEXT NOT NULL DEFAULT '',
  lang           TEXT NOT NULL DEFAULT '',
  elder          BOOLEAN NOT NULL DEFAULT FALSE,
  created_at     BIGINT NOT NULL,
  version        BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX person_name ON person (committee_id, pinyin, id);
CREATE UNIQUE INDEX person_phone ON person (committee_id, phone_lookup) WHERE phone_lookup <> '';

-- How somebody signs in. login is folded in case and width (AUTH-02).
CREATE TABLE account (
  person_id    TEXT PRIMARY KEY REFERENCES person (id),
  committee_id TEXT NOT NULL,
  login        TEXT NOT NULL UNIQUE,
  password     TEXT NOT NULL DEFAULT '',
  password_at  BIGINT,
  state        TEXT NOT NULL DEFAULT 'active',
  failures     BIGINT NOT NULL DEFAULT 0,
  failed_from  BIGINT,
  locked_until BIGINT,
  signed_in_at BIGINT
);

-- One-time codes: the bootstrap code (purpose bootstrap, no person), and codes
-- by which people take over the account made for them.
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

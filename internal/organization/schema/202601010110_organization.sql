-- +goose Up
CREATE TABLE committee (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  short_name TEXT NOT NULL,
  level      TEXT NOT NULL DEFAULT 'city',
  parent_id  TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  version    BIGINT NOT NULL DEFAULT 1
);

-- 届
CREATE TABLE term (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  number       BIGINT NOT NULL,
  starts_on    TEXT NOT NULL,
  ends_on      TEXT NOT NULL DEFAULT '',
  version      BIGINT NOT NULL DEFAULT 1,
  UNIQUE (committee_id, number)
);

-- 次: one yearly plenary and the year that follows it. Proposals from
-- collect_from until cutoff_at are of the session (大会), others are 平时.
CREATE TABLE term_session (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  term_id      TEXT NOT NULL REFERENCES term (id),
  number       BIGINT NOT NULL,
  title        TEXT NOT NULL,
  collect_from BIGINT NOT NULL,
  opens_on     TEXT NOT NULL,
  closes_on    TEXT NOT NULL,
  cutoff_at    BIGINT NOT NULL,
  version      BIGINT NOT NULL DEFAULT 1,
  UNIQUE (term_id, number)
);
CREATE INDEX term_session_time ON term_session (committee_id, collect_from);

-- Everything that people belong to or act for: kind is committee, sector (界别),
-- party (民主党派), peoples_organization (人民团体), special_committee (专委会),
-- group (小组), unit (承办单位), supervision_party, supervision_government (督查室).
CREATE TABLE body (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  kind         TEXT NOT NULL,
  name         TEXT NOT NULL,
  short_name   TEXT NOT NULL DEFAULT '',
  channel      TEXT NOT NULL DEFAULT '',
  sort         BIGINT NOT NULL DEFAULT 0,
  valid_from   TEXT NOT NULL,
  valid_to     TEXT,
  version      BIGINT NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX body_name ON body (committee_id, kind, name) WHERE valid_to IS NULL;
CREATE INDEX body_list ON body (committee_id, kind, sort, id);

-- Who serves where, in which post, from when to when. committee_id first.
CREATE TABLE post (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  person_id    TEXT NOT NULL,
  body_id      TEXT NOT NULL REFERENCES body (id),
  kind         TEXT NOT NULL,
  title        TEXT NOT NULL DEFAULT '',
  valid_from   TEXT NOT NULL,
  valid_to     TEXT,
  version      BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX post_person ON post (person_id, valid_from);
CREATE INDEX post_body ON post (committee_id, body_id, kind);
CREATE INDEX post_kind ON post (committee_id, kind, person_id);
-- The three administrators exclude each other (trust.md ACC-01).
CREATE UNIQUE INDEX post_one_administrator ON post (person_id)
  WHERE kind IN ('system_admin', 'security_admin', 'auditor') AND valid_to IS NULL;
CREATE UNIQUE INDEX post_once ON post (person_id, body_id, kind) WHERE valid_to IS NULL;

-- Membership of the committee in a term: sector, party, special committee, group.
CREATE TABLE membership (
  id                   TEXT PRIMARY KEY,
  committee_id         TEXT NOT NULL,
  person_id            TEXT NOT NULL,
  term_id              TEXT NOT NULL REFERENCES term (id),
  sector_id            TEXT NOT NULL DEFAULT '',
  party_id             TEXT NOT NULL DEFAULT '',
  special_committee_id TEXT NOT NULL DEFAULT '',
  group_id             TEXT NOT NULL DEFAULT '',
  workplace            TEXT NOT NULL DEFAULT '',
  standing             BOOLEAN NOT NULL DEFAULT FALSE,
  remark               TEXT NOT NULL DEFAULT '',
  valid_from           TEXT NOT NULL,
  valid_to             TEXT,
  version              BIGINT NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX membership_once ON membership (committee_id, person_id, term_id) WHERE valid_to IS NULL;
CREATE INDEX membership_person ON membership (person_id, valid_from);
CREATE INDEX membership_term ON membership (committee_id, term_id, sector_id);

-- +goose Up
-- One row per case that may be archived: it waits from the day it is closed.
-- number and title are copies for lists. later: something happened to the case
-- after its newest edition was made.
CREATE TABLE archive_case (
  id             TEXT PRIMARY KEY,
  committee_id   TEXT NOT NULL,
  session_id     TEXT NOT NULL,
  case_kind      TEXT NOT NULL,
  case_id        TEXT NOT NULL,
  number         TEXT NOT NULL,
  title          TEXT NOT NULL,
  state          TEXT NOT NULL,                -- waiting, archived, reopened
  later          BOOLEAN NOT NULL DEFAULT FALSE,
  archive_number TEXT NOT NULL DEFAULT '',     -- 档号
  retention      TEXT NOT NULL DEFAULT '',     -- class that was chosen, '' for the usual one
  why            TEXT NOT NULL DEFAULT '',     -- reason of the class, or why it was reopened
  edition        BIGINT NOT NULL DEFAULT 0,    -- the newest
  severe         BIGINT NOT NULL DEFAULT 0,    -- findings of the newest edition
  warnings       BIGINT NOT NULL DEFAULT 0,
  broken         BOOLEAN NOT NULL DEFAULT FALSE, -- the last check of a stored file found damage
  closed_at      BIGINT,
  archived_at    BIGINT,
  version        BIGINT NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX archive_case_of ON archive_case (case_kind, case_id);
CREATE INDEX archive_case_list ON archive_case (committee_id, session_id, state, id);

-- Every archive number ever given. Numbers are never used again: one that was
-- given up stays here with the reason, and is listed as a gap.
CREATE TABLE archive_number (
  committee_id TEXT NOT NULL,
  fonds        TEXT NOT NULL,
  year         BIGINT NOT NULL,
  retention    TEXT NOT NULL,
  running      BIGINT NOT NULL,
  case_kind    TEXT NOT NULL,
  case_id      TEXT NOT NULL,
  given_at     BIGINT NOT NULL,
  used_at      BIGINT,                         -- the first edition under this number
  ended_at     BIGINT,
  ended_why    TEXT NOT NULL DEFAULT '',       -- superseded, moved
  PRIMARY KEY (committee_id, fonds, year, retention, running)
);
CREATE INDEX archive_number_case ON archive_number (case_kind, case_id);

-- The editions of a file. They are never changed.
CREATE TABLE archive_edition (
  id             TEXT PRIMARY KEY,
  committee_id   TEXT NOT NULL,
  archive_id     TEXT NOT NULL REFERENCES archive_case (id),
  edition        BIGINT NOT NULL,
  cause          TEXT NOT NULL,                -- first, supplement, retention
  reason         TEXT NOT NULL,
  archive_number TEXT NOT NULL,
  retention      TEXT NOT NULL,
  papers         TEXT NOT NULL,                -- digest of what the papers said
  members        TEXT NOT NULL,                -- JSON list
  findings       TEXT NOT NULL,                -- JSON list: the self-check
  blob_id        TEXT NOT NULL,
  size           BIGINT NOT NULL,
  sha256         TEXT NOT NULL,
  signed_by      TEXT NOT NULL,                -- id of the signing key
  person_id      TEXT NOT NULL,
  person_name    TEXT NOT NULL,
  at             BIGINT NOT NULL,
  UNIQUE (archive_id, edition)
);

-- Later checks of stored editions.
CREATE TABLE archive_check (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  edition_id   TEXT NOT NULL REFERENCES archive_edition (id),
  sound        BOOLEAN NOT NULL,
  findings     TEXT NOT NULL,
  person_id    TEXT NOT NULL,
  at           BIGINT NOT NULL
);
CREATE INDEX archive_check_of ON archive_check (edition_id, id);

-- Files that were stored and that no edition names yet; the clockwork removes
-- those that none ever named.
CREATE TABLE archive_pending (
  blob_id TEXT PRIMARY KEY,
  at      BIGINT NOT NULL
);

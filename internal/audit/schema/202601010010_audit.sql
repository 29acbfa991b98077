-- +goose Up
CREATE TABLE audit_entry (
  id            TEXT PRIMARY KEY,
  committee_id  TEXT NOT NULL,
  at            BIGINT NOT NULL,
  person_id     TEXT NOT NULL,
  post_id       TEXT NOT NULL,
  post_kind     TEXT NOT NULL,
  on_behalf_of  TEXT NOT NULL,
  action        TEXT NOT NULL,
  object_kind   TEXT NOT NULL,
  object_id     TEXT NOT NULL,
  result        TEXT NOT NULL,
  reason        TEXT NOT NULL,
  address       TEXT NOT NULL,
  session       TEXT NOT NULL,
  request_id    TEXT NOT NULL,
  detail        TEXT NOT NULL,
  content_hash  TEXT NOT NULL
);
CREATE INDEX audit_entry_object ON audit_entry (committee_id, object_id, id);
CREATE INDEX audit_entry_person ON audit_entry (committee_id, person_id, id);

CREATE TABLE audit_seal (
  committee_id TEXT NOT NULL,
  seq          BIGINT NOT NULL,
  entry_id     TEXT NOT NULL UNIQUE,
  chain_hash   TEXT NOT NULL,
  PRIMARY KEY (committee_id, seq)
);

-- Entries that wait for the sealer; a row goes when its seal is written.
CREATE TABLE audit_unsealed (
  entry_id     TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL
);

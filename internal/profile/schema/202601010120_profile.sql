-- +goose Up
-- Every version of a committee's rules; the newest is in force.
CREATE TABLE profile_version (
  committee_id TEXT NOT NULL,
  version      BIGINT NOT NULL,
  at           BIGINT NOT NULL,
  person_id    TEXT NOT NULL,
  person_name  TEXT NOT NULL,
  reason       TEXT NOT NULL,
  rules        TEXT NOT NULL,
  PRIMARY KEY (committee_id, version)
);

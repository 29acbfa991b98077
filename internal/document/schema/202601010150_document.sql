-- +goose Up
-- Files that belong to something. object_kind and object_id name it; the file
-- itself lies in the file store under blob_id.
CREATE TABLE attachment (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  object_kind  TEXT NOT NULL,
  object_id    TEXT NOT NULL,
  position     BIGINT NOT NULL,
  name         TEXT NOT NULL,
  media_type   TEXT NOT NULL,
  size         BIGINT NOT NULL,
  sha256       TEXT NOT NULL,
  blob_id      TEXT NOT NULL,
  scan         TEXT NOT NULL,
  scan_engine  TEXT NOT NULL,
  person_id    TEXT NOT NULL,
  person_name  TEXT NOT NULL,
  at           BIGINT NOT NULL,
  removed_at   BIGINT,
  removed_by   TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX attachment_object ON attachment (committee_id, object_kind, object_id, position);
CREATE INDEX attachment_person ON attachment (committee_id, person_id, at);
CREATE UNIQUE INDEX attachment_blob ON attachment (blob_id);

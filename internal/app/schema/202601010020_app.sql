-- +goose Up
-- What happened, for listeners behind the commit. Rows are never changed.
CREATE TABLE fact (
  position     BIGINT NOT NULL,
  id           TEXT NOT NULL,
  committee_id TEXT NOT NULL,
  at           BIGINT NOT NULL,
  kind         TEXT NOT NULL,
  object_kind  TEXT NOT NULL,
  object_id    TEXT NOT NULL,
  person_id    TEXT NOT NULL,
  body         TEXT NOT NULL,
  PRIMARY KEY (position, id)
);
CREATE INDEX fact_object ON fact (committee_id, object_id, position);

-- How far each listener has heard.
CREATE TABLE fact_cursor (
  listener TEXT PRIMARY KEY,
  position BIGINT NOT NULL,
  fact_id  TEXT NOT NULL
);

-- One effect per idempotency key.
CREATE TABLE idempotency (
  person_id TEXT NOT NULL,
  key       TEXT NOT NULL,
  action    TEXT NOT NULL,
  input     TEXT NOT NULL,
  answer    TEXT NOT NULL,
  at        BIGINT NOT NULL,
  PRIMARY KEY (person_id, key)
);
CREATE INDEX idempotency_at ON idempotency (at);

-- +goose Up
-- What people were told. kind is the message key of the sentence; together
-- with fact and person it makes a message unique, so that a fact heard twice
-- is told once. args is a JSON list of short values.
CREATE TABLE message (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  person_id    TEXT NOT NULL,
  fact_id      TEXT NOT NULL,
  kind         TEXT NOT NULL,
  args         TEXT NOT NULL DEFAULT '[]',
  link         TEXT NOT NULL,
  at           BIGINT NOT NULL,
  read_at      BIGINT
);
CREATE UNIQUE INDEX message_once ON message (person_id, fact_id, kind);
CREATE INDEX message_inbox ON message (committee_id, person_id, id);
CREATE INDEX message_unread ON message (committee_id, person_id, id) WHERE read_at IS NULL;

-- What leaves the house, one row per message and channel. state: waiting,
-- sent, failed. tries and next_at move before each sending (see doc.go).
CREATE TABLE delivery (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  message_id   TEXT NOT NULL REFERENCES message (id),
  channel      TEXT NOT NULL,
  state        TEXT NOT NULL,
  tries        BIGINT NOT NULL DEFAULT 0,
  next_at      BIGINT NOT NULL,
  error        TEXT NOT NULL DEFAULT '',        -- class of the last failure, never its text
  ended_at     BIGINT,
  UNIQUE (message_id, channel)
);
CREATE INDEX delivery_due ON delivery (next_at, id) WHERE state = 'waiting';

-- +goose Up
-- The register of promises. A promise keeps its date: a later reply may promise
-- the same anew (renews names the earlier one), and figures go by what was
-- promised first. cancel_… is the unit's wish to be released, while it waits.
ALTER TABLE promise ADD COLUMN renews TEXT NOT NULL DEFAULT '';
ALTER TABLE promise ADD COLUMN first_due_on TEXT NOT NULL DEFAULT '';
ALTER TABLE promise ADD COLUMN first_made_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE promise ADD COLUMN cancel_asked_at BIGINT;
ALTER TABLE promise ADD COLUMN cancel_asked_name TEXT NOT NULL DEFAULT '';
ALTER TABLE promise ADD COLUMN cancel_reason TEXT NOT NULL DEFAULT '';
UPDATE promise SET first_due_on = due_on, first_made_at = made_at;
ALTER TABLE reply_promise ADD COLUMN renews TEXT NOT NULL DEFAULT '';

DROP INDEX promise_confirm;
CREATE INDEX promise_confirm ON promise (committee_id, reply_id) WHERE confirm_asked AND confirmed = '';
CREATE INDEX promise_asked ON promise (committee_id, cancel_asked_at, id) WHERE cancel_asked_at IS NOT NULL;
CREATE INDEX promise_assignment ON promise (assignment_id, due_on, id);
CREATE INDEX promise_reply ON promise (reply_id);
CREATE INDEX promise_made ON promise (committee_id, first_made_at, id);
CREATE INDEX reply_delivery_proposer ON reply_delivery (committee_id, proposer_id, reply_id);

-- What was done with a promise after it was made, for good: kept, cancel-asked,
-- cancel-refused, cancelled, confirmed, denied (not kept, the proposers say),
-- replaced. words are evidence or reason.
CREATE TABLE promise_step (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  case_kind    TEXT NOT NULL,
  case_id      TEXT NOT NULL,
  promise_id   TEXT NOT NULL REFERENCES promise (id),
  what         TEXT NOT NULL,
  kept_on      TEXT NOT NULL DEFAULT '',
  words        TEXT NOT NULL DEFAULT '',
  person_id    TEXT NOT NULL,
  person_name  TEXT NOT NULL,
  at           BIGINT NOT NULL
);
CREATE INDEX promise_step_case ON promise_step (case_kind, case_id, id);

-- Reminders of promises, each once: near, and late by so many working days (n).
CREATE TABLE promise_reminder (
  promise_id   TEXT NOT NULL REFERENCES promise (id),
  what         TEXT NOT NULL,
  n            BIGINT NOT NULL,
  committee_id TEXT NOT NULL,
  at           BIGINT NOT NULL,
  PRIMARY KEY (promise_id, what, n)
);

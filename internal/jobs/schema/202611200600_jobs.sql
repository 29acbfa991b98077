-- +goose Up
-- One act on many things. person_id and post_id are in whose name and post each
-- row is done; they are looked up again when it is. done, failed and unrun count
-- the rows that have their outcome; ended_at is set when all have.
CREATE TABLE job (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  person_id    TEXT NOT NULL,
  post_id      TEXT NOT NULL,
  post_kind    TEXT NOT NULL,
  body_id      TEXT NOT NULL,
  kind         TEXT NOT NULL,
  title        TEXT NOT NULL DEFAULT '',
  again_of     TEXT NOT NULL DEFAULT '',        -- the job whose rows these are once more
  again_what   TEXT NOT NULL DEFAULT '',        -- which of them: failed, unrun
  state        TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'stopped')),
  total        BIGINT NOT NULL,
  done         BIGINT NOT NULL DEFAULT 0,
  failed       BIGINT NOT NULL DEFAULT 0,
  unrun        BIGINT NOT NULL DEFAULT 0,
  asked_at     BIGINT NOT NULL,
  started_at   BIGINT,
  stopped_at   BIGINT,
  stopped_by   TEXT NOT NULL DEFAULT '',
  ended_at     BIGINT,
  CHECK (done >= 0 AND failed >= 0 AND unrun >= 0 AND done + failed + unrun <= total)
);
CREATE INDEX job_mine ON job (committee_id, person_id, id);
CREATE INDEX job_post ON job (committee_id, post_kind, body_id, id);
CREATE INDEX job_live ON job (asked_at, id) WHERE ended_at IS NULL;
CREATE INDEX job_ended ON job (ended_at) WHERE ended_at IS NOT NULL;
CREATE UNIQUE INDEX job_again ON job (again_of, again_what) WHERE again_of <> '';

-- A row is claimed before it is run: until claimed_until no other worker takes
-- it. input is the action's, as JSON, and is emptied when the row is done.
-- faults are message keys with their values, never the text of an error.
CREATE TABLE job_row (
  job_id        TEXT NOT NULL REFERENCES job (id),
  no            BIGINT NOT NULL,
  committee_id  TEXT NOT NULL,
  label         TEXT NOT NULL,
  link          TEXT NOT NULL DEFAULT '',
  input         TEXT NOT NULL,
  state         TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'unrun')),
  claim         TEXT NOT NULL DEFAULT '',
  claimed_until BIGINT,
  tries         BIGINT NOT NULL DEFAULT 0,
  faults        TEXT NOT NULL DEFAULT '',
  ended_at      BIGINT,
  PRIMARY KEY (job_id, no)
);
CREATE INDEX job_row_state ON job_row (job_id, state, no);

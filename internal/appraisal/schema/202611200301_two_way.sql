-- +goose Up
-- Terms of the two-way appraisal (双向评议), one row per version. body is JSON:
-- whether it is held, aspects of both sides, levels, how marks are given, the
-- working days it is open.
CREATE TABLE appraisal_terms (
  committee_id TEXT NOT NULL,
  version      BIGINT NOT NULL,
  body         TEXT NOT NULL,
  person_id    TEXT NOT NULL,
  person_name  TEXT NOT NULL,
  at           BIGINT NOT NULL,
  PRIMARY KEY (committee_id, version)
);

-- One case and the unit that answered it: the unit grades the proposal, the
-- proposers the handling. terms is the version that held when it opened.
-- state: open, shown. Averages are hundredths, kept when it is shown.
CREATE TABLE appraisal_pair (
  assignment_id    TEXT PRIMARY KEY,
  committee_id     TEXT NOT NULL,
  case_kind        TEXT NOT NULL,
  case_id          TEXT NOT NULL,
  number           TEXT NOT NULL,
  title            TEXT NOT NULL,
  unit_id          TEXT NOT NULL,
  unit_name        TEXT NOT NULL,
  channel          TEXT NOT NULL,
  terms            BIGINT NOT NULL,
  opened_at        BIGINT NOT NULL,
  until_on         TEXT NOT NULL,
  state            TEXT NOT NULL,
  unit_in          BOOLEAN NOT NULL DEFAULT FALSE,
  raters           BIGINT NOT NULL,
  raters_in        BIGINT NOT NULL DEFAULT 0,
  proposal_average BIGINT,
  handling_average BIGINT,
  shown_at         BIGINT
);
CREATE INDEX appraisal_pair_all ON appraisal_pair (committee_id, opened_at, assignment_id);
CREATE INDEX appraisal_pair_unit ON appraisal_pair (committee_id, unit_id, opened_at, assignment_id);
CREATE INDEX appraisal_pair_open ON appraisal_pair (until_on, assignment_id) WHERE state = 'open';

-- The proposers who are asked, persons or organisations.
CREATE TABLE appraisal_rater (
  assignment_id TEXT NOT NULL REFERENCES appraisal_pair (assignment_id),
  rater_id      TEXT NOT NULL,
  committee_id  TEXT NOT NULL,
  is_body       BOOLEAN NOT NULL,
  name          TEXT NOT NULL,
  is_in         BOOLEAN NOT NULL DEFAULT FALSE,
  PRIMARY KEY (assignment_id, rater_id)
);
CREATE INDEX appraisal_rater_of ON appraisal_rater (committee_id, rater_id, assignment_id);

-- What a side gave. marks is a JSON object of aspect and mark, 0 to 100.
CREATE TABLE appraisal_grading (
  id            TEXT PRIMARY KEY,
  committee_id  TEXT NOT NULL,
  assignment_id TEXT NOT NULL REFERENCES appraisal_pair (assignment_id),
  side          TEXT NOT NULL,                  -- unit, proposer
  rater_id      TEXT NOT NULL,                  -- unit, person or organisation
  rater_name    TEXT NOT NULL,
  marks         TEXT NOT NULL,
  average       BIGINT NOT NULL,
  words         TEXT NOT NULL DEFAULT '',
  person_id     TEXT NOT NULL,
  person_name   TEXT NOT NULL,
  at            BIGINT NOT NULL,
  UNIQUE (assignment_id, side, rater_id)
);

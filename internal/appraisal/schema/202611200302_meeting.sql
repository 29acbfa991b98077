-- +goose Up
-- Appraisal meetings (民主评议) of units on key proposals. body is JSON:
-- indicators with full marks, and levels.
CREATE TABLE appraisal_meeting (
  id             TEXT PRIMARY KEY,
  committee_id   TEXT NOT NULL,
  title          TEXT NOT NULL,
  held_on        TEXT NOT NULL,
  state          TEXT NOT NULL,                 -- draft, open, announced, reported, closed, dropped
  body           TEXT NOT NULL,
  report         TEXT NOT NULL DEFAULT '',
  created_by     TEXT NOT NULL,
  created_name   TEXT NOT NULL,
  created_at     BIGINT NOT NULL,
  announced_name TEXT NOT NULL DEFAULT '',
  announced_at   BIGINT,
  reported_at    BIGINT,
  closed_at      BIGINT,
  version        BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX appraisal_meeting_all ON appraisal_meeting (committee_id, held_on, id);

-- A unit that is appraised, with its result, what it is asked to mend, and what
-- the look-back found. result is JSON: the average per indicator. looked_ok is
-- NULL before the look-back.
CREATE TABLE appraisal_meeting_unit (
  meeting_id    TEXT NOT NULL REFERENCES appraisal_meeting (id),
  unit_id       TEXT NOT NULL,
  committee_id  TEXT NOT NULL,
  place         BIGINT NOT NULL,
  unit_name     TEXT NOT NULL,
  channel       TEXT NOT NULL,
  case_kind     TEXT NOT NULL DEFAULT '',
  case_id       TEXT NOT NULL DEFAULT '',
  case_name     TEXT NOT NULL DEFAULT '',       -- number and title
  account       TEXT NOT NULL DEFAULT '',       -- the unit's own (自评)
  account_name  TEXT NOT NULL DEFAULT '',
  account_at    BIGINT,
  sheets        BIGINT NOT NULL DEFAULT 0,
  papers        BIGINT NOT NULL DEFAULT 0,      -- of the sheets
  total         BIGINT,                         -- hundredths
  rank          BIGINT NOT NULL DEFAULT 0,
  result        TEXT NOT NULL DEFAULT '{}',
  demand        TEXT NOT NULL DEFAULT '',
  mend_by       TEXT NOT NULL DEFAULT '',
  mended        TEXT NOT NULL DEFAULT '',
  mended_name   TEXT NOT NULL DEFAULT '',
  mended_at     BIGINT,
  looked_words  TEXT NOT NULL DEFAULT '',
  looked_name   TEXT NOT NULL DEFAULT '',
  looked_at     BIGINT,
  looked_ok     BOOLEAN,
  PRIMARY KEY (meeting_id, unit_id)
);
CREATE INDEX appraisal_meeting_unit_mend ON appraisal_meeting_unit (committee_id, mend_by, unit_id) WHERE mend_by <> '';
CREATE INDEX appraisal_meeting_unit_of ON appraisal_meeting_unit (committee_id, unit_id, meeting_id);

-- Who scores, each once.
CREATE TABLE appraisal_participant (
  meeting_id   TEXT NOT NULL REFERENCES appraisal_meeting (id),
  person_id    TEXT NOT NULL,
  committee_id TEXT NOT NULL,
  name         TEXT NOT NULL,
  done_at      BIGINT,
  PRIMARY KEY (meeting_id, person_id)
);
CREATE INDEX appraisal_participant_of ON appraisal_participant (committee_id, person_id, meeting_id) WHERE done_at IS NULL;

-- The sheet of one participant, by name. marks is JSON: per unit, per indicator.
-- A unit that is left out was not scored by him.
CREATE TABLE appraisal_meeting_sheet (
  id           TEXT PRIMARY KEY,
  meeting_id   TEXT NOT NULL REFERENCES appraisal_meeting (id),
  committee_id TEXT NOT NULL,
  person_id    TEXT NOT NULL,
  marks        TEXT NOT NULL,
  at           BIGINT NOT NULL,
  UNIQUE (meeting_id, person_id)
);

-- The totals of paper sheets per unit, counted by two persons. The newest row
-- of a unit counts. sums is JSON: the sum of the marks per indicator.
CREATE TABLE appraisal_paper (
  id           TEXT PRIMARY KEY,
  meeting_id   TEXT NOT NULL REFERENCES appraisal_meeting (id),
  committee_id TEXT NOT NULL,
  unit_id      TEXT NOT NULL,
  sheets       BIGINT NOT NULL,
  sums         TEXT NOT NULL,
  counted_name TEXT NOT NULL,
  checked_name TEXT NOT NULL,
  person_id    TEXT NOT NULL,
  at           BIGINT NOT NULL
);
CREATE INDEX appraisal_paper_unit ON appraisal_paper (meeting_id, unit_id, id);

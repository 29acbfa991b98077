-- +goose Up
-- Schemes of the yearly score of units (考核办法), one row per version. body is
-- JSON: indicators, levels, days for appeals. run_id is the last simulation, or
-- the run that was published.
CREATE TABLE appraisal_scheme (
  id             TEXT PRIMARY KEY,
  committee_id   TEXT NOT NULL,
  year           BIGINT NOT NULL,
  number         BIGINT NOT NULL,
  state          TEXT NOT NULL,                 -- draft, simulated, published, superseded, closed, discarded
  title          TEXT NOT NULL,
  from_on        TEXT NOT NULL,
  to_on          TEXT NOT NULL,
  until_on       TEXT NOT NULL,
  body           TEXT NOT NULL,
  reason         TEXT NOT NULL DEFAULT '',
  based_on       TEXT NOT NULL DEFAULT '',
  run_id         TEXT NOT NULL DEFAULT '',
  appeal_by      TEXT NOT NULL DEFAULT '',
  created_by     TEXT NOT NULL,
  created_name   TEXT NOT NULL,
  created_at     BIGINT NOT NULL,
  changed_at     BIGINT NOT NULL,
  published_by   TEXT NOT NULL DEFAULT '',
  published_name TEXT NOT NULL DEFAULT '',
  published_at   BIGINT,
  closed_at      BIGINT,
  version        BIGINT NOT NULL DEFAULT 1,
  UNIQUE (committee_id, year, number)
);
CREATE UNIQUE INDEX appraisal_scheme_in_force ON appraisal_scheme (committee_id, year) WHERE state IN ('published', 'closed');

-- One computation of a scheme for all units. body is the scheme's text as it
-- was computed with; digest is of the sheets, so that a changed snapshot shows.
CREATE TABLE appraisal_run (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  scheme_id    TEXT NOT NULL REFERENCES appraisal_scheme (id),
  kind         TEXT NOT NULL,                   -- simulated, published
  as_of        BIGINT NOT NULL,
  body         TEXT NOT NULL,
  digest       TEXT NOT NULL,
  person_id    TEXT NOT NULL,
  at           BIGINT NOT NULL
);
CREATE INDEX appraisal_run_scheme ON appraisal_run (scheme_id, id);

-- The sheet of one unit in a run. body is JSON: every line with value,
-- numerator, denominator, points and the ids of the assignments behind them.
-- Sheets of a simulation are thrown away by the next one.
CREATE TABLE appraisal_sheet (
  run_id       TEXT NOT NULL REFERENCES appraisal_run (id),
  unit_id      TEXT NOT NULL,
  committee_id TEXT NOT NULL,
  unit_name    TEXT NOT NULL,
  channel      TEXT NOT NULL,
  place        BIGINT NOT NULL,                 -- in the table, the best first
  rank         BIGINT NOT NULL,
  total        BIGINT NOT NULL,                 -- hundredths of a point
  main         BIGINT NOT NULL,
  assist       BIGINT NOT NULL,
  groups       TEXT NOT NULL,                   -- JSON: the sums of the groups, so that a table of all units stays small
  lacking      TEXT NOT NULL,                   -- JSON: codes of indicators for which the office entered nothing
  body         TEXT NOT NULL,
  PRIMARY KEY (run_id, unit_id)
);

-- What the office enters for indicators that no record tells. The newest row
-- of an indicator and unit counts.
CREATE TABLE appraisal_mark (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  year         BIGINT NOT NULL,
  code         TEXT NOT NULL,                   -- of the indicator
  unit_id      TEXT NOT NULL,
  value        BIGINT NOT NULL,                 -- hundredths
  words        TEXT NOT NULL,
  person_id    TEXT NOT NULL,
  person_name  TEXT NOT NULL,
  at           BIGINT NOT NULL
);
CREATE INDEX appraisal_mark_year ON appraisal_mark (committee_id, year, code, unit_id, id);

-- Appeals of units against their sheet (申诉), one per published run.
CREATE TABLE appraisal_appeal (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  scheme_id    TEXT NOT NULL REFERENCES appraisal_scheme (id),
  run_id       TEXT NOT NULL REFERENCES appraisal_run (id),
  unit_id      TEXT NOT NULL,
  unit_name    TEXT NOT NULL,
  code         TEXT NOT NULL DEFAULT '',        -- of the indicator, '' for the whole
  reason       TEXT NOT NULL,
  person_id    TEXT NOT NULL,
  person_name  TEXT NOT NULL,
  at           BIGINT NOT NULL,
  ruling       TEXT NOT NULL DEFAULT '',        -- '' while open, upheld, refused
  ruled_by     TEXT NOT NULL DEFAULT '',
  ruled_name   TEXT NOT NULL DEFAULT '',
  ruled_words  TEXT NOT NULL DEFAULT '',
  ruled_at     BIGINT,
  UNIQUE (run_id, unit_id)
);
CREATE INDEX appraisal_appeal_open ON appraisal_appeal (committee_id, at, id) WHERE ruling = '';
CREATE INDEX appraisal_appeal_scheme ON appraisal_appeal (scheme_id, at, id);

-- Corrections of published sheets, each a line of its own (更正).
CREATE TABLE appraisal_adjustment (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  run_id       TEXT NOT NULL REFERENCES appraisal_run (id),
  unit_id      TEXT NOT NULL,
  code         TEXT NOT NULL DEFAULT '',
  points       BIGINT NOT NULL,                 -- hundredths, added
  reason       TEXT NOT NULL,
  appeal_id    TEXT NOT NULL DEFAULT '',
  person_id    TEXT NOT NULL,
  person_name  TEXT NOT NULL,
  at           BIGINT NOT NULL
);
CREATE INDEX appraisal_adjustment_run ON appraisal_adjustment (run_id, unit_id, id);

-- +goose Up
-- A campaign (评优活动): one per year and kind. rules are fixed when nominating
-- opens; base and most are what the ratio came to when it closed.
CREATE TABLE commendation_campaign (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  kind         TEXT NOT NULL,                  -- proposal, unit, person
  year         BIGINT NOT NULL,
  session_id   TEXT NOT NULL,                  -- whose proposals, or the work on them, are commended
  title        TEXT NOT NULL,
  stage        TEXT NOT NULL,
  stage_since  BIGINT NOT NULL,
  rules        TEXT NOT NULL,                  -- JSON
  review_body  TEXT NOT NULL DEFAULT '',       -- special committee whose members review, a copy out of rules for the scopes
  opens_on     TEXT NOT NULL,
  closes_on    TEXT NOT NULL,
  base         BIGINT NOT NULL DEFAULT 0,
  most         BIGINT NOT NULL DEFAULT 0,      -- winners at most
  decided_on   TEXT NOT NULL DEFAULT '',
  reference    TEXT NOT NULL DEFAULT '',       -- of the decision of the Chair's Council
  over_reason  TEXT NOT NULL DEFAULT '',       -- why more than most
  share_reason TEXT NOT NULL DEFAULT '',       -- why fewer collective ones than the rules ask for
  notice       TEXT NOT NULL DEFAULT '',       -- JSON calendar.Deadline, as it was published
  notice_until TEXT NOT NULL DEFAULT '',
  announced_on TEXT NOT NULL DEFAULT '',
  occasion     TEXT NOT NULL DEFAULT '',
  created_at   BIGINT NOT NULL,
  version      BIGINT NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX commendation_campaign_once ON commendation_campaign (committee_id, kind, year) WHERE stage <> 'cancelled';
CREATE INDEX commendation_campaign_list ON commendation_campaign (committee_id, stage, id);

-- Who nominated what. It counts against the quota until it is withdrawn.
CREATE TABLE commendation_nomination (
  id             TEXT PRIMARY KEY,
  committee_id   TEXT NOT NULL,
  campaign_id    TEXT NOT NULL REFERENCES commendation_campaign (id),
  subject_id     TEXT NOT NULL,                -- proposal, unit or person
  nominator_kind TEXT NOT NULL,                -- member, sector, unit, …
  nominator_id   TEXT NOT NULL,                -- person, or the body for which he acts
  nominator_name TEXT NOT NULL,
  own            BOOLEAN NOT NULL,             -- counts against the part of the quota for one's own
  reason         TEXT NOT NULL,
  person_id      TEXT NOT NULL,
  at             BIGINT NOT NULL,
  withdrawn_at   BIGINT
);
CREATE UNIQUE INDEX commendation_nomination_once ON commendation_nomination (campaign_id, nominator_id, subject_id) WHERE withdrawn_at IS NULL;
CREATE INDEX commendation_nomination_of ON commendation_nomination (campaign_id, subject_id, id);

-- What was nominated, from the close of nominating on.
CREATE TABLE commendation_candidate (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  campaign_id  TEXT NOT NULL REFERENCES commendation_campaign (id),
  subject_id   TEXT NOT NULL,
  number       BIGINT NOT NULL DEFAULT 0,      -- of the proposal
  name         TEXT NOT NULL,                  -- title, or name of the unit or person
  lead_name    TEXT NOT NULL DEFAULT '',       -- lead proposer, or the unit of a person
  unit_id      TEXT NOT NULL DEFAULT '',       -- of a person
  collective   BOOLEAN NOT NULL,
  refused      BOOLEAN NOT NULL,               -- the proposer refused publication
  nominations  BIGINT NOT NULL,
  score        BIGINT,                         -- of a unit's year in hundredths, lent or typed in
  passed       TEXT NOT NULL DEFAULT '',       -- verdict of the last reading: pass, drop, '' unread
  votes        BIGINT NOT NULL DEFAULT 0,      -- from the close of the review on
  points       BIGINT NOT NULL DEFAULT 0,      -- yes votes, or the sum of scores
  place        BIGINT NOT NULL DEFAULT 0,      -- in the review; those who are level share it
  tied         BOOLEAN NOT NULL DEFAULT FALSE, -- level at the cut
  reserved     BOOLEAN NOT NULL DEFAULT FALSE, -- passed by the share of collective proposals
  dropped_at   TEXT NOT NULL DEFAULT '',       -- stage, '' while in
  why          TEXT NOT NULL DEFAULT '',       -- JSON: why it was dropped
  version      BIGINT NOT NULL DEFAULT 1,
  UNIQUE (campaign_id, subject_id)
);
CREATE INDEX commendation_candidate_marks ON commendation_candidate (committee_id, subject_id) WHERE dropped_at = '';

-- First readings; the last one of a candidate holds.
CREATE TABLE commendation_reading (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  candidate_id TEXT NOT NULL REFERENCES commendation_candidate (id),
  checks       TEXT NOT NULL,                  -- JSON list of the criteria that are met
  words        TEXT NOT NULL,
  verdict      TEXT NOT NULL,                  -- pass, drop
  person_id    TEXT NOT NULL,
  at           BIGINT NOT NULL
);
CREATE INDEX commendation_reading_of ON commendation_reading (candidate_id, id);

-- One vote or score per reviewer and candidate.
CREATE TABLE commendation_review (
  candidate_id TEXT NOT NULL REFERENCES commendation_candidate (id),
  person_id    TEXT NOT NULL,
  committee_id TEXT NOT NULL,
  campaign_id  TEXT NOT NULL,
  points       BIGINT NOT NULL,                -- 1 yes, 0 no; or 0 to 100
  words        TEXT NOT NULL DEFAULT '',
  at           BIGINT NOT NULL,
  PRIMARY KEY (candidate_id, person_id)
);
CREATE INDEX commendation_review_of ON commendation_review (campaign_id, person_id);

-- Objections during public notice, and what was ruled.
CREATE TABLE commendation_objection (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  campaign_id  TEXT NOT NULL REFERENCES commendation_campaign (id),
  candidate_id TEXT NOT NULL REFERENCES commendation_candidate (id),
  objector     TEXT NOT NULL,                  -- name of who objects
  words        TEXT NOT NULL,
  received_on  TEXT NOT NULL,
  person_id    TEXT NOT NULL,                  -- who entered it
  at           BIGINT NOT NULL,
  ruling       TEXT NOT NULL DEFAULT '',       -- upheld, dismissed
  ruling_words TEXT NOT NULL DEFAULT '',
  ruled_by     TEXT NOT NULL DEFAULT '',
  ruled_at     BIGINT
);
CREATE INDEX commendation_objection_of ON commendation_objection (campaign_id, id);

-- Who did what at which stage, and why.
CREATE TABLE commendation_event (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  campaign_id  TEXT NOT NULL REFERENCES commendation_campaign (id),
  candidate_id TEXT NOT NULL DEFAULT '',       -- '' for the campaign as a whole
  stage        TEXT NOT NULL,
  what         TEXT NOT NULL,
  why          TEXT NOT NULL DEFAULT '',       -- JSON
  person_id    TEXT NOT NULL,
  at           BIGINT NOT NULL
);
CREATE INDEX commendation_event_of ON commendation_event (campaign_id, id);

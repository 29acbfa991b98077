-- +goose Up
-- One row per case that was opened for handling: what lists show of it, and how
-- it stands. number and title are copies that Open refreshes. closing is the
-- committee's rule at the time of dispatch, so that a later change of the
-- rules does not move old cases.
CREATE TABLE handling_case (
  case_kind       TEXT NOT NULL,
  case_id         TEXT NOT NULL,
  committee_id    TEXT NOT NULL,
  number          TEXT NOT NULL,
  title           TEXT NOT NULL,
  stage           TEXT NOT NULL,
  holder          TEXT NOT NULL DEFAULT '',    -- message key of who holds it
  holder_name     TEXT NOT NULL DEFAULT '',
  holder_since    BIGINT,
  due_on          TEXT NOT NULL DEFAULT '',
  closing         TEXT NOT NULL DEFAULT '',    -- replied, rated, confirmed
  profile_version BIGINT NOT NULL DEFAULT 0,
  opened_at       BIGINT NOT NULL,
  closed_at       BIGINT,
  closed_by       TEXT NOT NULL DEFAULT '',    -- a person, or the system actor
  outcome         TEXT NOT NULL DEFAULT '',    -- the worst result among the ratings
  note            TEXT NOT NULL DEFAULT '',
  version         BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (case_kind, case_id)
);
CREATE INDEX handling_case_stage ON handling_case (committee_id, stage, opened_at, case_id);
CREATE INDEX handling_case_holder ON handling_case (committee_id, holder, opened_at, case_id);

-- The bodies (units and supervision offices) that a case was routed to, kept by
-- every dispatch. Both ways are indexed: what a body may see, and who may see a
-- case. A body belongs to one committee, so body_id comes first.
CREATE TABLE handling_involved (
  committee_id TEXT NOT NULL,
  case_kind    TEXT NOT NULL,
  case_id      TEXT NOT NULL,
  body_id      TEXT NOT NULL,
  PRIMARY KEY (body_id, case_kind, case_id)
);
CREATE INDEX handling_involved_case ON handling_involved (case_kind, case_id, body_id);

-- A case sent to a supervision office, with the units that the office proposes.
CREATE TABLE handling_route (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  case_kind    TEXT NOT NULL,
  case_id      TEXT NOT NULL,
  desk_id      TEXT NOT NULL,
  desk_name    TEXT NOT NULL,
  channel      TEXT NOT NULL,                  -- party, government
  units        TEXT NOT NULL DEFAULT '[]',     -- JSON list of unit and role
  note         TEXT NOT NULL DEFAULT '',
  person_id    TEXT NOT NULL,
  at           BIGINT NOT NULL,
  done_at      BIGINT                          -- when the supervision office dispatched it
);
CREATE UNIQUE INDEX handling_route_once ON handling_route (case_kind, case_id) WHERE done_at IS NULL;
CREATE INDEX handling_route_case ON handling_route (case_kind, case_id, id);
CREATE INDEX handling_route_waiting ON handling_route (committee_id, desk_id, at, id) WHERE done_at IS NULL;

-- What a unit has to do in a case: the object of the work. valid_to ends it
-- when another unit takes it over (改办).
CREATE TABLE assignment (
  id            TEXT PRIMARY KEY,
  committee_id  TEXT NOT NULL,
  case_kind     TEXT NOT NULL,
  case_id       TEXT NOT NULL,
  unit_id       TEXT NOT NULL,
  unit_name     TEXT NOT NULL,
  role          TEXT NOT NULL,                 -- lead, assist, separate, sole
  position      BIGINT NOT NULL,
  channel       TEXT NOT NULL,                 -- party, government, direct
  desk_id       TEXT NOT NULL DEFAULT '',      -- supervision office that dispatched it, '' for direct
  desk_name     TEXT NOT NULL DEFAULT '',
  dispatched_by TEXT NOT NULL,
  dispatched_at BIGINT NOT NULL,
  state         TEXT NOT NULL,                 -- dispatched, signed, answered, changed
  sign_by       TEXT NOT NULL,
  sign_due      TEXT NOT NULL,                 -- JSON calendar.Deadline, as the other two
  signed_at     BIGINT,
  signed_by     TEXT NOT NULL DEFAULT '',
  contact_by    TEXT NOT NULL DEFAULT '',
  contact_due   TEXT NOT NULL DEFAULT '',
  due_on        TEXT NOT NULL DEFAULT '9999-12-31', -- so that it sorts on both engines
  due           TEXT NOT NULL DEFAULT '',
  calendar      BIGINT NOT NULL DEFAULT 0,     -- version of the calendar that they were computed with
  leader        TEXT NOT NULL DEFAULT '',      -- 分管领导
  section       TEXT NOT NULL DEFAULT '',      -- 承办科室
  handler       TEXT NOT NULL DEFAULT '',      -- 经办人
  phone_sealed  TEXT NOT NULL DEFAULT '',
  answered_at   BIGINT,
  note          TEXT NOT NULL DEFAULT '',
  valid_from    BIGINT NOT NULL,
  valid_to      BIGINT,
  version       BIGINT NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX assignment_once ON assignment (case_kind, case_id, unit_id) WHERE valid_to IS NULL;
CREATE INDEX assignment_case ON assignment (case_kind, case_id, position, id);
CREATE INDEX assignment_unit ON assignment (committee_id, unit_id, state, due_on, id);
CREATE INDEX assignment_desk ON assignment (committee_id, desk_id, state, due_on, id);
CREATE INDEX assignment_all ON assignment (committee_id, state, due_on, id);
CREATE INDEX assignment_unsigned ON assignment (sign_by, id) WHERE state = 'dispatched';
CREATE INDEX assignment_open ON assignment (due_on, id) WHERE state IN ('dispatched', 'signed');

-- Deadlines that a changed calendar moved.
CREATE TABLE assignment_moved (
  id            TEXT PRIMARY KEY,
  committee_id  TEXT NOT NULL,
  assignment_id TEXT NOT NULL,
  what          TEXT NOT NULL,                 -- sign, contact, reply, opinion, rating
  was           TEXT NOT NULL,
  becomes       TEXT NOT NULL,
  calendar      BIGINT NOT NULL,
  at            BIGINT NOT NULL
);
CREATE INDEX assignment_moved_of ON assignment_moved (committee_id, assignment_id, id);

-- Reminders given, once per step and due date.
CREATE TABLE assignment_reminder (
  assignment_id TEXT NOT NULL,
  what          TEXT NOT NULL,
  due_on        TEXT NOT NULL,
  step          BIGINT NOT NULL,               -- working days before (+) or after (-) the due date
  committee_id  TEXT NOT NULL,
  at            BIGINT NOT NULL,
  PRIMARY KEY (assignment_id, what, due_on, step)
);

-- Contact with the proposers (沟通记录).
CREATE TABLE handling_contact (
  id            TEXT PRIMARY KEY,
  committee_id  TEXT NOT NULL,
  case_kind     TEXT NOT NULL,
  case_id       TEXT NOT NULL,
  assignment_id TEXT NOT NULL REFERENCES assignment (id),
  form          TEXT NOT NULL,
  held_on       TEXT NOT NULL,
  proposers     TEXT NOT NULL,                 -- JSON list of person and body ids
  people        TEXT NOT NULL DEFAULT '',
  notes         TEXT NOT NULL DEFAULT '',
  consent       BOOLEAN NOT NULL,              -- the proposer agreed to another form than face to face
  person_id     TEXT NOT NULL,
  at            BIGINT NOT NULL
);
CREATE INDEX handling_contact_case ON handling_contact (case_kind, case_id, id);

-- Assisting opinions (会办意见).
CREATE TABLE assist_opinion (
  id            TEXT PRIMARY KEY,
  committee_id  TEXT NOT NULL,
  case_kind     TEXT NOT NULL,
  case_id       TEXT NOT NULL,
  assignment_id TEXT NOT NULL UNIQUE REFERENCES assignment (id),
  number        TEXT NOT NULL,
  body          TEXT NOT NULL,
  person_id     TEXT NOT NULL,
  at            BIGINT NOT NULL
);
CREATE INDEX assist_opinion_case ON assist_opinion (case_kind, case_id, id);

-- Replies (答复). The class stands here, not on the case. number is of the unit's
-- own series and unique within its year.
CREATE TABLE reply (
  id               TEXT PRIMARY KEY,
  committee_id     TEXT NOT NULL,
  case_kind        TEXT NOT NULL,
  case_id          TEXT NOT NULL,
  assignment_id    TEXT NOT NULL REFERENCES assignment (id),
  unit_id          TEXT NOT NULL,
  unit_name        TEXT NOT NULL,
  round            BIGINT NOT NULL,
  state            TEXT NOT NULL,              -- draft, signing, issued
  number           TEXT NOT NULL DEFAULT '',
  year             BIGINT NOT NULL DEFAULT 0,  -- of issue
  class            TEXT NOT NULL DEFAULT '',
  body             TEXT NOT NULL DEFAULT '',
  publicity        TEXT NOT NULL DEFAULT '',
  publicity_reason TEXT NOT NULL DEFAULT '',
  drafted_by       TEXT NOT NULL,
  saved_at         BIGINT NOT NULL,
  submitted_at     BIGINT,
  returned_note    TEXT NOT NULL DEFAULT '',   -- words of the signing leader
  signer_id        TEXT NOT NULL DEFAULT '',
  signer_name      TEXT NOT NULL DEFAULT '',
  entered_by       TEXT NOT NULL DEFAULT '',   -- staff who entered it for a unit without account
  issued_at        BIGINT,
  rate_by          TEXT NOT NULL DEFAULT '',
  rate_due         TEXT NOT NULL DEFAULT '',
  rating_open      BOOLEAN NOT NULL DEFAULT FALSE,
  version          BIGINT NOT NULL DEFAULT 1,
  UNIQUE (assignment_id, round)
);
CREATE INDEX reply_case ON reply (case_kind, case_id, id);
CREATE UNIQUE INDEX reply_number ON reply (unit_id, year, number) WHERE state = 'issued';
CREATE INDEX reply_rating_open ON reply (rate_by, id) WHERE rating_open;
CREATE INDEX reply_signing ON reply (committee_id, unit_id, submitted_at, id) WHERE state = 'signing';

-- The answer to each numbered suggestion.
CREATE TABLE reply_item (
  reply_id TEXT NOT NULL REFERENCES reply (id),
  no       BIGINT NOT NULL,
  outcome  TEXT NOT NULL DEFAULT '',
  answer   TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (reply_id, no)
);

-- To whom a reply was delivered, when it was opened, and whether a rating is
-- asked of him.
CREATE TABLE reply_delivery (
  reply_id     TEXT NOT NULL REFERENCES reply (id),
  proposer_id  TEXT NOT NULL,                  -- person or body
  committee_id TEXT NOT NULL,
  case_kind    TEXT NOT NULL,
  case_id      TEXT NOT NULL,
  is_body      BOOLEAN NOT NULL,
  name         TEXT NOT NULL,
  is_lead      BOOLEAN NOT NULL,
  rates        BOOLEAN NOT NULL,
  rated        BOOLEAN NOT NULL DEFAULT FALSE,
  position     BIGINT NOT NULL,
  delivered_at BIGINT NOT NULL,
  read_at      BIGINT,
  read_by      TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (reply_id, proposer_id)
);
CREATE INDEX reply_delivery_case ON reply_delivery (case_kind, case_id, reply_id);
CREATE INDEX reply_delivery_waits ON reply_delivery (committee_id, proposer_id, delivered_at) WHERE rates AND NOT rated;

-- Ratings (征询意见). no_response is a value of its own. A rating never changes;
-- figures as of a day read at.
CREATE TABLE rating (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  case_kind    TEXT NOT NULL,
  case_id      TEXT NOT NULL,
  reply_id     TEXT NOT NULL REFERENCES reply (id),
  rater_id     TEXT NOT NULL,                  -- person or body
  is_body      BOOLEAN NOT NULL,
  rater_name   TEXT NOT NULL,
  attitude     TEXT NOT NULL,
  result       TEXT NOT NULL,
  contacted    TEXT NOT NULL DEFAULT '',       -- yes, no or not told: did the unit contact the rater
  reason       TEXT NOT NULL DEFAULT '',
  channel      TEXT NOT NULL,                  -- self, paper, lapsed
  person_id    TEXT NOT NULL,                  -- who did it: the rater, a convener, or staff for a paper form
  at           BIGINT NOT NULL,
  UNIQUE (reply_id, rater_id)
);
CREATE INDEX rating_case ON rating (case_kind, case_id, id);

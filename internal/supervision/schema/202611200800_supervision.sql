-- +goose Up
-- Chases (催办): one chase of one unit about one or more of its assignments, by
-- hand (note) or by a formal letter (催办单), which has a number of its sender's
-- own series. desk_id is the supervision office whose assignments they are,
-- from_desk the one that sent it; '' is the committee's office in both.
CREATE TABLE chase (
  id              TEXT PRIMARY KEY,
  committee_id    TEXT NOT NULL,
  desk_id         TEXT NOT NULL,
  from_desk       TEXT NOT NULL,
  from_name       TEXT NOT NULL,                 -- of the office that sent it
  unit_id         TEXT NOT NULL,
  unit_name       TEXT NOT NULL,
  form            TEXT NOT NULL,                 -- note, letter
  year            BIGINT NOT NULL DEFAULT 0,     -- of letters, as is no
  no              BIGINT NOT NULL DEFAULT 0,
  n               BIGINT NOT NULL,               -- assignments
  requirement     TEXT NOT NULL,
  again_reason    TEXT NOT NULL DEFAULT '',      -- why so soon after the last one
  signed_by       TEXT NOT NULL,
  signed_name     TEXT NOT NULL,
  sent_at         BIGINT NOT NULL,
  answer_by       TEXT NOT NULL,
  answer_due      TEXT NOT NULL,                 -- JSON calendar.Deadline
  received_at     BIGINT,
  received_by     TEXT NOT NULL DEFAULT '',
  received_name   TEXT NOT NULL DEFAULT '',
  answered_at     BIGINT,
  answered_by     TEXT NOT NULL DEFAULT '',
  answered_name   TEXT NOT NULL DEFAULT '',
  how             TEXT NOT NULL DEFAULT '',      -- words, reply
  answer          TEXT NOT NULL DEFAULT '',
  late            BOOLEAN NOT NULL DEFAULT FALSE, -- answered after answer_by
  overdue_at      BIGINT                         -- when its sender was told that no answer came
);
CREATE UNIQUE INDEX chase_number ON chase (committee_id, from_desk, year, no) WHERE form = 'letter';
CREATE INDEX chase_unit ON chase (committee_id, unit_id, sent_at, id);
CREATE INDEX chase_all ON chase (committee_id, sent_at, id);
CREATE INDEX chase_open ON chase (committee_id, answer_by, id) WHERE answered_at IS NULL;
CREATE INDEX chase_overdue ON chase (answer_by, id) WHERE answered_at IS NULL AND overdue_at IS NULL;

-- The assignments that a chase is about, as they stood. what is what was
-- awaited: sign, reply, opinion. settled_at is when it came, or was not awaited
-- any more.
CREATE TABLE chase_item (
  chase_id      TEXT NOT NULL REFERENCES chase (id),
  assignment_id TEXT NOT NULL,
  committee_id  TEXT NOT NULL,
  case_kind     TEXT NOT NULL,
  case_id       TEXT NOT NULL,
  number        TEXT NOT NULL,
  title         TEXT NOT NULL,
  what          TEXT NOT NULL,
  due_on        TEXT NOT NULL,                   -- '' without a date
  days_left     BIGINT NOT NULL,                 -- working days, negative when late
  settled_at    BIGINT,
  PRIMARY KEY (chase_id, assignment_id)
);
CREATE INDEX chase_item_of ON chase_item (assignment_id, chase_id);
CREATE INDEX chase_item_waits ON chase_item (case_kind, case_id, chase_id) WHERE settled_at IS NULL;

-- The last chase of each assignment. Two who chase at one time meet here.
CREATE TABLE chase_last (
  assignment_id TEXT PRIMARY KEY,
  committee_id  TEXT NOT NULL,
  chase_id      TEXT NOT NULL,
  at            BIGINT NOT NULL
);
CREATE INDEX chase_last_all ON chase_last (committee_id, assignment_id);

-- The last number of each sender's series of letters.
CREATE TABLE chase_series (
  committee_id TEXT NOT NULL,
  from_desk    TEXT NOT NULL,
  year         BIGINT NOT NULL,
  last         BIGINT NOT NULL,
  PRIMARY KEY (committee_id, from_desk, year)
);

-- Instructions of leaders (批示) on assignments that are late. to_whom: unit, or
-- desk for who dispatched it.
CREATE TABLE late_instruction (
  id            TEXT PRIMARY KEY,
  committee_id  TEXT NOT NULL,
  assignment_id TEXT NOT NULL,
  case_kind     TEXT NOT NULL,
  case_id       TEXT NOT NULL,
  number        TEXT NOT NULL,
  title         TEXT NOT NULL,
  unit_id       TEXT NOT NULL,
  unit_name     TEXT NOT NULL,
  desk_id       TEXT NOT NULL,
  desk_name     TEXT NOT NULL,
  to_whom       TEXT NOT NULL,
  words         TEXT NOT NULL,
  leader_id     TEXT NOT NULL,
  leader_name   TEXT NOT NULL,
  given_at      BIGINT NOT NULL,
  due_on        TEXT NOT NULL,
  reported_at   BIGINT,
  reported_by   TEXT NOT NULL DEFAULT '',
  reported_name TEXT NOT NULL DEFAULT '',
  report        TEXT NOT NULL DEFAULT '',
  late          BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX late_instruction_of ON late_instruction (assignment_id, id);
CREATE INDEX late_instruction_unit ON late_instruction (committee_id, unit_id, given_at, id);
CREATE INDEX late_instruction_open ON late_instruction (committee_id, due_on, id) WHERE reported_at IS NULL;

-- The leaders' weekly digests: one per leader and ISO week.
CREATE TABLE supervision_week (
  committee_id TEXT NOT NULL,
  week         TEXT NOT NULL,                    -- 2026-W12
  person_id    TEXT NOT NULL,
  late         BIGINT NOT NULL,
  units        BIGINT NOT NULL,
  at           BIGINT NOT NULL,
  PRIMARY KEY (committee_id, week, person_id)
);

-- The overview reads the totals by these: rows that count nothing any more are
-- left out, and everything that is asked stands in the index itself.
CREATE INDEX assignment_tally_open ON assignment_tally (committee_id, year, unit_id, mark, desk_id, main, n) WHERE n > 0 AND state <> 'answered';
CREATE INDEX assignment_tally_done ON assignment_tally (committee_id, year, unit_id, mark, desk_id, main, n) WHERE n > 0 AND state = 'answered';
-- What the lists below its numbers go by.
CREATE INDEX assignment_supervised ON assignment (committee_id, due_on, id) WHERE state IN ('dispatched', 'signed');
CREATE INDEX assignment_desk_open ON assignment (committee_id, desk_id, due_on, id) WHERE state IN ('dispatched', 'signed');
CREATE INDEX reply_sent_back ON reply (committee_id, assignment_id) WHERE returns > 0;
CREATE INDEX extension_granted ON extension (committee_id, assignment_id) WHERE decision = 'granted';

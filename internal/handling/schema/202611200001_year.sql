-- +goose Up
-- The year of handling after the straight path: objections, extensions,
-- waivers, countersigning, pre-reading, second handlings, promises.
--
-- deeds tells which of the rarer records a case has, a sum of powers of two
-- (see deeds.go), so that the page of a plain case does not look for them.
ALTER TABLE handling_case ADD COLUMN deeds BIGINT NOT NULL DEFAULT 0;

-- round counts the handlings, the first one is 1. object_by ends the window in
-- which the unit may object; bound_at is when its silence was taken as consent.
ALTER TABLE assignment ADD COLUMN round BIGINT NOT NULL DEFAULT 1;
ALTER TABLE assignment ADD COLUMN object_by TEXT NOT NULL DEFAULT '';
ALTER TABLE assignment ADD COLUMN object_due TEXT NOT NULL DEFAULT '';
ALTER TABLE assignment ADD COLUMN objected BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE assignment ADD COLUMN bound_at BIGINT;
ALTER TABLE assignment ADD COLUMN waived_at BIGINT;
ALTER TABLE assignment ADD COLUMN waived_by TEXT NOT NULL DEFAULT '';
ALTER TABLE assignment ADD COLUMN waived_name TEXT NOT NULL DEFAULT '';
ALTER TABLE assignment ADD COLUMN waive_reason TEXT NOT NULL DEFAULT '';
-- late: answered after its due date. The days of both are counted from the same
-- far day, in whole numbers, as no two engines share a word for it.
ALTER TABLE assignment ADD COLUMN late BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE assignment SET late = TRUE WHERE state = 'answered' AND due_on <> '9999-12-31' AND due_on <> ''
  AND (answered_at + 28800000) / 86400000 + 719468 >
    (SELECT q.y * 365 + q.y / 4 - q.y / 100 + q.y / 400 + (153 * (q.ym - q.y * 12) + 2) / 5 + q.d - 1
      FROM (SELECT p.ym, p.ym / 12 AS y, p.d
        FROM (SELECT CAST(substr(due_on, 1, 4) AS BIGINT) * 12 + CAST(substr(due_on, 6, 2) AS BIGINT) - 3 AS ym, CAST(substr(due_on, 9, 2) AS BIGINT) AS d) p) q);
CREATE INDEX assignment_window ON assignment (object_by, id) WHERE state = 'dispatched' AND bound_at IS NULL;

-- purpose: first, again (second handling), followup (a promise was kept).
-- due_on is the deadline under which the reply was signed off, late whether
-- that was after it. unit_class is what the unit chose where the supervision
-- office changed the class; both are kept.
ALTER TABLE reply ADD COLUMN purpose TEXT NOT NULL DEFAULT 'first';
ALTER TABLE reply ADD COLUMN due_on TEXT NOT NULL DEFAULT '';
ALTER TABLE reply ADD COLUMN late BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE reply ADD COLUMN signed_off_at BIGINT;
ALTER TABLE reply ADD COLUMN read_by_on TEXT NOT NULL DEFAULT '';
ALTER TABLE reply ADD COLUMN read_due TEXT NOT NULL DEFAULT '';
ALTER TABLE reply ADD COLUMN reader_name TEXT NOT NULL DEFAULT '';
ALTER TABLE reply ADD COLUMN passed_at BIGINT;
ALTER TABLE reply ADD COLUMN unit_class TEXT NOT NULL DEFAULT '';
ALTER TABLE reply ADD COLUMN class_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE reply ADD COLUMN returns BIGINT NOT NULL DEFAULT 0;
UPDATE reply SET signed_off_at = issued_at,
  due_on = (SELECT CASE WHEN a.due_on = '9999-12-31' THEN '' ELSE a.due_on END FROM assignment a WHERE a.id = reply.assignment_id)
  WHERE state = 'issued';
CREATE INDEX reply_before_reader ON reply (committee_id, read_by_on, id) WHERE state = 'reading';
CREATE INDEX reply_unit ON reply (committee_id, unit_id, issued_at, id) WHERE state = 'issued';

-- Answers to the committee's further questions, a JSON object of code and grade.
ALTER TABLE rating ADD COLUMN answers TEXT NOT NULL DEFAULT '{}';

-- Objections (退办). One is open per assignment. ruling: '' while open,
-- accepted, rejected, withdrawn.
CREATE TABLE objection (
  id             TEXT PRIMARY KEY,
  committee_id   TEXT NOT NULL,
  case_kind      TEXT NOT NULL,
  case_id        TEXT NOT NULL,
  assignment_id  TEXT NOT NULL REFERENCES assignment (id),
  unit_id        TEXT NOT NULL,
  unit_name      TEXT NOT NULL,
  desk_id        TEXT NOT NULL DEFAULT '',      -- who rules: a supervision office, '' for the committee's office
  reason         TEXT NOT NULL,
  proposed_unit  TEXT NOT NULL,
  proposed_name  TEXT NOT NULL,
  filed_by       TEXT NOT NULL,
  filed_at       BIGINT NOT NULL,
  consented_by   TEXT NOT NULL DEFAULT '',
  consented_name TEXT NOT NULL DEFAULT '',
  consented_at   BIGINT,
  rule_by        TEXT NOT NULL DEFAULT '',
  rule_due       TEXT NOT NULL DEFAULT '',
  ruling         TEXT NOT NULL DEFAULT '',
  ruled_by       TEXT NOT NULL DEFAULT '',
  ruled_name     TEXT NOT NULL DEFAULT '',
  ruled_at       BIGINT,
  ruling_words   TEXT NOT NULL DEFAULT '',
  to_unit        TEXT NOT NULL DEFAULT '',
  to_name        TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX objection_open ON objection (assignment_id) WHERE ruling = '';
CREATE INDEX objection_case ON objection (case_kind, case_id, id);
CREATE INDEX objection_unit ON objection (committee_id, unit_id, filed_at, id);
CREATE INDEX objection_waits ON objection (committee_id, desk_id, rule_by, id) WHERE ruling = '';

-- Extensions (延期). decision: '' while open, endorsed (the first of two has
-- agreed), granted, refused, void (the reply came first).
CREATE TABLE extension (
  id            TEXT PRIMARY KEY,
  committee_id  TEXT NOT NULL,
  case_kind     TEXT NOT NULL,
  case_id       TEXT NOT NULL,
  assignment_id TEXT NOT NULL REFERENCES assignment (id),
  unit_id       TEXT NOT NULL,
  unit_name     TEXT NOT NULL,
  desk_id       TEXT NOT NULL DEFAULT '',
  approver      TEXT NOT NULL,                  -- dispatcher, office, both: the rule when it was asked
  round         BIGINT NOT NULL,
  was           TEXT NOT NULL,
  until         TEXT NOT NULL,                  -- asked for
  reason        TEXT NOT NULL,
  asked_by      TEXT NOT NULL,
  asked_name    TEXT NOT NULL,
  asked_at      BIGINT NOT NULL,
  endorsed_by   TEXT NOT NULL DEFAULT '',
  endorsed_name TEXT NOT NULL DEFAULT '',
  endorsed_at   BIGINT,
  decision      TEXT NOT NULL DEFAULT '',
  decided_by    TEXT NOT NULL DEFAULT '',
  decided_name  TEXT NOT NULL DEFAULT '',
  decided_at    BIGINT,
  granted_until TEXT NOT NULL DEFAULT '',
  words         TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX extension_open ON extension (assignment_id) WHERE decision IN ('', 'endorsed');
CREATE INDEX extension_case ON extension (case_kind, case_id, id);
CREATE INDEX extension_waits ON extension (committee_id, desk_id, asked_at, id) WHERE decision IN ('', 'endorsed');

-- Countersigning of a draft by the assisting units (会签). answer: '' while
-- awaited, agreed, disagreed, overruled (decided against), void (the draft changed).
CREATE TABLE countersign (
  id            TEXT PRIMARY KEY,
  committee_id  TEXT NOT NULL,
  case_kind     TEXT NOT NULL,
  case_id       TEXT NOT NULL,
  reply_id      TEXT NOT NULL REFERENCES reply (id),
  assignment_id TEXT NOT NULL REFERENCES assignment (id),
  unit_id       TEXT NOT NULL,
  unit_name     TEXT NOT NULL,
  asked_at      BIGINT NOT NULL,
  due_on        TEXT NOT NULL,
  due           TEXT NOT NULL,
  answer        TEXT NOT NULL DEFAULT '',
  words         TEXT NOT NULL DEFAULT '',
  person_id     TEXT NOT NULL DEFAULT '',
  person_name   TEXT NOT NULL DEFAULT '',
  at            BIGINT,
  decision      TEXT NOT NULL DEFAULT '',       -- of who decided a disagreement: stands, revise
  decided_name  TEXT NOT NULL DEFAULT '',
  decided_words TEXT NOT NULL DEFAULT '',
  decided_at    BIGINT
);
CREATE UNIQUE INDEX countersign_once ON countersign (reply_id, assignment_id) WHERE answer IN ('', 'agreed', 'disagreed', 'overruled');
CREATE INDEX countersign_case ON countersign (case_kind, case_id, id);
CREATE INDEX countersign_waits ON countersign (committee_id, unit_id, due_on, id) WHERE answer = '';

-- Readings of replies by who dispatched the case (预审), one row per reading.
CREATE TABLE reply_reading (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  case_kind    TEXT NOT NULL,
  case_id      TEXT NOT NULL,
  reply_id     TEXT NOT NULL REFERENCES reply (id),
  result       TEXT NOT NULL,                   -- passed, returned
  words        TEXT NOT NULL,
  class_was    TEXT NOT NULL,
  class_is     TEXT NOT NULL,
  reader_id    TEXT NOT NULL,
  reader_name  TEXT NOT NULL,
  at           BIGINT NOT NULL
);
CREATE INDEX reply_reading_case ON reply_reading (case_kind, case_id, id);

-- Second handlings (二次办理): why a round began.
CREATE TABLE rehandling (
  id            TEXT PRIMARY KEY,
  committee_id  TEXT NOT NULL,
  case_kind     TEXT NOT NULL,
  case_id       TEXT NOT NULL,
  assignment_id TEXT NOT NULL REFERENCES assignment (id),
  unit_id       TEXT NOT NULL,
  unit_name     TEXT NOT NULL,
  round         BIGINT NOT NULL,                -- that began
  because       TEXT NOT NULL,                  -- rating, ruling
  reply_id      TEXT NOT NULL,                  -- that did not satisfy
  due_on        TEXT NOT NULL,
  at            BIGINT NOT NULL,
  UNIQUE (assignment_id, round)
);
CREATE INDEX rehandling_case ON rehandling (case_kind, case_id, id);
CREATE INDEX rehandling_unit ON rehandling (committee_id, unit_id, at, id);

-- The committee's last word where the rounds are used up (最终裁定).
CREATE TABLE last_word (
  id            TEXT PRIMARY KEY,
  committee_id  TEXT NOT NULL,
  case_kind     TEXT NOT NULL,
  case_id       TEXT NOT NULL,
  assignment_id TEXT NOT NULL REFERENCES assignment (id),
  unit_name     TEXT NOT NULL,
  round         BIGINT NOT NULL,
  asked_at      BIGINT NOT NULL,
  decision      TEXT NOT NULL DEFAULT '',       -- '' while awaited, close, again
  words         TEXT NOT NULL DEFAULT '',
  ruled_by      TEXT NOT NULL DEFAULT '',
  ruled_name    TEXT NOT NULL DEFAULT '',
  ruled_at      BIGINT,
  UNIQUE (assignment_id, round)
);
CREATE INDEX last_word_case ON last_word (case_kind, case_id, id);

-- Promises in the draft of a reply, written anew with each saving.
CREATE TABLE reply_promise (
  reply_id TEXT NOT NULL REFERENCES reply (id),
  place    BIGINT NOT NULL,
  no       BIGINT NOT NULL,                     -- of the suggestion, 0: of the whole
  body     TEXT NOT NULL DEFAULT '',
  owner    TEXT NOT NULL DEFAULT '',
  due_on   TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (reply_id, place)
);

-- The register of promises (承诺): from the issued replies. state: open, kept,
-- cancelled, replaced (a later reply answered anew). Late is who is open after
-- due_on. confirmed: '' while not asked or awaited, yes, no.
CREATE TABLE promise (
  id             TEXT PRIMARY KEY,
  committee_id   TEXT NOT NULL,
  case_kind      TEXT NOT NULL,
  case_id        TEXT NOT NULL,
  reply_id       TEXT NOT NULL REFERENCES reply (id),
  assignment_id  TEXT NOT NULL REFERENCES assignment (id),
  unit_id        TEXT NOT NULL,
  unit_name      TEXT NOT NULL,
  desk_id        TEXT NOT NULL DEFAULT '',
  no             BIGINT NOT NULL,
  body           TEXT NOT NULL,
  owner          TEXT NOT NULL,
  due_on         TEXT NOT NULL,
  made_at        BIGINT NOT NULL,
  state          TEXT NOT NULL,
  kept_on        TEXT NOT NULL DEFAULT '',
  evidence       TEXT NOT NULL DEFAULT '',
  reason         TEXT NOT NULL DEFAULT '',
  ended_by       TEXT NOT NULL DEFAULT '',
  ended_name     TEXT NOT NULL DEFAULT '',
  ended_at       BIGINT,
  confirm_asked  BOOLEAN NOT NULL DEFAULT FALSE,
  confirmed      TEXT NOT NULL DEFAULT '',
  confirm_words  TEXT NOT NULL DEFAULT '',
  confirmed_by   TEXT NOT NULL DEFAULT '',
  confirmed_name TEXT NOT NULL DEFAULT '',
  confirmed_at   BIGINT,
  version        BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX promise_case ON promise (case_kind, case_id, id);
CREATE INDEX promise_unit ON promise (committee_id, unit_id, state, due_on, id);
CREATE INDEX promise_open ON promise (due_on, id) WHERE state = 'open';
CREATE INDEX promise_all ON promise (committee_id, state, due_on, id);
CREATE INDEX promise_confirm ON promise (committee_id, case_kind, case_id) WHERE confirm_asked AND confirmed = '';

-- How many assignments each unit has, kept in the same commit as the
-- assignments: mark is the due date of open ones, and on or late for answered
-- ones. year is that of dispatch.
CREATE TABLE assignment_tally (
  committee_id TEXT NOT NULL,
  year         BIGINT NOT NULL,
  desk_id      TEXT NOT NULL,
  unit_id      TEXT NOT NULL,
  main         BOOLEAN NOT NULL,
  state        TEXT NOT NULL,                   -- dispatched, signed, answered
  mark         TEXT NOT NULL,
  n            BIGINT NOT NULL,
  PRIMARY KEY (committee_id, year, desk_id, unit_id, main, state, mark)
);
INSERT INTO assignment_tally (committee_id, year, desk_id, unit_id, main, state, mark, n)
  SELECT m.committee_id, m.year, m.desk_id, m.unit_id, m.main, m.state, m.mark, COUNT(*) FROM (
    SELECT y.committee_id, y.desk_id, y.unit_id, y.role <> 'assist' AS main, y.state,
      CASE WHEN y.state <> 'answered' THEN y.due_on WHEN y.late THEN 'late' ELSE 'on' END AS mark,
      y.yoe + y.era * 400 + CASE WHEN (5 * (y.doe - (365 * y.yoe + y.yoe / 4 - y.yoe / 100)) + 2) / 153 >= 10 THEN 1 ELSE 0 END AS year
    FROM (SELECT e.*, (e.doe - e.doe / 1460 + e.doe / 36524 - e.doe / 146096) / 365 AS yoe
      FROM (SELECT d.*, d.z - d.z / 146097 * 146097 AS doe, d.z / 146097 AS era
        FROM (SELECT a.*, (a.dispatched_at + 28800000) / 86400000 + 719468 AS z FROM assignment a WHERE a.state IN ('dispatched', 'signed', 'answered')) d) e) y) m
  GROUP BY m.committee_id, m.year, m.desk_id, m.unit_id, m.main, m.state, m.mark;

-- +goose Up
-- A unit that has answered keeps its answer; successor_id takes over what may
-- come later: a second handling, a further reply.
ALTER TABLE assignment ADD COLUMN successor_id TEXT NOT NULL DEFAULT '';
ALTER TABLE assignment ADD COLUMN successor_name TEXT NOT NULL DEFAULT '';
CREATE INDEX assignment_successor ON assignment (committee_id, successor_id) WHERE successor_id <> '';

-- After a merger one unit may hold two parts of a case (分办) of which it has
-- answered one. It never assists twice.
DROP INDEX assignment_once;
CREATE UNIQUE INDEX assignment_once ON assignment (case_kind, case_id, unit_id) WHERE valid_to IS NULL AND role = 'assist';

-- A hand-over of work from one unit to another (移交), ordered by those who
-- dispatch or made when a unit was merged, split or ended.
CREATE TABLE hand_over (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  from_id      TEXT NOT NULL,
  from_name    TEXT NOT NULL,
  to_id        TEXT NOT NULL,
  to_name      TEXT NOT NULL,
  cause        TEXT NOT NULL,                  -- ordered, merged, split, ended
  reason       TEXT NOT NULL DEFAULT '',
  reference    TEXT NOT NULL DEFAULT '',
  person_id    TEXT NOT NULL,
  at           BIGINT NOT NULL,
  done_at      BIGINT
);
CREATE INDEX hand_over_list ON hand_over (committee_id, at, id);

-- What an order moves, and what became of it: '' while it waits, moved, merged
-- (into what the unit had already), kept (answered, the successor is noted),
-- gone (no work was left), refused.
CREATE TABLE hand_over_row (
  hand_over_id  TEXT NOT NULL REFERENCES hand_over (id),
  assignment_id TEXT NOT NULL REFERENCES assignment (id),
  committee_id  TEXT NOT NULL,
  outcome       TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (hand_over_id, assignment_id)
);

-- Each step of an assignment from one unit to another. into_id is the
-- assignment into which it was merged; due_on is then the clock that ended, the
-- later of the two. role_was and role_is are those of the assignment that goes on.
CREATE TABLE assignment_handed (
  id            TEXT PRIMARY KEY,
  committee_id  TEXT NOT NULL,
  case_kind     TEXT NOT NULL,
  case_id       TEXT NOT NULL,
  assignment_id TEXT NOT NULL REFERENCES assignment (id),
  into_id       TEXT NOT NULL DEFAULT '',
  from_unit     TEXT NOT NULL,
  from_name     TEXT NOT NULL,
  to_unit       TEXT NOT NULL,
  to_name       TEXT NOT NULL,
  outcome       TEXT NOT NULL,                 -- moved, merged, kept, renamed
  role_was      TEXT NOT NULL,
  role_is       TEXT NOT NULL,
  due_on        TEXT NOT NULL,
  cause         TEXT NOT NULL,                 -- ordered, merged, split, ended, reopened, renamed
  reason        TEXT NOT NULL DEFAULT '',
  reference     TEXT NOT NULL DEFAULT '',
  hand_over_id  TEXT NOT NULL DEFAULT '',
  person_id     TEXT NOT NULL,
  at            BIGINT NOT NULL
);
CREATE INDEX assignment_handed_case ON assignment_handed (case_kind, case_id, id);
CREATE INDEX assignment_handed_from ON assignment_handed (committee_id, from_unit, at, id);

-- Who was reached before another officer took over (人员更换): what stood there,
-- and the name of who came.
CREATE TABLE assignment_officer (
  id            TEXT PRIMARY KEY,
  committee_id  TEXT NOT NULL,
  case_kind     TEXT NOT NULL,
  case_id       TEXT NOT NULL,
  assignment_id TEXT NOT NULL REFERENCES assignment (id),
  unit_name     TEXT NOT NULL,
  leader        TEXT NOT NULL,
  section       TEXT NOT NULL,
  handler       TEXT NOT NULL,
  phone_sealed  TEXT NOT NULL,
  becomes       TEXT NOT NULL,                 -- name of the new officer, '' for none yet
  reason        TEXT NOT NULL DEFAULT '',
  person_id     TEXT NOT NULL,
  at            BIGINT NOT NULL
);
CREATE INDEX assignment_officer_case ON assignment_officer (case_kind, case_id, id);

-- +goose Up
-- The year for which a proposal is a key proposal (重点提案); 0 for all others.
-- Lists read it for their mark and filter, by an index of the few that have one.
ALTER TABLE proposal ADD COLUMN key_year BIGINT NOT NULL DEFAULT 0;
CREATE INDEX proposal_key ON proposal (committee_id, session_id, id) WHERE key_year > 0;

-- The choosing of a session's key proposals, step by step (see the arrows in
-- key.go). One per session; a supplement in the same year goes through it again.
CREATE TABLE key_selection (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  session_id   TEXT NOT NULL,
  year         BIGINT NOT NULL,
  state        TEXT NOT NULL,                   -- recommending, shortlisting, consulting, approving, decided
  since        BIGINT NOT NULL,
  opened_by    TEXT NOT NULL,
  opened_at    BIGINT NOT NULL,
  version      BIGINT NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX key_selection_session ON key_selection (committee_id, session_id);
CREATE INDEX key_selection_state ON key_selection (committee_id, state, since);

-- Each step of a selection, with the reason when it went back.
CREATE TABLE key_step (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  selection_id TEXT NOT NULL REFERENCES key_selection (id),
  came_from    TEXT NOT NULL,
  came_to      TEXT NOT NULL,
  reason       TEXT NOT NULL DEFAULT '',
  person_id    TEXT NOT NULL,
  at           BIGINT NOT NULL
);
CREATE INDEX key_step_of ON key_step (committee_id, selection_id, id);

CREATE TABLE key_candidate (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  selection_id TEXT NOT NULL REFERENCES key_selection (id),
  proposal_id  TEXT NOT NULL REFERENCES proposal (id),
  state        TEXT NOT NULL,                   -- recommended, shortlisted, passed_over, kept, dropped, approved, not_approved
  words        TEXT NOT NULL DEFAULT '',        -- of the office, when it shortlisted
  reason       TEXT NOT NULL DEFAULT '',        -- of the last consultation
  at           BIGINT NOT NULL
);
CREATE UNIQUE INDEX key_candidate_once ON key_candidate (selection_id, proposal_id);
CREATE INDEX key_candidate_proposal ON key_candidate (proposal_id);

-- Who recommended a candidate and why. by_id is the person, or the body for
-- which somebody spoke; each recommends a proposal once and may change it.
CREATE TABLE key_recommendation (
  candidate_id TEXT NOT NULL REFERENCES key_candidate (id),
  by_id        TEXT NOT NULL,
  committee_id TEXT NOT NULL,
  kind         TEXT NOT NULL,                   -- member, organisation, special_committee, desk, office
  by_name      TEXT NOT NULL,
  criteria     TEXT NOT NULL,                   -- JSON list of codes
  reason       TEXT NOT NULL,
  person_id    TEXT NOT NULL,
  at           BIGINT NOT NULL,
  PRIMARY KEY (candidate_id, by_id)
);

-- Consultations about the shortlist (遴选协商会), with what the supervision
-- offices and the offices of Party and government said.
CREATE TABLE key_consultation (
  id                 TEXT PRIMARY KEY,
  committee_id       TEXT NOT NULL,
  selection_id       TEXT NOT NULL REFERENCES key_selection (id),
  held_on            TEXT NOT NULL,
  people             TEXT NOT NULL,
  party_desk         TEXT NOT NULL DEFAULT '',
  government_desk    TEXT NOT NULL DEFAULT '',
  party_office       TEXT NOT NULL DEFAULT '',
  government_office  TEXT NOT NULL DEFAULT '',
  verdicts           TEXT NOT NULL,             -- JSON list: candidate, kept or dropped, reason
  person_id          TEXT NOT NULL,
  at                 BIGINT NOT NULL
);
CREATE INDEX key_consultation_of ON key_consultation (committee_id, selection_id, id);

-- What the Chair's Council decided. most is the limit at that time, -1 for
-- none; above it only with a reason.
CREATE TABLE key_decision (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  selection_id TEXT NOT NULL REFERENCES key_selection (id),
  decided_on   TEXT NOT NULL,
  reference    TEXT NOT NULL,
  approved     BIGINT NOT NULL,                 -- by this decision
  in_all       BIGINT NOT NULL,                 -- of the session, with earlier decisions
  most         BIGINT NOT NULL,
  reason       TEXT NOT NULL DEFAULT '',
  person_id    TEXT NOT NULL,
  at           BIGINT NOT NULL,
  CHECK (most < 0 OR in_all <= most OR reason <> '')
);
CREATE INDEX key_decision_of ON key_decision (committee_id, selection_id, id);

-- A key proposal: its year, how its plan stands, who assists. A proposal is a
-- key proposal once.
CREATE TABLE key_proposal (
  proposal_id  TEXT PRIMARY KEY REFERENCES proposal (id),
  committee_id TEXT NOT NULL,
  session_id   TEXT NOT NULL,
  year         BIGINT NOT NULL,
  decision_id  TEXT NOT NULL REFERENCES key_decision (id),
  state        TEXT NOT NULL,                   -- underway, reported, released
  criteria     TEXT NOT NULL DEFAULT '[]',      -- JSON list of codes
  assist_id    TEXT NOT NULL DEFAULT '',        -- special committee
  assist_name  TEXT NOT NULL DEFAULT '',
  plan         TEXT NOT NULL,                   -- plan_awaited, plan_submitted, plan_returned, plan_accepted
  plan_due_on  TEXT NOT NULL DEFAULT '',        -- '' until the unit has its notice
  plan_due     TEXT NOT NULL DEFAULT '',        -- JSON calendar.Deadline
  noticed_at   BIGINT,
  approved_at  BIGINT NOT NULL,
  released_why TEXT NOT NULL DEFAULT '',
  version      BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX key_proposal_year ON key_proposal (committee_id, year, proposal_id);
CREATE INDEX key_proposal_plan ON key_proposal (committee_id, plan, plan_due_on);
CREATE INDEX key_proposal_assist ON key_proposal (assist_id) WHERE assist_id <> '';

CREATE TABLE key_leader (
  proposal_id  TEXT NOT NULL REFERENCES key_proposal (proposal_id),
  position     BIGINT NOT NULL,
  committee_id TEXT NOT NULL,
  person_id    TEXT NOT NULL DEFAULT '',        -- '' for a leader without an account
  name         TEXT NOT NULL,
  organ        TEXT NOT NULL,                   -- party, government, cppcc
  role         TEXT NOT NULL,                   -- handles (领办), supervises (领衔督办)
  PRIMARY KEY (proposal_id, position)
);
CREATE INDEX key_leader_person ON key_leader (committee_id, person_id, proposal_id) WHERE person_id <> '';

-- Every plan (办理方案) that a unit handed in, and what the office said of it.
CREATE TABLE key_plan (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  proposal_id  TEXT NOT NULL REFERENCES key_proposal (proposal_id),
  unit_id      TEXT NOT NULL,
  unit_name    TEXT NOT NULL,
  body         TEXT NOT NULL,
  milestones   TEXT NOT NULL,                   -- JSON list: what, until when
  person_id    TEXT NOT NULL,
  at           BIGINT NOT NULL,
  verdict      TEXT NOT NULL DEFAULT '',        -- accepted, returned, '' while it waits
  words        TEXT NOT NULL DEFAULT '',
  judged_by    TEXT NOT NULL DEFAULT '',
  judged_at    BIGINT
);
CREATE INDEX key_plan_of ON key_plan (committee_id, proposal_id, id);

-- A supervision (督办): what was seen, who took part. Its requirements are tasks.
CREATE TABLE key_record (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  proposal_id  TEXT NOT NULL REFERENCES key_proposal (proposal_id),
  form         TEXT NOT NULL,
  held_on      TEXT NOT NULL,
  leader       TEXT NOT NULL,
  participants TEXT NOT NULL DEFAULT '',
  problems     TEXT NOT NULL DEFAULT '',
  report       TEXT NOT NULL DEFAULT '',
  next_on      TEXT NOT NULL DEFAULT '',
  person_id    TEXT NOT NULL,
  at           BIGINT NOT NULL
);
CREATE INDEX key_record_of ON key_record (committee_id, proposal_id, held_on, id);

-- An instruction of a leader (批示). Its follow-up is a task.
CREATE TABLE key_instruction (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  proposal_id  TEXT NOT NULL REFERENCES key_proposal (proposal_id),
  leader_id    TEXT NOT NULL DEFAULT '',
  leader_name  TEXT NOT NULL,
  level        TEXT NOT NULL,                   -- city, county, province, national
  given_on     TEXT NOT NULL,
  body         TEXT NOT NULL,
  entered_by   TEXT NOT NULL DEFAULT '',        -- staff who entered it for the leader
  at           BIGINT NOT NULL
);
CREATE INDEX key_instruction_of ON key_instruction (committee_id, proposal_id, given_on, id);

-- Whatever somebody owes a key proposal by a day: the plan, a milestone of it,
-- a requirement of a supervision, the follow-up of an instruction, the next
-- supervision. body_id '' is the committee's own office.
CREATE TABLE key_task (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  proposal_id  TEXT NOT NULL REFERENCES key_proposal (proposal_id),
  kind         TEXT NOT NULL,                   -- plan, milestone, requirement, follow_up, supervision
  source_id    TEXT NOT NULL DEFAULT '',        -- plan, record or instruction
  body_id      TEXT NOT NULL DEFAULT '',
  body_name    TEXT NOT NULL DEFAULT '',
  body         TEXT NOT NULL DEFAULT '',        -- what is to be done
  due_on       TEXT NOT NULL,
  state        TEXT NOT NULL,                   -- open, done, ended
  outcome      TEXT NOT NULL DEFAULT '',
  reason       TEXT NOT NULL DEFAULT '',        -- why it was changed, opened again or ended
  answered_by  TEXT NOT NULL DEFAULT '',
  answered_at  BIGINT,
  at           BIGINT NOT NULL,
  version      BIGINT NOT NULL DEFAULT 1,
  CHECK (due_on <> '' AND (body_id <> '' OR kind = 'supervision'))
);
CREATE INDEX key_task_of ON key_task (proposal_id, due_on, id);
CREATE INDEX key_task_body ON key_task (committee_id, body_id, due_on, id) WHERE state = 'open';
CREATE INDEX key_task_open ON key_task (due_on, id) WHERE state = 'open';
CREATE INDEX key_task_seen ON key_task (body_id, proposal_id) WHERE body_id <> '';

-- Reminders given, once before the day and once after it.
CREATE TABLE key_reminder (
  task_id      TEXT NOT NULL REFERENCES key_task (id),
  due_on       TEXT NOT NULL,
  step         TEXT NOT NULL,                   -- near, late
  committee_id TEXT NOT NULL,
  at           BIGINT NOT NULL,
  PRIMARY KEY (task_id, due_on, step)
);

-- Results told to Party and government, and what the press wrote.
CREATE TABLE key_report (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  proposal_id  TEXT NOT NULL REFERENCES key_proposal (proposal_id),
  kind         TEXT NOT NULL,                   -- result, press
  receiver     TEXT NOT NULL,                   -- party, government, both; the medium of a press item
  on_day       TEXT NOT NULL,
  reference    TEXT NOT NULL DEFAULT '',        -- document number, or page of the press
  body         TEXT NOT NULL DEFAULT '',
  person_id    TEXT NOT NULL,
  at           BIGINT NOT NULL
);
CREATE INDEX key_report_of ON key_report (committee_id, proposal_id, on_day, id);

-- +goose Up
-- One row per proposal: what lists show, filter and sort by. The texts stand in
-- proposal_text. After filing, state, holder and due_on are what handling
-- derived (see Stood).
CREATE TABLE proposal (
  id             TEXT PRIMARY KEY,
  committee_id   TEXT NOT NULL,
  session_id     TEXT NOT NULL,
  state          TEXT NOT NULL,
  level          TEXT NOT NULL DEFAULT '',      -- of review, while submitted
  number         BIGINT,                        -- within the session, from filing on
  registration   BIGINT,                        -- within the session, from submitting on
  title          TEXT NOT NULL,
  category       TEXT NOT NULL DEFAULT '',
  timing         TEXT NOT NULL DEFAULT '',      -- session, intersession
  kind           TEXT NOT NULL,                 -- individual, joint, party, …
  author_id      TEXT NOT NULL,                 -- who writes it
  lead_name      TEXT NOT NULL,                 -- as lists show it
  entered_by     TEXT NOT NULL DEFAULT '',      -- staff who entered it for the author
  on_paper       BOOLEAN NOT NULL DEFAULT FALSE,
  publish        TEXT NOT NULL DEFAULT 'agreed',-- agreed, refused
  publish_reason TEXT NOT NULL DEFAULT '',
  revision       BIGINT NOT NULL DEFAULT 0,     -- the text in force
  pending        BIGINT NOT NULL DEFAULT 0,     -- an office revision that waits for the proposer
  holder         TEXT NOT NULL DEFAULT '',      -- message key of who holds it
  holder_name    TEXT NOT NULL DEFAULT '',
  holder_since   BIGINT,
  due_on         TEXT NOT NULL DEFAULT '9999-12-31', -- so that it sorts on both engines
  due            TEXT NOT NULL DEFAULT '',      -- JSON calendar.Deadline of the review
  lead_unit_id   TEXT NOT NULL DEFAULT '',
  lead_unit_name TEXT NOT NULL DEFAULT '',
  reply_class    TEXT NOT NULL DEFAULT '',
  created_at     BIGINT NOT NULL,
  saved_at       BIGINT NOT NULL,
  submitted_at   BIGINT,
  filed_at       BIGINT,
  version        BIGINT NOT NULL DEFAULT 1
);
-- The lists: newest, by due date and by number, of everything and of one cell
-- (category × state). A filter on category or state alone reads its few cells
-- (see cells.go), so that every list touches only the rows that it shows.
CREATE INDEX proposal_list ON proposal (committee_id, session_id, id);
CREATE INDEX proposal_due ON proposal (committee_id, session_id, due_on, id);
CREATE INDEX proposal_cell ON proposal (committee_id, session_id, category, state, id);
CREATE INDEX proposal_cell_due ON proposal (committee_id, session_id, category, state, due_on, id);
CREATE INDEX proposal_cell_number ON proposal (committee_id, session_id, category, state, number) WHERE number IS NOT NULL;
CREATE UNIQUE INDEX proposal_number ON proposal (session_id, number) WHERE number IS NOT NULL;
CREATE INDEX proposal_unit_case ON proposal (committee_id, session_id, lead_unit_id, id, state, category) WHERE lead_unit_id <> '';
CREATE INDEX proposal_kind ON proposal (committee_id, session_id, kind, timing, state, category);
CREATE INDEX proposal_author ON proposal (committee_id, author_id, id);

-- Every text a proposal had: revision 0 is the draft, which is written over;
-- from submitting on a revision never changes.
CREATE TABLE proposal_text (
  proposal_id TEXT NOT NULL REFERENCES proposal (id),
  revision    BIGINT NOT NULL,
  kind        TEXT NOT NULL,                    -- draft, submitted, office, correction
  title       TEXT NOT NULL,
  background  TEXT NOT NULL,                    -- the whole text when body_mode is single
  analysis    TEXT NOT NULL DEFAULT '',
  measures    TEXT NOT NULL DEFAULT '',
  basis       TEXT NOT NULL DEFAULT '',         -- research basis
  items       TEXT NOT NULL DEFAULT '[]',       -- JSON list of suggestions
  reason      TEXT NOT NULL DEFAULT '',         -- why the office changed it
  person_id   TEXT NOT NULL,
  at          BIGINT NOT NULL,
  answer      TEXT NOT NULL DEFAULT '',         -- of the proposer to an office revision: confirmed, refused
  answer_note TEXT NOT NULL DEFAULT '',         -- why it was refused
  answered_at BIGINT,
  PRIMARY KEY (proposal_id, revision)
);

-- Who proposes beside the author: invited members, and the organisations of a
-- collective proposal. state: invited, signed, declined, removed, lapsed.
CREATE TABLE proposal_signer (
  proposal_id  TEXT NOT NULL REFERENCES proposal (id),
  signer_id    TEXT NOT NULL,                   -- person or body
  committee_id TEXT NOT NULL,
  is_body      BOOLEAN NOT NULL,
  name         TEXT NOT NULL,
  position     BIGINT NOT NULL,
  state        TEXT NOT NULL,
  invited_at   BIGINT NOT NULL,
  answered_at  BIGINT,
  PRIMARY KEY (proposal_id, signer_id)
);
CREATE INDEX proposal_signer_person ON proposal_signer (committee_id, signer_id, state, proposal_id);

-- Who was asked and has not answered, for the clockwork after the cut-off.
CREATE INDEX proposal_signer_open ON proposal_signer (proposal_id) WHERE state = 'invited';

CREATE TABLE proposal_unit (
  proposal_id TEXT NOT NULL REFERENCES proposal (id),
  unit_id     TEXT NOT NULL,
  PRIMARY KEY (proposal_id, unit_id)
);

CREATE TABLE proposal_review (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  proposal_id  TEXT NOT NULL REFERENCES proposal (id),
  level        TEXT NOT NULL,
  verdict      TEXT NOT NULL,                   -- pass, return, file, decline, convert_opinion, convert_letter, transfer_up
  reason       TEXT NOT NULL DEFAULT '',        -- code
  opinion      TEXT NOT NULL DEFAULT '',
  person_id    TEXT NOT NULL,
  at           BIGINT NOT NULL
);
CREATE INDEX proposal_review_of ON proposal_review (committee_id, proposal_id, id);

-- The one disposition of each submission, with its history: figures "as of"
-- a day read valid_from and valid_to.
CREATE TABLE proposal_disposition (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  session_id   TEXT NOT NULL,
  proposal_id  TEXT NOT NULL REFERENCES proposal (id),
  disposition  TEXT NOT NULL,                   -- pending, filed, not_filed, converted_opinion, converted_letter, transferred_up, withdrawn
  reason       TEXT NOT NULL DEFAULT '',
  note         TEXT NOT NULL DEFAULT '',
  person_id    TEXT NOT NULL,
  valid_from   BIGINT NOT NULL,
  valid_to     BIGINT
);
CREATE UNIQUE INDEX proposal_disposition_one ON proposal_disposition (proposal_id) WHERE valid_to IS NULL;
-- The history on the case page; the one above knows the open ones only.
CREATE INDEX proposal_disposition_of ON proposal_disposition (proposal_id, valid_from);
CREATE INDEX proposal_disposition_as_of ON proposal_disposition (committee_id, session_id, valid_from);

-- Last number given in a session; numbers are never used again.
CREATE TABLE proposal_counter (
  session_id TEXT NOT NULL,
  series     TEXT NOT NULL,                     -- number, registration
  last       BIGINT NOT NULL,
  PRIMARY KEY (session_id, series)
);

-- Exact totals for session × category × state without counting rows. slot
-- spreads the writers of a cluster; a total is the sum over slots.
CREATE TABLE proposal_tally (
  committee_id TEXT NOT NULL,
  session_id   TEXT NOT NULL,
  category     TEXT NOT NULL,
  state        TEXT NOT NULL,
  slot         BIGINT NOT NULL,
  n            BIGINT NOT NULL,
  PRIMARY KEY (committee_id, session_id, category, state, slot)
);

-- How many open proposals are due on each day, so that the number of late ones
-- is a sum over days. Slots as in proposal_tally.
CREATE TABLE proposal_due_tally (
  committee_id TEXT NOT NULL,
  session_id   TEXT NOT NULL,
  due_on       TEXT NOT NULL,
  slot         BIGINT NOT NULL,
  n            BIGINT NOT NULL,
  PRIMARY KEY (committee_id, session_id, due_on, slot)
);

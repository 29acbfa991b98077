-- +goose Up
-- The names that a body had before its present one (更名), each with its days
-- and the document that changed it. Letters keep the name they were signed under.
CREATE TABLE body_named (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  body_id      TEXT NOT NULL REFERENCES body (id),
  name         TEXT NOT NULL,
  short_name   TEXT NOT NULL DEFAULT '',
  valid_from   TEXT NOT NULL,
  valid_to     TEXT NOT NULL,                -- the last day of this name
  becomes      TEXT NOT NULL,                -- the name after it
  reference    TEXT NOT NULL DEFAULT '',     -- document by which it changed
  person_id    TEXT NOT NULL,
  at           BIGINT NOT NULL
);
CREATE INDEX body_named_of ON body_named (committee_id, body_id, valid_to);

-- Who came after a body that was merged, split or ended. is_default is the one
-- that takes over what nobody decided about; a body that went on after giving
-- a part away has none.
CREATE TABLE body_heir (
  id           TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  body_id      TEXT NOT NULL REFERENCES body (id),
  heir_id      TEXT NOT NULL REFERENCES body (id),
  is_default   BOOLEAN NOT NULL,
  how          TEXT NOT NULL,                -- merged, split, ended
  on_date      TEXT NOT NULL,                -- from when on
  reference    TEXT NOT NULL DEFAULT '',
  person_id    TEXT NOT NULL,
  at           BIGINT NOT NULL
);
CREATE INDEX body_heir_of ON body_heir (committee_id, body_id, id);
CREATE INDEX body_heir_from ON body_heir (committee_id, heir_id, id);

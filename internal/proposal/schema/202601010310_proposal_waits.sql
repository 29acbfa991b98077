-- +goose Up
-- What waits at a level of review or for dispatch, by who holds it, for the
-- workbench: the count and the most urgent come from this index alone.
CREATE INDEX proposal_waiting ON proposal (committee_id, holder, due_on, id) WHERE state IN ('submitted', 'filed');

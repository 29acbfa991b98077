-- +goose Up
-- What waits and is rare among what does not: drafts about which units disagree,
-- last words. The queues of the workbench ask for them at every visit.
CREATE INDEX reply_countersigning ON reply (committee_id, id) WHERE state = 'countersigning';
CREATE INDEX last_word_waits ON last_word (committee_id, asked_at, id) WHERE decision = '';

-- What units said to a draft, by the draft: the index of those that count
-- (countersign_once) is not found by a single answer.
CREATE INDEX countersign_reply ON countersign (reply_id, answer);

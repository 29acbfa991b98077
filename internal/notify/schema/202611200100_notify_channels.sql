-- +goose Up
-- More channels than mail. state of a delivery: waiting, digest (waits for the
-- digest), joined (told of by the digest lead_id), sent, failed, needless (read
-- in the meantime). round counts the sendings that a person asked for after the
-- provider had told of a failure; it makes another id for the provider.
-- receipt: '', delivered, read, failed.
ALTER TABLE delivery ADD COLUMN urgency BIGINT NOT NULL DEFAULT 0;
ALTER TABLE delivery ADD COLUMN forced BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE delivery ADD COLUMN lead_id TEXT NOT NULL DEFAULT '';
ALTER TABLE delivery ADD COLUMN round BIGINT NOT NULL DEFAULT 0;
ALTER TABLE delivery ADD COLUMN provider_id TEXT NOT NULL DEFAULT '';
ALTER TABLE delivery ADD COLUMN receipt TEXT NOT NULL DEFAULT '';
ALTER TABLE delivery ADD COLUMN receipt_at BIGINT;
CREATE INDEX delivery_digest ON delivery (next_at) WHERE state = 'digest';
CREATE INDEX delivery_lead ON delivery (lead_id) WHERE lead_id <> '';
CREATE INDEX delivery_provider ON delivery (channel, provider_id) WHERE provider_id <> '';
CREATE INDEX delivery_ended ON delivery (committee_id, ended_at);

-- One digest per person, channel and instant, whichever node makes it.
CREATE TABLE notice_digest (
  person_id    TEXT NOT NULL,
  channel      TEXT NOT NULL,
  at           BIGINT NOT NULL,
  committee_id TEXT NOT NULL,
  lead_id      TEXT NOT NULL,
  PRIMARY KEY (person_id, channel, at)
);

-- How somebody wants to be told; without a row the defaults hold. levels is a
-- JSON object: channel → all, urgent or off. quiet: '' as the committee, own,
-- none.
CREATE TABLE notice_choice (
  person_id    TEXT PRIMARY KEY,
  committee_id TEXT NOT NULL,
  levels       TEXT NOT NULL DEFAULT '{}',
  digest       BOOLEAN NOT NULL DEFAULT FALSE,
  quiet        TEXT NOT NULL DEFAULT '',
  quiet_from   TEXT NOT NULL DEFAULT '',
  quiet_to     TEXT NOT NULL DEFAULT '',
  changed_at   BIGINT NOT NULL
);

-- Names of people at WeCom, DingTalk and Feishu. Mail and phone are kept with
-- the person (package identity).
CREATE TABLE notice_address (
  person_id      TEXT NOT NULL,
  channel        TEXT NOT NULL,
  committee_id   TEXT NOT NULL,
  address_sealed TEXT NOT NULL,
  changed_at     BIGINT NOT NULL,
  PRIMARY KEY (person_id, channel)
);

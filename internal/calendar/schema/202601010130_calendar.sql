-- +goose Up
-- Holidays and make-up days as the committee keeps them. version counts the
-- changes of the committee's calendar.
CREATE TABLE calendar_version (
  committee_id TEXT PRIMARY KEY,
  version      BIGINT NOT NULL
);
CREATE TABLE calendar_notice (
  committee_id TEXT NOT NULL,
  year         BIGINT NOT NULL,
  notice       TEXT NOT NULL,
  version      BIGINT NOT NULL,
  PRIMARY KEY (committee_id, year)
);

-- SPDX-License-Identifier: Apache-2.0
-- Batches that wait for their place in the log, for PostgreSQL. See docs/formats/store.md.

CREATE SEQUENCE cardwarden.batches;

-- What was stored and has no index yet. Whoever holds the log's lock takes all of it.
CREATE TABLE cardwarden.waiting (
  batch    bigint NOT NULL,        -- of one append
  position integer NOT NULL,       -- in the batch
  id       bytea NOT NULL,         -- of the record
  PRIMARY KEY (batch, position),
  CONSTRAINT waits_for_record FOREIGN KEY (id) REFERENCES cardwarden.records (id)
);

ALTER TABLE cardwarden.entries ADD COLUMN batch bigint NOT NULL DEFAULT 0;  -- the one that brought the record

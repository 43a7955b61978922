-- SPDX-License-Identifier: Apache-2.0
-- A batch that waits is one row, for PostgreSQL. See docs/formats/store.md.

CREATE TABLE cardwarden.waiting_batches (
  batch bigint PRIMARY KEY,        -- of one append
  ids   bytea NOT NULL,            -- of its records, one after the other; their rows come with it
  CONSTRAINT valid_ids CHECK (length(ids) > 0 AND length(ids) % 32 = 0)
);
-- Digests do not shrink.
ALTER TABLE cardwarden.waiting_batches ALTER COLUMN ids SET STORAGE EXTERNAL;
INSERT INTO cardwarden.waiting_batches (batch, ids)
  SELECT batch, string_agg(id, ''::bytea ORDER BY position) FROM cardwarden.waiting GROUP BY batch;
DROP TABLE cardwarden.waiting;
ALTER TABLE cardwarden.waiting_batches RENAME TO waiting;

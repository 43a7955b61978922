-- SPDX-License-Identifier: Apache-2.0
-- Full-text search over findings and their evidence, for PostgreSQL. See docs/formats/store.md.

-- What can be searched of the documents; made from their bytes, gone with them.
CREATE TABLE cardwarden.passages (
  document bytea NOT NULL REFERENCES cardwarden.documents (id) ON DELETE CASCADE,
  place    integer NOT NULL,       -- in the document, from 0
  kind     text NOT NULL,          -- finding, evidence
  path     text NOT NULL,          -- of the card
  rule     text NOT NULL,
  text     text NOT NULL,
  words    tsvector NOT NULL,      -- of the text, in lower case, with their positions
  PRIMARY KEY (document, place)
);
CREATE INDEX passages_by_words ON cardwarden.passages USING gin (words);
CREATE TRIGGER passages_stay BEFORE UPDATE ON cardwarden.passages
  FOR EACH STATEMENT EXECUTE FUNCTION cardwarden.refuse();

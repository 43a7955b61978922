-- SPDX-License-Identifier: Apache-2.0
-- Full-text search over findings and their evidence, for SQLite. See docs/formats/store.md.

-- What can be searched of the documents; made from their bytes, gone with them.
CREATE TABLE passages (
  id       INTEGER PRIMARY KEY,
  document BLOB NOT NULL REFERENCES documents (id),
  place    INTEGER NOT NULL,       -- in the document, from 0
  kind     TEXT NOT NULL,          -- finding, evidence
  path     TEXT NOT NULL,          -- of the card
  rule     TEXT NOT NULL,
  text     TEXT NOT NULL,
  words    TEXT NOT NULL,          -- of the text, in lower case, one blank between two
  CONSTRAINT one_place UNIQUE (document, place)
) STRICT;

-- The tokens are the words as they are: "ascii" takes every byte over 127 for a part of one. No trigger may write
-- here while the schema of a file is not trusted, so that the program does it with every passage.
CREATE VIRTUAL TABLE passage_words USING fts5 (
  words, content = 'passages', content_rowid = 'id', tokenize = 'ascii', columnsize = 0
);
CREATE TRIGGER passages_stay BEFORE UPDATE ON passages BEGIN SELECT RAISE(ABORT, 'passages do not change'); END;

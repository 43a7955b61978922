-- SPDX-License-Identifier: Apache-2.0
-- Records and the log over them, for SQLite. See docs/formats/store.md.

-- One row a log entry. Everything behind `envelope` is read from it again by fsck.
CREATE TABLE records (
  log_index INTEGER PRIMARY KEY,   -- place in the log, from 0 without gaps
  id        BLOB NOT NULL,         -- SHA-256 of envelope
  envelope  BLOB NOT NULL,         -- the signed bytes as they are
  kind      TEXT NOT NULL,         -- audit, verdict, waiver, review, key-rotation, other
  result    TEXT NOT NULL,         -- PASSED, WARNED, FAILED or empty
  policy    TEXT NOT NULL,         -- SHA-256 of the resolved policy in hexadecimal, or empty
  tenant    TEXT NOT NULL,         -- or empty
  finished  INTEGER NOT NULL,      -- POSIX seconds by the signer's clock, 0 when it does not say
  CONSTRAINT valid_index CHECK (log_index >= 0),
  CONSTRAINT valid_id CHECK (length(id) = 32),
  CONSTRAINT one_entry_a_record UNIQUE (id)
) STRICT;
CREATE INDEX records_by_kind ON records (kind, log_index);
CREATE INDEX records_by_finished ON records (finished, log_index);
CREATE INDEX records_by_policy ON records (policy, log_index);
CREATE INDEX records_by_tenant ON records (tenant, log_index);

-- Further properties of a record.
CREATE TABLE tags (
  name      TEXT NOT NULL,         -- subject, digest, rule, disclosure, control, actor
  value     TEXT NOT NULL,
  log_index INTEGER NOT NULL REFERENCES records (log_index),
  PRIMARY KEY (name, value, log_index)
) STRICT, WITHOUT ROWID;
CREATE INDEX tags_of_record ON tags (log_index);

-- Hashes of complete subtrees; level 0 are the leaf hashes. They never change.
CREATE TABLE nodes (
  level INTEGER NOT NULL,
  place INTEGER NOT NULL,          -- index among the subtrees of the level
  hash  BLOB NOT NULL,
  PRIMARY KEY (level, place),
  CONSTRAINT valid_hash CHECK (length(hash) = 32),
  CONSTRAINT valid_place CHECK (level BETWEEN 0 AND 63 AND place >= 0)
) STRICT, WITHOUT ROWID;

-- Every checkpoint that was ever signed.
CREATE TABLE checkpoints (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  size     INTEGER NOT NULL,       -- of the log it covers
  note     BLOB NOT NULL,          -- as it was signed
  CONSTRAINT valid_size CHECK (size >= 0)
) STRICT;

-- Findings and the like. They may be deleted.
CREATE TABLE documents (
  id    BLOB PRIMARY KEY,          -- SHA-256 of bytes
  bytes BLOB NOT NULL,
  CONSTRAINT valid_id CHECK (length(id) = 32)
) STRICT, WITHOUT ROWID;

-- Public keys, the old ones too.
CREATE TABLE keys (
  role       TEXT NOT NULL,        -- record, log, cosign
  id         TEXT NOT NULL,        -- SHA-256 of spki in hexadecimal
  name       TEXT NOT NULL,
  spki       BLOB NOT NULL,        -- SubjectPublicKeyInfo, DER
  valid_from INTEGER NOT NULL,     -- POSIX seconds, and so the next two
  valid_to   INTEGER,              -- null: no end is set
  revoked_at INTEGER,              -- null: not revoked
  PRIMARY KEY (role, id)
) STRICT, WITHOUT ROWID;

-- Append-only. This guards against slips; what guards against intent is the signed checkpoint.
CREATE TRIGGER records_stay BEFORE UPDATE ON records BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;
CREATE TRIGGER records_remain BEFORE DELETE ON records BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;
CREATE TRIGGER records_follow BEFORE INSERT ON records
  WHEN NEW.log_index <> (SELECT coalesce(max(log_index) + 1, 0) FROM records)
  BEGIN SELECT RAISE(ABORT, 'a record takes the next index'); END;
CREATE TRIGGER nodes_stay BEFORE UPDATE ON nodes BEGIN SELECT RAISE(ABORT, 'nodes are append-only'); END;
CREATE TRIGGER nodes_remain BEFORE DELETE ON nodes BEGIN SELECT RAISE(ABORT, 'nodes are append-only'); END;
CREATE TRIGGER tags_stay BEFORE UPDATE ON tags BEGIN SELECT RAISE(ABORT, 'tags are append-only'); END;
CREATE TRIGGER tags_remain BEFORE DELETE ON tags BEGIN SELECT RAISE(ABORT, 'tags are append-only'); END;
CREATE TRIGGER checkpoints_stay BEFORE UPDATE ON checkpoints
  BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;
CREATE TRIGGER checkpoints_remain BEFORE DELETE ON checkpoints
  BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;
CREATE TRIGGER checkpoints_grow BEFORE INSERT ON checkpoints
  WHEN NEW.size < (SELECT coalesce(max(size), 0) FROM checkpoints)
  BEGIN SELECT RAISE(ABORT, 'the log has been signed at a larger size'); END;
CREATE TRIGGER keys_remain BEFORE DELETE ON keys BEGIN SELECT RAISE(ABORT, 'keys are kept for ever'); END;
CREATE TRIGGER keys_stay BEFORE UPDATE OF role, id, spki ON keys
  WHEN OLD.role <> NEW.role OR OLD.id <> NEW.id OR OLD.spki <> NEW.spki
  BEGIN SELECT RAISE(ABORT, 'a key keeps its bytes'); END;

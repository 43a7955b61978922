-- SPDX-License-Identifier: Apache-2.0
-- Records and the log over them, for PostgreSQL. See docs/formats/store.md.

-- Records by their digest. Rows are written before the log's lock is taken, so writers work side by side.
CREATE TABLE cardwarden.records (
  id       bytea PRIMARY KEY,      -- SHA-256 of envelope
  envelope bytea NOT NULL,         -- the signed bytes as they are
  kind     text NOT NULL,          -- audit, verdict, waiver, review, key-rotation, other
  result   text NOT NULL,          -- PASSED, WARNED, FAILED or empty
  policy   text NOT NULL,          -- SHA-256 of the resolved policy in hexadecimal, or empty
  tenant   text NOT NULL,          -- or empty
  finished bigint NOT NULL,        -- POSIX seconds by the signer's clock, 0 when it does not say
  tags     text[] NOT NULL,        -- name, U+001F, value; sorted
  CONSTRAINT valid_id CHECK (length(id) = 32)
);
-- Base64 hardly shrinks, and trying costs more than writing it.
ALTER TABLE cardwarden.records ALTER COLUMN envelope SET STORAGE EXTERNAL;
CREATE INDEX records_by_tag ON cardwarden.records USING gin (tags);
CREATE INDEX records_by_finished ON cardwarden.records (finished);

-- The log: which record stands at which index.
CREATE TABLE cardwarden.entries (
  log_index bigint PRIMARY KEY,    -- from 0 without gaps
  id        bytea NOT NULL,
  CONSTRAINT valid_index CHECK (log_index >= 0),
  CONSTRAINT one_entry_a_record UNIQUE (id),
  CONSTRAINT entry_of_record FOREIGN KEY (id) REFERENCES cardwarden.records (id)
);

-- Its one row is the lock under which entries get their index.
CREATE TABLE cardwarden.log_head (
  one  boolean PRIMARY KEY DEFAULT true,
  size bigint NOT NULL,            -- of the log
  edge bytea NOT NULL,             -- hashes of the complete subtrees that make it up, the largest first
  CONSTRAINT one_row CHECK (one),
  CONSTRAINT valid_size CHECK (size >= 0),
  CONSTRAINT valid_edge CHECK (length(edge) % 32 = 0)
);
INSERT INTO cardwarden.log_head (size, edge) VALUES (0, '');

-- Hashes of complete subtrees; level 0 are the leaf hashes. They never change.
CREATE TABLE cardwarden.nodes (
  level smallint NOT NULL,
  place bigint NOT NULL,           -- index among the subtrees of the level
  hash  bytea NOT NULL,
  PRIMARY KEY (level, place),
  CONSTRAINT valid_hash CHECK (length(hash) = 32),
  CONSTRAINT valid_place CHECK (level BETWEEN 0 AND 63 AND place >= 0)
);

-- Every checkpoint that was ever signed.
CREATE TABLE cardwarden.checkpoints (
  sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  size     bigint NOT NULL,        -- of the log it covers
  note     bytea NOT NULL,         -- as it was signed
  CONSTRAINT valid_size CHECK (size >= 0)
);

-- Findings and the like. They may be deleted.
CREATE TABLE cardwarden.documents (
  id    bytea PRIMARY KEY,         -- SHA-256 of bytes
  bytes bytea NOT NULL,
  CONSTRAINT valid_id CHECK (length(id) = 32)
);

-- Public keys, the old ones too.
CREATE TABLE cardwarden.keys (
  role       text NOT NULL,        -- record, log, cosign
  id         text NOT NULL,        -- SHA-256 of spki in hexadecimal
  name       text NOT NULL,
  spki       bytea NOT NULL,       -- SubjectPublicKeyInfo, DER
  valid_from bigint NOT NULL,      -- POSIX seconds, and so the next two
  valid_to   bigint,               -- null: no end is set
  revoked_at bigint,               -- null: not revoked
  PRIMARY KEY (role, id)
);

-- Append-only. This guards against slips; what guards against intent is the signed checkpoint.
CREATE FUNCTION cardwarden.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
CREATE FUNCTION cardwarden.checkpoints_grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  LOCK TABLE cardwarden.checkpoints IN SHARE ROW EXCLUSIVE MODE;
  IF NEW.size < (SELECT coalesce(max(size), 0) FROM cardwarden.checkpoints) THEN
    RAISE EXCEPTION 'the log has been signed at a larger size';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION cardwarden.keys_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.role <> NEW.role OR OLD.id <> NEW.id OR OLD.spki <> NEW.spki THEN
    RAISE EXCEPTION 'a key keeps its bytes';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER records_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON cardwarden.records
  FOR EACH STATEMENT EXECUTE FUNCTION cardwarden.refuse();
CREATE TRIGGER entries_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON cardwarden.entries
  FOR EACH STATEMENT EXECUTE FUNCTION cardwarden.refuse();
CREATE TRIGGER nodes_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON cardwarden.nodes
  FOR EACH STATEMENT EXECUTE FUNCTION cardwarden.refuse();
CREATE TRIGGER checkpoints_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON cardwarden.checkpoints
  FOR EACH STATEMENT EXECUTE FUNCTION cardwarden.refuse();
CREATE TRIGGER checkpoints_grow BEFORE INSERT ON cardwarden.checkpoints
  FOR EACH ROW EXECUTE FUNCTION cardwarden.checkpoints_grow();
CREATE TRIGGER log_head_remains BEFORE DELETE OR TRUNCATE ON cardwarden.log_head
  FOR EACH STATEMENT EXECUTE FUNCTION cardwarden.refuse();
CREATE TRIGGER keys_remain BEFORE DELETE OR TRUNCATE ON cardwarden.keys
  FOR EACH STATEMENT EXECUTE FUNCTION cardwarden.refuse();
CREATE TRIGGER keys_stay BEFORE UPDATE ON cardwarden.keys
  FOR EACH ROW EXECUTE FUNCTION cardwarden.keys_stay();

-- SPDX-License-Identifier: Apache-2.0
-- One question for one's turn to write the log, for PostgreSQL. See docs/formats/store.md.

-- Whether the caller is to give indexes to all that wait. True: it is alone in that until its transaction
-- ends. False: another one has done so, and its batch is in the log. Statements must see what was committed
-- before each of them: READ COMMITTED.
CREATE FUNCTION cardwarden.takes_turn(mine bigint) RETURNS boolean LANGUAGE plpgsql
  SET plan_cache_mode = force_custom_plan  -- a plan for an empty table is the wrong one when it has grown
AS $$
DECLARE
  turn CONSTANT bigint := 1129794643;  -- "CWLS", a number of ours among the advisory locks
BEGIN
  FOR try IN 1 .. 8 LOOP
    IF pg_try_advisory_xact_lock(turn) THEN
      RETURN EXISTS (SELECT FROM cardwarden.waiting WHERE batch = mine);
    END IF;
    -- All who wait for the one at it are woken at once, and most find theirs done.
    PERFORM pg_advisory_lock_shared(turn);
    PERFORM pg_advisory_unlock_shared(turn);
    IF NOT EXISTS (SELECT FROM cardwarden.waiting WHERE batch = mine) THEN
      RETURN false;
    END IF;
  END LOOP;
  -- Nobody tries for ever.
  PERFORM pg_advisory_xact_lock(turn);
  RETURN EXISTS (SELECT FROM cardwarden.waiting WHERE batch = mine);
END $$;

-- The records of a batch come in the transaction that lets it wait, and are append-only, so an entry has its
-- record without being asked for it row by row while everybody waits.
ALTER TABLE cardwarden.entries DROP CONSTRAINT entry_of_record;

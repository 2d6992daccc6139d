DO $$ BEGIN
  IF current_setting('server_version_num')::int < 170000 THEN
    RAISE EXCEPTION 'Countersign needs PostgreSQL 17 or newer, this is %',
      current_setting('server_version');
  END IF;
END $$;

-- What happened, in the order the transactions that wrote it asked for a number, which is not the
-- order they committed in. Only the body is evidence; id and request help to find it.
--
-- Partitioned by the month of the day, in UTC and by the database's clock, on which the transaction
-- began: so old months can leave as a whole (docs/runbooks/RETENTION.md). Only the default
-- partition takes what no month was made for; an append never fails for want of one.
CREATE TABLE audit.entry (
  id      bigint GENERATED ALWAYS AS IDENTITY,
  request uuid,
  -- The canonical bytes, docs/LOG_FORMAT.md. Its length is a uint16 in the log's files.
  body    bytea NOT NULL CHECK (octet_length(body) BETWEEN 1 AND 65535),
  written date NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')::date,
  PRIMARY KEY (id, written)
) PARTITION BY RANGE (written);

-- The place of each entry in the tree: from 0 on without a gap. No foreign key: its check would
-- lock, and so rewrite, every entry once more; UNIQUE is what keeps an entry from a second place.
CREATE TABLE audit.leaf (
  leaf_index bigint PRIMARY KEY CHECK (leaf_index >= 0),
  entry_id   bigint NOT NULL UNIQUE,
  request    uuid,
  -- The entry's, to look in its partition only.
  written    date NOT NULL
);

CREATE INDEX leaf_request ON audit.leaf (request, leaf_index) WHERE request IS NOT NULL;

-- The hashes of the tree as C2SP tiles: up to 256 of 32 bytes. Only the last tile of a level is
-- ever partial, and it only ever grows at its end.
CREATE TABLE audit.tile (
  level      integer NOT NULL CHECK (level BETWEEN 0 AND 7),
  tile_index bigint NOT NULL CHECK (tile_index >= 0),
  hashes     bytea NOT NULL
    CHECK (octet_length(hashes) BETWEEN 32 AND 8192 AND octet_length(hashes) % 32 = 0),
  PRIMARY KEY (level, tile_index)
);

-- Hashes do not compress.
ALTER TABLE audit.tile ALTER COLUMN hashes SET STORAGE EXTERNAL;

-- Every tree head that was ever signed, as it was signed.
CREATE TABLE audit.checkpoint (
  tree_size bigint PRIMARY KEY CHECK (tree_size >= 0),
  note      text NOT NULL,
  signed_at timestamptz NOT NULL
);

-- How far the tree has come; whoever holds this row's lock is the one integrator. Entries above
-- highest_entry have never been looked at. Those below are in the tree, except for the gaps: ids
-- that were given out to transactions whose end was not known yet. A gap is a range [from, to],
-- two array elements each.
CREATE TABLE audit.sequencer (
  one           boolean PRIMARY KEY DEFAULT true CHECK (one),
  tree_size     bigint NOT NULL DEFAULT 0 CHECK (tree_size >= 0),
  highest_entry bigint NOT NULL DEFAULT 0 CHECK (highest_entry >= 0),
  -- Found since old_gaps were last settled.
  young_gaps    bigint[] NOT NULL DEFAULT '{}' CHECK (cardinality(young_gaps) % 2 = 0),
  -- Not filled once none of old_writers is running any more: dead.
  old_gaps      bigint[] NOT NULL DEFAULT '{}' CHECK (cardinality(old_gaps) % 2 = 0),
  -- The virtual transactions that may still fill old_gaps.
  old_writers   text[] NOT NULL DEFAULT '{}'
);

INSERT INTO audit.sequencer DEFAULT VALUES;

-- For everybody, the owner too. ALWAYS: also under session_replication_role = replica.
CREATE FUNCTION audit.refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'audit.% is append-only: % is refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION audit.refuse_unless_grown() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (NEW.level, NEW.tile_index) IS DISTINCT FROM (OLD.level, OLD.tile_index)
    OR octet_length(NEW.hashes) <= octet_length(OLD.hashes)
    OR substr(NEW.hashes, 1, octet_length(OLD.hashes)) IS DISTINCT FROM OLD.hashes
  THEN
    RAISE EXCEPTION 'tile %/% only grows at its end', OLD.level, OLD.tile_index
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- Whoever may move the sequencer on must not move it past an entry: it would never be looked at,
-- and nobody would miss it in the tree.
CREATE FUNCTION audit.refuse_unless_complete() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  known   bigint[] := OLD.old_gaps || OLD.young_gaps;
  waiting bigint[] := NEW.old_gaps || NEW.young_gaps;
  passed  bigint;
BEGIN
  IF NEW.highest_entry < OLD.highest_entry OR NEW.tree_size < OLD.tree_size
    OR (NEW.highest_entry > OLD.highest_entry
      AND NOT EXISTS (SELECT FROM audit.entry WHERE id = NEW.highest_entry))
  THEN
    RAISE EXCEPTION 'the sequencer only moves on, and to an entry: not from % to %',
      OLD.highest_entry, NEW.highest_entry USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT min(seen.id) INTO passed
  FROM (
    SELECT id FROM audit.entry WHERE id > OLD.highest_entry AND id <= NEW.highest_entry
    UNION ALL
    SELECT late.id FROM generate_series(1, cardinality(known), 2) AS i
    CROSS JOIN LATERAL (
      -- The order keeps PostgreSQL to the index, range by range.
      SELECT id FROM audit.entry WHERE id BETWEEN known[i] AND known[i + 1] ORDER BY id LIMIT 1000000000
    ) AS late
  ) AS seen
  -- Those that were placed since: not to read all leaves of the log once for every pass.
  WHERE NOT EXISTS (
      SELECT FROM audit.leaf WHERE entry_id = seen.id
        AND leaf_index >= OLD.tree_size AND leaf_index < NEW.tree_size)
    AND NOT EXISTS (
      SELECT FROM generate_series(1, cardinality(waiting), 2) AS j
      WHERE seen.id BETWEEN waiting[j] AND waiting[j + 1]);
  IF passed IS NOT NULL THEN
    RAISE EXCEPTION 'the sequencer would pass over entry %, which is not in the tree', passed
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- A partition of audit.entry; of all months without a partition of their own when there are no
-- bounds. Those who name a partition do not meet the triggers of the parent, so each has them.
CREATE FUNCTION audit.add_partition(
    partition pg_catalog.text, first pg_catalog.date, next pg_catalog.date) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- Made apart and then attached: PARTITION OF would wait for all readers and writers.
  EXECUTE format('CREATE TABLE audit.%I (LIKE audit.entry INCLUDING DEFAULTS INCLUDING CONSTRAINTS'
    ' INCLUDING INDEXES INCLUDING STORAGE)', partition);
  EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.%I'
    ' EXECUTE FUNCTION audit.refuse()', partition);
  EXECUTE format('ALTER TABLE audit.%I ENABLE ALWAYS TRIGGER append_only', partition);
  EXECUTE format('ALTER TABLE audit.entry ATTACH PARTITION audit.%I ', partition)
    || CASE WHEN first IS NULL THEN 'DEFAULT'
      ELSE format('FOR VALUES FROM (%L) TO (%L)', first, next) END;
END $$;

CREATE TABLE audit.partition_maker ();

-- The partitions of this month and the next. A month that the default partition has entries of
-- stays there. Gives up (55P03) rather than to keep readers of the default partition waiting.
CREATE FUNCTION audit.make_partitions() RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
DECLARE
  first pg_catalog.date;
  next  pg_catalog.date;
BEGIN
  FOR i IN 0 .. 1 LOOP
    first := date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => i);
    next := first + interval '1 month';
    CONTINUE WHEN to_regclass('audit.entry_' || to_char(first, 'YYYY_MM')) IS NOT NULL;
    -- Whoever else makes it just now. A table that others than its owner can lock would let them
    -- keep months from being made.
    LOCK TABLE audit.partition_maker IN ACCESS EXCLUSIVE MODE;
    CONTINUE WHEN to_regclass('audit.entry_' || to_char(first, 'YYYY_MM')) IS NOT NULL;
    -- To attach would look through all of the default partition, and keep everybody waiting.
    CONTINUE WHEN EXISTS (
      SELECT FROM audit.entry_default WHERE written >= first AND written < next);
    PERFORM audit.add_partition('entry_' || to_char(first, 'YYYY_MM'), first, next);
  END LOOP;
END $$;

REVOKE ALL ON FUNCTION audit.add_partition(text, date, date), audit.make_partitions() FROM PUBLIC;

DO $$ BEGIN
  PERFORM audit.add_partition('entry_default', NULL, NULL);
  PERFORM audit.make_partitions();
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.entry
  EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.leaf
  EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.checkpoint
  EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON audit.tile
  EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER grow_only BEFORE UPDATE ON audit.tile FOR EACH ROW
  EXECUTE FUNCTION audit.refuse_unless_grown();
CREATE TRIGGER keep BEFORE DELETE OR TRUNCATE ON audit.sequencer
  EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER complete BEFORE UPDATE ON audit.sequencer FOR EACH ROW
  EXECUTE FUNCTION audit.refuse_unless_complete();

ALTER TABLE audit.entry ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE audit.leaf ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE audit.checkpoint ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE audit.tile ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE audit.tile ENABLE ALWAYS TRIGGER grow_only;
ALTER TABLE audit.sequencer ENABLE ALWAYS TRIGGER keep;
ALTER TABLE audit.sequencer ENABLE ALWAYS TRIGGER complete;

-- An entry's id is not for its writer to choose: one below highest_entry would never be looked at.
GRANT USAGE ON SCHEMA audit TO countersign_audit;
GRANT SELECT, INSERT (request, body) ON audit.entry TO countersign_audit;
-- To see that it was not set back.
GRANT SELECT ON SEQUENCE audit.entry_id_seq TO countersign_audit;
GRANT SELECT, INSERT ON audit.leaf, audit.checkpoint TO countersign_audit;
GRANT SELECT, INSERT, UPDATE (hashes) ON audit.tile TO countersign_audit;
GRANT SELECT, UPDATE ON audit.sequencer TO countersign_audit;
GRANT EXECUTE ON FUNCTION audit.make_partitions() TO countersign_audit;

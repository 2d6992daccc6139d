-- The role is made by SchemaMigration before this runs.
GRANT USAGE ON SCHEMA cosigner TO countersign_cosigner;

-- Whose database this is, and how often it was changed. The same number stands outside of it: a
-- database that has a lower one is an old copy.
CREATE TABLE cosigner.state (
  one        boolean PRIMARY KEY DEFAULT true CHECK (one),
  store      uuid NOT NULL,
  name       text COLLATE "C" NOT NULL CHECK (name ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  party      integer NOT NULL CHECK (party BETWEEN 1 AND 9),
  generation bigint NOT NULL DEFAULT 0 CHECK (generation >= 0)
);

-- One row a key: the ledger of its epochs with the shares in it, sealed as a whole. The numbers
-- beside it are in what the seal authenticates.
CREATE TABLE cosigner.key (
  key_id      text COLLATE "C" PRIMARY KEY CHECK (key_id ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  -- In use; -1 for none.
  epoch       bigint NOT NULL CHECK (epoch >= -1),
  -- The generation in which the epoch in use, and the one prepared, were made; 0 for none.
  active_of   bigint NOT NULL CHECK (active_of >= 0),
  prepared_of bigint NOT NULL CHECK (prepared_of >= 0),
  -- Of the last change: the row is never what it was before.
  generation  bigint NOT NULL CHECK (generation > 0),
  -- Signed statements of the others, for whoever missed them. Public.
  statements  bytea NOT NULL,
  sealed      bytea NOT NULL CHECK (octet_length(sealed) > 0)
);

-- The setup with one peer, for all signatures of one key in one epoch.
CREATE TABLE cosigner.pair_setup (
  key_id text COLLATE "C" NOT NULL REFERENCES cosigner.key,
  epoch  bigint NOT NULL CHECK (epoch >= 0),
  peer   integer NOT NULL CHECK (peer BETWEEN 1 AND 9),
  sealed bytea NOT NULL CHECK (octet_length(sealed) > 0),
  PRIMARY KEY (key_id, epoch, peer)
);

CREATE TABLE cosigner.ban_ledger (
  one        boolean PRIMARY KEY DEFAULT true CHECK (one),
  generation bigint NOT NULL CHECK (generation > 0),
  sealed     bytea NOT NULL CHECK (octet_length(sealed) > 0)
);

-- Presignatures that were used. Their secrets are in memory alone, and are in no database.
CREATE TABLE cosigner.spent_presignature (
  session    bytea PRIMARY KEY CHECK (octet_length(session) = 32),
  key_id     text COLLATE "C" NOT NULL,
  digest     bytea NOT NULL CHECK (octet_length(digest) = 32),
  generation bigint NOT NULL CHECK (generation > 0)
);

-- For everybody, the owner too. ALWAYS: also under session_replication_role = replica.
CREATE FUNCTION cosigner.refuse() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION '% of cosigner.% is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION cosigner.refuse_unless_next() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.generation <= OLD.generation THEN
    RAISE EXCEPTION 'cosigner.% of generation % is not followed by one of %',
      TG_TABLE_NAME, OLD.generation, NEW.generation USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER spent_for_good BEFORE UPDATE OR DELETE OR TRUNCATE ON cosigner.spent_presignature
  EXECUTE FUNCTION cosigner.refuse();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON cosigner.state EXECUTE FUNCTION cosigner.refuse();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON cosigner.ban_ledger EXECUTE FUNCTION cosigner.refuse();
CREATE TRIGGER onward BEFORE UPDATE ON cosigner.state FOR EACH ROW
  EXECUTE FUNCTION cosigner.refuse_unless_next();
CREATE TRIGGER onward BEFORE UPDATE ON cosigner.ban_ledger FOR EACH ROW
  EXECUTE FUNCTION cosigner.refuse_unless_next();
CREATE TRIGGER onward BEFORE UPDATE ON cosigner.key FOR EACH ROW
  EXECUTE FUNCTION cosigner.refuse_unless_next();

ALTER TABLE cosigner.spent_presignature ENABLE ALWAYS TRIGGER spent_for_good;
ALTER TABLE cosigner.state ENABLE ALWAYS TRIGGER kept;
ALTER TABLE cosigner.ban_ledger ENABLE ALWAYS TRIGGER kept;
ALTER TABLE cosigner.state ENABLE ALWAYS TRIGGER onward;
ALTER TABLE cosigner.ban_ledger ENABLE ALWAYS TRIGGER onward;
ALTER TABLE cosigner.key ENABLE ALWAYS TRIGGER onward;

GRANT SELECT, INSERT, UPDATE (generation) ON cosigner.state TO countersign_cosigner;
GRANT SELECT, INSERT, UPDATE (epoch, active_of, prepared_of, generation, statements, sealed)
  ON cosigner.key TO countersign_cosigner;
GRANT SELECT, INSERT, DELETE, UPDATE (sealed) ON cosigner.pair_setup TO countersign_cosigner;
GRANT SELECT, INSERT, UPDATE (generation, sealed) ON cosigner.ban_ledger TO countersign_cosigner;
GRANT SELECT, INSERT ON cosigner.spent_presignature TO countersign_cosigner;

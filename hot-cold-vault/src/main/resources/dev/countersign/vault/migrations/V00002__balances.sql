-- Which instance reads the balances of a chain, and the last block that it did so at. Blocks at which
-- nothing changed leave no other trace.
CREATE TABLE vault.balance_watch (
  chain        text COLLATE "C" PRIMARY KEY CHECK (chain ~ '^eip155:[1-9][0-9]{0,17}$'),
  holder       uuid NOT NULL,
  lease_until  timestamptz NOT NULL,
  block_number bigint,
  block_hash   text CHECK (block_hash ~ '^0x[0-9a-f]{64}$'),
  -- The assets that were read there. What was left out once starts anew: what our transactions moved
  -- of it meanwhile was not looked at.
  assets       text[],
  observed_at  timestamptz,
  CONSTRAINT a_block_and_its_time CHECK
    (num_nonnulls(block_number, block_hash, assets, observed_at) IN (0, 4))
);

-- A balance that was not seen before, or is another one than before, or than our own transactions
-- explain. It stands until the next row of the same wallet, chain and asset; rows are in the order of
-- their numbers. `expected` is the row before and what our own transactions moved since: nothing where
-- there is no row to go on from. `mined` is how many transactions of the account were mined, for the native asset alone.
-- `observed_at` is by the database's clock, as thaws are: breakers count from there.
CREATE TABLE vault.balance (
  number        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  wallet        vault.slug NOT NULL REFERENCES vault.wallet,
  chain         text COLLATE "C" NOT NULL REFERENCES vault.balance_watch,
  asset         text COLLATE "C" NOT NULL,
  block_number  bigint NOT NULL CHECK (block_number >= 0),
  block_hash    text NOT NULL CHECK (block_hash ~ '^0x[0-9a-f]{64}$'),
  since_block   bigint,
  expected      numeric(90, 0),
  amount        numeric(78, 0) NOT NULL CHECK (amount >= 0),
  mined         bigint CHECK (mined >= 0),
  observed_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- When its block was found to be part of the chain no longer.
  superseded_at timestamptz,
  CONSTRAINT first_or_after_another CHECK (num_nonnulls(since_block, expected) IN (0, 2)),
  CONSTRAINT count_of_the_account CHECK ((mined IS NOT NULL) = (asset = 'slip44:60'))
);

CREATE INDEX balance_standing ON vault.balance (wallet, chain, asset, number)
  WHERE superseded_at IS NULL;
CREATE INDEX balance_by_block ON vault.balance (chain, block_number) WHERE superseded_at IS NULL;
CREATE INDEX balance_unexplained ON vault.balance (number) WHERE amount < expected;
CREATE INDEX balance_by_time ON vault.balance (observed_at);

-- Rows are final, but for being superseded once.
CREATE FUNCTION vault.refuse_other_balance() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog AS $$
BEGIN
  IF OLD.superseded_at IS NULL AND NEW.superseded_at IS NOT NULL
    AND to_jsonb(OLD) - 'superseded_at' = to_jsonb(NEW) - 'superseded_at' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'UPDATE of vault.balance is refused: a balance can be superseded, and no more'
    USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER balances_are_final BEFORE UPDATE ON vault.balance
  FOR EACH ROW EXECUTE FUNCTION vault.refuse_other_balance();
CREATE TRIGGER balances_stay BEFORE TRUNCATE ON vault.balance
  FOR EACH STATEMENT EXECUTE FUNCTION vault.refuse_change();
-- Retention: 90 days.
CREATE TRIGGER young_balances_stay BEFORE DELETE ON vault.balance
  FOR EACH ROW WHEN (OLD.observed_at > now() - interval '90 days')
  EXECUTE FUNCTION vault.refuse_change();

GRANT SELECT, INSERT, UPDATE ON vault.balance_watch TO countersign_vault;
GRANT SELECT, INSERT, DELETE ON vault.balance TO countersign_vault;
GRANT UPDATE (superseded_at) ON vault.balance TO countersign_vault;

-- The role is made by SchemaMigration before this runs.
GRANT USAGE ON SCHEMA vault TO countersign_vault;

CREATE DOMAIN vault.slug AS text COLLATE "C"
  CHECK (VALUE ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$');

CREATE DOMAIN vault.display_name AS text
  CHECK (VALUE ~ '^[^[:cntrl:]]{1,100}$' AND VALUE = btrim(VALUE));

CREATE TABLE vault.vault (
  id         vault.slug PRIMARY KEY,
  tier       text NOT NULL CHECK (tier IN ('HOT', 'WARM', 'COLD')),
  name       vault.display_name NOT NULL,
  created_at timestamptz NOT NULL
);

CREATE TABLE vault.wallet (
  id         vault.slug PRIMARY KEY,
  vault      vault.slug NOT NULL REFERENCES vault.vault,
  name       vault.display_name NOT NULL,
  backend    vault.slug NOT NULL,
  key        vault.slug NOT NULL,
  -- 0x04, x, y
  public_key bytea NOT NULL CHECK (octet_length(public_key) = 65 AND get_byte(public_key, 0) = 4),
  address    text COLLATE "C" NOT NULL CHECK (address ~ '^0x[0-9a-f]{40}$'),
  created_at timestamptz NOT NULL,
  -- One key, one wallet: nonces and limits count by wallet, and would count one key twice.
  CONSTRAINT one_wallet_for_a_key UNIQUE (backend, key),
  CONSTRAINT one_wallet_for_an_address UNIQUE (address)
);

CREATE INDEX wallet_of_vault ON vault.wallet (vault, id);

-- A wallet that was asked for and whose key may exist already. Written before the key is made, so
-- that after a crash in between it is known that the key in the backend is this wallet's. There is
-- no foreign key to the wallet: this row goes when that one comes.
CREATE TABLE vault.pending_wallet (
  id       vault.slug PRIMARY KEY,
  vault    vault.slug NOT NULL REFERENCES vault.vault,
  name     vault.display_name NOT NULL,
  backend  vault.slug NOT NULL,
  asked_at timestamptz NOT NULL
);

CREATE FUNCTION vault.refuse_change() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog AS $$
BEGIN
  RAISE EXCEPTION '% of %.% is refused: its rows are final', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER vaults_are_final BEFORE UPDATE OR DELETE OR TRUNCATE ON vault.vault
  FOR EACH STATEMENT EXECUTE FUNCTION vault.refuse_change();
-- Caches rely on it: a wallet is never other than it was read.
CREATE TRIGGER wallets_are_final BEFORE UPDATE OR DELETE OR TRUNCATE ON vault.wallet
  FOR EACH STATEMENT EXECUTE FUNCTION vault.refuse_change();

GRANT SELECT, INSERT ON vault.vault, vault.wallet TO countersign_vault;
GRANT SELECT, INSERT, DELETE ON vault.pending_wallet TO countersign_vault;

-- The nonces of one account on one chain. Every nonce from where the lane was opened to before
-- next_nonce is either in free or owned by a row of nonce.transaction, never both: whoever changes
-- one changes the other while holding this row's lock.
CREATE TABLE nonce.lane (
  chain      text COLLATE "C" NOT NULL CHECK (chain ~ '^eip155:[1-9][0-9]{0,17}$'),
  address    text COLLATE "C" NOT NULL CHECK (address ~ '^0x[0-9a-f]{40}$'),
  next_nonce bigint NOT NULL CHECK (next_nonce >= 0),
  -- Released before they were signed; given out again before next_nonce is, the lowest first. They
  -- are here and not rows of their own so that locking the lane reads what is true under the lock.
  free       bigint[] NOT NULL DEFAULT '{}' CHECK (next_nonce > ALL (free)),
  opened_at  timestamptz NOT NULL,
  PRIMARY KEY (chain, address)
);

-- A nonce, the request that owns it, and what was signed with it.
CREATE TABLE nonce.transaction (
  chain        text COLLATE "C" NOT NULL,
  address      text COLLATE "C" NOT NULL,
  nonce        bigint NOT NULL CHECK (nonce >= 0),
  request_id   uuid NOT NULL UNIQUE,
  state        text NOT NULL CHECK
    (state IN ('OWNED', 'SIGNED', 'BROADCAST', 'MINED', 'CONFIRMED', 'REVERTED')),
  signed       bytea,
  hash         text CHECK (hash ~ '^0x[0-9a-f]{64}$'),
  -- When it is to be sent, or sent again. Whoever sends it first moves this ahead, as a lease: when
  -- it dies, the row comes due again by itself.
  due_at       timestamptz,
  -- Sends in a row that no node has taken.
  attempts     integer NOT NULL DEFAULT 0,
  last_error   text,
  block_number bigint,
  block_hash   text CHECK (block_hash ~ '^0x[0-9a-f]{64}$'),
  owned_at     timestamptz NOT NULL,
  signed_at    timestamptz,
  broadcast_at timestamptz,
  final_at     timestamptz,
  PRIMARY KEY (chain, address, nonce),
  FOREIGN KEY (chain, address) REFERENCES nonce.lane,
  CONSTRAINT owned_or_signed CHECK
    (num_nonnulls(signed, hash, signed_at, due_at) = CASE state WHEN 'OWNED' THEN 0 ELSE 4 END),
  CONSTRAINT mined_in_a_block CHECK
    (num_nonnulls(block_number, block_hash)
      = CASE WHEN state IN ('MINED', 'CONFIRMED', 'REVERTED') THEN 2 ELSE 0 END),
  CONSTRAINT ended CHECK ((final_at IS NOT NULL) = (state IN ('CONFIRMED', 'REVERTED')))
);

CREATE INDEX transaction_due ON nonce.transaction (due_at, chain)
  WHERE state IN ('SIGNED', 'BROADCAST');

CREATE INDEX transaction_unfinished ON nonce.transaction (chain, address, nonce)
  WHERE state IN ('SIGNED', 'BROADCAST', 'MINED');

-- Invariant 4: one nonce, at most one payload; whatever a program believes.
CREATE FUNCTION nonce.refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  RAISE EXCEPTION 'nonce % of % on %: %', OLD.nonce, OLD.address, OLD.chain, TG_ARGV[0]
    USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER keep_signed_bytes BEFORE UPDATE ON nonce.transaction FOR EACH ROW
  WHEN (OLD.signed IS NOT NULL
    AND (NEW.signed IS DISTINCT FROM OLD.signed OR NEW.hash IS DISTINCT FROM OLD.hash))
  EXECUTE FUNCTION nonce.refuse('signed bytes never change');

CREATE TRIGGER keep_owner BEFORE UPDATE ON nonce.transaction FOR EACH ROW
  WHEN ((NEW.chain, NEW.address, NEW.nonce, NEW.request_id)
    IS DISTINCT FROM (OLD.chain, OLD.address, OLD.nonce, OLD.request_id))
  EXECUTE FUNCTION nonce.refuse('a nonce does not change its owner');

CREATE TRIGGER keep_ended BEFORE UPDATE ON nonce.transaction FOR EACH ROW
  WHEN (OLD.final_at IS NOT NULL)
  EXECUTE FUNCTION nonce.refuse('what has ended does not change');

CREATE TRIGGER keep_signed BEFORE DELETE ON nonce.transaction FOR EACH ROW
  WHEN (OLD.signed IS NOT NULL)
  EXECUTE FUNCTION nonce.refuse('is signed, and so cannot be released');

-- Which instance follows a chain, and until when unless it says so again.
CREATE TABLE nonce.tracker (
  chain       text COLLATE "C" PRIMARY KEY,
  holder      uuid NOT NULL,
  lease_until timestamptz NOT NULL
);

GRANT USAGE ON SCHEMA nonce TO countersign_nonce;
GRANT SELECT, INSERT, UPDATE ON nonce.lane, nonce.tracker TO countersign_nonce;
GRANT SELECT, INSERT, UPDATE, DELETE ON nonce.transaction TO countersign_nonce;

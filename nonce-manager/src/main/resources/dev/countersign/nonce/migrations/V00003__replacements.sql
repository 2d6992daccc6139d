-- What may take the place of the payload of nonce.transaction, on its nonce and for its request: the
-- first replacement is 1, the original is 0. It is permitted first, and signed or dropped later.
-- What is signed is never forgotten: any of it may be mined.
CREATE TABLE nonce.replacement (
  chain        text COLLATE "C" NOT NULL,
  address      text COLLATE "C" NOT NULL,
  nonce        bigint NOT NULL,
  ordinal      integer NOT NULL CHECK (ordinal >= 1),
  request_id   uuid NOT NULL,
  purpose      text NOT NULL CHECK (purpose IN ('SPEED_UP', 'CANCELLATION')),
  -- The bytes whose hash is signed.
  unsigned     bytea NOT NULL,
  most_cost    numeric(97, 0) NOT NULL CHECK (most_cost >= 0),
  permitted_at timestamptz NOT NULL,
  signed       bytea,
  hash         text UNIQUE CHECK (hash ~ '^0x[0-9a-f]{64}$'),
  signed_at    timestamptz,
  dropped_at   timestamptz,
  drop_reason  text,
  -- Whoever signs it after another has it until then, by the clock of the database.
  leased_until timestamptz,
  PRIMARY KEY (chain, address, nonce, ordinal),
  FOREIGN KEY (chain, address, nonce) REFERENCES nonce.transaction,
  CONSTRAINT signed_as_a_whole CHECK (num_nonnulls(signed, hash, signed_at) IN (0, 3)),
  CONSTRAINT dropped_for_a_reason CHECK (num_nonnulls(dropped_at, drop_reason) IN (0, 2)),
  CONSTRAINT signed_or_dropped CHECK (signed IS NULL OR dropped_at IS NULL)
);

CREATE INDEX replacement_of_request ON nonce.replacement (request_id);

CREATE INDEX replacement_unsigned ON nonce.replacement (permitted_at)
  WHERE signed IS NULL AND dropped_at IS NULL;

ALTER TABLE nonce.transaction
  -- The payload that is sent: the newest that is signed.
  ADD COLUMN newest integer NOT NULL DEFAULT 0 CHECK (newest >= 0),
  -- The payload that is mined, where one is.
  ADD COLUMN mined integer NOT NULL DEFAULT 0 CHECK (mined >= 0),
  -- Why a node has not taken the newest, by the name of its ErrorKind.
  ADD COLUMN refused_as text,
  -- Not looked at as stuck before.
  ADD COLUMN look_after timestamptz,
  ADD CONSTRAINT mined_is_signed CHECK (mined <= newest);

-- Invariant 4: one request, one nonce; and what is signed for it never changes.
CREATE FUNCTION nonce.admit_replacement() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  owner record;
  last integer;
BEGIN
  SELECT t.request_id, t.state INTO owner FROM nonce.transaction t
  WHERE (t.chain, t.address, t.nonce) = (NEW.chain, NEW.address, NEW.nonce) FOR UPDATE;
  IF owner.request_id IS DISTINCT FROM NEW.request_id THEN
    RAISE EXCEPTION 'nonce % of % on %: a replacement is of the request that owns the nonce',
      NEW.nonce, NEW.address, NEW.chain USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF owner.state NOT IN ('SIGNED', 'BROADCAST') THEN
    RAISE EXCEPTION 'nonce % of % on %: is %, and only what is signed and not mined is replaced',
      NEW.nonce, NEW.address, NEW.chain, owner.state
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  SELECT coalesce(max(r.ordinal), 0) INTO last FROM nonce.replacement r
  WHERE (r.chain, r.address, r.nonce) = (NEW.chain, NEW.address, NEW.nonce);
  IF NEW.ordinal <> last + 1 OR NEW.signed IS NOT NULL OR NEW.dropped_at IS NOT NULL THEN
    RAISE EXCEPTION 'nonce % of % on %: the next replacement is %, unsigned',
      NEW.nonce, NEW.address, NEW.chain, last + 1
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF EXISTS (SELECT FROM nonce.replacement r
             WHERE (r.chain, r.address, r.nonce) = (NEW.chain, NEW.address, NEW.nonce)
               AND r.signed IS NULL AND r.dropped_at IS NULL) THEN
    RAISE EXCEPTION 'nonce % of % on %: a replacement is just being signed',
      NEW.nonce, NEW.address, NEW.chain USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER admit_replacement BEFORE INSERT ON nonce.replacement FOR EACH ROW
  EXECUTE FUNCTION nonce.admit_replacement();

CREATE TRIGGER keep_permitted BEFORE UPDATE ON nonce.replacement FOR EACH ROW
  WHEN ((NEW.chain, NEW.address, NEW.nonce, NEW.ordinal, NEW.request_id, NEW.purpose, NEW.unsigned,
         NEW.most_cost, NEW.permitted_at)
    IS DISTINCT FROM (OLD.chain, OLD.address, OLD.nonce, OLD.ordinal, OLD.request_id, OLD.purpose,
         OLD.unsigned, OLD.most_cost, OLD.permitted_at))
  EXECUTE FUNCTION nonce.refuse('what is permitted does not change');

CREATE TRIGGER keep_signed_replacement BEFORE UPDATE ON nonce.replacement FOR EACH ROW
  WHEN (OLD.signed IS NOT NULL
    AND (NEW.signed, NEW.hash, NEW.signed_at, NEW.dropped_at)
      IS DISTINCT FROM (OLD.signed, OLD.hash, OLD.signed_at, OLD.dropped_at))
  EXECUTE FUNCTION nonce.refuse('signed bytes never change');

CREATE TRIGGER keep_dropped BEFORE UPDATE ON nonce.replacement FOR EACH ROW
  WHEN (OLD.dropped_at IS NOT NULL)
  EXECUTE FUNCTION nonce.refuse('what was given up does not come back');

CREATE TRIGGER keep_replacement BEFORE DELETE ON nonce.replacement FOR EACH ROW
  EXECUTE FUNCTION nonce.refuse('a replacement is not forgotten');

CREATE TRIGGER keep_newest BEFORE UPDATE ON nonce.transaction FOR EACH ROW
  WHEN (NEW.newest < OLD.newest)
  EXECUTE FUNCTION nonce.refuse('what was replaced is not sent again');

GRANT SELECT, INSERT,
  UPDATE (signed, hash, signed_at, dropped_at, drop_reason, leased_until)
  ON nonce.replacement TO countersign_nonce;

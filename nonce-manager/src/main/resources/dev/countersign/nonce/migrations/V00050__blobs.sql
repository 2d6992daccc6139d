-- Whether the nonce's payloads, all of them, carry blobs (EIP-4844). Nodes keep transactions with blobs
-- in a pool of their own, and of one account at a time what is in one of the pools only: so what is
-- of the one kind is not sent while anything of the other kind before it waits to be mined. It is
-- said when the nonce is taken, and is for good.
ALTER TABLE nonce.transaction ADD COLUMN has_blobs boolean NOT NULL DEFAULT false;

-- The payload with blobs that a node was the last to take. A node that takes one is not the only one
-- to be told of it, and the others are told once.
ALTER TABLE nonce.transaction ADD COLUMN taken integer CHECK (taken >= 0);

CREATE INDEX transaction_blobs_unmined ON nonce.transaction (chain, address, nonce)
  WHERE has_blobs AND state IN ('OWNED', 'SIGNED', 'BROADCAST');

-- An instance of an older version does not say it when it gives a nonce to a request that waited. What
-- is signed tells it then, once. Triggers of a kind fire in the order of their names.
CREATE FUNCTION nonce.find_kind() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  NEW.has_blobs := true;
  RETURN NEW;
END $$;

CREATE TRIGGER find_kind BEFORE UPDATE ON nonce.transaction FOR EACH ROW
  WHEN (OLD.signed IS NULL AND get_byte(NEW.signed, 0) = 3)
  EXECUTE FUNCTION nonce.find_kind();

CREATE TRIGGER keep_kind BEFORE UPDATE ON nonce.transaction FOR EACH ROW
  WHEN ((NEW.has_blobs IS DISTINCT FROM OLD.has_blobs
      AND NOT (OLD.signed IS NULL AND NEW.signed IS NOT NULL))
    OR (OLD.signed IS NULL AND NEW.signed IS NOT NULL
      AND (get_byte(NEW.signed, 0) = 3) IS DISTINCT FROM NEW.has_blobs))
  EXECUTE FUNCTION nonce.refuse('a nonce is for a transaction with blobs, or for one without, for good');

CREATE TRIGGER keep_kind_of_replacement BEFORE UPDATE ON nonce.replacement FOR EACH ROW
  WHEN (OLD.signed IS NULL AND NEW.signed IS NOT NULL
    AND (get_byte(NEW.signed, 0) = 3) IS DISTINCT FROM (get_byte(OLD.unsigned, 0) = 3))
  EXECUTE FUNCTION nonce.refuse('what is signed has blobs where what was permitted has');

-- Whether the nonce's payloads, all of them, carry blobs (EIP-4844). Nodes keep transactions with blobs
-- in a pool of their own, and of one account at a time what is in one of the pools only: so what is
-- of the one kind is not sent while anything of the other kind before it waits to be mined. It is
-- said when the nonce is taken, and is for good.
ALTER TABLE nonce.transaction ADD COLUMN has_blobs boolean NOT NULL DEFAULT false;

CREATE INDEX transaction_blobs_unmined ON nonce.transaction (chain, address, nonce)
  WHERE has_blobs AND state IN ('OWNED', 'SIGNED', 'BROADCAST');

CREATE TRIGGER keep_kind BEFORE UPDATE ON nonce.transaction FOR EACH ROW
  WHEN (NEW.has_blobs IS DISTINCT FROM OLD.has_blobs
    OR (OLD.signed IS NULL AND NEW.signed IS NOT NULL
      AND (get_byte(NEW.signed, 0) = 3) IS DISTINCT FROM NEW.has_blobs))
  EXECUTE FUNCTION nonce.refuse('a nonce is for a transaction with blobs, or for one without, for good');

CREATE TRIGGER keep_kind_of_replacement BEFORE UPDATE ON nonce.replacement FOR EACH ROW
  WHEN (OLD.signed IS NULL AND NEW.signed IS NOT NULL
    AND (get_byte(NEW.signed, 0) = 3) IS DISTINCT FROM (get_byte(OLD.unsigned, 0) = 3))
  EXECUTE FUNCTION nonce.refuse('what is signed has blobs where what was permitted has');

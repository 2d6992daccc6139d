-- What keeps a later nonce of a lane waiting is found without reading all that was ever mined of
-- it: a nonce that is not signed yet keeps it waiting too.
DROP INDEX nonce.transaction_unfinished;

CREATE INDEX transaction_unfinished ON nonce.transaction (chain, address, nonce)
  WHERE state IN ('OWNED', 'SIGNED', 'BROADCAST', 'MINED');

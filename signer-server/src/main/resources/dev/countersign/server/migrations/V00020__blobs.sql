-- The blobs of a request whose transaction has some (EIP-4844), with what proves them, once for all
-- payloads of its nonce. Nodes want them with each broadcast until the transaction is mined for good; when
-- the request is over they go, by the trigger below and in no other way.
CREATE TABLE signer.request_blobs (
  request uuid PRIMARY KEY REFERENCES signer.request,
  -- The kind of proofs, and rlp([blobs, commitments, proofs]): 1 to 6 blobs of 131072 bytes.
  sidecar bytea NOT NULL CHECK (octet_length(sidecar) BETWEEN 131072 AND 1048576)
);

-- What blobs are is noise to a compressor.
ALTER TABLE signer.request_blobs ALTER COLUMN sidecar SET STORAGE EXTERNAL;

CREATE FUNCTION signer.keep_blobs() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  RAISE EXCEPTION 'request %: its blobs do not change', OLD.request
    USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER keep_blobs BEFORE UPDATE ON signer.request_blobs FOR EACH ROW
  EXECUTE FUNCTION signer.keep_blobs();

CREATE FUNCTION signer.drop_blobs() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM signer.request_blobs WHERE request = NEW.id;
  RETURN NULL;
END $$;

-- 3 is the type of transactions with blobs.
CREATE TRIGGER drop_blobs AFTER UPDATE OF state ON signer.request FOR EACH ROW
  WHEN (NEW.envelope IS NOT NULL AND get_byte(NEW.envelope, 0) = 3
    AND NEW.state IN ('DENIED', 'CONFIRMED', 'REJECTED', 'EXPIRED', 'CANCELLED', 'FAILED', 'REPLACED',
                      'DROPPED'))
  EXECUTE FUNCTION signer.drop_blobs();

GRANT SELECT, INSERT ON signer.request_blobs TO countersign_signer;

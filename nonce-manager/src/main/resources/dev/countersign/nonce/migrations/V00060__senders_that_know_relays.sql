-- Whoever takes what is to be sent says what it knows how to send, in its own transaction, such as
-- an instance of an older version that runs beside newer ones does not. To one that does not say it
-- knows relays, what is hidden was not there; to one that does not say it knows blobs, neither was
-- what has blobs, nor what waits for a lower nonce that has some. Taking changes `due_at` alone;
-- nothing else is kept from anybody.
CREATE FUNCTION nonce.sender_knows(word text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  SELECT word = ANY (string_to_array(current_setting('countersign.sends', true), ' ')) IS TRUE
$$;

CREATE FUNCTION nonce.keep_from_strangers() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  before nonce.transaction := OLD;
BEGIN
  before.due_at := NEW.due_at;
  IF before IS DISTINCT FROM NEW THEN
    RETURN NEW;
  END IF;
  IF OLD.private AND OLD.public_at IS NULL AND NOT nonce.sender_knows('relays') THEN
    RETURN NULL;
  END IF;
  IF NOT nonce.sender_knows('blobs')
      AND (OLD.has_blobs
        OR EXISTS (
          SELECT FROM nonce.transaction e
          WHERE (e.chain, e.address) = (OLD.chain, OLD.address) AND e.nonce < OLD.nonce
            AND e.state IN ('OWNED', 'SIGNED', 'BROADCAST') AND e.has_blobs)) THEN
    RETURN NULL;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER keep_from_strangers BEFORE UPDATE OF due_at ON nonce.transaction FOR EACH ROW
  WHEN (NEW.due_at > OLD.due_at
    AND current_setting('countersign.sends', true) IS DISTINCT FROM 'relays blobs')
  EXECUTE FUNCTION nonce.keep_from_strangers();

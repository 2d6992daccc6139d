-- Whoever takes what is to be sent says what it knows how to send, in its own transaction. What is
-- hidden is not given to a sender that does not say it knows relays, such as an instance of an older
-- version that runs beside newer ones: to it, the row was not there. Taking changes `due_at` alone;
-- nothing else is kept from anybody.
CREATE FUNCTION nonce.keep_from_strangers_to_relays() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  before nonce.transaction := OLD;
BEGIN
  before.due_at := NEW.due_at;
  IF before IS NOT DISTINCT FROM NEW
      AND NOT 'relays' = ANY (string_to_array(current_setting('countersign.sends', true), ' ')) IS TRUE
  THEN
    RETURN NULL;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER keep_hidden BEFORE UPDATE OF due_at ON nonce.transaction FOR EACH ROW
  WHEN (OLD.private AND OLD.public_at IS NULL AND NEW.due_at > OLD.due_at)
  EXECUTE FUNCTION nonce.keep_from_strangers_to_relays();

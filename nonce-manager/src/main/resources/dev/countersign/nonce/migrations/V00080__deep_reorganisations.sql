-- When the chain took back the block in which the nonce had ended: deeper than it was taken to be
-- final. The payload that was mined is then sent again, and no other.
ALTER TABLE nonce.transaction ADD COLUMN reopened_at timestamptz;

-- nonce.transaction.taken is read and written by nobody from here on; servers that still run an
-- older version may write it.

DROP TRIGGER keep_ended ON nonce.transaction;
DROP TRIGGER keep_newest ON nonce.transaction;

-- The one way back from an end.
CREATE FUNCTION nonce.reopens(was nonce.transaction, becomes nonce.transaction) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
  SELECT was.state IN ('CONFIRMED', 'REVERTED') AND becomes.state = 'BROADCAST'
    AND becomes.reopened_at IS NOT NULL
    AND becomes.reopened_at IS DISTINCT FROM was.reopened_at
    AND becomes.newest = was.mined
$$;

CREATE TRIGGER keep_ended BEFORE UPDATE ON nonce.transaction FOR EACH ROW
  WHEN (OLD.final_at IS NOT NULL AND NOT nonce.reopens(OLD, NEW))
  EXECUTE FUNCTION nonce.refuse('what has ended does not change');

CREATE TRIGGER keep_newest BEFORE UPDATE ON nonce.transaction FOR EACH ROW
  WHEN (NEW.newest < OLD.newest AND NOT nonce.reopens(OLD, NEW))
  EXECUTE FUNCTION nonce.refuse('what was replaced is not sent again');

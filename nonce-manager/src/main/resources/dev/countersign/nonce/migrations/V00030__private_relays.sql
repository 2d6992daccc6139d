-- How a nonce's payloads, all of them, get to the chain. It is said when the nonce is taken and is
-- for good: by the private relay alone, or by it first and publicly after so many blocks.
ALTER TABLE nonce.transaction
  ADD COLUMN private boolean NOT NULL DEFAULT false,
  -- Never made public where this is not there.
  ADD COLUMN public_after bigint CHECK (public_after >= 1),
  -- The newest block when it was first given to the relay.
  ADD COLUMN private_since bigint CHECK (private_since >= 0),
  -- The newest block when it was made public.
  ADD COLUMN public_at bigint,
  ADD CONSTRAINT private_is_said CHECK
    (private OR num_nonnulls(public_after, private_since, public_at) = 0),
  -- Written so that nothing unknown passes: a check that is NULL holds.
  ADD CONSTRAINT public_as_policy_has_it CHECK
    (public_at IS NULL
      OR (public_after IS NOT NULL AND private_since IS NOT NULL
        AND public_at >= private_since + public_after));

CREATE TRIGGER keep_route BEFORE UPDATE ON nonce.transaction FOR EACH ROW
  WHEN ((NEW.private, NEW.public_after) IS DISTINCT FROM (OLD.private, OLD.public_after)
    OR (OLD.private_since IS NOT NULL AND NEW.private_since IS DISTINCT FROM OLD.private_since)
    OR (OLD.public_at IS NOT NULL AND NEW.public_at IS DISTINCT FROM OLD.public_at))
  EXECUTE FUNCTION nonce.refuse('how it gets to the chain does not change');

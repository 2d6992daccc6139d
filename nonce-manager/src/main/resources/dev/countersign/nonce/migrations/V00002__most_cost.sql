-- The most that the transaction may take of its account in wei: value + gas limit * maximum fee per
-- gas. What is in flight in a lane is the sum over its nonces that are not mined. Those from before
-- this was kept count as nothing.
ALTER TABLE nonce.transaction
  ADD COLUMN most_cost numeric(97, 0) NOT NULL DEFAULT 0 CHECK (most_cost >= 0);
ALTER TABLE nonce.transaction ALTER COLUMN most_cost DROP DEFAULT;

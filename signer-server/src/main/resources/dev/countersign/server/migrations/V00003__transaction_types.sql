-- Nobody is called when a contract is created.
ALTER TABLE signer.request ALTER COLUMN call_to DROP NOT NULL;

-- The type of transaction that the client insists on, and what only that type has: the number of
-- the type, and an RLP list (docs/APPROVALS.md). Without one the chain's own type is used.
ALTER TABLE signer.request ADD COLUMN envelope bytea CHECK (octet_length(envelope) >= 2);

-- How many transactions of the account were mined finally when an operator last resumed the lane. A
-- nonce below that is used, whoever used it: should its owner give it back, nobody gets it again.
ALTER TABLE nonce.lane ADD COLUMN resumed_at bigint NOT NULL DEFAULT 0 CHECK (resumed_at >= 0);

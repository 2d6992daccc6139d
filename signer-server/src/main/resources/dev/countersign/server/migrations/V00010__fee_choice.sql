-- How a client lets fees be found when its transaction gets its nonce. None of it is said by those that
-- insist on exact fees, and none was by requests from before: their chain's own strategy.
ALTER TABLE signer.request
  ADD COLUMN fee_strategy text
    CHECK (fee_strategy IN ('ECONOMY', 'NORMAL', 'URGENT', 'FIXED_CAP')),
  -- The most to offer per unit of gas, in wei.
  ADD COLUMN fee_cap numeric(78, 0) CHECK (fee_cap >= 0),
  ADD COLUMN fee_gas_limit bigint CHECK (fee_gas_limit >= 21000),
  ADD CONSTRAINT a_fixed_cap_has_one CHECK (fee_strategy <> 'FIXED_CAP' OR fee_cap IS NOT NULL),
  ADD CONSTRAINT fees_are_found_in_one_way CHECK (
    num_nonnulls(fee_strategy, fee_cap, fee_gas_limit) = 0
    OR num_nonnulls(gas_limit, message) = 0);

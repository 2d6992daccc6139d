-- Why a lane gives no nonce, since when, and what was seen; and until when it gives one at a time,
-- since a node keeps no more of an account that has delegated code (EIP-7702). A freeze is no pause:
-- policy denies what is frozen before it asks for a nonce.
ALTER TABLE nonce.lane
  ADD COLUMN paused text CHECK (paused IN ('INSUFFICIENT_FUNDS', 'FOREIGN_USE')),
  ADD COLUMN paused_since timestamptz,
  ADD COLUMN paused_detail text,
  ADD COLUMN single_until timestamptz,
  ADD CONSTRAINT a_pause_and_its_reason CHECK
    (num_nonnulls(paused, paused_since, paused_detail) IN (0, 3));

CREATE INDEX lane_paused ON nonce.lane (chain, paused) WHERE paused IS NOT NULL;

-- Another end: FOREIGN, its nonce is mined by a transaction that was not signed here.
ALTER TABLE nonce.transaction
  DROP CONSTRAINT transaction_state_check,
  DROP CONSTRAINT ended,
  ADD CONSTRAINT transaction_state_check CHECK
    (state IN ('OWNED', 'SIGNED', 'BROADCAST', 'MINED', 'CONFIRMED', 'REVERTED', 'FOREIGN')),
  ADD CONSTRAINT ended CHECK
    ((final_at IS NOT NULL) = (state IN ('CONFIRMED', 'REVERTED', 'FOREIGN')));

-- Grows with each other holder: what was begun under a smaller one is not written.
ALTER TABLE nonce.tracker ADD COLUMN fence bigint NOT NULL DEFAULT 1;

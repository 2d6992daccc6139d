-- Requests to sign a message: personal text (EIP-191) or typed data (EIP-712). They have no call, no
-- fees, no nonce and no transaction, and are over once they are signed.
ALTER TABLE signer.request
  ADD COLUMN message_kind text CHECK (message_kind IN ('PERSONAL', 'TYPED_DATA')),
  -- The bytes of personal text, or the JSON of typed data in UTF-8.
  ADD COLUMN message bytea,
  -- r, s and v.
  ADD COLUMN signature bytea CHECK (octet_length(signature) = 65),
  ALTER COLUMN call_to DROP NOT NULL,
  ALTER COLUMN call_value DROP NOT NULL,
  ALTER COLUMN call_data DROP NOT NULL,
  ADD CHECK (num_nulls(message_kind, message) IN (0, 2)),
  ADD CONSTRAINT request_asks_for_one_thing CHECK (
    CASE WHEN message IS NULL
      THEN num_nulls(call_value, call_data) = 0 AND signature IS NULL
      ELSE num_nonnulls(call_to, call_value, call_data, gas_limit, nonce, transaction_hash) = 0
        AND state NOT IN ('BROADCAST', 'CONFIRMED', 'REPLACED', 'DROPPED')
        AND (state <> 'SIGNED' OR signature IS NOT NULL)
    END);

DO $$
DECLARE
  former record;
BEGIN
  -- Those two that ask each admitted request for a nonce, and each signed one for its hash.
  FOR former IN
    SELECT conname FROM pg_constraint
    WHERE conrelid = 'signer.request'::regclass AND contype = 'c'
      AND conname <> 'request_asks_for_one_thing'
      AND pg_get_constraintdef(oid) LIKE '%''SIGNED''%'
  LOOP
    EXECUTE format('ALTER TABLE signer.request DROP CONSTRAINT %I', former.conname);
  END LOOP;
END $$;

ALTER TABLE signer.request
  ADD CHECK (state NOT IN ('ADMITTED', 'SIGNED', 'BROADCAST', 'CONFIRMED')
             OR (num_nulls(policy_version, rule, payload) = 0
                 AND (nonce IS NOT NULL OR message IS NOT NULL))),
  ADD CHECK (state NOT IN ('SIGNED', 'BROADCAST', 'CONFIRMED')
             OR transaction_hash IS NOT NULL OR message IS NOT NULL);

GRANT UPDATE (signature) ON signer.request TO countersign_signer;

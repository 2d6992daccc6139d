CREATE TYPE signer.request_state AS ENUM (
  'RECEIVED', 'DENIED', 'PENDING_APPROVAL', 'TIME_LOCKED', 'ADMITTED', 'SIGNED', 'BROADCAST',
  'CONFIRMED', 'REJECTED', 'EXPIRED', 'CANCELLED', 'FAILED', 'REPLACED', 'DROPPED');

-- The moves that are legal: the same table as RequestState.next().
CREATE TABLE signer.legal_move (
  from_state signer.request_state NOT NULL,
  to_state signer.request_state NOT NULL,
  PRIMARY KEY (from_state, to_state)
);

INSERT INTO signer.legal_move (from_state, to_state) VALUES
  ('RECEIVED', 'DENIED'),
  ('RECEIVED', 'PENDING_APPROVAL'),
  ('RECEIVED', 'TIME_LOCKED'),
  ('RECEIVED', 'ADMITTED'),
  ('PENDING_APPROVAL', 'DENIED'),
  ('PENDING_APPROVAL', 'TIME_LOCKED'),
  ('PENDING_APPROVAL', 'ADMITTED'),
  ('PENDING_APPROVAL', 'REJECTED'),
  ('PENDING_APPROVAL', 'EXPIRED'),
  ('PENDING_APPROVAL', 'CANCELLED'),
  ('TIME_LOCKED', 'DENIED'),
  ('TIME_LOCKED', 'ADMITTED'),
  ('TIME_LOCKED', 'EXPIRED'),
  ('TIME_LOCKED', 'CANCELLED'),
  ('ADMITTED', 'SIGNED'),
  ('ADMITTED', 'FAILED'),
  ('ADMITTED', 'CANCELLED'),
  ('SIGNED', 'BROADCAST'),
  ('SIGNED', 'CONFIRMED'),
  ('SIGNED', 'FAILED'),
  ('SIGNED', 'REPLACED'),
  ('SIGNED', 'DROPPED'),
  ('SIGNED', 'CANCELLED'),
  ('BROADCAST', 'CONFIRMED'),
  ('BROADCAST', 'FAILED'),
  ('BROADCAST', 'REPLACED'),
  ('BROADCAST', 'DROPPED'),
  ('BROADCAST', 'CANCELLED');

CREATE TABLE signer.request (
  id uuid PRIMARY KEY,
  client text NOT NULL,
  request_id text NOT NULL,
  digest bytea NOT NULL CHECK (octet_length(digest) = 32),
  received_at timestamptz NOT NULL,

  -- What was asked; never changes.
  wallet text NOT NULL,
  chain text NOT NULL,
  call_to text NOT NULL CHECK (call_to ~ '^0x[0-9a-f]{40}$'),
  call_value numeric(78, 0) NOT NULL CHECK (call_value >= 0),
  call_data bytea NOT NULL,
  max_priority_fee_per_gas numeric(78, 0),
  max_fee_per_gas numeric(78, 0),
  gas_limit bigint,
  CHECK (num_nulls(max_priority_fee_per_gas, max_fee_per_gas, gas_limit) IN (0, 3)),

  -- Where it is. Revision n is its nth state.
  state signer.request_state NOT NULL DEFAULT 'RECEIVED',
  revision integer NOT NULL DEFAULT 1,
  updated_at timestamptz NOT NULL,
  -- Whoever resumes it has it until then, by the clock of the database.
  leased_until timestamptz,

  -- What is known since.
  policy_version bigint,
  rule text,
  reason text,
  nonce bigint CHECK (nonce >= 0),
  payload bytea,
  transaction_hash bytea CHECK (octet_length(transaction_hash) = 32),
  block_number bigint,
  block_hash bytea CHECK (octet_length(block_hash) = 32),
  succeeded boolean,
  failure text,

  UNIQUE (client, request_id),
  CHECK (state NOT IN ('RECEIVED') OR num_nonnulls(policy_version, nonce, transaction_hash) = 0),
  CHECK (state <> 'DENIED' OR num_nulls(policy_version, rule, reason) = 0),
  CHECK (state NOT IN ('ADMITTED', 'SIGNED', 'BROADCAST', 'CONFIRMED')
         OR num_nulls(policy_version, rule, nonce, payload) = 0),
  CHECK (state NOT IN ('SIGNED', 'BROADCAST', 'CONFIRMED') OR transaction_hash IS NOT NULL),
  CHECK (state <> 'CONFIRMED' OR num_nulls(block_number, block_hash, succeeded) = 0),
  CHECK (state <> 'FAILED' OR failure IS NOT NULL)
);

-- A client's requests, the newest first.
CREATE INDEX request_by_client ON signer.request (client, id DESC);

-- What is not at an end yet, for whoever resumes it.
CREATE INDEX request_open ON signer.request (state, updated_at)
  WHERE state IN ('RECEIVED', 'PENDING_APPROVAL', 'TIME_LOCKED', 'ADMITTED', 'SIGNED', 'BROADCAST');

-- Every state a request was in. Written by the triggers below and by nobody else.
CREATE TABLE signer.state_change (
  request uuid NOT NULL,
  revision integer NOT NULL,
  state signer.request_state NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (request, revision)
);

CREATE FUNCTION signer.record_arrivals() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM arrived WHERE state <> 'RECEIVED' OR revision <> 1) THEN
    RAISE EXCEPTION 'a request starts in RECEIVED' USING ERRCODE = 'check_violation';
  END IF;
  INSERT INTO signer.state_change (request, revision, state, at)
  SELECT id, revision, state, updated_at FROM arrived;
  RETURN NULL;
END $$;

CREATE TRIGGER record_arrivals AFTER INSERT ON signer.request
REFERENCING NEW TABLE AS arrived
FOR EACH STATEMENT EXECUTE FUNCTION signer.record_arrivals();

CREATE FUNCTION signer.record_moves() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  illegal record;
BEGIN
  SELECT b.id, b.state AS from_state, a.state AS to_state INTO illegal
  FROM before b JOIN after a USING (id)
  WHERE (a.state, a.revision) IS DISTINCT FROM (b.state, b.revision)
    AND NOT (a.revision = b.revision + 1
             AND EXISTS (SELECT FROM signer.legal_move l
                         WHERE l.from_state = b.state AND l.to_state = a.state))
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'request % may not move from % to %',
      illegal.id, illegal.from_state, illegal.to_state USING ERRCODE = 'check_violation';
  END IF;
  INSERT INTO signer.state_change (request, revision, state, at)
  SELECT a.id, a.revision, a.state, a.updated_at
  FROM before b JOIN after a USING (id)
  WHERE a.revision > b.revision;
  RETURN NULL;
END $$;

CREATE TRIGGER record_moves AFTER UPDATE ON signer.request
REFERENCING OLD TABLE AS before NEW TABLE AS after
FOR EACH STATEMENT EXECUTE FUNCTION signer.record_moves();

GRANT USAGE ON SCHEMA signer TO countersign_signer;
GRANT SELECT ON signer.legal_move, signer.state_change TO countersign_signer;
GRANT SELECT, INSERT ON signer.request TO countersign_signer;
GRANT UPDATE (state, revision, updated_at, leased_until, policy_version, rule, reason, nonce,
              payload, transaction_hash, block_number, block_hash, succeeded, failure)
  ON signer.request TO countersign_signer;

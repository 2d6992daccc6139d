-- What a request that is allowed still waits for: one row for each that waits, or has waited.
-- `conditions` names the rules that demand it and what each demands. The seal is an HMAC over
-- request, policy, conditions and times, under a key that is not in the database: whoever only
-- writes here cannot open a time lock.
CREATE TABLE policy.hold (
  request uuid PRIMARY KEY,
  policy_version bigint NOT NULL CHECK (policy_version >= 1),
  conditions text NOT NULL,
  -- The most that gas may cost when it is signed, in wei.
  gas_cap numeric(78, 0) NOT NULL CHECK (gas_cap >= 0),
  asked_at timestamptz NOT NULL,
  -- From when on no approval counts; none when nobody has to approve.
  expires_at timestamptz,
  -- What its approvers sign; none when nobody has to approve.
  statement bytea,
  -- When its time lock opens; none while it waits for approvals.
  opens_at timestamptz,
  seal bytea NOT NULL CHECK (octet_length(seal) = 32),
  -- What its approvers came to, once they did: then somebody has to go on with it.
  decided text CHECK (decided IN ('MET', 'REJECTED')),
  ended boolean NOT NULL DEFAULT false,
  -- Whoever goes on with it has it until then.
  leased_until timestamptz
);

-- What there may be something to do for.
CREATE INDEX hold_waiting ON policy.hold (opens_at) WHERE NOT ended;

CREATE TRIGGER holds_stay BEFORE DELETE OR TRUNCATE ON policy.hold
  FOR EACH STATEMENT EXECUTE FUNCTION policy.refuse_change();

CREATE FUNCTION policy.refuse_revival() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the hold of request % has ended', OLD.request
    USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER holds_end_for_good BEFORE UPDATE ON policy.hold
  FOR EACH ROW WHEN (OLD.ended) EXECUTE FUNCTION policy.refuse_revival();

GRANT SELECT, INSERT,
  UPDATE (policy_version, conditions, gas_cap, asked_at, expires_at, statement, opens_at, seal, decided, ended,
          leased_until)
  ON policy.hold TO countersign_policy;

-- What approvers said. It proves itself: each signature is verified whenever it counts.
CREATE TABLE policy.approval (
  request uuid NOT NULL REFERENCES policy.hold (request),
  -- The SHA-256 of the statement that was signed.
  statement bytea NOT NULL CHECK (octet_length(statement) = 32),
  approver text NOT NULL,
  key text NOT NULL,
  decision text NOT NULL CHECK (decision IN ('APPROVE', 'REJECT')),
  signature bytea NOT NULL CHECK (octet_length(signature) = 64),
  reason text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (request, statement, approver, decision)
);

CREATE TRIGGER approvals_are_final BEFORE UPDATE OR DELETE OR TRUNCATE ON policy.approval
  FOR EACH STATEMENT EXECUTE FUNCTION policy.refuse_change();

GRANT SELECT, INSERT ON policy.approval TO countersign_policy;

-- The digests of the approvals that an admission counted, one after the other: the permit binds them.
ALTER TABLE policy.decision ADD COLUMN approvals bytea NOT NULL DEFAULT ''
  CHECK (octet_length(approvals) % 32 = 0);

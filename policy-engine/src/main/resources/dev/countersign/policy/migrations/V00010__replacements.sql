-- What was decided of payloads that take the place of one that is signed. It holds what it was
-- charged beyond its request until it is signed for good (COMMITTED) or given up (RELEASED). What
-- was denied is in the log alone. The seal is that of its permit, which names what it replaces.
CREATE TABLE policy.replacement (
  request uuid NOT NULL REFERENCES policy.decision (request),
  ordinal integer NOT NULL CHECK (ordinal >= 1),
  purpose text NOT NULL CHECK (purpose IN ('SPEED_UP', 'CANCELLATION')),
  state text NOT NULL CHECK (state IN ('RESERVED', 'COMMITTED', 'RELEASED')),
  policy_version bigint NOT NULL CHECK (policy_version >= 1),
  rule text NOT NULL,
  payload_digest bytea NOT NULL CHECK (octet_length(payload_digest) = 32),
  replaces bytea NOT NULL CHECK (octet_length(replaces) = 32),
  backend text NOT NULL,
  key text NOT NULL,
  decided_at timestamptz NOT NULL,
  settled_at timestamptz,
  seal bytea NOT NULL CHECK (octet_length(seal) = 32),
  approvals bytea NOT NULL DEFAULT '' CHECK (octet_length(approvals) % 32 = 0),
  PRIMARY KEY (request, ordinal),
  CONSTRAINT settled_when_it_ended CHECK ((state = 'RESERVED') = (settled_at IS NULL))
);

CREATE TRIGGER replacements_stay BEFORE DELETE OR TRUNCATE ON policy.replacement
  FOR EACH STATEMENT EXECUTE FUNCTION policy.refuse_change();

CREATE TRIGGER replacements_are_settled_once BEFORE UPDATE ON policy.replacement
  FOR EACH ROW
  WHEN (NOT (OLD.state = 'RESERVED' AND NEW.state IN ('COMMITTED', 'RELEASED')))
  EXECUTE FUNCTION policy.refuse_other_than_settling();

GRANT SELECT, INSERT, UPDATE (state, settled_at) ON policy.replacement TO countersign_policy;

-- What a replacement was charged stands beside what its request was: 0 is the request itself.
ALTER TABLE policy.reservation
  ADD COLUMN replacement integer NOT NULL DEFAULT 0 CHECK (replacement >= 0),
  DROP CONSTRAINT reservation_pkey,
  ADD PRIMARY KEY (request, scope, replacement);

-- Policies that somebody wants to be the next, and those that became it. The statement is what
-- approvers sign; it says who has to approve, and which policy this one follows. `opens_at` is when
-- the delay is over, once it is approved; the seal is an HMAC over proposal, statement and that time,
-- under a key that is not in the database: whoever only writes here cannot shorten a delay.
CREATE TABLE policy.proposal (
  id uuid PRIMARY KEY,
  content bytea NOT NULL,
  statement bytea NOT NULL,
  base bigint NOT NULL CHECK (base >= 0),
  proposed_by text NOT NULL,
  note text NOT NULL CHECK (length(note) <= 2000),
  proposed_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'PROPOSED' CHECK (state IN
    ('PROPOSED', 'APPROVED', 'ACTIVATED', 'REJECTED', 'WITHDRAWN', 'EXPIRED', 'VOID')),
  opens_at timestamptz,
  seal bytea CHECK (octet_length(seal) = 32),
  ended_at timestamptz,
  reason text NOT NULL DEFAULT '',
  CONSTRAINT opens_once_approved CHECK ((opens_at IS NULL) = (seal IS NULL)),
  CONSTRAINT ended_when_it_is_over CHECK (
    (state IN ('PROPOSED', 'APPROVED')) = (ended_at IS NULL))
);

CREATE INDEX proposal_open ON policy.proposal (proposed_at)
  WHERE state IN ('PROPOSED', 'APPROVED');
CREATE INDEX proposal_by_time ON policy.proposal (proposed_at, id);

CREATE TRIGGER proposals_stay BEFORE DELETE OR TRUNCATE ON policy.proposal
  FOR EACH STATEMENT EXECUTE FUNCTION policy.refuse_change();

CREATE FUNCTION policy.refuse_reopening() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'proposal % is %, and stays so', OLD.id, OLD.state
    USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER proposals_end_for_good BEFORE UPDATE ON policy.proposal
  FOR EACH ROW
  WHEN (OLD.state NOT IN ('PROPOSED', 'APPROVED') OR (OLD.state = 'APPROVED' AND NEW.state = 'PROPOSED'))
  EXECUTE FUNCTION policy.refuse_reopening();

-- What approvers said. It proves itself: each signature is verified whenever it counts.
CREATE TABLE policy.proposal_approval (
  proposal uuid NOT NULL REFERENCES policy.proposal (id),
  approver text NOT NULL,
  key text NOT NULL,
  decision text NOT NULL CHECK (decision IN ('APPROVE', 'REJECT')),
  signature bytea NOT NULL CHECK (octet_length(signature) = 64),
  reason text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (proposal, approver, key, decision, signature)
);

CREATE TRIGGER proposal_approvals_are_final
  BEFORE UPDATE OR DELETE OR TRUNCATE ON policy.proposal_approval
  FOR EACH STATEMENT EXECUTE FUNCTION policy.refuse_change();

-- Which proposal made a document a policy: without it, and without the signatures that belong to it,
-- the document is nobody's.
CREATE TABLE policy.document_change (
  version bigint PRIMARY KEY REFERENCES policy.document (version),
  proposal uuid NOT NULL REFERENCES policy.proposal (id)
);

CREATE TRIGGER document_changes_are_final
  BEFORE UPDATE OR DELETE OR TRUNCATE ON policy.document_change
  FOR EACH STATEMENT EXECUTE FUNCTION policy.refuse_change();

-- Whoever proposes, decides or activates holds it, before policy.hold_activation(): so each sees what
-- the one before it has come to.
CREATE FUNCTION policy.hold_proposals() RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(1886350441, 3);
END $$;

GRANT SELECT, INSERT, UPDATE (state, opens_at, seal, ended_at, reason)
  ON policy.proposal TO countersign_policy;
GRANT SELECT, INSERT ON policy.proposal_approval TO countersign_policy;
GRANT SELECT, INSERT ON policy.document_change TO countersign_policy;

-- Drafts that judge what is really asked beside the active policy, after it was decided. They decide
-- nothing: no statement that decides reads these tables.
CREATE TABLE policy.shadow (
  id uuid PRIMARY KEY,
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  content bytea NOT NULL,
  started_at timestamptz NOT NULL,
  started_by text NOT NULL,
  stopped_at timestamptz,
  -- The instance that follows what is asked, and until when it has it.
  leased_by text,
  leased_until timestamptz,
  -- How far it has come, and the numbers so far.
  followed_until timestamptz,
  summary jsonb,
  -- Why it cannot go on.
  problem text,
  CONSTRAINT hash_is_of_content CHECK (hash = sha256(content))
);

-- At most one at a time.
CREATE UNIQUE INDEX one_shadow ON policy.shadow ((true)) WHERE stopped_at IS NULL;

-- What a draft would have said other than what was said; the newest ten thousand of each draft, of
-- the newest five drafts.
CREATE TABLE policy.shadow_difference (
  shadow uuid NOT NULL REFERENCES policy.shadow (id),
  request uuid NOT NULL,
  at timestamptz NOT NULL,
  answer_before text NOT NULL CHECK (answer_before IN ('ALLOWED', 'HELD', 'DENIED')),
  rule_before text NOT NULL,
  answer_after text NOT NULL CHECK (answer_after IN ('ALLOWED', 'HELD', 'DENIED')),
  rule_after text NOT NULL,
  reason text NOT NULL,
  fees_unknown boolean NOT NULL,
  PRIMARY KEY (shadow, request)
);

GRANT SELECT, INSERT,
  UPDATE (stopped_at, leased_by, leased_until, followed_until, summary, problem)
  ON policy.shadow TO countersign_policy;
GRANT SELECT, INSERT, DELETE ON policy.shadow_difference TO countersign_policy;

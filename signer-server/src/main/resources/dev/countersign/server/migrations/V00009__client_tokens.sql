-- Bearer tokens: of a secret of 256 random bits there is the SHA-256 alone.
CREATE TABLE signer.client_token (
  id uuid PRIMARY KEY,
  client text NOT NULL,
  hash bytea NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
  issued_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz
);

GRANT SELECT, INSERT ON signer.client_token TO countersign_signer;
GRANT UPDATE (revoked_at) ON signer.client_token TO countersign_signer;

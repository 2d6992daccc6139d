-- The word of witnesses about checkpoints (C2SP tlog-cosignature), as they gave it. No foreign key:
-- its check would lock the checkpoint's row, and a cosignature of no checkpoint is never looked at.
CREATE TABLE audit.cosignature (
  tree_size   bigint NOT NULL CHECK (tree_size > 0),
  -- The witness's verifier key, name+id+key.
  witness     text NOT NULL CHECK (octet_length(witness) BETWEEN 1 AND 1024),
  -- The signature line, without its line feed.
  line        text NOT NULL CHECK (octet_length(line) BETWEEN 1 AND 1024 AND line !~ '\n'),
  received_at timestamptz NOT NULL,
  PRIMARY KEY (tree_size, witness)
);

-- Which instance brings checkpoints to the witnesses. Two that do are no harm, only traffic: so it
-- ends by time, and nobody is fenced off.
CREATE TABLE audit.witness_lease (
  one    boolean PRIMARY KEY DEFAULT true CHECK (one),
  holder uuid,
  until  timestamptz NOT NULL DEFAULT '-infinity'
);

INSERT INTO audit.witness_lease DEFAULT VALUES;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.cosignature
  EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER keep BEFORE DELETE OR TRUNCATE ON audit.witness_lease
  EXECUTE FUNCTION audit.refuse();

ALTER TABLE audit.cosignature ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE audit.witness_lease ENABLE ALWAYS TRIGGER keep;

GRANT SELECT, INSERT ON audit.cosignature TO countersign_audit;
GRANT SELECT, UPDATE (holder, until) ON audit.witness_lease TO countersign_audit;

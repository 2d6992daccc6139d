-- How much of the log an operator has taken out of audit.entry, having it in an archive: entries
-- below next_leaf that are not here are there (docs/runbooks/RETENTION.md). A row proves nothing:
-- the log has an entry that says the same, and verification asks for both.
CREATE TABLE audit.archive (
  -- The entry that tells of it.
  entry_id    bigint PRIMARY KEY,
  written     date NOT NULL,
  -- Whole bundles only.
  next_leaf   bigint NOT NULL CHECK (next_leaf > 0 AND next_leaf % 256 = 0),
  -- Of the checkpoint that the archive was verified against.
  tree_size   bigint NOT NULL CHECK (tree_size >= next_leaf),
  archived_at timestamptz NOT NULL DEFAULT now()
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.archive
  EXECUTE FUNCTION audit.refuse();

ALTER TABLE audit.archive ENABLE ALWAYS TRIGGER append_only;

-- To read: only the owner of the schema archives.
GRANT SELECT ON audit.archive TO countersign_audit;

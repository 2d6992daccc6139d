-- To find entries, never to prove anything: what is found is read from the log itself, and what
-- these tables do not know yet is looked through. Written behind the tree, in its order.

-- A stretch of the log that has been read: all entries of [first_leaf, next_leaf) have their terms
-- below. The end of the last one is how far that has come. The times are those the entries name.
CREATE TABLE audit.search_block (
  first_leaf bigint PRIMARY KEY CHECK (first_leaf >= 0),
  next_leaf  bigint NOT NULL UNIQUE CHECK (next_leaf > first_leaf),
  earliest   timestamptz NOT NULL,
  latest     timestamptz NOT NULL
);

-- The first eight bytes of the SHA-256 of a text such as wallet:hot-1. Two texts that share them
-- are told apart when the entry is read.
CREATE TABLE audit.search_term (
  term       bigint NOT NULL,
  leaf_index bigint NOT NULL CHECK (leaf_index >= 0),
  PRIMARY KEY (term, leaf_index)
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.search_block
  EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.search_term
  EXECUTE FUNCTION audit.refuse();

ALTER TABLE audit.search_block ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE audit.search_term ENABLE ALWAYS TRIGGER append_only;

GRANT SELECT, INSERT ON audit.search_block, audit.search_term TO countersign_audit;

-- How a request came in, found out by the server; never changes. None of it for requests that were
-- received before this was known.
ALTER TABLE signer.request
  ADD COLUMN credential text,
  -- The IP address at the other end of the connection, where it has one.
  ADD COLUMN source text,
  -- The roles of the client at that time, sorted, with commas between.
  ADD COLUMN roles text,
  ADD CONSTRAINT origin_is_whole CHECK (
    (credential IS NULL) = (roles IS NULL) AND (source IS NULL OR credential IS NOT NULL));

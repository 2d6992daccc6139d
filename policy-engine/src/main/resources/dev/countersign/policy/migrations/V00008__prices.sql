-- The newest price of each feed for each asset and currency, as its feed signed it: who reads it
-- believes `signed` alone, by the key that the active policy names. The columns find it.
CREATE TABLE policy.price (
  feed text COLLATE "C" NOT NULL,
  asset text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  as_of timestamptz NOT NULL,
  signed bytea NOT NULL CHECK (octet_length(signed) BETWEEN 1 AND 1024),
  received_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (feed, asset, currency)
) WITH (fillfactor = 50);

-- What judging asks for.
CREATE INDEX price_by_asset ON policy.price (asset, feed);

CREATE FUNCTION policy.refuse_older_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a price of % cannot follow one of %', NEW.as_of, OLD.as_of
    USING ERRCODE = 'restrict_violation';
END $$;

-- What is dated later than any price can be may be put right.
CREATE TRIGGER prices_do_not_go_back BEFORE UPDATE ON policy.price
  FOR EACH ROW WHEN (NEW.as_of <= OLD.as_of
    AND OLD.as_of <= statement_timestamp() + interval '10 s') EXECUTE FUNCTION policy.refuse_older_price();
CREATE TRIGGER prices_stay BEFORE DELETE OR TRUNCATE ON policy.price
  FOR EACH STATEMENT EXECUTE FUNCTION policy.refuse_change();

GRANT SELECT, INSERT, UPDATE (as_of, signed, received_at) ON policy.price TO countersign_policy;

-- Everything that was ever frozen. Rows are final: a freeze ends with a row of policy.thaw.
-- `number` is in the order of commits, as whoever freezes or thaws holds the lock of
-- policy.hold_freezing(). It is made by the database alone.
CREATE TABLE policy.frozen (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id uuid NOT NULL UNIQUE,
  scope text COLLATE "C" NOT NULL CHECK (scope ~ '^(everything|(vault|wallet|chain):[a-z0-9:-]+)$'),
  reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
  frozen_by text NOT NULL,
  frozen_at timestamptz NOT NULL
);

CREATE INDEX frozen_by_scope ON policy.frozen (scope, number);

-- The seal is an HMAC over the id of the freeze, under a key that is not in the database: without
-- it the row counts for nothing, the freeze goes on, and another row can still end it. `recorded_at` is by the database's clock, as
-- tallies are: a breaker counts from there.
CREATE TABLE policy.thaw (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  frozen uuid NOT NULL REFERENCES policy.frozen (id),
  expires timestamptz NOT NULL,
  evidence bytea[] NOT NULL,
  thawed_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  seal bytea NOT NULL CHECK (octet_length(seal) = 32),
  UNIQUE (frozen, seal)
);

CREATE TRIGGER freezes_are_final BEFORE UPDATE OR DELETE OR TRUNCATE ON policy.frozen
  FOR EACH STATEMENT EXECUTE FUNCTION policy.refuse_change();
CREATE TRIGGER thaws_are_final BEFORE UPDATE OR DELETE OR TRUNCATE ON policy.thaw
  FOR EACH STATEMENT EXECUTE FUNCTION policy.refuse_change();

-- How far both tables have come: whoever knows what is frozen at a mark knows it as long as the
-- mark stays.
CREATE VIEW policy.freeze_mark AS
  SELECT coalesce((SELECT max(number) FROM policy.frozen), 0) AS freezes,
    coalesce((SELECT max(number) FROM policy.thaw), 0) AS thaws;

-- The mark, which stays until the transaction ends: a freeze waits for the transactions that admit
-- or settle by what was frozen before it, so that once it has returned nothing more of its scope is
-- admitted or becomes a signature. An advisory lock, as for the active version. VOLATILE, so that
-- the mark is read after the lock is held.
CREATE FUNCTION policy.hold_freezes() RETURNS SETOF policy.freeze_mark
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(1886350441, 2);
  RETURN QUERY SELECT freezes, thaws FROM policy.freeze_mark;
END $$;

-- The other side of it.
CREATE FUNCTION policy.hold_freezing() RETURNS SETOF policy.freeze_mark
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(1886350441, 2);
  RETURN QUERY SELECT freezes, thaws FROM policy.freeze_mark;
END $$;

GRANT SELECT ON policy.freeze_mark TO countersign_policy;
GRANT SELECT, INSERT ON policy.frozen TO countersign_policy;
GRANT SELECT, INSERT ON policy.thaw TO countersign_policy;

-- What was decided, added up for each wallet and chain of a batch: what circuit breakers count.
-- Only written while the active policy has breakers.
CREATE TABLE policy.tally (
  at timestamptz NOT NULL DEFAULT now(),
  wallet text COLLATE "C" NOT NULL,
  vault text COLLATE "C" NOT NULL,
  chain text COLLATE "C" NOT NULL,
  signatures bigint NOT NULL CHECK (signatures >= 0),
  denials bigint NOT NULL CHECK (denials >= 0),
  native_value numeric NOT NULL CHECK (native_value >= 0 AND native_value = trunc(native_value))
);

CREATE INDEX tally_by_wallet ON policy.tally (wallet, at);
CREATE INDEX tally_by_time ON policy.tally (at);

CREATE TRIGGER tallies_stay BEFORE UPDATE OR TRUNCATE ON policy.tally
  FOR EACH STATEMENT EXECUTE FUNCTION policy.refuse_change();

-- The longest window of a breaker is an hour: what is older than two counts for nothing, and may go.
CREATE TRIGGER tallies_that_count_stay BEFORE DELETE ON policy.tally
  FOR EACH ROW WHEN (old.at > now() - interval '2 hours')
  EXECUTE FUNCTION policy.refuse_change();

GRANT SELECT, INSERT, DELETE ON policy.tally TO countersign_policy;

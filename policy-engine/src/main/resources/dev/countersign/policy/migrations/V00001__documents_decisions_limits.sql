-- The role is made by SchemaMigration before this runs.
GRANT USAGE ON SCHEMA policy TO countersign_policy;

-- Every policy that was ever active, as its bytes.
CREATE TABLE policy.document (
  version bigint PRIMARY KEY CHECK (version >= 1),
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  content bytea NOT NULL,
  activated_at timestamptz NOT NULL,
  CONSTRAINT hash_is_of_content CHECK (hash = sha256(content))
);

-- Which of them is active; no row before the first. The seal is an HMAC over number and hash, under
-- a key that is not in the database: without it the row counts for nothing.
CREATE TABLE policy.active (
  one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
  version bigint NOT NULL REFERENCES policy.document (version),
  seal bytea NOT NULL CHECK (octet_length(seal) = 32)
);

-- What was decided of each request. A request that was allowed holds its reservations until it is
-- signed for good (COMMITTED) or given up for good (RELEASED).
-- The seal is that of the permit, under the same key: without it nothing is signed.
-- There is no foreign key to the document: every admission would lock the one active row for it.
CREATE TABLE policy.decision (
  request uuid PRIMARY KEY,
  state text NOT NULL CHECK (state IN ('DENIED', 'RESERVED', 'COMMITTED', 'RELEASED')),
  policy_version bigint NOT NULL CHECK (policy_version >= 0),
  rule text NOT NULL,
  payload_digest bytea NOT NULL CHECK (octet_length(payload_digest) = 32),
  backend text NOT NULL,
  key text NOT NULL,
  decided_at timestamptz NOT NULL,
  settled_at timestamptz,
  explanation jsonb,
  seal bytea CHECK (octet_length(seal) = 32),
  CONSTRAINT only_denials_are_explained CHECK ((state = 'DENIED') = (explanation IS NOT NULL)),
  CONSTRAINT all_but_denials_are_sealed CHECK ((state = 'DENIED') = (seal IS NULL)),
  CONSTRAINT settled_when_it_ended CHECK (
    (state IN ('COMMITTED', 'RELEASED')) = (settled_at IS NOT NULL)),
  CONSTRAINT allowed_by_a_policy CHECK (state = 'DENIED' OR policy_version >= 1)
) WITH (fillfactor = 70);

-- One counter: a limit of a rule, for one asset and one value of each dimension it counts apart.
-- `spent` is the sum of the reservations that are not released and younger than `horizon`.
-- Whoever reads it to decide holds its row lock; rows are locked in the order of `key`.
CREATE TABLE policy.scope (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key text COLLATE "C" NOT NULL UNIQUE,
  spent numeric NOT NULL DEFAULT 0 CHECK (spent >= 0 AND spent = trunc(spent)),
  horizon timestamptz NOT NULL DEFAULT '-infinity'
) WITH (fillfactor = 50);

CREATE TABLE policy.reservation (
  request uuid NOT NULL REFERENCES policy.decision (request),
  scope bigint NOT NULL REFERENCES policy.scope (id),
  at timestamptz NOT NULL,
  amount numeric(78, 0) NOT NULL CHECK (amount >= 0),
  released boolean NOT NULL DEFAULT false,
  PRIMARY KEY (request, scope)
);

-- What a scope's window lost since it was last looked at is a range of this index.
CREATE INDEX reservation_by_age ON policy.reservation (scope, at) INCLUDE (amount)
  WHERE NOT released;

CREATE FUNCTION policy.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of %.% is refused: its rows are final', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER documents_are_final BEFORE UPDATE OR DELETE OR TRUNCATE ON policy.document
  FOR EACH STATEMENT EXECUTE FUNCTION policy.refuse_change();
CREATE TRIGGER decisions_stay BEFORE DELETE OR TRUNCATE ON policy.decision
  FOR EACH STATEMENT EXECUTE FUNCTION policy.refuse_change();
CREATE TRIGGER reservations_stay BEFORE DELETE OR TRUNCATE ON policy.reservation
  FOR EACH STATEMENT EXECUTE FUNCTION policy.refuse_change();
CREATE TRIGGER scopes_stay BEFORE DELETE OR TRUNCATE ON policy.scope
  FOR EACH STATEMENT EXECUTE FUNCTION policy.refuse_change();

CREATE FUNCTION policy.refuse_other_than_settling() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'decision of request % cannot go from % to %', OLD.request, OLD.state, NEW.state
    USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER decisions_are_settled_once BEFORE UPDATE ON policy.decision
  FOR EACH ROW
  WHEN (NOT (OLD.state = 'RESERVED' AND NEW.state IN ('COMMITTED', 'RELEASED')))
  EXECUTE FUNCTION policy.refuse_other_than_settling();

CREATE FUNCTION policy.refuse_other_than_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a reservation can only be released, and once'
    USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER reservations_are_released_once BEFORE UPDATE ON policy.reservation
  FOR EACH ROW WHEN (OLD.released OR NOT NEW.released)
  EXECUTE FUNCTION policy.refuse_other_than_release();

-- The active version, and the highest there is; no row when there is none.
CREATE VIEW policy.active_version AS
  SELECT document.version, document.hash, active.seal,
    (SELECT max(version) FROM policy.document) AS latest
  FROM policy.active JOIN policy.document ON document.version = active.version;

-- The active version, which stays active until the transaction ends: an activation waits for the
-- transactions that judge by the version before it, so that once it has returned nothing is decided
-- by an older one. An advisory lock, since a row lock would be a write to one row by every
-- admission. VOLATILE, so that the version is read after the lock is held.
CREATE FUNCTION policy.hold_active_version() RETURNS SETOF policy.active_version
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(1886350441, 1);
  RETURN QUERY SELECT version, hash, seal, latest FROM policy.active_version;
END $$;

-- The other side of it.
CREATE FUNCTION policy.hold_activation() RETURNS SETOF policy.active_version
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(1886350441, 1);
  RETURN QUERY SELECT version, hash, seal, latest FROM policy.active_version;
END $$;

GRANT SELECT, INSERT ON policy.document TO countersign_policy;
GRANT SELECT ON policy.active_version TO countersign_policy;
GRANT SELECT, INSERT, UPDATE (version, seal) ON policy.active TO countersign_policy;
GRANT SELECT, INSERT, UPDATE (state, settled_at) ON policy.decision TO countersign_policy;
GRANT SELECT, INSERT, UPDATE (spent, horizon) ON policy.scope TO countersign_policy;
GRANT SELECT, INSERT, UPDATE (released) ON policy.reservation TO countersign_policy;

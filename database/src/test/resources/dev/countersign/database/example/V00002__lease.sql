CREATE TABLE example.lease (
  chain       text PRIMARY KEY,
  holder      uuid NOT NULL,
  lease_until timestamptz NOT NULL,
  fence       bigint NOT NULL
);

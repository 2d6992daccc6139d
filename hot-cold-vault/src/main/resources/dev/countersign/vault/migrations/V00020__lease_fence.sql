-- Grows with each other holder: what was begun under a smaller one is not written.
ALTER TABLE vault.balance_watch ADD COLUMN fence bigint NOT NULL DEFAULT 1;

CREATE TABLE example.account (id int PRIMARY KEY, amount int NOT NULL);
INSERT INTO example.account VALUES (1, 0), (2, 0);
GRANT USAGE ON SCHEMA example TO countersign_example;
GRANT SELECT, UPDATE ON example.account TO countersign_example;

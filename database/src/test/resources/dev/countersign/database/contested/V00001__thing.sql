CREATE TABLE contested.thing (id int PRIMARY KEY);

-- What is learned of rides, doors and arrival times: plain JSON under its key. `courier`: whom a row is about.
-- It takes the place of the paces, which knew hours only; `huaxin eta learn` learns anew from the journal.
CREATE TABLE learned (
  key TEXT PRIMARY KEY,
  courier TEXT NOT NULL,
  doc TEXT NOT NULL
);

CREATE INDEX learned_by_courier ON learned (courier);

DROP TABLE courier_paces;

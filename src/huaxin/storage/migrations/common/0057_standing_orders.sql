-- Orders of every week (huaxin.standing.model.Standing as JSON). Which of them were made the journal knows.
CREATE TABLE standing_orders (
    id TEXT PRIMARY KEY,
    shop TEXT NOT NULL,
    person TEXT NOT NULL,
    ended BIGINT NOT NULL,
    doc TEXT NOT NULL
);

CREATE INDEX standing_orders_of_shop ON standing_orders (shop, ended);

CREATE INDEX standing_orders_of_person ON standing_orders (person);

-- How far each member of an order has received and read: two marks per member, never a row per message.
CREATE TABLE marks (
    order_id TEXT NOT NULL,
    person TEXT NOT NULL,
    role TEXT NOT NULL,
    received BIGINT NOT NULL,
    read BIGINT NOT NULL,
    PRIMARY KEY (order_id, person, role)
);

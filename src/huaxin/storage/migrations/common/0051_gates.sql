-- What a shop asks for before flowers leave and when they are handed over: orders/gates.py Gates as JSON.
CREATE TABLE gates (
    shop TEXT PRIMARY KEY,
    doc TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);

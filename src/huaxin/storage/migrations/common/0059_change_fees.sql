-- What a shop asks for late changes: orders/fees.py ChangeFees as JSON. None: the usual ones.
CREATE TABLE change_fees (
    shop TEXT PRIMARY KEY,
    doc TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);

-- What people decided about runs: a visiting order set by hand (ids as JSON), the room on bikes ('' is what
-- the shop's bikes usually have), whether the shop assigns by itself. Products say what room they take.
CREATE TABLE run_orders (
    shop TEXT NOT NULL,
    courier TEXT NOT NULL,
    orders TEXT NOT NULL,
    set_by TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (shop, courier)
);

CREATE TABLE bikes (
    shop TEXT NOT NULL,
    courier TEXT NOT NULL,
    places BIGINT NOT NULL,
    tall BIGINT NOT NULL,
    PRIMARY KEY (shop, courier)
);

CREATE TABLE assignment (
    shop TEXT PRIMARY KEY,
    automatic BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);

ALTER TABLE products ADD COLUMN size BIGINT NOT NULL DEFAULT 1;
ALTER TABLE products ADD COLUMN tall BIGINT NOT NULL DEFAULT 0;

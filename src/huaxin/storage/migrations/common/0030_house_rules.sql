-- What a person wants to hear nothing of, and how long each shop keeps what was said. Times are ms since 1970.
CREATE TABLE mutes (
    person TEXT NOT NULL,
    order_id TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (person, order_id)
);

-- Days after an order's completion; 0: for ever.
CREATE TABLE retention (
    shop TEXT PRIMARY KEY,
    messages_days BIGINT NOT NULL DEFAULT 0,
    media_days BIGINT NOT NULL DEFAULT 0,
    positions_days BIGINT NOT NULL DEFAULT 0,
    changed_at BIGINT NOT NULL
);

-- Orders of which something was removed because its time of keeping was over: 'messages' or 'media'.
CREATE TABLE expired (
    order_id TEXT NOT NULL,
    what TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (order_id, what)
);

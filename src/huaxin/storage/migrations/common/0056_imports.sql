-- Orders out of a table on their way into the journal: what is left of a file when the server stops in the middle
-- is carried to its end by the next one. `doc` is empty once it is done.
CREATE TABLE imports (
    shop TEXT NOT NULL,
    id TEXT NOT NULL,
    person TEXT NOT NULL,
    name TEXT NOT NULL,
    doc TEXT NOT NULL,
    total BIGINT NOT NULL,
    done BIGINT NOT NULL,
    already BIGINT NOT NULL,
    state TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    PRIMARY KEY (shop, id)
);

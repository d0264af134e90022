-- Tracker apps (OwnTracks, Traccar) that report for a courier. The password is kept as a keyed hash only.
CREATE TABLE trackers (
    id TEXT PRIMARY KEY,
    shop TEXT NOT NULL,
    courier TEXT NOT NULL,
    name TEXT NOT NULL,
    proof TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL DEFAULT 0,
    revoked_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX trackers_by_shop ON trackers (shop);

-- When "almost there" is said: within so many metres, or so many minutes of riding (0: metres count).
CREATE TABLE rings (
    shop TEXT PRIMARY KEY,
    metres BIGINT NOT NULL,
    minutes BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);

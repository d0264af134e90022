-- Persons, devices, one-time codes, guest links, rate counters. Times are ms since 1970, 0 means never.
CREATE TABLE persons (
    id TEXT PRIMARY KEY,
    phone TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    language TEXT NOT NULL DEFAULT 'zh-CN',
    created_at BIGINT NOT NULL,
    last_seen BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX persons_phone ON persons (phone);

-- One row per login on one installation: the refresh chain and the way to end it.
-- person is 'guest:<link id>' for a session that came by a guest link.
CREATE TABLE devices (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    language TEXT NOT NULL DEFAULT 'zh-CN',
    guest_link TEXT NOT NULL DEFAULT '',
    salt TEXT NOT NULL,
    generation BIGINT NOT NULL DEFAULT 0,
    rotated_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen BIGINT NOT NULL,
    revoked_at BIGINT NOT NULL DEFAULT 0,
    revoked_why TEXT NOT NULL DEFAULT ''
);
CREATE INDEX devices_person ON devices (person, last_seen);

CREATE TABLE login_codes (
    phone TEXT PRIMARY KEY,
    hash TEXT NOT NULL,
    sent_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE guest_links (
    id TEXT PRIMARY KEY,
    hash TEXT NOT NULL,
    order_id TEXT NOT NULL,
    role TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX guest_links_hash ON guest_links (hash);
CREATE INDEX guest_links_order ON guest_links (order_id);

CREATE TABLE rate_counters (
    name TEXT PRIMARY KEY,
    started_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    hits BIGINT NOT NULL
);
CREATE INDEX rate_counters_ends ON rate_counters (ends_at);

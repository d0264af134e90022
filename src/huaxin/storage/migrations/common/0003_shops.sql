-- Shops, who works there, what they sell. Money is fen, positions are WGS-84 degrees.
CREATE TABLE shops (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL DEFAULT '',
    phone TEXT NOT NULL DEFAULT '',
    lat DOUBLE PRECISION,
    lon DOUBLE PRECISION,
    time_zone TEXT NOT NULL DEFAULT 'Asia/Shanghai',
    opening TEXT NOT NULL DEFAULT '[]',
    slots TEXT NOT NULL DEFAULT '[]',
    service_minutes BIGINT NOT NULL DEFAULT 30,
    next_number BIGINT NOT NULL DEFAULT 1001,
    created_at BIGINT NOT NULL
);

CREATE TABLE staff (
    shop TEXT NOT NULL,
    person TEXT NOT NULL,
    role TEXT NOT NULL,
    active BIGINT NOT NULL DEFAULT 1,
    since BIGINT NOT NULL,
    PRIMARY KEY (shop, person)
);
CREATE INDEX staff_person ON staff (person);

CREATE TABLE products (
    shop TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL DEFAULT '',
    price BIGINT NOT NULL,
    picture TEXT NOT NULL DEFAULT '',
    words TEXT NOT NULL DEFAULT '',
    words_en TEXT NOT NULL DEFAULT '',
    fragile BIGINT NOT NULL DEFAULT 0,
    available BIGINT NOT NULL DEFAULT 1,
    rank BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (shop, id)
);

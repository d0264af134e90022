-- Uploads and what was made of them. The bytes lie in the data folder or a bucket, never here.
CREATE TABLE media (
    id TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL,
    order_id TEXT NOT NULL,
    purpose TEXT NOT NULL,
    name TEXT NOT NULL,
    length BIGINT NOT NULL,
    received BIGINT NOT NULL, -- bytes on the disk for good
    state TEXT NOT NULL, -- uploading | processing | ready | refused
    code TEXT NOT NULL, -- why it was refused
    made TEXT NOT NULL, -- JSON: the attachment and its variants
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL -- 0: it belongs to a message
);
CREATE INDEX media_of_person ON media (person, state);
CREATE INDEX media_of_order ON media (order_id);
CREATE INDEX media_expiring ON media (expires_at) WHERE expires_at > 0;

-- How much a person brought on a day (days since 1970, UTC).
CREATE TABLE media_usage (
    person TEXT NOT NULL,
    day BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    uploads BIGINT NOT NULL,
    PRIMARY KEY (person, day)
);

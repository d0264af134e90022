CREATE TABLE assignment (
    shop TEXT PRIMARY KEY,
    automatic BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE TABLE bikes (
    shop TEXT NOT NULL,
    courier TEXT NOT NULL,
    places BIGINT NOT NULL,
    tall BIGINT NOT NULL,
    PRIMARY KEY (shop, courier)
);

CREATE TABLE change_fees (
    shop TEXT PRIMARY KEY,
    doc TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE TABLE courier_positions (
  courier TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  lat DOUBLE PRECISION NOT NULL,
  lon DOUBLE PRECISION NOT NULL,
  accuracy_m DOUBLE PRECISION NOT NULL,
  heading DOUBLE PRECISION NOT NULL,
  speed_kmh DOUBLE PRECISION NOT NULL,
  battery INTEGER NOT NULL,
  device_at BIGINT NOT NULL,
  datum TEXT NOT NULL,
  reported_lat DOUBLE PRECISION NOT NULL,
  reported_lon DOUBLE PRECISION NOT NULL
);

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

CREATE TABLE expired (
    order_id TEXT NOT NULL,
    what TEXT NOT NULL,
    at BIGINT NOT NULL, seen BIGINT NOT NULL DEFAULT 0, left_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (order_id, what)
);

CREATE TABLE gates (
    shop TEXT PRIMARY KEY,
    doc TEXT NOT NULL,
    changed_at BIGINT NOT NULL
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

CREATE TABLE heads (
    shop  TEXT   NOT NULL PRIMARY KEY,
    epoch TEXT   NOT NULL,
    seq   BIGINT NOT NULL
) WITHOUT ROWID;

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

CREATE TABLE journal (
    shop           TEXT   NOT NULL,
    seq            BIGINT NOT NULL,
    at             BIGINT NOT NULL,
    subject        TEXT   NOT NULL,
    type           TEXT   NOT NULL,
    version        BIGINT NOT NULL,
    actor          TEXT   NOT NULL,
    role           TEXT   NOT NULL,
    audience       BIGINT NOT NULL,
    body           BYTEA  NOT NULL,
    delta          BYTEA  NOT NULL,
    courier        TEXT   NOT NULL,
    courier_before TEXT   NOT NULL,
    command_id     TEXT   NOT NULL,
    nth            BIGINT NOT NULL,
    result         BYTEA  NOT NULL,
    device_at      BIGINT NOT NULL,
    digest         BIGINT NOT NULL,
    PRIMARY KEY (shop, seq)
) WITHOUT ROWID;

CREATE TABLE learned (
  key TEXT PRIMARY KEY,
  courier TEXT NOT NULL,
  doc TEXT NOT NULL
);

CREATE TABLE login_codes (
    phone TEXT PRIMARY KEY,
    hash TEXT NOT NULL,
    sent_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE marks (
    order_id TEXT NOT NULL,
    person TEXT NOT NULL,
    role TEXT NOT NULL,
    received BIGINT NOT NULL,
    read BIGINT NOT NULL,
    PRIMARY KEY (order_id, person, role)
);

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

CREATE TABLE media_usage (
    person TEXT NOT NULL,
    day BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    uploads BIGINT NOT NULL,
    PRIMARY KEY (person, day)
);

CREATE TABLE migrations (name TEXT NOT NULL PRIMARY KEY);

CREATE TABLE mutes (
    person TEXT NOT NULL,
    order_id TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (person, order_id)
);

CREATE TABLE notice_cursors (
    shop TEXT PRIMARY KEY,
    epoch TEXT NOT NULL,
    seq BIGINT NOT NULL
);

CREATE TABLE notice_preferences (
    person TEXT PRIMARY KEY,
    doc TEXT NOT NULL
);

CREATE TABLE notice_steps (
    shop TEXT NOT NULL,
    seq BIGINT NOT NULL,
    order_id TEXT NOT NULL,
    person TEXT NOT NULL,
    role TEXT NOT NULL,
    channel TEXT NOT NULL,
    target TEXT NOT NULL DEFAULT '',
    kind TEXT NOT NULL,
    urgency TEXT NOT NULL,
    at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    good_until BIGINT NOT NULL,
    state TEXT NOT NULL DEFAULT 'due',
    tries BIGINT NOT NULL DEFAULT 0,
    moved_at BIGINT NOT NULL DEFAULT 0,
    via TEXT NOT NULL DEFAULT '',
    why TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (shop, seq, person, role, channel, target)
);

CREATE TABLE persons (
    id TEXT PRIMARY KEY,
    phone TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    language TEXT NOT NULL DEFAULT 'zh-CN',
    created_at BIGINT NOT NULL,
    last_seen BIGINT NOT NULL DEFAULT 0
);

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
    rank BIGINT NOT NULL DEFAULT 0, size BIGINT NOT NULL DEFAULT 1, tall BIGINT NOT NULL DEFAULT 0, recipe TEXT NOT NULL DEFAULT '[]', days TEXT NOT NULL DEFAULT '', variants TEXT NOT NULL DEFAULT '[]', pictures TEXT NOT NULL DEFAULT '[]', sold_out BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (shop, id)
);

CREATE TABLE push_keys (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE push_subscriptions (
    id TEXT PRIMARY KEY,
    endpoint TEXT NOT NULL,
    p256dh TEXT NOT NULL,
    auth TEXT NOT NULL,
    person TEXT NOT NULL,
    device TEXT NOT NULL,
    app TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE quick_replies (
    shop TEXT NOT NULL,
    role TEXT NOT NULL,
    replies TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (shop, role)
);

CREATE TABLE rate_counters (
    name TEXT PRIMARY KEY,
    started_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    hits BIGINT NOT NULL
);

CREATE TABLE retention (
    shop TEXT PRIMARY KEY,
    messages_days BIGINT NOT NULL DEFAULT 0,
    media_days BIGINT NOT NULL DEFAULT 0,
    positions_days BIGINT NOT NULL DEFAULT 0,
    changed_at BIGINT NOT NULL
);

CREATE TABLE rings (
    shop TEXT PRIMARY KEY,
    metres BIGINT NOT NULL,
    minutes BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE TABLE run_orders (
    shop TEXT NOT NULL,
    courier TEXT NOT NULL,
    orders TEXT NOT NULL,
    set_by TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (shop, courier)
);

CREATE TABLE search_docs (
    id      INTEGER PRIMARY KEY,
    shop    TEXT   NOT NULL,
    subject TEXT   NOT NULL,
    seq     BIGINT NOT NULL, -- of the message; 0: the order itself
    changed BIGINT NOT NULL, -- seq of what it was made from: older makings never win
    at      BIGINT NOT NULL,
    fields  TEXT   NOT NULL  -- JSON: [[where, text], …]
);

CREATE TABLE search_heads (
    shop  TEXT   NOT NULL PRIMARY KEY,
    epoch TEXT   NOT NULL,
    seq   BIGINT NOT NULL
) WITHOUT ROWID;

CREATE VIRTUAL TABLE search_terms USING fts5 (
    terms, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);

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

CREATE TABLE slot_plans (
    shop TEXT PRIMARY KEY,
    doc TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE TABLE staff (
    shop TEXT NOT NULL,
    person TEXT NOT NULL,
    role TEXT NOT NULL,
    active BIGINT NOT NULL DEFAULT 1,
    since BIGINT NOT NULL,
    PRIMARY KEY (shop, person)
);

CREATE TABLE standing_orders (
    id TEXT PRIMARY KEY,
    shop TEXT NOT NULL,
    person TEXT NOT NULL,
    ended BIGINT NOT NULL,
    doc TEXT NOT NULL
);

CREATE TABLE states (
    shop    TEXT    NOT NULL,
    subject TEXT    NOT NULL,
    seq     BIGINT  NOT NULL,
    doc     BYTEA   NOT NULL,
    status  TEXT    NOT NULL,
    buyer   TEXT    NOT NULL,
    courier TEXT    NOT NULL,
    due_at  BIGINT  NOT NULL,
    closed  BOOLEAN NOT NULL, vouchers TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (shop, subject)
);

CREATE TABLE stems_out (
    shop TEXT NOT NULL,
    stem TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (shop, stem)
);

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

CREATE INDEX devices_person ON devices (person, last_seen);

CREATE UNIQUE INDEX guest_links_hash ON guest_links (hash);

CREATE INDEX guest_links_order ON guest_links (order_id);

CREATE UNIQUE INDEX journal_command ON journal (actor, command_id) WHERE nth = 0;

CREATE INDEX journal_courier ON journal (shop, courier, seq) WHERE courier <> '';

CREATE INDEX journal_courier_before ON journal (shop, courier_before, seq) WHERE courier_before <> '';

CREATE INDEX journal_subject ON journal (shop, subject, seq);

CREATE INDEX learned_by_courier ON learned (courier);

CREATE INDEX media_expiring ON media (expires_at) WHERE expires_at > 0;

CREATE INDEX media_of_order ON media (order_id);

CREATE INDEX media_of_person ON media (person, state);

CREATE INDEX notice_steps_due ON notice_steps (due_at) WHERE state = 'due';

CREATE INDEX notice_steps_order ON notice_steps (order_id, person, channel, seq);

CREATE INDEX notice_steps_person ON notice_steps (person, moved_at) WHERE state = 'sent';

CREATE INDEX notice_steps_sending ON notice_steps (moved_at) WHERE state = 'sending';

CREATE UNIQUE INDEX persons_phone ON persons (phone);

CREATE INDEX push_subscriptions_person ON push_subscriptions (person);

CREATE INDEX rate_counters_ends ON rate_counters (ends_at);

CREATE UNIQUE INDEX search_docs_key ON search_docs (shop, subject, seq);

CREATE INDEX staff_person ON staff (person);

CREATE INDEX standing_orders_of_person ON standing_orders (person);

CREATE INDEX standing_orders_of_shop ON standing_orders (shop, ended);

CREATE INDEX states_buyer ON states (buyer, due_at) WHERE buyer <> '';

CREATE INDEX states_courier ON states (courier, due_at) WHERE courier <> '';

CREATE INDEX states_due ON states (shop, due_at);

CREATE INDEX states_open ON states (shop, due_at) WHERE NOT closed;

CREATE INDEX states_subject ON states (subject);

CREATE INDEX states_vouchers ON states (shop) WHERE vouchers <> '';

CREATE INDEX trackers_by_shop ON trackers (shop);

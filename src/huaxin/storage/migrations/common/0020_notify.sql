-- Where a person's devices take pushes, what they wish of notices, and each due step of each notice's ladder.
-- Times are ms since 1970, 0 means never.
CREATE TABLE push_keys (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- One row per browser and application: whoever is signed in there now is who is told.
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
CREATE INDEX push_subscriptions_person ON push_subscriptions (person);

CREATE TABLE notice_preferences (
    person TEXT PRIMARY KEY,
    doc TEXT NOT NULL
);

-- person is '' for the shop as a whole; target is '' for all devices, else one subscription.
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
CREATE INDEX notice_steps_due ON notice_steps (due_at) WHERE state = 'due';
CREATE INDEX notice_steps_sending ON notice_steps (moved_at) WHERE state = 'sending';
CREATE INDEX notice_steps_person ON notice_steps (person, moved_at) WHERE state = 'sent';
CREATE INDEX notice_steps_order ON notice_steps (order_id, person, channel, seq);

CREATE TABLE notice_cursors (
    shop TEXT PRIMARY KEY,
    epoch TEXT NOT NULL,
    seq BIGINT NOT NULL
);

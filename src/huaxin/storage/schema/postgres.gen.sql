CREATE TABLE assignment (
    shop text NOT NULL,
    automatic bigint NOT NULL,
    changed_at bigint NOT NULL,
    CONSTRAINT assignment_pkey PRIMARY KEY (shop)
);

CREATE TABLE bikes (
    shop text NOT NULL,
    courier text NOT NULL,
    places bigint NOT NULL,
    tall bigint NOT NULL,
    CONSTRAINT bikes_pkey PRIMARY KEY (shop, courier)
);

CREATE TABLE change_fees (
    shop text NOT NULL,
    doc text NOT NULL,
    changed_at bigint NOT NULL,
    CONSTRAINT change_fees_pkey PRIMARY KEY (shop)
);

CREATE TABLE courier_positions (
    courier text NOT NULL,
    at bigint NOT NULL,
    lat double precision NOT NULL,
    lon double precision NOT NULL,
    accuracy_m double precision NOT NULL,
    heading double precision NOT NULL,
    speed_kmh double precision NOT NULL,
    battery integer NOT NULL,
    device_at bigint NOT NULL,
    datum text NOT NULL,
    reported_lat double precision NOT NULL,
    reported_lon double precision NOT NULL,
    CONSTRAINT courier_positions_pkey PRIMARY KEY (courier)
);

CREATE TABLE devices (
    id text NOT NULL,
    person text NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    language text DEFAULT 'zh-CN'::text NOT NULL,
    guest_link text DEFAULT ''::text NOT NULL,
    salt text NOT NULL,
    generation bigint DEFAULT 0 NOT NULL,
    rotated_at bigint NOT NULL,
    created_at bigint NOT NULL,
    last_seen bigint NOT NULL,
    revoked_at bigint DEFAULT 0 NOT NULL,
    revoked_why text DEFAULT ''::text NOT NULL,
    CONSTRAINT devices_pkey PRIMARY KEY (id)
);

CREATE TABLE expired (
    order_id text NOT NULL,
    what text NOT NULL,
    at bigint NOT NULL,
    seen bigint DEFAULT 0 NOT NULL,
    left_at bigint DEFAULT 0 NOT NULL,
    CONSTRAINT expired_pkey PRIMARY KEY (order_id, what)
);

CREATE TABLE gates (
    shop text NOT NULL,
    doc text NOT NULL,
    changed_at bigint NOT NULL,
    CONSTRAINT gates_pkey PRIMARY KEY (shop)
);

CREATE TABLE guest_links (
    id text NOT NULL,
    hash text NOT NULL,
    order_id text NOT NULL,
    role text NOT NULL,
    created_by text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    revoked_at bigint DEFAULT 0 NOT NULL,
    CONSTRAINT guest_links_pkey PRIMARY KEY (id)
);

CREATE TABLE heads (
    shop text COLLATE "C" NOT NULL,
    epoch text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    CONSTRAINT heads_pkey PRIMARY KEY (shop)
) WITH (fillfactor=50);

CREATE TABLE imports (
    shop text NOT NULL,
    id text NOT NULL,
    person text NOT NULL,
    name text NOT NULL,
    doc text NOT NULL,
    total bigint NOT NULL,
    done bigint NOT NULL,
    already bigint NOT NULL,
    state text NOT NULL,
    started_at bigint NOT NULL,
    ended_at bigint NOT NULL,
    CONSTRAINT imports_pkey PRIMARY KEY (shop, id)
);

CREATE TABLE journal (
    shop text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    at bigint NOT NULL,
    subject text COLLATE "C" NOT NULL,
    type text NOT NULL,
    version bigint NOT NULL,
    actor text COLLATE "C" NOT NULL,
    role text NOT NULL,
    audience bigint NOT NULL,
    body bytea NOT NULL,
    delta bytea NOT NULL,
    courier text COLLATE "C" NOT NULL,
    courier_before text COLLATE "C" NOT NULL,
    command_id text COLLATE "C" NOT NULL,
    nth bigint NOT NULL,
    result bytea NOT NULL,
    device_at bigint NOT NULL,
    digest bigint NOT NULL,
    CONSTRAINT journal_pkey PRIMARY KEY (shop, seq)
);

CREATE TABLE learned (
    key text NOT NULL,
    courier text NOT NULL,
    doc text NOT NULL,
    CONSTRAINT learned_pkey PRIMARY KEY (key)
);

CREATE TABLE login_codes (
    phone text NOT NULL,
    hash text NOT NULL,
    sent_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    tries bigint DEFAULT 0 NOT NULL,
    CONSTRAINT login_codes_pkey PRIMARY KEY (phone)
);

CREATE TABLE marks (
    order_id text NOT NULL,
    person text NOT NULL,
    role text NOT NULL,
    received bigint NOT NULL,
    read bigint NOT NULL,
    CONSTRAINT marks_pkey PRIMARY KEY (order_id, person, role)
);

CREATE TABLE media (
    id text NOT NULL,
    person text NOT NULL,
    order_id text NOT NULL,
    purpose text NOT NULL,
    name text NOT NULL,
    length bigint NOT NULL,
    received bigint NOT NULL,
    state text NOT NULL,
    code text NOT NULL,
    made text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    CONSTRAINT media_pkey PRIMARY KEY (id)
);

CREATE TABLE media_usage (
    person text NOT NULL,
    day bigint NOT NULL,
    bytes bigint NOT NULL,
    uploads bigint NOT NULL,
    CONSTRAINT media_usage_pkey PRIMARY KEY (person, day)
);

CREATE TABLE migrations (
    name text NOT NULL,
    CONSTRAINT migrations_pkey PRIMARY KEY (name)
);

CREATE TABLE mutes (
    person text NOT NULL,
    order_id text NOT NULL,
    since bigint NOT NULL,
    CONSTRAINT mutes_pkey PRIMARY KEY (person, order_id)
);

CREATE TABLE notice_cursors (
    shop text NOT NULL,
    epoch text NOT NULL,
    seq bigint NOT NULL,
    CONSTRAINT notice_cursors_pkey PRIMARY KEY (shop)
);

CREATE TABLE notice_preferences (
    person text NOT NULL,
    doc text NOT NULL,
    CONSTRAINT notice_preferences_pkey PRIMARY KEY (person)
);

CREATE TABLE notice_steps (
    shop text NOT NULL,
    seq bigint NOT NULL,
    order_id text NOT NULL,
    person text NOT NULL,
    role text NOT NULL,
    channel text NOT NULL,
    target text DEFAULT ''::text NOT NULL,
    kind text NOT NULL,
    urgency text NOT NULL,
    at bigint NOT NULL,
    due_at bigint NOT NULL,
    good_until bigint NOT NULL,
    state text DEFAULT 'due'::text NOT NULL,
    tries bigint DEFAULT 0 NOT NULL,
    moved_at bigint DEFAULT 0 NOT NULL,
    via text DEFAULT ''::text NOT NULL,
    why text DEFAULT ''::text NOT NULL,
    CONSTRAINT notice_steps_pkey PRIMARY KEY (shop, seq, person, role, channel, target)
);

CREATE TABLE persons (
    id text NOT NULL,
    phone text NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    language text DEFAULT 'zh-CN'::text NOT NULL,
    created_at bigint NOT NULL,
    last_seen bigint DEFAULT 0 NOT NULL,
    CONSTRAINT persons_pkey PRIMARY KEY (id)
);

CREATE TABLE products (
    shop text NOT NULL,
    id text NOT NULL,
    name text NOT NULL,
    name_en text DEFAULT ''::text NOT NULL,
    price bigint NOT NULL,
    picture text DEFAULT ''::text NOT NULL,
    words text DEFAULT ''::text NOT NULL,
    words_en text DEFAULT ''::text NOT NULL,
    fragile bigint DEFAULT 0 NOT NULL,
    available bigint DEFAULT 1 NOT NULL,
    rank bigint DEFAULT 0 NOT NULL,
    size bigint DEFAULT 1 NOT NULL,
    tall bigint DEFAULT 0 NOT NULL,
    recipe text DEFAULT '[]'::text NOT NULL,
    days text DEFAULT ''::text NOT NULL,
    variants text DEFAULT '[]'::text NOT NULL,
    pictures text DEFAULT '[]'::text NOT NULL,
    sold_out bigint DEFAULT 0 NOT NULL,
    CONSTRAINT products_pkey PRIMARY KEY (shop, id)
);

CREATE TABLE push_keys (
    name text NOT NULL,
    value text NOT NULL,
    CONSTRAINT push_keys_pkey PRIMARY KEY (name)
);

CREATE TABLE push_subscriptions (
    id text NOT NULL,
    endpoint text NOT NULL,
    p256dh text NOT NULL,
    auth text NOT NULL,
    person text NOT NULL,
    device text NOT NULL,
    app text NOT NULL,
    created_at bigint NOT NULL,
    CONSTRAINT push_subscriptions_pkey PRIMARY KEY (id)
);

CREATE TABLE quick_replies (
    shop text NOT NULL,
    role text NOT NULL,
    replies text NOT NULL,
    changed_at bigint NOT NULL,
    CONSTRAINT quick_replies_pkey PRIMARY KEY (shop, role)
);

CREATE TABLE rate_counters (
    name text NOT NULL,
    started_at bigint NOT NULL,
    ends_at bigint NOT NULL,
    hits bigint NOT NULL,
    CONSTRAINT rate_counters_pkey PRIMARY KEY (name)
);

CREATE TABLE retention (
    shop text NOT NULL,
    messages_days bigint DEFAULT 0 NOT NULL,
    media_days bigint DEFAULT 0 NOT NULL,
    positions_days bigint DEFAULT 0 NOT NULL,
    changed_at bigint NOT NULL,
    CONSTRAINT retention_pkey PRIMARY KEY (shop)
);

CREATE TABLE rings (
    shop text NOT NULL,
    metres bigint NOT NULL,
    minutes bigint NOT NULL,
    changed_at bigint NOT NULL,
    CONSTRAINT rings_pkey PRIMARY KEY (shop)
);

CREATE TABLE run_orders (
    shop text NOT NULL,
    courier text NOT NULL,
    orders text NOT NULL,
    set_by text NOT NULL,
    changed_at bigint NOT NULL,
    CONSTRAINT run_orders_pkey PRIMARY KEY (shop, courier)
);

CREATE TABLE search_docs (
    id bigint GENERATED BY DEFAULT AS IDENTITY NOT NULL,
    shop text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    changed bigint NOT NULL,
    at bigint NOT NULL,
    fields text NOT NULL,
    terms tsvector NOT NULL,
    CONSTRAINT search_docs_pkey PRIMARY KEY (id)
);

CREATE TABLE search_heads (
    shop text COLLATE "C" NOT NULL,
    epoch text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    CONSTRAINT search_heads_pkey PRIMARY KEY (shop)
);

CREATE TABLE shops (
    id text NOT NULL,
    name text NOT NULL,
    name_en text DEFAULT ''::text NOT NULL,
    phone text DEFAULT ''::text NOT NULL,
    lat double precision,
    lon double precision,
    time_zone text DEFAULT 'Asia/Shanghai'::text NOT NULL,
    opening text DEFAULT '[]'::text NOT NULL,
    slots text DEFAULT '[]'::text NOT NULL,
    service_minutes bigint DEFAULT 30 NOT NULL,
    next_number bigint DEFAULT 1001 NOT NULL,
    created_at bigint NOT NULL,
    CONSTRAINT shops_pkey PRIMARY KEY (id)
);

CREATE TABLE slot_plans (
    shop text NOT NULL,
    doc text NOT NULL,
    changed_at bigint NOT NULL,
    CONSTRAINT slot_plans_pkey PRIMARY KEY (shop)
);

CREATE TABLE staff (
    shop text NOT NULL,
    person text NOT NULL,
    role text NOT NULL,
    active bigint DEFAULT 1 NOT NULL,
    since bigint NOT NULL,
    CONSTRAINT staff_pkey PRIMARY KEY (shop, person)
);

CREATE TABLE standing_orders (
    id text NOT NULL,
    shop text NOT NULL,
    person text NOT NULL,
    ended bigint NOT NULL,
    doc text NOT NULL,
    CONSTRAINT standing_orders_pkey PRIMARY KEY (id)
);

CREATE TABLE states (
    shop text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    doc bytea NOT NULL,
    status text NOT NULL,
    buyer text COLLATE "C" NOT NULL,
    courier text COLLATE "C" NOT NULL,
    due_at bigint NOT NULL,
    closed boolean NOT NULL,
    vouchers text DEFAULT ''::text NOT NULL,
    CONSTRAINT states_pkey PRIMARY KEY (shop, subject)
) WITH (fillfactor=70);

CREATE TABLE stems_out (
    shop text NOT NULL,
    stem text NOT NULL,
    since bigint NOT NULL,
    CONSTRAINT stems_out_pkey PRIMARY KEY (shop, stem)
);

CREATE TABLE trackers (
    id text NOT NULL,
    shop text NOT NULL,
    courier text NOT NULL,
    name text NOT NULL,
    proof text NOT NULL,
    created_by text NOT NULL,
    created_at bigint NOT NULL,
    last_at bigint DEFAULT 0 NOT NULL,
    revoked_at bigint DEFAULT 0 NOT NULL,
    CONSTRAINT trackers_pkey PRIMARY KEY (id)
);

CREATE INDEX devices_person ON devices USING btree (person, last_seen);

CREATE UNIQUE INDEX guest_links_hash ON guest_links USING btree (hash);

CREATE INDEX guest_links_order ON guest_links USING btree (order_id);

CREATE UNIQUE INDEX journal_command ON journal USING btree (actor, command_id) WHERE (nth = 0);

CREATE INDEX journal_courier ON journal USING btree (shop, courier, seq) WHERE (courier <> ''::text);

CREATE INDEX journal_courier_before ON journal USING btree (shop, courier_before, seq) WHERE (courier_before <> ''::text);

CREATE INDEX journal_subject ON journal USING btree (shop, subject, seq);

CREATE INDEX learned_by_courier ON learned USING btree (courier);

CREATE INDEX media_expiring ON media USING btree (expires_at) WHERE (expires_at > 0);

CREATE INDEX media_of_order ON media USING btree (order_id);

CREATE INDEX media_of_person ON media USING btree (person, state);

CREATE INDEX notice_steps_due ON notice_steps USING btree (due_at) WHERE (state = 'due'::text);

CREATE INDEX notice_steps_order ON notice_steps USING btree (order_id, person, channel, seq);

CREATE INDEX notice_steps_person ON notice_steps USING btree (person, moved_at) WHERE (state = 'sent'::text);

CREATE INDEX notice_steps_sending ON notice_steps USING btree (moved_at) WHERE (state = 'sending'::text);

CREATE UNIQUE INDEX persons_phone ON persons USING btree (phone);

CREATE INDEX push_subscriptions_person ON push_subscriptions USING btree (person);

CREATE INDEX rate_counters_ends ON rate_counters USING btree (ends_at);

CREATE UNIQUE INDEX search_docs_key ON search_docs USING btree (shop, subject, seq);

CREATE INDEX search_docs_newest ON search_docs USING btree (shop, id);

CREATE INDEX search_docs_terms ON search_docs USING gin (terms) WITH (fastupdate=off);

CREATE INDEX staff_person ON staff USING btree (person);

CREATE INDEX standing_orders_of_person ON standing_orders USING btree (person);

CREATE INDEX standing_orders_of_shop ON standing_orders USING btree (shop, ended);

CREATE INDEX states_buyer ON states USING btree (buyer, due_at) WHERE (buyer <> ''::text);

CREATE INDEX states_courier ON states USING btree (courier, due_at) WHERE (courier <> ''::text);

CREATE INDEX states_due ON states USING btree (shop, due_at);

CREATE INDEX states_open ON states USING btree (shop, due_at) WHERE (NOT closed);

CREATE INDEX states_subject ON states USING btree (subject);

CREATE INDEX states_vouchers ON states USING btree (shop) WHERE (vouchers <> ''::text);

CREATE INDEX trackers_by_shop ON trackers USING btree (shop);

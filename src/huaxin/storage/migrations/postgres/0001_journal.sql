-- The truth: one dense journal per shop. Ids sort by bytes ("C"), as SQLite sorts them.
CREATE TABLE journal (
    shop           TEXT COLLATE "C" NOT NULL,
    seq            BIGINT NOT NULL,
    at             BIGINT NOT NULL,
    subject        TEXT COLLATE "C" NOT NULL,
    type           TEXT   NOT NULL,
    version        BIGINT NOT NULL,
    actor          TEXT COLLATE "C" NOT NULL,
    role           TEXT   NOT NULL,
    audience       BIGINT NOT NULL,
    body           BYTEA  NOT NULL,
    delta          BYTEA  NOT NULL,
    courier        TEXT COLLATE "C" NOT NULL,
    courier_before TEXT COLLATE "C" NOT NULL,
    command_id     TEXT COLLATE "C" NOT NULL,
    nth            BIGINT NOT NULL,
    result         BYTEA  NOT NULL,
    device_at      BIGINT NOT NULL,
    digest         BIGINT NOT NULL,
    PRIMARY KEY (shop, seq)
);

-- A command is carried out once, for ever.
CREATE UNIQUE INDEX journal_command ON journal (actor, command_id) WHERE nth = 0;
CREATE INDEX journal_subject ON journal (shop, subject, seq);
-- A run reads what belongs to its courier now, and what was taken from them.
CREATE INDEX journal_courier ON journal (shop, courier, seq) WHERE courier <> '';
CREATE INDEX journal_courier_before ON journal (shop, courier_before, seq) WHERE courier_before <> '';

CREATE TABLE heads (
    shop  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    epoch TEXT COLLATE "C" NOT NULL,
    seq   BIGINT NOT NULL
) WITH (fillfactor = 50); -- changed by every commit: keep the old versions on the same page

-- The state of each subject after its last event, with the columns lists are made from.
CREATE TABLE states (
    shop    TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    seq     BIGINT  NOT NULL,
    doc     BYTEA   NOT NULL,
    status  TEXT    NOT NULL,
    buyer   TEXT COLLATE "C" NOT NULL,
    courier TEXT COLLATE "C" NOT NULL,
    due_at  BIGINT  NOT NULL,
    closed  BOOLEAN NOT NULL,
    PRIMARY KEY (shop, subject)
) WITH (fillfactor = 70); -- room to change a row in place

CREATE INDEX states_subject ON states (subject);
CREATE INDEX states_open ON states (shop, due_at) WHERE NOT closed;
CREATE INDEX states_due ON states (shop, due_at);
CREATE INDEX states_buyer ON states (buyer, due_at) WHERE buyer <> '';
CREATE INDEX states_courier ON states (courier, due_at) WHERE courier <> '';

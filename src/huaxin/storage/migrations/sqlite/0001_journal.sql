-- The truth: one dense journal per shop. Clustered by (shop, seq), since ranges are what is read.
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

-- A command is carried out once, for ever.
CREATE UNIQUE INDEX journal_command ON journal (actor, command_id) WHERE nth = 0;
CREATE INDEX journal_subject ON journal (shop, subject, seq);
-- A run reads what belongs to its courier now, and what was taken from them.
CREATE INDEX journal_courier ON journal (shop, courier, seq) WHERE courier <> '';
CREATE INDEX journal_courier_before ON journal (shop, courier_before, seq) WHERE courier_before <> '';

CREATE TABLE heads (
    shop  TEXT   NOT NULL PRIMARY KEY,
    epoch TEXT   NOT NULL,
    seq   BIGINT NOT NULL
) WITHOUT ROWID;

-- The state of each subject after its last event, with the columns lists are made from.
CREATE TABLE states (
    shop    TEXT    NOT NULL,
    subject TEXT    NOT NULL,
    seq     BIGINT  NOT NULL,
    doc     BYTEA   NOT NULL,
    status  TEXT    NOT NULL,
    buyer   TEXT    NOT NULL,
    courier TEXT    NOT NULL,
    due_at  BIGINT  NOT NULL,
    closed  BOOLEAN NOT NULL,
    PRIMARY KEY (shop, subject)
);

CREATE INDEX states_subject ON states (subject);
CREATE INDEX states_open ON states (shop, due_at) WHERE NOT closed;
CREATE INDEX states_due ON states (shop, due_at);
CREATE INDEX states_buyer ON states (buyer, due_at) WHERE buyer <> '';
CREATE INDEX states_courier ON states (courier, due_at) WHERE courier <> '';

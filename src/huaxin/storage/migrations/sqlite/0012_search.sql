-- What can be searched: a projection of the journal, made again from it at any time.
CREATE TABLE search_docs (
    id      INTEGER PRIMARY KEY,
    shop    TEXT   NOT NULL,
    subject TEXT   NOT NULL,
    seq     BIGINT NOT NULL, -- of the message; 0: the order itself
    changed BIGINT NOT NULL, -- seq of what it was made from: older makings never win
    at      BIGINT NOT NULL,
    fields  TEXT   NOT NULL  -- JSON: [[where, text], …]
);
CREATE UNIQUE INDEX search_docs_key ON search_docs (shop, subject, seq);

-- Terms are made by the program (huaxin.search.words); the tokenizer only splits them at the spaces.
CREATE VIRTUAL TABLE search_terms USING fts5 (
    terms, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);

-- How far each shop's journal is in the index.
CREATE TABLE search_heads (
    shop  TEXT   NOT NULL PRIMARY KEY,
    epoch TEXT   NOT NULL,
    seq   BIGINT NOT NULL
) WITHOUT ROWID;

-- What a bouquet is made of (JSON list of stems), the days of the week it is delivered on ("67"), its sizes
-- and its pictures (JSON lists), and whether it is sold out for now.
ALTER TABLE products ADD COLUMN recipe TEXT NOT NULL DEFAULT '[]';
ALTER TABLE products ADD COLUMN days TEXT NOT NULL DEFAULT '';
ALTER TABLE products ADD COLUMN variants TEXT NOT NULL DEFAULT '[]';
ALTER TABLE products ADD COLUMN pictures TEXT NOT NULL DEFAULT '[]';
ALTER TABLE products ADD COLUMN sold_out BIGINT NOT NULL DEFAULT 0;

-- Stems a shop has run out of: what needs them is sold out until they are back.
CREATE TABLE stems_out (
    shop TEXT NOT NULL,
    stem TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (shop, stem)
);

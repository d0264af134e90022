-- What a shop's people say with one tap; a shop without a row has the usual ones.
CREATE TABLE quick_replies (
    shop TEXT NOT NULL,
    role TEXT NOT NULL,
    replies TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (shop, role)
);

-- What is said on an order that was swept already: up to which seq of the journal it was looked through, and when
-- the oldest of what is left was said (ms since 1970; 0: nothing is left).
ALTER TABLE expired ADD COLUMN seen BIGINT NOT NULL DEFAULT 0;
ALTER TABLE expired ADD COLUMN left_at BIGINT NOT NULL DEFAULT 0;

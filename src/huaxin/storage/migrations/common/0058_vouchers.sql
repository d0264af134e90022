-- What an order gives and takes of the shop's vouchers (huaxin.orders.remedies.vouchers.Kept as JSON), empty for
-- nearly every order: a shop's vouchers are counted from the few that have any.
ALTER TABLE states ADD COLUMN vouchers TEXT NOT NULL DEFAULT '';
CREATE INDEX states_vouchers ON states (shop) WHERE vouchers <> '';

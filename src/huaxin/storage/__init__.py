"""The stores: one port, two databases behind it. Opened by `huaxin.storage.open.open_store`."""

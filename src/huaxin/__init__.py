"""Huaxin (花信): every flower order is a live conversation."""

__version__ = "0.1.0"

"""Calls: voice and video between the people on an order. Pure; live/calling.py carries what devices say."""

"""Telling people who are not looking: which notice matters to whom, when, and by which way."""

"""A server killed again and again under real clients, and a checker of what everybody saw."""

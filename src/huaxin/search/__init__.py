"""Finding again what was said and written, in Chinese and English."""

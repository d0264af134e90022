"""What concerns who gets the flowers: when they may be reached, what they ask, what they say back."""

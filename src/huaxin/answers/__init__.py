"""The system answers what the facts answer: where the flowers are, how long still, whether in time."""

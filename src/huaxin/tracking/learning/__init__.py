"""What is learned of rides and doors while they happen: online, without training runs, fading with time."""

"""When a shop delivers: slots with capacity, zones, cut-offs, fees. Pure but for its store."""

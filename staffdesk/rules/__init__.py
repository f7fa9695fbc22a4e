"""What the desk decides: pure functions over frozen facts. No clock, no query, no window."""

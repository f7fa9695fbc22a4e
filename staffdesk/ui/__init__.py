"""The window: what the desk sees, hears and scans. The only room that knows Qt."""

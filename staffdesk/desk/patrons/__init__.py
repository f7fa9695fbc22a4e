"""Patrons: found, shown, registered, changed."""

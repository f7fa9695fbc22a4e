"""Titles and copies: found, shown, entered, corrected."""

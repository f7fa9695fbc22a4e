"""The shared database: PostgreSQL for a network, one SQLite file for a single desk."""

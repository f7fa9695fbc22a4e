"""Writing catalogues, patrons and loans as files that any other system reads, and this one again
to the same state."""

"""The parts of the page Catalogue: search, list, a title in full, its forms."""

"""The parts of the page of patrons."""

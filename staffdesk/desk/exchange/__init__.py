"""What files bring into the store, and what of the store goes into files."""

"""The demonstration network: believable, invented, always the same for a day and a size."""

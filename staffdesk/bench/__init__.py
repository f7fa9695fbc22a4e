"""Measuring the desk on generated data: `staffdesk bench`."""

LIBRARY = "SMARVES"
"""Where the measured desk stands, in the network of the Vallées du Clain."""

LOGIN = "bench"
"""Its clerk, an agent with the first id."""

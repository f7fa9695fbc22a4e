"""Measuring the desk on generated data: `staffdesk bench`."""

"""StaffDesk, the front desk of a network of public libraries."""

__version__ = "0.1.0"

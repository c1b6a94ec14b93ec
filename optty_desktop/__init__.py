"""Optty Desktop: payment links for phone orders, at the till."""

__version__ = "0.1.0"

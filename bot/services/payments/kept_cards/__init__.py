"""Paying with a kept card."""

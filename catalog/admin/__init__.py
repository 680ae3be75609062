"""The catalogue for operators."""

from catalog.admin import fees, packages, prices, types

__all__ = ["fees", "packages", "prices", "types"]

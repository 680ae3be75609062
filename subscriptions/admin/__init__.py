"""What is held, offered and ordered, for operators."""

from subscriptions.admin import offers, subscriptions

__all__ = ["offers", "subscriptions"]

"""What is held, offered and ordered, for operators."""

from subscriptions.admin import offers, pools, subscriptions

__all__ = ["offers", "pools", "subscriptions"]

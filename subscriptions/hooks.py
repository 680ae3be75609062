"""Where apps above take part in what happens here. They register when they are ready; this app does not know them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Q

from subscriptions.models import Subscription
from tenants.actor import Actor

CLOSING: list[Callable[[Actor, Subscription, datetime], None]] = []
"""Called inside the transaction that closes a subscription, before its allocation is taken back."""

MOVED: list[Callable[[Actor, Subscription, datetime], None]] = []
"""Called inside the transaction that gives a subscription to another holder, when it is theirs already."""

EVENTS: list[Callable[[Subscription], Q]] = []
"""Which events of other things are about this subscription, too: a condition on the event log."""

SECTIONS: list[Callable[[Any, Subscription], Any]] = []
"""Called with the request and the subscription for its page: returns a `web.details.Section`, or None."""

"""Dated versions: rows that say what holds from a day on, until a later one."""

from datetime import date
from typing import Self, TypeVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from resellerhub.kernel.locks import LockedQuerySet

Row = TypeVar("Row", bound=models.Model, covariant=True)


class Versions(LockedQuerySet[Row]):
    """Of two versions for one day, the one that was made last counts."""

    of = ""
    """The field that names what these are versions of."""

    def in_force(self, on: date) -> Self:
        """One version of each, that of this day; none of what has only later ones."""
        return self.filter(effective_on__lte=on).order_by(self.of, "-effective_on", "-pk").distinct(self.of)

    def standing(self, on: date) -> Self:
        """Those in force on a day, and those to come."""
        rows = self.model._default_manager.filter(**{self.of: OuterRef(self.of)})
        instead = Q(effective_on=OuterRef("effective_on"), pk__gt=OuterRef("pk"))
        instead |= Q(effective_on__gt=OuterRef("effective_on"), effective_on__lte=on)
        return self.filter(~Exists(rows.filter(instead)))

    def newest_first(self) -> Self:
        return self.order_by(F("effective_on").desc(), "-pk")

"""What each user prefers to see."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class ListPreference(models.Model):
    """The columns of a list that a user chose, in their order."""

    user = models.ForeignKey("tenants.User", models.CASCADE, related_name="list_preferences")
    list = models.CharField(max_length=60)
    columns = ArrayField(models.CharField(max_length=60))

    class Meta:
        verbose_name = _("list preference")
        verbose_name_plural = _("list preferences")
        constraints = [models.UniqueConstraint(name="tenants_listpreference_once", fields=["user", "list"])]

    def __str__(self) -> str:
        return self.list

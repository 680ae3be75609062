"""A visit ends after it began, and at its end at the latest."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("tenants", "0025_support_days")]
    operations = [
        migrations.AddConstraint(
            "visit",
            models.CheckConstraint(
                name="tenants_visit_ended",
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at"), ended_at__lte=F("ends_at")),
            ),
        ),
    ]

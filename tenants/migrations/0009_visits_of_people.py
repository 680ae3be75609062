"""Visits name people and the tenant of the visitor: memberships can end, and the audit outlives them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def person(name: str) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name=name, to=settings.AUTH_USER_MODEL
    )


class Migration(migrations.Migration):
    dependencies = [("tenants", "0008_closing")]
    operations = [
        migrations.RemoveConstraint("visit", "tenants_visit_other"),
        migrations.RemoveField("visit", "visitor"),
        migrations.RemoveField("visit", "member"),
        migrations.AddField("visit", "visitor", person("visits"), preserve_default=False),
        migrations.AddField("visit", "member", person("visited"), preserve_default=False),
        migrations.AddField(
            "visit",
            "visitor_tenant",
            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.tenant"),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            "visit",
            models.CheckConstraint(
                condition=models.Q(("visitor", models.F("member")), _negated=True), name="tenants_visit_other"
            ),
        ),
        migrations.AddConstraint(
            "visit",
            models.CheckConstraint(
                condition=models.Q(("visitor_tenant", models.F("tenant")), _negated=True), name="tenants_visit_beneath"
            ),
        ),
        migrations.AddIndex(
            "visit", models.Index(condition=models.Q(("ended_at", None)), fields=["ends_at"], name="tenants_visit_open")
        ),
    ]

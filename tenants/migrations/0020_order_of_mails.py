"""Single mails before those of many, and what the secret of a mail is made of."""

import uuid

import django.contrib.postgres.functions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0019_folded"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="mail",
            name="tenants_mail_due",
        ),
        migrations.AddField(
            model_name="mail",
            name="rank",
            field=models.PositiveSmallIntegerField(
                choices=[(0, "Awaited"), (1, "Single"), (2, "One of many")], db_default=1, default=1, editable=False
            ),
        ),
        migrations.AddField(
            model_name="mail",
            name="salt",
            field=models.UUIDField(
                db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False
            ),
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["rank", "due_at", "id"], name="tenants_mail_next"
            ),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0030_planned_by_list")]

    operations = [
        migrations.RemoveConstraint(model_name="pool", name="pool_request_once"),
        migrations.AddConstraint(
            model_name="pool",
            constraint=models.UniqueConstraint(
                models.F("request_id"),
                models.F("tenant"),
                models.F("parent"),
                condition=models.Q(("request_id__isnull", False)),
                name="pool_request_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AlterField(
            model_name="pool",
            name="reclaimed_at",
            field=models.DateTimeField(
                editable=False,
                help_text="When the seats of it, or of one above it, were taken back: it is over.",
                null=True,
            ),
        ),
    ]

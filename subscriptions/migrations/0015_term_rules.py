"""What holds of terms and plans against any SQL of the application's login."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0014_first_terms")]

    operations = [
        migrations.AlterField(
            model_name="subscription",
            name="anchor_day",
            field=models.PositiveSmallIntegerField(help_text="Of the month on which terms and billing periods begin."),
        ),
        migrations.AlterField(
            model_name="subscription",
            name="committed_at",
            field=models.DateTimeField(help_text="When it was bought or last renewed: the cancellation window opens."),
        ),
        migrations.AlterField(
            model_name="subscription",
            name="renews_on",
            field=models.DateField(
                help_text="The day on which the next term begins, or it ends.", verbose_name="term until"
            ),
        ),
        migrations.AlterField(
            model_name="subscription",
            name="term_starts_on",
            field=models.DateField(verbose_name="term from"),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(
                models.F("renews_on"),
                condition=models.Q(("state", "closed"), _negated=True),
                name="subscription_renewal",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("renews_on__gt", models.F("term_starts_on")), ("term_starts_on__gte", models.F("started_on"))
                ),
                name="subscription_term",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(("anchor_day__gte", 1), ("anchor_day__lte", 31)), name="subscription_anchor"
            ),
        ),
        migrations.RunSQL((SQL / "life.sql").read_text(), (SQL / "life_undo.sql").read_text()),
    ]

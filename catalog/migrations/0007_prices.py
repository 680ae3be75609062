"""A share of the margin as a method, rules that are ended say nothing else; and what holds of lists and their holders."""

from pathlib import Path

from django.db import migrations, models

from resellerhub.kernel.functions import functions_of

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("catalog", "0006_hard_quotas")]
    operations = [
        migrations.AlterField(
            model_name="pricerule",
            name="method",
            field=models.CharField(
                choices=[
                    ("fixed", "fixed price"),
                    ("markup", "markup on cost, %"),
                    ("off", "recommended price minus, %"),
                    ("split", "share of the margin given away, %"),
                    ("keep", "as the fee says"),
                ],
                max_length=6,
                verbose_name="method",
            ),
        ),
        migrations.RemoveConstraint(model_name="pricerule", name="price_rule_method"),
        migrations.RemoveConstraint(model_name="pricerule", name="price_rule_value"),
        migrations.AddConstraint(
            model_name="pricerule",
            constraint=models.CheckConstraint(
                condition=models.Q(("method__in", ("fixed", "markup", "off", "split", "keep"))),
                name="price_rule_method",
            ),
        ),
        migrations.AddConstraint(
            model_name="pricerule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("value__gte", 0),
                    models.Q(
                        models.Q(("method__in", ("off", "split")), _negated=True), ("value__lte", 100), _connector="OR"
                    ),
                ),
                name="price_rule_value",
            ),
        ),
        migrations.AddConstraint(
            model_name="pricerule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("method", "keep"), _negated=True),
                    models.Q(("ceiling__isnull", True), ("floor__isnull", True), ("value", 0)),
                    _connector="OR",
                ),
                name="price_rule_ended",
            ),
        ),
        migrations.RunSQL(
            (SQL / "prices.sql").read_text(),
            (SQL / "prices_undo.sql").read_text() + functions_of(SQL / "fees.sql", "catalog_list_holder"),
        ),
    ]

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0005_fee_rules")]

    operations = [
        migrations.AddField(
            model_name="packageresource",
            name="overage",
            field=models.BigIntegerField(
                blank=True,
                help_text="Empty: a soft quota.",
                null=True,
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="overage",
            ),
        ),
        migrations.AddConstraint(
            model_name="packageresource",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("overage__isnull", True),
                    models.Q(("overage__gte", 0), ("overage__lte", 1000000000000)),
                    _connector="OR",
                ),
                name="package_resource_overage",
            ),
        ),
    ]

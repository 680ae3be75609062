"""VAT IDs, bank accounts and currencies look like some; who takes registrations has an address for them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0010_administrators"),
    ]

    operations = [
        migrations.AlterField(
            model_name="providersettings",
            name="slug",
            field=models.SlugField(
                blank=True,
                help_text="In the address where resellers register.",
                max_length=40,
                null=True,
                unique=True,
                verbose_name="short name",
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.CheckConstraint(
                condition=models.Q(("currency__regex", "^[A-Z]{3}$")), name="tenants_profile_currency"
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.CheckConstraint(
                condition=models.Q(("vat_id__regex", "^([A-Z]{2}[A-Z0-9]+)?$")), name="tenants_profile_vat_id"
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.CheckConstraint(
                condition=models.Q(("iban__regex", "^([A-Z]{2}[0-9]{2}[A-Z0-9]{11,30})?$")), name="tenants_profile_iban"
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("billing_same", False),
                    models.Q(
                        ("billing_city", ""),
                        ("billing_country", ""),
                        ("billing_postal_code", ""),
                        ("billing_street", ""),
                    ),
                    _connector="OR",
                ),
                name="tenants_profile_billing",
            ),
        ),
        migrations.AddConstraint(
            model_name="providersettings",
            constraint=models.CheckConstraint(
                condition=models.Q(("currency__regex", "^[A-Z]{3}$")), name="tenants_settings_currency"
            ),
        ),
        migrations.AddConstraint(
            model_name="providersettings",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug", None), ("slug__regex", "^[a-z0-9][a-z0-9-]{1,39}$"), _connector="OR"),
                name="tenants_settings_slug",
            ),
        ),
        migrations.AddConstraint(
            model_name="providersettings",
            constraint=models.CheckConstraint(
                condition=models.Q(("takes_registrations", False), ("slug__isnull", False), _connector="OR"),
                name="tenants_settings_registering",
            ),
        ),
    ]

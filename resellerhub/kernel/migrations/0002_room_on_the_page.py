from django.db import migrations


class Migration(migrations.Migration):
    """Half of each page stays free for the second version of an item: its state changes once, on the spot."""

    dependencies = [("kernel", "0001_jobs_and_keys")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE kernel_jobitem SET (fillfactor = 50)", "ALTER TABLE kernel_jobitem RESET (fillfactor)"
        ),
        migrations.RunSQL("ALTER TABLE kernel_job SET (fillfactor = 30)", "ALTER TABLE kernel_job RESET (fillfactor)"),
    ]

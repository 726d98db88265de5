"""Czech full text over services (docs/adr/0005-search.md)."""

from django.db import migrations

from kpss.search import CreateIndex


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial")]

    operations = [CreateIndex("service", "search")]

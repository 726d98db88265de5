from django.db import migrations

from kpss.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [("store", "0001_initial")]

    operations = [
        refuse(
            "store_storedfile_no_update",
            "store_storedfile",
            "UPDATE",
            "A stored file never changes.",
        ),
    ]

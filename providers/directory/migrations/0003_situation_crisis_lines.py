from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0002_search_index")]

    operations = [
        migrations.AddField(
            model_name="lifesituation",
            name="crisis_lines",
            field=models.ManyToManyField(
                blank=True,
                help_text="Lines to call at once in this situation; they stand on top of its page.",
                to="directory.crisisline",
                verbose_name="crisis lines",
            ),
        )
    ]

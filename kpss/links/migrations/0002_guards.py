"""A link stays what it was made for, and one that was revoked stays revoked."""

from django.db import migrations

from kpss.triggers import refuse_when

IDENTITY = ["key", "purpose", "person_id", "content_type_id", "object_pk", "created_at"]


class Migration(migrations.Migration):
    dependencies = [("links", "0001_initial")]

    operations = [
        refuse_when(
            "links_personallink_guard",
            "links_personallink",
            {
                "UPDATE": "OLD.revoked_at IS NOT NULL AND NEW.revoked_at {differs} OLD.revoked_at OR "
                + " OR ".join(f"NEW.{column} {{differs}} OLD.{column}" for column in IDENTITY),
            },
            "A personal link keeps its purpose, and a revoked one stays revoked",
        )
    ]

"""A mail that was sent never changes; only whose it was and what it said can be erased (GDPR, art. 17)."""

from django.db import migrations

from kpss.triggers import refuse_when

KEPT = [
    "id", "kind", "subject", "message_id", "state", "is_urgent", "created_at", "send_after",
    "sent_at", "attempts", "last_error", "claimed_until", "dedup_key", "original_id", "resent_by_id",
]
ERASED = "NEW.person_id IS NULL AND NEW.to_email = '' AND NEW.body = ''"
OF_SENT = "EXISTS (SELECT 1 FROM outbox_message WHERE id = {row}.message_id AND state = 'sent' AND body <> '')"


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial")]

    operations = [
        refuse_when(
            "outbox_message_sent",
            "outbox_message",
            {
                "UPDATE": f"OLD.state = 'sent' AND (NOT ({ERASED}) OR "
                + " OR ".join(f"NEW.{column} {{differs}} OLD.{column}" for column in KEPT)
                + ")",
                "DELETE": "OLD.state = 'sent'",
            },
            "A mail that was sent never changes",
        ),
        refuse_when(
            "outbox_attachment_sent",
            "outbox_messageattachment",
            {
                "INSERT": OF_SENT.format(row="NEW"),
                "UPDATE": f"{OF_SENT.format(row='OLD')} OR {OF_SENT.format(row='NEW')}",
                "DELETE": OF_SENT.format(row="OLD"),
            },
            "An attachment of a mail that was sent never changes",
        ),
    ]

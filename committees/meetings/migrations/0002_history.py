"""What happened to meetings and their tasks only grows."""

from django.db import migrations

from kpss.triggers import history_only_grows, refuse_when


class Migration(migrations.Migration):
    dependencies = [("meetings", "0001_initial")]

    operations = [
        history_only_grows("meetings_meetingevent", "meeting_id"),
        history_only_grows("meetings_meetingtaskevent", "task_id"),
        refuse_when(
            "meetings_meeting_kept",
            "meetings_meeting",
            {
                "UPDATE": "OLD.id <> NEW.id OR OLD.committee_id <> NEW.committee_id"
                " OR OLD.uid <> NEW.uid OR NEW.sequence < OLD.sequence"
                " OR (OLD.state <> 'planned' AND (OLD.year <> NEW.year OR OLD.number <> NEW.number))",
                "DELETE": "OLD.state <> 'planned'",
            },
            "A called meeting keeps its number, its address and its name in calendars",
        ),
    ]

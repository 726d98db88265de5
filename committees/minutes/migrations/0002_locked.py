"""Texts change only while they are written, what was sent to verifiers stays, approved minutes stay for ever."""

from django.db import migrations

from kpss.triggers import history_only_grows, refuse, refuse_when

TYPED = ["writer_id", "opening", "closing", "due_on"]
SENT = ["round", "sent_at", "content_id", "content_sha256"]
APPROVAL = ["approved_by_id", "approved_at", "is_published"]
ASKED = ["id", "minutes_id", "round", "person_id", "asked_at"]
ARROWS = [
    ("draft", "verifying"),
    ("verifying", "draft"),
    ("verifying", "sealing"),
    ("sealing", "verifying"),
    ("sealing", "approved"),
]


def differ(columns):
    return "(" + " OR ".join(f"OLD.{c} {{differs}} NEW.{c}" for c in columns) + ")"


def moved(*arrows):
    steps = (f"(OLD.state = '{source}' AND NEW.state = '{target}')" for source, target in arrows)
    return "(" + " OR ".join(steps) + ")"


def is_draft(row):
    return f"EXISTS (SELECT 1 FROM minutes_minutes m WHERE m.id = {row}.minutes_id AND m.state = 'draft')"


def in_round(row):
    return (
        f"EXISTS (SELECT 1 FROM minutes_minutes m WHERE m.id = {row}.minutes_id"
        f" AND m.state = 'verifying' AND m.round = {row}.round)"
    )


class Migration(migrations.Migration):
    dependencies = [("minutes", "0001_initial")]

    operations = [
        refuse_when(
            "minutes_minutes_locked",
            "minutes_minutes",
            {
                # REPLACE removes the row that stands in its way without asking DELETE triggers.
                "INSERT": "NEW.state <> 'draft' OR EXISTS (SELECT 1 FROM minutes_minutes m"
                " WHERE m.id = NEW.id OR m.meeting_id = NEW.meeting_id)",
                "UPDATE": f"OLD.state = 'approved' OR {differ(['id', 'meeting_id', 'created_at'])}"
                f" OR (OLD.state <> NEW.state AND NOT {moved(*ARROWS)})"
                f" OR (OLD.state <> 'draft' AND {differ(TYPED)})"
                f" OR ({differ(SENT)} AND NOT {moved(*ARROWS[:2])})"
                f" OR ({differ(APPROVAL)} AND NOT {moved(*ARROWS[2:4])})",
                "DELETE": "OLD.state <> 'draft'",
            },
            "Minutes sent to verifiers stay as they are, approved ones for ever",
        ),
        refuse_when(
            "minutes_entry_locked",
            "minutes_minutesentry",
            {
                "INSERT": f"NOT {is_draft('NEW')} OR EXISTS (SELECT 1 FROM minutes_minutesentry e"
                f" WHERE (e.id = NEW.id OR e.item_id = NEW.item_id) AND NOT {is_draft('e')})",
                "UPDATE": f"NOT {is_draft('OLD')} OR NOT {is_draft('NEW')}",
                "DELETE": f"NOT {is_draft('OLD')}",
            },
            "Texts of minutes change only while they are being written",
        ),
        refuse_when(
            "minutes_verifier_locked",
            "minutes_minutesverifier",
            {
                "INSERT": f"NOT {in_round('NEW')} OR NEW.confirmed_at IS NOT NULL"
                " OR NEW.objected_at IS NOT NULL"
                " OR EXISTS (SELECT 1 FROM minutes_minutesverifier v WHERE v.id = NEW.id"
                " OR (v.minutes_id = NEW.minutes_id AND v.round = NEW.round"
                " AND v.person_id = NEW.person_id))",
                "UPDATE": f"{differ(ASKED)} OR NOT {in_round('OLD')}"
                " OR OLD.confirmed_at IS NOT NULL OR OLD.objected_at IS NOT NULL",
            },
            "A verifier answers once, while the minutes are being verified",
        ),
        refuse(
            "minutes_verifier_kept",
            "minutes_minutesverifier",
            "DELETE",
            "Who was asked to verify stays written down",
        ),
        history_only_grows("minutes_minutesevent", "minutes_id"),
    ]

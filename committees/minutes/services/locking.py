"""The one lock of minutes: who writes, verifies or approves them waits for one another."""

from committees.minutes.models import Minutes


def lock(minutes_pk: int) -> Minutes:
    """Return the minutes as they are now; who asks for them in another transaction waits."""
    return (
        Minutes.objects.select_for_update(of=("self",))
        .select_related("meeting__committee", "writer")
        .get(pk=minutes_pk)
    )

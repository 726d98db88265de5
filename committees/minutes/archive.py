"""What of the minutes goes to the filing office."""

from committees.meetings.models import Meeting
from documents.store.models import StoredFile

from .models import Minutes

# The name of each file and the column where it is kept.
FILES = {
    "zapis.pdf": "pdf",
    "zapis.json": "content",
    "zapis-verejne-zneni.pdf": "public_pdf",
    "zapis-verejne-zneni.json": "public_content",
    "usneseni.pdf": "extract",
    "usneseni-verejne-zneni.pdf": "public_extract",
}


def archive_files(meeting: Meeting) -> list[tuple[str, StoredFile]]:
    """Names and files of the approved minutes of a meeting; nothing before they are approved. One query."""
    minutes = (
        Minutes.objects.filter(meeting=meeting, pdf__isnull=False)
        .select_related(*FILES.values())
        .first()
    )
    if minutes is None:
        return []
    kept = [(name, getattr(minutes, column)) for name, column in FILES.items()]
    return [(name, file) for name, file in kept if file is not None]

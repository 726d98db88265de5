"""What the pages of the library show."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, replace

from django.db.models import Prefetch
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from documents.library.enums import DocumentKind
from documents.library.models import Document, DocumentQuerySet, DocumentVersion
from documents.store.models import StoredFile
from kpss import czech


@dataclass(frozen=True)
class Line:
    """A document as one line of a list."""

    document: Document
    part_of: str
    part_of_url: str
    file_url: str
    file_type: str
    file_size: str

    @property
    def state(self) -> str:
        """The state to be shown with the line; what is public needs none."""
        return "" if self.document.is_public else "draft"

    @property
    def state_label(self) -> str:
        return "" if self.document.is_public else _("Not public yet")


@dataclass(frozen=True)
class Wording:
    """One wording of a document: from when until when it is or was in force, and its file."""

    version: DocumentVersion
    validity: str
    is_in_force: bool
    file_type: str
    file_size: str


@dataclass(frozen=True)
class Group:
    """All documents of one kind that the reader may see."""

    kind: DocumentKind
    lines: list[Line]

    @property
    def anchor(self) -> str:
        return self.kind.value.replace("_", "-")


def documents_for(user) -> DocumentQuerySet:
    """Return the documents ``user`` may read, with the files and wholes that their lines need.

    Three queries: the documents, their wordings, the wordings of their wholes.
    """
    versions = DocumentVersion.objects.select_related("file").order_by("-valid_from")
    return (
        Document.objects.visible_to(user)
        .select_related("file", "part_of__file")
        .prefetch_related(
            Prefetch("versions", queryset=versions),
            Prefetch("part_of__versions", queryset=versions),
        )
    )


def groups_for_list(user) -> list[Group]:
    """Return the documents grouped by kind in the order of the kinds.

    Within a kind the newest period comes first, then what was signed last, then the Czech alphabet.
    """
    by_kind = defaultdict(list)
    for document in sorted(documents_for(user), key=_newest_first):
        by_kind[document.kind].append(line_of(document, user))
    return [Group(kind, by_kind[kind]) for kind in DocumentKind if kind in by_kind]


def parts_for_detail(document: Document, user) -> list[Line]:
    """Return the parts of ``document`` in the order of its pages; their lines need not name it."""
    parts = documents_for(user).filter(part_of=document).order_by("page_from", "sort_key", "pk")
    return [replace(line_of(part, user), part_of=_pages_sentence(part)) for part in parts]


def line_of(document: Document, user) -> Line:
    """Return ``document`` as a line; a whole that ``user`` may not see is not spoken of."""
    whole = document.part_of
    if whole is not None and not whole.is_visible_to(user):
        whole = None
    source = document if document.file_url or whole is None else whole
    file_url = source.file_url
    whole_url = ""
    if whole and whole.file_url and document.page_from is not None:
        whole_url = f"{whole.file_url}#page={document.page_from}"
    if source is whole:
        file_url = whole_url or file_url
    return Line(
        document=document,
        part_of=_part_sentence(document, whole),
        part_of_url=whole_url or (whole.get_absolute_url() if whole else ""),
        file_url=file_url,
        **_file_facts(source.current_file, source.current_file_name),
    )


def wordings_of(document: Document) -> list[Wording]:
    """All wordings of a document from ``documents_for``, the newest first. No query."""
    lines: list[Wording] = []
    following: DocumentVersion | None = None
    for version in document.versions.all():
        until = following.valid_from - datetime.timedelta(days=1) if following else None
        lines.append(
            Wording(
                version=version,
                validity=czech.period(version.valid_from, until or document.valid_to),
                is_in_force=version == document.wording_in_force,
                **_file_facts(version.file, version.file_name),
            )
        )
        following = version
    return lines


def _file_facts(file: StoredFile | None, name: str) -> dict[str, str]:
    if file is None:
        return {"file_type": "", "file_size": ""}
    return {
        "file_type": name.rpartition(".")[2].upper(),
        "file_size": filesizeformat(file.size).replace("KB", "kB"),
    }


def facts_of(line: Line) -> list[dict[str, str]]:
    """Return what is known of a document as rows for the component of facts."""
    document = line.document
    wordings = wordings_of(document)
    begins = wordings[-1].version.valid_from if wordings else document.valid_from
    validity = czech.period(begins, document.valid_to)
    rows = [
        (_("Kind"), document.get_kind_display(), ""),
        (_("Period"), document.period, ""),
        (_("Signed"), czech.date(document.signed_on), ""),
        (_("Valid"), validity, ""),
        (_("Signed by"), ", ".join(document.parties.split("\n")), ""),
        (_("Part of"), line.part_of, line.part_of_url),
        (_("Pages"), czech.number(document.pages), ""),
        (_("Published"), czech.date(document.published_at), ""),
    ]
    return [{"term": term, "value": value, "url": url} for term, value, url in rows if value]


def _newest_first(document: Document) -> tuple:
    signed = document.signed_on or document.valid_from
    return (
        -(document.period_from or (signed.year if signed else 0)),
        -(signed.toordinal() if signed else 0),
        document.sort_key,
        document.pk,
    )


def _part_sentence(document: Document, whole: Document | None) -> str:
    if whole is None:
        return ""
    if document.page_from is None:
        return _("part of the document “%(title)s”") % {"title": whole.title}
    return _("%(pages)s of the document “%(title)s”") % {
        "pages": _pages_sentence(document),
        "title": whole.title,
    }


def _pages_sentence(document: Document) -> str:
    if document.page_from is None:
        return ""
    if document.page_from == document.page_to:
        return _("page %(page)s") % {"page": document.page_from}
    return _("pages %(first)s–%(last)s") % {
        "first": document.page_from,
        "last": document.page_to,
    }

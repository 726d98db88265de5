"""Documents for tests; traits name situations."""

import datetime

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from documents import store
from documents.library.enums import DocumentKind
from documents.library.models import Document, DocumentVersion

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


class DocumentFactory(DjangoModelFactory):
    """A public document without a file."""

    class Meta:
        model = Document

    class Params:
        hidden = factory.Trait(published_at=None)
        with_file = factory.Trait(
            file=factory.LazyAttribute(
                lambda document: store.put(
                    PDF + document.title.encode() + b"%%EOF", content_type="application/pdf"
                )
            ),
            file_name="plan.pdf",
        )

    title = factory.Sequence(lambda n: f"Dokument {n}")
    kind = DocumentKind.MEMORANDUM
    published_at = factory.LazyFunction(timezone.now)


class VersionFactory(DjangoModelFactory):
    """A wording of a document, with a file of its own in the store."""

    class Meta:
        model = DocumentVersion

    document = factory.SubFactory(DocumentFactory)
    valid_from = datetime.date(2020, 2, 26)
    file = factory.LazyAttribute(
        lambda version: store.put(
            PDF + f"{version.document.title} {version.valid_from}".encode() + b"%%EOF",
            content_type="application/pdf",
        )
    )
    file_name = "zneni.pdf"

"""The engine: HTML to accessible PDF (PDF/UA-1), without a single connection anywhere."""

import contextlib
import datetime as dt
import gc
import io
import logging
import threading
import warnings
from collections.abc import Iterator

from django.utils.translation import gettext as _

from documents.engine.resources import resource

APT_COMMAND = (
    "sudo apt-get install --no-install-recommends"
    " libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
)
# One document at a time in a process: a hundred pages take 300 MB, and the collector is switched off.
_RENDERING = threading.Lock()


class EngineError(Exception):
    """The document cannot be rendered; the text is a sentence for the person at the screen."""


class EngineUnavailable(EngineError):
    """The libraries that draw text are not installed on this machine."""


def render_pdf(
    html: str,
    *,
    identifier: bytes,
    created: dt.date | None,
    title: str = "",
    language: str = "cs",
    author: str = "",
    description: str = "",
) -> bytes:
    """Return ``html`` as a tagged PDF; the same arguments give the same bytes in any process.

    ``identifier`` and ``created`` (a day or an aware moment; None for a draft) stand in the file
    instead of chance and clock. Without ``title`` the one of the HTML is taken. Pictures, fonts and style sheets come only from ``documents.engine.resources``. Raise
    EngineUnavailable when the machine lacks the libraries, and EngineError when something in the
    document is refused or missing: a document is whole or it is not made.
    """
    weasyprint = _weasyprint()
    with _RENDERING, _faults(weasyprint.LOGGER) as faults, _collector_off():
        try:
            source = weasyprint.HTML(string=html, url_fetcher=_fetcher(weasyprint))
            source.etree_element.set("lang", language)
            document = source.render(pdf_variant="pdf/ua-1")
            _describe(document.metadata, title, language, created, author, description)
            if not document.metadata.title:
                raise EngineError(_("The document has no title."))
            pdf = document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier)
        except weasyprint.urls.FatalURLFetchingError as error:
            raise EngineError(
                _("The document asks for something it may not have: %(what)s.")
                % {"what": error.__cause__ or error}
            ) from error
        if faults:
            raise EngineError(_("The document has a fault: %(what)s.") % {"what": faults[0]})
    return pdf


def warm_up() -> None:
    """Load the renderer and its fonts, so that the first document does not wait for them; raise EngineUnavailable."""
    render_pdf("<title>.</title><h1>.", identifier=b"-" * 16, created=None)


def _weasyprint():
    """Import the renderer; it takes half a second and needs libraries of the system."""
    # Its account of every step would fill the log.
    logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)
    try:
        with (
            warnings.catch_warnings(action="ignore", category=DeprecationWarning),
            contextlib.redirect_stdout(io.StringIO()),
        ):
            import weasyprint  # noqa: PLC0415 - slow, and absent libraries must not stop the portal
    except OSError as error:
        raise EngineUnavailable(
            _(
                "The PDF cannot be made, the Pango library is missing. The administrator types: %(command)s"
            )
            % {"command": APT_COMMAND}
        ) from error
    return weasyprint


def _fetcher(weasyprint):
    class OwnFilesOnly(weasyprint.urls.URLFetcher):  # type: ignore[name-defined]
        """Answers by ``resource`` alone; the parent's way to the network is never taken."""

        def fetch(self, url, headers=None):
            found = resource(url)
            return weasyprint.urls.URLFetcherResponse(
                url, found.content, {"Content-Type": found.content_type}
            )

    return OwnFilesOnly(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)


def _describe(metadata, title, language, created, author, description) -> None:
    metadata.title = title or metadata.title
    metadata.lang = language
    metadata.created = metadata.modified = _moment(created) if created else None
    metadata.authors = [author] if author else []
    metadata.description = description or None


def _moment(value: dt.date) -> str:
    """Write a day or a moment as the metadata of WeasyPrint want it."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat()


@contextlib.contextmanager
def _faults(logger: logging.Logger) -> Iterator[list[str]]:
    """Gather what the renderer would only log: a missing picture, a style sheet it cannot read."""
    gathered: list[str] = []

    class Gather(logging.Handler):
        def emit(self, record):
            gathered.append(record.getMessage())

    handler = Gather(logging.ERROR)
    logger.addHandler(handler)
    try:
        yield gathered
    finally:
        logger.removeHandler(handler)


@contextlib.contextmanager
def _collector_off() -> Iterator[None]:
    """Keep the garbage collector off: it walks the growing tree of boxes again and again.

    All that was made meanwhile is young, so afterwards it needs not walk the whole portal either.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
            gc.collect(1)

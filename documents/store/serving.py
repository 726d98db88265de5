"""Answers that carry a stored file to a browser."""

import re
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from documents.store import files
from documents.store.models import StoredFile

# Files up to this size are checked against their hash at each reading; larger ones by check_store.
CHECKED_SIZE = 20 * 1024 * 1024
_SHOWN_BY_BROWSERS = {"application/pdf", "image/png", "image/jpeg"}
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def file_response(
    request: HttpRequest,
    stored: StoredFile,
    filename: str,
    *,
    public: bool,
    permanent: bool = True,
) -> HttpResponseBase:
    """Return the answer to a GET or HEAD of ``stored``; the caller has checked who may read it.

    ``public`` lets caches keep it, for ever when the address always means these very bytes
    (``permanent``), else with asking each time. Anything but PDF and pictures is offered for saving.
    Answers 304 to who has it, 206 to one range. Raise StoreMissing or StoreCorrupted.
    """
    etag = f'"{stored.sha256}"'
    response: HttpResponseBase = get_conditional_response(request, etag=etag) or _whole_or_part(
        request, stored, etag
    )
    response["ETag"] = etag
    if not public:
        response["Cache-Control"] = "private, no-store"
    elif permanent:
        response["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        response["Cache-Control"] = "public, no-cache"
    if response.status_code in {200, 206}:
        response["Content-Type"] = stored.content_type
        is_saved = stored.content_type not in _SHOWN_BY_BROWSERS
        disposition = content_disposition_header(is_saved, filename)
        response["Content-Disposition"] = disposition or "inline"
        response["Accept-Ranges"] = "bytes"
        response["X-Content-Type-Options"] = "nosniff"
    return response


def _whole_or_part(request: HttpRequest, stored: StoredFile, etag: str) -> HttpResponseBase:
    start, end = 0, stored.size
    wanted = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    is_part = wanted is not None and request.headers.get("If-Range", etag) == etag
    response: HttpResponseBase
    if wanted is not None and is_part:
        span = _span(wanted[1], wanted[2], stored.size)
        if span is None:
            response = HttpResponse(status=416)
            response["Content-Range"] = f"bytes */{stored.size}"
            return response
        start, end = span

    if request.method == "HEAD":
        response = HttpResponse()
    elif stored.size <= CHECKED_SIZE:
        response = HttpResponse(files.read(stored)[start:end])
    else:
        response = StreamingHttpResponse(_pieces(stored, start, end))
    response["Content-Length"] = str(end - start)
    if is_part:
        response.status_code = 206
        response["Content-Range"] = f"bytes {start}-{end - 1}/{stored.size}"
    return response


def _span(first: str, last: str, size: int) -> tuple[int, int] | None:
    if first:
        start, end = int(first), min(int(last) + 1, size) if last else size
    elif last:
        start, end = max(size - int(last), 0), size
    else:
        return None
    return (start, end) if start < end else None


def _pieces(stored: StoredFile, start: int, end: int) -> Iterator[bytes]:
    with files.open_file(stored) as file:
        file.seek(start)
        left = end - start
        while left > 0 and (piece := file.read(min(files.CHUNK, left))):
            left -= len(piece)
            yield piece

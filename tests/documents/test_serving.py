import pytest
from django.test import RequestFactory

from documents import store
from documents.store import files, serving
from documents.store.serving import file_response

pytestmark = pytest.mark.django_db
DATA = bytes(range(256)) * 40


@pytest.fixture
def stored(settings, tmp_path):
    settings.STORE_DIR = tmp_path
    return store.put(DATA, content_type="application/pdf")


def get(stored, method="get", public=True, permanent=True, filename="Akční plán.pdf", **headers):
    request = getattr(RequestFactory(), method)("/", headers=headers)
    return file_response(request, stored, filename, public=public, permanent=permanent)


def test_whole_file_with_its_headers(stored):
    response = get(stored)

    assert response.status_code == 200
    assert response.content == DATA
    assert dict(response.headers) == {
        "ETag": f'"{stored.sha256}"',
        "Cache-Control": "public, max-age=31536000, immutable",
        "Content-Type": "application/pdf",
        "Content-Length": str(len(DATA)),
        "Content-Disposition": "inline; filename*=utf-8''Ak%C4%8Dn%C3%AD%20pl%C3%A1n.pdf",
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
    }


@pytest.mark.parametrize(
    ("public", "permanent", "expected"),
    [
        (False, True, "private, no-store"),
        (False, False, "private, no-store"),
        (True, False, "public, no-cache"),
    ],
)
def test_caching_follows_who_may_read(stored, public, permanent, expected):
    assert get(stored, public=public, permanent=permanent)["Cache-Control"] == expected


def test_what_browsers_do_not_show_is_saved(settings, tmp_path):
    settings.STORE_DIR = tmp_path
    page = store.put(b"<script>", content_type="text/html")

    disposition = get(page, filename='a"b\r\nX: y.html')["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert "\n" not in disposition


def test_who_has_it_gets_nothing_again(stored):
    response = get(stored, if_none_match=f'"{stored.sha256}"')

    assert (response.status_code, response.content) == (304, b"")


@pytest.mark.parametrize(
    ("wanted", "content", "span"),
    [
        ("bytes=0-9", DATA[:10], "bytes 0-9/10240"),
        ("bytes=10000-", DATA[10000:], "bytes 10000-10239/10240"),
        ("bytes=-5", DATA[-5:], "bytes 10235-10239/10240"),
        ("bytes=5-999999", DATA[5:], "bytes 5-10239/10240"),
    ],
)
@pytest.mark.parametrize("checked_size", [0, 20_000])
def test_one_range(stored, monkeypatch, wanted, content, span, checked_size):
    monkeypatch.setattr(serving, "CHECKED_SIZE", checked_size)

    response = get(stored, range=wanted)

    assert response.status_code == 206
    assert b"".join(response) == content
    assert (response["Content-Range"], response["Content-Length"]) == (span, str(len(content)))


@pytest.mark.parametrize("wanted", ["bytes=10240-", "bytes=9-3", "bytes=-", "bytes=-0"])
def test_range_outside_the_file_is_refused(stored, wanted):
    response = get(stored, range=wanted)

    assert (response.status_code, response["Content-Range"]) == (416, "bytes */10240")


@pytest.mark.parametrize("wanted", ["bytes=0-1,4-5", "lines=1-2", "x", "bytes=a-b"])
def test_other_ranges_get_the_whole(stored, wanted):
    assert get(stored, range=wanted).content == DATA


def test_range_of_another_version_gets_the_whole(stored):
    assert get(stored, range="bytes=0-1", if_range='"other"').status_code == 200


def test_head_has_headers_only(stored):
    response = get(stored, method="head")

    assert (response.content, response["Content-Length"]) == (b"", str(len(DATA)))


def test_damaged_file_is_not_served(stored):
    path = files.path(stored)
    path.chmod(0o640)
    path.write_bytes(b"other")

    with pytest.raises(store.StoreCorrupted):
        get(stored)

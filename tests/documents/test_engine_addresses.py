"""Trial: sixty addresses in a document, and the engine asks nobody."""

import contextlib
import io
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pikepdf
import pytest

from documents import engine
from documents.engine import EngineError, render_pdf
from documents.engine.resources import ResourceRefused, resource

pytestmark = pytest.mark.any_engine  # it is asked only whether a stored file of that name exists

# HOST stands for a listening server of ours, CANARY for a file on this machine.
_ADDRESSES = """
http://HOST/a.png
https://HOST/a.png
HTTP://HOST/a.png
hTTps://HOST/a.png
http://user:secret@HOST/a.png
http://HOST:80/a.png
http://HOST/?a=static:css/pdf.css
http://HOST#static:css/pdf.css
http://localhost/a.png
http://127.0.0.1/a.png
http://127.1/a.png
http://2130706433/a.png
http://0x7f000001/a.png
http://017700000001/a.png
http://0.0.0.0/a.png
http://[::1]/a.png
http://[::ffff:127.0.0.1]/a.png
http://[fe80::1%25eth0]/a.png
http://169.254.169.254/latest/meta-data/
http://metadata.google.internal/
http://10.0.0.1/a.png
http://xn--n3h.example/a.png
http://①②⑦.⓪.⓪.①/a.png
http://example.com/redirect?to=http://HOST/
http:HOST/a.png
http:/HOST/a.png
http:///HOST/a.png
http:\\\\HOST\\a.png
//HOST/a.png
///etc/passwd
\\\\HOST\\share\\a.png
file://CANARY
file:CANARY
file:/CANARY
FILE://CANARY
file://localhost/CANARY
file://HOST/share/a.png
file:///proc/self/environ
CANARY
../../../../../../etc/passwd
..%2f..%2f..%2fetc%2fpasswd
ftp://HOST/a.png
ftps://HOST/a.png
gopher://HOST/_x
dict://HOST/x
ldap://HOST/x
jar:http://HOST/a.jar!/a.png
ws://HOST/
netdoc:///etc/passwd
php://filter/resource=CANARY
data:text/html;base64,PHNjcmlwdD4=
data:text/css,@import"http://HOST/"
data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciPjxpbWFnZSBocmVmPSJodHRwOi8vMTI3LjAuMC4xOjkvYSIvPjwvc3ZnPg==
data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciPjxzdHlsZT5AaW1wb3J0ICJodHRwOi8vMTI3LjAuMC4xOjkvYSI7PC9zdHlsZT48L3N2Zz4=
data:image/gif;base64,R0lGODlhAQABAAAAACw=
javascript:alert(1)
static:../kpss/settings.py
static:..%2fkpss%2fsettings.py
static:css/../../manage.py
static:/CANARY
static://HOST/a.png
static:css/pdf.css?x=http://HOST/
static:.hidden
STATIC:css/pdf.css
store:../../etc/passwd
store:0000000000000000000000000000000000000000000000000000000000000000
store:https://HOST/
"""
ADDRESSES = _ADDRESSES.split()

PLACES = {
    "img": '<img alt="x" src="{}">',
    "import": '<style>@import "{}";</style>',
    "background": "<p style=\"background:url('{}')\">x</p>",
}
MORE_PLACES = {
    "background": "<p style=\"background:url('{}')\">x</p>",
    "stylesheet": '<link rel="stylesheet" href="{}">',
    "attachment": '<link rel="attachment" href="{}">',
    "linked attachment": '<a rel="attachment" href="{}">x</a>',
    "object": '<object data="{}">x</object>',
    "embed": '<embed src="{}">',
    "input": '<input type="image" alt="x" src="{}">',
    "picture": '<picture><source srcset="{0}"><img alt="x" src="{0}"></picture>',
    "font": "<style>@font-face{{font-family:x;src:url('{}')}} p{{font-family:x}}</style><p>x",
    "list": "<ul style=\"list-style-image:url('{}')\"><li>x</ul>",
    "content": "<style>p::before{{content:url('{}')}}</style><p>x",
    "border": "<p style=\"border:1px solid;border-image-source:url('{}')\">x",
    "namespace": "<style>@page{{background:url('{}')}}</style><p>x",
    "cursor": "<p style=\"mask:url('{}');filter:url('{}')\">x",
    "base": '<base href="{}"><img alt="x" src="a.png">',
    "svg image": '<svg width="9" height="9"><image width="9" height="9" href="{}"/></svg>',
    "svg xlink": '<svg xmlns:xlink="http://www.w3.org/1999/xlink"><image width="9" height="9" xlink:href="{}"/></svg>',
    "svg use": '<svg width="9" height="9"><use href="{}#a"/></svg>',
    "svg style": '<svg width="9" height="9"><style>@import \'{}\';</style><rect width="9" height="9"/></svg>',
    "svg fill": '<svg width="9" height="9"><rect width="9" height="9" fill="url(\'{}#a\')"/></svg>',
    "iframe": '<iframe src="{}"></iframe>',
    "meta": '<meta http-equiv="refresh" content="0;url={}">',
}

_seen: list[str] | None = None


def _watch(event, args):
    if _seen is None:
        return
    if event in {
        "socket.connect",
        "socket.sendto",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "urllib.Request",
        "subprocess.Popen",
        "os.system",
    }:
        _seen.append(f"{event} {args}")
    elif event == "open" and isinstance(args[0], str | bytes):
        name = os.fsdecode(args[0])
        if "canary" in name or "/etc/passwd" in name or "environ" in name or "settings.py" in name:
            _seen.append(f"open {name}")


sys.addaudithook(_watch)


@pytest.fixture(scope="module")
def server():
    """A listening server; its list gathers what was asked of it."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            """Stay quiet."""

    listening = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listening.serve_forever)
    thread.start()
    yield f"127.0.0.1:{listening.server_port}", asked
    listening.shutdown()
    thread.join()
    listening.server_close()


@pytest.fixture
def canary(tmp_path):
    path = tmp_path / "canary.png"
    path.write_bytes(b"secret canary")
    return str(path)


@pytest.fixture
def quiet(server, canary):
    """Nobody was asked during the test and no file outside was opened."""
    global _seen
    engine._weasyprint()
    _seen = []
    del server[1][:]
    yield server[0]
    seen, _seen = _seen, None
    assert seen == []
    assert server[1] == []


def _render(body):
    return render_pdf(f"<title>T</title><h1>T</h1>{body}", identifier=b"x" * 16, created=None)


def test_there_are_sixty_addresses():
    assert len(set(ADDRESSES)) >= 60


@pytest.mark.django_db
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("address", ADDRESSES)
def test_engine_refuses_the_address_and_asks_nobody(quiet, canary, address, place):
    address = address.replace("HOST", quiet).replace("CANARY", canary)

    if place == "img":
        with pytest.raises(EngineError):
            _render(PLACES[place].format(address))
    else:
        # What the style sheet itself passes over is not fetched either.
        with contextlib.suppress(EngineError):
            _render(PLACES[place].format(address.replace("\\", "\\\\")))


@pytest.mark.django_db
@pytest.mark.parametrize("place", MORE_PLACES)
@pytest.mark.parametrize("address", ["http://HOST/a", "file://CANARY"])
def test_engine_asks_nobody_from_any_place(quiet, canary, address, place):
    address = address.replace("HOST", quiet).replace("CANARY", canary)

    try:
        data = _render(MORE_PLACES[place].format(address, address))
    except EngineError:
        return
    assert b"/EmbeddedFile" not in data


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_no_address_is_a_resource(quiet, canary, address):
    with_names = address.replace("HOST", quiet).replace("CANARY", canary)
    if address.startswith("data:image/svg"):
        assert resource(with_names).content_type == "image/svg+xml"
        return

    with pytest.raises(ResourceRefused):
        resource(with_names)


def test_links_for_readers_stay(quiet):
    with pikepdf.open(io.BytesIO(_render('<p><a href="https://example.cz/">x</a>'))) as pdf:
        assert str(pdf.pages[0].Annots[0].A.URI) == "https://example.cz/"


def test_the_watch_would_see_a_request(server):
    """Without our fetcher the same document does ask, and the watch notices."""
    global _seen
    host, asked = server
    weasyprint = engine._weasyprint()
    del asked[:]
    _seen = []

    weasyprint.HTML(string=f'<img alt="x" src="http://{host}/a.png">').write_pdf()

    seen, _seen = _seen, None
    assert asked == ["/a.png"]
    assert [event for event in seen if event.startswith("socket.connect")]

import base64
import io

import pytest
from PIL import Image

from documents import store
from documents.engine import EngineError, render_pdf
from documents.engine.resources import ResourceRefused, resource
from tests.kpss.packages import png

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store_dir(settings, tmp_path):
    settings.STORE_DIR = tmp_path / "store"


def picture(kind):
    target = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(target, kind)
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "content_type"),
    [("css/pdf.css", "text/css"), ("fonts/pdf/SourceSans3-Bold.ttf", "font/ttf")],
)
def test_our_static_files_are_given(settings, name, content_type):
    found = resource(f"static:{name}")

    assert found.content_type == content_type
    assert found.content == (settings.BASE_DIR / "static" / name).read_bytes()


@pytest.mark.parametrize(("kind", "content_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
def test_stored_and_inner_pictures_are_given_and_drawn(kind, content_type):
    data = picture(kind)
    stored = store.put(data, content_type=content_type)
    addresses = [
        f"store:{stored.sha256}",
        f"data:{content_type};base64,{base64.b64encode(data).decode()}",
    ]

    for address in addresses:
        assert resource(address) == (data, content_type)
        html = f'<title>T</title><h1>T</h1><img alt="Znak" src="{address}">'
        assert b"/Image" in render_pdf(html, identifier=b"x" * 16, created=None)


def test_stored_papers_are_no_pictures():
    stored = store.put(b"%PDF-1.7", content_type="application/pdf")

    with pytest.raises(ResourceRefused):
        resource(f"store:{stored.sha256}")


def test_damaged_stored_picture_is_refused():
    stored = store.put(picture("PNG"), content_type="image/png")
    store.path(stored).chmod(0o640)
    store.path(stored).write_bytes(picture("JPEG"))

    with pytest.raises(ResourceRefused):
        resource(f"store:{stored.sha256}")


@pytest.mark.parametrize("data", [png(50_000, 50_000), png()[:-5], b"\x89PNG\r\n\x1a\n", b"GIF89a"])
def test_bombs_and_torsos_are_refused(data):
    address = f"data:image/png;base64,{base64.b64encode(data).decode()}"

    with pytest.raises(ResourceRefused):
        resource(address)
    with pytest.raises(EngineError):
        render_pdf(f'<title>T</title><img alt="x" src="{address}">', identifier=b"x", created=None)


def test_large_inner_pictures_are_refused():
    with pytest.raises(ResourceRefused):
        resource("data:image/png;base64," + "A" * 9_000_000)


def test_a_link_out_of_the_static_folder_is_refused(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    (tmp_path / "static").mkdir()
    (tmp_path / "secret.css").write_text("secret")
    (tmp_path / "static" / "a.css").symlink_to(tmp_path / "secret.css")
    (tmp_path / "static" / "b.css").write_text("b")

    assert resource("static:b.css").content == b"b"
    with pytest.raises(ResourceRefused):
        resource("static:a.css")

"""Tokens of personal links stay out of the records, whatever writes them."""

import io
import logging
import logging.config

import pytest

from kpss.logs import without_tokens

TOKEN = "tajnost-kterou_nikdo-nesmi-cist-0123456789A"


@pytest.fixture
def records(settings, monkeypatch):
    """What the portal writes to its records, configured as in real life."""
    written = io.StringIO()
    logging.config.dictConfig(settings.LOGGING)
    for handler in logging.getLogger().handlers:
        if type(handler) is logging.StreamHandler:
            monkeypatch.setattr(handler, "stream", written)
    return written


@pytest.mark.parametrize(
    "address",
    [
        f"/o/{TOKEN}/",
        f"https://portal.example.cz/o/{TOKEN}",
        f"Not Found: /o/{TOKEN}/podklad/12/",
        f'"GET /o/{TOKEN}?x=1 HTTP/1.1" 404',
        f"/ucet/login/?next=%2Fo%2F{TOKEN}%2F",
    ],
)
def test_token_is_left_out_of_any_address(address):
    shown = without_tokens(address)

    assert TOKEN not in shown
    assert shown.replace("…", TOKEN) == address


def test_other_addresses_stay():
    text = "Not Found: /plany/akcni-plan-2021/verze/1/ and /osoby/"

    assert without_tokens(text) == text


@pytest.mark.django_db
def test_request_for_an_unknown_link_leaves_no_token_in_records(client, records):
    client.get(f"/o/{TOKEN}/")

    assert "Not Found: /o/…/" in records.getvalue()
    assert TOKEN not in records.getvalue()


def test_traceback_leaves_no_token_in_records(records):
    try:
        raise RuntimeError(f"cannot answer /o/{TOKEN}/")
    except RuntimeError:
        logging.getLogger("django.request").exception("Internal Server Error: /o/%s/", TOKEN)

    assert "RuntimeError" in records.getvalue()
    assert TOKEN not in records.getvalue()


@pytest.mark.parametrize("name", ["django", "django.server", "gunicorn.error", "kpss.views"])
def test_every_logger_writes_by_our_formatter_only(records, name):
    logging.getLogger(name).error("GET /o/%s/", TOKEN)

    assert records.getvalue().count("GET /o/…/") == 1
    assert TOKEN not in records.getvalue()

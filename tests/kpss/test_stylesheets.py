"""One style sheet on the wire from one file per component."""

import os
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from kpss.stylesheets import JOINED, ComponentsFinder

CSS = Path(settings.BASE_DIR) / "static/css"


@pytest.fixture
def finder(tmp_path, settings):
    """A finder over two small components of its own."""
    settings.BASE_DIR, settings.DATA_DIR = tmp_path, tmp_path / "var"
    sources = tmp_path / "static/css/components"
    sources.mkdir(parents=True)
    (sources / "button.css").write_text(".button {}\n")
    (sources / "card.css").write_text(".card {}\n")
    return ComponentsFinder()


def test_portal_serves_every_component():
    joined = Path(finders.find(JOINED)).read_text()

    for source in (CSS / "components").glob("*.css"):
        assert source.read_text() in joined


def test_joined_file_keeps_the_order_of_names(finder):
    assert Path(finder.find(JOINED)).read_text() == ".button {}\n\n.card {}\n"
    assert finder.find(JOINED, find_all=True) == [finder.find(JOINED)]
    assert finder.find("css/base.css") == []
    assert [path for path, _storage in finder.list([])] == [JOINED]


def test_joined_file_follows_a_change(finder):
    joined = Path(finder.find(JOINED))
    os.utime(joined, (1, 1))

    (finder.sources / "card.css").write_text(".card { color: red; }\n")

    assert ".card { color: red; }" in Path(finder.find(JOINED)).read_text()


def test_joined_file_follows_a_component_taken_away(finder):
    joined = Path(finder.find(JOINED))
    os.utime(joined, (1, 1))

    (finder.sources / "card.css").unlink()

    assert Path(finder.find(JOINED)).read_text() == ".button {}\n"


def test_components_need_no_other_file():
    for source in (CSS / "components").glob("*.css"):
        assert "url(" not in source.read_text(), source.name
        assert "@import" not in source.read_text(), source.name


def test_colours_live_in_tokens_only():
    for source in [CSS / "base.css", *(CSS / "components").glob("*.css")]:
        colours = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", source.read_text())) - {"#ffffff"}
        assert colours == set(), source.name


def test_every_token_in_use_is_defined():
    defined = set(re.findall(r"^\s+(--[\w-]+):", (CSS / "tokens.css").read_text(), re.MULTILINE))

    for source in [CSS / "base.css", CSS / "print.css", *(CSS / "components").glob("*.css")]:
        text = source.read_text()
        own = set(re.findall(r"^\s+(--[\w-]+):", text, re.MULTILINE))
        assert set(re.findall(r"var\((--[\w-]+)", text)) <= defined | own, source.name

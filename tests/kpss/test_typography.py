from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from kpss.typography import NBSP, typo, typo_html

LINES = (Path(__file__).parent / "data" / "typography.txt").read_text(encoding="utf-8").splitlines()
PAIRS = [line for line in LINES if line and not line.startswith("#")]
SENTENCES = list(zip(PAIRS[::2], PAIRS[1::2], strict=True))


def test_there_are_two_hundred_sentences():
    assert len(SENTENCES) >= 200
    assert len({typed for typed, _right in SENTENCES}) == len(SENTENCES)


@pytest.mark.parametrize(("typed", "right"), SENTENCES)
def test_sentence_is_set_right_in_text_and_in_html(typed, right):
    expected = right.replace("~", NBSP)

    assert typo(typed) == expected
    assert typo_html(escape(typed)) == escape(expected)


@pytest.mark.parametrize(("typed", "right"), SENTENCES)
def test_sentence_set_twice_is_as_once(typed, right):
    once = typo(typed)

    assert typo(once) == once
    assert typo_html(typo_html(escape(typed))) == typo_html(escape(typed))


def test_lines_of_a_text_stay_lines():
    assert typo("- první v\n- druhý\n\nA konec") == f"- první v\n- druhý\n\nA{NBSP}konec"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ('<a href="/a v b/" title="k nám">k nám</a>', '<a href="/a v b/" title="k nám">k~nám</a>'),
        ("<p>jde o\n  to</p>", "<p>jde o~to</p>"),
        ("<p>péče v <b>obci</b></p>", "<p>péče v~<b>obci</b></p>"),
        ("<p>v <b>a</b></p><p>V obci</p>", "<p>v~<b>a</b></p><p>V~obci</p>"),
        ("<p>&quot;Doma <em>v obci</em>&quot;</p>", "<p>„Doma <em>v~obci</em>“</p>"),
        ("<p>jedna &quot;</p><p>dvě&quot;</p>", "<p>jedna &quot;</p><p>dvě&quot;</p>"),
        ("<code>a v b...</code> a v", "<code>a v b...</code> a~v"),
        ("<pre>v obci\n12.11.2020</pre>", "<pre>v obci\n12.11.2020</pre>"),
        ("a &amp; b, v&nbsp;obci &lt;k nám&gt;", "a~&amp; b, v&nbsp;obci &lt;k~nám&gt;"),
        ("<!-- v obci --><p>v obci</p>", "<!-- v obci --><p>v~obci</p>"),
    ],
)
def test_html_changes_only_in_its_texts(markup, expected):
    assert typo_html(markup).replace(NBSP, "~") == expected


class _Texts(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, attrs))


@given(st.text(max_size=200))
def test_any_text_can_be_set(text):
    once = typo(text)

    assert len(once) <= len(text) * 3
    parser = _Texts()
    parser.feed(typo_html(escape(text)))
    assert parser.tags == []


@given(st.text(alphabet="avkA12. -\"'…–„“()<\u00a0\n&;#39quot", max_size=60))
def test_escaped_text_never_becomes_markup_or_leaves_an_attribute(text):
    result = typo_html(escape(text))

    assert not set("<>\"'") & set(result)

import pytest

from kpss.markup import to_html


def test_markdown_becomes_html_with_czech_typography_and_lower_headings():
    html = to_html(
        "# Doma v obci\n\nPéče **o seniory** - *a* [odkaz](https://example.cz/a-1-2).\n\n- k nám"
    )

    assert html == (
        "<h2>Doma v\u00a0obci</h2>\n"
        "<p>Péče <strong>o\u00a0seniory</strong>\u00a0– <em>a</em> "
        '<a href="https://example.cz/a-1-2" rel="noopener">odkaz</a>.</p>\n'
        "<ul>\n<li>k\u00a0nám</li>\n</ul>\n"
    )


def test_headings_stop_at_the_sixth_level():
    assert "<h6>e</h6>" in to_html("# a\n\n## b\n\n### c\n\n#### d\n\n##### e", shift=3)


def test_headings_never_skip_a_level():
    source = "## a\n\n#### b\n\n### c\n\n# d\n\n###### e"

    headings = [line[:4] for line in to_html(source).splitlines()]

    assert headings == ["<h2>", "<h3>", "<h3>", "<h2>", "<h3>"]


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        '[x](https://a.cz "\\" onclick=alert(1) x=\\"")',
        "![x](https://evil.example/x.png)",
        '<https://a.cz/"onclick=alert(1)>',
        "<style>*{display:none}</style>",
        '<a href="javascript:alert(1)">x</a>',
        "[x](JaVaScRiPt&colon;alert(1))",
        "`<script>`",
    ],
)
def test_hostile_markdown_shows_as_text(hostile):
    html = to_html(hostile)

    for dangerous in (
        "<script",
        "<img",
        "<style",
        'href="javascript',
        'href="data',
        'href="vbscript',
        '" onclick',
    ):
        assert dangerous not in html.lower()

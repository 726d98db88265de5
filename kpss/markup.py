"""Markdown written by people, made into safe HTML."""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from kpss.typography import typo_html

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_TAGS = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}


def to_html(source: str, *, shift: int = 1) -> SafeString:
    """Return Markdown as clean HTML with Czech typography; its headings begin below level ``shift``.

    Headings never skip a level, whatever number of # people begin with: they are numbered by how
    deep they stand. HTML in the source shows as text, pictures and scripts never come through, links lead only to
    http, https, mailto and tel addresses or within the portal.
    """
    tokens = _MARKDOWN.parse(source)
    above: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            written = int(token.tag[1])
            above = [*(level for level in above if level < written), written]
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(len(above) + shift, 6)}"
    rendered = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    clean = nh3.clean(
        rendered,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener",
    )
    return mark_safe(typo_html(clean))  # cleaned just above

"""A test client that refuses pages which a browser, a reader or our security policy would trip over."""

import re
from urllib.parse import urlsplit

import html5lib
from django.test import Client
from django.urls import Resolver404, resolve
from html5lib.constants import E as PARSE_ERRORS

HTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"
# Blocks of data, which no browser runs and the policy therefore lets be.
DATA_SCRIPTS = {"application/ld+json", "application/json"}
LOADING_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "manifest", "preconnect"}
LOADED_BY = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "embed": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "track": "src",
    "object": "data",
    "input": "src",
}


class BadPage(AssertionError):
    """A page breaks a rule that every page of the portal keeps."""


class StrictClient(Client):
    """Django's test client; every HTML answer is checked by ``check_page`` before the test sees it."""

    def request(self, **request):
        response = super().request(**request)
        content_type = response.headers.get("Content-Type", "")
        if content_type.startswith("text/html") and not response.streaming:
            faults = check_page(
                response.content.decode(response.charset),
                fragment="HTTP_HX_REQUEST" in request and "HTTP_HX_HISTORY_RESTORE" not in request,
                address=request.get("PATH_INFO", ""),
            )
            if faults:
                listed = "\n".join(f"  - {fault}" for fault in faults)
                raise BadPage(f"{request.get('PATH_INFO')} ({response.status_code}):\n{listed}")
        return response


def check_page(html: str, *, fragment: bool = False, address: str = "") -> list[str]:
    """Return the faults of a page, in words; none for a good one.

    A fragment (an answer to htmx) needs no language, title and heading of its own. ``address`` is that of
    the page; with it every form is looked at whether the portal would take it.
    """
    if not html.strip():
        return []
    parser, tree, whole = parse_page(html, fragment=fragment)
    return faults_of_tree(html, parser, tree, whole) + [
        f"the form to {form.get('action') or address} has no token against forgery"
        for form in tree.iter(f"{HTML}form")
        if address and _lacks_token(form, address)
    ]


def parse_page(html: str, *, fragment: bool = False):
    """The parser with the errors it met, its tree, and whether that is a whole page."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=True)
    whole = not fragment or "<html" in html
    return parser, parser.parse(html) if whole else parser.parseFragment(html), whole


def faults_of_tree(html: str, parser, tree, whole: bool) -> list[str]:
    """The faults of a page that has been parsed, in words."""
    faults = [
        f"line {position[0]}: {PARSE_ERRORS.get(code, code) % variables}"
        for position, code, variables in parser.errors
    ]
    faults += [f"left over from a template: {tag}" for tag in re.findall(r"{[%{].{0,40}", html)]
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    for element in elements:
        faults += _faults_of(element)
    ids = [element.get("id") for element in elements if element.get("id") is not None]
    faults += [f"id used twice: {name}" for name in sorted({i for i in ids if ids.count(i) > 1})]
    if whole:
        faults += _faults_of_whole(tree, elements)
    return faults


def _lacks_token(form, address: str) -> bool:
    """Whether the form is sent to a view that checks the token, without one."""
    if (form.get("method") or "").lower() != "post":
        return False
    if any(field.get("name") == "csrfmiddlewaretoken" for field in form.iter(f"{HTML}input")):
        return False
    try:
        view = resolve(urlsplit(form.get("action") or address).path or address).func
    except Resolver404:
        return False
    return not getattr(view, "csrf_exempt", False)


def _faults_of_whole(tree, elements) -> list[str]:
    faults = []
    if not tree.get("lang"):
        faults.append("the page does not say its language")
    title = tree.find(f"{HTML}head/{HTML}title")
    if title is None or not (title.text or "").strip():
        faults.append("the page has no title")
    headings = [element for element in elements if element.tag == f"{HTML}h1"]
    if len(headings) != 1:
        faults.append(f"the page has {len(headings)} headings h1, not one")
    return faults


def _faults_of(element) -> list[str]:
    name = element.tag.replace(HTML, "").replace(SVG, "svg:")
    faults = [
        f"<{name}> has the attribute {attribute}"
        for attribute in element.attrib
        if attribute == "style" or attribute.startswith("on")
    ]
    if name in ("style", "svg:style"):
        faults.append("<style> in the page")
    if name in ("script", "svg:script"):
        inline = (element.text or "").strip()
        if inline and element.get("type") not in DATA_SCRIPTS:
            faults.append(f"inline script: {inline[:60]}")
    if (element.get("href") or "").strip().lower().startswith("javascript:"):
        faults.append(f"<{name}> runs a script by its address")
    for address in _loaded_addresses(element, name):
        if urlsplit(address).netloc:
            faults.append(f"<{name}> loads from elsewhere: {address}")
    return faults


def _loaded_addresses(element, name) -> list[str]:
    """The addresses that the browser fetches by itself because of this element."""
    addresses = []
    if name in LOADED_BY:
        addresses.append(element.get(LOADED_BY[name]))
    if name == "video":
        addresses.append(element.get("poster"))
    if name == "link" and LOADING_LINKS & set((element.get("rel") or "").lower().split()):
        addresses.append(element.get("href"))
    if name in ("svg:use", "svg:image"):
        addresses += [
            element.get("href"),
            element.get("{http://www.w3.org/1999/xlink}href"),
        ]
    addresses += [part.split()[0] for part in (element.get("srcset") or "").split(",") if part]
    return [address for address in addresses if address]

"""What a reader with a screen reader needs of a PDF, checked in the structure of the file itself."""

import io
import re
from collections.abc import Iterator

import pikepdf
from pypdf import PdfReader

_HEADING = re.compile(r"/H([1-6])")
_TEXT_OPERATORS = {"Tj", "TJ", "'", '"'}


def assert_accessible_pdf(data: bytes, title: str, language: str = "cs") -> None:
    """Fail unless ``data`` is a tagged PDF/UA-1 that says its title and language, can be walked by
    bookmarks, has its fonts inside, and reads in the order in which it is drawn."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        found = faults(pdf, title, language)
    assert not found, "\n".join(found)


def faults(pdf: pikepdf.Pdf, title: str, language: str) -> list[str]:
    """Name everything that a tagged document should have and this one has not."""
    found = []

    def expect(is_right: bool, fault: str) -> None:
        if not is_right:
            found.append(fault)

    root = pdf.Root
    expect(bool(root.get("/MarkInfo", {}).get("/Marked", False)), "not marked as tagged")
    expect(str(root.get("/Lang", "")) == language, f"language is {root.get('/Lang')!r}")
    viewer = root.get("/ViewerPreferences", {})
    expect(bool(viewer.get("/DisplayDocTitle", False)), "window does not show the title")
    expect(str(pdf.docinfo.get("/Title", "")) == title, f"title is {pdf.docinfo.get('/Title')!r}")
    with pdf.open_metadata() as metadata:
        expect(metadata.get("dc:title") == title, "no title in the metadata")
        expect(metadata.get("pdfuaid:part") == "1", "no PDF/UA mark")
    expect(len(_bookmarks(pdf)) > 0, "no bookmarks")
    expect("/StructTreeRoot" in root, "no structure")
    for number, page in enumerate(pdf.pages, 1):
        expect(page.get("/Tabs") == "/S", f"page {number}: tab order does not follow the structure")
        found += [f"page {number}: {fault}" for fault in _page_faults(page)]
    if "/StructTreeRoot" in root:
        found += [*_structure_faults(pdf), *_order_faults(pdf)]
    return found


def bookmarks(data: bytes) -> list[str]:
    """Return the titles of the bookmarks in order, the deeper ones indented by two spaces a level."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return _bookmarks(pdf)


def text_of(data: bytes) -> list[str]:
    """Return the plain text of each page, hyphens at line ends joined and white space made single."""
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]
    return [
        re.sub(r"[ \t\n\r]+", " ", re.sub(r"[-\u2010]\n(?=[a-zá-ž])", "", page)) for page in pages
    ]


def _bookmarks(pdf: pikepdf.Pdf) -> list[str]:
    def walk(items, depth) -> Iterator[str]:
        for item in items:
            yield "  " * depth + str(item.title)
            yield from walk(item.children, depth + 1)

    with pdf.open_outline() as outline:
        return list(walk(outline.root, 0))


def _children(element) -> list:
    kids = element.get("/K", None)
    if kids is None:
        return []
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _elements(element, parents=()) -> Iterator[tuple]:
    """Yield every structure element with the kinds of its parents, in reading order."""
    for kid in _children(element):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid, parents
            yield from _elements(kid, (*parents, str(kid["/S"])))


def _structure_faults(pdf: pikepdf.Pdf) -> Iterator[str]:
    level = 0
    for element, parents in _elements(pdf.Root.StructTreeRoot):
        kind = str(element["/S"])
        if heading := _HEADING.fullmatch(kind):
            if int(heading[1]) > level + 1:
                yield f"heading of level {heading[1]} after level {level}"
            level = int(heading[1])
        if kind == "/Figure" and not str(element.get("/Alt", "")).strip():
            yield "figure without a description"
        if kind == "/Link" and "/Link" in parents:
            yield "link inside a link"
        if kind == "/Table":
            kinds = {str(child["/S"]) for child, _parents in _elements(element)}
            if "/TH" not in kinds:
                yield "table without headings"
        if kind == "/LI" and parents[-1:] != ("/L",):
            yield "list item outside a list"
        if kind in {"/TD", "/TH"} and parents[-1:] != ("/TR",):
            yield "table cell outside a row"
    if level == 0:
        yield "no headings"


def _page_faults(page: pikepdf.Page) -> Iterator[str]:
    for annotation in page.get("/Annots", []):
        if (
            annotation.get("/Subtype") == "/Link"
            and not str(annotation.get("/Contents", "")).strip()
        ):
            yield "link without words"
        if "/StructParent" not in annotation:
            yield "annotation outside the structure"
    for name, font in page.get("/Resources", {}).get("/Font", {}).items():
        descendant = font["/DescendantFonts"][0] if "/DescendantFonts" in font else font
        descriptor = descendant.get("/FontDescriptor", {})
        if not any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")):
            yield f"font {name} is not inside"
        if "/ToUnicode" not in font:
            yield f"font {name} cannot be read as text"
    depth = 0
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        if operator in {"BDC", "BMC"}:
            depth += 1
        elif operator == "EMC":
            depth -= 1
        elif operator in _TEXT_OPERATORS and depth == 0:
            yield "text that is neither tagged nor marked as decoration"
            break


def _order_faults(pdf: pikepdf.Pdf) -> Iterator[str]:
    """The order in which texts are read must be the order in which they are drawn, page by page."""
    numbers = {page.objgen: index for index, page in enumerate(pdf.pages)}

    def marks(element, page) -> Iterator[tuple]:
        page = element.get("/Pg", page)
        for kid in _children(element):
            if isinstance(kid, int):
                yield page, kid
            elif isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/MCR":
                yield kid.get("/Pg", page), int(kid["/MCID"])
            elif isinstance(kid, pikepdf.Dictionary) and kid.get("/S", "/Figure") != "/Figure":
                yield from marks(kid, page)

    read = [(numbers[page.objgen], mark) for page, mark in marks(pdf.Root.StructTreeRoot, None)]
    if len(set(read)) != len(read):
        yield "something is read twice"
    by_page: dict[int, list[int]] = {}
    for page, mark in read:
        by_page.setdefault(page, []).append(mark)
    for page, order in by_page.items():
        if order != sorted(order):
            yield f"page {page + 1} is read in another order than drawn"

"""Reading pages as a browser without JavaScript does: what a form would send, what a person reads."""

import html5lib

HTML = "{http://www.w3.org/1999/xhtml}"


def tree_of(response):
    return html5lib.parse(response.content.decode(), namespaceHTMLElements=True)


def sent_by(response, **changes) -> dict[str, list[str]]:
    """What the form with the stamp (or the only form of the page's content) would send, with changes by name.

    A change to None leaves the field out, a list sends the field several times.
    """
    main = next(tree_of(response).iter(f"{HTML}main"))
    forms = list(main.iter(f"{HTML}form"))
    form = next((form for form in forms if _has_stamp(form)), forms[0])
    data: dict[str, list[str]] = {}
    for field in form.iter():
        name = field.get("name")
        if not name or name == "csrfmiddlewaretoken":
            continue
        if field.tag == f"{HTML}input" and (
            field.get("type") not in {"checkbox", "radio"} or field.get("checked") is not None
        ):
            data.setdefault(name, []).append(field.get("value", ""))
        elif field.tag == f"{HTML}textarea":
            data[name] = ["".join(field.itertext())]
        elif field.tag == f"{HTML}select":
            options = list(field.iter(f"{HTML}option"))
            chosen = [
                option for option in options if option.get("selected") is not None
            ] or options[:1]
            data[name] = [option.get("value", "") for option in chosen]
    for name, value in changes.items():
        if value is None:
            data.pop(name, None)
        else:
            data[name] = value if isinstance(value, list) else [value]
    return data


def _has_stamp(form) -> bool:
    return any(field.get("name") == "stamp" for field in form.iter(f"{HTML}input"))


def words_of(response) -> str:
    """The words of the page, hard spaces as spaces."""
    text = " ".join(tree_of(response).itertext())
    return " ".join(text.split())


def messages_of(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]

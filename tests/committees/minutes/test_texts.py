"""Texts in two layers: what stands between [[ and ]], and names in any of their Czech forms."""

import pytest

from committees.minutes.texts import (
    HIDDEN,
    name_or_sign,
    names_outside,
    public_text,
    unbalanced,
    without_names,
)


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("Bez skrytého.", "Bez skrytého."),
        ("Před [[tajné]] po.", f"Před {HIDDEN} po."),
        ("[[a]] a [[b]]", f"{HIDDEN} a {HIDDEN}"),
        ("Přes\n[[dva\n\nodstavce]] dál", f"Přes\n{HIDDEN} dál"),
        ("Otevřené [[až do konce", f"Otevřené {HIDDEN}"),
        ("Neotevřené]] konec", f"{HIDDEN} konec"),
        ("[[ven [[uvnitř]] ještě]] už ne", f"{HIDDEN} už ne"),
        ("[obyčejné] závorky", "[obyčejné] závorky"),
        ("", ""),
    ],
)
def test_public_text_hides_passages_and_rather_more_than_less(text, public):
    assert public_text(text) == public


def test_the_sign_in_markdown_never_makes_a_link():
    shown = public_text("[[tajné]](https://example.cz/tajne)", markdown=True)

    assert shown == r"\[neveřejné\](https://example.cz/tajne)"


@pytest.mark.parametrize("text", ["", "nic", "[[a]]", "[[a]] b [[c]]", "[a] ] ["])
def test_balanced_brackets_have_no_fault(text):
    assert unbalanced(text) == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Začátek [[bez konce", "není ukončená"),
        ("Konec]] bez začátku", "nezačala"),
        ("[[jedna [[druhá]]", "začíná uvnitř"),
    ],
)
def test_unbalanced_brackets_are_named_with_their_place(text, words):
    fault = unbalanced(text)

    assert words in fault
    assert text.split()[0] in fault


FORMS = {
    "Kanárková": "Kanárková Kanárkové Kanárkovou",
    "Novák": "Novák Nováka Novákovi Novákem Novákův Nováků",
    "Krejčí": "Krejčí Krejčího Krejčímu",
    "Dvořáček": "Dvořáček Dvořáčka Dvořáčkem Dvořáčkovi",
    "Veselý": "Veselý Veselého Veselému",
}


@pytest.mark.parametrize("surname", FORMS)
def test_surnames_are_found_in_their_cases(surname):
    for form in FORMS[surname].split():
        assert names_outside(f"mluvilo se o {form}.", [surname]) == [form]


def test_names_in_hidden_passages_and_small_words_are_no_names():
    text = "Dlouhá debata. [[Paní Dlouhá]] nic. Byla to dlouhá cesta za paní Dlouhou."

    assert names_outside(text, ["Dlouhá"]) == ["Dlouhá", "Dlouhou"]
    assert names_outside("byla to dlouhá cesta", ["Dlouhá"]) == []
    assert names_outside("Kdokoli", []) == []


def test_without_names_covers_them_in_the_public_text():
    text = "Zjistit s paní Kanárkovou [[tajně]] cenu"

    assert without_names(text, ["Kanárková"]) == f"Zjistit s paní {HIDDEN} {HIDDEN} cenu"
    assert without_names(text, []) == f"Zjistit s paní Kanárkovou {HIDDEN} cenu"


def test_a_name_that_is_not_public_goes_whole():
    assert name_or_sign("Mgr. Dana Kanárková", ["Kanárková"]) == HIDDEN
    assert name_or_sign("Mgr. Ivo Zeman", ["Kanárková"]) == "Mgr. Ivo Zeman"

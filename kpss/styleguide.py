"""Sample content of the style page: every component in every state, in the Czech a citizen would read."""

import datetime as dt
from typing import Any

from django import forms
from django.core.paginator import Paginator

from kpss.territory.models import Region

STATE_LABELS = (
    ("draft", "Pracovní verze"),
    ("internal_comments", "Připomínkuje pracovní skupina"),
    ("public_comments", "Veřejné připomínkování"),
    ("settling", "Vypořádání připomínek"),
    ("in_approval", "Schvaluje se"),
    ("returned", "Vráceno k přepracování"),
    ("approved", "Schváleno"),
    ("published", "Platný"),
    ("superseded", "Nahrazen novější verzí"),
    ("planned", "Plánováno"),
    ("in_progress", "Plní se"),
    ("fulfilled", "Splněno"),
    ("partly", "Splněno zčásti"),
    ("not_fulfilled", "Nesplněno"),
    ("postponed", "Odloženo"),
    ("cancelled", "Zrušeno"),
)

WAYS = (
    ("teren", "Přijedou za mnou domů"),
    ("ambulance", "Zajdu za nimi"),
    ("pobyt", "Potřebuji někde bydlet"),
)


class SampleForm(forms.Form):
    """One field of every kind."""

    name = forms.CharField(label="Jméno a příjmení")
    email = forms.EmailField(label="E-mail", help_text="Pošleme na něj číslo vaší připomínky.")
    town = forms.ChoiceField(
        label="Obec",
        required=False,
        choices=[
            ("", "Nechci uvést"),
            ("1", "Židlochovice"),
            ("2", "Sobotovice"),
            ("3", "Rajhrad"),
        ],
    )
    met_on = forms.DateField(
        label="Kdy se to stalo",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    text = forms.CharField(
        label="Vaše připomínka",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Napište, co chcete v plánu změnit a proč.",
    )
    way = forms.ChoiceField(label="Jak má pomoc vypadat", choices=WAYS, widget=forms.RadioSelect)
    days = forms.MultipleChoiceField(
        label="Které dny vám vyhovují",
        required=False,
        choices=[("po", "Pondělí"), ("st", "Středa"), ("so", "Sobota")],
        widget=forms.CheckboxSelectMultiple,
    )
    attachment = forms.FileField(
        label="Příloha", required=False, help_text="PDF nebo obrázek, nejvýše 20 MB."
    )
    agrees = forms.BooleanField(
        label="Souhlasím se zveřejněním svého jména u připomínky", required=False
    )


def sample() -> dict[str, Any]:
    """The context of the style page; it reads no database."""
    wrong = SampleForm({"chyba-email": "marie.novakova", "chyba-way": "jiste"}, prefix="chyba")
    return {
        "states": STATE_LABELS,
        "form": SampleForm(),
        "wrong_form": wrong,
        "filter_form": SampleForm(prefix="filtr"),
        "page": Paginator(range(200), 20).page(4),
        "first_page": Paginator(range(40), 20).page(1),
        "chips": [
            {"label": "Senioři", "url": "#"},
            {"label": "Přijedou domů", "url": "#"},
            {"label": "Obec Sobotovice", "url": "#"},
        ],
        "triad": [
            {"side": "uzivatel", "label": "uživatelé a pečující", "count": 3},
            {"side": "poskytovatel", "label": "poskytovatelé", "count": 7},
            {"side": "zadavatel", "label": "obce a město", "count": 5},
            {"side": "verejnost", "label": "veřejnost a odborníci", "count": 1},
        ],
        "triad_gap": [
            {"side": "uzivatel", "label": "uživatelé a pečující", "count": 0},
            {"side": "poskytovatel", "label": "poskytovatelé", "count": 4},
            {"side": "zadavatel", "label": "obce a město", "count": 5},
        ],
        "chain_done": [
            {
                "state": "passed",
                "body": "Komise pro plánování sociálních služeb",
                "body_url": "#",
                "verb": "schválila",
                "date": dt.date(2020, 11, 12),
                "number": "4/2020",
                "vote": "Pro 9, proti 0, zdržel se 1 z 11 členů.",
            },
            {
                "state": "passed",
                "body": "Rada města Židlochovice",
                "body_url": "#",
                "verb": "doporučila ke schválení",
                "date": dt.date(2020, 11, 20),
                "number": "57/12/2020",
                "vote": "Pro 5, proti 0, nikdo se nezdržel.",
            },
            {
                "state": "passed",
                "body": "Zastupitelstvo města Židlochovice",
                "body_url": "#",
                "verb": "schválilo",
                "date": dt.date(2020, 12, 16),
                "number": "2020/14/7",
                "vote": "Pro 14, proti 0, zdržel se 1 z 15 členů.",
            },
        ],
        "chain_open": [
            {
                "state": "passed",
                "body": "Pracovní skupina Senioři",
                "verb": "vzala na vědomí",
                "date": dt.date(2021, 9, 14),
            },
            {
                "state": "returned",
                "body": "Komise pro plánování sociálních služeb",
                "verb": "vrátila k přepracování",
                "date": dt.date(2021, 10, 5),
                "note": "Doplňte náklady u opatření 1.2.",
            },
            {
                "state": "current",
                "body": "Komise pro plánování sociálních služeb",
                "verb": "schvaluje",
                "note": "Jedná 9. 11. 2021.",
            },
            {"state": "waiting", "body": "Zastupitelstvo města", "verb": "schválí jako poslední"},
        ],
        "bar": [
            {"key": "fulfilled", "label": "splněno", "count": 31, "start": 0, "percent": 62},
            {"key": "in_progress", "label": "plní se", "count": 12, "start": 62, "percent": 24},
            {"key": "not_fulfilled", "label": "nesplněno", "count": 7, "start": 86, "percent": 14},
        ],
        "toc": [
            {
                "url": "#mark",
                "number": "1",
                "title": "Podpora péče doma",
                "children": [
                    {
                        "url": "#state_badge",
                        "number": "1.1",
                        "title": "Terénní služby ve všech obcích",
                    },
                    {"url": "#triad", "number": "1.2", "title": "Úleva pečujícím"},
                ],
            },
            {"url": "#forms", "number": "2", "title": "Dostupné bydlení"},
            {"url": "#plan", "number": "3", "title": "Rodiny s dětmi"},
        ],
        "facts": [
            {"term": "Období", "value": "2021"},
            {"term": "Navazuje na", "value": "Komunitní plán 2020–2023", "url": "#"},
            {"term": "Odpovídá", "value": "Ing. Marie Nováková", "change_url": "#"},
        ],
        "steps": [
            {"label": "Nahrát soubor", "state": "done", "url": "#"},
            {"label": "Zkontrolovat", "state": "current"},
            {"label": "Převzít", "state": "waiting"},
        ],
        "crumbs": [
            {"title": "Plány", "url": "#"},
            {"title": "Komunitní plán 2020–2023", "url": "#"},
        ],
        "help_lines": [
            {"phone": "112", "name": "tísňové volání"},
            {"phone": "116 123", "name": "Linka první psychické pomoci", "availability": "nonstop"},
            {
                "phone": "116 111",
                "name": "Linka bezpečí pro děti a mladé",
                "availability": "nonstop",
            },
            {"phone": "800 200 007", "name": "Linka seniorů", "availability": "denně 8–20"},
        ],
        "sample_region": Region(
            pk=1,
            name="SO ORP Židlochovice",
            short_name="Židlochovicko",
            coordinator_name="Bc. Jana Ukázková",
            coordinator_role="koordinátorka komunitního plánování",
            coordinator_phone="+420 547 000 000",
            coordinator_email="planovani@example.cz",
            coordinator_hours="po a st 8–17 hodin",
            coordinator_address="Masarykova 100, Židlochovice",
        ),
        "situations": [
            "Starám se doma o seniora a nestačím na to",
            "Blízký se vrací z nemocnice domů",
            "Potřebuji dovoz obědů, nákup, úklid",
            "Mám dluhy nebo exekuci",
            "Máme dítě se zdravotním postižením",
            "Někdo mi doma ubližuje",
            "Přicházím o bydlení nebo jsem bez domova",
            "Nevím, na koho se obrátit",
        ],
    }

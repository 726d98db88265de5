"""Texts of the demonstration district: the library, articles and chapters of plans. All of it is invented or retold."""

import datetime

from documents.engine import EngineUnavailable, render_pdf
from documents.library.enums import DocumentKind

SAMPLES_MADE = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)

DOCUMENTS = [
    {
        "slug": "komunitni-plan-2011-2015",
        "title": "Komunitní plán sociálních služeb pro ORP Židlochovice na období 2011–2015",
        "kind": DocumentKind.COMMUNITY_PLAN,
        "period_from": 2011,
        "period_to": 2015,
        "description": "První společný plán obcí správního obvodu.",
        "sample_pages": 3,
        "published": datetime.date(2011, 3, 1),
    },
    {
        "slug": "komunitni-plan-2016-2019",
        "title": "Komunitní plán sociálních služeb pro období 2016–2019",
        "kind": DocumentKind.COMMUNITY_PLAN,
        "period_from": 2016,
        "period_to": 2019,
        "description": "Strategické záměry, opatření a úkoly na čtyři roky.",
        "sample_pages": 3,
        "published": datetime.date(2016, 2, 1),
    },
    {
        "slug": "komunitni-plan-2020-2023-tisk",
        "title": "Komunitní plán sociálních služeb SO ORP Židlochovice na období 2020–2023 (tištěné vydání)",
        "kind": DocumentKind.COMMUNITY_PLAN,
        "period_from": 2020,
        "period_to": 2023,
        "description": "Tištěné vydání plánu. Na jeho konci stojí akční plán na rok 2020.",
        "sample_pages": 96,
        "published": datetime.date(2020, 1, 17),
    },
    {
        "slug": "akcni-plan-2019",
        "title": "Akční plán sociálních služeb SO ORP Židlochovice 2019",
        "kind": DocumentKind.ACTION_PLAN,
        "period_from": 2019,
        "period_to": 2019,
        "description": "Schválilo zastupitelstvo 3. 12. 2018.",
        "sample_pages": 2,
        "published": datetime.date(2018, 12, 4),
    },
    {
        "slug": "akcni-plan-2020",
        "title": "Akční plán sociálních služeb SO ORP Židlochovice 2020",
        "kind": DocumentKind.ACTION_PLAN,
        "period_from": 2020,
        "period_to": 2020,
        "description": "Je součástí komunitního plánu na období 2020–2023.",
        "part_of": "komunitni-plan-2020-2023-tisk",
        "page_from": 77,
        "page_to": 95,
        "published": datetime.date(2020, 1, 17),
    },
    {
        "slug": "zakladni-listina",
        "title": "Základní listina komunitního plánování sociálních služeb",
        "kind": DocumentKind.CHARTER,
        "valid_from": datetime.date(2020, 2, 26),
        "description": "Kdo se plánování účastní, jak se rozhoduje a jak se do něj každý může zapojit.",
        "sample_pages": 2,
        "published": datetime.date(2020, 3, 2),
    },
    {
        "slug": "jednaci-rad-komise",
        "title": "Jednací řád Komise pro plánování sociálních služeb",
        "kind": DocumentKind.RULES_OF_PROCEDURE,
        "valid_from": datetime.date(2020, 2, 26),
        "description": "Svolávání, usnášeníschopnost, hlasování per rollam a zápisy.",
        "versions": [
            {
                "valid_from": datetime.date(2020, 2, 26),
                "note": "Schválila komise 26. 2. 2020, usnesení č. 1/2020/1.",
                "sample_pages": 2,
            },
            {
                "valid_from": datetime.date(2021, 3, 1),
                "note": "Změnu schválila komise 24. 2. 2021, usnesení č. 1/2021/1: hlasování per"
                " rollam skončí, jakmile je rozhodnuto.",
                "sample_pages": 2,
            },
        ],
        "published": datetime.date(2020, 3, 2),
    },
    {
        "slug": "memorandum-mesta-a-mas",
        "title": "Memorandum o spolupráci v oblasti plánování sociálních služeb",
        "kind": DocumentKind.MEMORANDUM,
        "signed_on": datetime.date(2020, 12, 28),
        "valid_from": datetime.date(2021, 1, 1),
        "valid_to": datetime.date(2023, 12, 31),
        "parties": "Město Židlochovice\nMAS Podvýhoní, z.s.",
        "description": "Město a místní akční skupina se dohodly, že v plánování budou pokračovat i po skončení projektu.",
        "sample_pages": 2,
        "published": datetime.date(2021, 1, 6),
    },
    {
        "slug": "rukovet-pro-rodiny-2019",
        "title": "Rukověť pro rodiny na Židlochovicku 2019",
        "kind": DocumentKind.GUIDE,
        "period_from": 2019,
        "period_to": 2019,
        "description": "Příručka pro každého, kdo hledá pomoc, radu nebo kontakt v těžké životní situaci.",
        "sample_pages": 4,
        "published": datetime.date(2019, 5, 20),
    },
]

ARTICLES = [
    {
        "slug": "akcni-plan-2021-schvalen",
        "kind": "news",
        "title": "Akční plán na rok 2021 je schválen",
        "lead": "Zastupitelstvo města Židlochovice schválilo 16. prosince 2020 akční plán sociálních"
        " služeb pro celý správní obvod.",
        "body": "Rok 2020 plánování ztížil. Komise pro plánování sociálních služeb se osobně sešla jen"
        " jednou, zbytek práce přesunula na internet.\n\n"
        "Plán říká, které priority a opatření mají v roce 2021 přednost, co se udělá, kdo za to odpovídá"
        " a do kdy. Připomínky mohli poslat všichni členové komise, poskytovatelé i představitelé obcí.\n\n"
        "## Jak se rozhodovalo\n\n"
        "- 12. 11. 2020 plán schválila komise,\n"
        "- 20. 11. 2020 ho rada města doporučila zastupitelstvu,\n"
        "- 16. 12. 2020 ho schválilo zastupitelstvo.\n\n"
        "Celý plán si [přečtete na webu](/plany/akcni-plan-2021/), nebo stáhnete jako PDF.",
        "author_label": "Koordinátorka komunitního plánování",
        "published": datetime.date(2021, 1, 6),
    },
    {
        "slug": "memorandum-podepsano",
        "kind": "news",
        "title": "Město a MAS podepsaly memorandum o spolupráci",
        "lead": "Spolupráce na plánování pokračuje i po skončení projektu. Memorandum platí do konce"
        " roku 2023.",
        "body": "Město Židlochovice a místní akční skupina se dohodly, jak si rozdělí práci: město"
        " svolává komisi a předkládá plán radě a zastupitelstvu, místní akční skupina pomáhá s přípravou"
        " podkladů a informuje obce.\n\n"
        "Text najdete v [knihovně dokumentů](/dokumenty/memorandum-mesta-a-mas/).",
        "author_label": "Koordinátorka komunitního plánování",
        "published": datetime.date(2021, 1, 8),
    },
    {
        "slug": "co-je-komunitni-planovani",
        "kind": "page",
        "title": "Co je komunitní plánování",
        "lead": "Lidé, kteří pomoc potřebují, ti, kteří ji poskytují, a ti, kteří ji platí, se společně"
        " dohodnou, jaké služby má region mít.",
        "body": "Komunitní plánování zjišťuje, co lidé v regionu potřebují, porovná to s tím, co už"
        " v něm je, a řekne, co se změní: co se udělá, kdo to udělá, kdy a za kolik peněz.\n\n"
        "Na Židlochovicku se takto plánuje od roku 2006. Komunitní plán se tvoří na několik let, akční"
        " plán na každý rok. Oba dokumenty projednává komise, doporučuje rada a schvaluje zastupitelstvo"
        " města.\n\n"
        "## Jak se můžete zapojit\n\n"
        "- Přijďte mezi nás: do pracovní skupiny se může přihlásit každý, komu na věci záleží.\n"
        "- Řekněte koordinátorce, co ve vaší obci chybí. Stačí zavolat.\n"
        "- Sledujte aktuality, ať víte, kdy se o čem rozhoduje.",
        "author_label": "",
        "published": datetime.date(2020, 1, 17),
    },
]

CHAPTERS_2020 = [
    (
        "Úvodem",
        "Držíte v rukou plán, na kterém se dohodly tři strany: lidé, kteří služby potřebují, organizace,"
        " které je poskytují, a obce, které za ně odpovídají a platí je.\n\n"
        "Plán má pět priorit. Každá říká, komu má pomoci a jakou cestou. Co se konkrétně udělá v jednotlivých"
        " letech, stojí v akčních plánech.",
    ),
    (
        "Jak plán vznikal",
        "Pracovní skupiny se v letech 2018 a 2019 sešly nad tím, co v jejich oblasti funguje a co chybí."
        " Pracovní verzi plánu dostaly všechny obce a poskytovatelé, veřejnost ji mohla připomínkovat"
        " na webu.\n\n"
        "Plnění sleduje Komise pro plánování sociálních služeb. Jednou za rok zveřejní, co se povedlo,"
        " co ne a proč.",
    ),
]

CHAPTERS_2021 = [
    (
        "Úvodem",
        "Akční plán rozpracovává Komunitní plán sociálních služeb SO ORP Židlochovice na období 2020–2023"
        " na rok 2021. Ke každému opatření říká, co se udělá, kdo za to odpovídá, do kdy, za kolik peněz"
        " a podle čeho poznáme, že je hotovo.\n\n"
        "Součástí plánu je **síť sociálních služeb** správního obvodu. Je podkladem pro dotační program"
        " města a pro spolufinancování služeb z rozpočtů obcí.",
    ),
    (
        "Jak plán vznikal",
        "Rok 2020 plánování ztížil. Komise se osobně sešla jen jednou, ostatní práce probíhala"
        " na dálku.\n\n"
        "- **Září 2020:** pracovní skupiny projednaly první pracovní verzi.\n"
        "- **Říjen 2020:** ke druhé pracovní verzi se mohli vyjádřit členové komise, všichni"
        " poskytovatelé, představitelé obcí i veřejnost. Přišlo devět připomínek a všechny byly vypořádány.\n"
        "- **Listopad a prosinec 2020:** plán postupně schválila komise, doporučila rada a schválilo"
        " zastupitelstvo.",
    ),
    (
        "Jak se plán sleduje",
        "Organizace odpovědná za úkol podá koordinátorce na začátku roku 2022 zprávu o jeho plnění. Komise"
        " zprávy projedná a vyhodnocení zveřejní. Úkol, který se nesplní, se buď přenese do dalšího roku,"
        " nebo zruší; v obou případech s důvodem.",
    ),
]


def sample_pdf(title: str, pages: int) -> bytes | None:
    """A sample file of the library with that many pages; None where the PDF engine is missing."""
    leaves = "".join(
        f"<section><h2>Strana {number}</h2><p>Ukázkový obsah dokumentu „{title}“.</p></section>"
        for number in range(1, pages + 1)
    )
    html = (
        f'<!DOCTYPE html><html lang="cs"><head><title>{title}</title><style>section{{break-after:page}}'
        f"</style></head><body><h1>{title}</h1><p>Ukázková data: tento soubor je jen příklad.</p>"
        f"{leaves}</body></html>"
    )
    try:
        return render_pdf(html, title=title, identifier=title.encode(), created=SAMPLES_MADE)
    except EngineUnavailable:
        return None

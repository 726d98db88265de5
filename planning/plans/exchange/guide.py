"""The words of the first sheet: how to fill the workbook in. Czech, like everything in the file."""

from kpss.exchange.layout import MAX_ROWS

from .layout import LISTS_SHEET, Kind

TITLE = "Jak sešit vyplnit"
RULES = (
    "Sešit nahrajte na stránce, ze které jste ho stáhli. Nejdřív uvidíte, co by se v plánu změnilo. "
    "Zapíše se to, až to potvrdíte.",
    "Nahráním se nikdy nic nesmaže. Co v souboru není, zůstane v plánu tak, jak je.",
    "Podle kódu se pozná, co už v plánu je. Řádek s novým kódem založí novou položku. "
    "Kód toho, co už v plánu je, proto neměňte.",
    "Kódy pište s tečkami, například 1.1.2. Sloupce s kódy jsou nastavené jako text, aby z nich "
    "Excel neudělal datum.",
    "Sloupec, který nepotřebujete, můžete smazat. Údaje, které do něj patří, se nezmění. "
    "Prázdná buňka ve sloupci, který v souboru je, údaj vymaže.",
    "Na pořadí sloupců nezáleží. Pořadí řádků určuje pořadí v plánu.",
    "Organizace, zdroje, skupiny a obce oddělujte středníkem. Název, ve kterém je středník, dejte "
    'do rovných uvozovek: "Péče; pomoc, z. s.".',
    f"Názvy organizací, zdrojů, skupin a obcí najdete na listu {LISTS_SHEET}.",
    "Kapitoly textu a síť služeb v sešitu nejsou. Upravují se na portálu.",
    f"Na jednom listu může být nejvýše {MAX_ROWS // 1000} 000 řádků.",
)

COLUMNS = {
    (Kind.NODE, "code"): "Kód priority, cíle nebo opatření. Povinný.",
    (Kind.NODE, "parent"): "Kód toho, pod co patří. U nejvyšší úrovně nechte prázdné.",
    (
        Kind.NODE,
        "level",
    ): "Jak se úroveň v tomto plánu jmenuje. Slouží ke kontrole, že strom je, jak má být.",
    (Kind.NODE, "title"): "Název. Povinný, nejvýše 300 znaků.",
    (Kind.NODE, "need"): "Co lidé potřebují.",
    (Kind.NODE, "goal"): "Čeho se má dosáhnout.",
    (Kind.NODE, "description"): "Cokoli dalšího.",
    (Kind.NODE, "planning_group"): "Jedna plánovací skupina.",
    (Kind.NODE, "target_groups"): "Jedna nebo více cílových skupin.",
    (Kind.NODE, "municipalities"): "Obce, kterých se to týká. Prázdné znamená celý správní obvod.",
    (Kind.TASK, "code"): "Kód úkolu. Povinný.",
    (Kind.TASK, "node"): "Kód opatření (nebo jiné položky stromu), pod které úkol patří.",
    (Kind.TASK, "title"): "Název. Povinný, nejvýše 400 znaků.",
    (Kind.TASK, "description"): "Popis.",
    (Kind.TASK, "date_from"): "Začátek, například 1. 3. 2021.",
    (Kind.TASK, "date_to"): "Konec, například 31. 12. 2021.",
    (Kind.TASK, "term_text"): "Termín, který není datum: průběžně, 2. pololetí 2021.",
    (Kind.TASK, "cost_planned"): "Plánované náklady v celých korunách. Mezery ani Kč nevadí.",
    (Kind.TASK, "cost_note"): "Například: podle výsledku výběrového řízení.",
    (
        Kind.TASK,
        "responsible",
    ): "Kdo odpovídá. Název organizace z číselníku se s ní propojí, jiný text "
    "(koordinátorka, obce) se zapíše tak, jak je. Mají-li dvě organizace stejný název, připište IČO: "
    "Charita [99000148]. Text, který se s organizací stejného názvu propojit nemá: Charita [text].",
    (Kind.TASK, "partners"): "Kdo spolupracuje. Píše se stejně.",
    (Kind.TASK, "funding"): "Zdroje, u každého může být částka a v hranatých závorkách poznámka: "
    "Rozpočet města: 120000; Nadace: 5000 [přislíbeno].",
}
INDICATORS = (
    "Co se měří, v jakých jednotkách a jaká hodnota se plánuje. Ukazatelů může být, kolik chcete: přidejte sloupce "
    "s dalším číslem. Druh ukazatele (výstup, výsledek, dopad) patří do sloupce „Ukazatel 1: druh“; bez něj "
    "jde o výstup."
)

"""The words of the first sheet: how to fill the workbook in. Czech, like everything in the file."""

from kpss.exchange.layout import MAX_ROWS

from .layout import LISTS_SHEET

TITLE = "Jak sešit vyplnit"
RULES = (
    "Sešit nahrajte na stránce, ze které jste ho stáhli. Nejdřív uvidíte, co by se změnilo. "
    "Zapíše se to, až to potvrdíte.",
    "Nahráním se nikdy nic nesmaže. Kdo v souboru není, zůstane v portálu tak, jak je.",
    "Na každém řádku je jeden člověk. Kdo zasedá ve více orgánech, má řádek pro každý z nich.",
    "Člověka, který v portálu už je, poznáme podle e-mailu. Když e-mail není vyplněný, poznáme ho podle "
    "jména a příjmení, pokud je v portálu jen jeden takový.",
    "Prázdná buňka nic nemění. Údaj, který má zmizet, smažte ve správě portálu.",
    "Sloupce od Orgánu dál jsou pro členství. Když je necháte prázdné, založí nebo opraví se jen osoba.",
    "Členství se pozná podle osoby, orgánu a dne Od. Stejný den opraví to, které už v portálu je, "
    "jiný den založí nové. Když den Od nevyplníte, opraví se členství, které právě trvá.",
    "Souhlas se zveřejněním jména se v sešitu neuvádí. Zapisuje se ve správě portálu u členství.",
    "Sloupec, který nepotřebujete, můžete smazat. Na pořadí sloupců nezáleží.",
    f"Názvy orgánů, rolí, stran a organizací najdete na listu {LISTS_SHEET}.",
    f"Na listu může být nejvýše {MAX_ROWS // 1000} 000 řádků.",
)

COLUMNS = {
    "title_before": "Například Mgr. nebo Bc. et Bc.",
    "first_name": "Křestní jméno.",
    "last_name": "Povinné.",
    "title_after": "Například DiS. nebo Ph.D.",
    "email": "Kdo má e-mail, může se přihlásit kódem, který mu na něj přijde. Není povinný.",
    "phone": "Například 777 123 456 nebo +420 777 123 456.",
    "committee": "Název orgánu nebo jeho krátký název, přesně jak je v portálu.",
    "role": "Co v orgánu dělá. Prázdné u nového členství znamená člen/členka.",
    "side": "Strana triády. U nového členství povinná.",
    "organisation": "Koho zastupuje: název z číselníku, nebo IČO. Mají-li dvě organizace stejný název, "
    "napište IČO.",
    "function": "Například vedoucí odboru sociálních věcí.",
    "valid_from": "Od kterého dne členství platí, například 1. 3. 2021. U nového členství povinné.",
    "valid_to": "Do kterého dne. Prázdné znamená, že trvá.",
}

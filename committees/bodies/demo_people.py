"""Invented people of the demonstration district; none of them lives."""

from dataclasses import dataclass

COORDINATOR = "koordinatorka@example.cz"


@dataclass(frozen=True)
class Name:
    """An invented person; without an e-mail they cannot sign in."""

    first: str
    last: str
    before: str = ""
    after: str = ""
    email: str = ""
    phone: str = ""


# The key is how seats below name the person.
PEOPLE = {
    "ukazkova": Name("Alena", "Ukázková", "Mgr.", email=COORDINATOR, phone="+420 000 000 100"),
    "drapalova": Name("Helena", "Drápalová", "Mgr.", email="predsedkyne@example.cz"),
    "matouskova": Name("Eva", "Matoušková", email="clenka@example.cz"),
    "peskova": Name("Radka", "Pešková", "Ing.", email="starostka@example.cz"),
    "polacek": Name("Vojtěch", "Poláček", "Ing.", email="zastupitel@example.cz"),
    "jurasek": Name("Pavel", "Jurásek", "Bc.", email="pavel.jurasek@example.cz"),
    "kalvoda": Name("Milan", "Kalvoda", "PhDr.", email="milan.kalvoda@example.cz"),
    "vavrova": Name("Lenka", "Vávrová", "Mgr.", "DiS.", email="lenka.vavrova@example.cz"),
    "hrdlicka": Name("Tomáš", "Hrdlička", "Bc.", email="tomas.hrdlicka@example.cz"),
    "fiala": Name("Ondřej", "Fiala", "Mgr.", email="ondrej.fiala@example.cz"),
    "vlach": Name("Jiří", "Vlach"),
    "dolezalova": Name("Marie", "Doležalová", email="marie.dolezalova@example.cz"),
    "zelinka": Name("Petr", "Zelinka", "Ing.", email="petr.zelinka@example.cz"),
    "kudlackova": Name("Hana", "Kudláčková", "Mgr.", email="hana.kudlackova@example.cz"),
    "bednarik": Name("Josef", "Bednařík", "MUDr.", email="josef.bednarik@example.cz"),
    "skalova": Name("Kateřina", "Skálová", "Ing.", email="katerina.skalova@example.cz"),
    "adamec": Name("Stanislav", "Adamec"),
    "cechova": Name("Zdeňka", "Čechová", "Mgr."),
    "chmelar": Name("Rostislav", "Chmelař"),
    "holub": Name("Aleš", "Holub", "Bc."),
    "jelinkova": Name("Dana", "Jelínková"),
    "oplustil": Name("Karel", "Opluštil", "Ing.", "Ph.D."),
    "rihova": Name("Jitka", "Říhová"),
    "stastny": Name("Luboš", "Šťastný"),
    "zakova": Name("Věra", "Žáková", "Mgr."),
    "navratil": Name("Bohumil", "Navrátil"),
    "krizova": Name("Božena", "Křížová"),
    "sedlar": Name("Ladislav", "Sedlář"),
    "musilova": Name("Ivana", "Musilová", "Bc.", email="ivana.musilova@example.cz"),
    "tesarik": Name("Roman", "Tesařík", email="roman.tesarik@example.cz"),
    "svobodnikova": Name("Petra", "Svobodníková", "Mgr.", email="petra.svobodnikova@example.cz"),
    "urbankova": Name("Simona", "Urbánková", "Bc.", email="simona.urbankova@example.cz"),
    "kolarik": Name("David", "Kolařík", "Mgr.", email="david.kolarik@example.cz"),
    "safarova": Name("Iveta", "Šafářová", "Mgr.", email="iveta.safarova@example.cz"),
    "bartosova": Name("Nikol", "Bartošová", "Mgr.", email="nikol.bartosova@example.cz"),
    "vesela": Name("Klára", "Veselá"),
    "dostalik": Name("Michal", "Dostálík"),
    "horakova": Name("Jarmila", "Horáčková", "PaedDr.", email="jarmila.horackova@example.cz"),
    "kopecky": Name("Filip", "Kopecký", "Bc.", email="filip.kopecky@example.cz"),
    "zemankova": Name("Alžběta", "Zemánková", "Mgr.", email="alzbeta.zemankova@example.cz"),
    "prochazkova": Name("Gabriela", "Procházková", "Bc.", email="gabriela.prochazkova@example.cz"),
    "lukas": Name("Radek", "Lukášek", after="DiS.", email="radek.lukasek@example.cz"),
    "tomanova": Name("Šárka", "Tomanová", "MUDr.", email="sarka.tomanova@example.cz"),
}

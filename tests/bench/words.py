"""Our own German word material for the benchmark's articles: nouns with their forms, verbs, names, places. [data]

A noun is one word here: gender, singular, plural and linking element, parted by "/". The lists are in the order in
which the generator prefers them: what stands first is drawn most often.
"""

from __future__ import annotations

from typing import NamedTuple


class Noun(NamedTuple):
    """A noun with the forms that a sentence may need."""

    gender: str
    """m, f, n."""
    singular: str
    genitive: str
    plural: str
    dative: str
    """Of the plural."""
    modifier: str
    """How it begins a compound, with its linking element."""


def noun(line: str) -> Noun:
    """The noun of one entry: ``f/Regierung/Regierungen/s`` -> Regierung, der Regierungen, Regierungskrise."""
    gender, singular, plural, link = line.split("/")
    short = len(singular) <= 5 or singular[-1] in "szßx"
    genitive = singular if gender == "f" else singular + ("es" if short and singular[-2:] not in ("er", "el") else "s")
    dative = plural if plural[-1] in "ns" else plural + "n"
    modifier = {"-": singular.removesuffix("e"), "": singular, "p": plural}.get(link, singular + link)
    return Noun(gender, singular, genitive, plural, dative, modifier)


def compound(modifier: Noun, head: Noun) -> Noun:
    """Regierung, Krise -> Regierungskrise."""
    begin = modifier.modifier
    forms = (begin + form.lower() for form in head[1:])
    return Noun(head.gender, *forms)


TOPICS: dict[str, str] = {
    "Politik": """f/Regierung/Regierungen/s m/Minister/Minister/ n/Gesetz/Gesetze/es f/Partei/Parteien/en
    m/Landtag/Landtage/s f/Wahl/Wahlen/ f/Opposition/Oppositionen/s n/Bündnis/Bündnisse/ m/Vertrag/Verträge/s
    f/Abstimmung/Abstimmungen/s m/Haushalt/Haushalte/s f/Reform/Reformen/ m/Antrag/Anträge/s f/Fraktion/Fraktionen/s
    m/Ausschuss/Ausschüsse/ f/Krise/Krisen/n m/Rücktritt/Rücktritte/s f/Grenze/Grenzen/- n/Abkommen/Abkommen/s
    f/Verhandlung/Verhandlungen/s m/Gipfel/Gipfel/ f/Steuer/Steuern/ n/Mandat/Mandate/s f/Behörde/Behörden/n
    m/Kanzler/Kanzler/ f/Verfassung/Verfassungen/s n/Parlament/Parlamente/s f/Sitzung/Sitzungen/s m/Staat/Staaten/s
    f/Debatte/Debatten/n n/Amt/Ämter/s m/Botschafter/Botschafter/ f/Koalition/Koalitionen/s n/Asyl/Asyle/
    f/Mehrheit/Mehrheiten/s m/Vorsitz/Vorsitze/ f/Sanktion/Sanktionen/s m/Entwurf/Entwürfe/s f/Anhörung/Anhörungen/s
    m/Wahlkreis/Wahlkreise/ n/Referendum/Referenden/s f/Delegation/Delegationen/s""",
    "Wirtschaft": """n/Unternehmen/Unternehmen/s m/Markt/Märkte/ f/Bank/Banken/en m/Preis/Preise/
    n/Geschäft/Geschäfte/s f/Firma/Firmen/p m/Konzern/Konzerne/ f/Börse/Börsen/n m/Umsatz/Umsätze/ f/Aktie/Aktien/n
    m/Handel/Händel/s f/Gewerkschaft/Gewerkschaften/s m/Lohn/Löhne/ f/Industrie/Industrien/ n/Werk/Werke/s
    m/Gewinn/Gewinne/ m/Verlust/Verluste/ f/Rechnung/Rechnungen/s m/Kredit/Kredite/ f/Energie/Energien/ n/Öl/Öle/
    m/Strom/Ströme/ f/Produktion/Produktionen/s m/Auftrag/Aufträge/s f/Rente/Renten/n m/Zoll/Zölle/
    f/Lieferung/Lieferungen/s n/Kapital/Kapitale/ m/Vorstand/Vorstände/s f/Fabrik/Fabriken/ f/Ware/Waren/n
    f/Kundin/Kundinnen/nen f/Miete/Mieten/- n/Patent/Patente/ m/Betrieb/Betriebe/s f/Insolvenz/Insolvenzen/
    m/Export/Exporte/ f/Kasse/Kassen/n n/Lager/Lager/ m/Tarif/Tarife/ f/Werbung/Werbungen/s n/Gehalt/Gehälter/s""",
    "Kultur": """n/Theater/Theater/ m/Film/Filme/ n/Buch/Bücher/p f/Ausstellung/Ausstellungen/s n/Museum/Museen/s
    f/Bühne/Bühnen/n m/Roman/Romane/ n/Konzert/Konzerte/ f/Oper/Opern/n n/Bild/Bilder/p f/Kunst/Künste/
    n/Festival/Festivals/ m/Künstler/Künstler/ f/Musik/Musiken/ n/Orchester/Orchester/ f/Sprache/Sprachen/-
    m/Verlag/Verlage/s f/Bibliothek/Bibliotheken/s n/Archiv/Archive/ m/Autor/Autoren/en f/Lesung/Lesungen/s
    n/Stück/Stücke/ f/Regie/Regien/ m/Schauspieler/Schauspieler/ f/Geschichte/Geschichten/s n/Denkmal/Denkmäler/
    m/Chor/Chöre/ f/Handschrift/Handschriften/ n/Lied/Lieder/p m/Maler/Maler/ f/Sammlung/Sammlungen/s
    n/Gedicht/Gedichte/ f/Premiere/Premieren/n m/Tanz/Tänze/ f/Galerie/Galerien/ n/Schloss/Schlösser/""",
    "Sport": """n/Spiel/Spiele/ f/Mannschaft/Mannschaften/s m/Verein/Vereine/s m/Trainer/Trainer/ n/Tor/Tore/
    f/Saison/Saisons/ m/Sieg/Siege/es f/Liga/Ligen/ n/Stadion/Stadien/ m/Spieler/Spieler/ f/Niederlage/Niederlagen/n
    n/Turnier/Turniere/ m/Pokal/Pokale/ f/Meisterschaft/Meisterschaften/s n/Rennen/Rennen/ m/Punkt/Punkte/
    f/Tabelle/Tabellen/n m/Ball/Bälle/ f/Medaille/Medaillen/n n/Finale/Finale/ m/Rekord/Rekorde/
    f/Verletzung/Verletzungen/s m/Schiedsrichter/Schiedsrichter/ f/Runde/Runden/n n/Training/Trainings/s
    m/Läufer/Läufer/ f/Abwehr/Abwehren/ m/Transfer/Transfers/ f/Strecke/Strecken/n n/Doping/Dopings/ m/Sprung/Sprünge/
    f/Chance/Chancen/n n/Publikum/Publiken/s m/Verband/Verbände/s f/Halle/Hallen/n m/Wettkampf/Wettkämpfe/""",
    "Wissenschaft": """f/Studie/Studien/n m/Forscher/Forscher/ n/Institut/Institute/s f/Universität/Universitäten/s
    n/Klima/Klimata/ m/Versuch/Versuche/s f/Zelle/Zellen/- m/Impfstoff/Impfstoffe/ n/Virus/Viren/
    f/Messung/Messungen/s m/Stern/Sterne/en f/Sonde/Sonden/n n/Labor/Labore/ f/Patientin/Patientinnen/nen
    f/Klinik/Kliniken/ n/Gen/Gene/ f/Methode/Methoden/n m/Mond/Monde/ f/Theorie/Theorien/ n/Ergebnis/Ergebnisse/
    m/Arzt/Ärzte/p f/Krankheit/Krankheiten/s n/Gerät/Geräte/p m/Wald/Wälder/ f/Art/Arten/en n/Tier/Tiere/
    m/Boden/Böden/ f/Temperatur/Temperaturen/ n/Meer/Meere/es m/Fluss/Flüsse/ f/Pflanze/Pflanzen/n n/Wasser/Wasser/
    m/Stoff/Stoffe/ f/Strahlung/Strahlungen/s n/Netz/Netze/ m/Rechner/Rechner/ f/Software/Softwares/""",
    "Lokales": """f/Stadt/Städte/ m/Bürger/Bürger/ f/Schule/Schulen/- f/Straße/Straßen/n m/Bahnhof/Bahnhöfe/s
    n/Haus/Häuser/ f/Gemeinde/Gemeinden/ m/Verkehr/Verkehre/s f/Brücke/Brücken/n n/Dorf/Dörfer/ m/Platz/Plätze/
    f/Feuerwehr/Feuerwehren/ m/Unfall/Unfälle/ f/Baustelle/Baustellen/n n/Rathaus/Rathäuser/ m/Bus/Busse/
    f/Wohnung/Wohnungen/s n/Grundstück/Grundstücke/s f/Nachbarin/Nachbarinnen/nen f/Kirche/Kirchen/n n/Fest/Feste/
    m/Park/Parks/ f/Leitung/Leitungen/s n/Kind/Kinder/p m/Radweg/Radwege/ f/Polizei/Polizeien/ n/Feuer/Feuer/
    m/Anwohner/Anwohner/ f/Sperrung/Sperrungen/s n/Hochwasser/Hochwasser/ m/Zug/Züge/ f/Stelle/Stellen/n
    n/Krankenhaus/Krankenhäuser/ m/Müll/Mülle/ f/Bahn/Bahnen/ m/Garten/Gärten/""",
    "Recht": """n/Gericht/Gerichte/s m/Prozess/Prozesse/ n/Urteil/Urteile/s m/Richter/Richter/ f/Klage/Klagen/-
    m/Anwalt/Anwälte/s f/Strafe/Strafen/- f/Zeugin/Zeuginnen/nen n/Verfahren/Verfahren/s f/Ermittlung/Ermittlungen/s
    m/Verdacht/Verdachte/s f/Aussage/Aussagen/n n/Opfer/Opfer/ m/Täter/Täter/ f/Berufung/Berufungen/s n/Recht/Rechte/s
    m/Betrug/Betruge/s f/Anklage/Anklagen/- n/Geständnis/Geständnisse/ m/Haftbefehl/Haftbefehle/s
    f/Beweislast/Beweislasten/ n/Gutachten/Gutachten/s m/Einspruch/Einsprüche/s f/Kammer/Kammern/
    n/Gefängnis/Gefängnisse/ m/Fall/Fälle/ f/Durchsuchung/Durchsuchungen/s n/Dokument/Dokumente/p m/Vorwurf/Vorwürfe/s
    f/Frist/Fristen/ n/Verbot/Verbote/s""",
}
GENERAL = """n/Jahr/Jahre/es f/Zeit/Zeiten/ f/Person/Personen/en f/Frage/Fragen/- n/Land/Länder/es m/Teil/Teile/
f/Woche/Wochen/n n/Problem/Probleme/ m/Plan/Pläne/ f/Zahl/Zahlen/en n/Ziel/Ziele/ m/Grund/Gründe/ f/Gruppe/Gruppen/n
n/Ende/Enden/- m/Weg/Wege/ f/Arbeit/Arbeiten/s n/Projekt/Projekte/ m/Bericht/Berichte/s
f/Entscheidung/Entscheidungen/s n/Treffen/Treffen/ m/Sprecher/Sprecher/ f/Kritik/Kritiken/ n/Gespräch/Gespräche/s
m/Streit/Streite/ f/Lösung/Lösungen/s n/Interesse/Interessen/n m/Schritt/Schritte/ f/Möglichkeit/Möglichkeiten/s
n/Angebot/Angebote/s m/Vorschlag/Vorschläge/s f/Gefahr/Gefahren/en n/Risiko/Risiken/ m/Erfolg/Erfolge/s
f/Hilfe/Hilfen/s n/Mittel/Mittel/ m/Schaden/Schäden/ f/Folge/Folgen/n n/Beispiel/Beispiele/ f/Expertin/Expertinnen/nen
f/Forderung/Forderungen/s n/System/Systeme/ m/Raum/Räume/ f/Familie/Familien/n n/Leben/Leben/s m/Tag/Tage/es
f/Nacht/Nächte/ n/Wort/Worte/ m/Brief/Briefe/ f/Idee/Ideen/n n/Bild/Bilder/p m/Abend/Abende/ f/Rolle/Rollen/n
n/Geld/Gelder/ m/Wert/Werte/ f/Liste/Listen/n n/Team/Teams/"""

VERBS = """kritisieren/kritisierte/kritisiert begrüßen/begrüßte/begrüßt verwerfen/verwarf/verworfen
fordern/forderte/gefordert prüfen/prüfte/geprüft beschließen/beschloss/beschlossen verschieben/verschob/verschoben
planen/plante/geplant ändern/änderte/geändert zeigen/zeigte/gezeigt bestätigen/bestätigte/bestätigt
verlieren/verlor/verloren gewinnen/gewann/gewonnen erreichen/erreichte/erreicht verhindern/verhinderte/verhindert
unterstützen/unterstützte/unterstützt präsentieren/präsentierte/präsentiert verkünden/verkündete/verkündet
eröffnen/eröffnete/eröffnet finden/fand/gefunden suchen/suchte/gesucht beenden/beendete/beendet
verlangen/verlangte/verlangt verkaufen/verkaufte/verkauft kaufen/kaufte/gekauft nennen/nannte/genannt
sehen/sah/gesehen bauen/baute/gebaut schließen/schloss/geschlossen retten/rettete/gerettet erklären/erklärte/erklärt
veröffentlichen/veröffentlichte/veröffentlicht stoppen/stoppte/gestoppt verbieten/verbot/verboten
erlauben/erlaubte/erlaubt messen/maß/gemessen entdecken/entdeckte/entdeckt leiten/leitete/geleitet
verteidigen/verteidigte/verteidigt bezahlen/bezahlte/bezahlt erwarten/erwartete/erwartet
befürchten/befürchtete/befürchtet verbessern/verbesserte/verbessert beobachten/beobachtete/beobachtet
diskutieren/diskutierte/diskutiert nutzen/nutzte/genutzt erhöhen/erhöhte/erhöht senken/senkte/gesenkt
sichern/sicherte/gesichert brechen/brach/gebrochen teilen/teilte/geteilt erfassen/erfasste/erfasst
beantragen/beantragte/beantragt widerrufen/widerrief/widerrufen untersuchen/untersuchte/untersucht
bezweifeln/bezweifelte/bezweifelt verurteilen/verurteilte/verurteilt loben/lobte/gelobt vergessen/vergaß/vergessen
übernehmen/übernahm/übernommen räumen/räumte/geräumt"""

ADJECTIVES = """neu groß erst weit jung deutsch politisch öffentlich klein wichtig gemeinsam international
wirtschaftlich zweit alt schwer stark schnell klar finanziell rechtlich kulturell städtisch regional lang kurz
umstritten gefährlich sicher zahlreich bekannt verletzt geplant gesund digital sozial medizinisch technisch historisch
staatlich privat jährlich täglich erfolgreich schwach billig ehemalig künftig heutig gestrig landesweit europäisch
nördlich südlich östlich westlich unabhängig freiwillig gesetzlich ländlich persönlich gründlich überraschend
entscheidend ungewöhnlich seltsam ruhig heftig ernst fremd leer offen geheim frisch trocken warm kühl steil flach bunt
still streng mild zäh"""

ADVERBS = """auch nur noch schon bereits wieder nun bald kaum erneut jetzt zuletzt deutlich weiterhin allerdings
zunächst offenbar vorerst demnach inzwischen gestern heute dennoch jedoch künftig mehrfach vergeblich überraschend
öffentlich ausdrücklich endgültig einstimmig vorsichtig nachdrücklich teilweise rechtzeitig umgehend insgesamt"""

SOURCES = """Abendkurier Landesbote Morgenblatt Tageszeiger Rundschreiber Heimatanzeiger Uferzeitung Grenzbote
Marktspiegel Freie_Feder Bergpost Sonntagsblick"""

FIRST_NAMES = """Anna Peter Maria Thomas Sabine Wolfgang Julia Stefan Claudia Jürgen Katrin Andreas Monika Uwe Birgit
Dieter Susanne Frank Heike Ralf Petra Bernd Ute Holger Gabriele Norbert Silke Günter Renate Lukas Emine Paul Lena
Felix Nina Jonas Laura Tobias Miriam Oskar Greta Anton Frieda Emil Clara Hugo Ida Bruno Martha Konrad Ingrid Volker
Beate Rainer Elke Armin Doris Gregor Helga Ulrich Verena Kilian Rosa Vincent Paula Leander Judith Benedikt Carla
Valentin Agnes Moritz Edda Ludwig Nora Henning Tilda Ruben Svenja Arndt Mehmet Aylin Pavel Olga Milan Zuzana Igor
Larissa Dragan Ivana"""
SURNAME_BEGINS = """Birken Gruben Stein Hasel Ober Nieder Linden Eichen Rosen Wald Sand Brunn Kessel Buchen Hoch Kalt
Wein Schön Roth Gold Kupfer Distel Ahorn Mühl Teich Vogel Hirsch Raben Falken Dorn Lauter Kirch Tann Erlen Winter
Sommer Herbst Sturm Regen Silber Moos Farn Klee Korn Hafer Hopfen Apfel Nuss Quell Grün"""
SURNAME_ENDS = """berg mann bauer hofer müller meier huber stadt wald kamp bach thaler egger reuther brand horst
rieder leitner schmidt wirth krüger becker löhner zeller dorfer graber lander mosser pichler raith seifert tobler"""
PLACES = """Berlin Hamburg München Köln Frankfurt Dresden Leipzig Stuttgart Bremen Hannover Nürnberg Wien Zürich
Rostock Erfurt Kassel Mainz Potsdam Schwerin Lübeck Bonn Aachen Augsburg Freiburg Ulm Trier Jena Weimar Gera Bochum
Dortmund Bielefeld Münster Osnabrück Kiel Flensburg Bamberg Bayreuth Regensburg Passau Konstanz Salzburg Graz Linz
Bern Basel Paris London Rom Madrid Warschau Prag Brüssel Moskau Peking Tokio Kairo Athen Oslo Stockholm Helsinki
Lissabon Budapest Ankara"""
PLACE_BEGINS = """Neu Alt Ober Unter Groß Klein Linden Eich Buch Hirsch Stein Königs Bischofs Mark Sonnen Wiesen
Wasser Mühl Schön Rauen Weiß Schwarz Roten Falken Kirch Oster Wester Nord Süd Fürsten Grün Blanken Rosen Adel Burg
Diet Ebers Fried Gers Hers Ilmen"""
PLACE_ENDS = """dorf hausen bach feld stadt burg heim au walde berg brück kirchen rode leben itz ow stedt hagen born
tal furt ingen beuren loh moor see zell"""
MONTHS = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"

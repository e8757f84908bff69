"""Sentences that belong to a code rather than to a template: what was not understood, what was wrong, what is chosen.

They are German and marked for translation; ``web.i18n`` puts them in the reader's language.
"""

from __future__ import annotations


def N_(text: str) -> str:
    """Marks a text for translation; whoever shows it calls ``gettext``."""
    return text


NOTES = {
    "unclosed_quote": N_(
        "Das Anführungszeichen bei Zeichen %(position)s wird nicht geschlossen; alles danach gilt als Wortfolge."
    ),
    "unclosed_parenthesis": N_("Die Klammer bei Zeichen %(position)s wird nicht geschlossen; sie reicht bis zum Ende."),
    "stray_parenthesis": N_("Die Klammer bei Zeichen %(position)s schließt nichts und bleibt unbeachtet."),
    "lone_operator": N_("Zu „%(word)s“ bei Zeichen %(position)s fehlt ein Wort; es bleibt unbeachtet."),
    "no_word": N_("„%(word)s“ bei Zeichen %(position)s enthält weder Buchstabe noch Ziffer und bleibt unbeachtet."),
    "short_prefix": N_(
        "„%(word)s“ bei Zeichen %(position)s: Vor * stehen mindestens 3 Buchstaben; gesucht wird das ganze Wort."
    ),
    "inner_star": N_("„%(word)s“ bei Zeichen %(position)s: * steht nur am Ende eines Wortes; es bleibt unbeachtet."),
    "leading_star": N_(
        "„%(word)s“ bei Zeichen %(position)s: * steht nur am Ende eines Wortes; gesucht wird ohne dieses *."
    ),
    "plain_in_field": N_(
        "„%(word)s“ bei Zeichen %(position)s: * ~ = gelten in diesem Feld nicht; gesucht wird das Wort."
    ),
    "no_date": N_(
        "„%(word)s“ bei Zeichen %(position)s ist kein Datum und bleibt unbeachtet. "
        "Möglich sind 1989, 1989-11, 9.11.1989 und 1989..1990."
    ),
    "too_deep": N_("Bei Zeichen %(position)s sind mehr als 20 Klammern ineinander; der Rest bleibt unbeachtet."),
    "too_many": N_("Eine Suche darf 64 Wörter haben; ab „%(word)s“ bei Zeichen %(position)s bleiben sie unbeachtet."),
    "too_long": N_("Eine Suche darf 1000 Zeichen haben; ab Zeichen %(position)s bleibt sie unbeachtet."),
    "facet_cut": N_(
        "„%(word)s“ hat hier zu viele verschiedene Werte, um alle zu vergleichen; seltene können in der Liste fehlen."
    ),
}
"""By the code of a Note."""

PROBLEMS = {
    "q": N_("Diese Suche ist zu aufwendig. Mit weniger Wörtern, vor allem mit weniger * und ~, gelingt sie."),
    "from": N_(
        "„%(value)s“ ist kein Datum, an dem der Zeitraum beginnen kann. Möglich sind 1989, 1989-11 und 9.11.1989."
    ),
    "to": N_("„%(value)s“ ist kein Datum, an dem der Zeitraum enden kann. Möglich sind 1989, 1989-11 und 9.11.1989."),
    "date": N_("„%(value)s“ ist kein Datum. Möglich sind 1989, 1989-11 und 9.11.1989."),
    "not_date": N_("„%(value)s“ ist kein Datum. Möglich sind 1989, 1989-11 und 9.11.1989."),
    "page": N_("„%(value)s“ ist keine Seitenzahl; zu sehen ist die erste Seite."),
    "size": N_("„%(value)s“ ist keine Zahl von Treffern je Seite. Möglich sind 1 bis 100."),
    "facet_size": N_("„%(value)s“ ist keine Zahl von Werten je Filter. Möglich sind 1 bis 1000."),
    "sort": N_("Die Reihenfolge „%(value)s“ gibt es nicht. Möglich sind relevance, newest und oldest."),
    "interval": N_(
        "„%(value)s“ ist keine Einteilung der Zeit. Möglich sind year und month, "
        "und day mit einem Zeitraum von höchstens zehn Jahren."
    ),
    "chart": N_("Eine Zeitleiste „%(value)s“ gibt es nicht. Möglich sind count und share."),
    "explain": N_("„%(value)s“ sagt nicht, ob Gründe zu sehen sein sollen. Möglich sind 0 und 1."),
    "map": N_("„%(value)s“ sagt nicht, ob die Karte zu sehen sein soll. Möglich sind 0 und 1."),
    "missing": N_(
        "Artikel ohne „%(value)s“ lassen sich nicht wählen. Möglich sind person, place, date, source und section."
    ),
}
"""By the parameter whose value cannot be used."""
REVERSED = N_("Das Ende des Zeitraums, %(last)s, liegt vor seinem Anfang, %(first)s; beide sind vertauscht worden.")
TOO_LONG = N_("„%(value)s …“ ist zu lang für einen Filter und bleibt unbeachtet. Möglich sind %(most)s Zeichen.")
TOO_LONG_TOGETHER = N_(
    "Suchwörter und Filter, den Zeitraum nicht gerechnet, werden in der Adresse mit „%(value)s“ länger als %(most)s "
    "Zeichen; was zu viel ist, bleibt unbeachtet."
)
TOO_MANY_VALUES = N_("Unter „%(value)s“ sind zu viele Werte gewählt; nur die ersten %(most)s gelten.")
QUERY = N_("Suchwörter")
WITHOUT = N_("ohne Angabe")
"""What a page calls the parameters ``q`` and ``missing``; those of a facet are called as it is."""

RULES = {
    "same": N_("wie gesucht"),
    "form": N_("andere Form oder Schreibung"),
    "part": N_("Teil einer Zusammensetzung"),
    "apart": N_("Teil der gesuchten Zusammensetzung"),
    "pair": N_("Zusammensetzung der gesuchten Wörter"),
    "variant": N_("anderes Wort für dasselbe"),
    "exact": N_("genau so geschrieben"),
    "prefix": N_("beginnt so"),
    "fuzzy": N_("ähnlich geschrieben"),
}
"""Why a hit was found, by the rule."""

EXAMPLES = (
    ("%(word)s %(other)s", N_("beide Wörter, in jeder Form")),
    (N_("„%(name)s“"), N_("diese Wortfolge")),
    ("%(word)s -%(place)s", N_("das eine ohne das andere")),
    (N_("%(place)s ODER %(town)s"), N_("eines von beiden")),
    ("%(begin)s*", N_("alles, was so beginnt")),
    ("%(surname)s~", N_("auch ähnlich geschrieben")),
    ("=%(word)s", N_("nur genau diese Form")),
    (N_("titel:%(word)s"), N_("ein Wort der Überschrift")),
    (N_("autor:%(author)s"), N_("ein Autor")),
    (N_("quelle:%(source)s"), N_("eine Quelle, ebenso ressort:")),
    (N_("datum:%(first)s..%(last)s"), N_("ein Zeitraum")),
)
"""Searches on the start page, with places for what the archive holds, and what they mean."""

FACETS = {
    "person": (N_("Personen"), N_("Person: %(value)s"), N_("ohne Person")),
    "place": (N_("Orte"), N_("Ort: %(value)s"), N_("ohne Ort")),
    "date": (N_("Zeit"), N_("Zeit: %(value)s"), N_("ohne Datum")),
    "source": (N_("Quellen"), N_("Quelle: %(value)s"), N_("ohne Quelle")),
    "section": (N_("Ressorts"), N_("Ressort: %(value)s"), N_("ohne Ressort")),
}
"""Of each facet: its heading, one chosen value, the articles without any."""
FIND = {
    "person": N_("Personen durchsuchen"),
    "place": N_("Orte durchsuchen"),
    "source": N_("Quellen durchsuchen"),
    "section": N_("Ressorts durchsuchen"),
}
"""What the field does that looks for a value of a facet."""
IN_FIELD = {"title": N_("Überschrift: %(value)s"), "author": N_("Autor: %(value)s")}
"""Words of a query behind a field that is no facet."""

STATUS = {
    400: (
        N_("Das hat nicht geklappt"),
        N_("Diese Adresse ist nicht zu verstehen. Vielleicht ist beim Kopieren etwas verloren gegangen."),
    ),
    404: (
        N_("Nicht gefunden"),
        N_(
            "Unter dieser Adresse liegt nichts. Vielleicht wurde der Artikel aus dem Archiv genommen; "
            "die Suche hilft weiter."
        ),
    ),
    405: (N_("Hier nicht möglich"), N_("Diese Seite lässt sich nur lesen.")),
    500: (
        N_("Ein Fehler im Archiv"),
        N_("Hier ist etwas schiefgegangen, was nicht an der Anfrage liegt. Der Fehler ist aufgezeichnet."),
    ),
    429: (
        N_("Gerade wird zu viel auf einmal verlangt"),
        N_(
            "Nur wenige aufwendige Suchen und lange Tabellen sind zugleich möglich. Bitte gleich noch einmal versuchen."
        ),
    ),
    503: (
        N_("Das Archiv ist gerade nicht zu lesen"),
        N_(
            "Der Index fehlt, ist beschädigt, stammt von einer anderen Version oder darf nicht gelesen werden. "
            "Wer das Archiv betreut, findet den Grund im Protokoll des Servers."
        ),
    ),
}
"""Heading and explanation of an error page, by its status."""

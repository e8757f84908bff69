"""Persons and places of an article: found by a tagger, then resolved to one name each.

Article -> words and sentences (text.py, words.py) -> labelled words (tagger.py, or another source: sources.py) -> what
is a person, what a place and what neither (kinds.py, things.py) -> persons (persons.py, their titles and roles:
titles.py, roles.py, where their names end: extent.py) and places (places.py, weak references: weak.py) -> Names, with
agencies and dateline (origin.py).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

from search.article import Article, EntityType, Mention
from search.entities.famous import FAMOUS
from search.entities.gazetteer import Place, place_info
from search.entities.kinds import of_right_kind
from search.entities.lexicon import FIRST_NAMES, Mark, mark_of
from search.entities.origin import agencies, datelines
from search.entities.persons import Person, resolve_persons
from search.entities.places import (
    AMBIGUOUS,
    BEFORE_WATERS,
    BESIDE_PLACES,
    INTO,
    NO_PLACES,
    SETTING,
    apart,
    by_water,
    canonical_place,
    fuller_names,
    is_adjective_phrase,
    is_body,
    is_listed,
    is_located,
    is_noun,
    is_place_kind,
    sure_places,
    variants,
    without_kind,
    without_rest,
)
from search.entities.roles import role_before, role_behind
from search.entities.sources import Source, nothing, source_of
from search.entities.tagger import tag
from search.entities.text import OPENING, Found, Text, blank_credits, tokenized, undivided, undivided_pieces
from search.entities.things import is_called_so, is_firm, is_thing
from search.entities.weak import weak_places

__all__ = ["Names", "Place", "Source", "find_all", "find_names", "place_info", "source_of"]


ORDINARY = Mark.COMMON | Mark.WORD | Mark.OFFICE | Mark.BODY
"""What a noun must not be to be a village behind "in", if the tagger takes it for a place."""
ROLES_WANTED = 3
"""A role is looked for at so many mentions of a person: it comes with the first ones."""


@dataclass(frozen=True, slots=True)
class Names:
    """The persons and places of one article."""

    mentions: tuple[Mention, ...]
    """Spans into the article's full_text, ascending, not overlapping."""
    persons: tuple[str, ...]
    """Canonical names, each once: those of title and lead first, then by count, then in order of appearance."""
    places: tuple[str, ...]
    places_weak: tuple[str, ...] = ()
    """Places that only an adjective or their people name: "russische", "Ukrainer", "Hamburger"."""
    agencies: tuple[str, ...] = ()
    dateline: str = ""
    """The place where the article was written, as it says itself."""


def find_names(article: Article, source: Source = tag) -> Names:
    """Persons and places of an article; those that the input gives win over found ones."""
    return find_all([article], source)[0]


def find_all(articles: Sequence[Article], source: Source = tag) -> list[Names]:
    """As ``find_names``, of many articles: tagged in one go, which is sooner done than one by one."""
    written, articles = articles, list(map(_undivided, articles))
    is_given = [article.persons is not None and article.places is not None for article in articles]
    texts = tokenized(["" if source is nothing else blank_credits(article.full_text) for article in articles])
    founds = iter(source([text for text, given in zip(texts, is_given, strict=True) if not given]))
    names = [
        _names(article, text, [] if given else next(founds), source)
        for article, text, given in zip(articles, texts, is_given, strict=True)
    ]
    return list(map(_as_written, names, articles, written))


def _undivided(article: Article) -> Article:
    text = undivided(article.text)
    return article if text == article.text else replace(article, text=text)


def _as_written(names: Names, article: Article, written: Article) -> Names:
    """Names with the spans that they have where the words of the text are divided at the ends of lines."""
    if article is written:
        return names
    pieces, begins = undivided_pieces(written.text)
    opening = len(article.full_text) - len(article.text)

    def place(at: int) -> int:
        piece = bisect_right(pieces, at - opening) - 1
        return at + begins[piece] - pieces[piece] if at >= opening else at

    spans = [(place(mention.start), place(mention.end - 1) + 1) for mention in names.mentions]
    moved = (
        mention._replace(start=start, end=end) for mention, (start, end) in zip(names.mentions, spans, strict=True)
    )
    return replace(names, mentions=tuple(moved))


def _names(article: Article, words: Text, founds: list[Found], source: Source) -> Names:
    text = article.full_text
    mentions = _resolved(words, founds) if founds else []
    given: dict[EntityType, tuple[str, ...] | None] = {"person": article.persons, "place": article.places}
    for kind, names in given.items():
        if names is not None:
            mentions = [mention for mention in mentions if mention.kind != kind]
            mentions += _occurrences(text, names, kind)
    opening = len(text) - len(article.text)
    lines = datelines(text, text.rindex(article.lead, 0, opening)) if article.lead else []
    body = words.text[opening:]
    lines = lines or datelines(text, opening + len(body) - len(body.lstrip()))  # behind credits, which are blanked
    if source is not nothing and article.places is None:  # "Essen (dpa) -" is no meal
        mentions += [Mention("place", *line) for line in lines if place_info(line.place) is not None]
    mentions = _apart(mentions)
    persons = article.persons if article.persons is not None else _ranked(mentions, "person", opening)
    places = article.places if article.places is not None else _ranked(mentions, "place", opening)
    return Names(
        tuple(mentions),
        persons,
        places,
        weak_places(words, places, persons),
        agencies(article.text),
        lines[0].place if lines else "",
    )


def _resolved(text: Text, founds: list[Found]) -> list[Mention]:
    things = [found for found in founds if found.kind == "person" and is_thing(found)]
    if things:
        # a Band Bon Jovi is one throughout, but there is a Sophie Scholl beside a film or a hotel of her name
        loose = [found.words for found in things if found.before not in OPENING]
        names = {" ".join(words) for words in loose if not mark_of(words[0]) & FIRST_NAMES}
        ids = set(map(id, things))
        founds = [found for found in founds if id(found) not in ids and " ".join(found.words) not in names]
    founds = [right for found in founds if not is_firm(found) for right in of_right_kind(found)]
    people = resolve_persons([found for found in founds if found.kind == "person"], text)
    called = {person.last for person in people.persons} | {person.name for person in people.persons}
    # Undiano, who is Alberto Undiano Mallenco elsewhere in the article
    called |= {word for person in people.persons for word in person.words[1:-1] if place_info(word) is None}
    places = [found for found in founds if found.kind == "place"] + list(filter(_is_led_to, people.unexplained))
    mentions = _place_mentions(places, called, text)
    known = [(mention.start, mention.end) for mention in mentions]
    known += [span for person in people.persons for span in person.spans]
    taken = set(chain.from_iterable(known))
    for person, start, end in people.unfound(text, taken):
        person.spans.append((start, end))
    roles = _roles(text, [found for found in founds if found.kind == "person"], people.persons)
    for person in people.persons:
        name = person.name
        mentions += [Mention("person", name, start, end, roles.get(start, "")) for start, end in person.spans]
    return mentions


def _is_led_to(found: Found) -> bool:
    """Whether a lone name behind "in" or "aus" is a town's, though the tagger takes it for a person's: "in Reil"."""
    return (
        found.before.lower() in INTO
        and len(found.words) == 1
        and place_info(canonical_place(found.words[0])) is not None
    )


def _roles(text: Text, founds: list[Found], people: list[Person]) -> dict[int, str]:
    """The first role that each person is given, by the start of the mention."""
    owner = {start: person for person in people for start, _ in person.spans[:ROLES_WANTED]}
    begins: dict[int, set[int]] = {}
    ends = set()
    for found in founds:
        begins.setdefault(id(found.sentence), set()).add(found.begin)
        ends.add((id(found.sentence), found.end))
    roles: dict[int, str] = {}
    done: set[int] = set()
    for found in founds:
        for at in range(found.begin, found.end):
            start = text.starts[found.sentence.begin + at]
            if start in owner:
                break
        else:
            continue
        person, words = owner[start], found.sentence.words
        if id(person) in done:
            continue
        others = begins[id(found.sentence)]
        is_next = (id(found.sentence), at) in ends  # "Julia Fischer Benjamin Britten"
        role = "" if is_next else role_before(words, at, "" if found.end + 1 in others else found.after)
        role = role or role_behind(words, found.end, others)
        if role:
            roles[start] = role
            done.add(id(person))
    return roles


def _place_words(found: Found) -> tuple[int, list[str]]:
    """How many words of a found place only say what kind it is, and those of its name, maybe none."""
    words = found.words
    if len(words) == 1:
        return 0, words
    skip = without_kind(words)
    words = words[skip:]
    words = words[: without_rest(words)]
    # "in Chiang Mai Poster aufgehängt"
    is_more = len(words) > 2 and mark_of(words[-1]) & Mark.NOUN and not SETTING.search(words[-1].lower())
    is_less = is_more and place_info(" ".join(words)) is None and place_info(" ".join(words[:-1])) is not None
    return skip, words[:-1] if is_less else words


def _place_mentions(founds: Sequence[Found], surnames: set[str], text: Text) -> list[Mention]:
    waters = [(found, *by_water(found)) for found in founds if found.after in BEFORE_WATERS]
    passed_over = {(id(found.sentence), found.end + behind) for found, _, behind in waters if behind}
    known = {id(found): name for found, name, _ in waters if name}
    fuller = fuller_names(founds, [(" ".join(found.words), name) for found, name, _ in waters if name])
    mentions: list[Mention] = []
    for found in founds:
        skip, words = _place_words(found)
        if not words or (id(found.sentence), found.begin) in passed_over:
            continue
        if len(words) == 1 and (several := apart(words[0])):
            at, _ = found.span(skip, 1)
            for name in several:
                mentions.append(Mention("place", canonical_place(name), at, at + len(name)))
                at += len(name) + 1
            continue
        written = " ".join(words)
        if "-" in words:
            written = text.text[slice(*found.span(skip, len(words)))]  # St.-Ulrichs-Kirche
        whole = f"{found.before.capitalize()} {written}"  # "demokratische Republik Kongo"
        name = canonical_place(whole if whole in variants() else written, text)
        is_nobodys = surnames.isdisjoint((name, written)) or _is_own(found, written, name)
        if is_nobodys and not _is_no_place(found, words, written, name):
            shown = known.get(id(found)) or fuller.get(written) or fuller.get(name, name)
            mentions.append(Mention("place", shown, *found.span(skip, len(words))))
    return mentions


def _is_own(found: Found, written: str, name: str) -> bool:
    """Whether a place beside somebody of its name is one: "Hildegard von Bingen lebte in Bingen".

    Not so in "was aus Bismarck wird".
    """
    return found.before in INTO and place_info(name) is not None and written not in FAMOUS


def _is_no_place(found: Found, words: list[str], written: str, name: str) -> bool:
    """Whether the words of a found place name none: "der Halle", "Berliner Polizei", "Raumfähre Atlantis"."""
    before = found.before
    if not name or name in NO_PLACES or (name == written and is_called_so(found, words)):
        return True
    if place_info(name) is None and (is_body(words) or _is_of_a_place(written)):
        return True
    if len(words) > 1:
        return is_adjective_phrase(words) and not is_listed(words)
    is_hall = written == "Halle" and found.after.isdecimal() and len(found.after) == 1  # of a fair
    is_used = written in AMBIGUOUS and before.lower() in {"der", "die", "den", "dem"}  # "an den Polen"
    located = is_located(found.sentence.words, found.begin, found.end)
    if before.lower() in BESIDE_PLACES and not mark_of(written) & ORDINARY:  # "in Gorleben", a noun of the dictionary
        return is_hall
    is_genitive = name != written and (name in sure_places() or place_info(name) is not None)  # "des Mittelmeeres"
    is_common = not (located or is_genitive) and is_noun(written, behind_kind=is_place_kind(before))
    return is_hall or is_used or is_common


def _is_of_a_place(written: str) -> bool:
    """Whether two words are an adjective: "New Yorker", "St. Galler", "St. Pöltner"."""
    if " " not in written or not written.endswith("er"):
        return False
    towns = (written[:-2], f"{written[:-2]}en", f"{written[:-3]}en")
    return any(place_info(canonical_place(town)) is not None for town in towns)


def _occurrences(text: str, names: tuple[str, ...], kind: EntityType) -> list[Mention]:
    mentions: list[Mention] = []
    for name in names:
        at = text.find(name) if name else -1
        while at >= 0:
            end = at + len(name)
            if not (text[at - 1 : at].isalnum() and at) and not text[end : end + 1].isalnum():
                mentions.append(Mention(kind, name, at, end))
            at = text.find(name, end)
    return mentions


def _apart(mentions: list[Mention]) -> list[Mention]:
    """In order and without overlaps: of two that overlap the earlier, then the longer one stays."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda found: (found.start, -found.end)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


def _ranked(mentions: list[Mention], kind: EntityType, opening: int) -> tuple[str, ...]:
    starts: dict[str, list[int]] = {}
    for mention in mentions:
        if mention.kind == kind:
            starts.setdefault(mention.name, []).append(mention.start)
    return tuple(sorted(starts, key=lambda name: (starts[name][0] >= opening, -len(starts[name]), starts[name][0])))

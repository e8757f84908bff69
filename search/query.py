"""What can be asked of an archive: a query as a tree, whatever way it was typed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

ValueTarget = Literal["person", "place", "author", "source", "section"]
Target = Literal["text", "title"] | ValueTarget
VALUE_TARGETS: tuple[ValueTarget, ...] = ("person", "place", "author", "source", "section")
"""Of these an article has values, as the names of its persons: all words that are asked for must be in one value."""


@dataclass(frozen=True, slots=True)
class Word:
    """Articles with this word in any of its forms; ``exact``: only as it is written."""

    text: str
    target: Target = "text"
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Articles with these words next to each other, in this order: at least two, or one with a sign inside ("3:2")."""

    words: tuple[str, ...]
    target: Target = "text"


@dataclass(frozen=True, slots=True)
class Prefix:
    """Articles with a word that begins so."""

    text: str


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Articles with a word that is spelled nearly so."""

    text: str


@dataclass(frozen=True, slots=True)
class Dates:
    """Articles dated from ``first`` to ``last``, both included, each "YYYY[-MM[-DD]]" or "" for no limit."""

    first: str
    last: str


@dataclass(frozen=True, slots=True)
class And:
    """Articles that match every child."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Articles that match any child."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Articles that do not match the child."""

    child: Node


@dataclass(frozen=True, slots=True)
class Everything:
    """All articles: the empty query."""


Node = Word | Phrase | Prefix | Fuzzy | Dates | And | Or | Not | Everything
RESTRICTING = (Not, Dates, Everything)
"""Nodes that say which articles are let through, not what to look for."""


def conjuncts(node: Node) -> tuple[Node, ...]:
    """What must match all together: the children of an And, or else the node alone."""
    return node.children if isinstance(node, And) else (node,)


def leaves(node: Node) -> Iterator[Node]:
    """The leaves that a hit can be found by: all but those under a Not."""
    match node:
        case And(children) | Or(children):
            for child in children:
                yield from leaves(child)
        case Not() | Everything():
            return
        case _:
            yield node


def replace(node: Node, old: Node, new: Node) -> Node:
    """The tree with every leaf equal to ``old`` replaced by ``new``."""
    match node:
        case And(children):
            return And(tuple(replace(child, old, new) for child in children))
        case Or(children):
            return Or(tuple(replace(child, old, new) for child in children))
        case Not(child):
            return Not(replace(child, old, new))
        case _:
            return new if node == old else node

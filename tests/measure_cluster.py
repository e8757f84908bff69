"""How fast a cluster takes articles in and answers: the table of docs/opensearch.md.

    NACHLESE_CLUSTER=start .venv/bin/python tests/measure_cluster.py 1      (or 3: so many nodes, in one process)

The articles are those of Wikinews, each so many times under another id; without them, the demo articles.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from conftest import CORPORA, SEEDS, cluster_location
from nodes import running

from search import Document, Engine, Request, open_index, parse
from search.indexing import update

ARTICLES = 20_000
BATCH = 2_000
ROUNDS = 30
SEARCHES = {
    "rare words": "Quastenflosser ODER Lokführer",
    "a common word": "Regierung",
    "two words": "Bundestag Wahl",
    "three alternatives": "Polizei ODER Feuerwehr ODER Unfall",
    "a phrase": '"Europäische Union"',
    "a prefix": "bund*",
    "a nearly spelled word": "Merkle~",
    "everything, newest first": "",
}


def articles(folder: Path) -> Iterator[Document]:
    """Documents with their names, ARTICLES of them."""
    real = CORPORA / "wikinews-de.jsonl"
    source = open_index(folder / "source")
    update(source, [str(real if real.exists() else SEEDS)], jobs=os.cpu_count() or 1)
    documents = list(source.documents())
    for number in range(ARTICLES):
        document = documents[number % len(documents)]
        yield replace(document, article=replace(document.article, id=f"{document.article.id}#{number}"))


def measure(engine: Engine, documents: list[Document]) -> None:
    """Print the rate of indexing, the size, and the median time of each kind of search."""
    writer = engine.writer()
    began = time.perf_counter()
    for start in range(0, len(documents), BATCH):
        for document in documents[start : start + BATCH]:
            writer.put(document)
        writer.commit()
    seconds = time.perf_counter() - began
    writer.publish(len(documents))
    writer.close()
    print(f"indexing: {len(documents) / seconds:.0f} articles a second")
    index = engine.cluster.live().index
    engine.cluster.client.indices.forcemerge(index=index, params={"max_num_segments": 1, "request_timeout": 600})
    engine.cluster.client.indices.flush(index=index)
    store = engine.cluster.client.indices.stats(index=index, metric="store")["_all"]["primaries"]["store"]
    print(f"size: {store['size_in_bytes'] / len(documents):.0f} bytes an article, without copies")
    for name, query in SEARCHES.items():
        request = Request(parse(query).tree, sort="relevance" if query else "newest")
        expected = engine.search(request).total
        took = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            assert engine.search(request).total == expected
            took.append(time.perf_counter() - began)
        print(f"{name}: {1000 * statistics.median(took):.0f} ms ({expected} articles)")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["NACHLESE_STATE"] = str(folder / "state")
        documents = list(articles(folder))
        with running(folder, nodes=int(sys.argv[1])) as nodes:
            measure(open_index(cluster_location(nodes, shards=int(sys.argv[1]))), documents)


if __name__ == "__main__":
    main()

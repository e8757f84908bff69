"""The way of an article into the index: read, find its names, write; again and again without doing work twice.

``update`` brings an index up to date with files; ``rebuild`` makes a complete new generation beside the live one.
Both go in batches: what a batch has committed survives whatever happens later.
"""

from __future__ import annotations

import gc
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from itertools import chain
from pathlib import Path, PurePath

from search import names, variants
from search.article import Article
from search.engine import Document, Engine, Writer
from search.enriching import Item, enrich, grouped
from search.entities import source_of
from search.errors import (
    ArticleNotFound,
    IndexDamaged,
    IndexNotFound,
    IndexVersionError,
    InputError,
    NachleseError,
    StorageError,
    UsageError,
)
from search.manifest import Manifest, below, claims_of, damages, opened, recall
from search.readers import ONE_ARTICLE, Source, content_hash, is_gone, printable, read, walk, without_lost
from search.report import Listener, Progress, Report, Watcher, counted
from search.workers import begin_worker

BATCH = 5000
"""Articles between two commits: some ten seconds of work, and some dozen megabytes of memory."""
BATCH_CHARACTERS = 32_000_000
READING_SHARE = 0.15
"""Of the work; the rest is finding names and writing."""
TOLD_EVERY = 100
CLAIMANTS = 20
"""Files of an article among which one is looked for that is there: thousands may hold it, such as “page not found”."""
WORTH_A_POOL = 200
"""Fewer articles than this are done sooner than worker processes are started."""


def update(
    engine: Engine,
    paths: Sequence[str],
    *,
    prune: bool = False,
    jobs: int = 1,
    entities: str = "default",
    wait: float = 0.0,
    watch: Watcher | None = None,
    hear: Listener | None = None,
) -> Report:
    """Add and update what changed in ``paths`` since the last run; ``prune``: remove what is gone from them.

    Raises IndexLocked, IndexVersionError, StorageError; what is wrong with a file or a line stands in the report, and
    goes to ``hear`` as soon as it is met.
    """
    with _uncollected(), ExitStack() as stack:
        writer = stack.enter_context(closing(engine.writer(wait=wait)))
        manifest = stack.enter_context(opened(writer.manifest))
        if manifest.state != writer.state or not manifest.sound:
            # after a kill between a commit and the manifest's own, or damage: the index knows
            manifest.restart(claims_of(engine))
        run = _Run(writer, manifest, stack, jobs, entities, watch, hear)
        roots = [os.path.abspath(path) for path in paths]
        run.read_all(roots, engine.folder)
        manifest.add_roots(root for root in roots if printable(root) not in run.unseen)
        if prune:
            run.prune(set(map(printable, roots)))
        run.hand_over(engine)
        run.count()
        return run.finish()


def rebuild(
    engine: Engine,
    paths: Sequence[str] = (),
    *,
    jobs: int = 1,
    entities: str = "default",
    wait: float = 0.0,
    watch: Watcher | None = None,
    hear: Listener | None = None,
) -> Report:
    """Build a complete new generation from ``paths`` (none: from those the index knows), verify it, switch to it.

    Articles of a file or line that was read before and cannot be read now are taken over from the live generation, and
    so are those of a path of which nothing is left; what else is not there any more counts as removed.
    Raises NachleseError, and then the live generation is as it was.
    """
    if not paths:
        try:
            engine.stats()
        except IndexNotFound as error:  # none is begun
            raise UsageError(f"{error}, or name the files to read: “nachlese reindex PATH”") from None
        except (IndexDamaged, IndexVersionError):
            pass
    with _uncollected(), ExitStack() as stack:
        writer = stack.enter_context(closing(engine.writer(wait=wait, fresh=True)))
        known = stack.enter_context(opened(None))
        recall(known, engine, writer.manifest_before)
        roots = [os.path.abspath(path) for path in paths] or without_lost(known.roots) or sorted(known.paths())
        if not roots:
            raise UsageError("the index knows no files to read: name them, “nachlese reindex PATH”")
        manifest = stack.enter_context(opened(writer.manifest))
        run = _Run(writer, manifest, stack, jobs, entities, watch, hear)
        run.read_all(roots if paths else [root for root in roots if not is_gone(root)], engine.folder)
        manifest.add_roots(roots)
        named = {printable(root) for root in roots}
        apart = [path for path in known.paths() if not below(path, named)]
        # what is also read by another path, as through a link, is not lost
        if apart := [path for path in apart if not all(map(manifest.claimed, known.claims(path)))]:
            those = "it is" if len(apart) == 1 else f"it and {len(apart) - 1} more are"
            message = f"{those} not in the paths that were named: what was read of them before is left out"
            run.report.say(InputError(apart[0], message, fatal=False))
        run.look_for_emptied(named, known)
        unread = {path for error in run.report.errors if error.fatal for path in _files(error.path)}
        for path in known.paths():
            if path in unread or below(path, run.unseen):
                refused, held = run.refused.get(path, {""}), known.claims(path)
                run.take_over(engine, path, held if "" in refused else held.keys() & refused)
        run.count()
        if not manifest.articles:
            raise StorageError("not one article could be read: the index stays as it was")
        run.report.removed = len({held for _, held, _ in known.all_claims() if not manifest.claimed(held)})
        return run.finish()


def copy(source: Engine, target: Engine, *, wait: float = 0.0, watch: Watcher | None = None) -> Report:
    """Make a new generation of ``target`` from all that ``source`` holds, without the files it was read from.

    The archivist's own files come along where the target has none. The files that were read are known, and read once
    more by the next run. Raises NachleseError, and then the target is as it was.
    """
    if source.folder.resolve() == target.folder.resolve():
        raise UsageError("an archive cannot be copied onto itself: name another target")
    documents = source.documents()
    with _uncollected(), ExitStack() as stack:
        writer = stack.enter_context(closing(target.writer(wait=wait, fresh=True)))
        manifest = stack.enter_context(opened(writer.manifest))
        run = _Run(writer, manifest, stack, 1, "none", watch, None)
        with suppress(NachleseError), opened(source.manifest()[0]) as before:
            manifest.add_roots(before.roots)
            run.finder = before.finder
        characters = 0
        for document in documents:
            writer.put(document)
            manifest.claim(document.path, document.article.id, document.hash)
            run.report.read += 1
            run.report.added += 1
            characters += len(document.article.text)
            if run.report.added % BATCH == 0 or characters >= BATCH_CHARACTERS:
                run.commit()
                characters = 0
        _copy_own_files(source.folder, target.folder)
        return run.finish()


def _copy_own_files(source: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for name in (names.FILE, variants.FILE):
        if (source / name).exists() and not (target / name).exists():
            try:
                shutil.copyfile(source / name, target / name)
            except OSError as error:
                what = f"cannot copy {source / name} to {target / name}: {error.strerror or error}"
                raise StorageError(f"{what}; mend that and run it again") from error


def check(engine: Engine, report: Callable[[str], None]) -> None:
    """Read the archivist's own files, and all that is stored beside the manifest; a sentence for each fault."""
    own = (*variants.load(engine.folder)[1], *names.read(engine.folder / names.FILE)[1])
    damaged: list[str] = []
    engine.check(damaged.append)
    if not damaged:
        before = None
        while before != (now := engine.manifest()):
            before = now
            damaged = list(damages(*now, claims_of(engine)))
    for sentence in (*map(str, own), *damaged):
        report(sentence)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector of cycles: articles make none, and to look for them costs an eighth of the time.

    ``_Run.commit`` collects what has come since the last one.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class _Run:
    """One pass over files: what is read goes into a batch, a full batch goes into the index."""

    def __init__(
        self,
        writer: Writer,
        manifest: Manifest,
        stack: ExitStack,
        jobs: int,
        entities: str,
        watch: Watcher | None,
        hear: Listener | None,
    ) -> None:
        source_of(entities)
        self.report = Report(hear=hear)
        self.writer = writer
        self.manifest = manifest
        self.stack = stack
        self.jobs = jobs
        self.entities = entities
        self.finder = manifest.finder if manifest.state else entities
        self.watch = watch
        self.pool: ProcessPoolExecutor | None = None
        self.batch: dict[str, Item] = {}
        self.characters = 0
        self.bytes_done = self.bytes_written = 0
        """Read; and written, or as it was."""
        self.bytes_total = 0
        self.seen: set[str] = set()
        """Files that are there."""
        self.unseen: set[str] = set()
        """Paths that could not be looked at: missing, or without permission."""
        self.refused: dict[str, set[str]] = {}
        """By file the ids of what could not become an article, "" where there is none."""
        self.left: dict[str, None] = {}
        """Articles that a file gave up and others hold."""
        self.opened: dict[str, str] = {}
        """How a file is opened whose name is not its path, because that cannot be printed."""
        self.began = time.monotonic()

    def read_all(self, paths: Sequence[str], index: Path) -> None:
        """Read what changed below ``paths``, but for the index's own folder."""
        sources: list[Source] = []
        for found in walk(paths, index):
            if isinstance(found, Source):
                sources.append(found)
            else:
                self.report.say(found)
                if found.fatal:
                    self.unseen.add(found.path)
        self.bytes_total = sum(source.size for source in sources)
        changed = self.manifest.changed((source.name, source.size, source.mtime_ns) for source in sources)
        failures = self.manifest.failures()
        for source in sources:
            path = source.name
            self.seen.add(path)
            if path != source.path:
                self.opened[path] = source.path
            if path in changed:
                self.read_file(source)
            else:
                for error in failures.get(path, ()):
                    self.report.say(error)
                    self.refused.setdefault(path, set()).add(error.article_id)
                self.bytes_written += source.size
            self.bytes_done += source.size
            self.tell()

    def read_file(self, source: Source) -> None:
        """Read one file, and note what it claims."""
        path = source.name
        before = self.manifest.claims(path)
        self.manifest.forget(path)
        self.refused.pop(path, None)
        now: set[str] = set()
        failures: list[InputError] = []
        for item in read(source):
            if isinstance(item, Article):
                self.take(item, path, before, now)
                continue
            self.report.say(item)
            if item.fatal:
                failures.append(item)
        gone = before.keys() - now
        if failures:
            self.refused[path] = refused = {error.article_id for error in failures}
            self.manifest.set_stale(path, gone - refused)
            if any(error.passing for error in failures):
                return
        elif gone and PurePath(path).suffix.lower() in ONE_ARTICLE:
            removed = sum(self.drop(path, article_id) for article_id in gone)
            if removed and self.manifest.count_replaced(*now):
                self.report.removed -= removed
        else:
            self.manifest.set_stale(path, gone)
        self.manifest.remember(path, source.size, source.mtime_ns, failures)

    def take(self, article: Article, path: str, before: Mapping[str, str], now: set[str]) -> None:
        """One article that was read: into the batch, unless the index has it already as it is."""
        self.report.read += 1
        content = content_hash(article)
        claimants = self.manifest.claimants(article.id, CLAIMANTS)
        again = article.id in now
        # a file that was renamed holds nothing any more
        elsewhere = [other for other in claimants if other != path and os.path.exists(self.opened.get(other, other))]
        if again or elsewhere:
            where = "this file" if again else f"“{elsewhere[-1]}”"
            message = f"the id “{article.id}” is also in {where}: the later one wins"
            self.report.say(InputError(path, message, fatal=False))
        now.add(article.id)
        self.manifest.claim(path, article.id, content)
        if not again and before.get(article.id) == content:
            self.manifest.count(article.id, "unchanged")
            return
        self.manifest.count(article.id, "updated" if claimants else "added")
        replaced = self.batch.pop(article.id, None)
        self.batch[article.id] = (article, path, content)
        self.characters += len(article.text) - (len(replaced[0].text) if replaced else 0)
        if len(self.batch) >= BATCH or self.characters >= BATCH_CHARACTERS:
            self.commit()

    def take_over(self, engine: Engine, path: str, ids: Iterable[str]) -> None:
        """Keep what the live generation has of a file that cannot be read now."""
        for article_id in ids:
            if article_id not in self.batch and not self.manifest.claimed(article_id):
                try:
                    document = engine.get(article_id)
                except ArticleNotFound:
                    continue
                except NachleseError as error:
                    raise StorageError(
                        f"{path} cannot be read now, and its articles cannot be taken over ({error}): mend the file, "
                        "or name what to read; the index stays as it was"
                    ) from error
                self.take(document.article, path, {}, set())
        self.manifest.forget(path)

    def drop(self, path: str, article_id: str) -> bool:
        """A file holds an article no more. Whether it is gone: if other files hold it, one of them will have it."""
        self.manifest.unclaim(path, article_id)
        if self.manifest.claimed(article_id):
            if article_id not in self.batch or self.batch[article_id][1] == path:
                self.left[article_id] = None
            return False
        self.delete(article_id)
        return True

    def delete(self, article_id: str) -> None:
        """Take an article that no file holds out of the index."""
        self.left.pop(article_id, None)
        self.batch.pop(article_id, None)
        self.writer.delete(article_id)
        if self.manifest.uncount(article_id) != "added":
            self.report.removed += 1

    def look_for_emptied(self, roots: AbstractSet[str], known: Manifest) -> None:
        """Take for unseen where nothing is left of what articles were read from: its disk may not be mounted."""
        for folder, lost in known.emptied(roots, self.seen, self.unseen):
            stay = counted(lost, "article stays", "articles stay")
            anew = "make the index anew of the paths that are left: “nachlese reindex PATH”"
            mend = f"If they are to go, {anew if folder in roots else 'remove it, or put some file into it'}"
            message = f"nothing of it is there any more, and {stay}: is the disk mounted? {mend}"
            self.report.say(InputError(folder, message))
            self.unseen.add(folder)

    def prune(self, roots: AbstractSet[str]) -> None:
        """Remove what is gone below ``roots``: files, and articles that a file holds no more.

        What cannot be read keeps its article; where it does not say which that is, all that its file held stay.
        Nothing is removed below a path that could not be looked at, or where nothing is left, as on a disk that is off.
        """
        self.look_for_emptied(roots, self.manifest)
        stale = self.manifest.stale()
        for path in self.manifest.paths():
            if (path in self.seen and path not in stale) or not below(path, roots) or below(path, self.unseen):
                continue
            if path not in self.seen:
                gone: Iterable[str] = self.manifest.claims(path)
            elif "" not in self.refused.get(path, ()):
                gone = stale[path]
            else:  # what does not say its id may be any of those that were here
                stay = (
                    "was not found and stays, for it" if len(stale[path]) == 1 else "were not found and stay, for one"
                )
                message = f"{len(stale[path])} of its articles {stay} may be what cannot be read: mend that"
                self.report.say(InputError(path, message, fatal=False))
                continue
            for article_id in gone:
                self.drop(path, article_id)
            if path not in self.seen:
                self.manifest.forget(path)

    def hand_over(self, engine: Engine) -> None:
        """Read again the files that hold what another one gave up: the article is theirs now.

        A file that is missing, as on a disk that is not mounted, or cannot be read now keeps its claim; where no other
        file has the article either, that of the live generation stays.
        """
        while self.left:
            left, self.left = list(self.left), {}
            holders: dict[str, list[str]] = {}
            for article_id in left:
                self.manifest.count(article_id, "updated")
                for path in self.manifest.claimants(article_id):
                    holders.setdefault(path, []).append(article_id)
            unread: dict[str, dict[str, str]] = {}
            read_before, roots = self.report.read, self.manifest.roots
            for path, mine in sorted(holders.items()):
                held = self.manifest.claims(path)
                for article_id in mine:
                    self.manifest.unclaim(path, article_id)
                self.manifest.forget(path)
                real = self.opened.get(path, path)
                source = next(walk([real])) if os.path.isfile(real) else None
                refused = {""}
                if isinstance(source, Source):
                    self.read_file(source.below(roots))
                    refused = self.refused.get(path, set())
                if kept := {each: held[each] for each in mine if "" in refused or each in refused}:
                    unread[path] = kept
            for path, kept in unread.items():
                self.take_over(engine, path, kept)
                now = self.manifest.claims(path)
                for article_id in kept:
                    if article_id not in now and self.manifest.claimed(article_id):
                        self.manifest.claim(path, article_id, kept[article_id])
            self.report.read = read_before  # they are there all the time, and counted
            for article_id in left:
                if not self.manifest.claimed(article_id):
                    self.delete(article_id)

    def count(self) -> None:
        """Report what became of the articles that the files hold."""
        self.report.added, self.report.updated, self.report.unchanged = self.manifest.fates()

    def commit(self, *, last: bool = False) -> None:
        """Find the names in the batch, write it, and only then let the manifest say so."""
        try:
            for number, (document, problem) in enumerate(self.documents(), start=1):
                self.writer.put(document)
                if number % TOLD_EVERY == 0:
                    self.tell(number / len(self.batch))
                if problem:
                    self.report.say(problem)
        except (BrokenProcessPool, OSError) as error:
            raise NachleseError(
                "a worker process was killed or cannot be begun, perhaps for want of memory: run the same command "
                "again with “--jobs 1”, what was committed is kept"
            ) from error
        self.writer.commit()
        self.manifest.save(self.writer.state, last=last)
        self.batch.clear()
        gc.collect(0)
        self.characters, self.bytes_written = 0, self.bytes_done
        self.tell()

    def documents(self) -> Iterable[tuple[Document, InputError | None]]:
        groups = list(grouped(list(self.batch.values())))
        work = partial(enrich, entities=self.entities)
        if self.jobs == 1 or (self.pool is None and len(self.batch) < WORTH_A_POOL):
            return chain.from_iterable(map(work, groups))
        if self.pool is None:
            self.pool = self.stack.enter_context(ProcessPoolExecutor(self.jobs, initializer=begin_worker))
        return chain.from_iterable(self.pool.map(work, groups))

    def finish(self) -> Report:
        if self.report.unchanged and self.finder not in ("", self.entities):
            message = f"unchanged articles keep the names of “--entities {self.finder}”: reindex finds them anew"
            self.report.say(InputError(f"--entities {self.entities}", message, fatal=False))
        self.manifest.finder = self.finder
        self.commit(last=True)
        before = self.writer.state
        self.writer.publish(self.manifest.articles)
        if self.writer.state != before:
            # it was packed for reading; were this line not reached, the next run would make the manifest anew
            self.manifest.save(self.writer.state, last=True)
        self.report.seconds = round(time.monotonic() - self.began, 3)
        return self.report

    def tell(self, share: float = 0.0) -> None:
        """Show how far it is; ``share``: of the batch that was read and is being written."""
        if self.watch is not None:
            waiting = self.bytes_done - self.bytes_written
            done = self.bytes_written + int(waiting * (READING_SHARE + (1 - READING_SHARE) * share))
            self.watch(Progress(done, self.bytes_total, self.report.read))


def _files(place: str) -> list[str]:
    """What may be the file of a place in it: "news.zip!1999!.txt" is in news.zip, or in news.zip!1999."""
    return [place, *(place[:at] for at, sign in enumerate(place) if sign == "!")]

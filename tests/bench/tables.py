"""What was measured, as tables for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

OURS = "nachlese"
WANTED = {
    "rare word": 2.0,
    "common word": 2.0,
    "2 words AND": 1.2,
    "3 words OR": 1.0,
    "phrase": 1.2,
    "prefix": 1.5,
    "word + dates": 4.0,
    "newest first": 5.0,
    "facets": 1.2,
}
"""Ratios to the best other engine that are the aim at 100,000 articles and more; "facets": all rows with facets,
where tantivy is to take three times as long as we do."""


def number(value: float) -> str:
    """Three digits that tell something."""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:#.3g}"


def table(rows: Sequence[Sequence[str]]) -> str:
    """Columns side by side, the first to the left, the others to the right, a rule below the head."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def ratio(times: dict[str, dict[str, float]], time: str, others: Sequence[str]) -> tuple[str, float]:
    """The best of some engines, and how many times longer it takes than we do. ``time``: which of the times."""
    best = min(others, key=lambda name: times[name][time])
    return best, times[best][time] / times[OURS][time]


def first_asked(times: dict[str, dict[str, float]], clock: str) -> str:
    """What a search takes us that was never asked before, and its ratio to the best other engine in this process."""
    time = f"{clock}_first"
    others = [name for name, taken in times.items() if name != OURS and time in taken]
    own = number(times[OURS][time])
    return f"{own} ({ratio(times, time, others)[1]:.2f})" if others else own


def wanted(operation: str) -> float | None:
    """The aim of a row."""
    return WANTED["facets"] if operation.endswith("facets") else WANTED.get(operation)


def searches(size: dict[str, Any], clock: str) -> str:
    """One line for each operation; a time behind "~" is of fewer searches than the others'."""
    found: dict[str, dict[str, dict[str, float]]] = size["searches"]
    engines = list(next(iter(found.values()), {}))
    compared = OURS in engines and len(engines) > 1
    rows = [
        ["p50 / p95", *engines, *(("best other", "ratio", "wanted", "of tantivy", "asked first") if compared else ())]
    ]
    for operation, times in found.items():
        most = max(taken["queries"] for taken in times.values())
        cells = [operation]
        for taken in times.values():
            cell = f"{number(taken[f'{clock}_p50'])} / {number(taken[f'{clock}_p95'])}"
            cells.append(cell if taken["queries"] == most else f"~{cell}")
        if compared:
            best, of_best = ratio(times, f"{clock}_p50", [name for name in times if name != OURS])
            of_tantivy = ratio(times, f"{clock}_p50", ["tantivy"])[1] if "tantivy" in times else None
            cells += [
                best,
                *("" if each is None else f"{each:.2f}" for each in (of_best, wanted(operation), of_tantivy)),
                first_asked(times, clock),
            ]
        rows.append(cells)
    unit = {"cpu": "milliseconds of CPU", "wall": "milliseconds"}[clock]
    return f"{size['articles']:,} articles, warm, {unit}\n{table(rows)}"


def builds(size: dict[str, Any]) -> str:
    """One line for each engine and way to build."""
    rows = [["index", "articles / CPU s", "CPU s", "wall s", "index MB", "memory MB", "cold start s"]]
    for name, ways in size["builds"].items():
        for at, (how, measured) in enumerate(ways.items()):
            cold = size["cold"].get(name) if at == 0 else None
            rows.append(
                [
                    f"{name}, {how}",
                    *(number(measured[key]) for key in ("rate", "cpu", "wall", "size", "memory")),
                    "" if cold is None else number(cold),
                ]
            )
    return f"{size['articles']:,} articles, one core\n{table(rows)}"


def growth(sizes: Sequence[dict[str, Any]], clock: str) -> str:
    """How each operation's p50 grows with the archive, engine by engine."""
    rows = [["p50, ms", "engine", *(f"{size['articles']:,}" for size in sizes)]]
    for operation, engines in sizes[0]["searches"].items():
        for name in engines:
            taken = [size["searches"][operation].get(name) for size in sizes]
            rows.append([operation, name, *(number(each[f"{clock}_p50"]) if each else "" for each in taken)])
    return table(rows)

"""Measures Cordon against the figures asked of it and writes bench.json; ends with 1 where one is missed."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import board
import exercise
import intake
import locate
import looks
import postgres
import proofs
import start
import writes
from measurement import PROJECT, Figure, Missed, Settings

# In an order that leaves each record as the next one needs it.
FIGURES: dict[str, Callable[[Settings], list[Figure]]] = {
    "version": start.version,
    "locate": locate.locate,
    "looks": looks.looks,
    "exercise": exercise.exercise,
    "board": board.board,
    "import": intake.import_million,
    "verify": proofs.verify,
    "ready": start.ready,
    "proof": proofs.proof,
    "writes": writes.api_writes,
    "postgres-import": postgres.import_there,
    "postgres-writes": postgres.writes_there,
    "postgres-exercise": postgres.exercise_there,
    "postgres-leases": postgres.leased_there,
    "import10m": intake.import_ten_million,
    "exercise-large": exercise.exercise_large,
}
# Each takes ten minutes or so.
LONG = {"import10m", "exercise-large"}


def main() -> int:
    settings, names, report = arguments()
    settings.work.mkdir(parents=True, exist_ok=True)
    figures: list[Figure] = []
    for name in names:
        print(f"{name} …", flush=True)
        figures += measure(settings, name)
        # After each: an interrupted run keeps what it has.
        report.write_text(json.dumps([figure.entry() for figure in figures], indent=2) + "\n")
    print(table(figures))
    if left_out := [name for name in FIGURES if name not in names]:
        print(f"Left out: {', '.join(left_out)}.")
    missed = [figure.name for figure in figures if not figure.held]
    print(f"{len(figures) - len(missed)} held, {len(missed)} missed; written to {os.path.relpath(report)}")
    return 1 if missed else 0


def arguments() -> tuple[Settings, list[str], Path]:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cordon", type=Path, default=os.environ.get("CORDON"), help="the program; CORDON otherwise")
    parser.add_argument("--only", choices=list(FIGURES), action="append", help="this figure; may be given again")
    parser.add_argument("--full", action="store_true", help=f"everything, also {' and '.join(sorted(LONG))}")
    parser.add_argument("--work", type=Path, default=PROJECT / ".tools" / "bench", help="where records are made")
    parser.add_argument("--out", type=Path, default=PROJECT / "bench.json", help="where the figures are written")
    given = parser.parse_args()
    if given.cordon is None or not os.access(given.cordon, os.X_OK):
        parser.error("--cordon must name the program")
    chosen = given.only or [name for name in FIGURES if given.full or name not in LONG]
    return Settings(Path(given.cordon).resolve(), given.work.resolve()), chosen, given.out.resolve()


def measure(settings: Settings, name: str) -> list[Figure]:
    """One entry of ``FIGURES``; what can't be measured is a miss that says why."""
    try:
        return FIGURES[name](settings)
    except (Missed, OSError) as reason:
        return [Figure(name, None, "", "to be measured", False, settings.again(name), note=f"not measured: {reason}")]


def table(figures: list[Figure]) -> str:
    rows = [("figure", "asked", "ours", "peer", "ratio", "", "load")]
    for figure in figures:
        rows.append((
            figure.name, figure.asked, f"{shown(figure.ours)} {figure.unit}".strip(), shown(figure.peer),
            shown(figure.ratio), "held" if figure.held else "MISSED", shown(figure.load)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    notes = [f"  {figure.name}: {figure.note}" for figure in figures if figure.note]
    return "\n".join(["", *lines, "", *notes])


def shown(number: float | None) -> str:
    return "" if number is None else f"{number:,}"


if __name__ == "__main__":
    sys.exit(main())

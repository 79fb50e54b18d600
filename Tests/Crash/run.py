#!/usr/bin/env python3
"""Crash tests of the real program: power cuts, kills, and faults of the disk. See docs/crash-testing.md.

    scripts/with-postgres --durable python3 Tests/Crash/run.py --cordon .build/release/cordon [--minutes 10]
        [--seed 1] [--images 10000] [--json]

Progress goes to standard error, the summary to standard output. Ends with 0 when everything held, with 1 when
something did not, and with 2 when the command line is wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

import faults  # noqa: E402 (the path is set above)
import kills  # noqa: E402
import powercut  # noqa: E402
import powercut_record  # noqa: E402
from load import Ledger  # noqa: E402
from program import Failure, Store, compile_recorder  # noqa: E402 (it names the directory of the next one)

import postgres  # noqa: E402

PARTS = ("powercut", "exercise", "kills", "faults")
REQUESTS, IMPORTED = 1_000, 500
EXERCISE_ITEMS = 60
# What images of an exercise get of the minutes, on top of them.
EXERCISE_SHARE = 0.1


class Run:
    """One run of the chosen parts."""

    def __init__(self, arguments: argparse.Namespace, scratch: Path) -> None:
        self.arguments = arguments
        self.work: Path = arguments.work
        self.scratch = scratch
        self.preload = compile_recorder(self.work)
        self.results: dict[str, dict[str, Any]] = {}

    def part(self, name: str, body: Callable[[], dict[str, Any]]) -> None:
        """Runs a part and keeps what it came to; a failure ends it, not the others."""
        begun = time.monotonic()
        try:
            result = body()
        except Failure as failure:
            result = {"holds": False, "failure": str(failure)}
        result["seconds"] = round(time.monotonic() - begun, 1)
        self.results[name] = result

    def say(self, name: str) -> Callable[[str], None]:
        return lambda text: print(f"{name}: {text}", file=sys.stderr, flush=True)

    def powercut(self) -> dict[str, Any]:
        # On a real disk: there flushes take their time, and others write meanwhile.
        recording = powercut_record.record(fresh(self.work / "recording"), self.preload, REQUESTS, IMPORTED)
        plan = powercut.Plan(self.arguments.seed, self.arguments.minutes * 60, os.cpu_count() or 1)
        return self.images("powercut", recording, plan, self.arguments.images)

    def exercise(self) -> dict[str, Any]:
        seed, seconds = self.arguments.seed, self.arguments.minutes * 60 * EXERCISE_SHARE
        directory = fresh(self.work / "recording-of-exercise")
        recording = powercut_record.record_exercise(directory, self.preload, EXERCISE_ITEMS, seed)
        # The range's own files are the other side's and are not flushed: an image can't be played on with it.
        plan = powercut.Plan(seed, seconds, os.cpu_count() or 1, sample_share=0)
        return self.images("exercise", recording, plan, least=1)

    def images(
        self, name: str, recording: powercut_record.Recording, plan: powercut.Plan, least: int
    ) -> dict[str, Any]:
        """Makes and checks the images of a recording; those that don't hold are kept."""
        say = self.say(name)
        traced = powercut_record.summary(recording.records(), Ledger.read(recording.ledger))
        say(traced)
        keep = fresh(self.work / f"kept-{name}")
        tally = powercut.replay(recording, plan, self.scratch / name, keep, say)
        for bad in tally.bad:
            if bad.kept:
                say(f"{bad.fault}: {bad.what}")
                say(f"look again: {powercut.look_again(bad, keep)}")
        enough = len(tally.digests) >= least
        if not enough:
            say(f"only {len(tally.digests):,} distinct images; {least:,} are asked")
        return {"holds": enough and not tally.bad, "trace": traced, **tally.summary()}

    def kills(self, address: str | None = None) -> dict[str, Any]:
        """On the given store, or on SQLite in a directory of its own."""
        directory = fresh(self.work / "kills")
        store = Store.parse(address or f"sqlite:{directory / 'record'}", directory / "record")
        seconds, seed = self.arguments.kill_seconds, self.arguments.seed
        done = kills.run(store, directory, seconds, seed, self.say("kills"))
        return {"holds": True, "store": "sqlite" if store.is_sqlite else "postgresql", **done.summary()}

    def kills_on_postgresql(self) -> dict[str, Any]:
        """On the server that `scripts/with-postgres` has started."""
        try:
            address = postgres.make_schema()
        except AssertionError as error:
            raise Failure(str(error)) from error
        return self.kills(address)

    def run(self, name: str) -> None:
        """Runs one part; kills are tried on both engines unless a store is named."""
        if name != "kills":
            self.part(name, getattr(self, name))
        elif self.arguments.store:
            self.part(name, lambda: self.kills(self.arguments.store))
        else:
            self.part("kills", self.kills)
            self.part("kills-postgresql", self.kills_on_postgresql)

    def faults(self) -> dict[str, Any]:
        run = faults.Faults(fresh(self.scratch / "faults"), self.preload)
        every = self.arguments.fault_every
        tally = run.run_all(run.points(every, self.arguments.seed), self.say("faults"), os.cpu_count() or 1)
        return {"holds": not tally.broken and (every > 1 or tally.share == 1), **tally.summary()}


def fresh(directory: Path) -> Path:
    """A directory with nothing in it; what an earlier run left goes."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    return directory


def table(results: dict[str, dict[str, Any]]) -> str:
    rows = [("part", "outcome", "figures")]
    for name, result in results.items():
        rows.append((name, "holds" if result["holds"] else "FAILED", figures(name, result)))
    first, second = (max(len(row[at]) for row in rows) for at in (0, 1))
    return "\n".join(f"{row[0]:{first}}  {row[1]:{second}}  {row[2]}" for row in rows)


def figures(name: str, result: dict[str, Any]) -> str:
    if "failure" in result:
        return result["failure"]
    seconds = f"in {result['seconds']} s"
    if name in ("powercut", "exercise"):
        return (
            f"{result['distinct']:,} distinct images of {result['places_visited']:,} of {result['places']:,} places, "
            f"{result['lost']} lost, {result['corrupt']} corrupt, {result['refused_by_the_program']} refused by the "
            f"program of {result['asked_of_the_program']} asked, {seconds}"
        )
    if name.startswith("kills"):
        return (
            f"{result['kills']} kills on {result['store']}, {result['acknowledged']:,} acknowledged, "
            f"{result['unknown']} without a reply, none lost, {seconds}"
        )
    broken = ", ".join(f"{count} x {rule!r} broken" for rule, count in result["broken"].items()) or "every rule held"
    share = f"{result['share_visited']:.1%} of {sum(result['points'].values())} points"
    return f"{result['faults_struck']} faults, {share}, {broken}, {seconds}"


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Crash tests of the real program.")
    parser.add_argument("--cordon", default=os.environ.get("CORDON"), help="the built program")
    parser.add_argument("--minutes", type=float, default=10, help="how long images are made and checked")
    parser.add_argument("--images", type=int, default=10_000, help="how many distinct ones there must be")
    parser.add_argument("--seed", type=int, default=1, help="which images, kills and fault points")
    parser.add_argument("--kill-seconds", type=float, default=60, help="how long the server is killed again and again")
    parser.add_argument("--store", help="where kills take place: sqlite:DIR or postgresql://…; empty before the run")
    parser.add_argument("--fault-every", type=int, default=1, help="every so many-th fault point; 1 is all")
    parser.add_argument("--only", choices=PARTS, action="append", help="only this part; may be repeated")
    parser.add_argument("--work", type=Path, default=Path(".tools/crash"), help="where recordings and failures go")
    parser.add_argument("--must-fail", action="store_true", help="for a planted fault: 0 when images lost something")
    parser.add_argument("--json", action="store_true", help="prints one JSON object instead of the table")
    arguments = parser.parse_args()
    if not arguments.cordon or not os.access(arguments.cordon, os.X_OK):
        parser.error("say where the built program is: --cordon PATH")
    os.environ["CORDON"] = str(Path(arguments.cordon).resolve())
    arguments.work = arguments.work.resolve()
    return arguments


def main() -> int:
    arguments = parse()
    arguments.work.mkdir(parents=True, exist_ok=True)
    # Images need no disk: what they would be on it is what they are made of.
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    scratch = Path(tempfile.mkdtemp(prefix="cordon-crash-", dir=memory))
    try:
        run = Run(arguments, scratch)
        for name in PARTS:
            if arguments.only is None or name in arguments.only:
                run.run(name)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    print(json.dumps(run.results, indent=2) if arguments.json else table(run.results))
    if arguments.must_fail:
        result = run.results["powercut"]
        # A file that is gone is another fault than the one that was planted.
        found = result.get("lost", 0) > result.get("lost_files", 0)
        print("the planted fault was found" if found else "the planted fault was NOT found", file=sys.stderr)
        return 0 if found else 1
    return 0 if all(result["holds"] for result in run.results.values()) else 1


if __name__ == "__main__":
    sys.exit(main())

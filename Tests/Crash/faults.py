"""Makes the N-th write, flush or open of the server fail, for every N of a bounded piece of work.

After the fault nothing more may be acknowledged and readiness must be red; a restart must verify clean with everything
that was acknowledged before. docs/crash-testing.md says which faults the program never hears of.
"""

from __future__ import annotations

import http.client
import shutil
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import tracefile
from kills import ask
from load import NO_EXEMPTION, Ledger, Load, found
from program import Client, Failure, Recorder, Server, Store
from support import ROOT
from tracefile import Kind

CLASSES = {"write": ("EIO", "ENOSPC", "SHORT"), "fsync": ("EIO", "ENOSPC"), "open": ("EIO", "ENOSPC")}
# The log gets so long before the fault that the work under test copies it back into the database, which begins at
# 1,000 frames (Sources/SQLiteEngine/WriteAheadLog.swift).
LOG_BEFORE = 960 * (4096 + 24)
REPORTS = 6
MORE = 4
SHIPPED_PACK = ROOT / "Sources/CResources/providers/wave.yaml"


@dataclass(frozen=True)
class Point:
    """Which operation fails, and how."""

    kind: str
    number: int
    error: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.number}:{self.error}"


@dataclass
class Tally:
    """What the runs came to; `points` is how many operations of a class every run of the work has without a fault."""

    points: dict[str, int] = field(default_factory=dict)
    visited: dict[str, set[int]] = field(default_factory=dict)
    runs: int = 0
    struck: int = 0
    broken: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def note(self, rule: str, point: Point, what: str, path: str) -> None:
        self.broken[rule] += 1
        self.examples.setdefault(f"{rule} ({point.kind} of {path})", f"{point}: {what}")

    @property
    def share(self) -> float:
        """Of the points that there are, how many were made to fail."""
        reached = sum(sum(1 for n in self.visited.get(kind, ()) if n <= self.points[kind]) for kind in self.points)
        return reached / max(1, sum(self.points.values()))

    def summary(self) -> dict[str, object]:
        return {
            "points": self.points,
            "visited": {kind: len(numbers) for kind, numbers in self.visited.items()},
            "share_visited": round(self.share, 4),
            "runs": self.runs,
            "faults_struck": self.struck,
            "broken": dict(self.broken),
            "examples": self.examples,
        }


class Faults:
    """One record that was served and killed, and the runs on copies of it."""

    def __init__(self, work: Path, library: Path) -> None:
        self.work = work
        self.preload = library
        self.tally = Tally()
        self._lock = threading.Lock()
        self.base = work / "base"
        self.ledger = Ledger()
        self._prepare()

    def _prepare(self) -> None:
        """A record with its people and a long log that nobody has copied back yet."""
        store = Store.sqlite(self.base / "record")
        self.base.mkdir(parents=True)
        found(store, self.ledger)
        # What an installation may have besides: then it must not start as if it had not.
        (store.directory / "keys" / "providers.json").write_text("{}")
        (store.directory / "packs").mkdir()
        shutil.copy(SHIPPED_PACK, store.directory / "packs")
        server = Server(store, self.work / "base.log").started()
        for turn in range(200):
            if (store.directory / "cordon.db-wal").stat().st_size > LOG_BEFORE:
                break
            Load(server, self.ledger, f"filling-{turn}").start(1, 0, limit=1).wait()
        server.stop(signal.SIGKILL)
        # Without a fault: how many points there are, and that the work itself is answered.
        for _ in range(3):
            run = self._run(Point("none", 0, "EIO"))
            if run.refused or run.unknown or self.tally.broken:
                raise Failure(f"the work fails without a fault: {run.refused or run.unknown or self.tally.examples}")
        self.tally.runs = 0
        if self.tally.points.keys() != CLASSES.keys():
            raise Failure("the recorder did not tell how many operations there were")

    def points(self, every: int, offset: int = 0) -> list[Point]:
        """All of them, or every so many-th; some more than every run has, since runs differ a little."""
        return [
            Point(kind, number, error)
            for kind, errors in CLASSES.items()
            for position, error in enumerate(errors)
            for number in range(1 + (offset + position) % every, self.tally.points[kind] + MORE, every)
        ]

    def run_all(self, points: Iterable[Point], say: Callable[[str], None], workers: int = 2) -> Tally:
        with ThreadPoolExecutor(max_workers=workers) as pool:
            for number, _ in enumerate(pool.map(self._run, points), 1):
                if number % 50 == 0:
                    say(f"{number} faults, broken: {dict(self.tally.broken) or 'nothing'}")
        return self.tally

    def _run(self, point: Point) -> Ledger:
        place = self.work / f"fault-{point.kind}-{point.number}-{point.error}"
        shutil.copytree(self.base, place / "root")
        (place / "root" / "record" / "cordon.db-shm").unlink(missing_ok=True)
        recorder = Recorder(self.preload, place / "root", place / "trace", str(point).replace("none", "write"))
        one = Run(Store.sqlite(place / "root" / "record"), recorder, place, self.ledger.tokens)
        one.serve()
        rules = Rules(point, one)
        with self._lock:
            self.tally.runs += 1
            if point.kind == "none":
                for kind, count in one.counts.items():
                    self.tally.points[kind] = min(count, self.tally.points.get(kind, count))
            if one.struck_at is not None:
                self.tally.struck += 1
                self.tally.visited.setdefault(point.kind, set()).add(point.number)
        for rule, what in rules.broken(self.ledger):
            with self._lock:
                self.tally.note(rule, point, what, one.struck_path)
        shutil.rmtree(place)
        return one.ledger


class Run:
    """The work, with one fault in it."""

    def __init__(self, store: Store, recorder: Recorder, place: Path, tokens: dict[str, str]) -> None:
        self.store = store
        self.recorder = recorder
        self.place = place
        self.ledger = Ledger(tokens=tokens)
        self.listened = False
        self.readiness: int | None = None
        self.readiness_asked_at = 0
        self.ended: int | None = None
        self.struck_at: int | None = None
        self.struck_path = ""
        self.counts: dict[str, int] = {}
        self.said = ""

    def serve(self) -> None:
        server = Server(self.store, self.place / "serve.log", self.recorder)
        self.listened = server.listens()
        if self.listened:
            try:
                self._work(server)
                self._ask_readiness(server)
            except (OSError, http.client.HTTPException):
                self.readiness = None
        self.ended = server.stop()
        self.said = server.said()
        for record in tracefile.read(self.recorder.trace):
            if record.kind == Kind.FAULT:
                self.struck_at, self.struck_path = record.at, record.path
            elif record.kind == Kind.COUNT:
                self.counts[record.path] = record.offset

    def _ask_readiness(self, server: Server) -> None:
        answer = Client(server.port, "").ask("GET", "/readyz")
        self.readiness, self.readiness_asked_at = answer.status, answer.sent_at

    def _work(self, server: Server) -> None:
        """Reports, one decision, and reads that open connections of their own."""
        client = Client(server.port, self.ledger.tokens["ana"])
        item = None
        for number in range(REPORTS):
            key = f"work-{number}"
            reply = client.report(key, f"https://work.example/{number}")
            self.ledger.note(key, f"https://work.example/{number}", reply)
            item = reply.json()["results"][0]["id"] if reply.status == 200 else item
            client.ask("GET", "/api/v1/items?limit=5")
            if item is not None and number == REPORTS // 2:
                body = {"item": item, "decision": "refer", "categories": ["INCITE"], "exemptions": NO_EXEMPTION}
                self.ledger.note_entry(item, client.ask("POST", "/api/v1/assessments", body))


class Rules:
    """What must hold after the fault."""

    def __init__(self, point: Point, run: Run) -> None:
        self.point = point
        self.run = run

    def broken(self, before: Ledger) -> Iterable[tuple[str, str]]:
        """The rules that do not hold, each with what happened instead."""
        run = self.run
        if run.struck_at is None:
            if run.readiness != 200:
                yield "readiness is green without a fault", f"it was {run.readiness}; {run.said[-300:]}"
        elif not run.listened:
            if run.ended == 0 or "cordon:" not in run.said:
                yield "a start that fails says why", f"{self.where}: ended with {run.ended}, said {run.said[-300:]!r}"
        elif self.is_needed:
            yield "a start goes on only with what is there", f"{self.where}: it listened without it"
        elif self.program_hears_of_it and run.struck_at < run.readiness_asked_at:
            # Later than that it struck what copies the log, beside the work or while the program was ending.
            yield from self._after_the_fault()
        try:
            self._restart(before)
        except (Failure, OSError, http.client.HTTPException) as failure:
            yield "a restart verifies clean with everything acknowledged", str(failure)

    @property
    def where(self) -> str:
        return f"{self.point.kind} of {self.run.struck_path}"

    @property
    def is_needed(self) -> bool:
        """Whether it was a key, a pack or the list of packs that could not be opened."""
        return self.point.kind == "open" and self.run.struck_path.startswith(("record/keys", "record/packs"))

    @property
    def program_hears_of_it(self) -> bool:
        """Whether a write of SQLite's failed, and SQLite passes that on: see docs/crash-testing.md."""
        if self.point.kind == "open":
            # Nothing was written: SQLite tries it again in another way, or the request that wanted it is refused.
            return False
        # SQLite flushes the directory of a new log as well as it can, and goes on where that fails.
        return self.run.struck_path != "record"

    def _after_the_fault(self) -> Iterable[tuple[str, str]]:
        run = self.run
        late = [one for one in run.ledger.acknowledged if one.sent_at > (run.struck_at or 0)]
        if late:
            yield "nothing is acknowledged after the fault", f"{self.where}: {len(late)} acknowledged"
        if run.readiness != 503:
            yield "readiness is red after the fault", f"{self.where}: it was {run.readiness}"

    def _restart(self, before: Ledger) -> None:
        """Without the fault: everything that was acknowledged, before this run and in it, is there."""
        store = self.run.store
        store.verify()
        server = Server(store, self.run.place / "again.log").started()
        try:
            told = Ledger(acknowledged=self.run.ledger.acknowledged + before.acknowledged[-10:], tokens=before.tokens)
            ask(server, told, told.acknowledged)
            client = Client(server.port, before.tokens["ana"])
            for key, address in self.run.ledger.unknown.items():
                reply = client.report(key, address)
                if reply.status != 200:
                    raise Failure(f"the refused {key}, sent again, is answered with {reply.status}")
        finally:
            server.stop()

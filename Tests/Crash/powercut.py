"""Power cuts: rebuilds what the disk may hold after every record of a trace, and checks it.

Each worker walks through the whole trace and takes every N-th place of it, round after round with another kind of
power cut, until the time is over. See docs/crash-testing.md.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import shutil
import time
import zlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from disk import CHANGING, PAGE, SECTOR, Choice, CutOff, Disk, Everything, LastMissing, Subset, Torn, materialise
from image import Checker, digest, keys_of
from load import Ledger
from powercut_record import Recording
from powercut_sample import ask_program
from program import Failure
from tracefile import Record

KINDS = ("everything", "nothing", "subset", "torn-512", "torn-4096", "cut-off", "one-missing")
# Prime, so that no regularity of the trace (header, page, header, page) keeps step with it.
STRIDE = 13
ASKING = "asking the program (elapsed)"


def choice(kind: str, chance: Random) -> Choice:
    """How this kind of power cut treats what was not flushed."""
    if kind == "everything":
        return Everything()
    if kind == "nothing":
        return Choice()
    if kind == "subset":
        return Subset(chance)
    if kind == "cut-off":
        return CutOff(chance)
    if kind == "one-missing":
        return LastMissing(chance)
    return Torn(chance, SECTOR if kind == "torn-512" else PAGE)


@dataclass
class Plan:
    """What a run shall do."""

    seed: int
    seconds: float
    workers: int
    # Of the time, how much may go into handing images to the program itself.
    sample_share: float = 0.25
    # Enough distinct images to end before the time is over.
    most_images: int | None = None


@dataclass
class Bad:
    """An image that did not hold."""

    fault: str
    what: str
    place: int
    kind: str
    round: int
    required: int
    kept: str = ""


@dataclass
class Tally:
    """What a worker, or all of them, came to."""

    digests: set[bytes] = field(default_factory=set)
    places: set[int] = field(default_factory=set)
    kinds: Counter[str] = field(default_factory=Counter)
    made: int = 0
    sampled: int = 0
    all_places: int = 0
    spent: Counter[str] = field(default_factory=Counter)
    bad: list[Bad] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        self.digests |= other.digests
        self.places |= other.places
        self.kinds += other.kinds
        self.made += other.made
        self.sampled += other.sampled
        self.all_places = max(self.all_places, other.all_places)
        self.spent += other.spent
        self.bad += other.bad

    def count(self, *faults: str) -> int:
        return sum(1 for bad in self.bad if bad.fault in faults)

    def summary(self) -> dict[str, object]:
        return {
            "images": self.made,
            "distinct": len(self.digests),
            "lost": self.count("Lost", "LostFile"),
            "lost_files": self.count("LostFile"),
            "corrupt": self.count("Corrupt"),
            "refused_by_the_program": self.count("Refused"),
            "places": self.all_places,
            "places_visited": len(self.places),
            "asked_of_the_program": self.sampled,
            "kinds": dict(sorted(self.kinds.items())),
            "cpu_seconds": {name: round(seconds, 1) for name, seconds in sorted(self.spent.items())},
            "first_failures": [asdict(bad) for bad in self.bad[:10]],
        }


class Worker:
    """Makes and checks the images of its share of the places."""

    # How many failing images are kept on disk; each is as large as the record.
    MOST_KEPT = 3

    def __init__(self, number: int, plan: Plan, recording: Recording, scratch: Path, keep: Path) -> None:
        self.number = number
        self.plan = plan
        self.recording = recording
        self.keep = keep
        self.image = scratch / f"worker-{number}"
        self.records = recording.records()
        self.ledger = Ledger.read(recording.ledger)
        self.times = [one.at for one in self.ledger.in_order()]
        self.checker = Checker(self.ledger, keys_of(recording.root / "record" / "keys"))
        self.tally = Tally(all_places=sum(1 for record in self.records if record.kind in CHANGING))
        self.there: set[str] = set()
        self.begun = time.monotonic()
        self.deadline = self.begun + plan.seconds

    @property
    def is_done(self) -> bool:
        enough = self.plan.most_images
        share = None if enough is None else -(-enough // self.plan.workers)
        return time.monotonic() >= self.deadline or (share is not None and len(self.tally.digests) >= share)

    def run(self, report: Connection) -> None:
        """Rounds of strides until the time is over; says how far it is now and then."""
        order = list(range(STRIDE))
        Random(f"{self.plan.seed}").shuffle(order)
        told = time.monotonic()
        for turn in range(1_000_000):
            for record in self._places(order[turn % STRIDE]):
                if self.is_done:
                    report.send(self.tally)
                    return
                self._cut_after(record, turn // STRIDE)
                if time.monotonic() - told > 5:
                    told = time.monotonic()
                    report.send((self.number, len(self.tally.digests), len(self.tally.bad)))

    def _places(self, remainder: int) -> Iterator[Record]:
        """Follows the trace from its beginning, and stops after the records of one stride."""
        self.disk = Disk()
        count = 0
        for record in self.records:
            self.disk.follow(record)
            if record.kind not in CHANGING:
                continue
            count += 1
            if count % STRIDE == remainder and (count // STRIDE) % self.plan.workers == self.number:
                yield record

    def _required(self, record: Record) -> int:
        """Acknowledgements that had come before the next record: what they rest on was recorded before."""
        following = record.number + 1
        if following == len(self.records):
            return len(self.times)
        return bisect_left(self.times, self.records[following].at)

    def _cut_after(self, record: Record, turn: int) -> None:
        kind = KINDS[(zlib.crc32(b"%d" % record.number) + turn) % len(KINDS)]
        begun = time.process_time()
        files = list(materialise(self.disk.root, choice(kind, self._chance(record.number, turn))))
        built = time.process_time()
        name = digest(files)
        hashed = time.process_time()
        self.tally.made += 1
        self.tally.places.add(record.number)
        self.tally.spent["build"] += built - begun
        self.tally.spent["hash"] += hashed - built
        if name in self.tally.digests:
            return
        self.tally.digests.add(name)
        self.tally.kinds[kind] += 1
        self._write(files)
        written = time.process_time()
        self.tally.spent["write"] += written - hashed
        required = self._required(record)
        try:
            self.checker.check(self.image / "record", required)
            self.tally.spent["check"] += time.process_time() - written
            if self.tally.spent[ASKING] < self.plan.sample_share * (time.monotonic() - self.begun):
                self._ask_program(files, required, self._chance(record.number, turn))
        except Failure as failure:
            bad = Bad(type(failure).__name__, str(failure), record.number, kind, turn, required)
            self._keep(bad, files)

    def _chance(self, place: int, turn: int) -> Random:
        return Random(f"{self.plan.seed}:{place}:{turn}")

    def _ask_program(self, files: list[tuple[str, bytes | bytearray]], required: int, chance: Random) -> None:
        copy = self.image.with_name(f"{self.image.name}-asked")
        shutil.rmtree(copy, ignore_errors=True)
        write(files, copy)
        begun = time.monotonic()
        ask_program(copy / "record", self.ledger, required, chance)
        self.tally.spent[ASKING] += time.monotonic() - begun
        self.tally.sampled += 1

    def _write(self, files: list[tuple[str, bytes | bytearray]]) -> None:
        """Writes the image over the last one; files that this one does not have go."""
        names = {path for path, _ in files}
        for path in sorted(self.there - names, reverse=True):
            target = self.image / path
            if path.endswith("/"):
                # With what SQLite made beside the database.
                shutil.rmtree(target)
            else:
                target.unlink(missing_ok=True)
        for leftover in self.image.glob("record/cordon.db-*"):
            if f"record/{leftover.name}" not in names:
                leftover.unlink()
        write(files, self.image)
        self.there = names

    def _keep(self, bad: Bad, files: list[tuple[str, bytes | bytearray]]) -> None:
        kept = sum(1 for other in self.tally.bad if other.kept)
        if kept < self.MOST_KEPT:
            target = self.keep / f"image-{bad.place}-{bad.kind}-{bad.round}"
            write(files, target)
            shutil.copy(self.recording.ledger, self.keep / "ledger.json")
            shutil.copytree(self.recording.root / "record" / "keys", self.keep / "keys", dirs_exist_ok=True)
            bad.kept = str(target)
        self.tally.bad.append(bad)


def write(files: list[tuple[str, bytes | bytearray]], directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    for path, content in files:
        target = directory / path
        if path.endswith("/"):
            target.mkdir(exist_ok=True)
            continue
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, content)
            os.ftruncate(descriptor, len(content))
        finally:
            os.close(descriptor)


def replay(recording: Recording, plan: Plan, scratch: Path, keep: Path, say: Callable[[str], None]) -> Tally:
    """Runs the workers and adds up what they found."""
    keep.mkdir(parents=True, exist_ok=True)
    context = multiprocessing.get_context("fork")
    running = []
    for number in range(plan.workers):
        ours, theirs = context.Pipe(duplex=False)
        arguments = (number, plan, recording, scratch, keep, theirs)
        process = context.Process(target=_work, args=arguments, daemon=True)
        process.start()
        theirs.close()
        running.append((process, ours))
    total, progress = Tally(), {}
    while running:
        ready = multiprocessing.connection.wait([ours for _, ours in running])
        for process, ours in [one for one in running if one[1] in ready]:
            try:
                told = ours.recv()
            except EOFError:
                raise Failure("a worker ended before its time; what it said stands above") from None
            if isinstance(told, Tally):
                total.add(told)
                process.join()
                running.remove((process, ours))
            else:
                progress[told[0]] = told[1:]
                say(f"{sum(p[0] for p in progress.values()):,} images, {sum(p[1] for p in progress.values())} bad")
    return total


def _work(number: int, plan: Plan, recording: Recording, scratch: Path, keep: Path, report: Connection) -> None:
    Worker(number, plan, recording, scratch, keep).run(report)


def look_again(bad: Bad, keep: Path) -> str:
    """The command that checks a kept image again."""
    beside = f"--ledger {keep / 'ledger.json'} --keys {keep / 'keys'}"
    return f"python3 Tests/Crash/image.py {bad.kept} {beside} --required {bad.required}"

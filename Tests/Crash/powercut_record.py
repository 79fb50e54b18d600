"""Records a server under load: the trace of its writes, and the client's record of what was acknowledged."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from pathlib import Path

import tracefile
from disk import Disk
from load import Ledger, Load, found, import_beside
from program import Failure, Recorder, Server, Store
from tracefile import Record


@dataclass
class Recording:
    """A directory with a trace and a ledger; `root` holds the record as the program left it."""

    directory: Path

    @property
    def root(self) -> Path:
        return self.directory / "root"

    @property
    def trace(self) -> Path:
        return self.directory / "trace"

    @property
    def ledger(self) -> Path:
        return self.directory / "ledger.json"

    def records(self) -> list[Record]:
        return tracefile.read(self.trace)


def record(directory: Path, library: Path, requests: int, imported: int) -> Recording:
    """Founds a record and serves it: stopped, started and killed, with an import beside; all of it recorded."""
    recording = Recording(directory)
    recording.root.mkdir(parents=True)
    recorder = Recorder(library, recording.root, recording.trace)
    store, ledger = Store.sqlite(recording.root / "record"), Ledger()
    found(store, ledger, recorder=recorder)
    # One client first, each of whose commits is a flush of its own; then many who share them.
    for name, reporters, deciders, share, ending in (
        ("alone", 1, 0, 0.1, signal.SIGTERM),
        ("few", 2, 1, 0.4, signal.SIGKILL),
        ("many", 12, 2, 0.5, signal.SIGTERM),
    ):
        server = Server(store, directory / f"{name}.log", recorder).started()
        each = max(1, round(requests * share / (reporters + 4 * deciders)))
        load = Load(server, ledger, name).start(reporters, deciders, each)
        if name == "many":
            import_beside(store, ledger, imported, name, recorder=recorder)
        load.wait()
        server.stop(ending)
    ledger.write(recording.ledger)
    hold_complete(recording, ledger)
    return recording


def record_exercise(directory: Path, library: Path, items: int, seed: int) -> Recording:
    """A whole exercise: referrals, answers, and looks whose segments lie in files; nobody is promised anything."""
    recording = Recording(directory)
    recording.root.mkdir(parents=True)
    recorder = Recorder(library, recording.root, recording.trace)
    store = Store.sqlite(recording.root / "record")
    store.done("exercise", "--items", str(items), "--seed", str(seed), "--json", recorder=recorder)
    ledger = Ledger()
    ledger.write(recording.ledger)
    hold_complete(recording, ledger)
    return recording


def hold_complete(recording: Recording, ledger: Ledger) -> None:
    """The trace must give the very files that the program left: then nothing went past the recorder."""
    if ledger.refused:
        raise Failure(f"a request was refused: {ledger.refused[0]}")
    records = recording.records()
    if missed := tracefile.escapes(records):
        raise Failure(f"the recorder can't follow {', '.join(missed)}: teach it in Tests/Crash/recorder.c")
    disk = Disk()
    for one in records:
        disk.follow(one)
    traced = {path: content for path, content in disk.seen().items() if not path.endswith("/")}
    there = {
        str(path.relative_to(recording.root)): path.read_bytes()
        for path in recording.root.rglob("*")
        if path.is_file() and not path.name.endswith("-shm")
    }
    differing = sorted(path for path in traced.keys() | there.keys() if traced.get(path) != there.get(path))
    if differing:
        raise Failure(f"the trace does not give the bytes of {', '.join(differing)}: something went past the recorder")


def summary(records: list[Record], ledger: Ledger) -> str:
    writes = sum(1 for record in records if record.kind == tracefile.Kind.WRITE)
    flushes = sum(1 for record in records if record.kind == tracefile.Kind.SYNC_END)
    return (
        f"{len(records):,} records: {writes:,} writes, {flushes:,} flushes; "
        f"{len(ledger.acknowledged):,} acknowledgements"
    )


"""The range and the exercise: what providers got, and the journal beside it."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import postgres
from support import ROOT, Description, Ended, Record, Server, environment, program

MEMBERS = (
    "items_reported items_unique assessed confirmed held referred providers answered verified_gone "
    "claimed_but_live reappeared looks journal_size journal_root wall_seconds peak_rss_mb"
).split()
MEASURED = {"wall_seconds", "peak_rss_mb"}
OPENED = {"review_opened", "decided"}


@dataclass(frozen=True)
class Event:
    """An entry of an exported journal, its payloads parsed."""

    index: int
    at: float
    type: str
    actor: str
    subject: str
    facts: dict[str, Any]
    personal: dict[str, Any]

    @classmethod
    def of(cls, line: str) -> Event:
        entry = json.loads(line)
        return cls(
            entry["index"],
            seconds(entry["at"]),
            entry["type"],
            entry["actor"],
            entry["subject"],
            json.loads(entry["facts"]),
            json.loads(entry["personal"] or "{}"),
        )


def seconds(instant: str) -> float:
    """Seconds since 1970 of an instant as Cordon writes it."""
    whole = time.strptime(instant[:19], "%Y-%m-%dT%H:%M:%S")
    return (time.mktime(whole) - time.timezone) + float(f"0{instant[19:].rstrip('Z')}" or 0)


def messages(directory: Path) -> list[dict[str, Any]]:
    """What the providers of a range got."""
    return [json.loads(line) for line in (directory / "range.jsonl").read_text().splitlines()]


def effects(directory: Path) -> list[tuple[str, str]]:
    """Locator and kind of each message that changed something, in order."""
    return sorted((line["locator"], line["kind"]) for line in messages(directory) if line["effect"])


class Exercise(Record):
    """The directory of an exercise."""

    def command(self, items: int, seed: str = "1", *more: str) -> list[str]:
        return ["exercise", "--items", str(items), "--seed", seed, *self.where, *more]

    def conduct(self, items: int, seed: str = "1", before: Callable[[], None] | None = None) -> Ended:
        """Runs it to its end, or goes on with it."""
        arguments = ("--items", str(items), "--seed", seed, "--json")
        return self.run("exercise", *arguments, timeout=120, before=before)

    def conducted(self, items: int, seed: str = "1") -> dict[str, Any]:
        """The summary of an exercise that must end well."""
        ended = self.conduct(items, seed)
        if ended.code != 0:
            raise AssertionError(f"the exercise ended with {ended.code}: {ended.said}")
        return ended.json()

    def begin(self, items: int, seed: str = "1", *more: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [program(), *self.command(items, seed, *more)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
        )

    def leaves(self) -> int:
        """How far the journal is; 0 before there is one."""
        try:
            return self.size() if self.store or self.database.exists() else 0
        except (sqlite3.Error, postgres.NotThere):
            # The tables are not made yet.
            return 0

    def await_leaves(self, count: int, process: subprocess.Popen[bytes]) -> None:
        """Waits until the journal has so many leaves, or the process is over."""
        while self.leaves() < count and process.poll() is None:
            time.sleep(0.01)

    def export(self) -> str:
        return self.done("journal", "export").out

    def events(self) -> list[Event]:
        return [Event.of(line) for line in self.export().splitlines()]


def counted(export: str) -> dict[str, Any]:
    """What the program printed in docs/figures.md counts."""
    page = (ROOT / "docs/figures.md").read_text()
    (text,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    done = subprocess.run(["python3", "-c", text], input=export, capture_output=True, text=True, check=True)
    pairs = (line.split(" ") for line in done.stdout.splitlines())
    return {name: value if name == "journal_root" else int(value) for name, value in pairs}


def children(process: subprocess.Popen[bytes]) -> list[int]:
    """The processes that a process started."""
    tasks = Path(f"/proc/{process.pid}/task").glob("*/children")
    return [int(word) for path in tasks for word in path.read_text().split()]


class Attached(Server):
    """The server of a process that was started otherwise."""

    def __init__(
        self, record: Record, process: subprocess.Popen[bytes], log: Path = Path(os.devnull), port: int = 0
    ) -> None:
        self.record = record
        self.violations: list[str] = []
        self._description = Description.of_sources()
        self._local = threading.local()
        self.log = log
        self.process = process
        self.port = port or self._await_port()


class Range:
    """`cordon range` on a port of its own."""

    def __init__(
        self, directory: Path, seed: str, items: int, *more: str | Path, port: int = 0, **env: str
    ) -> None:
        self.directory = directory
        command = ["range", "--dir", directory, "--seed", seed, "--items", items, "--port", port, *more]
        self.process = subprocess.Popen(
            [program(), *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(**env),
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline().decode()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        if found is None:
            self.stop()
            raise AssertionError(f"the range does not listen: {line}")
        self.port = int(found[1])

    def stop(self, number: int = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(timeout=30)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return code


def reported(directory: Path, seed: str, items: int) -> list[dict[str, Any]]:
    """What experts report in the world of a seed: asked of a range whose time stands still."""
    still = Range(directory, seed, items, CORDON_RANGE_TOKEN="secret")
    try:
        target = f"http://127.0.0.1:{still.port}/_reports?from=2031-05-05T00:00:00Z&to=2031-05-09T00:00:00Z"
        asked = urllib.request.Request(target, headers={"Authorization": "Bearer secret"})
        with urllib.request.urlopen(asked, timeout=10) as reply:
            return [json.loads(line) for line in reply.read().splitlines()]
    finally:
        still.stop()

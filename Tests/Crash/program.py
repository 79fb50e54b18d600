"""The program under test: its commands and its server on any store, plain or with the recorder loaded."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "EndToEnd"))

from support import OK, Ended, environment, program, run  # noqa: E402 (the path is set above)


class Failure(Exception):
    """A promise that did not hold; the message says which."""


def compile_recorder(into: Path) -> Path:
    """The recorder as a library, made anew when its source is younger."""
    source, library = HERE / "recorder.c", into / "recorder.so"
    into.mkdir(parents=True, exist_ok=True)
    if not library.exists() or library.stat().st_mtime < source.stat().st_mtime:
        made = library.with_suffix(f".{os.getpid()}")
        # Swift brings a compiler for C along, so that one is always there.
        compiler = shutil.which("cc") or "clang"
        options = ["-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC"]
        subprocess.run([compiler, *options, "-o", str(made), str(source), "-ldl"], check=True)
        made.rename(library)
    return library


@dataclass(frozen=True)
class Recorder:
    """What has to be loaded, where it writes, and which operation it makes fail."""

    preload: Path
    root: Path
    trace: Path
    fault: str | None = None

    def variables(self) -> dict[str, str]:
        chosen = {"LD_PRELOAD": str(self.preload), "CRASH_ROOT": str(self.root), "CRASH_TRACE": str(self.trace)}
        return chosen if self.fault is None else {**chosen, "CRASH_FAULT": self.fault}


@dataclass(frozen=True)
class Store:
    """Where the record is: `sqlite:DIR` or `postgresql://…` with a directory for keys and packs."""

    address: str
    directory: Path

    @classmethod
    def parse(cls, address: str, beside: Path) -> "Store":
        if address.startswith("sqlite:"):
            return cls(address, Path(address.removeprefix("sqlite:")))
        if address.startswith(("postgresql://", "postgres://")):
            return cls(address, beside)
        raise ValueError("a store is sqlite:DIR or postgresql://…")

    @classmethod
    def sqlite(cls, directory: Path) -> "Store":
        return cls(f"sqlite:{directory}", directory)

    @property
    def is_sqlite(self) -> bool:
        return self.address.startswith("sqlite:")

    @property
    def options(self) -> list[str]:
        """What a command is told."""
        beside = ["--data", str(self.directory)]
        return beside if self.is_sqlite else ["--store", self.address, *beside]

    def run(
        self, *arguments: str | Path, stdin: bytes | None = None, recorder: Recorder | None = None, timeout: float = 120
    ) -> Ended:
        more = recorder.variables() if recorder else {}
        return run(*arguments, *self.options, stdin=stdin, timeout=timeout, **more)

    def done(self, *arguments: str | Path, stdin: bytes | None = None, recorder: Recorder | None = None) -> Ended:
        """Runs a command that must end well."""
        ended = self.run(*arguments, stdin=stdin, recorder=recorder)
        if ended.code != OK:
            raise Failure(f"cordon {' '.join(map(str, arguments))} ended with {ended.code}: {ended.said}")
        return ended

    def verify(self) -> None:
        """`cordon verify --replay`: every leaf, every tile, every table."""
        self.done("verify", "--replay")


@dataclass
class Reply:
    """An answer over HTTP, and when its request left and it had come."""

    status: int
    body: bytes
    replayed: bool
    sent_at: int
    at: int

    def json(self) -> Any:
        return json.loads(self.body)


class Server:
    """`cordon serve` on a port of its own; what it says goes into a file."""

    def __init__(self, store: Store, log: Path, recorder: Recorder | None = None, *options: str) -> None:
        self.store = store
        self.log = log
        with log.open("wb") as file:
            self.process = subprocess.Popen(
                [program(), "serve", *store.options, "--port", "0", *options],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                env=environment(**(recorder.variables() if recorder else {})),
            )
        self.port = 0

    def listens(self, seconds: float = 60) -> bool:
        """Waits until it listens; false when it ended instead."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := re.search(r"Listening on http://127\.0\.0\.1:(\d+)", self.said()):
                self.port = int(found[1])
                return True
            if self.process.poll() is not None:
                return False
            time.sleep(0.005)
        self.stop(signal.SIGKILL)
        raise Failure(f"serve neither listens nor ends: {self.said()}")

    def started(self) -> "Server":
        """Waits until it listens, which it must."""
        if not self.listens():
            raise Failure(f"serve ended with {self.process.returncode}: {self.said()}")
        return self

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Sends a signal and returns how the process ended."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise Failure(f"serve did not end within 30 s after signal {number}") from None


@dataclass
class Client:
    """One person's connection to the server."""

    port: int
    token: str
    _connection: http.client.HTTPConnection | None = field(default=None, repr=False)

    def ask(self, method: str, path: str, body: Any = None, key: str | None = None) -> Reply:
        """Asks and waits; an OSError or HTTPException means that nobody knows what became of it."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if key is not None:
            headers["Idempotency-Key"] = key
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent_at = time.monotonic_ns()
        try:
            self._connection.request(method, path, body=None if body is None else json.dumps(body), headers=headers)
            answer = self._connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            self._connection = None
            raise
        at = time.monotonic_ns()
        return Reply(answer.status, content, answer.getheader("Idempotency-Replayed") == "true", sent_at, at)

    def report(self, key: str, address: str) -> Reply:
        """Puts an address on record."""
        return self.ask("POST", "/api/v1/items", {"address": address}, key)

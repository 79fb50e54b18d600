"""Who works with the record while the primary dies, and writes down what it was told."""

from __future__ import annotations

import base64
import http.client
import json
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from servers import Trouble

HEAD = re.compile(r"^(\d+)\|([0-9a-f]{64})$")
UNAVAILABLE = 69


@dataclass
class Program:
    """The program, a record that it works on, and what it said."""

    path: Path
    store: str
    data: Path
    log: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What the program sees: nothing of the caller's own record or token."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CORDON")}
        return {**kept, "SWIFT_BACKTRACE": "enable=no", **self.variables}

    def command(self, *arguments: str) -> list[str]:
        return [str(self.path), *arguments, "--store", self.store, "--data", str(self.data)]

    def run(self, *arguments: str, stdin: bytes = b"", timeout: float = 600) -> subprocess.CompletedProcess[bytes]:
        done = subprocess.run(
            self.command(*arguments), input=stdin, capture_output=True, env=self.environment, timeout=timeout,
            check=False,
        )
        with self.log.open("ab") as log:
            log.write(done.stderr)
        return done

    def done(self, *arguments: str, stdin: bytes = b"") -> str:
        """Runs a command that must end well."""
        ended = self.run(*arguments, stdin=stdin)
        if ended.returncode != 0:
            raise Trouble(f"cordon {arguments[0]} ended with {ended.returncode}: {ended.stderr.decode().strip()}")
        return ended.stdout.decode()


class Desk:
    """`cordon serve` for pages and API."""

    def __init__(self, program: Program) -> None:
        self.log = program.log.with_name(f"serve-{time.monotonic_ns()}.log")
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                program.command("serve", "--roles", "web", "--port", "0"),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=program.environment,
            )
        self.port = self._await_port()

    def _await_port(self) -> int:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            if found := re.search(r"Listening on http://127\.0\.0\.1:(\d+)", self.log.read_text(errors="replace")):
                return int(found[1])
            time.sleep(0.02)
        self.process.kill()
        raise Trouble(f"serve does not listen: {self.log.read_text(errors='replace').strip()}")

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


@dataclass
class Ledger:
    """What was acknowledged: kept by those who were told, outside of everything that can fail."""

    replies: dict[str, bytes] = field(default_factory=dict)
    #: When each acknowledgement came.
    times: list[float] = field(default_factory=list)
    #: Requests that nobody has answered with a yes.
    unanswered: set[str] = field(default_factory=set)
    #: Answers that are neither a yes nor "later".
    refused: list[str] = field(default_factory=list)
    repeated: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def acknowledge(self, key: str, body: bytes, tries: int) -> None:
        with self.lock:
            self.replies[key] = body
            self.times.append(time.monotonic())
            self.repeated += tries > 1


def address_of(key: str) -> str:
    return f"https://drill.example/{key}"


class Line:
    """A connection that is made anew when it broke."""

    def __init__(self, port: int, token: str) -> None:
        self.port = port
        self.token = token
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, target: str, body: bytes | None = None, key: str | None = None):
        """Status, headers and body; None where no whole answer came."""
        headers = {"Authorization": f"Bearer {self.token}"}
        if key is not None:
            headers |= {"Idempotency-Key": key, "Content-Type": "application/json"}
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            self._connection.request(method, target, body=body, headers=headers)
            answer = self._connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            return None

    def report(self, key: str):
        return self.ask("POST", "/api/v1/items", json.dumps({"address": address_of(key)}).encode(), key)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


class Reporter(threading.Thread):
    """Posts one report after the other, each until it is acknowledged, under one key."""

    PAUSE = 0.05

    def __init__(self, name: str, line: Line, ledger: Ledger, stopped: threading.Event) -> None:
        super().__init__(name=name, daemon=True)
        self.line = line
        self.ledger = ledger
        self.stopped = stopped

    def run(self) -> None:
        number = 0
        while not self.stopped.wait(self.PAUSE):
            number += 1
            self._insist(f"{self.name}-{number}")
        self.line.close()

    def _insist(self, key: str) -> None:
        """Says the same again until there is an answer; after the end for a minute more."""
        tries, deadline = 0, None
        while deadline is None or time.monotonic() < deadline:
            tries += 1
            answer = self.line.report(key)
            if answer is not None and answer[0] == 200:
                return self.ledger.acknowledge(key, answer[2], tries)
            if answer is not None and answer[0] < 500:
                self.ledger.refused.append(f"{key}: {answer[0]} {answer[2][:200]!r}")
                return None
            if self.stopped.is_set() and deadline is None:
                deadline = time.monotonic() + 60
            time.sleep(min(0.05 * tries, 0.5))
        self.ledger.unanswered.add(key)
        return None


@dataclass
class Heads:
    """Heads of a journal that somebody has seen: roots by size."""

    roots: dict[int, set[str]] = field(default_factory=dict)
    latest: int = 0

    def see(self, size: int, root: str) -> None:
        self.roots.setdefault(size, set()).add(root)
        self.latest = max(self.latest, size)


class CheckpointFollower(threading.Thread):
    """Asks the API for the signed checkpoint, again and again."""

    def __init__(self, line: Line, stopped: threading.Event) -> None:
        super().__init__(name="checkpoints", daemon=True)
        self.line = line
        self.stopped = stopped
        self.heads = Heads()

    def run(self) -> None:
        while not self.stopped.wait(0.05):
            answer = self.line.ask("GET", "/api/v1/journal/checkpoint")
            if answer is not None and answer[0] == 200:
                _, size, root = answer[2].decode().split("\n")[:3]
                self.heads.see(int(size), base64.b64decode(root, validate=True).hex())
        self.line.close()


class HeadFollower(threading.Thread):
    """Asks whichever server is the primary for the journal's head, again and again."""

    SQL = "SELECT size, encode(root, 'hex') FROM journal_head \\watch 0.05\n"

    def __init__(self, command: list[str], stopped: threading.Event) -> None:
        super().__init__(name="heads", daemon=True)
        self.command = command
        self.stopped = stopped
        self.heads = Heads()
        self.process: subprocess.Popen[str] | None = None

    def run(self) -> None:
        while not self.stopped.wait(0.1):
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                cwd="/",
            )
            assert self.process.stdin is not None and self.process.stdout is not None
            self.process.stdin.write(self.SQL)
            self.process.stdin.close()
            for line in self.process.stdout:
                if found := HEAD.match(line):
                    self.heads.see(int(found[1]), found[2])
            self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()


class Exercising(threading.Thread):
    """The exercise, run again with the same arguments when a failover ended it."""

    MOST_RUNS = 12

    def __init__(self, program: Program, items: int, seed: str, failovers: Callable[[], int]) -> None:
        super().__init__(name="exercise", daemon=True)
        self.program = program
        self.arguments = ("exercise", "--items", str(items), "--seed", seed, "--json")
        self.failovers = failovers
        self.summary: dict | None = None
        self.endings: list[str] = []
        self.failure: str | None = None
        self.process: subprocess.Popen[bytes] | None = None
        self.stopped = False

    def run(self) -> None:
        for _ in range(self.MOST_RUNS):
            before = self.failovers()
            code, out, err = self._once()
            if code == 0:
                self.summary = json.loads(out)
                return
            said = err.decode(errors="replace").strip().splitlines()[-1:] or [f"ended with {code}"]
            if self.stopped:
                return
            # Only what a failover explains may end it, and with the code for that.
            if code != UNAVAILABLE or self.failovers() == before and not self._fails_over_soon(before):
                self.failure = f"ended with {code}: {said[0]}"
                return
            self.endings.append(said[0])
        self.failure = f"ended {self.MOST_RUNS} times: {self.endings[-1]}"

    def _once(self) -> tuple[int, bytes, bytes]:
        self.process = subprocess.Popen(
            self.program.command(*self.arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.program.environment,
        )
        out, err = self.process.communicate()
        with self.program.log.open("ab") as log:
            log.write(err)
        return self.process.returncode, out, err

    def _fails_over_soon(self, before: int) -> bool:
        """The program may notice the kill before the drill has written it down."""
        deadline = time.monotonic() + 10
        while self.failovers() == before and time.monotonic() < deadline:
            time.sleep(0.05)
        return self.failovers() > before

    def stop(self) -> None:
        self.stopped = True
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

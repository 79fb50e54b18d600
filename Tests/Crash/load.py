"""The load on a server, and the client's own record of what was acknowledged to it."""

from __future__ import annotations

import hashlib
import http.client
import json
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from program import Client, Failure, Reply, Server, Store
from support import OK, Description

NO_EXEMPTION = Description.of_sources().examples["/api/v1/assessments", "POST"]["exemptions"]
PEOPLE = {"ana": "analyst", "rita": "reviewer", "dora": "deconfliction_officer"}


@dataclass
class Acknowledged:
    """What a client was told is on record, and when it had been told (CLOCK_MONOTONIC, nanoseconds).

    `reports` are items by address; `key` and `reply` are those of a single report; `entry` is a decision about an
    item, as item and journal index; `command` is one that ended well, with the name that it put on record.
    """

    at: int
    sent_at: int
    reports: dict[str, str | None] = field(default_factory=dict)
    key: str | None = None
    reply: str | None = None
    entry: tuple[str, int] | None = None
    command: tuple[str, str] | None = None


@dataclass
class Ledger:
    """The client's side: what was acknowledged, and what nobody knows the outcome of."""

    acknowledged: list[Acknowledged] = field(default_factory=list)
    unknown: dict[str, str] = field(default_factory=dict)
    refused: list[tuple[int, int, str]] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)

    def note(self, key: str, address: str, reply: Reply) -> None:
        """A report that was answered."""
        if reply.status != 200:
            self.refused.append((reply.sent_at, reply.status, reply.body.decode(errors="replace")))
            # Refused while the store was failing: it may be there all the same.
            self.unknown[key] = address
            return
        (result,) = reply.json()["results"]
        self.acknowledged.append(
            Acknowledged(reply.at, reply.sent_at, {address: result["id"]}, key, reply.body.decode())
        )

    def note_entry(self, item: str, reply: Reply) -> int | None:
        """A decision that was answered; its journal index."""
        if reply.status != 200:
            self.refused.append((reply.sent_at, reply.status, reply.body.decode(errors="replace")))
            return None
        (result,) = reply.json()["results"]
        index = result["journal_index"]
        self.acknowledged.append(Acknowledged(reply.at, reply.sent_at, entry=(item, index)))
        return index

    def in_order(self) -> list[Acknowledged]:
        return sorted(self.acknowledged, key=lambda one: one.at)

    def write(self, path: Path) -> None:
        path.write_text(json.dumps({"acknowledged": [asdict(a) for a in self.in_order()], "tokens": self.tokens}))

    @classmethod
    def read(cls, path: Path) -> "Ledger":
        kept = json.loads(path.read_text())
        ledger = cls(tokens=kept["tokens"])
        for one in kept["acknowledged"]:
            for name in "entry", "command":
                one[name] = tuple(one[name]) if one[name] else None
            ledger.acknowledged.append(Acknowledged(**one))
        return ledger


def key_digest(key: str) -> bytes:
    """As it stands in the table of requests."""
    return hashlib.sha256(key.encode()).digest()


def found(store: Store, ledger: Ledger, **options: Any) -> None:
    """Founds a record with its people; each command that ends well is an acknowledgement."""
    address = "https://first.example/1"
    sent_at = time.monotonic_ns()
    store.done("import", "-", stdin=f"{address}\n".encode(), **options)
    ledger.acknowledged.append(Acknowledged(time.monotonic_ns(), sent_at, {address: None}))
    for name, role in PEOPLE.items():
        sent_at = time.monotonic_ns()
        store.done("user", "add", name, "--role", role, **options)
        ledger.acknowledged.append(Acknowledged(time.monotonic_ns(), sent_at, command=("user", name)))
        sent_at = time.monotonic_ns()
        made = store.done("token", "create", "--user", name, **options)
        ledger.acknowledged.append(Acknowledged(time.monotonic_ns(), sent_at, command=("token", name)))
        ledger.tokens[name] = made.out.strip()


class Load:
    """Clients that report and decide until they are told to stop or the server is gone."""

    def __init__(self, server: Server, ledger: Ledger, name: str) -> None:
        self.server = server
        self.ledger = ledger
        self.name = name
        self.stopped = threading.Event()
        self.faults: list[str] = []
        self._threads: list[threading.Thread] = []

    def start(self, reporters: int, deciders: int = 0, limit: int = 1_000_000) -> "Load":
        """`limit` is how many requests each of them sends at most."""
        for number in range(reporters):
            self._begin(self._report, f"{self.name}-{number}", limit)
        for number in range(deciders):
            self._begin(self._decide, f"{self.name}-decided-{number}", limit)
        return self

    def _begin(self, body: Callable[[str, int], None], name: str, limit: int) -> None:
        thread = threading.Thread(target=self._until_gone, args=(body, name, limit))
        self._threads.append(thread)
        thread.start()

    def _until_gone(self, body: Callable[[str, int], None], name: str, limit: int) -> None:
        try:
            body(name, limit)
        except (OSError, http.client.HTTPException):
            # The server was killed, which is what this is about; the caller knows whether it was.
            return
        except Exception as error:  # noqa: BLE001 (a thread's exception would be lost)
            self.faults.append(f"{type(error).__name__}: {error}")

    def _report(self, name: str, limit: int) -> None:
        client = Client(self.server.port, self.ledger.tokens["ana"])
        for number in range(limit):
            if self.stopped.is_set():
                return
            self._report_one(client, f"{name}-{number}")

    def _report_one(self, client: Client, key: str) -> str | None:
        """Reports one address; its item's identifier when it was acknowledged."""
        address = f"https://crash.example/{key}"
        try:
            reply = client.report(key, address)
        except (OSError, http.client.HTTPException):
            self.ledger.unknown[key] = address
            raise
        self.ledger.note(key, address, reply)
        return reply.json()["results"][0]["id"] if reply.status == 200 else None

    def _decide(self, name: str, limit: int) -> None:
        """Reports, assesses, confirms and clears one item after the other, each step by its own person."""
        people = {who: Client(self.server.port, self.ledger.tokens[who]) for who in PEOPLE}
        for number in range(limit):
            if self.stopped.is_set():
                return
            item = self._report_one(people["ana"], f"{name}-{number}")
            if item is None:
                continue
            body = {"item": item, "decision": "refer", "categories": ["INCITE"], "exemptions": NO_EXEMPTION}
            index = self.ledger.note_entry(item, people["ana"].ask("POST", "/api/v1/assessments", body))
            if index is None:
                continue
            body = {"item": item, "assessment": index, "agrees": True}
            self.ledger.note_entry(item, people["rita"].ask("POST", "/api/v1/confirmations", body))
            body = {"item": item, "clear": True}
            self.ledger.note_entry(item, people["dora"].ask("POST", "/api/v1/deconflictions", body))

    def wait(self) -> None:
        for thread in self._threads:
            thread.join()
        if self.faults:
            raise Failure("; ".join(self.faults))

    def stop(self) -> None:
        self.stopped.set()
        self.wait()


def import_beside(store: Store, ledger: Ledger, lines: int, name: str, **options: Any) -> None:
    """Imports a list by the command, beside whoever else writes."""
    addresses = [f"https://import.example/{name}/{number}" for number in range(lines)]
    sent_at = time.monotonic_ns()
    ended = store.run("import", "-", stdin="".join(a + "\n" for a in addresses).encode(), **options)
    if ended.code != OK:
        raise Failure(f"an import beside the server ended with {ended.code}: {ended.said}")
    ledger.acknowledged.append(Acknowledged(time.monotonic_ns(), sent_at, dict.fromkeys(addresses)))

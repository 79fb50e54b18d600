"""In real time and by hand: people with tokens, a serving record, and a range that answers within seconds."""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from range import Attached, Event, Exercise, Range, counted, messages, reported
from support import OK, EndToEnd, Record, Response, environment, program
from test_work import API, assessment

WORLD, ITEMS = "by hand", 400
PEOPLE = {
    "ana": ("analyst", "deconfliction_officer"),
    "rita": ("reviewer", "coordinator"),
    "otto": ("auditor",),
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def awaited(what: str, found: Callable[[], Any], seconds: float = 20) -> Any:
    """Asks until there is something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := found():
            return value
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {what}")


def serve(record: Record, port: int, *more: str) -> Attached:
    """`cordon serve` with its workers."""
    log = record.directory.parent / f"serve-{port}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [program(), "serve", "--data", str(record.directory), "--port", str(port), *more],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env=environment(),
        )
    return Attached(record, process, log)


class ByHand(EndToEnd):
    """A record and a range that know each other; addresses are those of the range's world."""

    unit: ClassVar[Record]
    server: ClassVar[Attached]
    range: ClassVar[Range]
    tokens: ClassVar[dict[str, str]]
    addresses: ClassVar[dict[str, list[str]]]
    credentials: ClassVar[Path]
    port: ClassVar[int]

    @classmethod
    def prepare(cls) -> None:
        cls.unit = Record(cls.directory / "record")
        cls.unit.imported("-", stdin=b"https://first.example/1\n")
        cls.tokens = {name: cls.unit.token(name, *roles) for name, roles in PEOPLE.items()}
        cls.addresses = {}
        for report in reported(cls.directory / "still", WORLD, ITEMS):
            pack = report["address"].split("/")[2].removeprefix("www.").split(".")[0]
            if report["address"] not in cls.addresses.setdefault(pack, []):
                cls.addresses[pack].append(report["address"])
        secret = secrets.token_hex(32)
        shared: dict[str, str] = {"webhook_secret": secret}
        for pack in ("wave", "depot"):
            shared[pack] = cls.unit.token(f"desk.{pack}", "provider")
            cls.unit.done("provider", "connect", pack, f"desk.{pack}")
        cls.credentials = cls.secret(cls.directory / "credentials.json", shared)
        cls.secret(cls.unit.directory / "keys" / "providers.json", {"depot": {"webhook_secret": secret}})
        cls.port = free_port()
        cls.range = cls.started()
        cls.server = serve(cls.unit, cls.port, "--range", f"127.0.0.1:{cls.range.port}")
        cls.addClassCleanup(lambda: (cls.server.stop(), cls.range.stop()))

    @classmethod
    def secret(cls, path: Path, content: Any) -> Path:
        path.write_text(json.dumps(content))
        os.chmod(path, 0o600)
        return path

    @classmethod
    def started(cls, port: int = 0) -> Range:
        callback = f"http://127.0.0.1:{cls.port}"
        more = ("--real-time", "--credentials", cls.credentials, "--callback", callback)
        return Range(cls.directory / "range", WORLD, ITEMS, *more, port=port)

    def tearDown(self) -> None:
        self.assertEqual(self.server.violations, [])
        self.assertEqual(self.server.process.poll(), None, self.server.said())
        self.assertNotRegex(self.server.said(), "a worker failed")

    def ask(self, who: str, method: str, path: str, body: Any = None) -> Response:
        return self.server.request(method, API + path, token=self.tokens[who], body=body)

    def done(self, who: str, method: str, path: str, body: Any = None) -> Any:
        answer = self.ask(who, method, path, body)
        self.assertIn(answer.status, (200, 201, 204), answer.body)
        return answer.json() if answer.body else None

    def recorded(self, who: str, path: str, body: Any) -> int:
        """The journal index of a single entry that must be recorded."""
        (result,) = self.done(who, "POST", path, body)["results"]
        self.assertEqual(result["outcome"], "recorded", result)
        return result["journal_index"]

    def reported(self, pack: str) -> tuple[str, str]:
        """A new item of the range's world and its canonical address."""
        address = self.addresses[pack].pop(0)
        answer = self.server.report(self.tokens["ana"], secrets.token_hex(8), address, operation="By hand")
        item = answer.json()["results"][0]["id"]
        return item, self.done("ana", "GET", f"/items/{item}")["locator"]

    def referred(self, pack: str) -> tuple[str, str]:
        """An item that one person assessed, another confirmed, that is clear and on its way to its provider."""
        item, locator = self.reported(pack)
        index = self.recorded("ana", "/assessments", assessment(item))
        own = self.ask("ana", "POST", "/confirmations", {"item": item, "assessment": index, "agrees": True})
        self.assertEqual(own.status, 403)
        self.recorded("rita", "/confirmations", {"item": item, "assessment": index, "agrees": True})
        self.recorded("ana", "/deconflictions", {"item": item, "clear": True})
        self.recorded("rita", "/referrals", {"item": item, "clause": "Terms, 3.2"})
        return item, locator

    def received(self, locator: str, kind: str = "referral") -> list[dict[str, Any]]:
        """The lines of the range about an address."""
        lines = messages(self.range.directory)
        return [line for line in lines if line["locator"] == locator and line["kind"] == kind]

    @staticmethod
    def taken(line: dict[str, Any]) -> tuple[str, str, str | None]:
        return line["provider"], line["answer"], line["effect"]

    def dossier(self, item: str) -> dict[str, Any]:
        return self.done("rita", "GET", f"/items/{item}/history")

    def events(self, item: str, kind: str) -> list[dict[str, Any]]:
        """Facts and actor of an item's events of a type."""
        return [
            {**json.loads(entry["facts"]), "actor": entry["actor_name"]}
            for entry in self.dossier(item)["history"]
            if entry["type"] == kind
        ]

    def answered(self, item: str) -> list[dict[str, Any]]:
        return awaited("an answer", lambda: self.events(item, "referral.answered"))

    def look(self, item: str, who: str = "rita") -> dict[str, Any]:
        return self.done(who, "POST", f"/items/{item}/look")

    def test_whole_path(self) -> None:
        """Report, assess, confirm, clear, refer; the range gets it, answers by its desk, and it is seen gone."""
        item, locator = self.referred("wave")
        (line,) = awaited("the range has it", lambda: self.received(locator))
        self.assertEqual(self.taken(line), ("wave", "accepted", "review_opened"))
        awaited("delivered", lambda: self.events(item, "dispatch.delivered"))
        self.assertEqual(self.look(item)["verdict"], "live")
        (answer,) = self.answered(item)
        self.assertEqual((answer["outcome"], answer["actor"]), ("removed", "desk.wave"))
        self.assertEqual(answer["referral"], line["idempotency_key"])
        found = self.look(item, "ana")
        self.assertEqual(found["verdict"], "removed")
        self.assertRegex(found["basis"], "^status_4(04|10)$")
        live, gone = self.events(item, "item.seen")
        self.assertEqual((live["verdict"], gone["verdict"], gone["basis"]), ("live", "removed", found["basis"]))
        self.assertEqual((live["actor"], gone["actor"]), ("rita", "ana"))
        work = self.dossier(item)["work"]
        self.assertEqual(work["referral"]["outcome"], "removed")
        self.assertEqual(
            work["liveness"],
            {
                "first_gone_at": gone["seen_at"],
                "last_live_at": live["seen_at"],
                "reappeared": False,
                "verdict": "removed",
            },
        )
        self.assertEqual(gone["last_live_at"], live["seen_at"])

    def test_webhook_and_retraction(self) -> None:
        """A signed webhook is taken; a retraction puts the page back, and another look sees it again."""
        item, locator = self.referred("depot")
        (line,) = awaited("the range has it", lambda: self.received(locator))
        self.assertEqual(self.taken(line), ("depot", "accepted", "review_opened"))
        (answer,) = self.answered(item)
        self.assertIn(answer["outcome"], ("removed", "disabled"))
        self.assertIn(self.look(item)["verdict"], ("removed", "restricted"))
        self.assertEqual(self.events(item, "item.reappeared"), [])
        self.recorded("rita", "/retractions", {"item": item, "reason": "It documents a crime."})
        (line,) = awaited("the range takes it back", lambda: self.received(locator, "retraction"))
        self.assertEqual((line["answer"], line["effect"]), ("accepted", "reinstated"))
        awaited("the recall is on record", lambda: self.events(item, "dispatch.recall_delivered"))
        self.assertEqual(self.look(item)["verdict"], "live")
        (back,) = self.events(item, "item.reappeared")
        self.assertEqual(back["cause"], "look")
        self.assertTrue(self.dossier(item)["work"]["liveness"]["reappeared"])
        self.assertEqual(len(self.received(locator)), 1)

    def test_range_restarted(self) -> None:
        """A range that is killed before it answers, and comes back, answers once."""
        item, locator = self.referred("wave")
        awaited("the range has it", lambda: self.received(locator))
        self.range.stop(signal.SIGKILL)
        self.assertEqual(self.events(item, "referral.answered"), [])
        time.sleep(0.5)
        type(self).range = self.started(self.range.port)
        self.assertEqual(len(self.answered(item)), 1)
        time.sleep(4)
        self.assertEqual(len(self.answered(item)), 1)
        self.assertEqual([line["effect"] for line in self.received(locator)], ["review_opened"])

    def test_server_restarted(self) -> None:
        """What a provider answers while nobody listens arrives once somebody does."""
        item, locator = self.referred("wave")
        awaited("the range has it", lambda: self.received(locator))
        awaited("delivered", lambda: self.events(item, "dispatch.delivered"))
        self.assertEqual(self.server.stop(signal.SIGTERM), OK)
        time.sleep(3.5)
        type(self).server = serve(self.unit, self.port, "--range", f"127.0.0.1:{self.range.port}")
        self.assertEqual(len(self.answered(item)), 1)
        self.assertEqual(len([line for line in self.received(locator) if line["effect"]]), 1)

    def test_zz_journal(self) -> None:
        """The record is sound; looks by hand are none of the nine, in the journal's fold and on the board."""
        self.assertSound(self.unit)
        exercise = Exercise(self.unit.directory, self.unit.store)
        rounds = [event for event in exercise.events() if event.type == "looks.made"]
        self.assertGreaterEqual(len(rounds), 1)
        self.assertTrue(all(made.facts["by_hand"] and len(made.facts["items"]) == 1 for made in rounds))
        self.assertEqual(counted(exercise.export())["looks"], 0)
        operation = next(event.subject for event in exercise.events() if event.type == "operation.opened")
        board = self.done("otto", "GET", f"/operations/{operation}/board")
        self.assertEqual(re.findall(r'"looks": (\d+)', json.dumps(board))[0], "0")

    def test_refused_looks(self) -> None:
        """A look by hand wants a role for it, an item that its provider has, and a server with workers."""
        item, _ = self.reported("wave")
        for who, status, phrase in (("otto", 403, "look at pages"), ("rita", 409, "no provider has a referral")):
            answer = self.ask(who, "POST", f"/items/{item}/look")
            self.assertEqual(answer.status, status)
            self.assertIn(phrase, answer.json()["detail"])
        missing = self.ask("rita", "POST", "/items/01980000-0000-7000-8000-000000000009/look")
        self.assertEqual(missing.status, 404)

"""SIGKILL at any moment: a rerun completes what was begun, and nothing is doubled or lost."""

from __future__ import annotations

import http.client
import random
import signal
import sqlite3
import threading
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from support import OK, EndToEnd, Record, Server, start

LINES = 200_000
DISTINCT = 150_000
SEED = 20_261_124
KILLS = 6


def killed_after(seconds: float, *arguments: object) -> bool:
    """Starts a command and kills it; false when it was done before."""
    process = start(*map(str, arguments))
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def lines_done(connection: sqlite3.Connection) -> int:
    """How far the import is, as the record says; 0 while there is no record."""
    try:
        ((done,),) = connection.execute("SELECT coalesce(max(lines_done), 0) FROM imports").fetchall()
    except sqlite3.OperationalError:
        # There is no table yet, or the founding has it.
        return 0
    return done


def killed_past(lines: int, record: Record, path: Path, extra_seconds: float) -> int:
    """Imports, kills once more than so many lines are on record and a moment has passed; returns how many are."""
    process = start("import", path, "--data", record.directory)
    deadline = time.monotonic() + 120
    while not record.database.exists():
        assert process.poll() is None and time.monotonic() < deadline, "the import made no record"
        time.sleep(0.001)
    # Read only: what the killed process left is for the next one to recover.
    with closing(sqlite3.connect(f"file:{record.database}?mode=ro", uri=True, timeout=10)) as connection:
        while lines_done(connection) <= lines:
            assert process.poll() is None, f"the import ended by itself before it was past line {lines}"
            assert time.monotonic() < deadline, f"the import did not come past line {lines}"
            time.sleep(0.002)
        time.sleep(extra_seconds)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL, f"the kill past line {lines} came too late"
        return lines_done(connection)


class KilledImport(EndToEnd):
    def test_large_import(self) -> None:
        """An import of 200,000 lines killed again and again counts in the end as if it had run through."""
        chance = random.Random(SEED)
        path = self.file(
            "large.txt", "".join(f"https://h{n % 50}.example/p/{n % DISTINCT}\n" for n in range(LINES))
        )
        record = self.record()
        done = [0]
        for kill in range(KILLS):
            # By progress, not by the clock: each goes on from the one before, and half of it is left for the last.
            ahead = (0.5 * LINES - done[-1]) / (KILLS - kill)
            past = done[-1] + int(max(ahead, 1_000) * chance.uniform(0.1, 0.9))
            done.append(killed_past(past, record, path, chance.uniform(0, 0.03)))
            self.assertGreater(done[-1], past)
        # All of them came in the middle of it.
        self.assertLess(done[-1], LINES, done)
        counts = record.run("import", path, "--json", timeout=120).json()
        self.assertEqual(
            {name: counts[name] for name in ("lines", "items_new", "sightings", "rejected", "blank")},
            {"lines": LINES, "items_new": DISTINCT, "sightings": LINES - DISTINCT, "rejected": 0, "blank": 0},
        )
        self.assertEqual(counts["resumed_after_line"], done[-1])
        self.check_items(record)
        verified = record.run("verify", "--replay", timeout=120)
        self.assertEqual(verified.code, OK, verified.said)

    def check_items(self, record: Record) -> None:
        """Every address is there once, with the sightings of an import that ran through."""
        found = record.query("SELECT locator, sightings FROM items")
        self.assertEqual(len(found), DISTINCT)
        expected = {f"https://h{n % 50}.example/p/{n}": 0 for n in range(DISTINCT)}
        for n in range(DISTINCT, LINES):
            expected[f"https://h{n % 50}.example/p/{n % DISTINCT}"] += 1
        self.assertEqual(dict(found), expected)
        self.assertEqual(record.query("SELECT count(*), count(finished_at) FROM imports"), [(1, 1)])
        events = record.query(
            "SELECT count(*) FROM journal WHERE instr(CAST(leaf AS TEXT), '\"item.reported\"') "
            "UNION ALL SELECT count(*) FROM journal WHERE instr(CAST(leaf AS TEXT), '\"item.sighted\"')"
        )
        self.assertEqual(events, [(DISTINCT,), (LINES - DISTINCT,)])

    def test_first_founding(self) -> None:
        """Killed 1 to 60 ms after the first start, the next run founds the record as if nothing had been."""
        path = self.file("list.txt", "https://a.example/1\nhttps://a.example/2\nhttps://a.example/1\n")
        for milliseconds in range(1, 61, 3):
            with self.subTest(f"{milliseconds} ms"):
                record = self.record()
                killed_after(milliseconds / 1_000, "import", path, "--data", record.directory)
                self.complete(record, path)

    def test_founding_killed_again_and_again(self) -> None:
        """Forty kills of one founding leave a record that works."""
        path = self.file("list.txt", "https://a.example/1\nhttps://a.example/2\nhttps://a.example/1\n")
        record, chance = self.record(), random.Random(SEED)
        for _ in range(40):
            killed_after(chance.uniform(0.001, 0.06), "import", path, "--data", record.directory)
        record.done("import", path)
        self.assertEqual(sorted(record.locators()), ["https://a.example/1", "https://a.example/2"])
        self.assertEqual(record.query("SELECT count(*) FROM installations"), [(1,)])
        self.assertSound(record)

    def complete(self, record: Record, path: object) -> None:
        ended = record.run("import", str(path), "--json")
        self.assertEqual(ended.code, OK, ended.said)
        counts = ended.json()
        self.assertEqual((counts["lines"], counts["rejected"]), (3, 0))
        self.assertEqual(record.locators(), ["https://a.example/1", "https://a.example/2"])
        self.assertEqual(record.query("SELECT count(*) FROM installations"), [(1,)])
        self.assertEqual(sorted(path.name for path in record.directory.iterdir() if path.is_dir()), ["keys"])
        self.assertSound(record)


@dataclass
class Sent:
    """What a client knows of its requests: answered, or not known."""

    answered: dict[str, bytes] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)


class KilledServer(EndToEnd):
    def test_acknowledged_requests(self) -> None:
        """Every acknowledged request is there after SIGKILL, once; a repeated one has no second effect."""
        chance = random.Random(SEED)
        record = self.record()
        record.imported("-", stdin=b"https://first.example/1\n")
        token = record.token("ana", "analyst")
        sent = Sent()
        for attempt in range(4):
            self.post_until_killed(record, token, sent, attempt, chance.randint(20, 600))
            self.assertSound(record)
        self.repeat_everything(record, token, sent)
        self.assertSound(record)

    def post_until_killed(self, record: Record, token: str, sent: Sent, attempt: int, answers: int) -> None:
        """Kills once so many more requests have been answered, others being under way."""
        server, before = Server(record), len(sent.answered)
        threads = [
            threading.Thread(target=self.post, args=(server, token, sent, f"{attempt}-{number}"))
            for number in range(8)
        ]
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + 60
        while len(sent.answered) < before + answers:
            self.assertLess(time.monotonic(), deadline, f"{len(sent.answered) - before} answers in a minute")
            self.assertIsNone(server.process.poll(), server.said())
            time.sleep(0.001)
        self.assertEqual(server.stop(signal.SIGKILL), -signal.SIGKILL)
        for thread in threads:
            thread.join()
        self.assertEqual(server.violations, [])

    @staticmethod
    def post(server: Server, token: str, sent: Sent, name: str) -> None:
        """Posts one request after the other until the server is gone."""
        for number in range(100_000):
            key = f"{name}-{number}"
            try:
                answer = server.report(token, key, f"https://kill.example/{key}")
            except (OSError, http.client.HTTPException):
                sent.unknown.add(key)
                return
            assert answer.status == 200, answer.body
            sent.answered[key] = answer.body

    def repeat_everything(self, record: Record, token: str, sent: Sent) -> None:
        present = set(record.locators())
        server = Server(record)
        try:
            for key, body in sent.answered.items():
                self.assertIn(f"https://kill.example/{key}", present)
                again = server.report(token, key, f"https://kill.example/{key}")
                self.assertEqual((again.status, again.body), (200, body))
                self.assertEqual(again.headers.get("idempotency-replayed"), "true")
            for key in sorted(sent.unknown):
                self.assertEqual(server.report(token, key, f"https://kill.example/{key}").status, 200)
        finally:
            self.assertEqual(server.stop(), OK)
        items = [item for item in record.items() if "kill.example" in item["locator"]]
        self.assertEqual(len(items), len(sent.answered) + len(sent.unknown))
        self.assertEqual(Counter(item["sightings"] for item in items), {0: len(items)})

"""A whole operation against the range: summary, journal, and what the providers got, held side by side."""

from __future__ import annotations

import hashlib
import os
import random
import re
import signal
import socket
import stat
import time
from collections import Counter, defaultdict
from typing import Any, ClassVar

import postgres
from range import (
    MEASURED,
    MEMBERS,
    OPENED,
    Attached,
    Event,
    Exercise,
    children,
    counted,
    effects,
    messages,
)
from support import (
    CANNOT_CREATE,
    INPUT_OUTPUT,
    OK,
    UNAVAILABLE,
    USAGE,
    EndToEnd,
    Record,
    Server,
    limit_file_size,
    run,
)

LARGE, SMALL = 2_600, 600
SEED = 20_261_124
HOUR, DAY = 3_600, 86_400
LOOKS = [HOUR, 6 * HOUR, *(days * DAY for days in (1, 3, 7, 14, 30, 60, 90))]
ROLES = {
    "item.reported": {"analyst"},
    "item.assessed": {"analyst"},
    "assessment.confirmed": {"reviewer"},
    "interest.registered": {"prosecutor"},
    "item.deconflicted": {"deconfliction_officer"},
    "item.cleared": {"deconfliction_officer"},
    "item.referred": {"coordinator"},
}
STAFF = (
    "analyst linguist reviewer deconfliction_officer coordinator signatory prosecutor evidence_custodian "
    "redress_officer auditor administrator"
).split()


class Exercises(EndToEnd):
    def exercise(self) -> Exercise:
        record = self.record()
        return Exercise(record.directory, record.store)


class Journal(Exercises):
    """One exercise of 2,600 reports, its journal exported once."""

    whole: ClassVar[Exercise]
    summary: ClassVar[dict[str, Any]]
    events: ClassVar[list[Event]]
    text: ClassVar[str]
    #: The facts of each operation item's `item.reported`, by the item.
    items: ClassVar[dict[str, Event]]

    @classmethod
    def prepare(cls) -> None:
        cls.whole = Exercise(cls.directory / "whole", postgres.make_schema() if postgres.is_chosen() else None)
        ended = cls.whole.conduct(LARGE)
        assert ended.code == OK and ended.err == "", ended.said
        assert ended.out.count("\n") == 1, ended.out
        cls.summary = ended.json()
        cls.text = cls.whole.export()
        cls.events = [Event.of(line) for line in cls.text.splitlines()]
        operation = next(event.subject for event in cls.events if event.type == "operation.opened")
        cls.items = {
            event.subject: event
            for event in cls.events
            if event.type == "item.reported" and event.facts["operation"] == operation
        }

    def of(self, kind: str) -> list[Event]:
        return [event for event in self.events if event.type == kind]

    def test_summary(self) -> None:
        """One JSON object with its members in order; the counts that follow from the number of reports."""
        self.assertEqual(list(self.summary), MEMBERS)
        self.assertRegex(self.summary["journal_root"], "^[0-9a-f]{64}$")
        for name in MEMBERS:
            kind = str if name == "journal_root" else (int, float) if name in MEASURED else int
            self.assertIsInstance(self.summary[name], kind, name)
        self.assertEqual(self.summary["items_reported"], LARGE)
        self.assertEqual(self.summary["items_unique"], LARGE - LARGE // 10)
        self.assertEqual(self.summary["providers"], 9)
        self.assertEqual(self.summary["looks"], 9 * self.summary["referred"])
        self.assertGreater(self.summary["wall_seconds"], 0)
        self.assertGreater(self.summary["peak_rss_mb"], 10)

    def test_counts(self) -> None:
        """Every count is the fold that docs/figures.md prints; the record is sound and replays."""
        folded = {name: value for name, value in self.summary.items() if name not in MEASURED}
        self.assertEqual(counted(self.text), folded)
        self.assertSound(self.whole)

    def test_shares(self) -> None:
        """Some 5 % turn out to be something else, some 2 % lie in an investigation; nothing else is missing."""
        unique = {event.facts["locator"] for event in self.items.values()}
        rejected = {event.subject for event in self.of("item.assessed") if event.facts["decision"] == "reject"}
        rejected &= set(self.items)
        self.assertBetween(len(rejected) / len(self.items), 0.035, 0.065)
        self.assertBetween(self.summary["held"] / len(unique), 0.01, 0.03)
        referred = {event.subject for event in self.of("item.referred")}
        doubles = {e.subject for e in self.of("item.deconflicted") if e.facts["result"] == "duplicate"}
        # What another unit had referred already is not referred again.
        self.assertEqual(set(self.items) - rejected - referred, doubles & set(self.items))
        there: dict[str, list[Event]] = defaultdict(list)
        for event in self.of("item.referred"):
            if event.subject in self.items:
                there[self.items[event.subject].facts["locator"]].append(event)
        double = {self.items[item].facts["locator"] for item in doubles & set(self.items)}
        self.assertEqual(double - set(there), set())
        for referrals in there.values():
            # Two units refer the same address only where both were cleared before either had referred it.
            self.assertLess(max(e.facts["clearance"] for e in referrals), min(e.index for e in referrals))

    def assertBetween(self, value: float, low: float, high: float) -> None:  # noqa: N802
        self.assertTrue(low <= value <= high, f"{value} is not within {low} and {high}")

    def test_effects(self) -> None:
        """Every delivery had one effect at the item's own provider, and providers got nothing else."""
        packs = {event.subject: event.facts.get("pack") for event in self.of("provider.registered")}
        addresses = {event.subject: event.personal["locator"] for event in self.of("item.reported")}
        referrals = {event.facts["referral"]: event for event in self.of("item.referred")}
        delivered = [event.facts["referral"] for event in self.of("dispatch.delivered")]
        lines = messages(self.whole.directory)
        opened = Counter(line["idempotency_key"] for line in lines if line["effect"] in OPENED)
        self.assertEqual(opened, Counter(delivered))
        self.assertEqual(set(opened.values()), {1})
        self.assertEqual({line["effect"] for line in lines} - OPENED, {None})
        self.assertEqual({line["kind"] for line in lines}, {"referral"})
        self.assertEqual({line["idempotency_key"] for line in lines}, set(delivered))
        for line in lines:
            referral = referrals[line["idempotency_key"]]
            expected = (packs[referral.facts["provider"]], addresses[referral.subject])
            self.assertEqual((line["provider"], line["locator"]), expected)
        # Some were said again, because the reply was lost or the provider was closed.
        self.assertGreater(len(lines), len(delivered))

    def test_people(self) -> None:
        """Whoever acted had the role for it; the second person is another one; desks answer for their provider."""
        roles = {event.subject: set(event.facts["roles"]) for event in self.of("user.added")}
        desks = {event.subject: event.facts["user"] for event in self.of("provider.desk_opened")}
        owner = next(event.facts["owner"] for event in self.of("installation.founded"))
        for kind, allowed in ROLES.items():
            for event in self.of(kind):
                self.assertTrue(roles[event.actor] & allowed, f"{kind} by {roles[event.actor]}")
        assessors = {event.index: event.actor for event in self.of("item.assessed")}
        agencies = {event.subject: event.facts["agency"] for event in self.of("user.added")}
        for event in self.of("assessment.confirmed"):
            assessor = assessors[event.facts["assessment"]]
            self.assertNotEqual(event.actor, assessor)
            self.assertNotEqual(agencies[event.actor], agencies[assessor])
        referrals = {event.facts["referral"]: event for event in self.of("item.referred")}
        for event in self.of("referral.answered"):
            provider = referrals[event.facts["referral"]].facts["provider"]
            # What stood in the reply to a delivery is the dispatcher's to record.
            self.assertIn(event.actor, (desks[provider], owner))
        by_desks = sum(event.actor != owner for event in self.of("referral.answered"))
        self.assertGreater(by_desks, self.summary["answered"] // 2)
        self.assertEqual({e.actor for e in self.of("looks.made") + self.of("dispatch.delivered")}, {owner})

    def test_nine_looks(self) -> None:
        """Each referred item is looked at 1 h, 6 h and 1 to 90 days after its delivery, never early."""
        delivered = {event.facts["report_index"]: event.at for event in self.of("dispatch.delivered")}
        looks: dict[int, list[float]] = defaultdict(list)
        for made in self.of("looks.made"):
            self.assertEqual(len(made.facts["items"]), len(made.facts["verdicts"]))
            for item in made.facts["items"]:
                looks[item].append(made.at - delivered[item])
        self.assertEqual(set(looks), set(delivered))
        for item, offsets in looks.items():
            late = [offset - due for offset, due in zip(offsets, LOOKS, strict=True)]
            self.assertTrue(all(0 <= seconds <= 2 * HOUR for seconds in late), f"item {item}: {late}")

    def test_copies(self) -> None:
        """What came back elsewhere is of an operation of its own, and related to what it is a copy of."""
        reported = {event.subject: event for event in self.of("item.reported")}
        related = self.of("item.related")
        self.assertGreater(len(related), 0)
        operations = {event.subject for event in self.of("operation.opened")}
        self.assertEqual(len(operations), 2)
        for event in related:
            self.assertNotIn(event.subject, self.items)
            self.assertIn(event.facts["original"], reported)
            self.assertIn(reported[event.subject].facts["operation"], operations)
            self.assertIn(event.facts["relation"], {"copy", "successor"})

    @postgres.on_sqlite_alone
    def test_nothing_leaves(self) -> None:
        """`serve` on the record of an exercise sends nothing and looks at nothing, whatever the clock says."""
        copy = self.whole.copy(self.record().directory)
        before = copy.size()
        server = Server(copy)
        time.sleep(2.5)
        self.assertEqual(server.stop(), OK)
        self.assertEqual(copy.size(), before)
        self.assertNotRegex(server.said(), "worker")


class SameSeed(Exercises):
    """What an exercise of 600 reports comes to, run again, interrupted, or asked for wrongly."""

    whole: ClassVar[Exercise]
    summary: ClassVar[dict[str, Any]]

    @classmethod
    def prepare(cls) -> None:
        cls.whole = Exercise(cls.directory / "whole", postgres.make_schema() if postgres.is_chosen() else None)
        cls.summary = cls.whole.conducted(SMALL)

    def folded(self, summary: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in summary.items() if name not in MEASURED}

    def assertSameOperation(self, resumed: Exercise, summary: dict[str, Any]) -> None:  # noqa: N802
        """An interrupted exercise came to the same as the one that ran through."""
        for name in "items_reported items_unique assessed confirmed held referred providers".split():
            self.assertEqual(summary[name], self.summary[name], name)
        self.assertEqual(effects(resumed.directory), effects(self.whole.directory))
        keys = Counter((m["idempotency_key"], m["kind"]) for m in messages(resumed.directory) if m["effect"])
        self.assertEqual(set(keys.values()), {1})
        self.assertEqual(counted(resumed.export()), self.folded(summary))
        self.assertSound(resumed)

    def test_root(self) -> None:
        """The same seed gives the same journal and the same messages; another seed another one."""
        again = self.exercise()
        self.assertEqual(self.folded(again.conducted(SMALL)), self.folded(self.summary))
        self.assertEqual(self.received(again), self.received(self.whole))
        other = self.exercise().conducted(100, "another")
        self.assertEqual(other["items_unique"], 90)
        self.assertNotEqual(other["journal_root"], self.exercise().conducted(100, "1")["journal_root"])

    def received(self, exercise: Exercise) -> list[tuple[Any, ...]]:
        """What providers got; providers are sent to beside one another, so that their lines interleave otherwise."""
        members = "provider at idempotency_key locator kind answer effect".split()
        return sorted(
            tuple(str(line[name]) for name in members) for line in messages(exercise.directory)
        )

    def test_killed(self) -> None:
        """Killed while it is founded and at six points, it ends with the same effects, each of them once."""
        chance, exercise = random.Random(SEED), self.exercise()
        for milliseconds in (15, 30, 45, 60):
            process = exercise.begin(SMALL)
            time.sleep(milliseconds / 1_000)
            process.kill()
            process.communicate()
        size = self.summary["journal_size"]
        points = [1, *sorted(chance.randrange(100, size) for _ in range(5))]
        for point in points:
            process = exercise.begin(SMALL)
            exercise.await_leaves(point, process)
            process.kill()
            said = process.communicate()
            self.assertEqual(process.returncode, -signal.SIGKILL, said)
        self.assertSameOperation(exercise, exercise.conducted(SMALL))

    def test_range_killed(self) -> None:
        """Its range killed in the middle, it ends with a sentence, and goes on when it is run again."""
        exercise = self.exercise()
        process = exercise.begin(SMALL)
        exercise.await_leaves(self.summary["journal_size"] // 3, process)
        (child,) = children(process)
        os.kill(child, signal.SIGKILL)
        _, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, UNAVAILABLE, err)
        self.assertRegex(err.decode(), r"(?s)^cordon: the range is not there.*run the same command again")
        self.assertSameOperation(exercise, exercise.conducted(SMALL))

    def test_stopped(self) -> None:
        """Asked to stop on its way it says so, and goes on when it is run again."""
        exercise = self.exercise()
        for number, share in ((signal.SIGTERM, 0.3), (signal.SIGINT, 0.6)):
            process = exercise.begin(SMALL)
            exercise.await_leaves(int(self.summary["journal_size"] * share), process)
            process.send_signal(number)
            out, err = process.communicate(timeout=10)
            self.assertEqual((process.returncode, out), (UNAVAILABLE, b""), err)
            self.assertRegex(err.decode(), "^cordon: the exercise was stopped on its way: run the same command")
        self.assertSameOperation(exercise, exercise.conducted(SMALL))

    @postgres.on_sqlite_alone
    def test_finished(self) -> None:
        """An exercise that is over is shown again, without anything new happening to the items."""
        copy = Exercise(self.whole.copy(self.record().directory).directory)
        summary = copy.conducted(SMALL)
        measured = {"journal_size", "journal_root", *MEASURED}
        for name in set(MEMBERS) - measured:
            self.assertEqual(summary[name], self.summary[name], name)
        self.assertEqual(messages(copy.directory), messages(self.whole.directory))
        added = {event.type for event in copy.events()[self.summary["journal_size"] :]}
        self.assertEqual(added, {"token.created"})

    @postgres.on_sqlite_alone
    def test_full_disk(self) -> None:
        """A full disk ends it with a sentence; with room it goes on."""
        exercise = self.exercise()
        ended = exercise.conduct(SMALL, before=limit_file_size(2_000_000))
        self.assertEnds(ended, INPUT_OUTPUT, "^cordon: the disk is full")
        self.assertSameOperation(exercise, exercise.conducted(SMALL))

    def test_another_one(self) -> None:
        """In a directory of another exercise, or of a record, nothing is begun and nothing changed."""
        record = self.record()
        record.imported("-", stdin=b"https://first.example/1\n")
        for directory, arguments, phrase in (
            (self.whole, ("--items", "600", "--seed", "2"), "an exercise of 600 items and seed 1: use those"),
            (self.whole, ("--items", "700", "--seed", "1"), "an exercise of 600 items and seed 1: use those"),
            (record, ("--items", "600"), "holds a record that is no exercise"),
        ):
            before = self.contents(directory)
            self.assertEnds(directory.run("exercise", *arguments), USAGE, phrase)
            self.assertEqual(self.contents(directory), before)

    def contents(self, record: Record) -> dict[str, str]:
        """The digest of each file; SQLite's own index into its log may be written by any reader."""
        paths = [path for path in record.directory.rglob("*") if path.is_file() and path.suffix != ".db-shm"]
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}

    def test_two_at_once(self) -> None:
        """A second one in the same directory is told that there is one already, and does the first no harm."""
        exercise = self.exercise()
        process = exercise.begin(SMALL)
        exercise.await_leaves(1_000, process)
        process.send_signal(signal.SIGSTOP)
        try:
            second = exercise.conduct(SMALL)
        finally:
            process.send_signal(signal.SIGCONT)
        self.assertEnds(second, UNAVAILABLE, "^cordon: another exercise runs in ")
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, OK)
        self.assertEqual(effects(exercise.directory), effects(self.whole.directory))


class WrongInput(Exercises):
    def test_arguments(self) -> None:
        """What can't be an exercise is said before anything is made."""
        for arguments, code, phrase in (
            (("--items", "0"), USAGE, "--items is 10 to 5000000"),
            (("--items", "9"), USAGE, "--items is 10 to 5000000"),
            (("--items", "many"), USAGE, "--items"),
            (("--seed", ""), USAGE, "--seed is 1 to 100 bytes of text"),
            (("--port", "70000"), USAGE, "--port is 0 to 65535"),
            (("--store", "mysql://localhost/x"), USAGE, "sqlite:DIR or postgresql://"),
            (("--data", "/dev/null/x"), CANNOT_CREATE, "^cordon: /dev/null/x can't be created"),
            (("--data", "/proc/none"), CANNOT_CREATE, "^cordon: /proc/none can't be created"),
            (("--data", "x", "--store", "sqlite:y"), USAGE, "choose one"),
        ):
            with self.subTest(arguments):
                self.assertEnds(run("exercise", *arguments), code, phrase)

    def test_port_taken(self) -> None:
        """A port that another has is said; with another one the same directory works."""
        exercise = self.exercise()
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            ended = exercise.run("exercise", "--items", "100", "--serve", "--port", str(other.getsockname()[1]))
        self.assertEnds(ended, UNAVAILABLE, "can't be listened on", "another program")
        self.assertEqual(exercise.conducted(100)["items_unique"], 90)


class Served(Exercises):
    def test_accounts(self) -> None:
        """`--serve` leaves the console open, with an account for each role; SIGTERM ends it."""
        exercise = self.exercise()
        process = exercise.begin(100, "1", "--serve", "--port", "0")
        assert process.stderr is not None and process.stdout is not None
        said = ""
        while (found := re.search(r"is open at http://127\.0\.0\.1:(\d+)", said)) is None:
            line = process.stderr.readline().decode()
            self.assertNotEqual(line, "", said)
            said += line
        path = exercise.directory / "accounts.txt"
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        lines = [line.split() for line in path.read_text().splitlines() if not line.startswith("#")]
        self.assertEqual(sorted(name for name, _ in lines), sorted(STAFF))
        server = Attached(exercise, process, port=int(found[1]))
        for name, password in lines:
            answer = server.request("POST", "/api/v1/sessions", body={"name": name, "password": password})
            self.assertEqual(answer.status, 201, answer.body)
            me = server.request("GET", "/api/v1/me", token=answer.json()["token"]).json()
            self.assertEqual(me["roles"], [name])
        self.assertEqual(server.violations, [])
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=10), OK)
        process.stdout.close()
        process.stderr.close()
        self.assertSound(exercise)

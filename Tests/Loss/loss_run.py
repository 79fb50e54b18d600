"""One run: senders and receivers that are killed, a line that loses, a meddler between them, and people at work."""

from __future__ import annotations

import json
import random
import secrets
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "EndToEnd"))

from effect_check import check  # noqa: E402 (the path is set above)
from killable import Killable  # noqa: E402
from namespaces import ADDRESSES, LossyLine, Trouble  # noqa: E402
from person import Person  # noqa: E402
from range import Attached, Event, messages, reported  # noqa: E402
from support import OK, Record, program  # noqa: E402
from tally import Plan, Tally  # noqa: E402

#: How many of a hundred referrals go to each provider that can be reached.
SHARES = {"wave": 27, "depot": 20, "strata": 20, "chorus": 14, "mosaic": 12, "pigeon": 7}
# It takes forty requests in a quarter of an hour: all that is for it is referred at once, and nothing taken back.
SCARCE = "pigeon"
SCARCE_MOST = 40
RANGE_PORT, MEDDLER_PORT = 8090, 8091
LEASE_SECONDS = 3
SENDERS = ("dispatch", "dispatch", "dispatch,looks")
SETTLING_SECONDS = 240


class Run:
    """One run on a record that is not there yet, in a directory of its own."""

    def __init__(self, plan: Plan, record: Record, directory: Path, say: Callable[[str], None]) -> None:
        self.plan, self.record, self.directory, self.say = plan, record, directory, say
        self.tally = Tally(plan.seed)
        self.chance = random.Random(f"{plan.seed} kills")
        self.stopped = threading.Event()
        self.processes: list[Killable] = []
        self.helpers: list[threading.Thread] = []
        self.broken: list[str] = []

    # MARK: Setting up

    def conduct(self) -> Tally:
        """Does all of it. Throws ``Trouble`` where it could not be done; whatever was started is gone afterwards."""
        began = time.monotonic()
        self.line = LossyLine(self.plan.loss_percent)
        try:
            self._set_up()
            self._work()
            self._settle()
            self._end()
        finally:
            self._stop_helpers()
            for process in self.processes:
                process.abandon()
            self.line.stop()
        self._judge()
        self.tally.seconds = round(time.monotonic() - began, 1)
        return self.tally

    def _set_up(self) -> None:
        self.addresses = self._addresses()
        self.record.imported("-", stdin=b"https://first.example/1\n")
        first = self.record.token("ana", "analyst", "deconfliction_officer")
        second = self.record.token("rita", "reviewer", "coordinator")
        secret = secrets.token_hex(32)
        self._keep(self.record.directory / "keys/providers.json", {"depot": {"webhook_secret": secret}})
        credentials = self._keep(self.directory / "credentials.json", {"webhook_secret": secret})
        there, here = self.line.receiver.enter, self.line.sender.enter
        self.range_command = [
            *there, program(), "range", "--dir", str(self.directory / "range"), "--seed", self.plan.seed,
            "--items", str(self._world()), "--port", str(RANGE_PORT), "--real-time", "--credentials", str(credentials),
        ]
        self.range = self._add("range", self.range_command, "Listening on")
        helper = [sys.executable, "-B"]
        forwarder = [*there, *helper, str(HERE / "forwarder.py"), ADDRESSES[1], str(RANGE_PORT)]
        self.forwarder = self._add("forwarder", forwarder, "ready", True)
        options = ["--port", str(MEDDLER_PORT), "--to", f"{ADDRESSES[1]}:{RANGE_PORT}", "--seed", self.plan.seed]
        options += ["--log", str(self.directory / "meddler.jsonl")]
        options += ["--calm", "--planted"] if self.plan.is_planted else []
        self.meddler = self._add("meddler", [*here, *helper, str(HERE / "meddler.py"), *options], "ready", True)
        self.web = self._add("web", self._serve("web"), "Listening on")
        self.senders = [
            self._add(f"sender-{number}", [*here, *self._serve(roles)], "Listening on")
            for number, roles in enumerate(SENDERS)
        ]
        attached = Attached(self.record, self.web.process, self.web.log)
        self.person = Person(attached, first, second, self.plan.seed)

    def _world(self) -> int:
        return max(400, 7 * self.plan.referrals)

    def _addresses(self) -> dict[str, list[str]]:
        """What is referred, by provider: addresses of the range's world."""
        found: dict[str, list[str]] = {}
        for report in reported(self.directory / "still", self.plan.seed, self._world()):
            words = report["address"].split("/")[2].split(".")
            found.setdefault({"wv": "wave"}.get(words[-2], words[-2]), []).append(report["address"])
        taken = {}
        for pack, share in SHARES.items():
            if self.plan.is_planted and pack == "depot":
                # Its signature would show that somebody changed the keys.
                continue
            distinct = list(dict.fromkeys(found[pack]))
            count = max(1, round(self.plan.referrals * share / 100))
            taken[pack] = distinct[: min(count, SCARCE_MOST) if pack == SCARCE else count]
        return taken

    @staticmethod
    def _keep(path: Path, content: Any) -> Path:
        path.write_text(json.dumps(content))
        path.chmod(0o600)
        return path

    def _serve(self, roles: str) -> list[str]:
        return [
            program(), "serve", *self.record.where, "--port", "0", "--roles", roles,
            "--range", f"127.0.0.1:{MEDDLER_PORT}", "--lease-seconds", str(LEASE_SECONDS),
        ]

    def _add(self, name: str, command: list[str], ready: str, keeps_input: bool = False) -> Killable:
        process = Killable(command, self.directory / f"{name}.log", ready, keeps_input)
        self.processes.append(process)
        process.await_ready()
        return process

    # MARK: Trouble

    def _work(self) -> None:
        """People refer in portions and take some back, while processes are killed."""
        for body in [self._cut_pauses, *([] if self.plan.is_planted else [self._kill])]:
            self.helpers.append(threading.Thread(target=self._guarded, args=(body,)))
            self.helpers[-1].start()
        ends = time.monotonic() + self.plan.seconds
        portions = self._portions(1 if self.plan.is_planted else 12)
        self.person.refer(portions[0])
        scarce = set(self.person.decided.referred)
        for number, portion in enumerate(portions[1:], 1):
            self.person.refer(portion)
            while time.monotonic() < ends - self.plan.seconds * (1 - 0.8 * number / len(portions)):
                self._take_back(scarce)
                time.sleep(0.7)
        while time.monotonic() < ends and not self.plan.is_planted:
            self._take_back(scarce)
            time.sleep(1)

    def _portions(self, count: int) -> list[list[str]]:
        """The scarce one's first, then all others' in so many parts."""
        others = [address for pack, found in self.addresses.items() if pack != SCARCE for address in found]
        random.Random(f"{self.plan.seed} portions").shuffle(others)
        return [self.addresses[SCARCE], *(others[number::count] for number in range(count))]

    def _take_back(self, scarce: set[str]) -> None:
        """One that waits or is on its way, and now and then one that the provider has; a sixth in all at most."""
        if 6 * len(self.person.decided.retracted) > len(self.person.decided.referred):
            return
        possible = self.person.decided.referred - scarce
        self.person.retract_one("waiting", possible)
        if self.person.chance.random() < 0.3:
            self.person.retract_one("delivered", possible)

    def _guarded(self, body: Callable[[], None]) -> None:
        try:
            body()
        except Exception as error:  # noqa: BLE001 (a thread that dies silently would make the run an easy one)
            self.broken.append(f"{body.__name__}: {error!r}")

    def _kill(self) -> None:
        """Kills one of them every few seconds and starts it again a little later."""
        ends = time.monotonic() + self.plan.seconds
        number = 0
        while time.monotonic() < ends and not self.stopped.wait(self.chance.uniform(1, 3)):
            # Every third time it is the receiver.
            number += 1
            process = self.chance.choice(self.senders) if number % 3 else self.range
            process.kill()
            self.stopped.wait(self.chance.uniform(0.1, 1.5))
            process.start()

    def _cut_pauses(self) -> None:
        """A sender waits for minutes before it tries again. We don't have them."""
        while not self.stopped.wait(0.5):
            soon = int((time.time() + 1) * 1e6)
            query = "UPDATE leases SET next_try_at = ? WHERE next_try_at > ?"
            self.record.change(query, soon, soon)

    # MARK: The end

    def _settle(self) -> None:
        """Waits until nothing waits any more; nobody is killed now, but the line loses as before."""
        waiting = (
            "SELECT count(*) AS waiting FROM referrals WHERE refused_idx IS NULL AND"
            " (delivered_idx IS NULL AND retracted_idx IS NULL OR must_recall = 1 AND recalled_idx IS NULL)"
        )
        deadline = time.monotonic() + SETTLING_SECONDS
        while left := self.record.query(waiting)[0][0]:
            self._refuse_broken()
            if time.monotonic() > deadline:
                raise Trouble(f"{left} messages are not delivered {SETTLING_SECONDS} s after the last kill")
            time.sleep(0.5)

    def _end(self) -> None:
        """What the meddler still holds arrives, and then all of them end in their own way."""
        self.say("everything is delivered; late copies are waited for")
        self._expect("meddler", self.meddler.finish(120))
        self._stop_helpers()
        self._refuse_broken()
        for number, sender in enumerate(self.senders):
            self._expect(f"sender {number}", sender.finish())
        self._expect("range", self.range.finish())
        self._expect("web", self.web.finish())
        (to_senders, to_range) = self.line.counted()
        self.tally.packets = to_senders["came"] + to_range["came"]
        self.tally.dropped_to_the_senders = to_senders["dropped"]
        self.tally.dropped_to_the_range = to_range["dropped"]

    def _stop_helpers(self) -> None:
        """Nothing is started again after this."""
        self.stopped.set()
        for helper in self.helpers:
            helper.join()

    def _refuse_broken(self) -> None:
        """Whoever killed or cut has to be well, and nobody may have ended but by us."""
        ended = [f"{one.command} ended by itself: {one.said()[-2_000:]}" for one in self.processes if one.died]
        if self.broken or ended:
            raise Trouble("; ".join(self.broken + ended))

    def _expect(self, name: str, code: int) -> None:
        if code != OK:
            self.tally.unsound.append(f"{name} ended with {code}")

    def _judge(self) -> None:
        """From the range's file, the exported journal, and what people were told."""
        tally = self.tally
        log = [json.loads(line) for line in (self.directory / "meddler.jsonl").read_text().splitlines()]
        taken = [line for line in log if "fate" in line and line["keys"]]
        with_messages = {line["number"] for line in taken}
        passed = [line for line in log if "why" in line and line["number"] in with_messages]
        tally.requests, tally.passed_on = len(taken), len(passed)
        tally.overtaken = sum(line["overtaken"] for line in passed)
        tally.fates = dict(sorted(Counter(line["fate"] for line in taken).items()))
        tally.range_kills = self.range.kills
        tally.sender_kills = sum(sender.kills for sender in self.senders)
        tally.retracted_by_people = len(self.person.decided.retracted)
        export = self.record.done("journal", "export").out
        events = [Event.of(line) for line in export.splitlines()]
        tally.findings = check(messages(self.directory / "range"), events, self.person.decided)
        sound = self.record.run("verify", "--replay")
        if sound.code != OK:
            tally.unsound.append(f"verify --replay: {sound.said}")
        tally.unsound += sorted(set(self.person.web.violations))

"""A failover, from two servers that are there to what is held against the record afterwards."""

from __future__ import annotations

import itertools
import random
import shutil
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from clients import CheckpointFollower, Desk, Exercising, HeadFollower, Ledger, Line, Program, Reporter
from findings import Findings, ask_again, check_effects, check_heads, check_secret, leaves_of, verify
from servers import Pair, Trouble

EXERCISE, DESK = "exercise", "desk"
REPORTERS = 8
SERVING = 2
# An exercise of so many reports leaves about so many entries for each.
ENTRIES_PER_REPORT = 9
# Without its line the standby misses what is acknowledged in this time.
HELD_BACK_SECONDS = 2.0


@dataclass(frozen=True)
class Plan:
    """What a run is asked to do."""

    cordon: Path
    items: int
    seed: str
    kills: int
    #: Replication is asynchronous, and the standby has been cut off when the primary dies.
    is_planted: bool


@dataclass
class Failover:
    """One change of places."""

    entries: int
    promoted_seconds: float
    #: From the kill to the first acknowledgement after it.
    silent_seconds: float | None = None


@dataclass
class Drill:
    """One run; `stop` may be called at any time."""

    plan: Plan
    directory: Path
    failovers: list[Failover] = field(default_factory=list)
    kills: int = 0
    desks: list[Desk] = field(default_factory=list)
    threads: list[threading.Thread] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.began = time.monotonic()
        self.chance = random.Random(f"{self.plan.seed} failover")
        self.stopped = threading.Event()
        self.ledger = Ledger()
        servers = self.directory / "servers"
        servers.mkdir()
        # Their own directories let nobody in; to get there, their user has to come through.
        self.directory.chmod(0o711)
        self.pair = Pair(servers, synchronous=not self.plan.is_planted)
        self.program = self._program(EXERCISE)
        self.desk_program = self._program(DESK)
        self.exercising = Exercising(self.program, self.plan.items, self.plan.seed, lambda: self.kills)
        self.head_follower = HeadFollower(self.pair.follow(EXERCISE), self.stopped)

    def _program(self, name: str) -> Program:
        own = self.directory / name
        own.mkdir(mode=0o700)
        return Program(self.plan.cordon, self.pair.address(name), own / "data", own / "stderr.log")

    def say(self, what: str) -> None:
        print(f"{time.monotonic() - self.began:6.1f} s  {what}", file=sys.stderr, flush=True)

    # MARK: The course of it

    def run(self) -> Findings:
        kind = "synchronous" if self.pair.synchronous else "asynchronous"
        self.say(f"a primary and its {kind} standby, each flushing to disk")
        self.pair.start(EXERCISE, DESK)
        self._begin_work()
        for number in range(1, self.plan.kills + 1):
            self._await_moment(number)
            self._fail_over(number)
            if number < self.plan.kills:
                self.pair.rebuild()
                self.say("the server that was killed is the standby now, and waited for")
        self._end_work()
        return self._look()

    def _begin_work(self) -> None:
        self.desk_program.done("import", "-", stdin=b"https://first.example/1\n")
        tokens = {role: self._token(role) for role in ("analyst", "auditor")}
        self.desks = [Desk(self.desk_program) for _ in range(SERVING)]
        self.ports = [desk.port for desk in self.desks]
        self.analyst = tokens["analyst"]
        self.checkpoints = CheckpointFollower(Line(self.ports[0], tokens["auditor"]), self.stopped)
        reporters = [
            Reporter(f"client{number}", Line(port, self.analyst), self.ledger, self.stopped)
            for number, port in zip(range(REPORTERS), itertools.cycle(self.ports))
        ]
        self.threads = [self.head_follower, self.checkpoints, *reporters]
        for thread in [self.exercising, *self.threads]:
            thread.start()
        self.say(f"an exercise of {self.plan.items} reports; {REPORTERS} clients at {SERVING} serving processes")

    def _token(self, role: str) -> str:
        self.desk_program.done("user", "add", role, "--role", role)
        return self.desk_program.done("token", "create", "--user", role).strip()

    def _await_moment(self, number: int) -> None:
        """A random point of this kill's share of the exercise, and a random moment after it."""
        share = (number - 1 + self.chance.uniform(0.2, 0.8)) / (self.plan.kills + 0.3)
        wanted = int(share * self.plan.items * ENTRIES_PER_REPORT)
        while self.head_follower.heads.latest < wanted and self.exercising.is_alive():
            time.sleep(0.01)
        if not self.exercising.is_alive():
            self.say(self.exercising.failure or "the exercise is over: only the clients work on")
        if self.plan.is_planted:
            self.say("planted: the standby is cut off, and nobody waits for it")
            self.pair.hold_back()
            time.sleep(HELD_BACK_SECONDS)
        time.sleep(self.chance.uniform(0, 0.3))

    def _fail_over(self, number: int) -> None:
        entries = self.head_follower.heads.latest
        self.say(f"kill {number} of {self.plan.kills}, at {entries} entries of the exercise")
        self.kills += 1
        at = time.monotonic()
        self.pair.fail_over()
        failover = Failover(entries, time.monotonic() - at)
        self.failovers.append(failover)
        self._await_acknowledgement(failover, at)

    def _await_acknowledgement(self, failover: Failover, killed: float) -> None:
        """Until a client was told yes by the new primary."""
        promoted = killed + failover.promoted_seconds
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            later = next((time_ for time_ in reversed(self.ledger.times[-200:]) if time_ <= promoted), None)
            times = [time_ for time_ in self.ledger.times[-200:] if time_ > promoted]
            if times:
                failover.silent_seconds = min(times) - (later or killed)
                self.say(
                    f"promoted after {failover.promoted_seconds:.2f} s; "
                    f"clients without an answer for {failover.silent_seconds:.2f} s"
                )
                return
            time.sleep(0.02)
        raise Trouble("no client got an answer within 90 s of the failover: see the logs with --keep")

    def _end_work(self) -> None:
        self.say("waiting for the end of the exercise")
        self.exercising.join()
        time.sleep(0.5)
        self.stopped.set()
        self.head_follower.stop()
        for thread in self.threads:
            thread.join(timeout=120)
            if thread.is_alive():
                raise Trouble(f"{thread.name} does not come to its end")

    def _look(self) -> Findings:
        found = Findings()
        if self.exercising.failure:
            found.exercise.append(self.exercising.failure)
        self.say(f"asking for {len(self.ledger.replies)} acknowledged reports again")
        ask_again(self.ledger, [(port, self.analyst) for port in self.ports], found)
        for desk in self.desks:
            if (code := desk.stop()) != 0:
                found.exercise.append(f"serve ended with {code}")
        self.say("recomputing the roots that were seen; verifying by replay")
        for name, heads in ((EXERCISE, self.head_follower.heads), (DESK, self.checkpoints.heads)):
            check_heads(name, heads, leaves_of(self.pair.primary, name), found)
        for name, program in ((EXERCISE, self.program), (DESK, self.desk_program)):
            verify(name, program, found)
        check_effects(self.program.done("journal", "export"), self.program.data / "range.jsonl", found)
        for name in (EXERCISE, DESK):
            check_secret(self.pair.password, self.directory / name, found)
        return found

    def stop(self) -> None:
        """Ends everything that runs."""
        self.stopped.set()
        self.exercising.stop()
        self.head_follower.stop()
        for desk in self.desks:
            desk.stop()
        if self.exercising.ident is not None:
            self.exercising.join(timeout=15)
        self.pair.stop()

    def summary(self, found: Findings) -> dict[str, Any]:
        heads = self.exercising.summary or {}
        return {
            "items": self.plan.items,
            "seed": self.plan.seed,
            "replication": "synchronous" if self.pair.synchronous else "asynchronous",
            "failovers": [
                {
                    "entries": failover.entries,
                    "promoted_seconds": round(failover.promoted_seconds, 3),
                    "silent_seconds": failover.silent_seconds and round(failover.silent_seconds, 3),
                }
                for failover in self.failovers
            ],
            "exercise_was_run_again": len(self.exercising.endings),
            "exercise_root": heads.get("journal_root"),
            **found.counts(),
            "wall_seconds": round(time.monotonic() - self.began, 1),
        }


def conduct(plan: Plan, keep: bool) -> tuple[dict[str, Any], Findings]:
    """One run in a directory of its own, which is gone afterwards, as is everything that was started."""
    directory = Path(tempfile.mkdtemp(prefix="cordon-failover-"))
    drill = None
    try:
        drill = Drill(plan, directory)
        found = drill.run()
        return drill.summary(found), found
    finally:
        if drill is not None:
            drill.stop()
        if keep:
            print(f"everything is left in {directory}", file=sys.stderr)
        else:
            shutil.rmtree(directory, ignore_errors=True)

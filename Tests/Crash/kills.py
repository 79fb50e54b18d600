"""Kills the server again and again under load; what was acknowledged is asked of each restart over HTTP.

Knows the command line and the API alone, so that it runs on any store.
"""

from __future__ import annotations

import signal
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from load import Acknowledged, Ledger, Load, found
from program import Client, Failure, Server, Store


@dataclass
class Kills:
    """What the loops came to."""

    kills: int = 0
    acknowledged: int = 0
    unknown: int = 0
    asked: int = 0

    def summary(self) -> dict[str, int]:
        return dict(self.__dict__)


def run(store: Store, work: Path, seconds: float, seed: int, say: Callable[[str], None]) -> Kills:
    """Loops until the time is over, at least three times; throws what was lost."""
    chance, done, ledger = Random(f"{seed}"), Kills(), Ledger()
    found(store, ledger)
    deadline = time.monotonic() + seconds
    while done.kills < 3 or time.monotonic() < deadline:
        before = len(ledger.acknowledged)
        server = Server(store, work / "killed.log").started()
        load = Load(server, ledger, f"kill-{seed}-{done.kills}").start(reporters=8, deciders=2)
        # By what was answered, so that there is something to lose however slow the machine is; then at any moment.
        await_acknowledged(ledger, before + chance.randrange(40, 120), server)
        time.sleep(chance.uniform(0, 0.6))
        code = server.stop(signal.SIGKILL)
        load.wait()
        if code != -signal.SIGKILL:
            raise Failure(f"serve ended by itself with {code}: {server.said()}")
        if ledger.refused:
            raise Failure(f"a request was refused: {ledger.refused[0]}")
        done.kills += 1
        done.unknown += len(ledger.unknown)
        server = Server(store, work / "restarted.log").started()
        fresh = ledger.acknowledged[before:]
        old = ledger.acknowledged[:before]
        done.asked += ask(server, ledger, fresh + chance.sample(old, min(50, len(old))))
        settle(server, ledger)
        server.stop()
        say(f"{done.kills} kills, {len(ledger.acknowledged):,} acknowledged, none lost")
    server = Server(store, work / "last.log").started()
    done.asked += ask(server, ledger, ledger.acknowledged)
    count_items(server, ledger)
    server.stop()
    store.verify()
    done.acknowledged = len(ledger.acknowledged)
    return done


def await_acknowledged(ledger: Ledger, count: int, server: Server) -> None:
    """Until so many requests are acknowledged."""
    deadline = time.monotonic() + 60
    while len(ledger.acknowledged) < count:
        if time.monotonic() > deadline:
            raise Failure(f"{len(ledger.acknowledged)} requests are acknowledged after a minute: {server.said()}")
        time.sleep(0.002)


def ask(server: Server, ledger: Ledger, acknowledged: list[Acknowledged]) -> int:
    """Throws unless each of them is there as it was answered."""
    client = Client(server.port, ledger.tokens["ana"])
    entries: dict[str, set[int]] = defaultdict(set)
    for one in acknowledged:
        if one.key is not None:
            repeat(client, one)
        if one.entry is not None:
            entries[one.entry[0]].add(one.entry[1])
    for item, indexes in entries.items():
        reply = client.ask("GET", f"/api/v1/items/{item}/history")
        if reply.status != 200:
            raise Failure(f"the history of {item} is answered with {reply.status}: {reply.body.decode()}")
        missing = indexes - {entry["journal_index"] for entry in reply.json()["history"]}
        if missing:
            raise Failure(f"the decisions {sorted(missing)} about {item} were acknowledged and are not on record")
    return len(acknowledged)


def repeat(client: Client, one: Acknowledged) -> None:
    """The same request again: the same reply, byte for byte, and no second effect."""
    ((address, _),) = one.reports.items()
    reply = client.report(one.key or "", address)
    if (reply.status, reply.body.decode(), reply.replayed) != (200, one.reply, True):
        raise Failure(f"{one.key} was answered with {one.reply} and is now with {reply.status}, {reply.body.decode()}")


def settle(server: Server, ledger: Ledger) -> None:
    """Requests whose reply was lost are sent again: each has one effect, whether it had one before or not."""
    client = Client(server.port, ledger.tokens["ana"])
    for key, address in list(ledger.unknown.items()):
        del ledger.unknown[key]
        ledger.note(key, address, client.report(key, address))
    if ledger.refused:
        raise Failure(f"a repeated request was refused: {ledger.refused[0]}")


def count_items(server: Server, ledger: Ledger) -> None:
    """Each address is on record once, and nothing that nobody sent."""
    client, after, seen = Client(server.port, ledger.tokens["ana"]), -1, []
    while after is not None:
        reply = client.ask("GET", f"/api/v1/items?limit=1000&after={after}")
        if reply.status != 200:
            raise Failure(f"the list of items is answered with {reply.status}: {reply.body.decode()}")
        page = reply.json()
        seen += [(item["locator"], item["sightings"]) for item in page["items"]]
        after = page["next"]
    expected = sorted((address, 0) for one in ledger.acknowledged for address in one.reports)
    if sorted(seen) != expected:
        raise Failure(f"{len(seen)} items are on record, {len(expected)} were acknowledged, or some were sighted twice")

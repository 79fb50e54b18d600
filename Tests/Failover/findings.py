"""What is held against the record once everything is quiet: from outside, by its own arithmetic."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "EndToEnd"))

from clients import Heads, Ledger, Line, Program
from merkle import leaf_hash, node_hash, sha256
from servers import Node, as_postgres, with_postgres


@dataclass
class Findings:
    """Numbers, each with what it was found in; nothing may be above zero but the first group."""

    acknowledged: int = 0
    acknowledged_after_a_retry: int = 0
    heads_seen: int = 0
    leaves: int = 0
    delivered: int = 0
    effects: int = 0
    lost: list[str] = field(default_factory=list)
    changed_replies: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    heads_that_are_no_prefix: list[str] = field(default_factory=list)
    two_effects: list[str] = field(default_factory=list)
    delivered_without_effect: list[str] = field(default_factory=list)
    effects_not_on_record: list[str] = field(default_factory=list)
    unsound: list[str] = field(default_factory=list)
    told_a_secret: list[str] = field(default_factory=list)
    exercise: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        return {name: value if isinstance(value, int) else len(value) for name, value in vars(self).items()}

    def faults(self) -> dict[str, list[str]]:
        return {name: value for name, value in vars(self).items() if isinstance(value, list) and value}


# MARK: Acknowledged reports


def ask_again(ledger: Ledger, lines: Iterable[tuple[int, str]], found: Findings) -> None:
    """Each acknowledged request once more, under its key: the same bytes, and said to be a repetition."""
    found.acknowledged = len(ledger.replies)
    found.acknowledged_after_a_retry = ledger.repeated
    found.unanswered += sorted(ledger.unanswered)
    found.refused += ledger.refused
    places, local = list(lines), threading.local()
    keys = sorted(ledger.replies)

    def ask(position: int) -> None:
        if not hasattr(local, "line"):
            # Every process answers for every other one.
            local.line = Line(*places[position % len(places)])
        key = keys[position]
        answer = local.line.report(key) or local.line.report(key)
        if answer is None or answer[0] != 200:
            found.lost.append(f"{key}: {answer[0] if answer else 'no answer'}")
        elif answer[1].get("idempotency-replayed") != "true":
            found.lost.append(f"{key}: taken as new")
        elif answer[2] != ledger.replies[key]:
            found.changed_replies.append(f"{key}: {ledger.replies[key]!r} is now {answer[2]!r}")

    with ThreadPoolExecutor(max_workers=8) as pool:
        list(pool.map(ask, range(len(keys))))


# MARK: Heads


def leaves_of(node: Node, database: str) -> Iterator[bytes]:
    """The bytes of each leaf, as the database has them."""
    command = [str(with_postgres.find("psql")), "-X", "-At", "-h", str(node.directory), "-p", str(node.port)]
    command += ["-U", "cordon", "-d", database, "-c", "COPY (SELECT encode(leaf, 'hex') FROM journal ORDER BY index) TO STDOUT"]
    with subprocess.Popen(as_postgres(command), stdout=subprocess.PIPE, text=True, cwd="/") as process:
        assert process.stdout is not None
        for line in process.stdout:
            yield bytes.fromhex(line)


def roots_at(sizes: set[int], leaves: Iterable[bytes]) -> tuple[int, dict[int, str]]:
    """How many leaves there are, and the root of the first so many of them for each size (RFC 9162, 2.1.1)."""
    complete: list[bytes] = []  # roots of complete subtrees, the largest first
    size, found = 0, {0: sha256().hex()}
    for leaf in leaves:
        size += 1
        complete.append(leaf_hash(leaf))
        for _ in range((size & -size).bit_length() - 1):
            right, left = complete.pop(), complete.pop()
            complete.append(node_hash(left, right))
        if size in sizes:
            root = complete[-1]
            for left in reversed(complete[:-1]):
                root = node_hash(left, root)
            found[size] = root.hex()
    return size, found


def check_heads(name: str, heads: Heads, leaves: Iterable[bytes], found: Findings) -> None:
    """Every head that was ever seen is the head of a beginning of the journal as it is now."""
    size, roots = roots_at(set(heads.roots), leaves)
    found.leaves += size
    found.heads_seen += sum(map(len, heads.roots.values()))
    for at, seen in sorted(heads.roots.items()):
        if at > size:
            found.heads_that_are_no_prefix.append(f"{name}: a journal of {at} entries was seen, and has {size} now")
        elif seen != {roots[at]}:
            others = ", ".join(sorted(root[:12] for root in seen - {roots[at]}))
            found.heads_that_are_no_prefix.append(f"{name}: at {at} entries the root was {others}, now {roots[at][:12]}")


# MARK: Effects


def check_effects(export: str, messages: Path, found: Findings) -> None:
    """What the providers got against what the record says that they got."""
    referred, delivered = set(), set()
    for line in export.splitlines():
        entry = json.loads(line)
        if entry["type"] == "item.referred":
            referred.add(json.loads(entry["facts"])["referral"])
        elif entry["type"] == "dispatch.delivered":
            delivered.add(json.loads(entry["facts"])["referral"])
    effects: Counter[tuple[str, str]] = Counter()
    for line in messages.read_text().splitlines():
        message = json.loads(line)
        if message["effect"] is not None:
            effects[message["idempotency_key"], message["kind"]] += 1
    opened = {key for key, kind in effects if kind == "referral"}
    found.delivered, found.effects = len(delivered), sum(effects.values())
    found.two_effects += [f"{key} ({kind}): {count}" for (key, kind), count in effects.items() if count > 1]
    found.delivered_without_effect += sorted(delivered - opened)
    found.effects_not_on_record += [
        f"{key}: " + ("not delivered, as the record has it" if key in referred else "never referred, as the record has it")
        for key in sorted(opened - delivered)
    ]


# MARK: The record itself


def verify(name: str, program: Program, found: Findings) -> None:
    """`cordon verify --replay`: every table is rebuilt from the journal and compared."""
    ended = program.run("verify", "--replay", "--json")
    try:
        report = json.loads(ended.stdout)
    except ValueError:
        found.unsound.append(f"{name}: verify ended with {ended.returncode}: {ended.stderr.decode().strip()}")
        return
    if ended.returncode != 0 or not report["sound"]:
        found.unsound.append(f"{name}: {json.dumps(report['findings'][:3])}")


def check_secret(secret: str, directory: Path, found: Findings) -> None:
    """The password of the store stands in nothing that the program said or left."""
    for path in sorted(directory.rglob("*")):
        if path.is_file() and secret.encode() in path.read_bytes():
            found.told_a_secret.append(str(path.relative_to(directory)))

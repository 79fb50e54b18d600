"""Checks one image of a record after a power cut, and needs nothing of the program for it but its file.

    python3 Tests/Crash/image.py IMAGE --ledger LEDGER --keys KEYS --required N

The file is opened by the same SQLite, which recovers it from its log. Then the engine's own check must pass, the
journal must be a chain without a gap whose tree is the one that the head tells, and everything that was acknowledged
before the cut must be there: the item, and the reply that is kept for the key.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sqlite3
import sys
import uuid
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from load import Acknowledged, Ledger, key_digest
from program import Failure

import merkle  # found through `program`, which names the directory

ROWS = "SELECT idx, leaf, facts, facts_salt, personal, personal_salt FROM journal ORDER BY idx"
Row = tuple[int, bytes, bytes, bytes, bytes | None, bytes | None]


class Lost(Failure):
    """Something acknowledged is not there."""


class LostFile(Lost):
    """A whole file is not there: its name was not durable."""


class Corrupt(Failure):
    """What is there does not fit together."""


def digest(files: Iterable[tuple[str, bytes | bytearray]]) -> bytes:
    """SHA-256 of a directory's content: names, lengths and bytes."""
    total = hashlib.sha256()
    for path, content in files:
        total.update(f"{len(path)}:{path}{len(content)}:".encode())
        total.update(content)
    return total.digest()


class Journal:
    """Leaves that were checked once, so that an image with the same rows is compared and not hashed again."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.hashes: list[bytes] = []
        self.roots = [merkle.root([])]
        self.segments: list[tuple[int, str]] = []
        self._edge: list[bytes] = []
        self._tiles: dict[int, dict[tuple[int, int], bytes]] = {}

    def admit(self, rows: list[Row]) -> None:
        """Throws unless each row is a sound leaf in its place; keeps what is new."""
        known = min(len(rows), len(self.rows))
        if rows[:known] != self.rows[:known]:
            # Another history than the one seen so far: an honest image has none.
            raise Corrupt(f"leaf {self._first_difference(rows)} is not the one that was recorded")
        for row in rows[known:]:
            self._append(row)

    def _first_difference(self, rows: list[Row]) -> int:
        return next(at for at, (one, other) in enumerate(zip(rows, self.rows)) if one != other)

    def _append(self, row: Row) -> None:
        told = check_leaf(len(self.rows), row)
        if told["type"] == "looks.made":
            self.segments.append((row[0], json.loads(row[2])["segment"]))
        self.rows.append(row)
        self.hashes.append(merkle.leaf_hash(row[1]))
        self._edge.append(self.hashes[-1])
        size = len(self.hashes)
        # RFC 9162, 2.1.1: subtrees that are complete are joined; one for each trailing zero of the size.
        for _ in range((size & -size).bit_length() - 1):
            right = self._edge.pop()
            self._edge.append(merkle.node_hash(self._edge.pop(), right))
        root = self._edge[-1]
        for left in reversed(self._edge[:-1]):
            root = merkle.node_hash(left, root)
        self.roots.append(root)

    def tiles(self, size: int) -> dict[tuple[int, int], bytes]:
        """The tiles that are stored for a journal of this size: see decision 0007."""
        full = size // 256
        if full not in self._tiles:
            self._tiles[full] = merkle.tiles(self.hashes[: full * 256])
        return self._tiles[full]


def check_leaf(index: int, row: Row) -> dict[str, Any]:
    """The leaf, which must say its own index, and commit to each payload."""
    number, leaf, facts, facts_salt, personal, personal_salt = row
    told = json.loads(leaf)
    if number != index or told["index"] != index:
        raise Corrupt(f"leaf {index} has the index {number} and says {told['index']}")
    if hashlib.sha256(facts_salt + facts).hexdigest() != told["facts_commitment"]:
        raise Corrupt(f"leaf {index}: the facts are not what was committed to")
    if personal is None or personal_salt is None:
        if personal is not personal_salt or told["personal_commitment"] is not None:
            raise Corrupt(f"leaf {index}: its personal part is missing")
    elif hashlib.sha256(personal_salt + personal).hexdigest() != told["personal_commitment"]:
        raise Corrupt(f"leaf {index}: the personal part is not what was committed to")
    return told


class Checker:
    """Checks images of one recording."""

    def __init__(self, ledger: Ledger, keys: dict[str, bytes]) -> None:
        self.acknowledged = ledger.in_order()
        self.keys = keys
        self.journal = Journal()
        self._digests = {a.key: key_digest(a.key) for a in self.acknowledged if a.key is not None}

    def check(self, record: Path, required: int) -> None:
        """Throws what is wrong with the image in which the first `required` acknowledgements must be."""
        database = record / "cordon.db"
        if not database.exists():
            if required:
                raise LostFile(f"cordon.db is not there, and {required} writes were acknowledged")
            return
        if required:
            self._check_keys(record)
        # Reading leaves the image as it is, but a rollback journal has to be played back by a writer.
        mode = "rw" if (record / "cordon.db-journal").exists() else "ro"
        try:
            with closing(sqlite3.connect(f"file:{database}?mode={mode}", uri=True)) as connection:
                self._check_engine(connection)
                size = self._check_journal(connection)
                self._check_acknowledged(connection, size, required)
                self._check_segments(record, size)
        except sqlite3.DatabaseError as error:
            raise Corrupt(f"SQLite: {error}") from error

    def _check_keys(self, record: Path) -> None:
        """A record without its locator key recognises nothing; `keys.new` is taken up by the next start."""
        for name, content in self.keys.items():
            places = [record / folder / name for folder in ("keys", "keys.new")]
            if not any(place.exists() and place.read_bytes() == content for place in places):
                raise LostFile(f"the key {name} is gone, and writes were acknowledged")

    def _check_segments(self, record: Path, size: int) -> None:
        """What an event names by its digest was on the disk before the event was."""
        for index, segment in self.journal.segments:
            if index >= size:
                return
            path = record / "blobs" / segment[:2] / segment[2:]
            if not path.exists():
                raise LostFile(f"event {index} names the segment {segment}, which is not there")
            if hashlib.sha256(path.read_bytes()).hexdigest() != segment:
                raise Corrupt(f"the segment {segment} of event {index} has other bytes")

    @staticmethod
    def _check_engine(connection: sqlite3.Connection) -> None:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
        if found != ["ok"]:
            raise Corrupt(f"integrity_check: {'; '.join(found)}")

    def _check_journal(self, connection: sqlite3.Connection) -> int:
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if "journal" not in tables:
            return 0
        rows = connection.execute(ROWS).fetchall()
        self.journal.admit(rows)
        head = connection.execute("SELECT size, root FROM journal_head").fetchall()
        if head != [(len(rows), self.journal.roots[len(rows)])] and (head or rows):
            raise Corrupt(f"journal_head is not that of the {len(rows)} leaves")
        stored = connection.execute("SELECT level, idx, hashes FROM journal_tiles")
        tiles = {(level, index): hashes for level, index, hashes in stored}
        if tiles != self.journal.tiles(len(rows)):
            raise Corrupt(f"journal_tiles are not those of the {len(rows)} leaves")
        return len(rows)

    def _check_acknowledged(self, connection: sqlite3.Connection, size: int, required: int) -> None:
        if not required:
            return
        if not size:
            raise Lost(f"the journal is empty, and {required} writes were acknowledged")
        replies = {
            key: (status, reply)
            for key, status, reply in connection.execute("SELECT key_digest, status, reply FROM requests")
        }
        items = dict(connection.execute("SELECT locator, id FROM items"))
        commands = {("user", row[0]) for row in connection.execute("SELECT name FROM users")}
        of_tokens = "SELECT name FROM tokens JOIN users ON users.row = tokens.user_row"
        commands |= {("token", row[0]) for row in connection.execute(of_tokens)}
        for one in self.acknowledged[:required]:
            self._check_one(one, replies, items, commands, size)

    def _check_one(
        self,
        one: Acknowledged,
        replies: dict[bytes, tuple[int, str]],
        items: dict[str, bytes],
        commands: set[tuple[str, str]],
        size: int,
    ) -> None:
        for address, identifier in one.reports.items():
            found = items.get(address)
            if found is None or (identifier is not None and found != uuid.UUID(identifier).bytes):
                raise Lost(f"{address} was acknowledged and is not on record ({size} leaves)")
        if one.key is not None and replies.get(self._digests[one.key]) != (200, one.reply):
            raise Lost(f"the reply to the request {one.key} was given and is not kept ({size} leaves)")
        if one.command is not None and one.command not in commands:
            raise Lost(f"the {one.command[0]} of {one.command[1]} was made and is not on record ({size} leaves)")
        if one.entry is not None:
            item, index = one.entry
            if index >= size or json.loads(self.journal.rows[index][1])["subject"] != item:
                raise Lost(f"the decision {index} about {item} was acknowledged and is not on record ({size} leaves)")


def keys_of(folder: Path) -> dict[str, bytes]:
    """The key files that a record had when its recording ended."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def main() -> int:
    parser = argparse.ArgumentParser(description="Checks one image again.")
    parser.add_argument("image", type=Path)
    parser.add_argument("--ledger", type=Path, required=True)
    parser.add_argument("--keys", type=Path, required=True, help="the folder of the recording's keys")
    parser.add_argument("--required", type=int, required=True, help="how many acknowledgements must be there")
    arguments = parser.parse_args()
    try:
        checker = Checker(Ledger.read(arguments.ledger), keys_of(arguments.keys))
        checker.check(arguments.image / "record", arguments.required)
    except Failure as failure:
        print(f"{type(failure).__name__}: {failure}")
        return 1
    print("sound")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Whatever is changed behind the program's back, `cordon verify --replay --checkpoint OLD` shows it.

The tables and columns are read from the database, so that new ones are covered by themselves.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tempfile
import unittest
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, ClassVar

import merkle
from support import CHECK_FAILED, CONFIGURATION, OK, Description, EndToEnd, Ended, Record, Server, serving

PASSWORD = b"correct horse battery staple\n"
SECRET_ADDRESS = "https://erasable.example/hidden-4711"
# A watch begins when a provider takes a delivery; the record under test has no provider that would.
# `TamperingConformance` has a row of it.
WITHOUT_ROWS = ("watches",)
# Who works on what now: no part of the record, and nothing that could be compared (decision 0021).
OPERATING = ("leases",)

# How a finding names what lies in the journal's own tables.
PLACES = {
    "journal": r"leaf -?\d+|journal",
    "journal_tiles": r"tile/|journal_tiles",
    "journal_head": "head",
    "checkpoints": "checkpoint",
}
Change = Callable[[sqlite3.Connection], object]


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    name: str
    type: str
    is_nullable: bool
    is_key: bool


@dataclass(frozen=True)
class Tampering:
    """A change to a copy of the database, and what the verdict must name."""

    name: str
    place: str
    change: Change


def is_refused_as_newer(case: Tampering, ended: Ended) -> bool:
    """A raised schema version is the one change that ends earlier: with the refusal of a newer database."""
    is_version = case.name.startswith(("schema_migrations", "projections"))
    return is_version and ended.code == CONFIGURATION and "newer Cordon" in ended.said


def loosened(change: Change) -> Change:
    """Makes a change that the tables' strict types forbid, as somebody with the file would."""

    def loosely(connection: sqlite3.Connection) -> None:
        layout = connection.execute("SELECT sql, name FROM sqlite_master WHERE sql LIKE '%STRICT'").fetchall()
        rewrite(
            connection,
            [(sql.removesuffix("STRICT").rstrip().removesuffix(","), name) for sql, name in layout],
        )
        change(connection)
        rewrite(connection, layout)

    return loosely


def rewrite(connection: sqlite3.Connection, layout: list[tuple[str, str]]) -> None:
    """Gives tables other definitions without looking at their rows."""
    connection.commit()
    connection.execute("PRAGMA writable_schema = ON")
    connection.executemany("UPDATE sqlite_master SET sql = ? WHERE name = ?", layout)
    connection.commit()
    connection.execute("PRAGMA writable_schema = RESET")


class RichRecord(EndToEnd):
    """A record that has a row in every table, some 2,000 leaves, and checkpoints kept outside."""

    original: ClassVar[Record]
    checkpoint: ClassVar[Path]
    before_erasure: ClassVar[dict[int, str]]
    erased_item: ClassVar[str]
    _made: ClassVar[tuple[Path, dict[int, str], str] | None] = None

    @classmethod
    def prepare(cls) -> None:
        if RichRecord._made is None:
            RichRecord._made = cls._make(Path(tempfile.mkdtemp(prefix="cordon-tamper-")))
            unittest.addModuleCleanup(cls._forget)
        made, cls.before_erasure, cls.erased_item = RichRecord._made
        shutil.copytree(made, cls.directory, dirs_exist_ok=True)
        cls.original, cls.checkpoint = Record(cls.directory / "record"), cls.directory / "kept.txt"

    @staticmethod
    def _forget() -> None:
        assert RichRecord._made is not None
        shutil.rmtree(RichRecord._made[0], ignore_errors=True)
        RichRecord._made = None

    @classmethod
    def _make(cls, directory: Path) -> tuple[Path, dict[int, str], str]:
        record = Record(directory / "record")
        lines = [f"https://h{n % 40}.example/page/{n}" for n in range(1_700)] + [SECRET_ADDRESS]
        (directory / "list.txt").write_text("\n".join(lines + lines[:100]) + "\n")
        record.imported(directory / "list.txt", "--operation", "Action day")
        record.done("agency", "add", "Second unit")
        record.done("user", "add", "paula", "--role", "analyst", "--password-stdin", stdin=PASSWORD)
        record.done("user", "add", "otto", "--role", "auditor", "--agency", "Second unit")
        record.done("user", "roles", "otto", "--role", "auditor", "--role", "analyst")
        record.done("token", "create", "--user", "otto", "--label", "feed", "--expires-in-days", "9")
        token = record.done("token", "create", "--user", "paula").out.strip()
        cls._serve(record, token)
        revoked = record.done("token", "list").out.splitlines()[0].split()[0]
        record.done("token", "revoke", revoked)
        secret = [item for item in record.items() if item["locator"] == SECRET_ADDRESS][0]
        proofs = {
            index: record.done("journal", "prove", str(index)).out
            for index in (0, secret["journal_index"], 1_000)
        }
        record.done("item", "erase", secret["id"], "--basis", "led-16")
        (directory / "kept.txt").write_text(record.done("journal", "checkpoint").out)
        more = "".join(f"https://later.example/{n}\n" for n in range(99))
        record.imported("-", stdin=more.encode())
        # Everything into the file itself, so that a copy of it is a copy of the record.
        with closing(sqlite3.connect(record.database)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return directory, proofs, secret["id"]

    @classmethod
    def _serve(cls, record: Record, token: str) -> None:
        with serving(record) as server:
            for number in range(3):
                server.report(token, f"key-{number}", f"https://api.example/{number}")
            cls._work(record, server)
            for closing_again in False, True:
                body = {"name": "paula", "password": PASSWORD.decode().strip()}
                session = server.request("POST", "/api/v1/sessions", body=body).json()["token"]
                if closing_again:
                    server.request("DELETE", "/api/v1/sessions/current", token=session)

    @staticmethod
    def _work(record: Record, server: Server) -> None:
        """Two items go as far as the outbox, one of them held on the way; an outlet, a case, a provider's desk."""
        roles = "analyst reviewer deconfliction_officer coordinator prosecutor".split()
        tokens = {role: record.token(f"a {role}", role) for role in roles}
        tokens["other"] = record.token("an officer", "deconfliction_officer", agency="Second unit")
        record.done("user", "add", "desk", "--role", "provider")
        record.done("provider", "connect", "chorus", "desk")

        def ask(role: str, path: str, body: dict[str, Any], method: str = "POST") -> Any:
            answer = server.request(method, f"/api/v1{path}", token=tokens[role], body=body)
            if answer.status not in (200, 201, 204):
                raise AssertionError(f"{path}: {answer.status} {answer.body!r}")
            return answer.json() if answer.body else None

        operation = ask("coordinator", "/operations", {"name": "Lights"})["id"]
        ask("coordinator", f"/operations/{operation}/agencies", {"name": "Second unit"})
        ask("coordinator", f"/operations/{operation}/h-hour", {"at": "2099-01-01T00:00:00Z"}, "PUT")
        addresses = [f"https://chorus.example/choir/{number}" for number in range(2)]
        until = (datetime.now(timezone.utc) + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M:%SZ")
        for address in addresses:
            ask("other", "/interests", {"address": address, "until": until, "note": "a file"})
        reply = server.report(tokens["analyst"], "work", *addresses, operation="Lights")
        items = [result["id"] for result in reply.json()["results"]]
        exemptions = dict.fromkeys(Description.of_sources().examples["/api/v1/assessments", "POST"]["exemptions"], False)
        for item in items:
            assessed = {"item": item, "decision": "refer", "categories": ["THREAT"], "exemptions": exemptions}
            index = ask("analyst", "/assessments", assessed)["results"][0]["journal_index"]
            ask("reviewer", "/confirmations", {"item": item, "assessment": index, "agrees": True})
            held = ask("deconfliction_officer", "/deconflictions", {"item": item})["results"][0]["journal_index"]
            ask("coordinator", "/hold-overrides", {"item": item, "hold": held, "reason": "an attack is announced"})
            ask("deconfliction_officer", "/clearances", {"item": item})
            ask("coordinator", "/referrals", {"item": item, "release": "h_hour", "clause": "4.2"})
        ask("coordinator", "/retractions", {"item": items[0], "reason": "a newspaper"})
        ask("analyst", "/relations", {"item": items[0], "relation": "copy", "original": items[1]})
        for name in "The Beacon", "The Lamp":
            outlet = ask("analyst", "/outlets", {"name": name, "operation": operation})["id"]
            day = {"day": "2026-11-01", "posts": 3, "accounts": 2, "reach": 900}
            ask("analyst", f"/outlets/{outlet}/observations", {"days": [day]})
            case = ask("prosecutor", "/cases", {"reference": name, "operation": operation})["id"]
            fact = {"kind": "search", "happened_at": "2026-11-01T08:00:00Z", "note": "a flat"}
            ask("prosecutor", f"/cases/{case}/facts", fact)

    def copy(self) -> Record:
        """A copy of the record with its keys."""
        copy = self.record()
        copy.directory.mkdir()
        shutil.copytree(self.original.directory / "keys", copy.directory / "keys")
        shutil.copyfile(self.original.database, copy.database)
        return copy

    def tampered(self, change: Change) -> Record:
        copy = self.copy()
        with closing(sqlite3.connect(copy.database, isolation_level=None)) as connection:
            connection.execute("PRAGMA foreign_keys = OFF")
            change(connection)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return copy

    def verify(self, record: Record, *options: str | Path) -> Ended:
        return record.run("verify", "--replay", "--checkpoint", self.checkpoint, *options)

    def check(self, cases: list[Tampering]) -> None:
        """Each tampering is shown, with its place."""
        self.assertTrue(cases)
        with ThreadPoolExecutor(max_workers=max(2, os.cpu_count() or 2)) as pool:
            for case, ended in zip(cases, pool.map(self._try, cases)):
                with self.subTest(case.name):
                    if is_refused_as_newer(case, ended):
                        continue
                    self.assertEqual(ended.code, CHECK_FAILED, ended.said)
                    self.assertRegex(ended.said, case.place)

    def _try(self, case: Tampering) -> Ended:
        copy = self.tampered(case.change)
        try:
            return self.verify(copy)
        finally:
            shutil.rmtree(copy.directory, ignore_errors=True)

    def tables(self) -> list[str]:
        return [
            name
            for name, in self.original.query(
                "SELECT name FROM sqlite_master "
                "WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
            )
            if name not in WITHOUT_ROWS + OPERATING
        ]

    def columns(self, table: str) -> list[Column]:
        return [
            Column(name, kind.upper(), not required, bool(key))
            for _, name, kind, required, _, key in self.original.query(f"PRAGMA table_info({table})")
        ]

    def place(self, table: str) -> str:
        return PLACES.get(table, rf"\b{table}\b")


class Cells(RichRecord):
    """One cell changed, in every column of every table."""

    def test_each_table_has_rows(self) -> None:
        """The record under test has a row in every table, or the tests below would show nothing."""
        empty = [name for name in self.tables() if not self.original.query(f"SELECT 1 FROM {name} LIMIT 1")]
        self.assertEqual(empty, [])

    def test_untouched(self) -> None:
        """The record itself is sound, and so is a copy."""
        self.assertSound(self.original, "--checkpoint", self.checkpoint)
        self.assertEqual(self.verify(self.copy()).code, OK)

    def test_every_column(self) -> None:
        """A changed value, a value taken away and a value added: each is shown, in each column."""
        cases = [
            case
            for table in self.tables()
            for column in self.columns(table)
            for case in self.changes(table, column)
        ]
        self.assertGreater(len(cases), 100)
        self.check(cases)

    def test_every_column_type(self) -> None:
        """A value of another SQLite type that reads alike is shown, in each column."""
        cases = []
        for table in self.tables():
            for column in self.columns(table):
                if (filled := self.row(table, f"{column.name} IS NOT NULL")) is not None:
                    for kind, changed in self.retyped(filled[1][column.name]):
                        case = self.setting(table, column, filled[0], kind, changed)
                        cases.append(Tampering(case.name, case.place, loosened(case.change)))
        self.check(cases)

    def changes(self, table: str, column: Column) -> Iterator[Tampering]:
        """The changes to one cell of this column."""
        filled = self.row(table, f"{column.name} IS NOT NULL")
        if filled is not None:
            where, value = filled[0], filled[1][column.name]
            for kind, changed in self.changed(value):
                yield self.setting(table, column, where, kind, changed)
            if column.is_nullable:
                yield self.setting(table, column, where, "null", None)
        if column.is_nullable and (missing := self.row(table, f"{column.name} IS NULL")) is not None:
            added = {"INTEGER": 1, "TEXT": "x"}.get(column.type, b"0123456789abcdef")
            yield self.setting(table, column, missing[0], "added", added)

    def row(self, table: str, condition: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """The middle one of the rows that fulfil a condition: its key, and all of it."""
        columns = self.columns(table)
        keys = [column.name for column in columns if column.is_key]
        count = self.original.query(f"SELECT count(*) FROM {table} WHERE {condition}")[0][0]
        if count == 0:
            return None
        found = self.original.query(
            f"SELECT * FROM {table} WHERE {condition} ORDER BY {', '.join(keys)} LIMIT 1 OFFSET ?", count // 2
        )[0]
        row = dict(zip([column.name for column in columns], found))
        return {key: row[key] for key in keys}, row

    @staticmethod
    def changed(value: Any) -> Iterator[tuple[str, Any]]:
        """Slightly other values: one more, one bit, one character."""
        if isinstance(value, int):
            yield "one more", value + 1
        elif isinstance(value, bytes):
            yield "a bit", value[:-1] + bytes([value[-1] ^ 1]) if value else b"\0"
            yield "shorter", value[:-1]
            yield "longer", value + b"\0"
        else:
            yield "a character", ("y" if value[:1] == "x" else "x") + value[1:]
            yield "longer", value + " "
            yield "cut at NUL", value + "\0hidden"

    @staticmethod
    def retyped(value: Any) -> Iterator[tuple[str, Any]]:
        """Values that a careless reader takes for the same."""
        if isinstance(value, int):
            yield "as text", f"{value}x"
            yield "as fraction", value + 0.5
        elif isinstance(value, str):
            yield "as blob", value.encode()
        elif value.isascii():
            yield "as text", value.decode()

    def setting(self, table: str, column: Column, where: dict[str, Any], kind: str, value: Any) -> Tampering:
        condition = " AND ".join(f"{key} = ?" for key in where)

        def change(connection: sqlite3.Connection) -> None:
            sql = f"UPDATE {table} SET {column.name} = ? WHERE {condition}"
            try:
                done = connection.execute(sql, [value, *where.values()])
            except sqlite3.IntegrityError:
                # Another row has this value: one that none has.
                other = value + 1_000_003 if isinstance(value, int) else None
                if other is None:
                    # SQLite itself refuses it (a row key is an integer): a change that it lets through.
                    top = connection.execute(f"SELECT max({column.name}) FROM {table}").fetchone()[0]
                    other = top + 77 if isinstance(top, int) else b"\xff" * 16
                done = connection.execute(sql, [other, *where.values()])
            if done.rowcount != 1:
                raise AssertionError(f"{sql} changed {done.rowcount} rows")

        return Tampering(f"{table}.{column.name}: {kind}", self.place(table), change)


class Rows(RichRecord):
    """Rows deleted, added, exchanged."""

    def test_deleted_row(self) -> None:
        """A row deleted from any table is shown: the first, one in the middle, the last."""
        cases = []
        for table in self.tables():
            if table in ("checkpoints", "schema_migrations"):
                continue
            keys = ", ".join(column.name for column in self.columns(table) if column.is_key)
            count = self.original.query(f"SELECT count(*) FROM {table}")[0][0]
            for offset in sorted({0, count // 2, count - 1}):
                cases.append(
                    Tampering(f"{table}, row {offset}", self.place(table), self.deleting(table, keys, offset))
                )
        self.check(cases)

    def test_deleted_migration(self) -> None:
        """A database without its list of migrations is shown."""
        self.check(
            [
                Tampering(
                    "schema_migrations", "schema_migrations", self.deleting("schema_migrations", "version", 0)
                )
            ]
        )

    def test_deleted_checkpoint(self) -> None:
        """A checkpoint that was kept beside the journal may go: those that count are kept elsewhere."""
        copy = self.tampered(self.deleting("checkpoints", "size", 0))
        self.assertEqual(self.verify(copy).code, 0)

    @staticmethod
    def deleting(table: str, keys: str, offset: int) -> Change:
        return lambda connection: connection.execute(
            f"DELETE FROM {table} WHERE ({keys}) = "
            f"(SELECT {keys} FROM {table} ORDER BY {keys} LIMIT 1 OFFSET {offset})"
        )

    def test_extra_row(self) -> None:
        """A row added to any table is shown, behind the last and in front of the first."""
        self.check(
            [
                Tampering(f"{table}: a row more, {kind}", self.place(table), self.inserting(table, is_last))
                for table in self.tables()
                for kind, is_last in (("behind", True), ("in front", False))
                if is_last or table != "journal"
            ]
        )

    def test_extra_leaf_in_front(self) -> None:
        """A row in front of leaf 0 is shown."""
        self.check([Tampering("leaf -1", self.place("journal"), self.inserting("journal", False))])

    def inserting(self, table: str, is_last: bool) -> Change:
        """Adds a copy of a row with other keys and other unique values."""
        columns = self.columns(table)
        single_key = sum(column.is_key for column in columns) == 1

        def change(connection: sqlite3.Connection) -> None:
            unique = {
                column[2]
                for index in connection.execute(f"PRAGMA index_list({table})").fetchall()
                if index[2]
                for column in connection.execute(f"PRAGMA index_info('{index[1]}')")
            }
            row = list(connection.execute(f"SELECT * FROM {table} LIMIT 1").fetchone())
            for position, column in enumerate(columns):
                value = row[position]
                if isinstance(value, int) and column.is_key:
                    most, least = connection.execute(
                        f"SELECT max({column.name}), min({column.name}) FROM {table}"
                    ).fetchone()
                    row[position] = most + 1 if is_last else least - 1
                elif column.name in unique or (column.is_key and single_key):
                    if column.type == "BLOB":
                        row[position] = os.urandom(16)
                    elif column.type == "TEXT":
                        row[position] = f"{value}x"
            marks = ", ".join("?" for _ in row)
            connection.execute(f"INSERT INTO {table} VALUES ({marks})", row)

        return change

    def test_exchanged_leaves(self) -> None:
        """Two leaves that change places are shown, alone or with all that belongs to them."""

        def swap(columns: str) -> Change:
            def change(connection: sqlite3.Connection) -> None:
                rows = [
                    connection.execute(f"SELECT {columns} FROM journal WHERE idx = ?", (index,)).fetchone()
                    for index in (700, 701)
                ]
                names = columns.split(", ")
                for index, row in zip((701, 700), rows):
                    connection.execute(
                        f"UPDATE journal SET {', '.join(f'{name} = ?' for name in names)} WHERE idx = ?",
                        [*row, index],
                    )

            return change

        everything = "subject, leaf, facts, facts_salt, personal, personal_salt"
        self.check(
            [
                Tampering("the leaves alone", r"leaf 70[01]", swap("leaf")),
                Tampering("the rows whole", r"leaf 70[01]", swap(everything)),
                Tampering("their facts", r"leaf 70[01]", swap("facts, facts_salt")),
                Tampering("their personal parts", r"leaf 70[01]", swap("personal, personal_salt")),
            ]
        )

    def test_flipped_bytes(self) -> None:
        """A byte flipped in a tile, a leaf, facts, a personal part or a salt is shown, with its place."""

        def flip(table: str, column: str, where: str, at: int) -> Change:
            def change(connection: sqlite3.Connection) -> None:
                value = bytearray(
                    connection.execute(f"SELECT {column} FROM {table} WHERE {where}").fetchone()[0]
                )
                value[at % len(value)] ^= 0x20
                connection.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (bytes(value),))

            return change

        tiles = [
            Tampering(
                f"tile {level}/{index} at {at}",
                f"tile/{level}/00{index}",
                flip("journal_tiles", "hashes", f"level = {level} AND idx = {index}", at),
            )
            for level, index in self.original.query("SELECT level, idx FROM journal_tiles")
            for at in (0, 31, 97)
        ]
        leaves = [
            Tampering(
                f"{column} of {index} at {at}", f"leaf {index}", flip("journal", column, f"idx = {index}", at)
            )
            for column in ("leaf", "facts", "facts_salt", "personal", "personal_salt")
            for index in (0, 511, 1_500)
            for at in (0, 13, -1)
        ]
        self.check(tiles + leaves)


class Rollback(RichRecord):
    """The last events taken back so that all the rest fits."""

    def test_recomputed_rollback(self) -> None:
        """A hundred events rolled back, tiles and head recomputed: only the checkpoint shows it."""
        newest = self.directory / "newest.txt"
        newest.write_text(self.copy_checkpoint())
        rolled_back = self.tampered(self.roll_back(100))
        within = rolled_back.run("verify")
        self.assertEqual(within.code, OK, within.said)
        outside = rolled_back.run("verify", "--checkpoint", newest)
        self.assertEqual(outside.code, CHECK_FAILED, outside.said)
        self.assertRegex(outside.said, rf"from leaf {self.original.size() - 100} on")

    def test_restored_copy(self) -> None:
        """An older copy of the whole database is sound in itself; the newer checkpoint shows it."""
        older = self.copy()
        newer = older.copy(self.directory / "newer")
        newer.imported("-", stdin=b"".join(b"https://n.example/%d\n" % n for n in range(100)))
        newest = self.directory / "newer.txt"
        newest.write_text(newer.done("journal", "checkpoint").out)
        self.assertSound(older, "--checkpoint", self.checkpoint)
        ended = older.run("verify", "--replay", "--checkpoint", newest)
        self.assertEqual(ended.code, CHECK_FAILED, ended.said)
        self.assertRegex(ended.said, f"from leaf {older.size()} on")

    def test_rewritten_end(self) -> None:
        """Another continuation of the same beginning, with the right keys, is not the one that was seen."""
        seen, other = self.copy(), self.copy()
        for record, name in (seen, "seen"), (other, "other"):
            lines = [f"https://{name}.example/{n}\n" for n in range(100)]
            record.imported("-", stdin="".join(lines).encode())
        note = self.file("seen.txt", seen.done("journal", "checkpoint").out)
        self.assertSound(other)
        ended = other.run("verify", "--checkpoint", note)
        self.assertEqual(ended.code, CHECK_FAILED, ended.said)
        self.assertRegex(ended.said, "not those that it saw")

    def test_foreign_checkpoint(self) -> None:
        """A checkpoint of another record, one with a false signature and one that is none are refused."""
        other = self.record()
        other.imported("-", stdin=b"https://a.example/1\n")
        cases = {
            "of another record": other.done("journal", "checkpoint").out,
            "with a changed root": self._with_changed_line(2, "A" * 43 + "="),
            "with a changed size": self._with_changed_line(1, "7"),
        }
        for name, note in cases.items():
            with self.subTest(name):
                ended = self.original.run("verify", "--checkpoint", self.file("note.txt", note))
                self.assertEqual(ended.code, CHECK_FAILED, ended.said)
        for name, note in {"empty": "", "text": "hello\n", "binary": b"\xff\x00\xfe"}.items():
            with self.subTest(name):
                ended = self.original.run("verify", "--checkpoint", self.file("note.txt", note))
                self.assertEqual(ended.code, 65, ended.said)

    def _with_changed_line(self, number: int, text: str) -> str:
        lines = self.checkpoint.read_text().split("\n")
        lines[number] = text
        return "\n".join(lines)

    def copy_checkpoint(self) -> str:
        """A checkpoint of all that is there, made in a copy."""
        return self.copy().done("journal", "checkpoint").out

    @staticmethod
    def roll_back(count: int) -> Change:
        """Takes back the last events, and all that would tell of them in the journal's own tables."""

        def change(connection: sqlite3.Connection) -> None:
            leaves = [leaf for leaf, in connection.execute("SELECT leaf FROM journal ORDER BY idx")]
            kept = [merkle.leaf_hash(leaf) for leaf in leaves[:-count]]
            size = len(kept)
            at = connection.execute("SELECT at FROM journal_head").fetchone()[0]
            instants = [merkle_instant(leaf) for leaf in (leaves[-1], leaves[size - 1])]
            connection.execute("DELETE FROM journal WHERE idx >= ?", (size,))
            connection.execute("DELETE FROM checkpoints WHERE size > ?", (size,))
            connection.execute("DELETE FROM journal_tiles")
            # Level 0 holds full tiles alone, the levels above their partial ones too (decision 0007).
            connection.executemany(
                "INSERT INTO journal_tiles VALUES (?, ?, ?)",
                [
                    (level, index, hashes)
                    for (level, index), hashes in merkle.tiles(kept).items()
                    if level > 0 or len(hashes) == 256 * 32
                ],
            )
            connection.execute(
                "UPDATE journal_head SET size = ?, root = ?, at = ?",
                (size, merkle.root(kept), at - (instants[0] - instants[1])),
            )

        return change


def merkle_instant(leaf: bytes) -> int:
    """The microseconds at which a leaf was written, from its bytes."""
    text = json.loads(leaf)["at"]
    instant = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
    since = instant - datetime(1970, 1, 1, tzinfo=timezone.utc)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


class Layout(RichRecord):
    """The layout of the database and the files beside it."""

    def test_schema(self) -> None:
        """A trigger, view, table or index more, less or other than the program makes is shown."""
        statements = {
            "a trigger more": "CREATE TRIGGER t AFTER INSERT ON items BEGIN DELETE FROM items; END",
            "a table more": "CREATE TABLE extra (x)",
            "a view more": "CREATE VIEW v AS SELECT * FROM items",
            "an index more": "CREATE INDEX i ON items (kind)",
            "a column more": "ALTER TABLE items ADD COLUMN x TEXT",
        }
        cases = [
            Tampering(name, "layout|object|table|can't be", lambda c, sql=sql: c.execute(sql))
            for name, sql in statements.items()
        ]
        for (
            kind,
            name,
        ) in self.original.query(
            "SELECT type, name FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
        ):
            cases.append(Tampering(f"no {name}", name, lambda c, sql=f"DROP {kind} {name}": c.execute(sql)))
        index = self.original.query(
            "SELECT name, tbl_name FROM sqlite_master WHERE sql LIKE 'CREATE INDEX%'"
        )[0]
        first = self.columns(index[1])[0].name

        def change_index(connection: sqlite3.Connection) -> None:
            connection.execute(f"DROP INDEX {index[0]}")
            connection.execute(f"CREATE INDEX {index[0]} ON {index[1]} ({first})")

        cases.append(Tampering("another index", index[0], change_index))
        self.check(cases)

    def test_index_that_lies(self) -> None:
        """An index that no longer says what its table says is shown."""

        def change(connection: sqlite3.Connection) -> None:
            name, table = connection.execute(
                "SELECT name, tbl_name FROM sqlite_master WHERE name = 'journal_subject'"
            ).fetchone()
            sql = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]
            page = connection.execute(
                "SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)
            ).fetchone()[0]
            connection.execute("PRAGMA writable_schema = ON")
            connection.execute("DELETE FROM sqlite_master WHERE name = ?", (name,))
            version = connection.execute("PRAGMA schema_version").fetchone()[0]
            connection.execute(f"PRAGMA schema_version = {version + 1}")
            connection.execute("UPDATE journal SET subject = subject || x'' WHERE 0")
            connection.execute("UPDATE tokens SET label = label WHERE 0")
            connection.execute(f"UPDATE {table} SET subject = x'00' WHERE idx = 5")
            connection.execute(
                "INSERT INTO sqlite_master VALUES ('index', ?, ?, ?, ?)", (name, table, page, sql)
            )
            connection.execute(f"PRAGMA schema_version = {version + 2}")
            subject = connection.execute("SELECT subject FROM journal NOT INDEXED WHERE idx = 5").fetchone()[
                0
            ]
            assert subject == b"\0"

        self.check([Tampering("journal_subject", r"leaf 5\b|index", change)])

    def test_keys(self) -> None:
        """Another public key beside the record, or a changed one, does not go unseen."""
        other = self.record()
        other.imported("-", stdin=b"https://a.example/1\n")
        exchanged = self.copy()
        shutil.copyfile(other.directory / "keys/journal.vkey", exchanged.directory / "keys/journal.vkey")
        self.assertEqual(self.verify(exchanged).code, CHECK_FAILED)
        changed = self.copy()
        key = changed.directory / "keys/journal.vkey"
        text = key.read_text()
        key.write_text(text[:-6] + ("A" if text[-6] != "A" else "B") + text[-5:])
        self.assertEnds(self.verify(changed), CONFIGURATION, "journal.vkey")
        honest = self.original.directory / "keys/journal.vkey"
        self.assertEqual(self.verify(exchanged, "--key", honest).code, OK)


class Erasure(RichRecord):
    """What was erased is gone, and everything else holds."""

    def test_erased_text_is_gone(self) -> None:
        """The erased address stands in no file of the record, in no form in which it was stored."""
        needles = [SECRET_ADDRESS.encode(), b"hidden-4711", b"erasable.example/hidden"]
        for path in self.original.directory.rglob("*"):
            if path.is_file():
                data = path.read_bytes()
                for needle in needles:
                    self.assertNotIn(needle, data, f"{path.name} still has {needle!r}")

    def test_erased_at_once(self) -> None:
        """The address is gone from database, log and shared memory while a server holds them open."""
        record = self.record()
        record.imported("-", stdin=(SECRET_ADDRESS + "\nhttps://stays.example/1\n").encode())
        with serving(record) as server:
            self.assertEqual(server.request("GET", "/readyz").status, 200)
            record.done("item", "erase", record.items()[0]["id"], "--basis", "gdpr-17")
            for path in sorted(record.directory.iterdir()):
                if path.is_file():
                    data = path.read_bytes()
                    self.assertNotIn(b"hidden-4711", data, path.name)
        self.assertSound(record)

    def test_export_shows_null(self) -> None:
        """The export shows null for the erased part and its salt, and keeps the commitment."""
        lines = self.original.done("journal", "export").lines()
        events = [line for line in lines if line["type"] == "item.erased"]
        self.assertEqual(len(events), 1)
        erased = json.loads(events[0]["facts"])["erased"]
        self.assertTrue(erased)
        for index in erased:
            line = lines[index]
            self.assertIsNone(line["personal"])
            self.assertIsNone(line["personal_salt"])
            self.assertRegex(line["personal_commitment"], "^[0-9a-f]{64}$")
        self.assertNotIn("hidden-4711", self.original.done("journal", "export").out)
        self.assertIsNone(self.original.done("item", "show", self.erased_item).json()["locator"])

    def test_older_proofs_hold(self) -> None:
        """Proofs made before the erasure prove the leaves as they are now."""
        lines = self.original.done("journal", "export").lines()
        for index, text in self.before_erasure.items():
            proof = merkle.Proof.parse(text)
            self.assertEqual(proof.index, index)
            self.assertTrue(proof.proves(bytes.fromhex(lines[index]["leaf_hash"])), index)

    def test_erased_parts_do_not_come_back(self) -> None:
        """A personal part put back, or another one taken away, is shown with its leaf."""
        erased = self.original.query(
            "SELECT idx FROM journal WHERE personal IS NULL "
            "AND NOT instr(CAST(leaf AS TEXT), '\"personal_commitment\":null')"
        )[0][0]
        self.check(
            [
                Tampering(
                    "put back",
                    f"leaf {erased}",
                    lambda c: c.execute(
                        "UPDATE journal SET personal = ?, personal_salt = ? WHERE idx = ?",
                        (b'{"locator":"https://other.example/"}', bytes(16), erased),
                    ),
                ),
                Tampering(
                    "salt alone",
                    f"leaf {erased}",
                    lambda c: c.execute(
                        "UPDATE journal SET personal_salt = ? WHERE idx = ?", (bytes(16), erased)
                    ),
                ),
                Tampering(
                    "another one taken away",
                    "leaf 900",
                    lambda c: c.execute(
                        "UPDATE journal SET personal = NULL, personal_salt = NULL WHERE idx = 900"
                    ),
                ),
            ]
        )

    def test_reported_again(self) -> None:
        """An address that was erased can be reported again, and the record stays sound."""
        record = self.record()
        record.imported("-", stdin=b"https://a.example/1\n")
        record.done("item", "erase", record.items()[0]["id"], "--basis", "retention")
        record.imported("-", stdin=b"https://a.example/1\nhttps://a.example/2\n")
        self.assertSound(record)
        self.assertIn("https://a.example/2", record.locators())

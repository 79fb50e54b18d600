"""Bad input and bad circumstances: a clear message, the documented exit code, and nothing is lost."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import socket
import sqlite3
import struct
import subprocess
import time
import unittest
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from support import (
    BAD_INPUT,
    CANNOT_CREATE,
    CHECK_FAILED,
    CONFIGURATION,
    INPUT_OUTPUT,
    NO_INPUT,
    NOT_PERMITTED,
    OK,
    ROOT,
    UNAVAILABLE,
    USAGE,
    EndToEnd,
    Record,
    limit_file_size,
    run,
    serving,
)

COMMANDS = [
    ["item", "list"],
    ["item", "show", "0195a000-0000-7000-8000-000000000000"],
    ["verify"],
    ["journal", "export"],
    ["journal", "checkpoint"],
    ["journal", "prove", "0"],
    ["user", "list"],
    ["token", "list"],
    ["agency", "list"],
    ["user", "add", "ana", "--role", "analyst"],
    ["token", "create", "--user", "ana"],
    ["agency", "add", "Unit"],
]

FIRST = b"https://first.example/1\n"


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Input(EndToEnd):
    """What an import is given."""

    def rejects(self, content: bytes, *options: str, name: str = "list.txt") -> tuple[dict, list[dict]]:
        record = self.record()
        path = self.file(name, content)
        ended = record.run("import", path, "--json", *options)
        self.assertIn(ended.code, (OK, BAD_INPUT), ended.said)
        counts = ended.json()
        self.assertSound(record)
        file = counts["rejects_file"]
        return counts, [json.loads(line) for line in Path(file).read_text().splitlines()] if file else []

    def test_invalid_utf8(self) -> None:
        """A line of invalid UTF-8 is rejected by its number; its neighbours are taken."""
        counts, rejects = self.rejects(
            b"https://a.example/1\nhttps://a.example/\xff\xfe\nhttps://a.example/2\n"
        )
        self.assertEqual((counts["items_new"], counts["rejected"]), (2, 1))
        self.assertEqual([reject["line"] for reject in rejects], [2])
        self.assertRegex(rejects[0]["reason"], "UTF-8")

    def test_long_line(self) -> None:
        """A line of 10 MB is rejected without its text being copied whole; its neighbours are taken."""
        for name, options in ("list.txt", []), ("letter.txt", ["--format", "text"]), ("feed.jsonl", []):
            with self.subTest(name):
                quote = '"' if name.endswith("jsonl") else ""
                line = f"{quote}https://a.example/%s{quote}\n"
                content = (line % 1 + line % ("x" * 10_000_000) + line % 2).encode()
                counts, rejects = self.rejects(content, *options, name=name)
                self.assertEqual((counts["lines"], counts["items_new"], counts["rejected"]), (3, 2, 1))
                self.assertEqual(rejects[0]["line"], 2)
                self.assertLess(len(rejects[0]["text"]), 10_000)

    def test_refused_addresses(self) -> None:
        """What the URL Standard refuses, and what has no place, is rejected with a reason each."""
        addresses = [
            "https://",
            "http://[::1",
            "https://a b.example/",
            "https://exa%00mple.example/",
            "http://1.2.3.256/",
            "https://example.example:99999/",
            "mailto:a@b.example",
            "javascript:alert(1)",
            "data:text/plain,x",
            "https://\u00ad/",
            "\x00",
            "file:///etc/passwd",
        ]
        counts, rejects = self.rejects(("\n".join(addresses) + "\nhttps://good.example/\n").encode())
        self.assertEqual((counts["items_new"], counts["rejected"]), (1, len(addresses)), rejects)
        self.assertEqual([reject["line"] for reject in rejects], list(range(1, len(addresses) + 1)))
        self.assertTrue(all(reject["reason"] and reject["code"] for reject in rejects))

    def test_everything_rejected(self) -> None:
        """A file of which nothing could be taken ends with 65."""
        ended = self.record().run("import", self.file("list.txt", "one\ntwo\n"))
        self.assertEnds(ended, BAD_INPUT, "2 rejected")

    def test_binary_files(self) -> None:
        """An archive, a picture, a database, an executable: refused, without a record of their lines."""
        for name, content in self.binaries().items():
            with self.subTest(name):
                record = self.record()
                ended = record.run("import", self.file(name, content))
                self.assertEnds(ended, BAD_INPUT)
                self.assertEqual(record.items(), [])
                self.assertSound(record)

    def binaries(self) -> dict[str, bytes]:
        archive = self.directory / "some.zip"
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("list.txt", "https://a.example/1\n" * 1_000)
        database = self.directory / "some.sqlite"
        database.unlink(missing_ok=True)
        with closing(sqlite3.connect(database)) as connection, connection:
            connection.execute("CREATE TABLE t (url)")
            connection.execute("INSERT INTO t VALUES ('https://a.example/1')")
        header = b"IHDR" + struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
        picture = (
            b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
        )
        return {
            "list.zip": archive.read_bytes(),
            "picture.png": picture,
            "list.sqlite": database.read_bytes(),
            "program": Path("/bin/true").read_bytes(),
            "wide.txt": "https://a.example/1\n".encode("utf-16"),
            "zeros.txt": bytes(100_000),
        }

    def test_wrong_columns(self) -> None:
        """Columns that can't be what is asked are refused with what would help."""
        table = "id,note\n1,one\n2,two\n"
        for options in (
            ["--columns", "address=9"],
            ["--columns", "colour=1"],
            ["--columns", "address=x"],
            ["--columns", "address=0"],
            ["--columns", "note=1"],
            ["--columns", ""],
            [],
            ["--columns", "address=99999999999999999999"],
        ):
            with self.subTest(options):
                ended = self.record().run("import", self.file("report.csv", table), *options)
                self.assertIn(ended.code, (USAGE, BAD_INPUT), ended.said)
                self.assertNotIn("should not have happened", ended.said)

    def test_missing_files(self) -> None:
        """A missing file and a directory in its place end with 66, naming it."""
        record = self.record()
        self.assertEnds(record.run("import", self.directory / "none.txt"), NO_INPUT, "none.txt")
        self.assertEnds(record.run("import", self.directory), NO_INPUT, "is a directory")
        self.assertEnds(record.run("verify", "--checkpoint", "/none"), NO_INPUT)

    def test_unwritable_rejects(self) -> None:
        """Rejects that can't be written are told, and the import completes afterwards."""
        record = self.record()
        path = self.file("list.txt", "https://a.example/1\nnot an address\n")
        nowhere = record.run("import", path, "--rejects", "/nonexistent/rejects.jsonl")
        self.assertEnds(nowhere, CANNOT_CREATE, "--rejects")
        counts = record.imported(path)
        self.assertEqual((counts["items_new"] + counts["sightings"], counts["rejected"]), (1, 1))
        self.assertSound(record)

    def test_hostile_tables(self) -> None:
        """Tables that are broken in every way are read or rejected, never a crash."""
        for name, content in {
            "open quote": b'address,note\n"https://a.example/1,x\nhttps://a.example/2,y\n',
            "many columns": b"address" + b"," * 100_000 + b"\nhttps://a.example/1\n",
            "only quotes": b'"' * 100_001,
            "only commas": b"," * 100_000,
            "NUL": b"address\n\0\n",
            "CR alone": b"address,note\rhttps://a.example/1,x\r",
        }.items():
            with self.subTest(name):
                record = self.record()
                ended = record.run("import", self.file("t.csv", content), timeout=20)
                self.assertIn(ended.code, (OK, BAD_INPUT, USAGE), ended.said[:2_000])

    def test_hostile_json(self) -> None:
        """JSON Lines of great depth, with huge numbers and lone surrogates are rejected, never a crash."""
        content = b"\n".join(
            [
                b'{"url":"https://a.example/ok"}',
                b"[" * 1_000_000,
                b"[" * 60_000,
                b'{"url":' * 9_000,
                b"1" * 60_000,
                b'"\\ud800"',
                b'{"url":1e999999999}',
                b'{"url":null}',
                b"{}",
                b"null",
                b'{"url":"\\u0000"}',
            ]
        )
        counts, _ = self.rejects(content, name="feed.jsonl")
        self.assertEqual((counts["lines"], counts["items_new"]), (11, 1))


class Circumstances(EndToEnd):
    """What the record is in."""

    def made(self) -> Record:
        record = self.record()
        record.imported("-", stdin=b"".join(b"https://a.example/%d\n" % n for n in range(2_000)))
        # All of it in the one file: what is damaged below must not be healed from a log beside it.
        record.query("PRAGMA wal_checkpoint(TRUNCATE)")
        self.assertFalse(Path(f"{record.database}-wal").exists())
        return record

    def test_missing_record(self) -> None:
        """Commands that make no record refuse a missing one, and make none."""
        for command in COMMANDS:
            with self.subTest(" ".join(command)):
                record = self.record()
                self.assertEnds(record.run(*command), NO_INPUT, "there is no record in")
                self.assertFalse(record.directory.exists())
        self.assertEnds(run("item", "list"), USAGE, "--data")

    def test_damaged_header(self) -> None:
        """A database with a broken header is told as damaged, and stays as it is."""
        record = self.made()
        data = record.database.read_bytes()
        for name, broken in {
            "zeros": bytes(100) + data[100:],
            "text": b"hello" * 40 + data[200:],
            "half": data[: len(data) // 2],
            "a few bytes": data[:50],
        }.items():
            with self.subTest(name):
                record.database.write_bytes(broken)
                before = digest(record.database)
                listed = record.run("item", "list")
                self.assertIn(
                    listed.code, (CONFIGURATION, OK) if name == "half" else (CONFIGURATION,), listed.said
                )
                self.assertNotIn("should not have happened", listed.said)
                self.assertEqual(digest(record.database), before)
                verified = record.run("verify", "--replay")
                self.assertIn(verified.code, (CHECK_FAILED, CONFIGURATION), verified.said)
                self.assertEqual(digest(record.database), before)

    def test_emptied_database(self) -> None:
        """A database that was emptied beside its keys is not taken for a new record."""
        record = self.made()
        record.database.write_bytes(b"")
        for command in ["item", "list"], ["import", "-"]:
            with self.subTest(" ".join(command)):
                ended = record.run(*command, stdin=b"https://a.example/1\n")
                self.assertEnds(ended, CONFIGURATION)
                self.assertEqual(record.database.read_bytes(), b"")

    def test_lost_database_or_keys(self) -> None:
        """Keys without a database, and a database without its keys, are not replaced by new ones."""
        record = self.made()
        no_keys = record.copy(self.directory / "no-keys")
        shutil.rmtree(no_keys.directory / "keys")
        self.assertEnds(no_keys.run("import", "-", stdin=b""), CONFIGURATION, "keys")
        record.database.unlink()
        self.assertEnds(record.run("import", "-", stdin=b""), CONFIGURATION, "cordon.db is missing")

    def test_damaged_pages(self) -> None:
        """Each page overwritten in turn is found by verify, and no command crashes on it."""
        record = self.made()
        data = record.database.read_bytes()
        size = struct.unpack(">H", data[16:18])[0]
        pages = len(data) // size
        for page in sorted({1, 2, 3, pages // 4, pages // 2, pages - 1}):
            with self.subTest(page):
                broken = bytearray(data)
                broken[page * size : (page + 1) * size] = hashlib.shake_128(b"%d" % page).digest(size)
                record.database.write_bytes(broken)
                self.assertEnds(record.run("verify", "--replay"), CHECK_FAILED)
                for command in ["item", "list"], ["journal", "export"], ["import", "-"]:
                    ended = record.run(*command, stdin=b"https://a.example/1\n")
                    self.assertIn(ended.code, (OK, CONFIGURATION), ended.said[-500:])

    def test_foreign_database(self) -> None:
        """Another program's database is refused and stays the same, byte for byte."""
        record = self.made()
        record.database.unlink()
        with closing(sqlite3.connect(record.database)) as connection, connection:
            connection.execute("CREATE TABLE letters (id INTEGER PRIMARY KEY, text)")
            connection.execute("INSERT INTO letters VALUES (1, 'mine')")
        before = digest(record.database)
        for command in ["import", "-"], ["item", "list"], ["verify"], ["serve", "--port", "0"]:
            with self.subTest(command[0]):
                self.assertEnds(record.run(*command), CONFIGURATION, "not one of Cordon")
                self.assertEqual(digest(record.database), before)

    def test_foreign_database_without_keys(self) -> None:
        """A directory with another program's database gets nothing from Cordon."""
        record = self.record()
        record.directory.mkdir()
        with closing(sqlite3.connect(record.database)) as connection, connection:
            connection.execute("CREATE TABLE letters (text)")
        before = digest(record.database)
        self.assertEnds(record.run("import", "-", stdin=b"https://a.example/1\n"), CONFIGURATION)
        self.assertEqual(digest(record.database), before)
        self.assertEqual([path.name for path in record.directory.iterdir()], ["cordon.db"])

    def test_newer_database(self) -> None:
        """A database that a newer program made is refused, and not changed."""
        record = self.made()
        record.change("INSERT INTO schema_migrations VALUES (99, 'later')")
        before = record.query("SELECT * FROM schema_migrations"), record.size()
        for command in ["import", "-"], ["item", "list"], ["verify", "--replay"], ["serve", "--port", "0"]:
            with self.subTest(command[0]):
                self.assertEnds(record.run(*command), CONFIGURATION, "newer Cordon.*99")
        self.assertEqual((record.query("SELECT * FROM schema_migrations"), record.size()), before)

    def test_locked_database(self) -> None:
        """A database that another process holds is told within 15 seconds, and works when it is let go."""
        record = self.made()
        with closing(sqlite3.connect(record.database, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            started = time.monotonic()
            ended = record.run("import", "-", stdin=b"https://locked.example/1\n")
            self.assertEnds(ended, UNAVAILABLE, "not available|locked")
            self.assertLess(time.monotonic() - started, 15)
            other.execute("ROLLBACK")
        self.assertEqual(record.imported("-", stdin=b"https://locked.example/1\n")["items_new"], 1)
        self.assertSound(record)

    def test_port_in_use(self) -> None:
        """A port in use, one that is none and a host that is none are told."""
        record = self.made()
        with closing(socket.create_server(("127.0.0.1", 0))) as taken:
            port = str(taken.getsockname()[1])
            self.assertEnds(record.run("serve", "--port", port, timeout=20), UNAVAILABLE, "--port")
        self.assertEnds(record.run("serve", "--port", "70000"), USAGE, "65535")
        other = record.run("serve", "--port", "0", "--host", "192.0.2.1", timeout=20)
        self.assertEnds(other, UNAVAILABLE, "192.0.2.1")

    def test_unwritable_directory(self) -> None:
        """A data directory that can't be made, or is a file, ends with 73, naming it."""
        path = self.file("file", "x")
        for directory in path, path / "below", Path("/proc/cordon-end-to-end"):
            with self.subTest(str(directory)):
                ended = Record(directory).run("import", "-", stdin=b"https://a.example/1\n")
                self.assertEnds(ended, CANNOT_CREATE, re.escape(str(directory)))

    def test_secrets_are_not_repeated(self) -> None:
        """A wrong token, an identifier that is a secret and a password come back in no message."""
        record = self.made()
        token = record.token("ana", "analyst")
        for ended in (
            record.run("item", "list", token=token[:-1] + "x"),
            record.run("token", "revoke", token),
            record.run("token", "list"),
            record.run("user", "password", "ana", stdin=b"short-Pa55\n"),
            record.run("user", "password", "nobody", stdin=b"a very long pass word 55\n"),
        ):
            for secret in token, token[:-1], "short-Pa55", "a very long pass word 55":
                self.assertNotIn(secret, ended.said)
        self.assertEqual(record.run("item", "list", token=token[:-1] + "x").code, NOT_PERMITTED)


class FullDisk(EndToEnd):
    """No space left, in the three places where an import needs some."""

    LINES = 20_000

    def list(self) -> Path:
        return self.file("list.txt", "".join(f"https://full.example/{n}\n" for n in range(self.LINES)))

    def check_completed(self, record: Record, path: Path) -> None:
        """What was kept fits, and with room the same command completes it."""
        self.assertSound(record)
        counts = record.imported(path)
        self.assertEqual(
            (counts["lines"], counts["items_new"], counts["sightings"]), (self.LINES, self.LINES, 0)
        )
        self.assertEqual(len(set(record.locators())), self.LINES + 1)
        self.assertSound(record)

    def test_file_size_limit(self) -> None:
        """A write that finds no room loses nothing; the rerun with room completes it."""
        for limit in 500_000, 3 << 20:
            with self.subTest(limit):
                record, path = self.record(), self.list()
                record.imported("-", stdin=FIRST)
                ended = record.run("import", path, before=limit_file_size(limit))
                self.assertIn(ended.code, (INPUT_OUTPUT, UNAVAILABLE), ended.said)
                self.assertNotIn("should not have happened", ended.said)
                self.check_completed(record, path)

    def test_file_size_limit_is_told(self) -> None:
        """A write that finds no room for want of a larger file ends with 74 and says that room is needed."""
        record = self.record()
        record.imported("-", stdin=FIRST)
        ended = record.run("import", self.list(), before=limit_file_size(3 << 20))
        self.assertEnds(ended, INPUT_OUTPUT, "full|space|room")

    def test_founding_without_room(self) -> None:
        """A record that can't be founded for want of room is founded by the rerun."""
        for limit in 0, 60, 4_096, 40_000, 100_000:
            with self.subTest(limit):
                record = self.record()
                ended = record.run("import", "-", stdin=FIRST, before=limit_file_size(limit))
                self.assertIn(ended.code, (INPUT_OUTPUT, CANNOT_CREATE, UNAVAILABLE), ended.said)
                self.assertNotIn("should not have happened", ended.said)
                record.imported("-", stdin=FIRST)
                self.assertEqual(record.locators(), ["https://first.example/1"])
                self.assertSound(record)

    def test_founding_without_room_is_told(self) -> None:
        """A record that can't be founded for want of room says so."""
        ended = self.record().run("import", "-", stdin=FIRST, before=limit_file_size(40_000))
        self.assertEnds(ended, INPUT_OUTPUT, "full|space|room|written")

    def test_standard_input_without_room(self) -> None:
        """Standard input that does not fit beside the record is told."""
        record = self.record()
        record.imported("-", stdin=FIRST)
        ended = record.run("import", "-", stdin=b"#" * (4 << 20), before=limit_file_size(2 << 20))
        self.assertEnds(ended, INPUT_OUTPUT, "does not fit")
        self.assertSound(record)

    def test_rejects_without_room(self) -> None:
        """Rejects for which there is no room end with 74, and the rerun writes them all."""
        record = self.record()
        path = self.file("list.txt", "https://a.example/1\n" + "not an address\n" * 30_000)
        ended = record.run("import", path, before=limit_file_size(1 << 20))
        self.assertEnds(ended, INPUT_OUTPUT)
        counts = record.run("import", path, "--json").json()
        self.assertEqual(counts["rejected"], 30_000)
        self.assertEqual(len(Path(counts["rejects_file"]).read_text().splitlines()), 30_000)
        self.assertSound(record)

    def test_full_file_system(self) -> None:
        """A full file system of 3 MB, or where none can be mounted a limit of that size, loses nothing."""
        path = self.list()
        with self.small_file_system() as directory:
            if directory is None:
                raise unittest.SkipTest("no file system can be mounted here (not root, or not allowed)")
            record = Record(directory / "record")
            record.imported("-", stdin=FIRST)
            self.assertEnds(record.run("import", path), INPUT_OUTPUT, "full|space")
            before = len(record.items())
            self.assertGreaterEqual(before, 1)
            self.assertIn(record.run("verify", "--replay").code, (OK,))
            subprocess.run(["mount", "-o", "remount,size=200m", directory], check=True, capture_output=True)
            self.assertEqual(len(record.items()), before)
            self.check_completed(record, path)

    def test_server_without_room(self) -> None:
        """A server on a full disk answers 507, keeps nothing of the request, and writes again once restarted."""
        with self.small_file_system() as directory:
            if directory is None:
                raise unittest.SkipTest("no file system can be mounted here (not root, or not allowed)")
            record = Record(directory / "record")
            record.imported("-", stdin=FIRST)
            token = record.token("ana", "analyst")
            with serving(record) as server:
                acknowledged, full = 0, None
                for number in range(400):
                    addresses = [f"https://s{number}.example/{n}" for n in range(100)]
                    answer = server.report(token, f"key-{number}", *addresses)
                    if answer.status != 200:
                        full = answer
                        break
                    acknowledged += 100
                assert full is not None
                self.assertEqual(full.status, 507, full.body)
                self.assertEqual(server.request("GET", "/api/v1/me", token=token).status, 200)
                self.assertEqual(len(record.query("SELECT 1 FROM items")), acknowledged + 1)
                subprocess.run(
                    ["mount", "-o", "remount,size=200m", directory], check=True, capture_output=True
                )
                # What a failed flush has left on disk is not known: this process writes nothing any more.
                closed = server.report(token, f"key-{number}", *addresses)
                self.assertEqual((closed.status, closed.headers["retry-after"]), (503, "5"), closed.body)
                self.assertEqual(closed.json()["type"], "urn:cordon:problem:restart-needed")
                ready = server.request("GET", "/readyz")
                self.assertEqual((ready.status, "full" in ready.json()["detail"]), (503, True), ready.body)
                self.assertEqual(server.request("GET", "/healthz").status, 200)
                self.assertEqual(server.request("GET", "/api/v1/items", token=token).status, 200)
                self.assertIn(b"\ncordon_write_closed 1\n", server.request("GET", "/metrics").body)
                self.assertEqual(len(record.query("SELECT 1 FROM items")), acknowledged + 1)
            with serving(record) as server:
                again = server.report(token, f"key-{number}", *addresses)
                self.assertEqual((again.status, again.json()["items_new"]), (200, 100), server.said())
                self.assertEqual(server.request("GET", "/readyz").status, 200)
            self.assertSound(record)

    @contextmanager
    def small_file_system(self) -> Iterator[Path | None]:
        """A file system of 3 MB; nothing where it can't be had."""
        directory = Path(self.file("x", "").parent) / "small"
        directory.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", "size=3m", "cordon-end-to-end", str(directory)]
        if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
            yield None
            return
        try:
            yield directory
        finally:
            subprocess.run(["umount", "-l", directory], check=False, capture_output=True)


class ExitCodes(EndToEnd):
    def test_documented(self) -> None:
        """docs/exit-codes.md has exactly the codes of the program."""
        source = (ROOT / "Sources/cordon/Assembly/ExitStatus.swift").read_text()
        codes = {int(code) for code in re.findall(r"case \w+ = (\d+)", source)}
        document = (ROOT / "docs/exit-codes.md").read_text()
        documented = {int(code) for code in re.findall(r"^\| (\d+) \|", document, re.MULTILINE)}
        self.assertEqual(documented, codes)

    def test_usage(self) -> None:
        """What is no command, and options that are none, end with 64."""
        for arguments in (
            ["bogus"],
            ["import"],
            ["import", "x", "--bogus"],
            ["serve", "--port", "x"],
            ["token", "create"],
        ):
            self.assertEqual(run(*arguments).code, USAGE, arguments)
        for arguments in ["--help"], ["--version"], ["help", "import"], ["import", "--help"]:
            self.assertEqual(run(*arguments).code, OK, arguments)

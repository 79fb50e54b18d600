"""A record moves: transfer there and back, backup while it is served, restore, and everything that can be wrong."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any, ClassVar

from support import (
    CANNOT_CREATE, CHECK_FAILED, CONFIGURATION, INPUT_OUTPUT, NO_INPUT, OK, UNAVAILABLE, USAGE, EndToEnd, Ended,
    Record, environment, limit_file_size, program, run, serving,
)

SEED = 20261125


class Moving(EndToEnd):
    """A record with users, passwords, a checkpoint, an erasure and a pack of its own."""

    original: ClassVar[Record]
    head: ClassVar[dict[str, Any]]

    @classmethod
    def prepare(cls) -> None:
        record = Record(cls.directory / "original")
        record.imported("-", "--operation", "Lights", stdin=addresses(1, 2_000))
        record.done("user", "add", "ana", "--role", "analyst", "--password-stdin", stdin=b"correct horse battery\n")
        record.done("item", "erase", record.items()[3]["id"], "--basis", "retention")
        record.done("journal", "checkpoint")
        cls.original = record
        cls.head = cls.verified(record)

    @staticmethod
    def verified(record: Record, *options: str) -> dict[str, Any]:
        """What `verify --replay` says of a record that must be sound."""
        ended = record.run("verify", "--replay", "--json", *options)
        if ended.code != OK:
            raise AssertionError(ended.said)
        return ended.json()

    def place(self, name: str = "record") -> Record:
        return Record(self.record().directory.parent / name)

    def backup(self, record: Record | None = None, *options: str) -> Path:
        """A finished backup."""
        to = self.place("backup").directory
        (record or self.original).done("backup", "--to", to, *options)
        return to

    def transfer(self, source: Record, target: Record, *options: str, **how: Any) -> Ended:
        return run("transfer", "--from", f"sqlite:{source.directory}", "--to", f"sqlite:{target.directory}", *options, **how)

    def restore(self, backup: Path, target: Record, **how: Any) -> Ended:
        return target.run("restore", "--from", backup, **how)

    def assert_same(self, record: Record) -> None:
        """The record has the original's journal, tables and what stands beside them."""
        found = self.verified(record)
        self.assertEqual({k: found[k] for k in ("root", "leaves", "erased", "checkpoints", "replayed_rows")},
                         {k: self.head[k] for k in ("root", "leaves", "erased", "checkpoints", "replayed_rows")})
        for table in ("password_verifiers", "checkpoints", "journal", "journal_tiles"):
            select = f"SELECT * FROM {table} ORDER BY 1, 2"
            self.assertEqual(record.query(select), self.original.query(select), table)
        for name in ("locator.key", "journal.key", "journal.vkey"):
            self.assertEqual(
                (record.directory / "keys" / name).read_bytes(), (self.original.directory / "keys" / name).read_bytes())
            self.assertEqual((record.directory / "keys" / name).stat().st_mode & 0o777, 0o600)


def addresses(first: int, count: int) -> bytes:
    return b"".join(b"https://h%d.example/p\n" % number for number in range(first, first + count))


def contents(directory: Path) -> dict[str, bytes]:
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


class Transfers(Moving):
    def test_there_and_back(self) -> None:
        """A record goes to another store and back, and is the same; it goes on as if nothing had been."""
        there, back = self.place(), self.place()
        ended = self.transfer(self.original, there, "--json")
        self.assertEnds(ended, OK)
        told = ended.json()
        self.assertEqual((told["events"], told["root"]), (self.head["leaves"], self.head["root"]))
        self.assert_same(there)
        self.assertEnds(self.transfer(there, back), OK, "cordon verify --data")
        self.assert_same(back)
        # The keys went along: what was on record is known, and the checkpoint continues.
        counts = back.imported("-", stdin=addresses(1_999, 3))
        self.assertEqual((counts["items_new"], counts["sightings"]), (1, 2))
        self.assertSound(back)

    def test_own_packs_and_blobs(self) -> None:
        """The unit's packs and an exercise's files move along; so serving it still reaches nobody."""
        source, target = self.place(), self.place()
        self.assertEnds(run("exercise", "--items", "60", "--data", source.directory, timeout=240), OK)
        (source.directory / "packs").mkdir()
        (source.directory / "packs" / "own.yaml").write_text(
            "name: own\ntitle: Own\nservice: forum\nhosts: [own.example]\n"
            "rules:\n  - kind: post\n    match: ['own.example/p/{id}']\n    canonical: https://own.example/p/{id}\n")
        ended = self.transfer(source, target, "--json")
        self.assertEnds(ended, OK)
        blobs = contents(source.directory / "blobs")
        self.assertGreater(len(blobs), 5)
        self.assertEqual(contents(target.directory / "blobs"), blobs)
        self.assertEqual(ended.json()["blobs"], len(blobs))
        for name in ("exercise.json", "range.jsonl", "packs/own.yaml"):
            self.assertEqual((target.directory / name).read_bytes(), (source.directory / name).read_bytes())
        self.assertEqual(self.verified(target)["root"], self.verified(source)["root"])
        backup = self.backup(source)
        self.assertEqual(contents(backup / "blobs"), blobs)
        self.flip(next((backup / "blobs").rglob("??????*")))
        self.assertEnds(self.restore(backup, self.place()), CHECK_FAILED, "blobs/.* is not what was backed up")

    def flip(self, path: Path) -> None:
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)

    def test_lost_blob(self) -> None:
        """A blob that the source has lost is told; everything else is copied."""
        source, target = self.place(), self.place()
        self.assertEnds(run("exercise", "--items", "60", "--data", source.directory, timeout=240), OK)
        lost = sorted(path for path in (source.directory / "blobs").rglob("*") if path.is_file())
        lost[0].unlink()
        self.flip(lost[1])
        ended = self.transfer(source, target, "--json")
        self.assertEnds(ended, CHECK_FAILED, "LOST   blob " + lost[0].parent.name + lost[0].name, "2 blobs")
        self.assertEqual(ended.json()["blobs_lost"], 2)
        self.assertEqual(self.verified(target)["root"], self.verified(source)["root"])

    def test_wrong_places(self) -> None:
        """What can't be a source or a target is told, and nothing is made or changed."""
        taken = self.original.copy(self.place().directory)
        nowhere, other = self.place("nowhere"), self.place("other")
        self.assertEnds(self.transfer(self.original, taken), CANNOT_CREATE, "has a record already")
        self.assertEnds(self.transfer(taken, taken), USAGE, "both where the record is")
        self.assertEnds(self.transfer(nowhere, other), NO_INPUT, "there is no record in")
        self.assertFalse(nowhere.directory.exists() or other.directory.exists())
        self.assert_same(taken)
        with_keys = self.place("with-keys")
        shutil.copytree(self.original.directory / "keys", with_keys.directory / "keys")
        self.assertEnds(self.transfer(self.original, with_keys), CANNOT_CREATE, "has keys of a record already")
        self.assertEqual(self.original.run("restore", "--from", nowhere.directory).code, NO_INPUT)
        for text, phrase in (
            (str(other.directory), "sqlite:DIR or postgresql://"), ("sqlite:", "sqlite:DIR"), ("sqlite://x", "sqlite:DIR"),
            ("mysql://u:geheim@h/db", "sqlite:DIR"), ("postgresql://u:geheim@h:0/db", "the port in postgresql://u:"),
            ("postgresql://u:ge/heim@h:x/db?password=geheim", "the port in"), ("postgres://u:geheim@[::1/db", "brackets"),
        ):
            with self.subTest(text):
                ended = run("transfer", "--from", text, "--to", f"sqlite:{other.directory}")
                self.assertEnds(ended, USAGE, phrase)
                self.assertNotIn("heim", ended.said)

    def test_keys(self) -> None:
        """Keys that are missing, or another record's, are refused wherever the record is used."""
        record = self.original.copy(self.place().directory)
        shutil.rmtree(record.directory / "keys")
        for command in (["item", "list"], ["backup", "--to", self.place().directory]):
            self.assertEnds(record.run(*command), CONFIGURATION, "keys is missing", "restore them from a backup")
        stranger = self.place()
        stranger.imported("-", stdin=b"https://else.example/1\n")
        shutil.copytree(stranger.directory / "keys", record.directory / "keys")
        for command in (
            ["item", "list"], ["import", "-"], ["backup", "--to", self.place().directory],
            ["serve", "--port", "0"],
        ):
            with self.subTest(command[0]):
                self.assertEnds(record.run(*command), CONFIGURATION, "does not belong to the record")
        # The one key alone: the record's checkpoints are signed by another.
        for name in ("journal.key", "journal.vkey"):
            shutil.copy(self.original.directory / "keys" / name, record.directory / "keys" / name)
        self.assertEnds(record.run("item", "list"), CONFIGURATION, "the locator key")
        shutil.copytree(self.original.directory / "keys", record.directory / "keys", dirs_exist_ok=True)
        for name in ("journal.key", "journal.vkey"):
            shutil.copy(stranger.directory / "keys" / name, record.directory / "keys" / name)
        self.assertEnds(record.run("item", "list"), CONFIGURATION, "signing key")
        shutil.copytree(self.original.directory / "keys", record.directory / "keys", dirs_exist_ok=True)
        self.assertEqual(record.run("item", "list").code, OK)

    def test_killed(self) -> None:
        """Killed at any moment, a transfer leaves a target that no command opens, and the same command completes it."""
        source = self.place("source")
        source.imported("-", stdin=addresses(1, 20_000))
        root = self.verified(source)["root"]
        chance, cut = random.Random(SEED), 0
        for attempt in range(8):
            target = self.place()
            command = [program(), "transfer", "--from", f"sqlite:{source.directory}", "--to", f"sqlite:{target.directory}"]
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment())
            if attempt < 4:
                time.sleep(chance.uniform(0.02, 0.6))
            else:
                # Whatever the machine's speed, these come after the first page of events and before the last.
                self.await_events(target, process)
            process.send_signal(signal.SIGKILL if attempt % 4 < 2 else signal.SIGINT)
            if process.wait() == OK:
                self.assertEqual(self.verified(target)["root"], root)
                continue
            with self.subTest(attempt):
                state = target.run("item", "list")
                self.assertIn(state.code, (NO_INPUT, CONFIGURATION, OK), state.said)
                if state.code == OK:
                    # The last commit was through: the record stands, and opening it named its keys.
                    self.assertEqual(self.verified(target)["root"], root)
                    continue
                if state.code == CONFIGURATION:
                    cut += 1
                    self.assertIn("has not ended", state.said)
                    self.assertEnds(target.run("verify", "--key", source.directory / "keys/journal.vkey"), CONFIGURATION)
                    self.assertEnds(target.run("import", "-"), CONFIGURATION, "has not ended")
                self.assertEnds(self.transfer(source, target), OK)
                self.assertEqual(self.verified(target)["root"], root)
        self.assertGreater(cut, 1, "no kill came while events were being copied")

    def await_events(self, target: Record, process: subprocess.Popen[bytes]) -> None:
        """Until there are some in the target."""
        deadline = time.monotonic() + 60
        while self.events_in(target) == 0:
            self.assertIsNone(process.poll(), "it ended by itself before an event was copied")
            self.assertLess(time.monotonic(), deadline, "no event was copied in a minute")
            time.sleep(0.001)

    def events_in(self, target: Record) -> int:
        """How many are copied; 0 while there is no journal."""
        if not target.database.exists():
            return 0
        try:
            # Read only: what a killed transfer left is not touched.
            with closing(sqlite3.connect(f"file:{target.database}?mode=ro", uri=True)) as connection:
                return connection.execute("SELECT count(*) FROM journal").fetchone()[0]
        except sqlite3.OperationalError:
            return 0

    def test_full_disk(self) -> None:
        """A disk that fills leaves a target that no command opens; with room the same command completes it."""
        for limit in (20_000, 300_000, 1_500_000):
            with self.subTest(limit):
                target = self.place()
                ended = self.transfer(self.original, target, before=limit_file_size(limit))
                self.assertEnds(ended, INPUT_OUTPUT, "full|room")
                if target.database.exists() and target.run("item", "list").code != NO_INPUT:
                    self.assertEnds(target.run("item", "list"), CONFIGURATION, "has not ended")
                self.assertEnds(self.transfer(self.original, target), OK)
                self.assert_same(target)


class Backups(Moving):
    def test_while_it_is_written_to(self) -> None:
        """Backups of a server under load are each a whole record at one size, and the server notices nothing."""
        record = self.original.copy(self.place().directory)
        token = record.token("bea", "analyst")
        stop, answered = threading.Event(), []

        def post(worker: int) -> None:
            number = 0
            while not stop.is_set():
                reply = server.report(token, f"{worker}-{number}", f"https://w{worker}.example/{number}")
                answered.append(reply.status)
                number += 1

        with serving(record) as server:
            workers = [threading.Thread(target=post, args=(worker,)) for worker in range(4)]
            for worker in workers:
                worker.start()
            try:
                made = []
                for _ in range(3):
                    before = record.size()
                    made.append((before, self.backup(record), record.size()))
            finally:
                stop.set()
                for worker in workers:
                    worker.join()
        self.assertEqual(set(answered), {200})
        self.assertGreater(len(answered), 50)
        sizes = []
        for before, backup, after in made:
            manifest = json.loads((backup / "manifest.json").read_text())
            found = self.verified(Record(backup))
            self.assertEqual((found["leaves"], found["root"]), (manifest["events"], manifest["root"]))
            self.assertTrue(before <= manifest["events"] <= after, (before, manifest["events"], after))
            sizes.append(manifest["events"])
            restored = self.place()
            self.assertEnds(self.restore(backup, restored), OK, "Next: cordon verify")
            self.assertEqual(self.verified(restored)["root"], manifest["root"])
        self.assertEqual(sizes, sorted(set(sizes)), "nothing was written meanwhile")
        # Each of them is a part of the record's history: its checkpoint is continued by what came later.
        note = self.file("checkpoint.txt", Record(self.restored(made[0][1])).done("journal", "checkpoint").out)
        self.assertSound(record, "--checkpoint", note)

    def restored(self, backup: Path) -> Path:
        target = self.place()
        self.assertEnds(self.restore(backup, target), OK)
        return target.directory

    def test_complete(self) -> None:
        """A backup stays the same byte for byte, whatever reads it; restored, it is the record."""
        backup = self.backup()
        before = contents(backup)
        self.assertEqual(sorted(before), ["cordon.db", "keys/journal.key", "keys/journal.vkey", "keys/locator.key",
                                          "manifest.json"])
        self.assertEqual({path.stat().st_mode & 0o077 for path in [backup, *backup.rglob("*")]}, {0})
        self.assert_same(Record(backup))
        self.assert_same(Record(self.restored(backup)))
        for command in (["item", "list"], ["import", "-"], ["serve", "--port", "0"]):
            self.assertEnds(Record(backup).run(*command), CONFIGURATION, "is a backup", "cordon restore")
        self.assertEnds(self.transfer(Record(backup), self.place()), OK)
        self.assertEqual(contents(backup), before)

    def test_damaged(self) -> None:
        """A byte changed anywhere in a backup is found before anything is restored."""
        chance = random.Random(SEED)
        whole = self.backup()
        files = sorted(path.relative_to(whole) for path in whole.rglob("*") if path.is_file())
        for path in files * 4:
            backup = self.place("backup").directory
            shutil.copytree(whole, backup)
            data = bytearray((backup / path).read_bytes())
            position = chance.randrange(len(data))
            data[position] ^= 1 << chance.randrange(8)
            (backup / path).write_bytes(data)
            target = self.place()
            with self.subTest(f"{path} at {position}"):
                ended = self.restore(backup, target)
                if path.name == "manifest.json" and ended.code == OK:
                    # Of what it says beside digests, size and root: when it was made, whose it is.
                    self.assertEqual(self.verified(target)["root"], self.head["root"])
                    continue
                self.assertIn(ended.code, (CHECK_FAILED, CONFIGURATION), ended.said)
                self.assertIn("cordon: ", ended.err)
                self.assertNotIn("should not have happened", ended.said)
                self.assertFalse((target.directory / "keys").exists())
        missing = self.place("backup").directory
        shutil.copytree(whole, missing)
        (missing / "keys" / "locator.key").unlink()
        self.assertEnds(self.restore(missing, self.place()), CHECK_FAILED, "keys/locator.key is missing")
        (missing / "manifest.json").unlink()
        self.assertEnds(self.restore(missing, self.place()), NO_INPUT, "no finished backup")

    def test_unsound_record(self) -> None:
        """Of a record that was changed behind its back there is no backup, unless somebody insists."""
        record = self.original.copy(self.place().directory)
        record.change("UPDATE items SET kind = 'video' WHERE row = (SELECT max(row) FROM items)")
        # The tables are made anew from the journal: what was changed in them is not in the copy.
        self.assertEqual(self.verified(Record(self.backup(record)))["root"], self.head["root"])
        record.change("DELETE FROM password_verifiers")
        to = self.place("backup").directory
        self.assertEnds(record.run("backup", "--to", to), CHECK_FAILED, "WRONG", "there is no backup of it")
        self.assertEqual(list(to.parent.iterdir()), [])
        self.assertEnds(record.run("backup", "--to", to, "--no-verify"), OK)
        row = record.query("SELECT max(row) FROM items")[0][0]
        record.change("UPDATE journal SET facts = CAST('{}' AS BLOB) WHERE idx = ?", row)
        other = self.place("backup").directory
        self.assertEnds(record.run("backup", "--to", other, "--no-verify"), CHECK_FAILED, f"leaf {row} ")
        self.assertEqual(list(other.parent.iterdir()), [])

    def test_places(self) -> None:
        """A backup goes to a new directory; what is there stays."""
        backup = self.backup()
        before = contents(backup)
        self.assertEnds(self.original.run("backup", "--to", backup), CANNOT_CREATE, "is there already")
        self.assertEqual(contents(backup), before)
        for place, code in (("/proc/none/x", CANNOT_CREATE), ("/dev/null", CANNOT_CREATE), ("", USAGE)):
            self.assertEnds(self.original.run("backup", "--to", place), code)
        taken = self.original.copy(self.place().directory)
        self.assertEnds(self.restore(backup, taken), CANNOT_CREATE, "has a record already")
        self.assertSound(taken)
        empty = self.place("empty").directory
        empty.mkdir(parents=True)
        self.assertEnds(self.original.run("backup", "--to", empty), OK)

    def test_killed(self) -> None:
        """What has the name of a backup is whole; the next run removes what a killed one left."""
        record, chance = self.place("source"), random.Random(SEED)
        record.imported("-", stdin=addresses(1, 10_000))
        to = self.place("backup").directory
        for attempt in range(8):
            process = subprocess.Popen(
                [program(), "backup", "--data", record.directory, "--to", to], stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment())
            time.sleep(chance.uniform(0.02, 0.5))
            process.send_signal(signal.SIGINT if attempt % 2 else signal.SIGKILL)
            process.wait()
            if to.exists():
                break
            self.assertLessEqual({path.name for path in to.parent.iterdir()}, {"backup.unfinished"})
        if not to.exists():
            self.assertEnds(record.run("backup", "--to", to), OK)
        self.assertEqual(self.verified(Record(to))["root"], self.verified(record)["root"])
        self.assertEqual([path.name for path in to.parent.iterdir()], ["backup"])

    def test_two_at_once(self) -> None:
        """Two backups to one place don't write over each other."""
        record = self.place("source")
        record.imported("-", stdin=addresses(1, 10_000))
        to = self.place("backup").directory
        command = [program(), "backup", "--data", str(record.directory), "--to", str(to)]
        both = [
            subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             env=environment())
            for _ in range(2)
        ]
        said = [process.communicate()[0].decode() for process in both]
        codes = sorted(process.returncode for process in both)
        self.assertEqual(codes[0], OK, said)
        self.assertIn(codes[1], (UNAVAILABLE, CANNOT_CREATE), said)
        self.assertSound(Record(to))

    def test_full_disk(self) -> None:
        """A disk that fills leaves nothing behind, and the reason is told."""
        for limit in (20_000, 1_500_000):
            to = self.place("backup").directory
            ended = self.original.run("backup", "--to", to, before=limit_file_size(limit))
            self.assertEnds(ended, INPUT_OUTPUT, "full|room")
            self.assertEqual(list(to.parent.iterdir()), [])


class Postgres(Moving):
    """The same with a database of PostgreSQL; `scripts/with-postgres` gives the server, and without it the test fails."""

    def database(self, name: str) -> str:
        """The address of a new database, with a password that nobody asks for."""
        server = os.environ["CORDON_TEST_POSTGRES"]
        name = f"{name}_{os.getpid()}"
        subprocess.run(["psql", "-q", "-d", server, "-c", f"CREATE DATABASE {name}"], check=True, capture_output=True)
        return server.replace("///postgres?", f"///{name}?") + "&password=geheim"

    def test_there_and_back(self) -> None:
        """To PostgreSQL and back, by backup and restore too: always the same root, and never a password shown."""
        first, second = self.database("first"), self.database("second")
        desk, back, again = self.place(), self.place(), self.place()
        steps = [
            run("transfer", "--from", f"sqlite:{self.original.directory}", "--to", first, "--to-data", desk.directory),
            desk.run("verify", "--replay", "--store", first),
            run("transfer", "--from", first, "--from-data", desk.directory, "--to", f"sqlite:{back.directory}"),
            run("transfer", "--from", f"sqlite:{back.directory}", "--to", first, "--to-data", again.directory),
        ]
        self.assertEqual([step.code for step in steps], [OK, OK, OK, CANNOT_CREATE], steps)
        self.assert_same(back)
        backup = self.place("backup").directory
        steps.append(desk.run("backup", "--store", first, "--to", backup))
        self.assert_same(Record(backup))
        steps.append(again.run("restore", "--from", backup, "--store", second))
        steps.append(again.run("verify", "--replay", "--store", second, "--json"))
        self.assertEqual(steps[-1].json()["root"], self.head["root"], steps[-1].said)
        self.assertNotIn("geheim", "".join(step.said for step in steps))

    def test_killed(self) -> None:
        """Killed on its way, a transfer leaves a database that no command opens; the same command completes it."""
        store, desk = self.database("killed"), self.place()
        source = self.place("source")
        source.imported("-", stdin=addresses(1, 20_000))
        command = ["transfer", "--from", f"sqlite:{source.directory}", "--to", store, "--to-data", str(desk.directory)]
        process = subprocess.Popen([program(), *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   env=environment())
        # Keys are copied once the target is marked; the events take longer than this needs to be seen.
        while not (desk.directory / "keys.new" / "locator.key").exists():
            time.sleep(0.005)
        process.kill()
        process.wait()
        for words in (["item", "list"], ["verify", "--key", source.directory / "keys" / "journal.vkey"]):
            self.assertEnds(desk.run(*words, "--store", store), CONFIGURATION, "has not ended")
        self.assertEnds(run(*command), OK)
        self.assertEnds(desk.run("verify", "--replay", "--store", store), OK, self.verified(source)["root"])

    def test_founded_on_several_machines(self) -> None:
        """Of three that find a database empty at once one founds it; the others are told whose keys they need."""
        store = self.database("founded")
        desks = [self.place() for _ in range(3)]
        processes = [
            subprocess.Popen([program(), "import", "--store", store, "--data", str(desk.directory), "/dev/null"],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment())
            for desk in desks
        ]
        said = [process.communicate(timeout=60)[0].decode() for process in processes]
        with_keys = [desk for desk in desks if (desk.directory / "keys").exists()]
        self.assertEqual(len(with_keys), 1, said)
        self.assertEqual(sum("does not belong to the record" in text or "keys is missing" in text for text in said), 2, said)
        other = next(desk for desk in desks if desk is not with_keys[0])
        self.assertFalse((other.directory / "keys.new").exists())
        self.assertEnds(other.run("user", "list", "--store", store), CONFIGURATION, "keys is missing")
        shutil.copytree(with_keys[0].directory / "keys", other.directory / "keys")
        self.assertEqual(other.run("user", "list", "--store", store).code, OK)


class Stores(Moving):
    """One spelling of the store for every command."""

    def commands(self, *words: str) -> list[tuple[str, ...]]:
        """Every command below `words` that does something."""
        help_text = run(*words, "--help").out
        found, is_list = [], False
        for line in help_text.splitlines():
            if line.startswith("SUBCOMMANDS:"):
                is_list = True
            elif is_list and re.match(r"  [a-z]", line) and not line.startswith("  help"):
                found += self.commands(*words, line.split()[0])
        return found or [words]

    def test_help(self) -> None:
        """Every command that takes --data takes --store, and the other way round."""
        commands = self.commands()
        self.assertGreater(len(commands), 40)
        taking = 0
        for command in commands:
            text = run(*command, "--help").out
            if command in (("transfer",), ("help",)):
                continue
            self.assertEqual("--data <dir>" in text, "--store <url>" in text, command)
            taking += "--store <url>" in text
        self.assertGreater(taking, 38)

    def test_spelling(self) -> None:
        """Options go before the environment, and what contradicts itself is a usage error."""
        here, count = str(self.original.directory), len(self.original.items())
        nowhere = str(self.place("nowhere").directory)
        for options, env in (
            (("--store", f"sqlite:{here}"), {}), (("--store", f"sqlite:{here}", "--data", here + "/"), {}),
            ((), {"CORDON_STORE": f"sqlite:{here}"}), ((), {"CORDON_DATA": here}),
            (("--data", here), {"CORDON_STORE": f"sqlite:{nowhere}"}),
            (("--store", f"sqlite:{here}"), {"CORDON_DATA": nowhere}),
        ):
            with self.subTest(options=options, env=env):
                self.assertEqual(len(run("item", "list", *options, **env).out.splitlines()), count)
        for options, env, phrase in (
            (("--store", f"sqlite:{here}", "--data", nowhere), {}, "choose one"),
            ((), {"CORDON_STORE": f"sqlite:{here}", "CORDON_DATA": nowhere}, "choose one"),
            (("--store", here), {}, "sqlite:DIR or postgresql://"), ((), {"CORDON_STORE": ""}, "--data DIR or --store URL"),
        ):
            with self.subTest(options=options, env=env):
                self.assertEnds(run("item", "list", *options, **env), USAGE, phrase)

    def test_exercise_ignores_the_environment(self) -> None:
        """An exercise never begins in the record that the environment names."""
        record = self.original.copy(self.place().directory)
        before = record.size()
        ended = run("exercise", "--items", "20", "--json", CORDON_DATA=str(record.directory), timeout=240)
        self.assertEnds(ended, OK)
        self.assertEqual(record.size(), before)
        self.assertEnds(record.run("exercise", "--items", "20"), USAGE, "no exercise")

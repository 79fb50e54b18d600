"""A PostgreSQL server that goes away, comes back, or was never Cordon's: told, waited for, and nothing half written."""

from __future__ import annotations

import os
import pwd
import tempfile
import time
from pathlib import Path

import postgres
from support import CONFIGURATION, OK, UNAVAILABLE, EndToEnd, Record, Server, run, serving


class Gone(EndToEnd):
    """A server of this test's own, which it may stop."""

    def setUp(self) -> None:
        directory = Path(tempfile.mkdtemp(prefix="cordon-gone-"))
        if os.geteuid() == 0:
            os.chown(directory, pwd.getpwnam("postgres").pw_uid, pwd.getpwnam("postgres").pw_gid)
            directory.chmod(0o755)
        self.server = postgres.with_postgres.Server(directory, durable=False)
        self.server.start()
        self.addCleanup(self.server.stop)
        self.kept = self.directory / f"record-{directory.name}"

    def record(self) -> Record:
        return Record(self.kept, self.server.address)

    def test_away_and_back(self) -> None:
        """While it is away a write is refused with what to do; after that the same process goes on, and lost nothing."""
        record = self.record()
        record.done("import", "-", stdin=b"https://a.example/0\n")
        token = record.token("ana", "analyst")
        with serving(record) as server:
            first = server.report(token, "one", "https://a.example/1")
            self.assertEqual(first.status, 200, first.body)
            self.server.stop()
            away = server.report(token, "two", "https://a.example/2")
            self.assertEqual(away.status, 503, away.body)
            self.assertIn("Retry-After", {name.title() for name in away.headers})
            self.assertEqual(server.request("GET", "/healthz").status, 200)
            self.assertEqual(server.request("GET", "/readyz").status, 503)
            self.server.again()
            self.assertEqual(self.ready(server), 200)
            again = server.report(token, "two", "https://a.example/2")
            self.assertEqual(again.status, 200, again.body)
            self.assertEqual(server.report(token, "one", "https://a.example/1").body, first.body)
        self.assertEqual(sorted(record.locators()), [f"https://a.example/{number}" for number in range(3)])
        self.assertSound(record)

    def ready(self, server: Server) -> int:
        for _ in range(100):
            status = server.request("GET", "/readyz").status
            if status == 200:
                return status
            time.sleep(0.1)
        return status

    def test_waited_for(self) -> None:
        """A command waits for a server that is starting, and says so once."""
        record = self.record()
        record.done("import", "-", stdin=b"https://a.example/1\n")
        self.server.stop()
        ended = record.run("item", "list", timeout=90)
        self.assertEnds(ended, UNAVAILABLE, "cordon: the database is not available: ")
        self.assertEqual(ended.err.count("Waiting for the database"), 1, ended.err)
        self.server.again()
        self.assertEqual(len(record.items()), 1)


class Foreign(EndToEnd):
    def test_other_tables(self) -> None:
        """A schema with somebody else's tables is refused, and stays as it was."""
        store = postgres.make_schema()
        postgres.change(store, "CREATE TABLE theirs (a integer)")
        record = Record(self.directory / "foreign", store)
        ended = record.run("import", "-", stdin=b"https://a.example/1\n")
        self.assertEnds(ended, CONFIGURATION, "not one of Cordon's; nothing was changed")
        found = postgres.query(store, "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()")
        self.assertEqual(found, [("theirs",)])

    def test_password(self) -> None:
        """A password in an address is in no message."""
        for address in ("postgresql://ana:s3cret@[::1", "postgresql://ana:s3cret@127.0.0.1:1/x?connect_timeout=1"):
            with self.subTest(address):
                ended = run("verify", "--store", address, "--data", self.directory / "none", timeout=60)
                self.assertNotEqual(ended.code, OK)
                self.assertNotIn("s3cret", ended.said)

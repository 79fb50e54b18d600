"""The figures of PostgreSQL, on the server that `scripts/with-postgres --durable` has started."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import subprocess
import time
from collections import Counter
from pathlib import Path

import exercise
import record
import server
import writes
from measurement import Figure, Missed, Settings, output, run

ADDRESSES = 300_000
PEER_SECONDS = 5
PROCESSES = 4
PATIENCE = 120
PEER = """\\set n random(1, 1000000000)
INSERT INTO item (address) VALUES ('https://peer.example/' || :n);
"""


def address() -> str:
    """The server's own address; throws ``Missed`` where there is none."""
    found = os.environ.get("CORDON_TEST_POSTGRES")
    if not found:
        raise Missed("there is no server: run it by scripts/with-postgres --durable")
    if psql(found, "SHOW fsync").strip() != "on":
        raise Missed("the server does not flush: scripts/with-postgres needs --durable")
    return found


def psql(store: str, sql: str) -> str:
    return output(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", sql, store])


class Store:
    """A schema and a directory of its own, both gone at the end of the `with`."""

    def __init__(self, settings: Settings, name: str) -> None:
        self.schema = f"bench_{name}_{secrets.token_hex(4)}"
        self.directory = settings.work / f"postgres-{name}"

    def __enter__(self) -> Store:
        shutil.rmtree(self.directory, ignore_errors=True)
        psql(address(), f"CREATE SCHEMA {self.schema}")
        return self

    def __exit__(self, *_: object) -> None:
        psql(address(), f"SET client_min_messages = error; DROP SCHEMA {self.schema} CASCADE")
        shutil.rmtree(self.directory, ignore_errors=True)

    @property
    def url(self) -> str:
        return f"{address()}&options=-csearch_path%3D{self.schema}"

    @property
    def options(self) -> list[str | Path]:
        return ["--store", self.url, "--data", self.directory]


def import_there(settings: Settings) -> list[Figure]:
    """Addresses a second into an empty record, which is then verified."""
    with Store(settings, "import") as store:
        reply = settings.work / "import.json"
        cost = run(
            [settings.cordon, "import", record.address_list(settings, ADDRESSES), "--format", "list", "--json",
             *store.options], stdout=reply)
        summary = json.loads(reply.read_text())
        if (summary["lines"], summary["items_new"]) != (ADDRESSES, ADDRESSES):
            raise Missed(f"of {ADDRESSES} distinct addresses came {summary}")
        output([settings.cordon, "verify", *store.options])
    rate = ADDRESSES / cost.wall
    return [Figure(
        f"import of {ADDRESSES:,} distinct addresses into PostgreSQL", round(rate), "addresses/s", ">= 20,000",
        rate >= 20_000, settings.again("postgres-import"),
        note=f"{cost.wall:.1f} s wall, {cost.cpu:.1f} s CPU of the program; verify sound")]


def writes_there(settings: Settings) -> list[Figure]:
    """Single writes through the API on 64 connections, and what pgbench inserts in that minute."""
    with Store(settings, "writes") as store:
        output([settings.cordon, "import", record.address_list(settings, 10_000), "--format", "list", *store.options])
        token = server.make_token(settings, store.options)
        with server.Server(settings, store.options) as served:
            before = server.count_items(served, token)
            result = writes.send(served, token, writes.SENDING)
            growth = server.count_items(served, token) - before
        if growth != result["answers"] or result["refused"] + result["broken"] > 0:
            raise Missed(f"the record grew by {growth} items, and wrk saw {result}")
        output([settings.cordon, "verify", *store.options])
        peer = inserts_a_second(settings, store)
    rate = result["answers"] / writes.SENDING
    return [Figure(
        "durable single writes through the API on PostgreSQL, 64 connections", round(rate), "writes/s", ">= 2,500",
        rate >= 2_500, settings.again("postgres-writes"), peer=round(peer), ratio=round(rate / peer, 2),
        note=f"p50 {result['p50_ms']:.1f} ms, p99 {result['p99_ms']:.1f} ms; all 200, all on record, verify sound; peer: "
        "pgbench, one INSERT a transaction, 64 connections, the same server")]


def inserts_a_second(settings: Settings, store: Store) -> float:
    psql(store.url, "CREATE TABLE item (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, address TEXT NOT NULL)")
    script = settings.work / "insert.sql"
    script.write_text(PEER)
    said = output(
        ["pgbench", "-n", "-M", "prepared", "-c", "64", "-j", "2", "-T", str(PEER_SECONDS), "-f", script, store.url])
    found = re.search(r"^tps = ([\d.]+)", said, re.MULTILINE)
    if not found:
        raise Missed(f"pgbench says no rate: {said}")
    return float(found[1])


def exercise_there(settings: Settings) -> list[Figure]:
    """26,000 reports on both engines, one after the other: how many times as long, and whether it is one journal."""
    directory = exercise.fresh(settings, "exercise-sqlite")
    try:
        here = exercise.conduct(settings, ["--data", directory], exercise.COUNT, "7")
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    with Store(settings, "exercise") as store:
        there = exercise.conduct(settings, store.options, exercise.COUNT, "7")
        output([settings.cordon, "verify", *store.options])
    ratio = there.wall / here.wall
    same = there.summary["journal_root"] == here.summary["journal_root"]
    again = settings.again("postgres-exercise")
    return [
        Figure(
            f"exercise of {exercise.COUNT:,} reports on PostgreSQL: times SQLite's", round(ratio, 2), "times", "<= 2",
            ratio <= 2, again, note=f"{there.wall:.1f} s against {here.wall:.1f} s; verify sound"),
        Figure(
            "journal roots of both engines, seed 7", 1 if same else 2, "roots", "1", same, again,
            note=f"{there.summary['journal_root']}"),
    ]


def leased_there(settings: Settings) -> list[Figure]:
    """Looks a second by four processes on one record, each look under its lease, each item once."""
    with Store(settings, "leases") as store:
        exercise.conduct(settings, store.options, exercise.COUNT, "7")
        # Without its mark it is a record like any other, whose workers work.
        (store.directory / "exercise.json").unlink()
        psql(store.url, "CREATE TABLE before AS SELECT item, looks FROM watches")
        with Range(settings) as practice, Workers(settings, store, practice.port):
            seconds, count = look_at_everything(store)
        found = Counter(int(row) for row in psql(
            store.url, "SELECT watches.looks - before.looks FROM watches JOIN before USING (item)").split())
        psql(store.url, "DROP TABLE before")
        output([settings.cordon, "verify", *store.options])
    if set(found) != {1}:
        raise Missed(f"looks an item: {dict(found)}")
    rate = count / seconds
    return [Figure(
        f"leased looks a second, {PROCESSES} processes on PostgreSQL", round(rate), "looks/s", ">= 10,000",
        rate >= 10_000, settings.again("postgres-leases"),
        note=f"{count:,} items in {seconds:.2f} s, each looked at once, over HTTP at nine providers; verify sound")]


def look_at_everything(store: Store) -> tuple[float, int]:
    """Makes every look due and waits until all were made."""
    count = int(psql(store.url, "SELECT count(*) FROM watches"))
    wake = "SELECT pg_notify('cordon_' || oid, '') FROM pg_namespace WHERE nspname = current_schema()"
    psql(store.url, f"UPDATE watches SET next_look_at = 1; {wake}")
    begun = time.perf_counter()
    while time.perf_counter() - begun < PATIENCE:
        if psql(store.url, "SELECT 1 FROM watches WHERE next_look_at = 1 LIMIT 1") == "":
            return time.perf_counter() - begun, count
        time.sleep(0.02)
    raise Missed(f"not every look was made within {PATIENCE} s")


class Range:
    """The nine providers of the exercise, on a free port."""

    def __init__(self, settings: Settings) -> None:
        self.directory = settings.work / "postgres-range"
        self.command = [
            settings.cordon, "range", "--dir", self.directory, "--seed", "7", "--items", str(exercise.COUNT),
            "--port", "0", "--real-time"]

    def __enter__(self) -> Range:
        shutil.rmtree(self.directory, ignore_errors=True)
        self.process = subprocess.Popen(
            [str(word) for word in self.command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self.process.stdout is not None
        found = re.search(r":(\d+)", self.process.stdout.readline())
        if not found:
            raise Missed("the range does not say where it listens")
        self.port = int(found[1])
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)


class Workers:
    """Processes that only look."""

    def __init__(self, settings: Settings, store: Store, port: int) -> None:
        self.command = [
            settings.cordon, "serve", "--roles", "looks", "--range", f"127.0.0.1:{port}", "--port", "0",
            *store.options]

    def __enter__(self) -> Workers:
        self.processes = [
            subprocess.Popen([str(word) for word in self.command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for _ in range(PROCESSES)]
        time.sleep(5)
        if any(process.poll() is not None for process in self.processes):
            raise Missed("a process ended")
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(30)

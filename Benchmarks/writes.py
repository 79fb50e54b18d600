"""Durable single writes through the API: 64 connections, one address and one idempotency key a request."""

from __future__ import annotations

import re
import secrets
import shutil
import sqlite3
import time
from pathlib import Path

import record
import server
from addresses import addresses
from measurement import Figure, Missed, Settings, output

CONNECTIONS = 64
SENDING = 20
COUNTING = 3
SCRIPT = Path(__file__).with_name("writes.lua")
# % time, seconds, usecs/call, calls, errors where there are any, name
CALLS = re.compile(r"^ *[\d.]+ +[\d.]+ +\d+ +(\d+) .*\bf(?:data)?sync$", re.MULTILINE)


def api_writes(settings: Settings) -> list[Figure]:
    """Answers a second and their p99; every one of them is then found on record, and the record verified."""
    original, _ = record.million(settings)
    directory = settings.work / "record-writes"
    shutil.rmtree(directory, ignore_errors=True)
    output(["cp", "-r", "--reflink=auto", original, directory])
    output(["sync", "-f", directory])
    try:
        result, growth, syncs = write(settings, directory)
        if growth != result["answers"] - result["refused"] or result["refused"] + result["broken"] > 0:
            raise Missed(f"the record grew by {growth} items, and wrk saw {result}")
        output([settings.cordon, "verify", "--data", directory])
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    return figures(settings, result, syncs)


def figures(settings: Settings, result: dict[str, float], syncs: str) -> list[Figure]:
    rate = result["answers"] / SENDING
    again = settings.again("writes")
    peer = one_row_a_transaction(settings.work / "peer.db")
    return [
        Figure(
            "durable single writes through the API, 64 connections", round(rate), "writes/s", ">= 4,000", rate >= 4_000,
            again, peer=round(peer), ratio=round(rate / peer, 2),
            note=f"{syncs}; all 200, all on record, verify sound; peer: sqlite3 of Python, one row a transaction"),
        Figure(
            "p99 of those writes", round(result["p99_ms"], 1), "ms", "< 40", result["p99_ms"] < 40, again,
            note=f"p50 {result['p50_ms']:.1f} ms, longest {result['max_ms']:.0f} ms"),
    ]


def write(settings: Settings, directory: Path) -> tuple[dict[str, float], int, str]:
    """Returns what wrk saw, by how many items the record grew meanwhile, and the flushes of a window after it."""
    token = server.make_token(settings, directory)
    with server.Server(settings, directory) as served:
        before = server.count_items(served, token)
        result = send(served, token, SENDING)
        growth = server.count_items(served, token) - before
    return result, growth, count_syncs(settings, directory, token)


def send(served: server.Server, token: str, seconds: int) -> dict[str, float]:
    run = secrets.token_hex(3)
    return server.load(
        served, SCRIPT, CONNECTIONS, seconds + 2, {"TOKEN": token, "RUN": run, "SENDING": str(seconds)})


def count_syncs(settings: Settings, directory: Path, token: str) -> str:
    """Flushes a second, in a window of their own: the counting slows what is counted."""
    counts = settings.work / "strace.txt"
    counts.unlink(missing_ok=True)
    # -D leaves the server its process number; the filter in the kernel stops it at these calls only.
    tracer = ["strace", "-D", "-f", "--seccomp-bpf", "-c", "-e", "trace=fsync,fdatasync", "-o", counts]
    with server.Server(settings, directory, under=tracer) as served:
        result = send(served, token, COUNTING)
    if result["refused"] + result["broken"] > 0:
        raise Missed(f"not every write was answered with 200 while flushes were counted: {result}")
    answers = result["answers"]
    syncs = sum(map(int, CALLS.findall(read_when_written(counts))))
    if syncs == 0:
        return "flushes could not be counted"
    return f"{syncs / COUNTING:.0f} flushes/s at {answers / COUNTING:.0f} writes/s, {answers / syncs:.1f} writes each"


def read_when_written(path: Path) -> str:
    """The tracer outlives what it traced by a moment."""
    for _ in range(100):
        if path.exists() and "total" in (text := path.read_text()):
            return text
        time.sleep(0.05)
    return ""


def one_row_a_transaction(path: Path) -> float:
    """Rows a second that Python's sqlite3 commits one by one, write-ahead log, `synchronous=FULL`, same disk."""
    path.unlink(missing_ok=True)
    database = sqlite3.connect(path, isolation_level=None)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("CREATE TABLE item (id INTEGER PRIMARY KEY, address TEXT NOT NULL UNIQUE)")
        begun, rows = time.perf_counter(), 0
        for address in addresses(record.MILLION):
            database.execute("INSERT INTO item (address) VALUES (?)", (address,))
            rows += 1
            if rows % 64 == 0 and time.perf_counter() - begun > COUNTING:
                break
        return rows / (time.perf_counter() - begun)
    finally:
        database.close()
        for file in path.parent.glob(path.name + "*"):
            file.unlink()

"""The live board: how long after each change fifty viewers of it have been shown it, while an exercise runs."""

from __future__ import annotations

import asyncio
import html
import http.client
import json
import re
import shutil
import signal
import socket
import sqlite3
import statistics
import subprocess
import threading
import time
import urllib.parse
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import exercise
from measurement import Figure, Missed, Settings

VIEWERS = 50
LATEST = 1.0
OPERATION = "Harbour Lights"
INTERVAL = 0.02
SIZE = re.compile(rb"after ([\d,]+) journal entries")
# What is written last has this long to come.
GRACE = 3.0


@dataclass
class Viewer:
    """What one viewer has been shown: sizes of the journal, and when each had arrived whole."""

    sizes: list[int] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    ended_at: float = float("inf")

    def shown(self, size: int) -> float | None:
        """When a state at least as new had arrived."""
        position = bisect_left(self.sizes, size)
        return self.times[position] if position < len(self.sizes) else None


def board(settings: Settings) -> list[Figure]:
    """The longest of all (change, viewer) pairs; and the exercise's time beside one that nobody watches."""
    alone, _ = watched(settings, 0)
    wall, latencies = watched(settings, VIEWERS)
    latencies.sort()
    longest, again = latencies[-1], settings.again("board")
    p50, p99 = statistics.median(latencies), latencies[int(len(latencies) * 0.99)]
    late = sum(seconds > LATEST for seconds in latencies)
    return [
        Figure(
            f"from a change to the boards of {VIEWERS} viewers, longest", round(longest * 1e3), "ms", "<= 1,000",
            longest <= LATEST, again,
            note=f"p50 {p50 * 1e3:.0f} ms, p99 {p99 * 1e3:.0f} ms, {late:,} of {len(latencies):,} later than 1 s; "
            f"changes seen every {INTERVAL * 1e3:.0f} ms, each counted from the last look that did not show it"),
        Figure(
            f"exercise of {exercise.COUNT:,} reports with {VIEWERS} viewers, times without", round(wall / alone, 2),
            "times", "told, not asked", True, again, note=f"{wall:.1f} s against {alone:.1f} s, both with --serve"),
    ]


def watched(settings: Settings, viewers: int) -> tuple[float, list[float]]:
    """The `wall_seconds` of an exercise that so many look at, and the latencies."""
    directory = exercise.fresh(settings, "board")
    port = free_port()
    process = subprocess.Popen(
        [settings.cordon, "exercise", "--items", str(exercise.COUNT), "--seed", "1", "--json", "--data", directory,
         "--serve", "--port", str(port)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        changes = Changes(directory / "cordon.db")
        # Nobody but the one who counts signs in and waits too: what differs is who watches.
        watching = asyncio.run(watch(process, port, directory, viewers, changes))
        assert process.stdout is not None
        said = process.stdout.readline()
        if not said:
            raise Missed("cordon exercise ended without a summary")
        wall = float(json.loads(said)["wall_seconds"])
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(directory, ignore_errors=True)
    return wall, compare(changes, watching)


def compare(changes: Changes, viewers: list[Viewer]) -> list[float]:
    """Of each change and each viewer: from the change to the first state that has it."""
    found: list[float] = []
    begun = max((viewer.times[0] for viewer in viewers if viewer.times), default=0.0)
    for size, at in changes.seen:
        # Who signed in while it ran changed the record too; it counts from when everybody was there.
        if at < begun:
            continue
        for viewer in viewers:
            # Whoever was never shown it waited until their stream ended, and counts with that.
            shown = viewer.shown(size)
            found.append(max((viewer.ended_at if shown is None else shown) - at, 0.0))
    if viewers and not found:
        raise Missed("nobody was shown anything")
    return found


class Changes(threading.Thread):
    """Sizes of the journal as its file has them, each with the time of the last look that had not shown it."""

    def __init__(self, path: Path) -> None:
        super().__init__(daemon=True)
        self.path = path
        self.seen: list[tuple[int, float]] = []
        self.over = threading.Event()

    def run(self) -> None:
        database = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, isolation_level=None, timeout=5)
        last, before = 0, time.perf_counter()
        while not self.over.wait(INTERVAL):
            now = time.perf_counter()
            size = int(database.execute("SELECT size FROM journal_head").fetchone()[0])
            if size != last and last > 0:
                self.seen.append((size, before))
            last, before = size, now
        database.close()


async def watch(
    process: subprocess.Popen[str], port: int, directory: Path, count: int, changes: Changes,
) -> list[Viewer]:
    """Opens the streams, and reads them until the exercise has said its summary and a moment more."""
    cookies, path = await asyncio.to_thread(sign_in, port, directory)
    viewers = [Viewer() for _ in range(count)]
    streams = [
        asyncio.create_task(look(port, path + "/events", cookies[number % len(cookies)], viewer))
        for number, viewer in enumerate(viewers)]
    while not all(viewer.times for viewer in viewers):
        check(process, streams)
        await asyncio.sleep(INTERVAL)
    changes.start()
    await asyncio.wait_for(readable(process), exercise.PATIENCE)
    if any(stream.done() for stream in streams):
        raise Missed("a stream ended while the exercise ran")
    changes.over.set()
    await asyncio.sleep(GRACE)
    for stream in streams:
        stream.cancel()
    await asyncio.gather(*streams, return_exceptions=True)
    await asyncio.to_thread(changes.join)
    return viewers


async def readable(process: subprocess.Popen[str]) -> None:
    """Returns when the process has printed something, or ended."""
    assert process.stdout is not None
    loop, descriptor, said = asyncio.get_running_loop(), process.stdout.fileno(), asyncio.Event()
    loop.add_reader(descriptor, said.set)
    try:
        await said.wait()
    finally:
        loop.remove_reader(descriptor)


def check(process: subprocess.Popen[str], streams: list[asyncio.Task[None]]) -> None:
    if process.poll() is not None:
        raise Missed(f"cordon exercise ended with {process.returncode}")
    for stream in streams:
        if stream.done():
            raise stream.exception() or Missed("a stream ended at its beginning")


async def look(port: int, path: str, cookie: str, viewer: Viewer) -> None:
    """Reads one stream of server-sent events until it ends (HTML Standard, section 9.2; chunked, RFC 9112, 7.1)."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise Missed(f"the stream answers {head[:60]!r}")
        event = b""
        while length := int(await reader.readline() or b"0", 16):
            event += (await reader.readexactly(length + 2))[:-2]
            *whole, event = event.split(b"\n\n")
            now = time.perf_counter()
            for one in whole:
                if found := SIZE.search(one):
                    viewer.sizes.append(int(found[1].replace(b",", b"")))
                    viewer.times.append(now)
    finally:
        viewer.ended_at = time.perf_counter()
        writer.close()


def sign_in(port: int, directory: Path) -> tuple[list[str], str]:
    """Sessions of all accounts that may see the operation's board, and where that is."""
    accounts = directory / "accounts.txt"
    wait_for(lambda: accounts.exists() and connects(port))
    cookies: list[str] = []
    for line in accounts.read_text().splitlines():
        if not line.startswith("#"):
            name, password = line.split()
            cookies.append(session(port, name, password))
    found: list[str] = []

    def is_open() -> bool:
        _, _, page = ask(port, "GET", "/operations", cookies[0])
        found[:] = [
            path for path, name in re.findall(r'<a href="(/operations/[^"/]+)"[^>]*>(.*?)</a>', page)
            if html.unescape(re.sub("<[^>]*>", "", name)) == OPERATION]
        return bool(found)

    wait_for(is_open)
    # An administrator, for one, may not see it.
    may_see = [cookie for cookie in cookies if ask(port, "GET", found[0], cookie)[0] == 200]
    return may_see, found[0]


def session(port: int, name: str, password: str) -> str:
    """The cookie of somebody who signs in with the console's form."""
    _, headers, page = ask(port, "GET", "/sign-in")
    token = re.search(r'name="token" value="(\w+)"', page)
    if token is None:
        raise Missed("the page to sign in has no token")
    fields = urllib.parse.urlencode({"token": token[1], "name": name, "password": password})
    status, headers, _ = ask(port, "POST", "/sign-in", cookie(headers), fields)
    if status != 303:
        raise Missed(f"{name} can't sign in: {status}")
    return cookie(headers)


def cookie(headers: http.client.HTTPMessage) -> str:
    return (headers["Set-Cookie"] or "").partition(";")[0]


def ask(
    port: int, method: str, path: str, cookie: str = "", form: str | None = None,
) -> tuple[int, http.client.HTTPMessage, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        headers = {"Cookie": cookie} if cookie else {}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, form, headers)
        reply = connection.getresponse()
        return reply.status, reply.headers, reply.read().decode()
    finally:
        connection.close()


def wait_for(condition: Callable[[], bool]) -> None:
    for _ in range(1_500):
        if condition():
            return
        time.sleep(INTERVAL)
    raise Missed("the exercise's console is not there within 30 s")


def connects(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    # With --serve the port is only told at the end, so it is chosen here.
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

"""`cordon look` over 26,000 pages of 900 loopback addresses, in turn with curl, aiohttp and lychee."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from addresses import mixed
from measurement import PROJECT, Cost, Figure, Missed, Settings, run

COUNT = 26_000
HOSTS = 900
RUNS = 3
# Of twenty pages: what a referral's items look like some weeks later. No redirect leads to another request.
MIX = ("live",) * 10 + ("missing",) * 5 + ("gone",) * 2 + ("wall",) * 2 + ("law",)
STATUS = {"live": "200", "missing": "404", "gone": "410", "wall": "302", "law": "451"}

CONFIGURATION = """
worker_processes 1;
pid {place}/nginx.pid;
error_log {place}/error.log;
{user}
events {{ worker_connections 4096; }}
http {{
  access_log off;
  keepalive_requests 100000;
  default_type text/html;
  open_file_cache max=16;
  root {place}/pages;
  client_body_temp_path {place}/tmp; proxy_temp_path {place}/tmp; fastcgi_temp_path {place}/tmp;
  uwsgi_temp_path {place}/tmp; scgi_temp_path {place}/tmp;
  server {{
    listen 0.0.0.0:{port} backlog=4096;
    location /live/ {{ try_files /page.html =404; }}
    location /missing/ {{ return 404; }}
    location /gone/ {{ return 410; }}
    location /wall/ {{ return 302 /login; }}
    location /law/ {{ return 451; }}
  }}
}}
"""


@dataclass
class Peer:
    """Another program on the same list: how it is called, and how many pages of each status it says it saw."""

    name: str
    command: Sequence[str | Path]
    tally: Callable[[Path], Counter[str]]
    stdin: Path | None = None


def looks(settings: Settings) -> list[Figure]:
    """The least wall time of three runs each, one after the other in turn; answers are compared first."""
    place = settings.work / "looks"
    place.mkdir(parents=True, exist_ok=True)
    with nginx(place) as port:
        urls, expected = write_list(place, port)
        programs = contestants(settings, place, urls)
        costs: dict[str, list[Cost]] = {program.name: [] for program in programs}
        for _ in range(RUNS):
            for program in programs:
                costs[program.name].append(measure(program, place, expected))
    return figures(settings, costs)


def figures(settings: Settings, costs: dict[str, list[Cost]]) -> list[Figure]:
    wall = {name: min(cost.wall for cost in kept) for name, kept in costs.items()}
    rate = {name: round(COUNT / seconds) for name, seconds in wall.items()}
    peak = {name: max(cost.peak for cost in kept) for name, kept in costs.items()}
    ours, again = costs["cordon"], settings.again("looks")
    cpu = min(cost.cpu for cost in ours)
    found = []
    for peer, least in (("aiohttp", 3), ("curl", 3), ("lychee", 2)):
        # A peer that can be called in two ways is measured in both; the quicker one counts.
        quickest = min((name for name in wall if name.startswith(peer)), key=wall.__getitem__)
        ratio = wall[quickest] / wall["cordon"]
        theirs = "; ".join(f"{name} {seconds(costs[name])}" for name in sorted(wall) if name.startswith(peer))
        found.append(Figure(
            f"looks at {COUNT:,} pages of {HOSTS} addresses, against {peer}", rate["cordon"], "pages/s",
            f">= {least} times {peer}", ratio >= least, again, peer=rate[quickest], ratio=round(ratio, 2),
            note=f"wall {seconds(ours)}, CPU {cpu:.2f} s; {theirs}"))
    ratio = peak["cordon"] / peak["lychee"]
    found.append(Figure(
        "memory of those looks, peak, against lychee", round(peak["cordon"] / 1e6), "MB", "<= 0.25 times lychee",
        ratio <= 0.25, again, peer=round(peak["lychee"] / 1e6), ratio=round(ratio, 2)))
    return found


def seconds(costs: Sequence[Cost]) -> str:
    return ", ".join(f"{cost.wall:.2f}" for cost in costs) + " s"


def contestants(settings: Settings, place: Path, urls: Path) -> list[Peer]:
    lychee = settings.python.parent / "lychee"
    aiohttp = [settings.python, PROJECT / "Benchmarks" / "peer_aiohttp.py", urls]
    curl = ["curl", "--silent", "--parallel", "--config", curl_list(place, urls), "--parallel-max"]
    accepted = ",".join(STATUS.values())
    return [
        Peer("cordon", [settings.cordon, "look", "-", "--allow-loopback"], third_word, stdin=urls),
        # 100 at a time, as aiohttp's own default; 300 is the most that this curl can do.
        Peer("curl, 100 at a time", [*curl, "100"], first_word),
        Peer("curl, 300 at a time", [*curl, "300"], first_word),
        Peer("aiohttp, asyncio", aiohttp, as_json),
        Peer("aiohttp, uvloop", [*aiohttp, "uvloop"], as_json),
        # All statuses accepted: otherwise it writes down half of the pages as errors, which takes it longer.
        Peer(
            "lychee",
            [lychee, "--no-progress", "--accept", accepted, "--max-concurrency", "128", "--host-concurrency", "64",
             "--max-redirects", "0", "--max-retries", "0", "--format", "json", urls], lychee_total),
    ]


def measure(program: Peer, place: Path, expected: Counter[str]) -> Cost:
    """One run; throws where the program did not see what is there."""
    said = place / "said"
    cost = run(program.command, stdin=program.stdin, stdout=said)
    seen = program.tally(said)
    if seen != expected and seen != Counter({"all": COUNT}):
        raise Missed(f"{program.name} saw {dict(seen)} instead of {dict(expected)}")
    return cost


def third_word(said: Path) -> Counter[str]:
    return Counter(line.split(None, 3)[2] for line in said.open(encoding="utf-8"))


def first_word(said: Path) -> Counter[str]:
    return Counter(line.split(None, 1)[0] for line in said.open(encoding="utf-8"))


def as_json(said: Path) -> Counter[str]:
    return Counter(json.loads(said.read_text()))


def lychee_total(said: Path) -> Counter[str]:
    """It does not say which page had which status, but it says that all had an accepted one."""
    summary = json.loads(said.read_text())
    return Counter({"all": summary["successful"] if summary["errors"] == 0 else 0})


def write_list(place: Path, port: int) -> tuple[Path, Counter[str]]:
    """The list, and how many pages of each status are on it."""
    path = place / "urls.txt"
    expected: Counter[str] = Counter()
    with path.open("w", encoding="ascii") as file:
        for index in range(COUNT):
            number = mixed(index)
            host, kind = number % HOSTS, MIX[(number >> 32) % len(MIX)]
            file.write(f"http://127.{1 + host // 250}.{host % 7}.{1 + host % 250}:{port}/{kind}/{index}\n")
            expected[STATUS[kind]] += 1
    return path, expected


def curl_list(place: Path, urls: Path) -> Path:
    """The list as curl wants it: what to do with the page, and that the status is to be told."""
    path = place / "urls.curl"
    lines = (
        f'url = "{url.strip()}"\noutput = "/dev/null"\nwrite-out = "%{{http_code}} %{{url}}\\n"\n'
        for url in urls.open(encoding="ascii"))
    path.write_text("".join(lines), encoding="ascii")
    return path


@contextmanager
def nginx(place: Path) -> Iterator[int]:
    """One nginx with one worker on a free port of every loopback address."""
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    (place / "pages").mkdir(exist_ok=True)
    text = "<p>Harbour walks and tea houses.</p>" * 20
    (place / "pages" / "page.html").write_text(
        f"<!doctype html><html><head><title>A page of the benchmark</title></head><body>{text}</body></html>")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    configuration = place / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    configuration.write_text(CONFIGURATION.format(place=place, port=port, user=user))
    process = subprocess.Popen(
        [program, "-c", configuration, "-e", place / "error.log", "-g", "daemon off;"], stdin=subprocess.DEVNULL)
    try:
        await_port(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def await_port(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(500):
        if process.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.3.0.1", port)) == 0:
                return
        time.sleep(0.01)
    raise Missed("nginx does not listen; its error.log says why")


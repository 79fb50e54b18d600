"""`cordon exercise`: a whole operation from a seed; time and memory seen from outside, its figures recounted."""

from __future__ import annotations

import json
import re
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from measurement import PROJECT, Figure, Missed, Settings, at, output, require_disk

COUNT = 26_000
LARGE = 260_000
SMALL = 2_600
# Ten times what is asked: whoever hangs is stopped.
PATIENCE = 6_600
MEASURED = {"wall_seconds", "peak_rss_mb"}


@dataclass(frozen=True)
class Ended:
    """What an exercise printed, and what it took as seen from outside: seconds, and bytes of all its processes."""

    summary: dict[str, float | str]
    wall: float
    cpu: float
    peak: int

    @property
    def most_memory(self) -> float:
        """The larger of what it says of itself (MiB) and what was seen, in MB."""
        return max(float(self.summary["peak_rss_mb"]) * 2**20, self.peak) / 1e6


def exercise(settings: Settings) -> list[Figure]:
    """26,000 reports, and that the journal depends on the seed and on nothing else."""
    figures = of_size(settings, COUNT, "exercise", seconds=60, megabytes=500, aim=", aim 30")
    return [*figures, roots(settings)]


def exercise_large(settings: Settings) -> list[Figure]:
    """Ten times as many."""
    require_disk(settings.work, 12_000_000_000)
    return of_size(settings, LARGE, "exercise-large", seconds=660, megabytes=1_500)


def of_size(
    settings: Settings, items: int, name: str, seconds: float, megabytes: float, aim: str = "",
) -> list[Figure]:
    directory = fresh(settings, name)
    try:
        ended = conduct(settings, directory, items, "1")
        output([settings.cordon, "verify", "--data", directory])
        recount(settings, directory, ended)
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    again, said = settings.again(name), ended.summary
    return [
        Figure(
            f"exercise of {items:,} reports, wall time", round(ended.wall, 1), "s", f"<= {seconds}{aim}",
            ended.wall <= seconds, again,
            note=f"{said['wall_seconds']} s by its own account, {ended.cpu:.1f} CPU-s; {int(said['looks']):,} looks, "
            f"{int(said['journal_size']):,} events, root {str(said['journal_root'])[:12]}; verify sound, every figure "
            "recounted from the export"),
        Figure(
            "memory of that exercise, peaks of all its processes", round(ended.most_memory), "MB", f"<= {megabytes:,}",
            ended.most_memory <= megabytes, again,
            note=f"{said['peak_rss_mb']} MiB by its own account, {ended.peak / 2**20:.2f} MiB seen in /proc"),
    ]


def roots(settings: Settings) -> Figure:
    """The same seed twice and another once."""
    found: list[str] = []
    for seed in ("1", "1", "2"):
        directory = fresh(settings, "exercise-small")
        try:
            found.append(str(conduct(settings, directory, SMALL, seed).summary["journal_root"]))
        finally:
            shutil.rmtree(directory, ignore_errors=True)
    first, again, other = found
    return Figure(
        f"journal roots of {SMALL:,} reports: seed 1 twice, seed 2 once", len(set(found)), "roots",
        "2, the first two equal", first == again != other, settings.again("exercise"),
        note=", ".join(root[:12] for root in found))


def fresh(settings: Settings, name: str) -> Path:
    directory = settings.work / name
    shutil.rmtree(directory, ignore_errors=True)
    require_disk(settings.work, 2_000_000_000)
    return directory


def conduct(settings: Settings, where: Path | Sequence[str | Path], items: int, seed: str) -> Ended:
    """Runs one to its end."""
    begun, cpu = time.perf_counter(), children_cpu()
    process = subprocess.Popen(
        [settings.cordon, "exercise", "--items", str(items), "--seed", seed, "--json", *at(where)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with Peak(process.pid) as peak:
        try:
            said, complaints = process.communicate(timeout=PATIENCE)
        except BaseException:
            process.kill()
            process.wait()
            raise
    wall = time.perf_counter() - begun
    if process.returncode != 0:
        raise Missed(f"cordon exercise ended with {process.returncode}: {complaints.strip()[-300:]}")
    return Ended(json.loads(said), wall, children_cpu() - cpu, peak.total)


def children_cpu() -> float:
    """CPU seconds of everybody who was waited for; an exercise waits for its range."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Peak:
    """The most memory of a process and all that it started, each at its own peak, looked up every 50 ms."""

    def __init__(self, root: int) -> None:
        self.root = root
        self.peaks: dict[int, int] = {}
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)

    @property
    def total(self) -> int:
        return sum(self.peaks.values())

    def __enter__(self) -> Peak:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()

    def watch(self) -> None:
        while not self.over.wait(0.05):
            for process in family(self.root):
                self.peaks[process] = max(self.peaks.get(process, 0), high_water(process))


def family(root: int) -> Iterable[int]:
    """A process and its descendants; those that have just ended are left out."""
    yield root
    for task in Path(f"/proc/{root}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:
            continue
        for child in children:
            yield from family(int(child))


def high_water(process: int) -> int:
    """`VmHWM` in bytes (proc_pid_status(5)); 0 of a process that is no more."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def recount(settings: Settings, directory: Path, ended: Ended) -> None:
    """Holds every figure of the summary against the program of docs/figures.md, run over the export."""
    program = re.search(r"^```python\n(.*?)^```$", (PROJECT / "docs/figures.md").read_text(), re.DOTALL | re.MULTILINE)
    if program is None:
        raise Missed("docs/figures.md has no program")
    export = subprocess.Popen(
        [settings.cordon, "journal", "export", "--data", directory], stdout=subprocess.PIPE)
    try:
        counted = subprocess.run(
            [sys.executable, "-c", program[1]], stdin=export.stdout, capture_output=True, text=True, check=True).stdout
    finally:
        assert export.stdout is not None
        export.stdout.close()
        export.wait()
    found = dict(line.split() for line in counted.splitlines())
    said = {name: str(value) for name, value in ended.summary.items() if name not in MEASURED}
    if found != said:
        wrong = sorted(name for name in said.keys() | found.keys() if said.get(name) != found.get(name))
        raise Missed(f"the summary and the export differ in {', '.join(wrong)}")

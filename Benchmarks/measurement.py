"""What every figure shares: running a program with its costs, and the shape of a result."""

from __future__ import annotations

import datetime
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


class Missed(Exception):
    """A figure that could not be measured, or whose output is wrong; the message says why."""


@dataclass(frozen=True)
class Cost:
    """What one process took: seconds of wall time and of CPU, and its peak memory in bytes."""

    wall: float
    cpu: float
    peak: int


@dataclass
class Settings:
    """Where the program is and where the benchmark keeps its files."""

    cordon: Path
    work: Path

    @property
    def python(self) -> Path:
        """The Python that has the peers."""
        return PROJECT / ".tools" / "venv" / "bin" / "python"

    def again(self, name: str) -> str:
        cordon = os.path.relpath(self.cordon, PROJECT) if self.cordon.is_relative_to(PROJECT) else "PATH"
        return f"python3 Benchmarks/run.py --cordon {cordon} --only {name}"


@dataclass
class Figure:
    """One line of the table; `ours` is held against `asked`, or `ratio` where there is a peer to match."""

    name: str
    ours: float | None
    unit: str
    asked: str
    held: bool
    command: str
    peer: float | None = None
    ratio: float | None = None
    note: str = ""
    load: float = field(default_factory=lambda: round(os.getloadavg()[0], 2))
    machine: str = field(default_factory=lambda: machine())
    date: str = field(default_factory=lambda: datetime.datetime.now(datetime.UTC).isoformat("T", "seconds"))

    def entry(self) -> dict[str, object]:
        return asdict(self)


def at(record: Path | Sequence[str | Path]) -> list[str | Path]:
    """The options that say where a record is: a directory, or options already."""
    return ["--data", record] if isinstance(record, Path) else list(record)


def machine() -> str:
    """Processor, cores, memory and system, in one line."""
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.release()}"


def run(command: Sequence[str | Path], stdin: Path | None = None, stdout: Path | None = None) -> Cost:
    """Runs a program to its end and returns its costs; throws ``Missed`` unless it ends with 0."""
    helper = [sys.executable, Path(__file__).with_name("cost.py"), stdin or os.devnull, stdout or os.devnull]
    result = json.loads(output([*helper, *command]))
    if result["ended_with"] != 0:
        raise Missed(f"{Path(command[0]).name} {command[1]} ended with {result['ended_with']}")
    return Cost(**result["cost"])


def output(command: Sequence[str | Path]) -> str:
    """What a program prints; throws ``Missed`` unless it ends with 0."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Missed(f"{' '.join(map(str, command))} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def require_disk(directory: Path, free: int) -> None:
    """Throws ``Missed`` where `directory` lies in memory or has fewer than `free` bytes left."""
    kind = output(["stat", "-f", "-c", "%T", directory]).strip()
    if kind in ("tmpfs", "ramfs"):
        raise Missed(f"{directory} is in memory ({kind}), and the record must be on a disk")
    left = shutil.disk_usage(directory).free
    if left < free:
        raise Missed(f"{free / 1e9:.0f} GB of disk are needed in {directory}, and {left / 1e9:.1f} GB are free")

"""How soon the program is there: `--version`, and `serve` on a million items."""

from __future__ import annotations

import statistics

import record
from measurement import Figure, Settings, run
from server import Server


def version(settings: Settings) -> list[Figure]:
    """The median wall time of twenty runs."""
    milliseconds = statistics.median(run([settings.cordon, "--version"]).wall for _ in range(20)) * 1e3
    return [
        Figure(
            "cordon --version", round(milliseconds, 1), "ms", "<= 50", milliseconds <= 50, settings.again("version"))
    ]


def ready(settings: Settings) -> list[Figure]:
    """The median of five: from the start of the process to the first 200 of `/readyz`."""
    directory, _ = record.million(settings)
    seconds: list[float] = []
    for _ in range(5):
        with Server(settings, directory) as server:
            seconds.append(server.ready_after)
    milliseconds = statistics.median(seconds) * 1e3
    return [
        Figure(
            "cordon serve ready on 1,000,000 items", round(milliseconds), "ms", "<= 500", milliseconds <= 500,
            settings.again("ready"), note=f"longest {max(seconds) * 1e3:.0f} ms")
    ]

"""`cordon import`: a million addresses, and ten million."""

from __future__ import annotations

import shutil

import record
from measurement import Figure, Settings, require_disk

MOST_MEMORY = 350e6
TEN_MILLION = 10_000_000


def import_million(settings: Settings) -> list[Figure]:
    """Addresses a second, and the peak memory, of an import of a million into an empty record."""
    record.forget(settings)
    _, cost = record.million(settings)
    rate = record.MILLION / cost.wall
    again = settings.again("import")
    return [
        Figure(
            "import of 1,000,000 distinct addresses", round(rate), "addresses/s", ">= 30,000, aim 60,000",
            rate >= 30_000, again, note=f"{cost.wall:.1f} s wall, {cost.cpu:.1f} s CPU; verify sound"),
        Figure(
            "memory of that import, peak", round(cost.peak / 1e6), "MB", "<= 350", cost.peak <= MOST_MEMORY, again),
    ]


def import_ten_million(settings: Settings) -> list[Figure]:
    """How many times as long ten million take as one million, in turn with it."""
    require_disk(settings.work, 18_000_000_000)
    _, one = record.million(settings)
    directory = settings.work / "record-10m"
    try:
        ten = record.import_afresh(settings, TEN_MILLION, directory)
        record.check(settings, directory, TEN_MILLION)
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    ratio = ten.wall / one.wall
    again = settings.again("import10m")
    return [
        Figure(
            "import of 10,000,000 addresses: times the 1,000,000", round(ratio, 2), "times", "<= 13", ratio <= 13,
            again, note=f"{ten.wall:.0f} s against {one.wall:.1f} s"),
        Figure(
            "memory of the 10,000,000, peak", round(ten.peak / 1e6), "MB", "<= 350", ten.peak <= MOST_MEMORY, again),
    ]

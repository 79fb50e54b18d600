"""The record of 1,000,000 items that most figures are taken on."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path

from addresses import DOMAINS, write_list
from measurement import Cost, Missed, Settings, output, require_disk, run

MILLION = 1_000_000
# The three services that provider packs know, and a provider of its own for each other domain.
PROVIDERS = DOMAINS + 3
# The installation's agency, owner and roles, and the opening and end of the import.
MOST_OTHER_LEAVES = 16


def address_list(settings: Settings, count: int) -> Path:
    return write_list(settings.work / f"addresses-{count}.txt", count)


def import_afresh(settings: Settings, count: int, directory: Path) -> Cost:
    """Imports `count` addresses into a record of their own and checks what became of them."""
    shutil.rmtree(directory, ignore_errors=True)
    require_disk(settings.work, count * 1_400)
    reply = settings.work / "import.json"
    cost = run(
        [settings.cordon, "import", "--data", directory, address_list(settings, count), "--format", "list", "--json"],
        stdout=reply)
    summary = json.loads(reply.read_text())
    if (summary["lines"], summary["items_new"], summary["rejected"]) != (count, count, 0):
        raise Missed(f"of {count} distinct addresses came {summary}")
    return cost


def check(settings: Settings, directory: Path, count: int) -> Cost:
    """Verifies a fresh record of `count` items; throws ``Missed`` where a leaf is missing or too many."""
    reply = settings.work / "verify.json"
    cost = run([settings.cordon, "verify", "--data", directory, "--json"], stdout=reply)
    report = json.loads(reply.read_text())
    others = report["leaves"] - count - PROVIDERS
    if not report["sound"] or not 0 < others <= MOST_OTHER_LEAVES:
        raise Missed(f"verify found {report['leaves']} leaves for {count} items, sound: {report['sound']}")
    return cost


def million(settings: Settings) -> tuple[Path, Cost]:
    """The record of a million items and what its import cost; made once for each build of the program."""
    directory = settings.work / "record"
    mark = settings.work / "record.json"
    made_by = [settings.cordon.stat().st_mtime_ns, settings.cordon.stat().st_size]
    if mark.exists():
        known = json.loads(mark.read_text())
        if known["made_by"] == made_by:
            return directory, Cost(**known["cost"])
        mark.unlink()
    cost = import_afresh(settings, MILLION, directory)
    check(settings, directory, MILLION)
    # A checkpoint costs its signature once; what comes after shall not pay for it.
    output([settings.cordon, "journal", "checkpoint", "--data", directory])
    mark.write_text(json.dumps({"made_by": made_by, "cost": asdict(cost)}))
    return directory, cost


def forget(settings: Settings) -> None:
    """Makes the next figure import anew."""
    (settings.work / "record.json").unlink(missing_ok=True)

"""URL parsing and canonicalising per core, in turn with can_ada on the same lines."""

from __future__ import annotations

import json
from itertools import zip_longest
from pathlib import Path

import record
from measurement import PROJECT, Cost, Figure, Missed, Settings, output, run

RUNS = 5
# A shorter input would measure how fast a process starts.
LEAST_LINES = 500_000


def locate(settings: Settings) -> list[Figure]:
    """CPU seconds of whole processes, the least of five runs each, one after the other in turn."""
    return [
        compare(settings, "the 1,000,000 addresses", record.address_list(settings, record.MILLION)),
        compare(settings, *homepages(settings)),
    ]


def homepages(settings: Settings) -> tuple[str, Path]:
    """Every distinct `Homepage:` of the Debian package index, over and over until there are enough lines."""
    path = settings.work / "homepages.txt"
    found = {
        line.partition(":")[2].strip()
        for line in output(["apt-cache", "dumpavail"]).splitlines() if line.startswith("Homepage:")}
    if not found:
        raise Missed("apt-cache dumpavail knows no package: run apt-get update")
    times = -(-LEAST_LINES // len(found))
    path.write_text(("\n".join(sorted(found)) + "\n") * times, encoding="utf-8")
    return f"{len(found):,} Debian homepages, {times} times over", path


def compare(settings: Settings, what: str, lines: Path) -> Figure:
    """Compares outputs first, then times: addresses in, canonical addresses out, of both."""
    ours, peer = commands(settings)
    agreement = agree(settings, lines, ours, peer)
    plain = [*ours, "--plain"]
    costs: tuple[list[Cost], ...] = ([], [], [])
    for _ in range(RUNS):
        for command, kept in zip((plain, peer, ours), costs, strict=True):
            kept.append(run(command, stdin=lines))
    count = sum(1 for _ in lines.open("rb"))
    seconds = [min(cost.cpu for cost in kept) for kept in costs]
    ratio = seconds[0] / seconds[1]
    return Figure(
        f"URL parse and canonicalise per core: {what}", round(count / seconds[0]), "addresses/CPU-s",
        "<= 1.5 times the CPU of can_ada", ratio <= 1.5, settings.again("locate"),
        peer=round(count / seconds[1]), ratio=round(ratio, 2),
        note=f"{seconds[0]:.2f} against {seconds[1]:.2f} CPU-s; with provider, kind and domain as JSON "
        f"{seconds[2]:.2f}; {agreement}")


def commands(settings: Settings) -> tuple[list[str | Path], list[str | Path]]:
    return (
        [settings.cordon, "locate", "-"],
        [settings.python, PROJECT / "Benchmarks" / "peer_can_ada.py"],
    )


def agree(settings: Settings, lines: Path, ours: list[str | Path], peer: list[str | Path]) -> str:
    """Holds the two hrefs of every line against each other; says what differs, and throws where much does."""
    written = (settings.work / "locate.ours", settings.work / "locate.peer")
    for command, path in zip((ours, peer), written, strict=True):
        run(command, stdin=lines, stdout=path)
    counts = {"equal": 0, "both refuse": 0, "only ours refuses": 0, "only can_ada refuses": 0, "different": 0}
    examples: dict[str, None] = {}
    with lines.open("rb") as asked, written[0].open("rb") as first, written[1].open("rb") as second:
        for line, reply, theirs in zip_longest(asked, first, second):
            if line is None or reply is None or theirs is None:
                raise Missed("the two outputs have different numbers of lines")
            verdict = judge(json.loads(reply).get("href"), theirs.rstrip(b"\n").decode())
            counts[verdict] += 1
            if verdict not in ("equal", "both refuse"):
                examples[f"{verdict}: {line.decode(errors='replace').strip()}"] = None
    for example in list(examples)[:20]:
        print(f"  {example}")
    differing = counts["different"] + counts["only ours refuses"] + counts["only can_ada refuses"]
    if differing > 0.001 * sum(counts.values()):
        raise Missed(f"ours and can_ada disagree: {counts}")
    return ", ".join(f"{number:,} {verdict}" for verdict, number in counts.items() if number)


def judge(ours: str | None, theirs: str) -> str:
    if ours is None:
        return "both refuse" if theirs == "" else "only ours refuses"
    if theirs == "":
        return "only can_ada refuses"
    return "equal" if ours == theirs else "different"

"""`cordon verify` of a million leaves, and inclusion proofs."""

from __future__ import annotations

import base64
import hashlib
import json
import statistics
import subprocess
from pathlib import Path

import record
import server
from measurement import Cost, Figure, Missed, Settings, output, run

RUNS = 3
SECONDS = 5
# Any leaf will do; an early one is soon found in the export.
CHECKED_LEAF = 4_242
SCRIPT = Path(__file__).with_name("proofs.lua")


def verify(settings: Settings) -> list[Figure]:
    """The median of three runs over the whole journal."""
    directory, _ = record.million(settings)
    costs: list[Cost] = [run([settings.cordon, "verify", "--data", directory]) for _ in range(RUNS)]
    wall = statistics.median(cost.wall for cost in costs)
    peak = max(cost.peak for cost in costs) / 1e6
    return [
        Figure(
            "verify of 1,000,000 leaves", round(wall, 2), "s", "<= 10", wall <= 10, settings.again("verify"),
            note=f"{min(cost.cpu for cost in costs):.2f} CPU-s, {peak:.0f} MB")
    ]


def proof(settings: Settings) -> list[Figure]:
    """The mean time of `GET /api/v1/journal/proof/N` for random leaves, HTTP included."""
    directory, _ = record.million(settings)
    check_one(settings, directory)
    token = server.make_token(settings, directory)
    output([settings.cordon, "journal", "checkpoint", "--data", directory])
    with server.Server(settings, directory) as served:
        answered, _ = served.get("/api/v1/journal/proof/0", token)
        if answered != 200:
            raise Missed(f"a proof is answered with {answered}")
        result = server.load(served, SCRIPT, 1, SECONDS, {"TOKEN": token, "LEAVES": str(record.MILLION)})
    if result["refused"] + result["broken"] > 0:
        raise Missed(f"not every proof was answered: {result}")
    mean = result["mean_ms"]
    return [
        Figure(
            "inclusion proof among 1,000,000 leaves", round(mean, 3), "ms", "<= 1", mean <= 1, settings.again("proof"),
            note=f"mean of {result['answers']:,.0f} over HTTP, p99 {result['p99_ms']:.2f} ms; one checked outside")
    ]


def check_one(settings: Settings, directory: Path) -> None:
    """Recomputes the root from one proof as RFC 9162, section 2.1.3.2, has it."""
    text = output([settings.cordon, "journal", "prove", str(CHECKED_LEAF), "--data", directory])
    body, _, checkpoint = text.partition("\n\n")
    path = [base64.b64decode(line) for line in body.splitlines()[2:]]
    _, size, root = checkpoint.splitlines()[:3]
    found = root_from(leaf_hash(settings, directory), CHECKED_LEAF, int(size), path)
    if found != base64.b64decode(root):
        raise Missed(f"the proof of leaf {CHECKED_LEAF} does not lead to the root of its checkpoint")


def leaf_hash(settings: Settings, directory: Path) -> bytes:
    """The hash of ``CHECKED_LEAF`` as the export has it."""
    export = subprocess.Popen(
        [settings.cordon, "journal", "export", "--data", directory], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert export.stdout is not None
    try:
        for line in export.stdout:
            leaf = json.loads(line)
            if leaf["index"] == CHECKED_LEAF:
                return bytes.fromhex(leaf["leaf_hash"])
    finally:
        export.kill()
        export.stdout.close()
        export.wait()
    raise Missed(f"the export has no leaf {CHECKED_LEAF}")


def root_from(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """The root that a proof leads to; None where it has the wrong length."""
    node, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if node & 1 or node == last:
            found = hashlib.sha256(b"\x01" + sibling + found).digest()
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = hashlib.sha256(b"\x01" + found + sibling).digest()
        node, last = node >> 1, last >> 1
    return found if last == 0 else None

"""Real input: every `Homepage:` of the Debian package index goes through one import."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import unittest
from pathlib import Path
from typing import Any, ClassVar

from support import OK, EndToEnd, Record, run

LEAST_LINES = 10_000


def homepages() -> list[str]:
    """The value of each `Homepage:` field, as it stands there."""
    done = subprocess.run(
        ["apt-cache", "dumpavail"], capture_output=True, check=False, env={**os.environ, "LC_ALL": "C"}
    )
    prefix = b"Homepage:"
    found = [line[len(prefix) :].strip() for line in done.stdout.split(b"\n") if line.startswith(prefix)]
    return [line.decode("utf-8", "surrogateescape") for line in found]


def real_list() -> list[str]:
    """The list, after an update of the index where it is not filled and may be."""
    if shutil.which("apt-cache") is None:
        raise unittest.SkipTest("apt-cache is not here")
    lines = homepages()
    if len(lines) < LEAST_LINES and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], capture_output=True, check=False, timeout=120)
        lines = homepages()
    if len(lines) < LEAST_LINES:
        raise unittest.SkipTest(f"the package index has {len(lines)} home pages, fewer than {LEAST_LINES}")
    return lines


class PackageIndex(EndToEnd):
    imported: ClassVar[Record]
    path: ClassVar[Path]
    counts: ClassVar[dict[str, Any]]
    lines: ClassVar[list[str]]

    @classmethod
    def prepare(cls) -> None:
        cls.lines = real_list()
        cls.path = cls.directory / "homepages.txt"
        cls.path.write_bytes("".join(line + "\n" for line in cls.lines).encode("utf-8", "surrogateescape"))
        cls.imported = Record(cls.directory / "record")
        cls.counts = cls.imported.imported(cls.path)

    def test_counts(self) -> None:
        """Each line is counted once: new, sighted, rejected or blank."""
        counts = self.counts
        print(f"          {counts}", flush=True)
        self.assertEqual(counts["lines"], len(self.lines))
        self.assertEqual(
            counts["lines"], sum(counts[name] for name in ("items_new", "sightings", "rejected", "blank"))
        )

    def test_rejects(self) -> None:
        """Every reject has a line, a reason and its text."""
        file = self.counts["rejects_file"]
        rejects = [json.loads(line) for line in Path(file).read_text().splitlines()] if file else []
        self.assertEqual(len(rejects), self.counts["rejected"])
        for reject in rejects:
            self.assertEqual(
                self.lines[reject["line"] - 1].encode("utf-8", "replace").decode()[:40], reject["text"][:40]
            )
            self.assertTrue(reject["reason"])

    def located(self) -> list[dict[str, Any]]:
        ended = run("locate", "-", stdin=self.path.read_bytes())
        self.assertEqual(ended.code, OK, ended.err)
        return ended.lines()

    def test_items_are_explained(self) -> None:
        """The items are the distinct canonical locators that `cordon locate` gives for the same lines."""
        located = self.located()
        self.assertEqual(len(located), len(self.lines))
        canonical = {line["canonical"] for line in located} - {None}
        self.assertEqual(self.counts["items_new"], len(canonical))
        self.assertEqual(set(self.imported.locators()), canonical)
        rejected = [line for line in located if line["canonical"] is None]
        self.assertEqual(len(rejected), self.counts["rejected"] + self.counts["blank"])

    def test_canonical_is_stable(self) -> None:
        """The canonical locator of a canonical locator is itself."""
        locators = self.imported.locators()
        ended = run("locate", "-", stdin="".join(f"{locator}\n" for locator in locators).encode())
        changed = [
            (locator, line["canonical"])
            for locator, line in zip(locators, ended.lines(), strict=True)
            if line["canonical"] != locator
        ]
        self.assertEqual(changed[:5], [])

    def test_verified(self) -> None:
        """The record is sound, and a second import adds sightings alone."""
        self.assertSound(self.imported)
        copy = self.imported.copy(self.directory / "again")
        again = copy.imported(self.path)
        self.assertEqual(again["items_new"], 0)
        self.assertEqual(again["sightings"], self.counts["items_new"] + self.counts["sightings"])
        self.assertSound(copy)

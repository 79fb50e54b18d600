#!/usr/bin/env python3
"""Runs the end-to-end tests against a built program: real files, real HTTP, real signals.

    python3 Tests/EndToEnd/run.py --cordon .build/release/cordon [--only NAME]

Ends with one line `end-to-end: N passed, M failed, K skipped`, and 1 when a test failed.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

import postgres  # noqa: E402 (the path has to be set first)

TALLY = r"^end-to-end: (\d+) passed, (\d+) failed, (\d+) skipped$"
LAST_LINES = re.compile(r"skipped: |end-to-end: |\d+ s$")


class Result(unittest.TestResult):
    """Prints a line for each test as it ends."""

    def __init__(self) -> None:
        super().__init__()
        self.passed = 0
        self._started = 0.0
        self._subtests_failed = False

    def startTest(self, test: unittest.TestCase) -> None:  # noqa: N802 (the name is unittest's)
        super().startTest(test)
        self._started = time.monotonic()
        self._subtests_failed = False

    def addSuccess(self, test: unittest.TestCase) -> None:  # noqa: N802
        if self._subtests_failed:
            return
        self.passed += 1
        self._say("ok", test)

    def addFailure(self, test: unittest.TestCase, err) -> None:  # noqa: N802
        super().addFailure(test, err)
        self._say("FAILED", test, self.failures[-1][1])

    def addError(self, test: unittest.TestCase, err) -> None:  # noqa: N802
        super().addError(test, err)
        self._say("FAILED", test, self.errors[-1][1])

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:  # noqa: N802
        super().addSkip(test, reason)
        self._say("skipped", test, reason)

    def addExpectedFailure(self, test: unittest.TestCase, err) -> None:  # noqa: N802
        # Known not to hold: shown as skipped, never as passed.
        super().addSkip(test, f"does not hold yet: {err[1]}".split("\n")[0])
        self._say("skipped", test, "does not hold yet")

    def addUnexpectedSuccess(self, test: unittest.TestCase) -> None:  # noqa: N802
        super().addFailure(
            test, (AssertionError, AssertionError("holds now: take expectedFailure away"), None)
        )
        self._say("FAILED", test, "holds now: take expectedFailure away")

    def addSubTest(self, test: unittest.TestCase, subtest: unittest.TestCase, err) -> None:  # noqa: N802
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._subtests_failed = True
            kept = self.failures if issubclass(err[0], test.failureException) else self.errors
            self._say("FAILED", subtest, kept[-1][1])

    def _say(self, outcome: str, test: unittest.TestCase, detail: str = "") -> None:
        seconds = time.monotonic() - self._started
        print(f"{outcome:7} {seconds:6.1f} s  {name_of(test)}", flush=True)
        lines = detail.rstrip().splitlines()
        # Enough to see what happened; a program may have said thousands of lines.
        for line in lines if len(lines) <= 40 else [*lines[:20], "…", *lines[-20:]]:
            print(f"          {line[:500]}", flush=True)

    @property
    def failed(self) -> int:
        return len({name_of(test).split(" (")[0] for test, _ in self.failures + self.errors})


def name_of(test: unittest.TestCase) -> str:
    """`Class.test (what it shows)`."""
    parts = test.id().split(".")
    sentence = test.shortDescription()
    name = ".".join(parts[1:]) if len(parts) > 2 else test.id()
    return f"{name} ({sentence})" if sentence else name


def fits(test: unittest.TestCase) -> bool:
    """Whether it can be run on the engine that was chosen."""
    method = getattr(test, test._testMethodName, None)  # noqa: SLF001 (there is no other way to it)
    return not (postgres.is_chosen() and getattr(method, "is_on_sqlite_alone", False))


def matching(suite: unittest.TestSuite, part: str | None) -> unittest.TestSuite:
    """The tests whose identifier holds `part`."""
    chosen = unittest.TestSuite()
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            chosen.addTest(matching(test, part))
        elif (part is None or part in test.id()) and fits(test):
            chosen.addTest(test)
    return chosen


def run_tests(only: str | None, file: str) -> int:
    """Runs the tests of the files that fit, one after the other."""
    started = time.monotonic()
    suite = matching(unittest.defaultTestLoader.discover(str(HERE), file), only)
    result = Result()
    suite.run(result)
    for test, reason in result.skipped:
        print(f"skipped: {name_of(test)}: {reason}")
    finish(result.passed, result.failed, len(result.skipped), started)
    return 1 if result.failed or result.passed + len(result.skipped) == 0 else 0


def finish(passed: int, failed: int, skipped: int, started: float) -> None:
    """The last lines, which `scripts/test` reads."""
    print(f"{time.monotonic() - started:.0f} s")
    print(f"end-to-end: {passed} passed, {failed} failed, {skipped} skipped")


def run_file(path: Path, engine: str) -> str:
    """Runs one file's tests on an engine in a process of their own, and returns what it said."""
    command = [sys.executable, str(HERE / "run.py"), "--file", path.name]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        env=os.environ | {postgres.ENGINE: engine},
    )
    print(f"{path.name} on {engine}:")
    shown = [line + "\n" for line in done.stdout.splitlines() if not LAST_LINES.match(line)]
    print("".join(shown), end="", flush=True)
    return done.stdout


def run_files() -> int:
    """Runs all files on SQLite and those that fit on PostgreSQL too, two at a time, the longest first."""
    started = time.monotonic()
    files = sorted(HERE.glob("test_*.py"), key=lambda path: path.stat().st_size, reverse=True)
    runs = [
        (path, engine)
        for path in files
        for engine in ("sqlite", "postgres")
        if engine == "sqlite" or path.name in postgres.FILES
    ]
    passed = failed = 0
    skipped: list[str] = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        for (path, engine), said in zip(runs, pool.map(lambda run: run_file(*run), runs)):
            tally = re.search(TALLY, said, re.MULTILINE)
            if tally is None:
                print(f"FAILED  {path.name} on {engine} did not come to its end")
            passed += int(tally[1]) if tally else 0
            failed += int(tally[2]) if tally else 1
            skipped += [line + "\n" for line in said.splitlines() if line.startswith("skipped: ")]
    print("".join(skipped), end="")
    finish(passed, failed, len(skipped), started)
    return 1 if failed or passed == 0 else 0


def main() -> int:
    parser = argparse.ArgumentParser(description="Runs the end-to-end tests.")
    parser.add_argument("--cordon", default=os.environ.get("CORDON"), help="the built program")
    parser.add_argument("--only", metavar="NAME", help="only tests whose identifier holds NAME")
    parser.add_argument("--file", metavar="NAME", help="only the tests of this file")
    parser.add_argument("--engine", choices=("sqlite", "postgres"), help="on this engine; sqlite otherwise")
    parser.add_argument("--write-golden", action="store_true", help="writes permissions.golden, to be read")
    arguments = parser.parse_args()
    if not arguments.cordon or not os.access(arguments.cordon, os.X_OK):
        parser.error("say where the built program is: --cordon PATH")
    os.environ["CORDON"] = str(Path(arguments.cordon).resolve())
    if arguments.engine:
        os.environ[postgres.ENGINE] = arguments.engine
    if arguments.write_golden:
        os.environ["CORDON_WRITE_GOLDEN"] = "1"
    if arguments.only is None and arguments.file is None:
        return run_files()
    return run_tests(arguments.only, arguments.file or "test_*.py")


if __name__ == "__main__":
    sys.exit(main())

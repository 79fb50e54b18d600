"""The failover drill, in short: nothing is lost with a synchronous standby, and what is lost otherwise is found."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from support import CHECK_FAILED, OK, ROOT, USAGE, EndToEnd, program

DRILL = ROOT / "scripts/failover-drill"


def drill(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(DRILL), "--cordon", program(), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


class Failover(EndToEnd):
    def summary(self, ended: subprocess.CompletedProcess[str], code: int) -> dict[str, Any]:
        self.assertEqual(ended.returncode, code, ended.stdout + ended.stderr)
        return json.loads(ended.stdout)

    def test_synchronous(self) -> None:
        """The primary is killed under an exercise and under clients: whatever was acknowledged is there, once."""
        found = self.summary(drill("--items", "400", "--kills", "2", "--json"), OK)
        self.assertTrue(found["sound"])
        self.assertEqual(len(found["failovers"]), 2)
        # It was a failover under load: before and after it there was something to lose.
        self.assertGreater(found["acknowledged"], 200)
        self.assertGreater(found["acknowledged_after_a_retry"], 0)
        self.assertGreater(found["heads_seen"], 50)
        self.assertGreater(found["delivered"], 300)
        self.assertEqual(found["delivered"], found["effects"])
        self.assertRegex(found["exercise_root"], "^[0-9a-f]{64}$")

    def test_planted(self) -> None:
        """An asynchronous standby loses what was acknowledged, and both the clients and the heads show it."""
        found = self.summary(drill("--items", "400", "--planted", "async", "--json"), CHECK_FAILED)
        self.assertFalse(found["sound"])
        self.assertGreater(found["lost"], 0)
        self.assertGreater(found["acknowledged"], found["lost"])
        self.assertGreater(found["heads_that_are_no_prefix"], 0)

    def test_stopped(self) -> None:
        """Stopped on its way it leaves neither a process nor a directory."""
        place = self.file("mark", "").parent
        # The servers are run by another user where we are root.
        for folder in (self.directory, place):
            folder.chmod(0o711)
        process = subprocess.Popen(
            [str(DRILL), "--cordon", program(), "--items", "400"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "TMPDIR": str(place)},
        )
        assert process.stderr is not None
        said = ""
        while "clients at" not in said:
            line = process.stderr.readline()
            self.assertNotEqual(line, "", said)
            said += line
        process.send_signal(signal.SIGTERM)
        said += process.communicate(timeout=60)[1]
        self.assertEqual(process.returncode, 128 + signal.SIGTERM, said)
        self.assertEqual([path.name for path in place.iterdir()], ["mark"])
        self.assertEqual(self.processes(place), [])

    def processes(self, place: Path) -> list[str]:
        """Who still speaks of the directory on its command line; a server needs a moment to be gone."""
        deadline = time.monotonic() + 10
        while found := [words for words in self.command_lines() if str(place) in words]:
            if time.monotonic() > deadline:
                break
            time.sleep(0.1)
        return found

    def command_lines(self) -> list[str]:
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                found.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
            except OSError:
                # It ended meanwhile.
                continue
        return found

    def test_arguments(self) -> None:
        """What can't be a drill is said before anything is started."""
        for arguments, phrase in (
            (("--items", "9"), "--items is 10"),
            (("--kills", "0"), "--kills is 1"),
            (("--planted", "async", "--kills", "2"), "leave --kills out"),
            (("--planted", "all"), "invalid choice"),
        ):
            with self.subTest(arguments):
                ended = drill(*arguments)
                self.assertEqual((ended.returncode, ended.stdout), (USAGE, ""), ended.stderr)
                self.assertRegex(ended.stderr, phrase)
        missing = subprocess.run([str(DRILL), "--cordon", "none"], capture_output=True, text=True, check=False)
        self.assertEqual(missing.returncode, USAGE, missing.stderr)
        self.assertRegex(missing.stderr, "none is not there: `make build` builds it")

"""A program that is killed and started again, and that may not end by itself."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "EndToEnd"))

from namespaces import Trouble  # noqa: E402 (the path is set above)
from support import environment  # noqa: E402


class Killable:
    """A program in a namespace, which is killed and started again."""

    def __init__(self, command: list[str], log: Path, ready: str, keeps_input: bool = False) -> None:
        self.command, self.log, self.ready, self.keeps_input = command, log, ready, keeps_input
        self.kills = 0
        self.has_died = self.is_down = False
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE if self.keeps_input else subprocess.DEVNULL, stdout=out,
                stderr=out, env=environment(),
            )
        self.is_down = False

    def await_ready(self) -> None:
        deadline = time.monotonic() + 30
        while not re.search(self.ready, self.said()):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise Trouble(f"{self.command} does not begin: {self.said()}")
            time.sleep(0.02)

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    @property
    def died(self) -> bool:
        """Whether it ended by itself."""
        return self.has_died or self.process.poll() is not None and not self.is_down

    def kill(self) -> None:
        self.has_died = self.died
        self.is_down = True
        self.process.kill()
        self.process.wait()
        self.kills += 1

    def finish(self, seconds: float = 30) -> int:
        """Ends it in its own way: its input ends, or it is asked to stop."""
        self.is_down = True
        if self.process.stdin is not None:
            self.process.stdin.close()
        elif self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=seconds)

    def abandon(self) -> None:
        if self.process.stdin is not None:
            self.process.stdin.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

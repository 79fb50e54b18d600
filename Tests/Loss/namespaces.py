"""Two network namespaces with a line between them that loses packets. Nothing of it leaves the machine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

PACKAGES = {"ip": "iproute2", "nft": "nftables", "nsenter": "util-linux", "unshare": "util-linux"}
# RFC 5737: addresses that are nobody's.
ADDRESSES = ("192.0.2.1", "192.0.2.2")
LINE = "line0"
# Each end drops what it gets, so that both directions lose alike.
RULES = """
table inet loss {
  chain received {
    type filter hook input priority 0;
    iifname "line0" meta l4proto tcp counter comment "came"
    iifname "line0" meta l4proto tcp numgen random mod 100 < PERCENT counter drop comment "dropped"
  }
}
"""


class Trouble(Exception):
    """What keeps a run from being one."""


class Namespace:
    """A network of its own; it goes with us, however we end, once nobody is in it any more."""

    def __init__(self, inside: list[str] | None = None) -> None:
        for tool, package in PACKAGES.items():
            if shutil.which(tool, path=f"{os.environ['PATH']}:/usr/sbin:/sbin") is None:
                raise Trouble(f"{tool} is missing: scripts/setup installs it (Debian: {package})")
        # Whoever is not root is it in a user namespace, and both networks belong to the same one.
        own = [] if os.geteuid() == 0 or inside else ["--user", "--map-root-user"]
        # It ends with its input, which is ours.
        command = [*(inside or []), "unshare", "--net", *own, "cat"]
        self.holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        self._await_holder()
        user = [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
        #: To be put in front of a command.
        self.enter = ["nsenter", "--target", str(self.holder.pid), "--net", *user]
        self.run("ip", "link", "set", "lo", "up")

    def _await_holder(self) -> None:
        deadline = time.monotonic() + 10
        while Path(f"/proc/{self.holder.pid}/comm").read_text() != "cat\n":
            if self.holder.poll() is not None or time.monotonic() > deadline:
                raise Trouble("no network namespace can be made here: run it as root, or allow user namespaces")
            time.sleep(0.01)

    def run(self, *command: str, text: str = "") -> str:
        path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
        done = subprocess.run(
            [*self.enter, *command], input=text, capture_output=True, text=True, check=False,
            env=os.environ | {"PATH": path},
        )
        if done.returncode != 0:
            raise Trouble(f"{' '.join(command)}: {done.stderr.strip()}")
        return done.stdout

    def stop(self) -> None:
        assert self.holder.stdin is not None
        self.holder.stdin.close()
        self.holder.wait()


class LossyLine:
    """Where the senders are, where the receiver is, and the line between them."""

    def __init__(self, percent: int) -> None:
        self.ends: list[Namespace] = []
        try:
            self.sender = self._add()
            self.receiver = self._add(self.sender.enter)
            there = str(self.receiver.holder.pid)
            self.sender.run("ip", "link", "add", LINE, "type", "veth", "peer", "name", LINE, "netns", there)
            for end, address in zip(self.ends, ADDRESSES, strict=True):
                end.run("ip", "address", "add", f"{address}/30", "dev", LINE)
                # A packet that is lost is one packet, and not the many that the kernel hands over at once.
                end.run("ip", "link", "set", LINE, "gso_max_segs", "1", "up")
                end.run("nft", "-f", "-", text=RULES.replace("PERCENT", str(percent)))
        except BaseException:
            self.stop()
            raise

    def _add(self, inside: list[str] | None = None) -> Namespace:
        end = Namespace(inside)
        self.ends.append(end)
        return end

    def counted(self) -> list[dict[str, int]]:
        """For the sender's end and the receiver's: how many packets came there, and how many were dropped."""
        return [self._counters(end) for end in self.ends]

    @staticmethod
    def _counters(end: Namespace) -> dict[str, int]:
        listed = json.loads(end.run("nft", "-j", "list", "table", "inet", "loss"))["nftables"]
        rules = [entry["rule"] for entry in listed if "rule" in entry]
        return {
            rule["comment"]: part["counter"]["packets"]
            for rule in rules for part in rule["expr"] if "counter" in part
        }

    def stop(self) -> None:
        for end in self.ends:
            end.stop()
        self.ends = []

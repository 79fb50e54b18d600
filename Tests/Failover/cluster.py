"""Three nodes of the example in `deploy/patroni` on loopback: PostgreSQL, Patroni and etcd, TLS in between."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from servers import ROOT, Trouble, as_postgres, own, with_postgres

PACKAGES = "patroni etcd-server python3-etcd postgresql openssl"
EXAMPLE, HERE = "10.20.0.", "127.0.20."
NUMBERS = (1, 2, 3)
PASSWORDS = ("PATRONI_SUPERUSER_PASSWORD", "PATRONI_REPLICATION_PASSWORD")


def openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], capture_output=True, check=True)


class Authority:
    """A throwaway authority, and the one certificate that all nodes have."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir()
        self.directory = directory
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout"]
        key, request, names = directory / "ca.key", directory / "server.csr", directory / "names"
        openssl("req", "-x509", *curve, str(key), "-out", str(self.certificate), "-days", "2", "-subj", "/CN=Drill")
        openssl("req", *curve, str(directory / "server.key"), "-out", str(request), "-subj", "/CN=node")
        # Whatever address a node has, on loopback its peers see it come from the first.
        addresses = ["127.0.0.1", *(f"{HERE}1{number}" for number in NUMBERS)]
        names.write_text("subjectAltName=" + ",".join(f"IP:{address}" for address in addresses))
        signed = ["-CA", str(self.certificate), "-CAkey", str(key), "-CAcreateserial", "-days", "2"]
        out = str(directory / "server.pem")
        openssl("x509", "-req", "-in", str(request), *signed, "-extfile", str(names), "-out", out)
        key.unlink()
        own(directory / "server.key")
        for path in (self.certificate, directory / "server.pem"):
            path.chmod(0o644)
        directory.chmod(0o755)

    @property
    def certificate(self) -> Path:
        return self.directory / "ca.pem"


class Member:
    """One node: its files, etcd and Patroni, which starts PostgreSQL."""

    def __init__(self, number: int, directory: Path, authority: Authority, passwords: dict[str, str]) -> None:
        self.name = f"node{number}"
        self.number = number
        self.directory = directory / self.name
        self.directory.mkdir()
        own(self.directory)
        self.authority = authority
        self.passwords = passwords
        self.processes: list[subprocess.Popen[bytes]] = []
        self.configuration = self.directory / "patroni.yml"
        self.configuration.write_text(self._own((ROOT / "deploy/patroni/patroni.yml").read_text()))
        self.configuration.chmod(0o644)
        text = self._own((ROOT / "deploy/patroni/etcd.env").read_text())
        self.etcd = dict(line.split("=", 1) for line in text.splitlines() if line and not line.startswith("#"))

    def _own(self, text: str) -> str:
        """An example file as this node has it: name, addresses, and directories of the drill."""
        lines = []
        for line in text.splitlines():
            # These two lines are of all nodes; the others of the node itself.
            if "hosts:" not in line and "ETCD_INITIAL_CLUSTER=" not in line:
                line = line.replace("node1", self.name).replace(f"{EXAMPLE}11", f"{EXAMPLE}1{self.number}")
            lines.append(line)
        for old, new in (
            (f"{EXAMPLE}0/24", "127.0.0.0/8"),
            (EXAMPLE, HERE),
            ("/etc/cordon/tls", str(self.authority.directory)),
            ("/var/lib/postgresql/15/cordon", str(self.directory / "data")),
            ("/var/lib/postgresql/patroni.pgpass", str(self.directory / "pgpass")),
            ("/var/run/postgresql", str(self.directory)),
            ("/var/lib/etcd/cordon", str(self.directory / "etcd")),
            ("/usr/lib/postgresql/15/bin", str(with_postgres.find("postgres").parent)),
        ):
            lines = [line.replace(old, new) for line in lines]
        return "\n".join(lines) + "\n"

    def start_etcd(self) -> None:
        self._start(["etcd"], self.etcd)

    def start_patroni(self) -> None:
        self._start(["patroni", str(self.configuration)], self.passwords)

    def _start(self, command: list[str], variables: dict[str, str]) -> None:
        with (self.directory / f"{command[0]}.log").open("ab") as log:
            self.processes.append(
                subprocess.Popen(
                    as_postgres(command), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.directory,
                    env=os.environ | variables, start_new_session=True,
                )
            )

    def kill(self) -> None:
        """The whole machine: everything of it, at once."""
        found = [pid for process in self.processes for pid in tree(process.pid)]
        file = self.directory / "data/postmaster.pid"
        if file.exists():
            found += tree(int(file.read_text().split("\n", 1)[0]))
        for pid in found:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        for process in self.processes:
            process.wait()
        self.processes = []

    def psql(self, *arguments: str, text: str = "") -> str:
        command = [str(with_postgres.find("psql")), "-X", "-At", "-v", "ON_ERROR_STOP=1", "-h", str(self.directory)]
        done = subprocess.run(
            as_postgres([*command, "-p", "5432", "-U", "postgres", *arguments]), input=text, capture_output=True,
            text=True, cwd="/", check=False,
        )
        if done.returncode != 0:
            raise Trouble(f"psql: {done.stderr.strip()}")
        return done.stdout


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    try:
        found = [int(c) for p in Path(f"/proc/{pid}/task").glob("*/children") for c in p.read_text().split()]
    except OSError:
        return [pid]
    return [pid, *(below for child in found for below in tree(child))]


class Cluster:
    """The three of them, as `patronictl` sees them."""

    def __init__(self, directory: Path) -> None:
        for name in ("patroni", "patronictl", "etcd", "openssl"):
            if shutil.which(name) is None:
                raise Trouble(f"{name} is missing: apt-get install --no-install-recommends {PACKAGES}")
        for number in NUMBERS:
            with socket.socket() as tried:
                if tried.connect_ex((f"{HERE}1{number}", 5432)) == 0:
                    raise Trouble(f"something listens on {HERE}1{number}:5432 already: stop it first")
        self.authority = Authority(directory / "tls")
        passwords = {name: secrets.token_hex(12) for name in PASSWORDS}
        self.members = [Member(number, directory, self.authority, passwords) for number in NUMBERS]

    def start(self) -> None:
        for member in self.members:
            member.start_etcd()
        for member in self.members:
            member.start_patroni()
        self.await_state("a leader with a standby that it waits for", self.is_whole)

    def states(self) -> dict[str, tuple[str, str]]:
        """Role and state of each member; nothing while nobody answers."""
        for member in self.members:
            if not member.processes:
                continue
            command = ["timeout", "10", "patronictl", "-c", str(member.configuration), "list", "-f", "json"]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode == 0:
                return {row["Member"]: (row["Role"], row["State"]) for row in json.loads(done.stdout or "[]")}
        return {}

    def is_whole(self) -> bool:
        states = self.states().values()
        roles = sorted(role for role, state in states if state in ("running", "streaming"))
        return roles == ["Leader", "Replica", "Sync Standby"]

    def await_state(self, what: str, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 120
        while not holds():
            if time.monotonic() > deadline:
                raise Trouble(f"the cluster does not come to have {what}: {self.states()}; see the logs with --keep")
            time.sleep(1)

    def leader(self) -> Member:
        names = [name for name, (role, _) in self.states().items() if role == "Leader"]
        for member in self.members:
            if names == [member.name]:
                return member
        raise Trouble("the cluster has no leader")

    def address(self) -> str:
        """As `deploy/systemd/cordon.env` has it, with the nodes of the drill."""
        (line,) = [
            line for line in (ROOT / "deploy/systemd/cordon.env").read_text().splitlines()
            if line.startswith("CORDON_STORE=")
        ]
        text = line.removeprefix("CORDON_STORE=").replace(EXAMPLE, HERE)
        return text.replace("/etc/cordon/tls", str(self.authority.directory))

    def stop(self) -> None:
        for member in self.members:
            member.kill()

"""Two PostgreSQL servers: a primary and its standby, which change places when the primary is killed."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests/EndToEnd"))

from postgres import with_postgres  # noqa: E402 (the path has to be set first)

SETTINGS = {
    "max_connections": "60",
    "shared_buffers": "64MB",
    "log_min_messages": "fatal",
    "lc_messages": "'C'",
    # What the drill is about: a commit counts when two servers have it on their disks.
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "wal_level": "replica",
    "max_wal_senders": "6",
    "hot_standby": "on",
    # A standby that was killed with its machine is noticed soon.
    "wal_receiver_timeout": "10s",
    "wal_sender_timeout": "10s",
}


class Trouble(Exception):
    """The drill can't be carried out, which says nothing about the program."""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Node(with_postgres.Server):
    """One server in a directory of its own; its socket is there, and it listens on a loopback port."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory, durable=True)
        self.port = free_port()
        directory.mkdir()
        own(directory)

    def found(self, password: str) -> None:
        """Makes the cluster; whoever comes over TCP needs the password, whoever can see the directory does not."""
        file = self.directory / "password"
        file.write_text(password + "\n")
        own(file)
        host = ["--auth-local=trust", "--auth-host=scram-sha-256", "--pwfile", str(file)]
        self.run("initdb", "-D", str(self.data), "-U", "cordon", "-E", "UTF8", "-N", *host)
        file.unlink()

    def copy(self, primary: "Node") -> None:
        """Becomes the standby of `primary`."""
        shutil.rmtree(self.data, ignore_errors=True)
        where = ["-h", str(primary.directory), "-p", str(primary.port), "-U", "cordon"]
        self.run("pg_basebackup", "-D", str(self.data), *where, "-R", "-c", "fast", "-X", "stream")

    def boot(self) -> None:
        settings = SETTINGS | {
            "listen_addresses": "'127.0.0.1'",
            "port": str(self.port),
            "unix_socket_directories": f"'{self.directory}'",
        }
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{name} = {value}\n" for name, value in settings.items())
        self.run("pg_ctl", "-D", str(self.data), "-l", str(self.directory / "log"), "-w", "-t", "60", "start")

    def promote(self) -> None:
        self.run("pg_ctl", "-D", str(self.data), "-w", "-t", "60", "promote")

    def query(self, sql: str, database: str = "postgres") -> str:
        command = [str(with_postgres.find("psql")), "-X", "-At", "-v", "ON_ERROR_STOP=1", "-c", sql]
        command += ["-h", str(self.directory), "-p", str(self.port), "-U", "cordon", "-d", database]
        done = subprocess.run(as_postgres(command), capture_output=True, text=True, cwd="/", check=False)
        if done.returncode != 0:
            raise Trouble(f"psql: {done.stderr.strip()}")
        return done.stdout.strip()

    def change(self, name: str, value: str) -> None:
        """Changes a setting of the running server, also for its next start."""
        self.query(f"ALTER SYSTEM SET {name} = '{value}'")
        self.query("SELECT pg_reload_conf()")

    def kill(self) -> None:
        """As when the machine loses its power: the server and all its children, at once and without a word."""
        pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        children = [int(c) for p in Path(f"/proc/{pid}/task").glob("*/children") for c in p.read_text().split()]
        for process in [pid, *children]:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        for process in [pid, *children]:
            while _is_alive(process):
                time.sleep(0.005)
        # Until somebody has asked about the dead one, its number is taken, and a new server would think that it lives.
        for lock in self.directory.glob(".s.PGSQL.*"):
            lock.unlink(missing_ok=True)


def _is_alive(process: int) -> bool:
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    # A zombie, which nobody has asked about yet, writes nothing any more.
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def own(path: Path) -> None:
    """Gives a path to the user that runs PostgreSQL, and keeps everybody else out."""
    path.chmod(0o700 if path.is_dir() else 0o600)
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(path, owner.pw_uid, owner.pw_gid)


def as_postgres(command: list[str]) -> list[str]:
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


class Pair:
    """A primary and a standby."""

    def __init__(self, directory: Path, synchronous: bool) -> None:
        self.synchronous = synchronous
        self.password = secrets.token_hex(12)
        self.primary = Node(directory / "one")
        self.standby = Node(directory / "two")
        self.nodes = [self.primary, self.standby]

    def start(self, *databases: str) -> None:
        self.primary.found(self.password)
        self.primary.boot()
        for name in databases:
            self.primary.query(f"CREATE DATABASE {name}")
        self.attach()

    def address(self, database: str) -> str:
        """What the program is given: both servers, and that the one is meant that can be written to."""
        hosts = ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)
        return f"postgresql://cordon:{self.password}@{hosts}/{database}?target_session_attrs=read-write"

    def follow(self, database: str) -> list[str]:
        """The `psql` command that finds the primary by itself."""
        hosts = ",".join(str(node.directory) for node in self.nodes)
        ports = ",".join(str(node.port) for node in self.nodes)
        place = f"host={hosts} port={ports} dbname={database} user=cordon target_session_attrs=read-write"
        return as_postgres([str(with_postgres.find("psql")), "-X", "-At", place])

    def attach(self) -> None:
        """Makes the standby from a fresh copy; returns when the primary waits for it, if it is to."""
        self.standby.copy(self.primary)
        self.standby.boot()
        if self.synchronous:
            self.primary.change("synchronous_standby_names", "*")
        wanted = "sync" if self.synchronous else "async"
        self._await(f"SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND sync_state = '{wanted}'")

    def _await(self, sql: str) -> None:
        deadline = time.monotonic() + 60
        while self.primary.query(sql) != "1":
            if time.monotonic() > deadline:
                raise Trouble("the standby does not follow its primary")
            time.sleep(0.1)

    def hold_back(self) -> None:
        """The standby hears nothing any more, as behind a cut line."""
        self.standby.change("primary_conninfo", "")
        self._await("SELECT 1 - count(*) FROM pg_stat_replication")

    def fail_over(self) -> None:
        """Kills the primary and promotes the standby, which then waits for nobody."""
        self.primary.kill()
        self.standby.promote()
        self.primary, self.standby = self.standby, self.primary

    def rebuild(self) -> None:
        """The server that was killed comes back as the standby: from a copy, because its own end may be another."""
        self.attach()

    def stop(self) -> None:
        for node in self.nodes:
            if (node.data / "postmaster.pid").exists():
                node.stop()

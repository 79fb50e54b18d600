"""The tests' PostgreSQL: `scripts/with-postgres` has started it, and each record is a schema of its own."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import json
import os
import secrets
import subprocess
from pathlib import Path
from typing import Any

ENGINE = "CORDON_TEST_ENGINE"
# What is tested on both engines: the whole of what people and programs do, not what is done to a file.
FILES = (
    "test_api.py", "test_console.py", "test_exactly_once.py", "test_exercise.py", "test_import.py", "test_journal.py",
    "test_look.py", "test_processes.py", "test_providers.py", "test_work.py",
)


def _with_postgres():
    """`scripts/with-postgres` as a module."""
    path = Path(__file__).resolve().parents[2] / "scripts/with-postgres"
    loader = importlib.machinery.SourceFileLoader("with_postgres", str(path))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


with_postgres = _with_postgres()


def is_chosen() -> bool:
    """Whether this run is of PostgreSQL."""
    return os.environ.get(ENGINE) == "postgres"


def server() -> str:
    """The server's address; without one there is nothing to test, and that is a failure."""
    address = os.environ.get("CORDON_TEST_POSTGRES")
    if not address:
        raise AssertionError("CORDON_TEST_POSTGRES is not set: run the tests by scripts/with-postgres")
    return address


def make_schema() -> str:
    """The address of a fresh schema."""
    name = f"record_{secrets.token_hex(8)}"
    psql(server(), f"CREATE SCHEMA {name}")
    return f"{server()}&options=-csearch_path%3D{name}"


def on_sqlite_alone(test: Any) -> Any:
    """Marks a test of a database file, of which there is none on PostgreSQL; it is not run there."""
    test.is_on_sqlite_alone = True
    return test


class NotThere(AssertionError):
    """A table is missing."""


def psql(address: str, sql: str) -> str:
    done = subprocess.run(
        ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", sql, address],
        capture_output=True, text=True, check=False, timeout=120,
    )
    if done.returncode != 0:
        fault = NotThere if "does not exist" in done.stderr else AssertionError
        raise fault(f"{sql}: {done.stderr}")
    return done.stdout


def query(address: str, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """Rows with integers, texts and None as Python has them; bytes come as `\\x…`."""
    text = psql(address, f"SELECT coalesce(json_agg(found), '[]') FROM ({filled(sql, values)}) AS found")
    # Columns may share a name: pairs, not dictionaries.
    rows = json.loads(text, object_pairs_hook=lambda pairs: tuple(value for _, value in pairs))
    return [row for row in rows]


def change(address: str, sql: str, *values: Any) -> None:
    psql(address, filled(sql, values))


def filled(sql: str, values: tuple[Any, ...]) -> str:
    """The text with its question marks replaced by literals."""
    pieces = sql.split("?")
    assert len(pieces) == len(values) + 1, f"{sql} has not {len(values)} parameters"
    return pieces[0] + "".join(literal(value) + piece for value, piece in zip(values, pieces[1:], strict=True))


def literal(value: Any) -> str:
    match value:
        case None:
            return "NULL"
        case int():
            return str(value)
        case bytes():
            return f"'\\x{value.hex()}'"
        case _:
            return "'" + str(value).replace("'", "''") + "'"

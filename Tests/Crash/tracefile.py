"""The trace that `recorder.c` writes: what a program did to the files of one directory, in order.

A record is a header (see `HEADER`), a path below the recorded directory, and bytes. Its instant is that of
CLOCK_MONOTONIC, taken before the change it tells of, so that whatever a client learned before that instant can't
have depended on the change.
"""

from __future__ import annotations

import enum
import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MAGIC = 0x48535243
HEADER = struct.Struct("<IHHIiQQqq")


class Kind(enum.IntEnum):
    WRITE = 1
    TRUNCATE = 2
    SYNC_BEGIN = 3
    SYNC_END = 4
    CREATE = 5
    UNLINK = 6
    RENAME = 7
    MKDIR = 8
    RMDIR = 9
    ESCAPE = 10
    FAULT = 11
    COUNT = 12


@dataclass(slots=True)
class Record:
    """One thing that a program did."""

    number: int
    kind: int
    pid: int
    at: int
    inode: int
    offset: int
    token: int
    path: str
    data: memoryview


def read(path: Path) -> list[Record]:
    """All records of a trace; the last one may be cut off where the recorder was killed."""
    with path.open("rb") as file:
        if not path.stat().st_size:
            return []
        content = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    return list(_records(content))


def _records(content: memoryview) -> Iterator[Record]:
    at = number = 0
    while at + HEADER.size <= len(content):
        magic, kind, path_length, data_length, pid, instant, inode, offset, token = HEADER.unpack_from(content, at)
        if magic != MAGIC:
            raise ValueError(f"byte {at} of the trace begins no record")
        begin = at + HEADER.size
        middle, end = begin + path_length, begin + path_length + data_length
        if end > len(content):
            return
        name = str(content[begin:middle], "utf-8", "surrogateescape")
        yield Record(number, kind, pid, instant, inode, offset, token, name, content[middle:end])
        at = end
        number += 1


def escapes(records: list[Record]) -> list[str]:
    """What the recorder saw and could not follow; the trace is void with it."""
    return sorted({f"{bytes(r.data).decode()} of {r.path}" for r in records if r.kind == Kind.ESCAPE})

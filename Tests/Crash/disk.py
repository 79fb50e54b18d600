"""A model of a disk: what a power cut may leave of what a program wrote.

See docs/crash-testing.md for the model in words. A file has bytes that are on the disk for certain (`durable`) and
changes that may be there or not (`pending`). A flush makes durable what was written before it began, once it has
ended. A directory is the same with names for bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from tracefile import Kind, Record

SECTOR, PAGE = 512, 4096
# Records after which a power cut may leave something else than before them.
CHANGING = frozenset(
    (Kind.WRITE, Kind.TRUNCATE, Kind.SYNC_END, Kind.CREATE, Kind.UNLINK, Kind.RENAME, Kind.MKDIR, Kind.RMDIR)
)


@dataclass(slots=True)
class Change:
    """A change of a file that no flush has confirmed: bytes at an offset, or a new length."""

    number: int
    offset: int
    data: memoryview | None


@dataclass(slots=True)
class File:
    """A file, whatever its name is at the moment."""

    durable: bytearray = field(default_factory=bytearray)
    pending: list[Change] = field(default_factory=list)

    def flush(self, before: int) -> None:
        """Everything that was written before the record `before` is on the disk now."""
        kept = []
        for change in self.pending:
            if change.number < before:
                apply(self.durable, change.offset, change.data)
            else:
                kept.append(change)
        self.pending = kept


@dataclass(slots=True)
class NameChange:
    """A change of a directory that no flush has confirmed: names that go, and names that come."""

    number: int
    removed: tuple[str, ...]
    added: dict[str, "File | Directory"]


@dataclass(slots=True)
class Directory:
    """A directory: the names on the disk, the changes that are not, and the names that the program sees."""

    durable: dict[str, "File | Directory"] = field(default_factory=dict)
    pending: list[NameChange] = field(default_factory=list)
    seen: dict[str, "File | Directory"] = field(default_factory=dict)

    def change(self, change: NameChange) -> None:
        self.pending.append(change)
        rename(self.seen, change)

    def flush(self, before: int) -> None:
        while self.pending and self.pending[0].number < before:
            rename(self.durable, self.pending.pop(0))


def apply(content: bytearray, offset: int, data: memoryview | None) -> None:
    """Carries out one change of a file."""
    if data is None:
        del content[offset:]
        content.extend(bytes(offset - len(content)))
        return
    if offset > len(content):
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


def rename(names: dict[str, File | Directory], change: NameChange) -> None:
    for name in change.removed:
        names.pop(name, None)
    names.update(change.added)


class Disk:
    """Follows a trace record by record; a power cut may come after any of them."""

    def __init__(self) -> None:
        self.root = Directory()
        self._objects: dict[int, File | Directory] = {}
        self._begun: dict[tuple[int, int], int] = {}

    def follow(self, record: Record) -> None:
        """Takes in a record."""
        kind = record.kind
        if kind == Kind.WRITE:
            self._file(record).pending.append(Change(record.number, record.offset, record.data))
        elif kind == Kind.TRUNCATE:
            self._file(record).pending.append(Change(record.number, record.offset, None))
        elif kind == Kind.SYNC_BEGIN:
            self._begun[record.pid, record.token] = record.number
        elif kind == Kind.SYNC_END:
            # The root is not made by the trace: its first flush tells its inode.
            target = self.root if record.path == "" else self._objects.get(record.inode)
            if target is None:
                raise ValueError(f"record {record.number} flushes {record.path}, which nothing made")
            target.flush(self._begun.pop((record.pid, record.token)))
        elif kind in (Kind.CREATE, Kind.MKDIR):
            made = File() if kind == Kind.CREATE else Directory()
            self._objects[record.inode] = made
            folder, name = self._place(record.path)
            folder.change(NameChange(record.number, (), {name: made}))
        elif kind in (Kind.UNLINK, Kind.RMDIR):
            folder, name = self._place(record.path)
            folder.change(NameChange(record.number, (name,), {}))
        elif kind == Kind.RENAME:
            self._rename(record)

    def _rename(self, record: Record) -> None:
        folder, name = self._place(record.path)
        other, new = self._place(bytes(record.data).decode("utf-8", "surrogateescape"))
        if folder is not other:
            raise ValueError(f"record {record.number} moves {record.path} between directories: no model for it yet")
        folder.change(NameChange(record.number, (name,), {new: folder.seen[name]}))

    def _file(self, record: Record) -> File:
        found = self._objects.get(record.inode)
        if not isinstance(found, File):
            raise ValueError(f"record {record.number} changes {record.path}, which nothing made")
        return found

    def _place(self, path: str) -> tuple[Directory, str]:
        *parents, name = path.split("/")
        folder = self.root
        for parent in parents:
            below = folder.seen[parent]
            if not isinstance(below, Directory):
                raise ValueError(f"{path} lies in a file")
            folder = below
        return folder, name

    def seen(self) -> dict[str, bytes]:
        """The directory as the program saw it: nothing is lost."""
        return {path: bytes(content) for path, content in materialise(self.root, Everything())}


class Choice:
    """What of the changes that are not flushed is on the disk after the power cut; here nothing."""

    def names(self, pending: list[NameChange]) -> list[NameChange]:
        """Directories are journaled: their changes reach the disk in order, so that a beginning of them is there."""
        return []

    def content(self, file: File) -> bytearray | bytes:
        return file.durable


class Everything(Choice):
    """All changes reached the disk, as after a kill of the program alone."""

    def names(self, pending: list[NameChange]) -> list[NameChange]:
        return pending

    def content(self, file: File) -> bytearray | bytes:
        if not file.pending:
            return file.durable
        content = bytearray(file.durable)
        for change in file.pending:
            apply(content, change.offset, change.data)
        return content


class Chosen(Choice):
    """Some of the changes, by chance; each kind of power cut chooses in its own way."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance

    def names(self, pending: list[NameChange]) -> list[NameChange]:
        return pending[: self.chance.randint(0, len(pending))]

    def content(self, file: File) -> bytearray | bytes:
        if not file.pending:
            return file.durable
        content = bytearray(file.durable)
        for change in self.changes(file.pending):
            apply(content, change.offset, change.data)
        if self.chance.random() < 0.25:
            # The new length may reach the disk before the bytes do, which then read as zeros.
            length = max((c.offset + len(c.data) for c in file.pending if c.data is not None), default=0)
            if length > len(content) and all(change.data is not None for change in file.pending):
                content.extend(bytes(length - len(content)))
        return content

    def changes(self, pending: list[Change]) -> Iterator[Change]:
        raise NotImplementedError


class Subset(Chosen):
    """Each write is there or not, whatever came before or after it."""

    def changes(self, pending: list[Change]) -> Iterator[Change]:
        share = self.chance.random()
        return (change for change in pending if self.chance.random() < share)


class Torn(Chosen):
    """Each piece of each write is there or not; writes are cut where the blocks of the disk end."""

    def __init__(self, chance: Random, block: int) -> None:
        super().__init__(chance)
        self.block = block

    def changes(self, pending: list[Change]) -> Iterator[Change]:
        share = self.chance.random()
        for change in pending:
            if change.data is None:
                if self.chance.random() < share:
                    yield change
                continue
            for piece in pieces(change, self.block):
                if self.chance.random() < share:
                    yield piece


class CutOff(Chosen):
    """Writes reached the disk in order, and the last one that did only up to some sector."""

    def changes(self, pending: list[Change]) -> Iterator[Change]:
        last = self.chance.randrange(len(pending))
        yield from pending[:last]
        if pending[last].data is None:
            return
        cut = list(pieces(pending[last], SECTOR))
        yield from cut[: self.chance.randint(0, len(cut))]


class LastMissing(Chosen):
    """All writes but one reached the disk."""

    def changes(self, pending: list[Change]) -> Iterator[Change]:
        missing = self.chance.randrange(len(pending))
        return (change for number, change in enumerate(pending) if number != missing)


def pieces(change: Change, block: int) -> Iterator[Change]:
    """A write, cut where the blocks of the disk end."""
    assert change.data is not None
    at, end = change.offset, change.offset + len(change.data)
    while at < end:
        until = min(end, (at // block + 1) * block)
        yield Change(change.number, at, change.data[at - change.offset : until - change.offset])
        at = until


def materialise(
    directory: Directory, choice: Choice, prefix: str = ""
) -> Iterator[tuple[str, bytearray | bytes]]:
    """The files of an image with their content; an empty directory is a path that ends with a slash."""
    names = dict(directory.durable)
    for change in choice.names(directory.pending):
        rename(names, change)
    for name in sorted(names):
        found = names[name]
        if isinstance(found, File):
            yield prefix + name, choice.content(found)
        else:
            yield f"{prefix}{name}/", b""
            yield from materialise(found, choice, f"{prefix}{name}/")

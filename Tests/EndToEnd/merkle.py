"""The tree of RFC 9162, C2SP tiles, signed notes and proofs, written from the specifications.

Nothing here is taken from the program: it is what an outsider would write.
"""

from __future__ import annotations

import base64
import hashlib
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# The beginning of a SubjectPublicKeyInfo for Ed25519 (RFC 8410).
_ED25519_PREFIX = bytes.fromhex("302a300506032b6570032100")


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def leaf_hash(leaf: bytes) -> bytes:
    return sha256(b"\0", leaf)


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1", left, right)


def root(hashes: Sequence[bytes]) -> bytes:
    """RFC 9162, 2.1.1, over the hashes of the leaves."""
    if not hashes:
        return sha256()
    if len(hashes) == 1:
        return hashes[0]
    half = 1 << (len(hashes) - 1).bit_length() - 1
    return node_hash(root(hashes[:half]), root(hashes[half:]))


def tiles(hashes: Sequence[bytes]) -> dict[tuple[int, int], bytes]:
    """Every tile, the partial ones too, by level and index."""
    found: dict[tuple[int, int], bytes] = {}
    level = 0
    while hashes:
        for at in range(0, len(hashes), 256):
            found[level, at // 256] = b"".join(hashes[at : at + 256])
        full = len(hashes) // 256
        hashes = [root(hashes[256 * index : 256 * index + 256]) for index in range(full)]
        level += 1
    return found


def tile_path(level: int, index: int, width: int) -> str:
    """C2SP tlog-tiles: groups of three digits, all but the last with an x, `.p/W` for a partial tile."""
    groups = [f"{index % 1000:03}"]
    while index >= 1000:
        index //= 1000
        groups.insert(0, f"x{index % 1000:03}")
    return f"{level}/{'/'.join(groups)}" + (f".p/{width}" if width < 256 else "")


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """RFC 9162, 2.1.3.2, from the hash of the leaf."""
    if index >= size:
        return False
    fn, sn, found = index, size - 1, leaf
    for sibling in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            found = node_hash(sibling, found)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            found = node_hash(found, sibling)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and found == expected


def consistency_proof(hashes: Sequence[bytes], older: int) -> list[bytes]:
    """RFC 9162, 2.1.4.1, between the first `older` leaves and all of them."""

    def subproof(m: int, part: Sequence[bytes], whole: bool) -> list[bytes]:
        if m == len(part):
            return [] if whole else [root(part)]
        half = 1 << (len(part) - 1).bit_length() - 1
        if m <= half:
            return subproof(m, part[:half], whole) + [root(part[half:])]
        return subproof(m - half, part[half:], False) + [root(part[:half])]

    return subproof(older, hashes, True)


def verify_consistency(older: int, newer: int, old: bytes, new: bytes, proof: Sequence[bytes]) -> bool:
    """RFC 9162, 2.1.4.2."""
    if older == newer:
        return not proof and old == new
    path = [old, *proof] if older & (older - 1) == 0 else list(proof)
    if not path:
        return False
    fn, sn = older - 1, newer - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for sibling in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node_hash(sibling, fr), node_hash(sibling, sr)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, sibling)
        fn, sn = fn >> 1, sn >> 1
    return fr == old and sr == new and sn == 0


@dataclass(frozen=True)
class VerifierKey:
    """C2SP signed-note: `name+id+key`."""

    name: str
    identifier: bytes
    key: bytes

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        name, identifier, encoded = text.strip().split("+", 2)
        data = base64.b64decode(encoded, validate=True)
        if data[0] != 1 or len(data) != 33:
            raise ValueError("not an Ed25519 key")
        expected = sha256(name.encode(), b"\n", data)[:4]
        if bytes.fromhex(identifier) != expected:
            raise ValueError("the key's identifier is not its own")
        return cls(name, expected, data[1:])


@dataclass(frozen=True)
class Checkpoint:
    """C2SP tlog-checkpoint with its signatures."""

    origin: str
    size: int
    root: bytes
    text: bytes
    signatures: tuple[tuple[str, bytes], ...]

    @classmethod
    def parse(cls, note: str) -> "Checkpoint":
        text, _, below = note.partition("\n\n")
        origin, size, encoded = text.split("\n")[:3]
        signatures = []
        for line in below.rstrip("\n").split("\n"):
            dash, name, signature = line.split(" ")
            if dash != "\u2014":
                raise ValueError(f"not a signature line: {line}")
            signatures.append((name, base64.b64decode(signature, validate=True)))
        return cls(
            origin,
            int(size),
            base64.b64decode(encoded, validate=True),
            (text + "\n").encode(),
            tuple(signatures),
        )

    def is_signed_by(self, key: VerifierKey) -> bool:
        return any(
            name == key.name and data[:4] == key.identifier and verify_ed25519(key.key, data[4:], self.text)
            for name, data in self.signatures
        )


@dataclass(frozen=True)
class Proof:
    """C2SP tlog-proof: a leaf's index, its audit path, and the checkpoint that it leads to."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: Checkpoint

    @classmethod
    def parse(cls, text: str) -> "Proof":
        head, _, note = text.partition("\n\n")
        kind, index, *path = head.split("\n")
        if kind != "c2sp.org/tlog-proof@v1" or not index.startswith("index "):
            raise ValueError(f"not a proof: {head}")
        return cls(
            int(index[6:]),
            tuple(base64.b64decode(line, validate=True) for line in path),
            Checkpoint.parse(note),
        )

    def proves(self, leaf: bytes) -> bool:
        """Whether the leaf with this hash is in the checkpoint's tree."""
        return verify_inclusion(leaf, self.index, self.checkpoint.size, self.path, self.checkpoint.root)


def verify_ed25519(key: bytes, signature: bytes, message: bytes) -> bool:
    """By the `cryptography` package where there is one, else by OpenSSL's program."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return _verify_with_openssl(key, signature, message)
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _verify_with_openssl(key: bytes, signature: bytes, message: bytes) -> bool:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "key").write_bytes(_ED25519_PREFIX + key)
        (folder / "signature").write_bytes(signature)
        (folder / "message").write_bytes(message)
        command = [
            "openssl",
            "pkeyutl",
            "-verify",
            "-pubin",
            "-keyform",
            "DER",
            "-inkey",
            str(folder / "key"),
            "-rawin",
            "-in",
            str(folder / "message"),
            "-sigfile",
            str(folder / "signature"),
        ]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


def can_verify_ed25519() -> bool:
    """Whether there is something here that knows Ed25519; tried on RFC 8032, 7.1, test 1."""
    key = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b"
    )
    try:
        # OpenSSL 3.0 takes no empty message with -rawin, hence the second look at what it refuses.
        return verify_ed25519(key, signature, b"") or not verify_ed25519(key, signature, b"x")
    except OSError:
        return False

"""A repeatable list of distinct addresses, mixed as a referral unit's reports are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

DOMAINS = 5_000
_SUFFIXES = ("com", "net", "org", "info", "de", "fr", "nl", "co.uk", "com.br", "ru", "io", "xyz")
_WORDS = ("news", "post", "video", "archive", "media", "topic", "forum", "blog", "files", "read")
_SYMBOLS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_MASK = (1 << 64) - 1


def mixed(index: int) -> int:
    """A number that looks random and differs for every index (splitmix64 is a bijection)."""
    value = (index * 0x9E3779B97F4A7C15 + 0x1234_5678_9ABC_DEF1) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


def code(number: int, length: int = 11) -> str:
    """`number` in `length` symbols of the kind that video services use."""
    symbols = []
    for _ in range(length):
        symbols.append(_SYMBOLS[number & 63])
        number >>= 6
    return "".join(symbols)


def _domain(number: int) -> str:
    place = number % DOMAINS
    return f"{_WORDS[place % 10]}-{place:x}.{_SUFFIXES[mixed(place) % len(_SUFFIXES)]}"


def _youtube(index: int, number: int) -> str:
    form = ("www.youtube.com/watch?v=", "youtu.be/", "m.youtube.com/watch?v=", "www.youtube.com/shorts/")
    tail = "&t=10s" if (number >> 3) % 4 == 0 and form[number & 3].endswith("v=") else ""
    return f"https://{form[number & 3]}{code(number)}{tail}"


def _telegram(index: int, number: int) -> str:
    place = "t.me/s/" if number & 7 == 0 else "t.me/"
    return f"https://{place}channel_{(number >> 8) % 20_000:05d}/{index + 1}"


def _x(index: int, number: int) -> str:
    host = ("x.com", "twitter.com", "mobile.twitter.com", "x.com")[number & 3]
    tail = "?s=20" if number & 0x30 == 0 else ""
    return f"https://{host}/user{(number >> 8) % 50_000}/status/{1_500_000_000_000_000_000 + index}{tail}"


def _site(index: int, number: int) -> str:
    scheme = "http" if number & 7 == 0 else "https"
    word = _WORDS[(number >> 40) % 10]
    host = ("www." if number & 8 else "") + _domain(number >> 8)
    return f"{scheme}://{host}/{word}/{2015 + (number >> 44) % 10}/item-{index:x}.html"


def _query(index: int, number: int) -> str:
    tail = "&utm_source=feed" if number & 7 == 0 else ""
    return f"https://{_domain(number >> 8)}/{_WORDS[(number >> 40) % 10]}/view.php?id={index}&p=2{tail}"


def _encoded(index: int, number: int) -> str:
    return f"https://{_domain(number >> 8)}/%D0%B2%D1%96%D0%B4/caf%c3%a9-{index:x}#top"


_MIX: tuple[Callable[[int, int], str], ...] = (
    *(_youtube,) * 4, *(_telegram,) * 4, *(_x,) * 3, *(_site,) * 6, *(_query,) * 2, _encoded,
)


def address(index: int) -> str:
    """The address of that index; no two indices share one, before or after canonicalisation."""
    number = mixed(index)
    return _MIX[(number >> 50) % len(_MIX)](index, number)


def addresses(count: int, start: int = 0) -> Iterator[str]:
    return map(address, range(start, start + count))


def write_list(path: Path, count: int) -> Path:
    """Writes the first `count` addresses, one a line, unless the file is there already."""
    if path.exists():
        return path
    unfinished = path.with_suffix(".part")
    with unfinished.open("w", encoding="ascii", newline="\n") as file:
        for first in range(0, count, 100_000):
            lines = addresses(min(100_000, count - first), first)
            file.write("\n".join(lines) + "\n")
    unfinished.rename(path)
    return path

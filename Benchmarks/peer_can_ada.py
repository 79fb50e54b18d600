"""The peer of `cordon locate -`: can_ada's `parse(line).href` for each line, an empty line where it refuses."""

from __future__ import annotations

import sys

import can_ada

LINES_AT_ONCE = 10_000


def hrefs(lines: list[str]) -> list[str]:
    parse = can_ada.parse
    try:
        return [parse(line).href for line in lines]
    except ValueError:
        return [href(line) for line in lines]


def href(line: str) -> str:
    try:
        return can_ada.parse(line).href
    except ValueError:
        return ""


def main() -> None:
    source = open(0, encoding="utf-8", errors="replace", newline="\n", buffering=1 << 18)
    sink = open(1, "w", encoding="utf-8", newline="\n", buffering=1 << 18)
    with source, sink:
        # The line feed stays on: the standard drops it, and that is quicker than dropping it here.
        while text := source.readlines(LINES_AT_ONCE * 46):
            sink.write("\n".join(hrefs(text)) + "\n")


if __name__ == "__main__":
    sys.exit(main())

"""Runs one program and prints what it took as JSON: `cost.py STDIN STDOUT PROGRAM [ARGUMENT …]`.

A process of its own, for a child's peak memory starts at what its parent held: this one holds little.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time


def main() -> None:
    source = os.open(sys.argv[1], os.O_RDONLY)
    sink = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    begun = time.perf_counter()
    child = subprocess.Popen(sys.argv[3:], stdin=source, stdout=sink)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - begun
    child.returncode = os.waitstatus_to_exitcode(status)
    cost = {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "peak": usage.ru_maxrss * 1024}
    print(json.dumps({"ended_with": child.returncode, "cost": cost}))


if __name__ == "__main__":
    main()

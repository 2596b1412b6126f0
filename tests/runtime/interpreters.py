"""Every CPython from 3.8 on that this machine has: `python3`, `python3.8` … on the PATH, those of pyenv, and what `./dev
interpreters` fetched."""

import os
import subprocess
import sys
from pathlib import Path

FETCHED = Path(__file__).resolve().parents[2] / ".build/interpreters"
QUESTION = """
import sys
known = sys.version_info >= (3, 8) and sys.implementation.name == "cpython"
free_threaded = "t" in getattr(sys, "abiflags", "")
print("%d.%d" % sys.version_info[:2] if known and not free_threaded else "")
"""


def candidates():
    yield sys.executable
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from sorted(map(str, root.glob("versions/*/bin/python")))
    yield from sorted(map(str, FETCHED.glob("*/bin/python3.[0-9]*[0-9]")))
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        yield from sorted(map(str, Path(folder or ".").glob("python3.[0-9]*[0-9]")))


def version_of(interpreter):
    try:
        run = subprocess.run([interpreter, "-c", QUESTION], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return run.stdout.decode().strip()


def find():
    """One interpreter of each version."""
    found = {}
    for interpreter in candidates():
        if not Path(interpreter).name.endswith("-config"):
            version = version_of(interpreter)
            if version:
                found.setdefault(version, interpreter)
    return [found[version] for version in sorted(found, key=lambda text: [int(part) for part in text.split(".")])]


INTERPRETERS = find()

if __name__ == "__main__":
    print("\n".join(INTERPRETERS))

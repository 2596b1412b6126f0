"""Virtual environments with real packages for the tests of runtime/, kept in .build/packages: made once, with pip."""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from interpreters import INTERPRETERS, version_of  # noqa: E402

KEPT = Path(__file__).resolve().parents[2] / ".build/packages"

OLD = {
    "3.8": ("aiohttp==3.6.2", "httpx==0.21.0"),
    "3.9": ("aiohttp==3.7.4", "httpx==0.23.0"),
    "3.12": ("aiohttp==3.9.0", "httpx==0.25.0"),
}
NEW = ("aiohttp==3.14.5", "httpx==0.28.1")


def environment(interpreter, requirements):
    """The interpreter of a virtual environment that holds these."""
    text = "\n".join([interpreter, *requirements])
    folder = KEPT / hashlib.sha256(text.encode()).hexdigest()[:16]
    is_made = folder / "made"
    python = str(folder / "bin/python")
    if not is_made.exists():
        subprocess.run([interpreter, "-m", "venv", "--clear", str(folder)], check=True)
        quiet = ["-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--only-binary", ":all:"]
        if requirements:
            subprocess.run([python, *quiet, *requirements], check=True)
        is_made.write_text(text)
    return python


def clients():
    """(name, interpreter) of environments with HTTP clients: an old version and the newest, as far as there are interpreters
    for them."""
    for interpreter in INTERPRETERS:
        version = version_of(interpreter)
        requirements = OLD.get(version, NEW)
        if version in ("3.8", "3.9", "3.11", "3.12", "3.13"):
            name = re.sub(r"\W+", "_", "_".join([version, *requirements]))
            yield name, environment(interpreter, requirements)

"""Brings this repository to a version of awry, the newest one unless told, and commits and tags that.

    python3 update.py [VERSION]

The newest version is what pip would install here. Nothing happens if that is the version already.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PINS = {"pyproject.toml": r"(awry==)[^\"]+", "README.md": r"(rev: v)\S+"}


def newest():
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--no-deps", "--ignore-installed"]
    done = subprocess.run([*command, "--only-binary", ":all:", "--report", "-", "awry"], stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)["install"][0]["metadata"]["version"]


def write(version):
    """True if something has changed."""
    changed = False
    for name, pattern in PINS.items():
        path = HERE / name
        text = path.read_text()
        pinned, count = re.subn(pattern, rf"\g<1>{version}", text)
        if count == 0:
            sys.exit(f"{name} names no version of awry")
        changed |= pinned != text
        path.write_text(pinned)
    return changed


def git(*arguments):
    return subprocess.run(["git", *arguments], cwd=HERE, check=True, stdout=subprocess.PIPE).stdout.decode()


def main():
    version = sys.argv[1] if len(sys.argv) > 1 else newest()
    if not re.fullmatch(r"\d+(\.\d+)*((a|b|rc)\d+)?", version):
        sys.exit(f"{version} is not a version")
    tag = f"v{version}"
    if write(version):
        git("commit", "--quiet", "--message", f"awry {version}", *PINS)
    if not git("tag", "--list", tag):
        git("tag", tag)
        print(tag)


if __name__ == "__main__":
    main()

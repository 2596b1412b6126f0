"""The virtual environment .build/packaging, with what requirements.txt names."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parent / ".build/packaging"


def python():
    """Its interpreter. The environment is made when there is none, and when other versions are wanted."""
    wanted = (HERE / "requirements.txt").read_text()
    made = FOLDER / "made"
    interpreter = str(FOLDER / "bin/python")
    if not made.exists() or made.read_text() != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(FOLDER)], check=True)
        quiet = ["-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--only-binary", ":all:"]
        subprocess.run([interpreter, *quiet, "--requirement", str(HERE / "requirements.txt")], check=True)
        made.write_text(wanted)
    return interpreter


def program(name):
    """The path of a command of it."""
    return str(Path(python()).parent / name)


if __name__ == "__main__":
    python()

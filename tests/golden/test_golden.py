"""The exact output of each format. UPDATE=1 writes it anew: read the difference before you keep it."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent

RUNS = {
    "text.out": [],
    "text-color.out": ["--color", "always"],
    "concise.out": ["--output-format", "concise"],
    "json.out": ["--output-format", "json"],
    "statistics.out": ["--statistics"],
    "notebook.out": [],
    "notebook-json.out": ["--output-format", "json"],
}


def output(folder, name, arguments):
    linted = "service.ipynb" if name.startswith("notebook") else "service.py"
    argv = [os.environ["AWRY"], "check", "--isolated", "--select", "ALL", *arguments, linted]
    done = subprocess.run(argv, cwd=folder, capture_output=True, timeout=60, env={**os.environ, "NO_COLOR": "1"})
    return done.stdout + done.stderr


def main():
    with tempfile.TemporaryDirectory() as folder:
        for linted in ("service.py", "service.ipynb"):
            shutil.copy(HERE / linted, folder)
        return compare(folder)


def compare(folder):
    failed = 0
    for name, arguments in RUNS.items():
        got = output(folder, name, arguments)
        expected = HERE / name
        if os.environ.get("UPDATE"):
            expected.write_bytes(got)
        elif not expected.exists() or expected.read_bytes() != got:
            failed += 1
            print(f"tests/golden/{name}: differs from what `awry check {' '.join(arguments)}` prints:")
            print(got.decode(errors="replace"))
    print(f"{len(RUNS) - failed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())

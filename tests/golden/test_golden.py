"""The exact output of each format. UPDATE=1 writes it anew: read the difference before you keep it."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent

RUNS = {
    "full.out": ["service.py"],
    "full-color.out": ["--color", "always", "service.py"],
    "statistics.out": ["--statistics", "service.py"],
    "json.out": ["--output-format", "json", "service.py"],
    "notebook.out": ["service.ipynb"],
    "notebook-json.out": ["--output-format", "json", "service.ipynb"],
}

# Everything that a format can have to say: a notebook, a name and a message that need escaping, what a comment
# suppresses, and a file that is not there.
ALL = ["service.py", "service.ipynb", "odd name, 100%;<].py", "missing.py"]
ODD = """import asyncio


async def main():
    "\x01寿司😀"; asyncio.create_task(main())
    asyncio.create_task(main())  # awry: ignore dangling-task -- the watchdog restarts it, <always>
    asyncio.gather(
        main(),
        main(),
    )
"""
FORMATS = """
concise grouped pylint json json-lines sarif github gitlab junit checkstyle rdjson azure markdown
""".split()
for form in FORMATS:
    RUNS[f"all-{form}.out"] = ["--output-format", form, *ALL]


def clean(folder, output):
    """Without the folder's name, and without what SARIF says of all rules."""
    uri = pathlib.Path(folder).resolve().as_uri().encode()
    output = output.replace(uri, b"file:///project")
    return re.sub(rb'^"tool":.*$', '"tool": …,'.encode(), output, flags=re.MULTILINE)


def output(folder, arguments):
    argv = [os.environ["AWRY"], "check", "--isolated", "--select", "ALL", *arguments]
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "GITLAB_", "CI_"))}
    done = subprocess.run(argv, cwd=folder, capture_output=True, timeout=60, env={**plain, "NO_COLOR": "1"})
    return clean(folder, done.stdout + done.stderr)


def main():
    with tempfile.TemporaryDirectory() as folder:
        for linted in ("service.py", "service.ipynb"):
            shutil.copy(HERE / linted, folder)
        pathlib.Path(folder, ALL[2]).write_text(ODD, encoding="utf-8")
        return compare(folder)


def compare(folder):
    failed = 0
    for name, arguments in RUNS.items():
        got = output(folder, arguments)
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

"""What the passive checker costs: a table for docs/runtime.md.

    overhead.py AWRY_RUNTIME [TASKS]

Two programs that make that many tasks (100,000), with and without the checker, on every CPython that is there: the
least of three runs each, in seconds of processor time.
"""

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from interpreters import INTERPRETERS  # noqa: E402

GATHER = """
import asyncio
async def job():
    await asyncio.sleep(0)
async def main():
    for _ in range({tasks} // 1000):
        await asyncio.gather(*(job() for _ in range(1000)))
asyncio.run(main())
"""

AWAIT = """
import asyncio
async def job():
    pass
async def main():
    for _ in range({tasks}):
        await asyncio.create_task(job())
asyncio.run(main())
"""

LOADER = """
import importlib.util, os, sys
spec = importlib.util.spec_from_file_location("awry_runtime", sys.argv[1])
runtime = importlib.util.module_from_spec(spec)
spec.loader.exec_module(runtime)
runtime.main(os.open(os.devnull, os.O_WRONLY), sys.argv[2], "__main__", None)
"""


def seconds(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def ratio(interpreter, runtime, program):
    plain = min(seconds([interpreter, program]) for _ in range(3))
    observed = min(seconds([interpreter, "-c", LOADER, runtime, program]) for _ in range(3))
    return f"{plain:.2f} s → {observed:.2f} s ({observed / plain:.2f}×)"


def main(runtime, tasks="100000"):
    print("| Python | gathered tasks that wait once | tasks that are awaited one by one |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        programs = []
        for name, text in (("gather", GATHER), ("await", AWAIT)):
            programs.append(os.path.join(folder, name + ".py"))
            Path(programs[-1]).write_text(text.format(tasks=int(tasks)))
        for interpreter in INTERPRETERS:
            question = [interpreter, "-c", "import platform; print(platform.python_version())"]
            version = subprocess.run(question, check=True, capture_output=True, text=True).stdout.strip()
            cells = [ratio(interpreter, runtime, program) for program in programs]
            print(f"| {version} | {cells[0]} | {cells[1]} |", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

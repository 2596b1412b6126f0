"""What the checker costs: tables for docs/runtime.md.

    overhead.py AWRY_RUNTIME [TASKS]

Passive: two programs that make that many tasks (100,000), with and without the checker, on every CPython that is there: the
least of three runs each, in seconds of processor time. Sweep: what each run of a small program takes beyond the first two,
in milliseconds of real time, the least of three sweeps.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
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

SWEPT = """
import asyncio
async def work(queue, results):
    while True:
        number = await queue.get()
        try:
            await asyncio.sleep(0.1)
            results.append(number)
        finally:
            queue.task_done()
async def main():
    queue, results = asyncio.Queue(), []
    workers = [asyncio.ensure_future(work(queue, results)) for _ in range(3)]
    for number in range(10):
        await queue.put(number)
        await asyncio.sleep(0.05)
    await asyncio.wait_for(queue.join(), 60)
    for worker in workers:
        worker.cancel()
    await asyncio.gather(*workers, return_exceptions=True)
asyncio.run(main())
"""

LOADER = """
import importlib.util, os, sys
spec = importlib.util.spec_from_file_location("awry_runtime", sys.argv[1])
runtime = importlib.util.module_from_spec(spec)
spec.loader.exec_module(runtime)
report = os.open(sys.argv[3] if len(sys.argv) > 3 else os.devnull, os.O_WRONLY)
runtime.main(report, sys.argv[2], "__main__", None, *sys.argv[4:])
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


def sweep(interpreter, runtime, program, runs):
    """Seconds that a sweep of so many runs takes, and how many it came to."""
    with tempfile.NamedTemporaryFile() as report:
        orders = f"sweep\nruns={runs}"
        start = time.perf_counter()
        subprocess.run([interpreter, "-c", LOADER, runtime, program, report.name, orders], check=True)
        return time.perf_counter() - start, report.read().count(b'"kind":"run"')


def milliseconds_per_run(interpreter, runtime, program):
    start_up = min(sweep(interpreter, runtime, program, 2)[0] for _ in range(3))
    all_runs = [sweep(interpreter, runtime, program, 100) for _ in range(3)]
    seconds, runs = min(all_runs)
    return f"{(seconds - start_up) / (runs - 2) * 1000:.1f} ms in {runs} runs"


def main(runtime, tasks="100000"):
    print("| Python | gathered tasks that wait once | tasks that are awaited one by one | a run of a sweep |\n|---|---|---|---|")
    runtime = os.path.abspath(runtime)
    with tempfile.TemporaryDirectory() as folder:
        programs = []
        for name, text in (("gather", GATHER), ("await", AWAIT), ("swept", SWEPT)):
            programs.append(os.path.join(folder, name + ".py"))
            Path(programs[-1]).write_text(text.replace("{tasks}", str(int(tasks))))
        for interpreter in INTERPRETERS:
            question = [interpreter, "-c", "import platform; print(platform.python_version())"]
            version = subprocess.run(question, check=True, capture_output=True, text=True).stdout.strip()
            cells = [ratio(interpreter, runtime, program) for program in programs[:2]]
            cells.append(milliseconds_per_run(interpreter, runtime, programs[2]))
            print(f"| {version} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""`pytest -p awry_runtime` with real plugins, of old and of new versions.

The environment names the extension (AWRY_RUNTIME) and the program that words what was seen (AWRY), which lies beside it.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from interpreters import INTERPRETERS, version_of  # noqa: E402
from packages import environment  # noqa: E402

RUNTIME = Path(os.environ["AWRY_RUNTIME"]).resolve()
AWRY = os.environ["AWRY"]

PACKAGES = {
    "3.8": ("pytest==7.0.1", "pytest-asyncio==0.18.3", "anyio==3.6.2", "pytest-xdist==2.5.0"),
    "3.11": ("pytest==8.0.2", "pytest-asyncio==0.23.5", "anyio==4.3.0", "pytest-xdist==3.5.0"),
    "3.13": ("pytest==9.2.0", "pytest-asyncio==1.5.0", "anyio==4.16.0", "pytest-xdist==3.8.0"),
}

APPLICATION = """import asyncio


async def worker():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        pass
    await asyncio.sleep(0)


async def stop():
    task = asyncio.create_task(worker())
    await asyncio.sleep(0)
    task.cancel()
    await task


async def forget():
    asyncio.sleep(0)


async def fails():
    raise ValueError("lost")


async def lose():
    task = asyncio.create_task(fails())
    await asyncio.sleep(0)
    del task


async def hide():
    asyncio.sleep(0)  # awry: ignore unawaited-coroutine -- on purpose
"""

FAULTY = """import asyncio
import unittest

import app
import pytest


@pytest.mark.asyncio
async def test_plugin():
    await app.stop()


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_anyio(anyio_backend):
    await app.forget()


@pytest.mark.parametrize("number", [1, 2, 3])
def test_run(number):
    asyncio.run(app.lose())


class CaseTest(unittest.IsolatedAsyncioTestCase):
    async def test_case(self):
        await app.stop()


def test_hidden():
    print("hello from a test")
    asyncio.run(app.hide())
"""

SEEN = [
    ("app.py:7", "swallowed-cancellation AWR101"),
    ("app.py:20", "unawaited-coroutine AWR301"),
    ("app.py:28", "unobserved-task AWR309"),
]

CORRECT = """import asyncio

import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def ticking():
    async def tick():
        while True:
            await asyncio.sleep(0.001)

    task = asyncio.create_task(tick())
    yield task
    task.cancel()
    await asyncio.wait([task])


@pytest.mark.asyncio
async def test_with_a_fixture(ticking):
    await asyncio.sleep(0.01)
    assert not ticking.done()


@pytest.mark.asyncio
async def test_timeout():
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(asyncio.sleep(10), 0.01)


@pytest.mark.asyncio
async def test_left_running():
    global left
    left = asyncio.create_task(asyncio.sleep(10))
    await asyncio.sleep(0)


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_scope(anyio_backend):
    import anyio

    with anyio.move_on_after(0.01):
        await anyio.sleep(10)
"""

AUTO = """import app


async def test_without_a_mark():
    await app.stop()
"""

OUTCOMES = """import asyncio

import app
import pytest


def test_fails():
    asyncio.run(app.forget())
    assert False


def test_skips():
    pytest.skip("not today")


@pytest.fixture
def broken():
    yield
    raise RuntimeError("behind the test")


def test_fails_behind(broken):
    pass
"""

SWEPT_APPLICATION = """import asyncio


class Client:
    async def refresh(self, load):
        try:
            await load()
        except BaseException:
            print("went on")
        await asyncio.sleep(0.01)


async def reload(load):
    try:
        await load()
    except BaseException:
        print("went on")
    await asyncio.sleep(0.01)


async def careful(load):
    await load()
"""

SWEPT = """import asyncio
import time

import client
import pytest

START = time.time()


async def load():
    await asyncio.sleep(0.01)


@pytest.mark.asyncio
async def test_refresh():
    await client.Client().refresh(load)


def test_reload(capsys):
    asyncio.run(client.reload(load))
    assert capsys.readouterr().out == ""


def test_careful():
    asyncio.run(client.careful(load))


def test_real_clock():
    begin = time.monotonic()
    time.sleep(0.1)
    asyncio.run(asyncio.sleep(0.1))
    assert 0.2 <= time.monotonic() - begin < 10
    assert time.time() - START >= 0.2
"""

SERVICE = """import asyncio

import client
import pytest

running = []


async def load():
    await asyncio.sleep(0.01)


async def serve():
    while True:
        await asyncio.sleep(0.01)


@pytest.fixture(scope="session")
def loop():
    loop = asyncio.new_event_loop()
    service = loop.create_task(serve())
    loop.run_until_complete(asyncio.sleep(0))
    yield loop
    assert not service.done()
    service.cancel()
    loop.run_until_complete(asyncio.wait([service]))
    loop.close()


@pytest.mark.parametrize("number", [1, 2])
def test_on_a_shared_loop(loop, number):
    loop.run_until_complete(client.reload(load))
    loop.call_soon_threadsafe(loop.stop)
    loop.run_forever()
"""

NESTED = """import asyncio

import app
import pytest


def test_pytest_in_pytest(tmp_path):
    inner = tmp_path / "test_inner.py"
    inner.write_text("def test_inner(): pass")
    assert pytest.main(["-p", "awry_runtime", "-p", "no:cacheprovider", str(inner)]) == 0
    asyncio.run(app.forget())
"""


class PluginTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name).resolve()
        self.write("app.py", APPLICATION)

    def write(self, name, text):
        (self.root / name).write_text(text)

    def pytest(self, *options):
        run = subprocess.run(
            [self.python, "-m", "pytest", "-p", "awry_runtime", "-p", "no:cacheprovider", "-W", "ignore", *options],
            cwd=self.root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            universal_newlines=True,
            timeout=120,
            env={**os.environ, "PYTHONPATH": str(RUNTIME.parent), "PY_COLORS": "0"},
        )
        found = re.findall(r"^(\S+?:\d+):\d+: \w+: .* \[(.*)\]$", run.stdout, re.MULTILINE)
        return run, found

    def report(self, *options):
        """What is written to a file: the things that were seen, and the outcomes of the tests."""
        path = self.root / "report.jsonl"
        run, _ = self.pytest(f"--awry-report={path}", *options)
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        outcomes = {line["test"]: line["outcome"] for line in lines if line["kind"] == "test"}
        seen = [line for line in lines if line["kind"] not in ("start", "end", "test")]
        return run, seen, outcomes

    def check_shown_at_the_end(self):
        self.write("test_faulty.py", FAULTY)
        run, found = self.pytest()
        self.assertEqual((run.returncode, found), (0, SEEN), run.stdout)
        self.assertIn("(in test_faulty.py::test_plugin and 1 more)", run.stdout)
        self.assertIn("(in test_faulty.py::test_run[1] and 2 more)", run.stdout)
        self.assertNotIn("hello from a test", run.stdout)

    def check_strict(self):
        self.write("test_faulty.py", FAULTY)
        run, found = self.pytest("--awry-strict", "-s")
        self.assertEqual((run.returncode, found), (1, SEEN), run.stdout)
        self.assertIn("The run fails: --awry-strict.", run.stdout)
        self.assertIn("hello from a test", run.stdout)

    def check_hidden_is_not_strict(self):
        self.write("test_faulty.py", FAULTY)
        run, found = self.pytest("--awry-strict", "-k", "hidden")
        self.assertEqual((run.returncode, found), (0, []), run.stdout)
        self.assertNotIn("seen by awry", run.stdout)

    def check_silent_on_correct_tests(self):
        self.write("test_correct.py", CORRECT)
        run, seen, outcomes = self.report("--awry-strict")
        self.assertEqual((run.returncode, seen), (0, []), run.stdout)
        self.assertEqual(set(outcomes.values()), {"passed"})

    def check_auto_mode(self):
        self.write("test_auto.py", AUTO)
        run, found = self.pytest("-o", "asyncio_mode=auto")
        self.assertEqual((run.returncode, found), (0, SEEN[:1]), run.stdout)

    def check_workers(self):
        self.write("test_faulty.py", FAULTY)
        run, found = self.pytest("-n", "2", "--awry-strict")
        self.assertEqual((run.returncode, sorted(found)), (1, sorted(SEEN)), run.stdout)
        self.assertIn(" and 2 more)", run.stdout)
        run, seen, outcomes = self.report("-n", "2")
        self.assertEqual((len(seen), len(outcomes)), (7, 7), run.stdout)

    def check_report(self):
        self.write("test_outcomes.py", OUTCOMES)
        run, seen, outcomes = self.report()
        self.assertEqual(run.returncode, 1)
        self.assertEqual([(line["kind"], line["test"]) for line in seen], [("coroutine-never-awaited", "test_outcomes.py::test_fails")])
        self.assertEqual(
            outcomes,
            {
                "test_outcomes.py::test_fails": "failed",
                "test_outcomes.py::test_skips": "skipped",
                "test_outcomes.py::test_fails_behind": "failed",
            },
        )
        again = subprocess.run(
            [AWRY, "run", "--from", "report.jsonl", "--output-format", "json"],
            cwd=self.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=60,
        )
        self.assertEqual(again.returncode, 1)
        self.assertIn("unawaited-coroutine", again.stdout.decode())

    def swept(self, *options):
        self.write("client.py", SWEPT_APPLICATION)
        self.write("test_swept.py", SWEPT)
        return self.pytest(*options)

    def check_sweep(self):
        run, found = self.swept("--awry-sweep")
        places = [place for place, _ in found]
        self.assertEqual((run.returncode, places), (0, ["client.py:8", "client.py:16"]), run.stdout)
        self.assertIn("4 tests swept in", run.stdout)
        self.assertIn("(in test_swept.py::test_refresh)", run.stdout)
        # Each test has runs of its own, with the same numbers.
        run, seen, _ = self.report("--awry-sweep")
        self.assertEqual({line["kind"] for line in seen}, {"cancel-swallowed", "run", "plans"})
        again = subprocess.run([AWRY, "run", "--from", "report.jsonl"], cwd=self.root, stdout=subprocess.PIPE, timeout=60)
        self.assertIn("(in test_swept.py::test_reload) (`reload` was cancelled", again.stdout.decode())

    def check_sweep_of_one_function(self):
        for aim in ("client.py:refresh", "client.py:Client.refresh", "client.py:7"):
            run, found = self.swept("--awry-sweep=" + aim)
            places = [place for place, _ in found]
            self.assertEqual((run.returncode, places), (0, ["client.py:8"]), run.stdout)
            self.assertIn("; 1 came by where a fault can be put.", run.stdout)

    def check_sweep_of_nothing(self):
        run, _ = self.swept("--awry-sweep=client.py:nothing")
        self.assertEqual(run.returncode, 4, run.stdout)
        self.assertIn("ERROR: --awry-sweep: client.py has no function nothing", run.stdout)

    def check_sweep_on_a_shared_loop(self):
        self.write("client.py", SWEPT_APPLICATION)
        self.write("test_service.py", SERVICE)
        run, found = self.pytest("--awry-sweep=client.py")
        places = [place for place, _ in found]
        self.assertEqual((run.returncode, places), (0, ["client.py:16"]), run.stdout)
        self.assertIn("2 tests swept in", run.stdout)
        self.assertIn("; 2 came by where a fault can be put.", run.stdout)

    def check_pytest_in_pytest(self):
        self.write("test_nested.py", NESTED)
        run, seen, outcomes = self.report()
        self.assertEqual((run.returncode, len(seen)), (0, 1), run.stdout)
        self.assertEqual(outcomes, {"test_nested.py::test_pytest_in_pytest": "passed"})


def add_tests():
    for interpreter in INTERPRETERS:
        version = version_of(interpreter)
        if version in PACKAGES:
            python = environment(interpreter, PACKAGES[version])
            name = "Pytest" + version.replace(".", "_")
            checks = {f"test_{n[6:]}": getattr(PluginTest, n) for n in dir(PluginTest) if n.startswith("check_")}
            globals()[name] = type(name, (PluginTest,), {"python": python, **checks})


add_tests()

if __name__ == "__main__":
    unittest.main()

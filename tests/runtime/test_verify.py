"""`awry verify` as a user meets it. The environment names the program (AWRY)."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from interpreters import INTERPRETERS  # noqa: E402
from packages import environment  # noqa: E402

AWRY = os.environ["AWRY"]
PYTHON = INTERPRETERS[-1]

SWALLOWS = """import asyncio


async def worker():
    try:
        await asyncio.sleep(10)
    except BaseException:
        print("stopped")
    await asyncio.sleep(0)


async def main():
    task = asyncio.create_task(worker())
    await asyncio.sleep(0)
    await asyncio.wait({task})
"""

FORGETS = """import asyncio


async def main():
    asyncio.create_task(asyncio.sleep(0.01))
    asyncio.sleep(0)
    await asyncio.sleep(0.02)


if __name__ == "__main__":
    asyncio.run(main())
"""

TESTS = """import asyncio
import pathlib

import app


def test_main():
    asyncio.run(app.main())


def test_stop():
    async def stop():
        task = asyncio.create_task(app.worker())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()

    asyncio.run(stop())


def test_that_varies():
    pathlib.Path("left").write_text("")
    assert id(object()) % 64 < 32


def test_of_the_fault():
    async def stop():
        task = asyncio.create_task(app.worker())
        await asyncio.sleep(0)
        task.cancel()
        await task

    asyncio.run(stop())
"""

# The same without the namespaces that a system may refuse.
NO_NAMESPACES = ["unshare", "-Ur", "sh", "-c", 'echo 0 > /proc/sys/user/max_user_namespaces; exec "$@"', "sh"]


def namespaces_can_be_refused():
    try:
        return subprocess.run([*NO_NAMESPACES, "true"], stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


class VerifyTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name).resolve()
        self.scratch = self.root / "scratch"
        self.project = self.root / "project"
        self.scratch.mkdir()
        self.project.mkdir()
        self.write("pyproject.toml", "")

    def write(self, name, content):
        path = self.project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        return path

    def awry(self, *arguments, python=PYTHON, before=(), **options):
        return subprocess.run(
            [*before, AWRY, "verify", *(["--python", python] if python else []), *arguments],
            cwd=options.pop("cwd", self.project),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            universal_newlines=True,
            timeout=120,
            env={**os.environ, "NO_COLOR": "1", "TMPDIR": str(self.scratch), **options.pop("env", {})},
            **options,
        )

    def verdicts(self, *arguments, **options):
        run = self.awry("--output-format", "json", *arguments, **options)
        self.assertEqual(run.stderr, "")
        answer = json.loads(run.stdout)
        self.assertEqual(list(self.scratch.iterdir()), [])
        return [(verdict["rule"], verdict["line"], verdict["verdict"]) for verdict in answer["verdicts"]]

    def test_text(self):
        self.write("app.py", SWALLOWS)
        run = self.awry("app.py")
        first, summary = run.stdout.splitlines()
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertTrue(first.startswith("app.py:7: fixed: a cancellation was swallowed (line 6) when `"), first)
        self.assertTrue(first.endswith(" [overbroad-except AWR102]"), first)
        self.assertRegex(summary, r"^1 fix on Python 3\.\d+\.\d+: 1 fixed$")
        self.assertEqual(run.stderr, "")

    def test_json(self):
        self.write("app.py", SWALLOWS)
        (verdict,) = json.loads(self.awry("--output-format", "json").stdout)["verdicts"]
        self.assertEqual(set(verdict), {"rule", "path", "line", "python", "verdict", "runs", "why"})
        self.assertEqual((verdict["path"], verdict["verdict"]), ("app.py", "fixed"))
        self.assertGreater(verdict["runs"], 4)

    def test_every_interpreter(self):
        self.write("app.py", SWALLOWS)
        self.write("script.py", FORGETS)
        for python in INTERPRETERS:
            with self.subTest(python=python):
                self.assertEqual(
                    self.verdicts(python=python),
                    [
                        ("overbroad-except", 7, "fixed"),
                        ("dangling-task", 5, "fixed"),
                        ("unawaited-coroutine", 6, "fixed"),
                    ],
                )

    @unittest.skipUnless(namespaces_can_be_refused(), "user namespaces cannot be refused here")
    def test_on_a_copy_where_there_are_no_namespaces(self):
        self.write("src/app/__init__.py", "")
        self.write("src/app/work.py", "from .names import NAME\n" + SWALLOWS)
        self.write("src/app/names.py", "NAME = open('data.txt').read()\nopen('data.txt', 'w').write('')\n")
        data = self.write("data.txt", "data")
        self.assertEqual(self.verdicts(before=NO_NAMESPACES), [("overbroad-except", 8, "fixed")])
        self.assertEqual(data.read_text(), "data")

    @unittest.skipUnless(namespaces_can_be_refused(), "there are no user namespaces here")
    def test_nothing_of_the_users_is_written(self):
        spoils = (
            "import os\nfor path in ('data.txt', {outside!r}, os.path.expanduser('~/x')):\n"
            "    try:\n        open(path, 'w').write('spoilt')\n    except OSError:\n        pass\n"
        )
        outside = self.root / "outside.txt"
        outside.write_text("kept")
        data = self.write("data.txt", "kept")
        self.write("app.py", spoils.format(outside=str(outside)) + SWALLOWS)
        before = sorted(self.project.rglob("*"))
        self.assertEqual([verdict for *_, verdict in self.verdicts()], ["fixed"])
        self.assertEqual((outside.read_text(), data.read_text()), ("kept", "kept"))
        self.assertEqual(sorted(self.project.rglob("*")), before)
        self.assertFalse(pathlib.Path("~/x").expanduser().exists())

    def test_modules_of_the_project(self):
        self.write("src/app/__init__.py", "")
        self.write("src/app/names.py", "NAME = 'x'\n")
        self.write("src/app/work.py", "from .names import NAME\nfrom app import names\n" + SWALLOWS)
        self.assertEqual(self.verdicts(), [("overbroad-except", 9, "fixed")])
        self.assertEqual(self.verdicts("work.py", cwd=self.project / "src/app"), [("overbroad-except", 9, "fixed")])

    def test_a_function_by_name(self):
        self.write("app.py", SWALLOWS.replace("def main", "def go") + "\n\nasync def needs(what):\n    pass\n")
        (verdict,) = json.loads(self.awry("--output-format", "json").stdout)["verdicts"]
        self.assertEqual(verdict["verdict"], "not-runnable")
        self.assertIn("--func names a function", verdict["why"])
        self.assertEqual(self.verdicts("--func", "go"), [("overbroad-except", 7, "fixed")])
        self.assertIn("its function needs() takes arguments", self.awry("--func", "needs").stdout)
        self.assertIn("it has no function gone()", self.awry("--func", "gone").stdout)

    def test_an_interpreter_by_a_relative_path(self):
        self.write("app.py", SWALLOWS)
        (self.project / "python").symlink_to(PYTHON)
        self.assertEqual(self.verdicts(python="./python"), [("overbroad-except", 7, "fixed")])

    def test_a_fault_that_does_not_show(self):
        self.write("app.py", SWALLOWS + "\n\nasync def scenario():\n    pass\n")
        run = self.awry("app.py")
        self.assertEqual(run.returncode, 0)
        self.assertIn("app.py:7: not-reproduced: the fault did not show in ", run.stdout)
        self.assertEqual(self.awry("--strict", "app.py").returncode, 1)

    def test_a_place_like_many_others(self):
        waits = "    await wait()\n" * 4
        self.write(
            "app.py",
            "import asyncio\n\n\nasync def wait():\n    await asyncio.sleep(1)\n\n\n"
            "async def swallow():\n    try:\n        await wait()\n    except BaseException:\n        print()\n    await wait()\n\n\n"
            f"async def main():\n{waits}    await swallow()\n{waits}",
        )
        self.assertEqual(self.verdicts(), [("overbroad-except", 11, "fixed")])

    def test_with_tests(self):
        python = environment(PYTHON, ["pytest==8.4.2"])
        self.write("app.py", SWALLOWS)
        self.write("tests/test_app.py", TESTS)
        command = ["app.py", "--", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
        good = ["-k", "main or (stop and not fault) or varies"]
        run = self.awry(*command, *good, python=python)
        self.assertRegex(run.stdout, r"^app\.py:7: fixed: a cancellation was swallowed \(line 6\) in tests/test_app\.py::test_stop; ")
        self.assertEqual(self.verdicts(*command, *good, python=python), [("overbroad-except", 7, "fixed")])
        self.assertEqual(self.verdicts(*command, "-k", "main", python=python), [("overbroad-except", 7, "not-reproduced")])
        run = self.awry(*command, python=python)
        self.assertIn("behaviour-changed: tests/test_app.py::test_of_the_fault passed; with the fix it fails", run.stdout)
        self.assertEqual(run.returncode, 1)
        run = self.awry(*command, "-k", "no_such_test", python=python)
        self.assertIn("not-runnable: no test was run: ", run.stdout)
        self.assertFalse((self.project / "left").exists())

    def test_with_tests_but_without_pytest(self):
        self.write("app.py", SWALLOWS)
        bare = environment(PYTHON, [])
        self.assertIn("No module named pytest", self.awry("app.py", "--", "pytest", python=bare).stdout)

    def test_selected_fixes(self):
        self.write("app.py", SWALLOWS)
        self.write("script.py", FORGETS)
        self.assertEqual(self.verdicts("--rule", "AWR301"), [("unawaited-coroutine", 6, "fixed")])
        self.assertNotIn("unawaited", str(self.verdicts("--safe-only", "--rule", "dangling-task")))
        run = self.awry("--rule", "lock-across-await")
        self.assertEqual((run.returncode, run.stdout), (0, "no fixes to verify\n"))

    def test_mistakes(self):
        self.write("app.py", SWALLOWS)
        for arguments, message in (
            (["--rule", "no-such-rule"], "no-such-rule"),
            (["--output-format", "concise"], "--output-format takes text or json"),
            (["--", "make", "test"], "behind `--` stands pytest"),
            (["missing.py"], "missing.py: does not exist"),
        ):
            with self.subTest(arguments=arguments):
                run = self.awry(*arguments)
                self.assertEqual(run.returncode, 2)
                self.assertIn(message, run.stderr)
        run = self.awry(python="/no/such/python")
        self.assertEqual(run.returncode, 2)
        self.assertIn("the interpreter /no/such/python cannot be used", run.stderr)

    def test_a_program_that_cannot_be_run(self):
        self.write("app.py", "import no_such_module\n" + SWALLOWS)
        run = self.awry("app.py")
        self.assertEqual(run.returncode, 0)
        self.assertIn("not-runnable: the program itself fails: it raised ModuleNotFoundError", run.stdout)


if __name__ == "__main__":
    unittest.main()

"""`awry run` as a user meets it. The environment names the program (AWRY)."""

import json
import os
import pathlib
import pty
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from interpreters import INTERPRETERS  # noqa: E402
from run_case import AWRY, PYTHON, RunCase  # noqa: E402

SWALLOWS = """import asyncio
import sys


async def worker():
    try:
        await asyncio.sleep(10)
    except ValueError:
        pass
    except asyncio.CancelledError:
        print("stopped", *sys.argv[1:])
    await asyncio.sleep(0)


async def main():
    task = asyncio.create_task(worker())
    await asyncio.sleep(0)
    task.cancel()
    await task


if __name__ == "__main__":
    asyncio.run(main())
"""

FORGETS = """import asyncio


async def main():
    asyncio.create_task(asyncio.sleep(0.01))
    asyncio.sleep(0)
    await asyncio.sleep(0.02)


asyncio.run(main())
"""

CLIENT = """class AsyncClient:
    is_closed = False

    def __init__(self):
        pass

    async def send(self):
        pass

    async def aclose(self):
        self.is_closed = True

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        self.is_closed = True
"""

SESSIONS = """import asyncio
import httpx


async def fetch(url):
    async with httpx.AsyncClient() as client:
        await client.send()


async def fetch_all(urls):
    for url in urls:
        client = httpx.AsyncClient()
        await client.send()


async def main():
    await fetch(1)
    await fetch(2)
    await fetch_all(["a", "b"])


asyncio.run(main())
"""

NESTED = """import asyncio


async def worker():
    try:
        try:
            await asyncio.sleep(10)
        finally:
            print("cleaned up")
    except OSError:
        pass
    except BaseException:
        pass


async def main():
    task = asyncio.create_task(worker())
    await asyncio.sleep(0)
    task.cancel()
    await task


asyncio.run(main())
"""


class RunTest(RunCase):
    def test_a_swallowed_cancellation(self):
        self.write("app.py", SWALLOWS)
        run = self.run_awry("app.py", "--", "--at", "once")
        self.assertEqual(run.returncode, 1)
        self.assertIn("stopped --at once\n", run.stdout)
        self.assertIn(
            "warning: a cancellation of task `worker` was swallowed here, and the task ran on "
            "[swallowed-cancellation AWR101]\n"
            "   --> app.py:10:12\n",
            run.stdout,
        )
        self.assertIn("the cancellation arrived here", run.stdout)
        self.assertEqual(run.stderr, "awry: observed 2 tasks and 1 cancellation\n")

    def test_the_clause_that_caught_it_in_every_version(self):
        self.write("nested.py", NESTED)
        for python in INTERPRETERS:
            with self.subTest(python=python):
                run, found = self.concise("nested.py", python=python)
                self.assertEqual((run.returncode, len(found)), (1, 1), run.stdout + run.stderr)
                self.assertEqual(found[0], "nested.py:12:12: [absorbed-cancellation AWR113]")

    def test_a_jump_in_finally_in_every_version(self):
        cleaned = NESTED.replace('print("cleaned up")', "return")
        self.write("jump.py", cleaned.replace("        finally:", "        except ValueError:\n            pass\n        finally:"))
        for python in INTERPRETERS:
            with self.subTest(python=python):
                run, found = self.concise("jump.py", python=python)
                self.assertEqual(found, ["jump.py:11:13: [jump-in-finally AWR104]"], run.stderr)

    def test_what_nobody_awaits_or_holds(self):
        self.write("app.py", FORGETS)
        run, found = self.concise("app.py")
        self.assertEqual(run.returncode, 1)
        self.assertEqual([line.split(":")[1] for line in found], ["5", "6"])
        self.assertIn("[dangling-task", run.stdout)
        self.assertIn("[unawaited-coroutine", run.stdout)

    def test_selected(self):
        self.write("app.py", FORGETS)
        for options, lines in (
            (["--select", "AWR301"], ["6"]),
            (["--ignore", "dangling-task"], ["6"]),
            (["--select", "dangling-task", "--ignore", "AWR3"], ["5"]),
            (["--ignore", "ALL"], []),
        ):
            run, found = self.concise(*options, "app.py")
            self.assertEqual([line.split(":")[1] for line in found], lines, options)
            self.assertEqual(run.returncode, 1 if lines else 0)
        self.assertIn('unknown rule "danglin-task"', self.refused("--select", "danglin-task", "app.py"))

    def test_selected_by_settings(self):
        self.write("app.py", FORGETS)
        for settings, options, lines in (
            ('select = ["AWR301"]', [], ["6"]),
            ('ignore = ["dangling-task"]', [], ["6"]),
            ('ignore = ["dangling-task"]', ["--ignore", "AWR301"], []),
            ('ignore = ["dangling-task"]', ["--isolated"], ["5", "6"]),
            ('select = ["AWR301"]', ["--select", "AWR302"], ["5"]),
            ('select = ["AWR301"]\nextend-select = ["AWR302"]', [], ["5", "6"]),
            ('[per-file-ignores]\n"*.py" = ["AWR301"]', [], ["5"]),
        ):
            self.write("awry.toml", settings)
            run, found = self.concise(*options, "app.py")
            self.assertEqual([line.split(":")[1] for line in found], lines, (settings, options))
        self.write("awry.toml", "ignroe = []")
        run, found = self.concise("app.py")
        self.assertEqual(run.returncode, 2)
        self.assertIn("awry.toml:1:1", run.stderr)

    def test_sessions(self):
        self.write("httpx.py", CLIENT)
        self.write("app.py", SESSIONS)
        run, found = self.concise("app.py")
        self.assertEqual(
            found,
            [
                "app.py:6:16: [session-per-call AWR503]",
                "app.py:12:18: [leaked-session AWR501]",
                "app.py:12:18: [session-per-item AWR502]",
            ],
            run.stderr,
        )
        self.assertIn("2 sessions were made here for 2 requests, each with connections of its own", run.stdout)
        self.assertIn("none of the 2 sessions made here was closed", run.stdout)

    def test_sessions_of_an_unknown_version(self):
        self.write("httpx.py", "class AsyncClient:\n    pass\n")
        self.write("app.py", "import httpx\nhttpx.AsyncClient()\n")
        run = self.run_awry("app.py")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("not looked for in this Python: clients of httpx, whose version is not known", run.stderr)

    def test_json(self):
        self.write("app.py", SWALLOWS)
        run = self.run_awry("--output-format", "json", "app.py")
        report = json.loads(run.stdout)
        self.assertIn("stopped\n", run.stderr)
        finding = report["findings"][0]
        self.assertEqual((finding["code"], finding["path"]), ("AWR101", "app.py"))

    def test_every_format_in_one_run_as_if_it_were_alone(self):
        self.write("app.py", SWALLOWS)
        formats = "full concise grouped pylint json json-lines sarif github gitlab junit checkstyle rdjson azure markdown"
        outputs = [part for form in formats.split() for part in ("--output", f"{form}:out/{form}")]
        (self.root / "out").mkdir()
        run = self.run_awry(*outputs, "app.py")
        self.assertEqual(run.returncode, 1, run.stderr)
        self.assertIn("swallowed-cancellation AWR101", run.stdout)
        for form in formats.split():
            alone = self.run_awry("--output-format", form, "app.py")
            # What is not for people is alone on standard output.
            self.assertTrue(alone.stdout.endswith((self.root / "out" / form).read_text()), form)
            self.assertIn("AWR101", alone.stdout)
            is_for_people = form in ("full", "concise", "grouped")
            self.assertIn("stopped\n", alone.stdout if is_for_people else alone.stderr, form)

    def test_an_output_that_cannot_be_written_is_said_before_the_run(self):
        self.write("app.py", SWALLOWS)
        run = self.run_awry("--output", "sarif:missing/a.sarif", "app.py")
        self.assertEqual((run.returncode, run.stdout), (2, ""))
        self.assertEqual(run.stderr, "awry run: --output cannot be written: missing does not exist\n")

    def test_a_function(self):
        self.write("pkg/app.py", SWALLOWS)
        run, found = self.concise("pkg/app.py::main")
        self.assertEqual((run.returncode, len(found)), (1, 1), run.stderr)
        run = self.run_awry("pkg/app.py::missing")
        self.assertEqual(run.returncode, 2)
        self.assertIn('the program has no function "missing"', run.stderr)

    def test_modules_beside_the_program(self):
        self.write("app.py", "import asyncio, helper\nasyncio.run(helper.main())\n")
        self.write("helper.py", SWALLOWS)
        run, found = self.concise("app.py")
        self.assertEqual([line.split(":")[0] for line in found], ["helper.py"], run.stderr)

    def test_suppressed(self):
        marked = SWALLOWS.replace("CancelledError:", "CancelledError:  # awry: ignore swallowed-cancellation -- stops")
        self.write("app.py", marked)
        self.assertEqual(self.run_awry("app.py").returncode, 0)

    def test_nothing_to_say(self):
        self.write("app.py", "print(__name__, __file__)\n")
        run = self.run_awry("app.py")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn(f"__main__ {self.root}/app.py\n", run.stdout)

    def test_a_program_that_fails(self):
        self.write("app.py", SWALLOWS.replace("await task\n", "await task\n    raise LookupError('no')\n"))
        run = self.run_awry("app.py")
        self.assertEqual(run.returncode, 2)
        self.assertIn("LookupError: no", run.stderr)
        self.assertNotIn("runtime.main", run.stderr)
        self.assertIn("awry: app.py: ended with exit status 1", run.stderr)
        self.assertIn("AWR101", run.stdout)

    def test_ends_of_programs(self):
        ends = {
            "import sys; sys.exit()": 0,
            "import sys; sys.exit(0)": 0,
            "import sys; sys.exit(3)": "ended with exit status 3",
            "import os; os._exit(0)": "ended itself before the checker was done",
            "import os; os.closerange(3, 100)": "ended itself before the checker was done",
            "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)": "was ended by signal 11",
            "def broken(:": "ended with exit status 1",
            "import subprocess; subprocess.Popen(['sleep', '60'])": 0,
            "import threading; threading.Thread(target=print).start()": 0,
            "import sys; sys.stdin.read()": 0,
        }
        for program, end in ends.items():
            with self.subTest(program=program):
                self.write("app.py", program + "\n")
                run = self.run_awry("app.py")
                self.assertEqual(run.returncode, 2 if end else 0, run.stderr)
                self.assertIn(end or "awry: observed" if end else "", run.stderr)

    def test_a_program_that_traces_itself(self):
        self.write("app.py", "import sys\nsys.settrace(lambda *_: None)\n" + SWALLOWS)
        for python in (INTERPRETERS[0], INTERPRETERS[-1]):
            run, found = self.concise("app.py", python=python)
            self.assertEqual((run.returncode, len(found)), (1, 1), run.stderr)

    def test_interrupted(self):
        for program in ("import time\nprint('on', flush=True)\ntime.sleep(60)\n",
                        "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
                        "print('on', flush=True)\ntime.sleep(60)\n"):
            self.write("app.py", program)
            run = subprocess.Popen(
                [AWRY, "run", "--python", PYTHON, "app.py"], cwd=self.root, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
            )
            self.assertEqual(run.stdout.readline(), b"on\n")
            run.send_signal(signal.SIGINT)
            if "SIG_IGN" in program:
                time.sleep(0.2)
                run.send_signal(signal.SIGINT)
            _, errors = run.communicate(timeout=20)
            self.assertEqual(run.returncode, 2)
            self.assertIn(b"was interrupted", errors)

    def at_terminal(self, program, typed):
        """What the terminal shows of a program to which somebody types when it has said "on", and the exit status."""
        self.write("app.py", program)
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(self.root)
            os.execv(AWRY, [AWRY, "run", "--python", PYTHON, "app.py"])
        shown = b""
        try:
            while True:
                shown += os.read(terminal, 4096)
                if b"on\r\n" in shown and typed:
                    os.write(terminal, typed)
                    typed = b""
        except OSError:  # the other end is closed
            os.close(terminal)
        _, status = os.waitpid(child, 0)
        return shown.decode(), status >> 8

    def test_at_a_terminal(self):
        shown, status = self.at_terminal("print('on', flush=True)\nprint('read', input())\n", b"hello\n")
        self.assertIn("read hello", shown)
        self.assertEqual(status, 0)
        shown, status = self.at_terminal("import time\nprint('on', flush=True)\ntime.sleep(60)\n", b"\x03")
        self.assertIn("KeyboardInterrupt", shown)
        self.assertIn("awry: app.py: ended with exit status 130", shown)
        self.assertEqual(status, 2)

    def interpreter(self, text):
        """A program that stands for an interpreter: it changes what the loader sees."""
        path = self.write("python", f"#!/bin/sh\nexec {PYTHON} -c \"{text}\nsys.argv = sys.argv[2:]\nexec(sys.argv[0])\" \"$@\"\n")
        path.chmod(0o755)
        return str(path)

    def test_nothing_to_run(self):
        self.write("app.py", "")
        self.assertIn("which program?", self.refused())
        self.assertIn("missing.py does not exist", self.refused("missing.py"))
        self.assertIn("is a", self.refused("."))
        self.assertIn('no output format "xml"', self.refused("--output-format", "xml", "app.py"))

    def test_interpreters_that_will_not_do(self):
        self.write("app.py", "")
        self.assertIn("cannot be started: No such file", self.refused("app.py", python="python-that-is-missing"))
        old = self.interpreter("import sys; sys.version_info = (3, 7)")
        self.assertIn("is Python 3.7; the checker needs 3.8 or later", self.refused("app.py", python=old))
        free = self.interpreter("import sys; sys.abiflags = 't'")
        self.assertIn("is a free-threaded build", self.refused("app.py", python=free))
        other = self.interpreter("import sys; sys.implementation.name = 'pypy'")
        self.assertIn("is pypy; the checker needs CPython", self.refused("app.py", python=other))
        self.assertIn("could not load the checker", self.refused("app.py", python="true"))


if __name__ == "__main__":
    unittest.main()

"""Programs that harm what they can, under `awry verify`: each ends in a clear verdict, none reaches beyond its stage.

The environment names the program (AWRY).
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from interpreters import INTERPRETERS  # noqa: E402
from packages import environment  # noqa: E402
from test_verify import NO_NAMESPACES, SWALLOWS, namespaces_can_be_refused  # noqa: E402

AWRY = os.environ["AWRY"]
PYTHON = INTERPRETERS[-1]
MARK = "awry-test-contained"  # in the command line of what is left behind

# What stands in main(), and the verdict with a part of its reason: "" stands for any. How many forks or seconds a busy
# machine grants is not ours to say.
IN_MAIN = {
    "segfault": ("import ctypes; ctypes.string_at(0)", "not-runnable", "it crashed"),
    "endless loop": ("while True: pass", "timeout", "did not end"),
    "fork bomb": ("import os\n    while True: os.fork()", "not-runnable", ""),
    "100 GB": ("bytearray(100 << 30)", "not-runnable", "MemoryError"),
    "standard input": ("input()", "not-runnable", "it raised EOFError"),
    "os._exit": ("import os; os._exit(3)", "not-runnable", "it ended itself at once"),
    "every descriptor": ("import os; os.closerange(0, 65536)", "not-runnable", ""),
    "kill the group": ("import os; os.killpg(0, 9)", "not-runnable", ""),
    "a large file": ("open('large', 'wb').truncate(1 << 40)", "not-runnable", "it raised OSError"),
    # Without namespaces it is a PermissionError.
    "network": (
        "import socket; socket.create_connection(('192.0.2.1', 80), 5)",
        "not-runnable",
        "it raised ",
    ),
    "threads": (
        "import threading\n"
        "    for i in range(200): threading.Thread(target=threading.Event().wait, args=(0.2,)).start()",
        "",
        "",
    ),
    "a tracer": ("import sys; sys.settrace(lambda frame, event, value: None)", "fixed", ""),
    "a nested loop": (
        "import threading\n"
        "    thread = threading.Thread(target=lambda: asyncio.run(asyncio.sleep(0.01)))\n"
        "    thread.start(); thread.join()",
        "",
        "",
    ),
    "a loop in the loop": (
        "inner = asyncio.new_event_loop(); asyncio._set_running_loop(None)\n"
        "    inner.run_until_complete(asyncio.sleep(0)); inner.close()",
        "",
        "",
    ),
    "sub-interpreters": (
        "try:\n        import _interpreters as them\n    except ImportError:\n"
        "        import _xxsubinterpreters as them\n"
        "    it = them.create(); them.run_string(it, 'import asyncio; asyncio.run(asyncio.sleep(0))'); them.destroy(it)",
        "",
        "",
    ),
    "a session of its own": (
        "import subprocess, sys\n"
        "    subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(1000)', %r], start_new_session=True)" % MARK,
        "",
        "",
    ),
    "signals ignored": (
        "import signal\n    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP): signal.signal(number, signal.SIG_IGN)",
        "fixed",
        "",
    ),
    "lines of its own": ("import os\n    for fd in range(3, 9):\n        try: os.write(fd, b'{]\\n' * 9)\n        except OSError: pass", "fixed", ""),
}

# What stands at the top of the file: nothing of the checker but its loader has run then.
AT_TOP = {
    "segfault": ("import ctypes; ctypes.string_at(0)", "not-runnable", "signal 11"),
    "endless loop": ("while True: pass", "timeout", "did not end within 3 seconds"),
    "fork bomb": ("import os\nwhile True: os.fork()", "", ""),
    "os._exit": ("import os; os._exit(0)", "not-runnable", "ended itself before the checker was done"),
    "every descriptor": ("import os; os.closerange(0, 65536)", "not-runnable", ""),
    "kill what is above": ("import os; os.kill(os.getppid(), 9); os.kill(1, 9)", "", ""),
}


# What only namespaces keep from reaching others.
REACHING = ("a session of its own", "kill what is above")


def left_behind():
    """Processes of the programs that outlived them."""
    found = []
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if MARK.encode() in command:
            found.append(process.name)
    return found


class ContainedTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name).resolve()
        self.scratch = self.root / "scratch"
        self.project = self.root / "project"
        self.scratch.mkdir()
        self.project.mkdir()
        (self.project / "pyproject.toml").write_text("")

    def verify(self, text, *arguments, python=PYTHON, before=(), seconds=60):
        (self.project / "app.py").write_text(text)
        run = subprocess.run(
            [*before, AWRY, "verify", "--python", python, "--seconds", str(seconds), "--output-format", "json", *arguments],
            cwd=self.project,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.PIPE,
            universal_newlines=True,
            timeout=120,
            env={**os.environ, "TMPDIR": str(self.scratch)},
        )
        self.assertEqual(run.stderr, "")
        self.assertIn(run.returncode, (0, 1))
        self.assertEqual(list(self.scratch.iterdir()), [])
        self.assertEqual(left_behind(), [])
        self.assertEqual(sorted(path.name for path in self.project.iterdir()), ["app.py", "pyproject.toml"])
        verdict = next(verdict for verdict in json.loads(run.stdout)["verdicts"] if verdict["rule"] == "overbroad-except")
        return verdict["verdict"], verdict["why"]

    def check(self, text, expected, reason, **options):
        verdict, why = self.verify(text, **options)
        self.assertEqual(verdict, expected or verdict, why)
        self.assertIn(reason, why)

    def skip_unless_contained(self, name):
        if name in REACHING and not namespaces_can_be_refused():
            self.skipTest("there are no user namespaces here")

    def test_in_the_program(self):
        for name, (code, expected, reason) in IN_MAIN.items():
            with self.subTest(name):
                self.skip_unless_contained(name)
                text = SWALLOWS.replace("async def main():\n", f"async def main():\n    {code}\n")
                self.check(text, expected, reason, seconds=6 if name == "endless loop" or not expected else 60)

    def test_when_the_program_is_loaded(self):
        for name, (code, expected, reason) in AT_TOP.items():
            with self.subTest(name):
                self.skip_unless_contained(name)
                self.check(f"{code}\n{SWALLOWS}", expected, reason, seconds=30 if expected == "not-runnable" else 3)

    @unittest.skipUnless(namespaces_can_be_refused(), "user namespaces cannot be refused here")
    def test_without_namespaces(self):
        for name in ("segfault", "endless loop", "fork bomb", "every descriptor"):
            code, expected, reason = AT_TOP[name]
            with self.subTest(name):
                self.check(f"{code}\n{SWALLOWS}", expected, reason, before=NO_NAMESPACES, seconds=30 if expected == "not-runnable" else 3)
        for name in ("100 GB", "os._exit"):
            code, expected, reason = IN_MAIN[name]
            with self.subTest(name):
                text = SWALLOWS.replace("async def main():\n", f"async def main():\n    {code}\n")
                self.check(text, expected, reason, before=NO_NAMESPACES)
        connects = "import socket\ntry:\n    socket.create_connection(('192.0.2.1', 80), 5)\nexcept PermissionError:\n    pass\n"
        self.check(connects + SWALLOWS, "fixed", "", before=NO_NAMESPACES)

    def test_interpreters_that_cannot_load_the_checker(self):
        pretends = "import sys\ndel sys.argv[0]\nprogram = sys.argv.pop(1)\n%s\nexec(program)\n"
        for lines, reason in (
            ("sys.abiflags = 't'", "is a free-threaded build"),
            ("sys.version_info = (3, 7, 1)", "is Python 3.7; the checker needs 3.8 or later"),
            ("sys.implementation.name = 'pypy'", "is pypy; the checker needs CPython"),
        ):
            with self.subTest(lines):
                fake = self.root / "python"
                code = pretends % lines + "\n"
                (self.root / "pretends.py").write_text(code)
                fake.write_text(f'#!/bin/sh\nexec "{PYTHON}" "{self.root}/pretends.py" "$@"\n')
                fake.chmod(0o755)
                # What the interpreter calls itself is what is started later.
                (self.root / "pretends.py").write_text(code.replace("exec(", f"sys.executable = {str(fake)!r}\nexec("))
                self.check(SWALLOWS, "unsupported", reason, python=str(fake))

    def test_uvloop(self):
        python = environment(PYTHON, ["uvloop==0.22.1"])
        runs = "    async def go():\n        {}\n    import uvloop\n    uvloop.run(go())\n"
        text = SWALLOWS.replace("async def main", "async def work").replace("(10)", "(0.1)") + "\n\ndef main():\n"
        self.check(text + runs.format("await work()"), "", "", python=python)
        # Of the loop itself nothing is known: what its tasks do with a cancellation is seen.
        text = text.replace("await asyncio.wait({task})", "task.cancel(); await asyncio.wait({task})")
        self.check(text + runs.format("await work()"), "fixed", "a cancellation was swallowed", python=python)

    def test_interrupted(self):
        (self.project / "app.py").write_text("while True: pass\n" + SWALLOWS)
        run = subprocess.Popen(
            [AWRY, "verify", "--python", PYTHON, "app.py"],
            cwd=self.project,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            universal_newlines=True,
            env={**os.environ, "TMPDIR": str(self.scratch)},
        )
        while not any(self.scratch.glob("awry-verify-*/stage/output")):
            time.sleep(0.05)
        time.sleep(0.3)
        run.terminate()
        output, errors = run.communicate(timeout=30)
        self.assertEqual(run.returncode, 2, output)
        self.assertIn("was interrupted", errors)
        self.assertEqual(list(self.scratch.iterdir()), [])


if __name__ == "__main__":
    unittest.main()

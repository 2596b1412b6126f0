"""`awry run --sweep` as a user meets it. The environment names the program (AWRY)."""

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

SWEPT = """import asyncio


async def consume(queue):
    for _ in range(3):
        try:
            await queue.get()
            await asyncio.sleep(1)
        except asyncio.CancelledError:
            return
        queue.task_done()


async def main():
    queue = asyncio.Queue()
    for number in range(3):
        queue.put_nowait(number)
    consumer = asyncio.create_task(consume(queue))
    await queue.join()
    await consumer


if __name__ == "__main__":
    asyncio.run(main())
"""

CALM = """import asyncio


async def main():
    print("working")
    await asyncio.wait_for(asyncio.sleep(3600), 7200)


asyncio.run(main())
"""


class RunSweepTest(RunCase):
    def test_a_sweep(self):
        self.write("app.py", SWEPT)
        for target in ("app.py", "app.py::main"):
            run = self.run_awry("--sweep", target)
            self.assertEqual(run.returncode, 1, run.stderr)
            self.assertIn(
                "a cancellation of task `consume` was swallowed here, and the task ended as if it had finished "
                "(`consume` was cancelled; so in 3 more runs) "
                "[absorbed-cancellation AWR113]\n  --> app.py:9:16\n",
                run.stdout,
            )
            self.assertIn("the program waits here for ever (`consume` was cancelled; so in 3 more runs) [hung AWR801]", run.stdout)
            self.assertRegex(
                run.stderr,
                r"  app.py:8 +await asyncio.sleep\(1\) +cancel: consume +swallowed at line 9; the program waits for ever \(3 times\)\n",
            )
            self.assertRegex(run.stderr, r"  app.py:19 +await queue.join\(\) +cancel: main +ended cancelled\n")
            self.assertRegex(run.stderr, r"awry: (\d+) faults put in, of \1 planned\n")

    def test_a_sweep_in_every_version(self):
        self.write("app.py", SWEPT)
        for python in INTERPRETERS:
            with self.subTest(python=python):
                run, found = self.concise("--sweep", "app.py", python=python)
                self.assertEqual(run.returncode, 1, run.stderr)
                self.assertEqual(
                    sorted(found), ["app.py:19:5: [hung AWR801]", "app.py:9:16: [absorbed-cancellation AWR113]"]
                )

    def test_a_sweep_in_which_all_is_well(self):
        self.write("app.py", CALM)
        run = self.run_awry("--sweep", "app.py")
        self.assertEqual((run.returncode, run.stdout.count("\n")), (0, 1), run.stdout + run.stderr)
        self.assertNotIn("working", run.stdout + run.stderr)
        self.assertIn("awry: 1 faults put in, of 1 planned", run.stderr)

    def test_a_sweep_as_json(self):
        self.write("app.py", SWEPT)
        run = self.run_awry("--sweep", "--output-format", "json", "app.py")
        codes = [finding["code"] for finding in json.loads(run.stdout)["findings"]]
        self.assertEqual(sorted(codes), ["AWR113", "AWR801"])
        self.assertNotIn("ended cancelled", run.stderr)

    def test_what_a_sweep_is_to_do(self):
        self.write("app.py", SWEPT)
        run = self.run_awry("--sweep", "--plans", "raise", "app.py")
        self.assertNotIn("cancel: ", run.stderr)
        self.assertIn("fail at a wait: consume", run.stderr)
        run = self.run_awry("--sweep", "--runs", "4", "app.py")
        self.assertIn("awry: 2 faults put in, of ", run.stderr)
        self.assertIn("awry: the sweep was cut short: see --runs", run.stderr)
        run = self.run_awry("--sweep", "--ignore", "hung,AWR1", "app.py")
        self.assertEqual(run.returncode, 0)
        self.assertIn('no plans "rise"', self.refused("--sweep", "--plans", "rise", "app.py"))

    def test_programs_that_cannot_be_swept(self):
        programs = {
            "import asyncio\nasync def main():\n    await asyncio.Event().wait()\nasyncio.run(main())": "waits for ever without a fault",
            "import asyncio\nasyncio.run(asyncio.sleep(1))\nraise ValueError('no')": "fails without a fault put in (ValueError: no)",
            "import os\nos._exit(0)": "ends its process before it has ended itself",
            "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)": "crashes without a fault put in (signal 11)",
        }
        for program, fault in programs.items():
            with self.subTest(program=program):
                self.write("app.py", program + "\n")
                run = self.run_awry("--sweep", "app.py")
                self.assertEqual(run.returncode, 2, run.stdout)
                self.assertIn("awry: app.py: " + fault, run.stderr)
        self.write("app.py", "import threading, time\nthreading.Thread(target=time.sleep, args=(2,)).start()\nasync def main(): pass\n")
        run = self.run_awry("--sweep", "app.py::main")
        self.assertEqual(run.returncode, 2)
        self.assertIn("awry: app.py: cannot be swept: it starts threads when it is loaded", run.stderr)

    def test_a_sweep_that_is_interrupted(self):
        self.write(
            "app.py",
            "import asyncio, sys\nasync def main():\n    for _ in range(300):\n        await asyncio.to_thread(asyncio.run, asyncio.sleep(0.005))\n"
            "    for _ in range(3):\n        await asyncio.sleep(0)\nasyncio.run(main())\n",
        )
        run = subprocess.Popen(
            [AWRY, "run", "--sweep", "--python", PYTHON, "app.py"], cwd=self.root, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, universal_newlines=True,
        )
        time.sleep(3)
        run.send_signal(signal.SIGINT)
        _, errors = run.communicate(timeout=20)
        self.assertEqual(run.returncode, 2)
        self.assertIn("was interrupted; what was seen until then is shown", errors)
        self.assertNotIn("runtime.main", errors)

    def test_a_server_cannot_be_swept_and_is_no_fault(self):
        self.write(
            "app.py",
            "import asyncio\nasync def main():\n    server = await asyncio.start_server(print, '127.0.0.1', 0)\n"
            "    await server.serve_forever()\nasyncio.run(main())\n",
        )
        run, found = self.concise("--sweep", "app.py")
        self.assertEqual((run.returncode, found), (2, []))
        self.assertIn("awry: app.py: waits for ever without a fault put in", run.stderr)

    def test_loops_in_threads_run_in_real_time(self):
        self.write(
            "app.py",
            "import asyncio\nasync def main():\n    loop = asyncio.get_running_loop()\n"
            "    await loop.run_in_executor(None, asyncio.run, asyncio.sleep(0.01))\n"
            "    await asyncio.sleep(0.01)\nasyncio.run(main())\n",
        )
        run = self.run_awry("--sweep", "app.py")
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertEqual(run.stderr.count("virtual time: the program runs a loop in another thread"), 1)

    def test_progress_at_a_terminal(self):
        self.write("app.py", SWEPT)
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(self.root)
            os.execv(AWRY, [AWRY, "run", "--sweep", "--python", PYTHON, "app.py"])
        shown = b""
        try:
            while True:
                shown += os.read(terminal, 4096)
        except OSError:  # the other end is closed
            os.close(terminal)
        os.waitpid(child, 0)
        self.assertRegex(shown.decode(), r"\rawry: run \d+ of (\d+)\x1b\[K.*\rawry: run \1 of \1\x1b\[K\r\x1b\[K")


if __name__ == "__main__":
    unittest.main()

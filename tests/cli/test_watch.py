"""`awry check --watch` as a user meets it."""
import os
import queue
import signal
import subprocess
import threading
import unittest

from project import AWRY, PLAIN, ProjectTest

DANGLING = "import asyncio\n\n\nasync def start(work):\n    asyncio.create_task(work())\n"


class WatchTest(ProjectTest):
    def start(self, *arguments):
        self.process = subprocess.Popen(
            [AWRY, "check", "--watch", *arguments],
            cwd=self.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **PLAIN},
        )
        self.lines = queue.Queue()
        self.readers = [threading.Thread(target=self.read, args=(stream,)) for stream in (self.process.stdout, self.process.stderr)]
        for reader in self.readers:
            reader.start()

    def read(self, stream):
        with stream:
            for line in stream:
                self.lines.put(line)

    def tearDown(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(60)
        for reader in self.readers:
            reader.join()
        super().tearDown()

    def wait_for(self, *wanted):
        """Until each has been seen, in any order: the two streams are read side by side."""
        left = set(wanted)
        while left:
            line = self.lines.get(timeout=120)
            left = {part for part in left if part not in line}

    def test_files_and_settings_that_change_are_checked_again(self):
        self.write("pyproject.toml", "")
        self.write("src/a.py", DANGLING)
        self.start("src")
        self.wait_for("Found 1 ", "waiting for changes")
        self.write("src/b.py", DANGLING)
        self.wait_for("Found 2 ", "waiting for changes")
        (self.root / "src/a.py").unlink()
        self.wait_for("Found 1 ", "waiting for changes")
        self.write("pyproject.toml", '[tool.awry]\nignore = ["dangling-task"]\n')
        self.wait_for("Nothing found in 1 file.", "waiting for changes")
        self.process.send_signal(signal.SIGINT)
        self.assertEqual(self.process.wait(120), 0)

    def test_a_file_that_only_others_import(self):
        self.write("pyproject.toml", "")
        self.write("lib/__init__.py", "")
        self.write("lib/helper.py", "def save():\n    return 1\n")
        self.write("use.py", "from lib.helper import save\n\n\nasync def main():\n    save()\n")
        self.start("use.py")
        self.wait_for("Nothing found in 1 file.", "waiting for changes")
        self.write("lib/helper.py", "async def save():\n    return 1\n")
        self.wait_for("Found 1 ", "waiting for changes")
        self.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.process.wait(120), 0)


    def test_files_that_settings_extend(self):
        self.write("src/awry.toml", "extend = '../shared/base.toml'\n")
        self.write("shared/base.toml", "")
        self.write("src/a.py", DANGLING)
        self.start("src")
        self.wait_for("Found 1 ", "waiting for changes")
        self.write("shared/base.toml", "ignore = ['dangling-task']\n")
        self.wait_for("Nothing found in 1 file.", "waiting for changes")
        self.write("src/.awry.toml", "")
        self.wait_for("Found 1 ", "waiting for changes")
        self.process.send_signal(signal.SIGINT)
        self.assertEqual(self.process.wait(120), 0)


class RefusalTest(ProjectTest):
    def test_standard_input_cannot_be_watched(self):
        self.assertEqual(self.awry("check", "--watch", "-", stdin="x = 1\n").returncode, 2)


if __name__ == "__main__":
    unittest.main()

"""How far a run has come, for who waits for it at a terminal."""
import os
import pty
import re
import subprocess
import threading
import unittest

from project import AWRY, PLAIN, ProjectTest

LINE = re.compile(r"\rawry: (\d+) of (\d+) files? (?:read|checked)\x1b\[K")
BODY = "    async with source as one:\n        try:\n            await one.read(item)\n        except OSError:\n            raise\n"


class ProgressTest(ProjectTest):
    def at_a_terminal(self, *arguments, **environment):
        """What standard error shows there."""
        ours, its = pty.openpty()
        shown = []

        def read():
            try:
                while data := os.read(ours, 65536):
                    shown.append(data)
            except OSError:
                pass  # the other end is closed

        reader = threading.Thread(target=read)
        try:
            process = subprocess.Popen(
                [AWRY, "check", *arguments], cwd=self.root, stdout=subprocess.DEVNULL, stderr=its,
                env={**os.environ, **PLAIN, "CI": "", "TERM": "xterm", **environment},
            )
            os.close(its)
            reader.start()
            self.assertEqual(process.wait(240), 0)
            reader.join(60)
        finally:
            os.close(ours)
        return b"".join(shown).decode()

    def slow_project(self):
        """One that takes long enough here, whatever this machine is."""
        functions = "\n".join(f"async def load_{i}(source, item):\n" + BODY * 8 for i in range(60))
        count = 0
        for wanted in (40, 160, 640, 2560):
            for number in range(count, wanted):
                self.write(f"part_{number}.py", functions)
            count = wanted
            shown = self.at_a_terminal("--no-cache", "--jobs", "1")
            if LINE.search(shown):
                return shown
        return self.fail(f"nothing was shown for {count} files")

    def test_it_is_shown_after_a_while_and_goes_away(self):
        shown = self.slow_project()
        counts = [(int(done), int(count)) for done, count in LINE.findall(shown)]
        self.assertTrue(all(done <= count for done, count in counts), counts)
        self.assertEqual(LINE.sub("", shown), "\r\x1b[K")
        for environment in ({"CI": "true"}, {"GITHUB_ACTIONS": "true"}, {"TERM": "dumb"}):
            self.assertEqual(self.at_a_terminal("--no-cache", "--jobs", "1", **environment), "")
        piped = self.awry("check", "--no-cache", "--jobs", "1", environment={"CI": "", "TERM": "xterm"})
        self.assertEqual(piped.stderr, "")


if __name__ == "__main__":
    unittest.main()

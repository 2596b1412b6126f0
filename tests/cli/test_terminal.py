"""What a person sees of a report on a terminal, of some width and with colours, and of lines that do not fit on it."""
import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import termios
import unittest

from project import AWRY, PLAIN, ProjectTest

HEAD = "import asyncio\n\n\nasync def beat(x):\n    await asyncio.sleep(x)\n\n\nasync def main():\n    "
LINK = re.compile(r"\x1b\]8;;(.*?)\x1b\\(.*?)\x1b\]8;;\x1b\\")
FORMATS = """
full concise grouped pylint json json-lines sarif github gitlab junit checkstyle rdjson azure markdown
""".split()


class TerminalTest(ProjectTest):
    def on_terminal(self, columns, *arguments, **variables):
        """What `awry check` writes on a terminal of that many columns."""
        ours, its = pty.openpty()
        fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        environment = {**os.environ, **PLAIN, "NO_COLOR": "", "TERM": "xterm", **variables}
        streams = {"stdin": its, "stdout": its, "stderr": its}
        child = subprocess.Popen([AWRY, "check", *arguments], cwd=self.root, env=environment, **streams)
        os.close(its)
        written = b""
        while True:
            try:
                part = os.read(ours, 1 << 16)
            except OSError:  # nobody writes to it any more
                break
            if not part:
                break
            written += part
        os.close(ours)
        child.wait(timeout=60)
        return written.decode().replace("\r\n", "\n")

    def code_of(self, report):
        """The lines of frames."""
        return [line for line in report.split("\n") if re.match(r" *\d* *\|", line)]

    # --- colours and links

    def test_colours_and_links_to_the_rules(self):
        self.write("a.py", HEAD + "beat(1)\n")
        for form in ("full", "grouped", "concise"):
            shown = self.on_terminal(80, "--output-format", form)
            self.assertRegex(shown, r"\x1b\[1;31merror *\x1b\[0m")
            (url, text), *others = LINK.findall(shown)
            self.assertTrue(url.endswith("docs/rules/unawaited-coroutine.md"), url)
            self.assertEqual((text, others), ("unawaited-coroutine AWR301", []))

    def test_a_difference_is_coloured(self):
        self.write("a.py", HEAD + "beat(1)\n")
        shown = self.on_terminal(80, "--diff", "--unsafe-fixes")
        for part in ("\x1b[1m--- a.py\x1b[0m\n", "\x1b[31m-    beat(1)\x1b[0m\n", "\x1b[32m+    await beat(1)\x1b[0m\n"):
            self.assertIn(part, shown)
        self.assertIn("awry: would fix 1 finding in 1 file\n", shown)

    def test_no_color_is_no_escape_sequence_at_all(self):
        self.write("a.py", HEAD + "beat(1)\n")
        for variables in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            self.assertNotIn("\x1b", self.on_terminal(80, **variables))

    def test_colours_that_are_forced_into_a_file_bring_no_links(self):
        self.write("a.py", HEAD + "beat(1)\n")
        done = self.awry("check", "--color", "always")
        self.assertIn("\x1b[1;31merror", done.stdout)
        self.assertNotIn("\x1b]8", done.stdout)

    def test_what_code_holds_does_not_steer_the_terminal(self):
        self.write("a\x1b[2J.py", HEAD + "beat('\x1b]0;title\x07') == 1\n")
        for form in ("full", "grouped", "concise"):
            shown = self.on_terminal(80, "--output-format", form, NO_COLOR="1")
            self.assertIn("a.[2J.py", shown)
            self.assertNotIn("\x1b", shown)

    # --- width

    def test_frames_are_as_wide_as_the_terminal(self):
        code = "beat('" + "寿" * 40 + "'); asyncio.create_task(beat(1)); " + "x = 1; " * 30
        self.write("a.py", HEAD + code + "\n")
        for columns in (40, 60, 80, 120):
            lines = self.code_of(self.on_terminal(columns, NO_COLOR="1"))
            widths = [len(line) + line.count("寿") for line in lines]
            self.assertLessEqual(max(widths), columns)
            self.assertGreaterEqual(max(widths), columns - 1)

    def test_a_message_without_room_behind_its_marks_stands_below_them(self):
        code = "task = beat(1)\n    print(the_first_of_all_the_others + task + the_last_of_them)\n"
        self.write("a.py", HEAD + code)
        narrow = self.code_of(self.on_terminal(60, NO_COLOR="1"))
        wide = self.code_of(self.on_terminal(120, NO_COLOR="1"))
        self.assertLessEqual(max(map(len, narrow)), 60)
        self.assertEqual(len(narrow), len(wide) + 1)

    # --- long lines

    def test_the_part_of_a_long_line_where_the_finding_is(self):
        self.write("a.py", HEAD + "x = 1; " * 428 + "beat(1); " + "y = 2; " * 300 + "\n")
        done = self.awry("check")
        self.assertIn("--> a.py:9:3001\n", done.stdout)
        (number, code), (empty, marks) = [line.split("| ") for line in self.code_of(done.stdout)[1:]]
        self.assertEqual((number, empty), ("9 ", "  "))
        self.assertEqual(code[marks.index("^") : marks.rindex("^") + 1], "beat(1)")
        self.assertTrue(code.startswith("…") and code.endswith("…"), code)

    def test_thousands_of_findings_in_one_line(self):
        count = 20000
        self.write("a.py", HEAD + "".join(f"asyncio.create_task(beat('ä𝄞')); " for _ in range(count)) + "\n")
        outputs = [argument for form in FORMATS for argument in ("--output", f"{form}:out.{form}")]
        done = self.awry("check", "--output-format", "concise", *outputs)
        self.assertEqual(done.returncode, 1, done.stderr[:1000])
        last = 5 + 33 * (count - 1)
        self.assertIn(f"\na.py:9:{last}: info", done.stdout)
        read = {form: (self.root / f"out.{form}").read_text() for form in FORMATS}
        self.assertIn(f"a.py:9:{last}\n", read["full"])
        self.assertEqual(json.loads(read["json"])["findings"][-1]["start"], {"line": 9, "column": last})
        region = json.loads(read["sarif"])["runs"][0]["results"][-1]["locations"][0]["physicalLocation"]["region"]
        self.assertEqual(region["startColumn"], last + count - 1)
        place = json.loads(read["rdjson"])["diagnostics"][-1]["location"]["range"]["start"]
        self.assertEqual(place["column"], last + 4 * (count - 1))
        # Of Markdown as much as fits on a page of GitHub.
        for form in set(FORMATS) - {"sarif", "markdown"}:
            self.assertGreater(read[form].count("dangling-task"), count - 1, form)


if __name__ == "__main__":
    unittest.main()

"""`awry check --fix` and `--diff` as a user meets them: what is written, what is not, and what is said of it."""
import json
import os
import stat
import subprocess
import unittest

from project import ProjectTest

# On the Pythons below 3.11 this handler never runs; its fix is safe.
LINES = """import asyncio


async def read_line(reader):
    try:
        return await asyncio.wait_for(reader.readline(), 5)
    except TimeoutError:  # quiet
        return b""
"""
FIXED_LINES = LINES.replace("except TimeoutError:", "except (TimeoutError, asyncio.TimeoutError):")

# To await what was started on the side is a change that its author has to agree with.
SAVE = """async def save(db):
    await db.write()


async def main(db):
    save(db)  # later
"""
FIXED_SAVE = SAVE.replace("    save(db)", "    await save(db)")


class FixTest(ProjectTest):
    def check(self, *arguments, stdin=None):
        return self.awry("check", "--isolated", "--target-version", "py38", *arguments, stdin=stdin, text=False)

    def test_a_safe_fix_is_made_and_nothing_is_left_to_report(self):
        path = self.write("a.py", LINES)
        done = self.check("--fix")
        self.assertEqual(path.read_text(), FIXED_LINES)
        self.assertEqual((done.returncode, done.stderr), (0, b"awry: fixed 1 finding in 1 file\n"))
        self.assertIn(b"Nothing found in 1 file.", done.stdout)

    def test_fixing_twice_changes_nothing(self):
        path = self.write("a.py", LINES + SAVE)
        self.check("--fix", "--unsafe-fixes")
        once = path.read_bytes()
        done = self.check("--fix", "--unsafe-fixes")
        self.assertEqual((path.read_bytes(), done.stderr, done.returncode), (once, b"", 0))

    def test_an_unsafe_fix_waits_for_its_flag(self):
        path = self.write("a.py", SAVE)
        done = self.check("--fix")
        self.assertEqual((path.read_text(), done.returncode), (SAVE, 1))
        self.assertIn(b"`--fix --unsafe-fixes` fixes 1 of them.", done.stdout)
        self.assertEqual(self.check("--fix", "--unsafe-fixes").returncode, 0)
        self.assertEqual(path.read_text(), FIXED_SAVE)

    def test_unsafe_fixes_alone_say_what_they_need(self):
        done = self.check("--unsafe-fixes")
        self.assertEqual((done.returncode, done.stderr), (2, b"awry check: --unsafe-fixes goes with --fix or --diff\n"))

    def test_what_has_no_fix_is_still_reported(self):
        self.write("a.py", LINES)
        self.write("b.py", SAVE)
        done = self.check("--fix", "--output-format", "concise")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"b.py:6:5:", done.stdout)
        self.assertNotIn(b"a.py", done.stdout)

    def test_a_diff_changes_nothing_and_can_be_applied(self):
        a, b = self.write("pkg/a.py", LINES), self.write("b.py", SAVE)
        diff = self.check("--diff", "--unsafe-fixes")
        self.assertEqual((diff.returncode, a.read_text(), b.read_text()), (1, LINES, SAVE))
        subprocess.run(["git", "apply", "-p0", "-"], cwd=self.root, input=diff.stdout, check=True)
        self.assertEqual((a.read_text(), b.read_text()), (FIXED_LINES, FIXED_SAVE))
        again = self.check("--diff", "--unsafe-fixes")
        self.assertEqual((again.returncode, again.stdout, again.stderr), (0, b"", b"awry: nothing to fix\n"))

    def test_a_diff_says_how_much_it_is_and_what_more_there_would_be(self):
        self.write("pkg/a.py", LINES)
        self.write("b.py", SAVE)
        self.assertEqual(self.check("--diff").stderr, b"awry: would fix 1 finding in 1 file, with --unsafe-fixes 1 more\n")
        self.assertEqual(self.check("--diff", "--unsafe-fixes").stderr, b"awry: would fix 2 findings in 2 files\n")
        said = self.check("--diff", "--add-suppressions").stderr
        self.assertEqual(said, b"awry: would suppress 2 findings in 2 files\n")

    def test_line_endings_and_the_byte_order_mark_stay(self):
        text = b"\xef\xbb\xbf" + LINES.replace("\n", "\r\n").encode()
        path = self.write("a.py", text)
        self.check("--fix")
        self.assertEqual(path.read_bytes(), b"\xef\xbb\xbf" + FIXED_LINES.replace("\n", "\r\n").encode())

    def test_new_lines_end_as_the_others_do(self):
        text = "import asyncio\n\n\nasync def main(feed):\n    asyncio.create_task(feed.read())\n"
        path = self.write("a.py", text.replace("\n", "\r\n"))
        self.check("--fix", "--unsafe-fixes")
        fixed = path.read_bytes()
        self.assertIn(b"add_done_callback", fixed)
        self.assertEqual(fixed.count(b"\r\n"), fixed.count(b"\n"))

    def test_the_mode_stays(self):
        path = self.write("a.py", LINES)
        path.chmod(0o750)
        self.check("--fix")
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o750)

    def test_a_link_stays_a_link(self):
        path = self.write("real/a.py", LINES)
        link = self.root / "b.py"
        link.symlink_to(path)
        self.check("--fix", "b.py")
        self.assertTrue(link.is_symlink())
        self.assertEqual(path.read_text(), FIXED_LINES)

    def test_no_other_file_is_left_behind(self):
        self.write("a.py", LINES)
        self.check("--fix")
        self.assertEqual(os.listdir(self.root), ["a.py"])

    def test_a_file_that_does_not_parse_elsewhere_is_fixed_where_it_does(self):
        path = self.write("a.py", LINES + "\n\ndef broken(:\n    pass\n")
        self.check("--fix")
        self.assertEqual(path.read_text(), FIXED_LINES + "\n\ndef broken(:\n    pass\n")

    def test_a_suppressed_finding_is_not_fixed(self):
        text = LINES.replace("# quiet", "# awry: ignore wrong-timeout-error -- 3.11 only")
        path = self.write("a.py", text)
        self.check("--fix")
        self.assertEqual(path.read_text(), text)

    def test_files_that_depend_on_each_other_are_fixed_together(self):
        a = self.write("a.py", "from b import save\n\n\nasync def main(db):\n    save(db)\n")
        b = self.write("b.py", SAVE)
        self.check("--fix", "--unsafe-fixes")
        self.assertIn("    await save(db)\n", a.read_text())
        self.assertEqual(b.read_text(), FIXED_SAVE)

    def test_standard_input_comes_out_fixed_and_the_report_stands_aside(self):
        done = self.check("--fix", "--stdin-filename", "a.py", stdin=(LINES + SAVE).encode())
        self.assertEqual(done.stdout.decode(), FIXED_LINES + SAVE)
        self.assertIn(b"[unawaited-coroutine AWR301]", done.stderr)
        self.assertEqual(done.returncode, 1)

    def test_standard_input_without_a_fix_comes_out_as_it_is(self):
        done = self.check("--fix", "-", stdin=b"x = 1\r\n")
        self.assertEqual((done.stdout, done.returncode), (b"x = 1\r\n", 0))

    def fixed(self, text, *rules):
        path = self.write("a.py", text)
        self.check("--select", ",".join(rules), "--fix", "--unsafe-fixes")
        return path.read_text()

    def test_no_fix_skips_what_others_wait_for(self):
        text = """import asyncio


async def work(job, done):
    try:
        await job()
    except asyncio.CancelledError:
        print("cancelled")
    {behind}
"""
        for behind in ("done.set()", "done.set_result(None)", "queue.task_done()", "await job.close()"):
            before = text.format(behind=behind)
            self.assertEqual(self.fixed(before, "swallowed-cancellation", "absorbed-cancellation"), before)
        self.assertIn("        raise\n", self.fixed(text.format(behind="print(2)"), "absorbed-cancellation"))

    def test_tasks_that_a_loop_cancels_are_waited_for_behind_it(self):
        text = """import asyncio


async def main(jobs):
    tasks = [asyncio.create_task(job()) for job in jobs]
    await asyncio.sleep(1)
    for task in tasks:
        {cancel}
"""
        for cancel in ("task.cancel()", "if not task.done():\n            task.cancel()"):
            before = text.format(cancel=cancel)
            after = before + "    await asyncio.gather(*tasks, return_exceptions=True)\n"
            self.assertEqual(self.fixed(before, "cancel-not-awaited"), after)
        before = text.format(cancel="if task.get_name():\n            task.cancel()")
        self.assertEqual(self.fixed(before, "cancel-not-awaited"), before)

    def notebook(self, *sources, **options):
        cell = {"cell_type": "code", "metadata": {}, "outputs": [{"n": 1.50}]}
        cells = [{**cell, "source": source} for source in sources]
        return json.dumps({"cells": cells, "nbformat": 4}, **options)

    def test_a_notebook_is_fixed_in_the_lines_of_its_cells(self):
        text = self.notebook(["import asyncio\n", "async def main():\n", "    pass"], ["asyncio.run(main())"], indent=1)
        path = self.write("a.ipynb", text)
        done = self.check("--fix", "--unsafe-fixes")
        self.assertEqual(path.read_text(), text.replace("asyncio.run(main())", "await main()"))
        self.assertEqual(done.stderr, b"awry: fixed 1 finding in 1 file\n")
        self.assertEqual(self.check("--fix", "--unsafe-fixes").stderr, b"")

    def test_new_lines_of_a_notebook_are_written_as_the_others_are(self):
        before = ["import asyncio\n", "async def main(é):\n", "    asyncio.create_task(é.run())"]
        after = [
            "import asyncio\n",
            "\n",
            "_background_tasks = set()\n",
            "async def main(é):\n",
            "    task = asyncio.create_task(é.run())\n",
            "    _background_tasks.add(task)\n",
            "    task.add_done_callback(_background_tasks.discard)",
        ]
        for options in ({"indent": 2}, {"indent": 1, "ensure_ascii": False}, {}):
            path = self.write("a.ipynb", self.notebook(before, **options))
            self.check("--fix", "--unsafe-fixes")
            self.assertEqual(path.read_text(), self.notebook(after, **options))
        path = self.write("a.ipynb", self.notebook("".join(before)))
        self.check("--fix", "--unsafe-fixes")
        self.assertEqual(path.read_text(), self.notebook("".join(after)))

    def test_what_a_cell_needs_goes_below_a_command(self):
        cells = ["%%time\n", "async def main(feed, loop):\n", "    loop.create_task(feed.run())"]
        path = self.write("a.ipynb", self.notebook(["%pip install x"], cells))
        self.check("--fix", "--unsafe-fixes")
        fixed = "".join(json.loads(path.read_text())["cells"][1]["source"])
        self.assertTrue(fixed.startswith("%%time\n_background_tasks = set()\n\nasync def main"), fixed)

    def test_the_diff_of_a_notebook_can_be_applied(self):
        text = self.notebook(["import asyncio\n", "async def main():\n", "    pass"], ["asyncio.run(main())"], indent=1)
        path = self.write("a.ipynb", text)
        diff = self.check("--diff", "--unsafe-fixes").stdout
        self.assertEqual(path.read_text(), text)
        subprocess.run(["git", "apply", "-p0", "-"], cwd=self.root, input=diff, check=True)
        self.assertEqual(path.read_text(), text.replace("asyncio.run(main())", "await main()"))

    @unittest.skipIf(os.geteuid() == 0, "root may write everything")
    def test_a_file_that_cannot_be_written_is_a_problem_and_stays(self):
        path = self.write("a.py", LINES)
        other = self.write("b.py", LINES)
        path.chmod(0o444)
        done = self.check("--fix")
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"a.py: is not fixed: it ", done.stderr)
        self.assertEqual((path.read_text(), other.read_text()), (LINES, FIXED_LINES))

    def test_json_stays_json(self):
        self.write("a.py", LINES)
        done = self.check("--fix", "--output-format", "json")
        self.assertTrue(done.stdout.startswith(b"{"))
        self.assertEqual(done.stderr, b"awry: fixed 1 finding in 1 file\n")


if __name__ == "__main__":
    unittest.main()

"""`awry check` as a user meets it: exit statuses, messages, bad input, order of the output."""
import json
import os
import subprocess
import sys
import threading
import unittest

from project import AWRY, ProjectTest

DANGLING = "import asyncio\n\n\nasync def main():\n    asyncio.create_task(beat())\n\n\nasync def beat():\n    await asyncio.sleep(1)\n"


class CheckTest(ProjectTest):
    # --- exit statuses and reports

    def test_clean_tree_exits_with_0(self):
        self.write("a.py", "x = 1\n")
        done = self.check()
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("Nothing found in 1 file.", done.stdout)

    def test_findings_exit_with_1_and_say_where(self):
        self.write("pkg/a.py", DANGLING)
        done = self.check("pkg")
        self.assertEqual(done.returncode, 1)
        self.assertIn("--> pkg/a.py:5:5", done.stdout)
        self.assertIn("[dangling-task AWR302]", done.stdout)

    def test_exit_zero(self):
        self.write("a.py", DANGLING)
        self.assertEqual(self.check("--exit-zero").returncode, 0)

    def test_json_is_the_contract(self):
        self.write("a.py", DANGLING)
        report = self.report()
        self.assertEqual(report["schema_version"], 1)
        self.assertEqual(report["problems"], [])
        finding = report["findings"][0]
        self.assertEqual((finding["code"], finding["name"], finding["path"]), ("AWR302", "dangling-task", "a.py"))
        self.assertEqual(finding["start"], {"line": 5, "column": 5})
        self.assertEqual(finding["end"], {"line": 5, "column": 32})
        self.assertTrue(finding["fingerprint"])

    def test_plain_files_have_no_cells(self):
        self.write("a.py", DANGLING)
        finding = self.report()["findings"][0]
        self.assertIsNone(finding["cell"])
        self.assertEqual({edit["cell"] for edit in finding["fix"]["edits"]}, {None})

    def test_columns_count_characters(self):
        self.write("a.py", DANGLING.replace("    asyncio.create_task", '    "ä😀"; asyncio.create_task'))
        self.assertEqual(self.report()["findings"][0]["start"], {"line": 5, "column": 11})

    def test_concise_is_one_line_each(self):
        self.write("a.py", DANGLING)
        lines = self.check("--output-format", "concise").stdout.splitlines()
        self.assertRegex(lines[0], r"^a\.py:5:5: info: .* \[dangling-task AWR302\]$")

    def test_statistics(self):
        self.write("a.py", DANGLING)
        done = self.check("--statistics")
        self.assertRegex(done.stdout, r"(?m)^ +1  AWR302  dangling-task")

    def test_color_only_when_asked(self):
        self.write("a.py", DANGLING)
        self.assertNotIn("\x1b", self.check().stdout)
        self.assertIn("\x1b[", self.check("--color", "always").stdout)

    def test_output_does_not_depend_on_threads_or_names(self):
        for i in range(40):
            self.write(f"pkg/m{i:02}.py", DANGLING)
        one = self.check("--jobs", "1", "pkg").stdout
        self.assertEqual(one, self.check("--jobs", "8", "pkg").stdout)
        names = [f"pkg/m{i:02}.py" for i in reversed(range(40))]
        self.assertEqual(one, self.check(*names).stdout)

    def test_one_named_file_sees_the_project_around_it(self):
        self.write("pyproject.toml", "[project]\nname = 'x'\n")
        self.write("pkg/__init__.py", "")
        self.write("pkg/store.py", "async def save():\n    await flush()\n\n\nasync def flush():\n    print('x')\n")
        self.write("pkg/app.py", "from pkg.store import save\n\n\nasync def main():\n    save()\n")
        findings = self.report("pkg/app.py")["findings"]
        self.assertEqual([(f["name"], f["path"]) for f in findings], [("unawaited-coroutine", "pkg/app.py")])

    STORE = "async def save():\n    await flush()\n\n\nasync def flush():\n    print('x')\n"

    def names_found(self, module, where, files):
        for name, content in files.items():
            self.write(name, content)
        self.write(where, f"from {module} import save\n\n\nasync def main():\n    save()\n")
        return [f["name"] for f in self.report(".")["findings"]]

    def test_src_layout(self):
        files = {"pyproject.toml": "", "src/pkg/__init__.py": "", "src/pkg/store.py": self.STORE}
        self.assertEqual(self.names_found("pkg.store", "src/pkg/app.py", files), ["unawaited-coroutine"])

    def test_package_below_an_ordinary_folder(self):
        files = {"pyproject.toml": "", "backend/app/__init__.py": "", "backend/app/store.py": self.STORE}
        self.assertEqual(self.names_found("app.store", "backend/app/jobs.py", files), ["unawaited-coroutine"])

    def test_namespace_package(self):
        files = {"plugins/x/pyproject.toml": "", "plugins/x/acme/plugins/x/__init__.py": "", "plugins/x/acme/plugins/x/store.py": self.STORE}
        where = "plugins/x/acme/plugins/x/app.py"
        self.assertEqual(self.names_found("acme.plugins.x.store", where, files), ["unawaited-coroutine"])

    def test_relative_import_and_reexport(self):
        files = {"pkg/__init__.py": "from .store import save\n", "pkg/store.py": self.STORE, "pkg/sub/__init__.py": ""}
        self.assertEqual(self.names_found("..", "pkg/sub/app.py", files), ["unawaited-coroutine"])

    def test_sync_module_in_between(self):
        files = {"store.py": self.STORE, "facade.py": "from store import save\n"}
        self.assertEqual(self.names_found("facade", "app.py", files), ["unawaited-coroutine"])

    # --- standard input

    def test_stdin_takes_the_place_of_the_file(self):
        self.write("a.py", "x = 1\n")
        done = self.check("--stdin-filename", "a.py", "--output-format", "concise", stdin=DANGLING)
        self.assertEqual(done.returncode, 1)
        self.assertIn("a.py:5:5:", done.stdout)

    # --- names and files that are wrong

    def test_missing_name(self):
        self.problem(self.check("nowhere.py"), "nowhere.py: does not exist")

    def test_problem_does_not_stop_the_rest(self):
        self.write("a.py", DANGLING)
        done = self.check("nowhere.py", "a.py")
        self.problem(done, "nowhere.py: does not exist")
        self.assertIn("a.py:5:5", done.stdout)

    @unittest.skipIf(os.geteuid() == 0, "root may read everything")
    def test_unreadable_file_for_ordinary_users(self):
        self.write("a.py", DANGLING).chmod(0)
        self.problem(self.check("a.py"), "a.py:", "permission")

    def test_fifo_is_named_and_does_not_block(self):
        os.mkfifo(self.root / "pipe.py")
        self.problem(self.check("pipe.py"), "pipe.py: is not a regular file")

    def test_device(self):
        self.problem(self.check("/dev/zero"), "/dev/zero: is not a regular file")

    def test_link_loops_end(self):
        self.write("pkg/a.py", "x = 1\n")
        (self.root / "pkg/again").symlink_to(self.root / "pkg")
        (self.root / "pkg/self.py").symlink_to("self.py")
        done = self.check("pkg")
        self.assertIn("Nothing found in", done.stdout)
        self.problem(self.check("pkg/self.py"), "pkg/self.py:")

    def test_200_mb_file(self):
        path = self.root / "big.py"
        with path.open("wb") as file:
            file.truncate(200 << 20)
        self.problem(self.check("big.py"), "big.py: is too large")

    def test_invalid_utf8_says_where(self):
        self.write("a.py", b"x = 1\ny = '\xff'\n")
        self.problem(self.check("a.py"), "a.py:2:6: is not UTF-8")

    def test_nul_byte_says_where(self):
        self.write("a.py", b"x = 1\0\n")
        self.problem(self.check("a.py"), "a.py:1:6: holds a NUL byte")

    def test_utf16(self):
        self.write("a.py", "x = 1\n".encode("utf-16"))
        self.problem(self.check("a.py"), "a.py: is UTF-16")

    def test_byte_order_mark_is_fine(self):
        self.write("a.py", b"\xef\xbb\xbf" + DANGLING.encode())
        self.assertEqual(self.report("a.py")["findings"][0]["start"], {"line": 5, "column": 5})

    def test_crlf_is_fine(self):
        self.write("a.py", DANGLING.replace("\n", "\r\n"))
        self.assertEqual(self.report("a.py")["findings"][0]["start"], {"line": 5, "column": 5})

    def test_empty_file(self):
        self.write("a.py", "")
        self.assertEqual(self.check("a.py").returncode, 0)

    def test_syntax_error_is_a_finding_and_the_rest_is_linted(self):
        self.write("a.py", DANGLING + "\n\nasync def broken(:\n    pass\n")
        names = {f["name"] for f in self.report("a.py")["findings"]}
        self.assertEqual(names, {"dangling-task", "syntax-error"})

    def test_file_that_changes_and_vanishes_meanwhile(self):
        for i in range(30):
            self.write(f"m{i}.py", DANGLING)
        stop = threading.Event()

        def disturb():
            turn = 0
            while not stop.is_set():
                path = self.root / f"m{turn % 30}.py"
                if turn % 2:
                    path.unlink(missing_ok=True)
                else:
                    path.write_text(DANGLING * (turn % 7))
                turn += 1

        thread = threading.Thread(target=disturb)
        thread.start()
        try:
            for _ in range(20):
                done = self.check("--output-format", "json", ".")
                self.assertIn(done.returncode, (0, 1, 2))
                json.loads(done.stdout)
        finally:
            stop.set()
            thread.join()

    def test_strange_names(self):
        self.write("a b\n\x1b[31m.py", DANGLING)
        report = self.report(".")
        self.assertEqual(report["findings"][0]["path"], "a b\n\x1b[31m.py")

    def test_name_that_is_not_utf8(self):
        path = os.fsencode(self.root) + b"/caf\xe9.py"
        with open(path, "wb") as file:
            file.write(DANGLING.encode())
        report = self.report(".")
        self.assertEqual(len(report["findings"]), 1)

    # --- options and settings that are wrong

    def test_unknown_option(self):
        done = self.check("--slect", "ALL")
        self.problem(done, "unknown option --slect; did you mean --select?")

    def test_option_without_value(self):
        self.problem(self.check("--select"), "--select needs a value")

    def test_unknown_format(self):
        self.problem(self.check("--output-format", "xml"), 'there is no output format "xml"', "full, concise, pylint", "markdown")

    def test_bad_target_version(self):
        self.problem(self.check("--target-version", "3"), '"3" is no target version')

    def test_unknown_rule_on_the_command_line(self):
        self.problem(self.check("--select", "danglin-task"), 'unknown rule "danglin-task"', "dangling-task")

    def test_unknown_rule_in_settings_says_where(self):
        self.write("pyproject.toml", '[tool.awry]\nselect = ["dangling-task", "nonsense"]\n')
        self.write("a.py", DANGLING)
        self.problem(self.check(), "awry: pyproject.toml:2:28:", 'unknown rule "nonsense"')

    def test_unknown_key_says_where(self):
        self.write("awry.toml", 'selct = ["ALL"]\n')
        self.write("a.py", "x = 1\n")
        self.problem(self.check(), "awry.toml:1:1:", "selct", "select")

    def test_broken_toml_says_where(self):
        self.write("awry.toml", 'select = ["ALL"\nignore = ]\n')
        self.write("a.py", "x = 1\n")
        self.problem(self.check(), "awry.toml:")

    def test_isolated_reads_no_settings(self):
        self.write("awry.toml", "nonsense\n")
        self.write("a.py", "x = 1\n")
        self.assertEqual(self.check("--isolated").returncode, 0)

    # --- settings that are right

    def test_settings_choose_the_rules(self):
        self.write("pyproject.toml", '[tool.awry]\nignore = ["AWR3"]\n')
        self.write("a.py", DANGLING)
        self.assertEqual(self.check().returncode, 0)
        self.assertEqual(self.check("--isolated").returncode, 1)

    def test_per_file_ignores(self):
        self.write("pyproject.toml", '[tool.awry.per-file-ignores]\n"scripts/**" = ["dangling-task"]\n')
        self.write("scripts/a.py", DANGLING)
        self.write("src/a.py", DANGLING)
        self.assertEqual([f["path"] for f in self.report(".")["findings"]], ["src/a.py"])

    def test_vocabulary_holds_while_other_files_are_read(self):
        jobs = """import asyncio
from lib.errors import bail


async def main():
    while True:
        try:
            await asyncio.sleep(1)
        except asyncio.CancelledError:
            bail("over")
"""
        self.write("setup.cfg", "")
        self.write("lib/__init__.py", "")
        self.write("lib/errors.py", "import host\n\n\ndef bail(error):\n    host.leave(error)\n")
        self.write("app/jobs.py", jobs)
        self.assertEqual([f["name"] for f in self.report("app")["findings"]], ["swallowed-cancellation"])
        # The words are those of the folder that the callee lies in, although nobody named it.
        words = '[tool.awry.vocabulary]\nnever-return = ["host.l*"]\n'
        self.write("lib/pyproject.toml", words)
        self.assertEqual(self.report("app")["findings"], [])
        self.write("lib/pyproject.toml", words + "[tool.awry]\nunheard = 1\n")
        done = self.check("app")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(self.check("lib").returncode, 2)

    def test_exclude(self):
        self.write("pyproject.toml", '[tool.awry]\nexclude = ["generated"]\n')
        self.write("generated/a.py", DANGLING)
        self.assertEqual(self.check().returncode, 0)

    def test_git_ignored_files_are_passed_over(self):
        subprocess.run(["git", "init", "-q"], cwd=self.root, check=True)
        self.write(".gitignore", "out/\n")
        self.write("out/a.py", DANGLING)
        self.write("a.py", DANGLING)
        self.assertEqual([f["path"] for f in self.report(".")["findings"]], ["a.py"])
        self.assertEqual([f["path"] for f in self.report("out/a.py")["findings"]], ["out/a.py"])

    # --- output that nobody reads

    def test_closed_output_is_no_crash(self):
        for i in range(200):
            self.write(f"m{i}.py", DANGLING)
        process = subprocess.Popen([AWRY, "check"], cwd=self.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdout.close()
        process.stderr.read()
        process.stderr.close()
        self.assertIn(process.wait(60), (1, 2))

    # --- virtual environments

    def write_environment(self, folder=".venv"):
        site = f"{folder}/lib/python3.12/site-packages"
        self.write(f"{folder}/pyvenv.cfg", "")
        self.write(f"{site}/feed/__init__.py", "from ._reader import Reader as Reader\n")
        self.write(
            f"{site}/feed/_reader.py",
            "import asyncio\nfrom .base import Base\n\nclass Reader(Base):\n    async def read(self):\n        asyncio.create_task(self.read())\n",
        )
        self.write(f"{site}/feed/base.py", "class Base:\n    async def close(self):\n        return 1\n")
        self.write(f"{site}/feed/unused.py", "import feed.nothing\n")
        return site

    READS = "from feed import Reader\n\nasync def main():\n    reader = Reader()\n    reader.read()\n    reader.close()\n"

    def test_venv_tells_what_installed_packages_do(self):
        self.write_environment()
        self.write("a.py", self.READS)
        self.assertEqual(self.check().returncode, 0)
        report = self.report("--venv", ".venv")
        found = [(finding["path"], finding["code"], finding["start"]["line"]) for finding in report["findings"]]
        self.assertEqual(found, [("a.py", "AWR301", 5), ("a.py", "AWR301", 6)])

    def test_venv_in_the_settings_is_relative_to_them(self):
        self.write_environment("env")
        self.write("pyproject.toml", '[tool.awry]\nvenv = "env"\n')
        self.write("src/a.py", self.READS)
        self.assertEqual(len(self.report("src")["findings"]), 2)
        self.assertEqual(len(self.report("--isolated", "src")["findings"]), 0)

    def test_packages_that_are_installed_to_be_edited(self):
        site = self.write_environment()
        self.write("elsewhere/one/__init__.py", "async def go():\n    return 1\n")
        self.write("other/two/__init__.py", "async def go():\n    return 1\n")
        self.write(f"{site}/one.pth", "# folders\nimport os\n../../../../elsewhere\n")
        self.write(
            f"{site}/__editable___two_1_0_finder.py",
            f"x = 1\nMAPPING: dict[str, str] = {{'two': '{self.root / 'other' / 'two'}'}}\n",
        )
        self.write(f"{site}/three-stubs/__init__.pyi", "async def go() -> None: ...\n")
        self.write(f"{site}/three/__init__.py", "go = make()\n")
        self.write("app/a.py", "import one, two, three\n\nasync def main():\n    one.go()\n    two.go()\n    three.go()\n")
        self.write("app/pyproject.toml", "")
        lines = [finding["start"]["line"] for finding in self.report("--venv", ".venv", "app")["findings"]]
        self.assertEqual(lines, [4, 5, 6])

    def test_venv_that_is_none_is_a_problem(self):
        self.write("a.py", DANGLING)
        self.write("empty/x", "")
        for folder, why in (("nowhere", "does not exist"), ("empty", "is no virtual environment")):
            done = self.check("--venv", folder, "a.py")
            self.assertEqual(done.returncode, 2)
            self.assertIn(f"awry: {folder}: {why}", done.stderr)

    def test_own_package_is_not_taken_for_an_installed_one(self):
        self.write_environment()
        self.write("pyproject.toml", "")
        self.write("feed/__init__.py", "class Reader:\n    def read(self):\n        return 1\n\n    def close(self):\n        return 1\n")
        self.write("a.py", self.READS)
        self.assertEqual(self.check("--venv", ".venv", "a.py").returncode, 0)


class RuleTest(unittest.TestCase):
    def rule(self, *arguments):
        return subprocess.run([AWRY, "rule", *arguments], capture_output=True, text=True, timeout=60)

    def test_page_by_name_and_by_code(self):
        page = self.rule("swallowed-cancellation").stdout
        self.assertTrue(page.startswith("# "))
        self.assertIn("## What happens at run time", page)
        self.assertEqual(page, self.rule("awr101").stdout)

    def test_list(self):
        self.assertRegex(self.rule("--all").stdout, r"(?m)^AWR302  dangling-task +default")

    def test_unknown_rule(self):
        done = self.rule("nonsense")
        self.assertEqual(done.returncode, 2)
        self.assertIn('unknown rule "nonsense"', done.stderr)



class ProgramTest(unittest.TestCase):
    def test_unknown_command(self):
        done = subprocess.run([AWRY, "chekc"], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 2)
        self.assertIn('there is no command "chekc"', done.stderr)

    def test_version(self):
        done = subprocess.run([AWRY, "--version"], capture_output=True, text=True, timeout=60)
        self.assertRegex(done.stdout, r"^awry \d+\.\d+\.\d+$")


if __name__ == "__main__":
    program = unittest.main(exit=False, verbosity=0)
    failed = len(program.result.failures) + len(program.result.errors)
    print(f"{program.result.testsRun - failed} passed, {failed} failed")
    sys.exit(failed > 0)

"""`awry check --show-settings` as a user meets it."""
import unittest

from project import ProjectTest

PYPROJECT = """[project]
name = "feed"
requires-python = ">=3.9"

[tool.awry]
extend-select = ["absorbed-cancellation"]
ignore = ["AWR302"]
exclude = ['C:\\dos', 'a"b']

[tool.awry.per-file-ignores]
"scripts/**" = ["dangling-task"]

[tool.awry.vocabulary]
log-like = ["app.audit.*"]
"""

DEFAULTS = """[tool.awry]
select = []  # default: the rules that are on by default
extend-select = []  # default: no others
ignore = []  # default: none
exclude = []  # default: nothing but what git ignores
force-exclude = false  # default: what is named itself is checked
# target-version = "py310"  # default: this, or a newer one that the code needs
# venv = ".venv"  # default: none
fail-on = "info"  # default: any finding
# baseline = "awry-baseline.txt"  # default: none
# cache-dir = ".cache/awry"  # default: .awry_cache in the folder of the project

[tool.awry.per-file-ignores]  # default: none

[tool.awry.severity]  # default: as each rule says

[tool.awry.vocabulary]  # beside what awry knows by itself
gather-like = []  # default: no others
task-makers = []  # default: no others
log-like = []  # default: no others
never-return = []  # default: no others
cleanup = []  # default: no others
"""


class SettingsTest(ProjectTest):
    def run_awry(self, *arguments):
        return self.awry("check", *arguments)

    def show(self, *arguments):
        done = self.run_awry("--show-settings", *arguments)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def test_defaults(self):
        self.assertEqual(self.show("--isolated"), DEFAULTS)

    def test_a_file_tells_the_key_and_the_line(self):
        self.write("pyproject.toml", PYPROJECT)
        self.write("src/app.py", "")
        shown = self.show("src/app.py")
        for line in (
            'extend-select = ["absorbed-cancellation"]  # pyproject.toml:6\n',
            'ignore = ["AWR302"]  # pyproject.toml:7\n',
            'exclude = ["C:\\\\dos", "a\\"b"]  # pyproject.toml:8\n',
            '\ntarget-version = "py39"  # pyproject.toml\n',
            '\n[tool.awry.per-file-ignores]  # pyproject.toml:10\n"scripts/**" = ["dangling-task"]\n',
            'log-like = ["app.audit.*"]  # pyproject.toml:14\n',
            "select = []  # default: the rules that are on by default\n",
        ):
            self.assertIn(line, shown)

    def test_options_replace_or_add(self):
        self.write("pyproject.toml", PYPROJECT)
        shown = self.show(
            "--select", "AWR1", "--ignore", "AWR301", "--target-version", "py312", "--venv", "env"
        )
        for line in (
            '\nselect = ["AWR1"]  # --select\n',
            'ignore = ["AWR302", "AWR301"]  # pyproject.toml:7 and --ignore\n',
            'target-version = "py312"  # --target-version\n',
            'venv = "env"  # --venv\n',
        ):
            self.assertIn(line, shown)

    def test_what_is_shown_can_be_pasted(self):
        self.write("pyproject.toml", PYPROJECT)
        shown = self.show()
        self.write("again/pyproject.toml", shown)
        (self.root / "pyproject.toml").unlink()
        again = self.show("again")

        def bare(text):
            return [line.partition("  # ")[0] for line in text.splitlines()]

        self.assertEqual(bare(again), bare(shown))

    def test_the_nearest_file_counts(self):
        self.write("pyproject.toml", PYPROJECT)
        self.write("tools/awry.toml", 'select = ["AWR2"]\n')
        shown = self.show("tools")
        self.assertIn('\nselect = ["AWR2"]  # tools/awry.toml:1\n', shown)
        self.assertIn("\nignore = []  # default: none\n", shown)

    def test_what_is_wrong_is_said(self):
        self.write("pyproject.toml", '[tool.awry]\nignore = ["nonsense"]\n')
        done = self.run_awry("--show-settings")
        self.assertEqual(done.returncode, 2)
        self.assertIn("ignore = []", done.stdout)
        self.assertIn("pyproject.toml:2:11", done.stderr)
        for arguments in (["a", "b"], ["missing.py"]):
            done = self.run_awry("--show-settings", *arguments)
            self.assertEqual((done.returncode, done.stdout), (2, ""))


if __name__ == "__main__":
    unittest.main()

"""`awry migrate`: what other linters are told, as settings of awry."""
import subprocess
import sys
import unittest

from project import ProjectTest

if sys.version_info >= (3, 11):
    import tomllib
else:
    tomllib = None

RUFF = """[tool.ruff]
extend-exclude = ["vendored", "./gen/", "nowhere"]

[tool.ruff.lint]
select = ["E", "RUF006", "ASYNC"]
ignore = [
    "B012",
    "BLE001",
]

[tool.ruff.lint.per-file-ignores]
"scripts/**" = ["RUF006", "S110"]
"old/*" = ["ALL"]
"docs/*" = ["D"]
"!src/**" = ["RUF006"]
"""


class MigrateTest(ProjectTest):
    def migrated(self, *arguments):
        """What it prints, after a look at whether awry takes it, and takes it as TOML means it."""
        done = self.awry("migrate", *arguments)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.write("again/pyproject.toml", done.stdout)
        shown = self.awry("check", "--show-settings", "again")
        self.assertEqual((shown.returncode, shown.stderr), (0, ""))
        if tomllib:
            tables = tomllib.loads(done.stdout)["tool"]["awry"]
            self.assertLessEqual(tables.keys(), {"ignore", "extend-select", "exclude", "per-file-ignores"})
        return done.stdout

    def test_ruff(self):
        self.write("pyproject.toml", RUFF)
        for name in ("vendored/a.py", "gen/a.py", "src/a.py"):
            self.write(name, "")
        shown = self.migrated()
        self.assertIn("# From what ruff (pyproject.toml) is told.", shown)
        self.assertIn("# On without a word: ", shown)
        self.assertIn("dangling-task (RUF006)", shown)
        self.assertIn('ignore = [\n  "jump-in-finally",  # B012, pyproject.toml:7\n]\n', shown)
        self.assertIn("# Not taken over: BLE001 (pyproject.toml:8) is only near overbroad-except: ", shown)
        self.assertIn('exclude = [\n  "vendored",  # pyproject.toml:2\n  "gen",  # pyproject.toml:2\n]\n', shown)
        self.assertIn('\n"scripts/**" = ["dangling-task"]  # RUF006, pyproject.toml:12\n', shown)
        self.assertIn('\n"old/*" = ["ALL"]  # ALL, pyproject.toml:13\n', shown)
        self.assertIn('# "scripts/**":\n# Not taken over: S110 (', shown)
        for absent in ("docs", "src", "nowhere"):
            self.assertNotIn(absent, shown)
        self.assertIn('# external = ["AWR"]\n', shown)

    def test_a_rule_that_is_opt_in_here_is_selected(self):
        self.write(".flake8", "[flake8]\nselect = ASYNC102\n")
        shown = self.migrated()
        self.assertIn('extend-select = [\n  "shielded-coroutine",  # ASYNC102 (near), .flake8:2\n]\n', shown)
        self.assertIn("# On without a word: cleanup-misses-cancellation (near ASYNC102)\n", shown)

    def test_what_git_ignores_needs_no_exclude(self):
        subprocess.run(["git", "init", "-q"], cwd=self.root, check=True)
        self.write(".gitignore", "build\n")
        self.write("build/a.py", "")
        self.write("ruff.toml", "exclude = ['build']\n")
        self.assertNotIn("exclude", self.migrated())

    def test_flake8_in_each_of_its_files(self):
        section = (
            "[flake8]\n# not this: RUF006\nextend_ignore =\n    E501,  # long\n    B012\n"
            "per-file-ignores =\n    ./scripts/*,tools/a.py: ASYNC300 E722\n    docs/*:D1\nexclude = .git, vendored\n"
        )
        self.write("vendored/a.py", "")
        for name in ("setup.cfg", "tox.ini", ".flake8"):
            path = self.write(name, "[metadata]\nname = x\n\n" + section + "[other]\nextend-ignore = RUF006\n")
            shown = self.migrated()
            path.unlink()
            self.assertIn(f"# From what flake8 ({name}) is told.", shown)
            self.assertIn(f'"jump-in-finally",  # B012, {name}:6', shown)
            self.assertIn(f'\n"scripts/*" = ["dangling-task"]  # ASYNC300, {name}:9\n', shown)
            self.assertIn(f'\n"tools/a.py" = ["dangling-task"]  # ASYNC300, {name}:9\n', shown)
            self.assertIn(f'exclude = [\n  "vendored",  # {name}:12\n]\n', shown)

    def test_the_first_file_of_a_tool_counts(self):
        self.write("tox.ini", "[flake8]\nignore = B012\n")
        self.write(".flake8", "[flake8]\nignore = ASYNC300\n")
        shown = self.migrated()
        self.assertIn("tox.ini:2", shown)
        self.assertNotIn(".flake8", shown)

    def test_pylint(self):
        names = "lost-exception, return-in-finally, W0136, W0137"
        for name, text, line in (
            (".pylintrc", f"[MESSAGES CONTROL]\ndisable={names},  # handled elsewhere\n  W0702\n[MAIN]\nignore=vendored\n", 2),
            ("setup.cfg", f"[pylint.MESSAGES CONTROL]\ndisable={names}\n  W0702\n[pylint.MASTER]\nignore=vendored\n", 2),
            ("pyproject.toml", f'[tool.pylint."MESSAGES CONTROL"]\ndisable = "{names}, W0702"\n[tool.pylint.main]\nignore = ["vendored"]\n', 2),
        ):
            self.write("vendored/a.py", "")
            path = self.write(name, text)
            shown = self.migrated()
            path.unlink()
            self.assertIn(f'  "jump-in-finally",  # W0150, {name}:{line}\n', shown)
            self.assertIn(f"# Not taken over: W0702 ({name}:", shown)
            self.assertIn('  "vendored",  # ', shown)

    def test_a_part_of_a_rule_and_a_family_switch_nothing_off(self):
        self.write(".pylintrc", "[messages control]\ndisable=W,return-in-finally\nignore-paths=.*/gen/.*\n")
        shown = self.migrated()
        self.assertIn("# Not taken over: W0134 (.pylintrc:2) is only a part of jump-in-finally\n", shown)
        self.assertIn("is off with all of W, which says nothing about jump-in-finally\n", shown)
        self.assertIn("# Not taken over: paths that .pylintrc excludes by regular expressions\n", shown)
        self.assertNotIn("ignore = [", shown)

    def test_pyright(self):
        self.write("pyproject.toml", '[tool.pyright]\nreportUnusedCoroutine = "none"\n')
        self.assertIn('  "unawaited-coroutine",  # reportUnusedCoroutine, pyproject.toml:2\n', self.migrated())
        self.write("pyproject.toml", "[tool.pyright]\nreportUnusedCoroutine = true\n")
        self.assertIn("# On without a word: unawaited-coroutine (reportUnusedCoroutine)\n", self.migrated())

    def test_the_more_exact_word_counts_and_one_tool_that_wants_a_rule(self):
        self.write("ruff.toml", 'lint.select = ["ALL"]\nlint.ignore = ["RUF", "RUF006"]\n')
        self.assertIn('"dangling-task",  # RUF006, ruff.toml:2', self.migrated())
        self.write("ruff.toml", 'lint.select = ["RUF006"]\nlint.ignore = ["RUF"]\n')
        self.assertIn("# On without a word: dangling-task (RUF006)\n", self.migrated())
        self.write("ruff.toml", 'lint.ignore = ["RUF006"]\n')
        self.write(".flake8", "[flake8]\nselect = ASYNC300\n")
        self.assertNotIn("ignore = [", self.migrated())
        self.assertIn('"dangling-task",  # RUF006, ruff.toml:1', self.migrated("--from", "ruff"))

    def test_settings_that_say_nothing_about_our_rules(self):
        self.write("ruff.toml", "line-length = 100\nextend = '../ruff.toml'\n")
        shown = self.migrated()
        self.assertIn("# Nothing of it is about rules of awry.\n", shown)
        self.assertIn("# Not read: what ruff.toml extends\n", shown)
        self.assertIn("external", shown)
        self.write("ruff.toml", "lint.external = ['AWR']\n")
        self.assertNotIn("external", self.migrated())

    def test_strange_names_stay_within_their_quotes(self):
        self.write("ruff.toml", 'lint.per-file-ignores = { "a\\"b\\n\\\\c" = ["RUF006", "S110"], "ü*" = ["RUF006"] }\n')
        shown = self.migrated()
        self.assertIn('"a\\"b\\u000a\\\\c" = ["dangling-task"]', shown)
        self.assertIn('"ü*" = ["dangling-task"]', shown)

    def test_another_folder_can_be_named(self):
        self.write("one/ruff.toml", 'lint.ignore = ["RUF006"]\n')
        self.assertIn("RUF006, ruff.toml:1", self.migrated("one"))

    def test_refusals(self):
        for arguments, said in (
            ((), ". has no settings of these linters"),
            (("--from", "ruf"), 'not "ruf"; did you mean ruff?'),
            (("nowhere",), "nowhere does not exist"),
            (("a", "b"), "one folder"),
        ):
            done = self.awry("migrate", *arguments)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn(said, done.stderr)
        self.write("pyproject.toml", "[tool.ruff\n")
        done = self.awry("migrate")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertEqual(done.stderr, "awry: pyproject.toml:1:1: this is not valid TOML\n")


if __name__ == "__main__":
    unittest.main()

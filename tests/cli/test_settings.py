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
# extend = "shared/awry.toml"  # default: none
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

    def test_a_hidden_file_counts_before_others(self):
        self.write("awry.toml", 'select = ["AWR2"]\n')
        self.write(".awry.toml", 'select = ["AWR3"]\n')
        self.assertIn('\nselect = ["AWR3"]  # .awry.toml:1\n', self.show())

    def test_what_is_wrong_is_said(self):
        self.write("pyproject.toml", '[tool.awry]\nignore = ["nonsense"]\n')
        done = self.run_awry("--show-settings")
        self.assertEqual(done.returncode, 2)
        self.assertIn("ignore = []", done.stdout)
        self.assertIn("pyproject.toml:2:11", done.stderr)
        for arguments in (["a", "b"], ["missing.py"]):
            done = self.run_awry("--show-settings", *arguments)
            self.assertEqual((done.returncode, done.stdout), (2, ""))


FOUND = "import asyncio\n\n\nasync def start(work):\n    asyncio.create_task(work())\n"


class ConfigOptionTest(ProjectTest):
    """--config KEY=VALUE and --config FILE."""

    def show(self, *arguments, **more):
        done = self.awry("check", "--show-settings", *arguments, **more)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def refused(self, *arguments):
        done = self.awry("check", *arguments)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        return done.stderr

    def test_a_value_takes_the_place_of_what_files_say(self):
        self.write("pyproject.toml", PYPROJECT)
        shown = self.show(
            "--config", 'ignore = ["AWR301"]', "--config=exclude=[]", "--config", "vocabulary.log-like=['a.b']",
            "--config", "severity.AWR1 = 'error'", "--ignore", "AWR3", "--target-version", "py312",
            "--config", "target-version='py310'",
        )
        for line in (
            'ignore = ["AWR301", "AWR3"]  # --config and --ignore\n',
            "exclude = []  # --config\n",
            'log-like = ["a.b"]  # --config\n',
            '[tool.awry.severity]  # --config\n"AWR1" = "error"\n',
            'target-version = "py312"  # --target-version\n',
            'extend-select = ["absorbed-cancellation"]  # pyproject.toml:6\n',
        ):
            self.assertIn(line, shown)

    def test_the_last_of_several_values_counts_and_isolation_leaves_them(self):
        shown = self.show("--isolated", "--config", "select=['AWR1']", "--config", "select=['AWR2']")
        self.assertIn('select = ["AWR2"]  # --config\n', shown)

    def test_values_count_for_findings_with_a_cache_and_without(self):
        self.write("pyproject.toml", "[tool.awry]\n")
        self.write("app.py", FOUND)
        for _ in range(2):
            self.assertEqual(self.awry("check").returncode, 1)
            self.assertEqual(self.awry("check", "--config", "ignore=['AWR302']").returncode, 0)
            self.assertEqual(self.awry("check", "--config", "fail-on='error'").returncode, 0)

    def test_paths_in_values_are_seen_from_the_working_folder(self):
        self.write("sub/awry.toml", "venv = 'mine'\n")
        shown = self.show("sub", "--config", "venv='env'")
        self.assertIn(f'venv = "{self.root.resolve()}/env"  # --config\n', shown)

    def test_what_is_wrong_in_a_value_is_pointed_at(self):
        for value, said in (
            ("selct=['ALL']", "1:1: unknown key \"selct\"; did you mean \"select\"?"),
            ("select=['ALL', 'AWR9']", "1:16: unknown rule \"AWR9\""),
            ("target-version=py311", "1:1: this is not valid TOML"),
            ("fail-on=3", '1:9: "fail-on" must be "error", "warning", "info" or "never"'),
            ("extend='a.toml'", '1:1: "extend" is for settings files only'),
            ("# select=[]", "sets nothing"),
        ):
            said_all = self.refused("--config", value)
            self.assertIn(f"awry: --config '{value}':", said_all)
            self.assertIn(said, said_all)

    def test_a_file_is_read_instead_of_others(self):
        self.write("pyproject.toml", PYPROJECT)
        self.write("ci/strict.toml", "select = ['AWR1']\nvenv = 'env'\nexclude = ['/gen']\n")
        shown = self.show("--config", "ci/strict.toml")
        for line in (
            'select = ["AWR1"]  # ci/strict.toml:1\n',
            'venv = "env"  # ci/strict.toml:2\n',
            "extend-select = []  # default: no others\n",
            'target-version = "py39"  # pyproject.toml\n',
        ):
            self.assertIn(line, shown)
        self.write("gen/app.py", FOUND)
        self.write("ci/gen/app.py", FOUND)
        done = self.awry("check", "--config", "ci/strict.toml", "--config", "select=['ALL']", "--output-format", "concise")
        self.assertNotIn("\ngen/app.py", "\n" + done.stdout)
        self.assertIn("ci/gen/app.py", done.stdout)

    def test_a_pyproject_can_be_the_file(self):
        self.write("other/pyproject.toml", PYPROJECT)
        self.assertIn('ignore = ["AWR302"]  # other/pyproject.toml:7\n', self.show("--config", "other/pyproject.toml"))

    def test_files_that_cannot_be_read_are_told(self):
        self.write("a.toml", "")
        self.assertEqual(self.refused("--config", "no.toml"), "awry: --config no.toml: does not exist\n")
        self.assertEqual(self.refused("--config", "."), "awry: --config .: is a directory\n")
        said = self.refused("--config", "a.toml", "--config", "a.toml")
        self.assertEqual(said, "awry: --config a.toml: is one settings file too many\n")
        said = self.refused("--isolated", "--config", "a.toml")
        self.assertEqual(said, "awry: --config a.toml: goes without --isolated\n")

    def test_every_command_that_reads_settings_has_it(self):
        self.write("app.py", FOUND)
        for command in (("baseline", "create"), ("suppressions", "list"), ("verify",), ("cache", "show"), ("run", "app.py")):
            done = self.awry(*command, "--config", "selct=[]")
            self.assertEqual((done.returncode, done.stdout), (2, ""), command)
            self.assertIn('unknown key "selct"', done.stderr)
        self.assertIn("none/here", self.awry("cache", "show", "--config", "cache-dir='none/here'").stdout)


class ExtendTest(ProjectTest):
    def test_each_value_has_its_own_origin(self):
        self.write("shared/base.toml", "ignore = ['AWR1']\nexclude = ['gen']\nbaseline = 'known.txt'\n")
        self.write("pyproject.toml", "[tool.awry]\nextend = 'shared/base.toml'\nignore = ['AWR302']\n")
        shown = self.awry("check", "--show-settings").stdout
        for line in (
            '# extend = "shared/base.toml"  # pyproject.toml:2\n',
            'ignore = ["AWR302"]  # pyproject.toml:3\n',
            'exclude = ["gen"]  # shared/base.toml:2\n',
            f'baseline = "{self.root.resolve()}/shared/known.txt"  # shared/base.toml:3\n',
        ):
            self.assertIn(line, shown)

    def test_patterns_are_about_the_project_that_extends(self):
        self.write("shared/base.toml", "exclude = ['/gen']\n")
        self.write("app/awry.toml", "extend = '../shared/base.toml'\n")
        self.write("app/gen/a.py", FOUND)
        self.write("app/more/gen/a.py", FOUND)
        shown = self.awry("check", "--output-format", "concise").stdout
        self.assertNotIn("app/gen/a.py", shown)
        self.assertIn("app/more/gen/a.py", shown)

    def test_what_is_wrong_has_its_place_and_the_status_2(self):
        self.write("awry.toml", "\nextend = 'lost.toml'\n")
        self.write("app.py", "")
        done = self.awry("check")
        self.assertEqual(done.returncode, 2)
        self.assertIn('awry: awry.toml:2:10: "extend": lost.toml does not exist\n', done.stderr)
        self.write("lost.toml", "extend = 'awry.toml'\nselct = []\n")
        done = self.awry("check")
        self.assertIn('awry: lost.toml:1:10: "extend": awry.toml leads back', done.stderr)
        self.assertIn('awry: lost.toml:2:1: unknown key "selct"', done.stderr)

    def test_it_counts_for_findings_that_a_cache_has(self):
        self.write("pyproject.toml", "[tool.awry]\nextend = 'base.toml'\n")
        self.write("app.py", FOUND)
        for ignored, status in (([], 1), (["AWR302"], 0), ([], 1)):
            self.write("base.toml", f"ignore = {ignored}\n")
            self.assertEqual(self.awry("check").returncode, status)


class UserSettingsTest(ProjectTest):
    def setUp(self):
        super().setUp()
        self.write("home/.config/awry/awry.toml", "ignore = ['AWR302']\n")
        self.write("work/app.py", FOUND)
        self.home = {"XDG_CONFIG_HOME": "", "HOME": str(self.root / "home")}

    def status(self, *arguments, environment=None):
        return self.awry("check", "work", *arguments, environment=environment or self.home).returncode

    def test_they_count_where_a_project_has_none(self):
        self.assertEqual(self.status(), 0)
        shown = self.awry("check", "--show-settings", "work", environment=self.home).stdout
        self.assertIn('ignore = ["AWR302"]  # home/.config/awry/awry.toml:1\n', shown)
        self.write("work/pyproject.toml", "[project]\nrequires-python = '>=3.9'\n")
        self.assertEqual(self.status(), 0)
        shown = self.awry("check", "--show-settings", "work", environment=self.home).stdout
        self.assertIn('target-version = "py39"  # work/pyproject.toml\n', shown)

    def test_a_project_with_settings_has_nothing_of_them(self):
        self.write("work/pyproject.toml", "[tool.awry]\n")
        self.assertEqual(self.status(), 1)

    def test_isolation_and_a_named_file_leave_them_out(self):
        self.write("other.toml", "")
        self.assertEqual(self.status("--isolated"), 1)
        self.assertEqual(self.status("--config", "other.toml"), 1)
        self.assertEqual(self.status("--config", "fail-on='info'"), 0)

    def test_the_folder_is_that_of_the_xdg_specification(self):
        self.write("xdg/awry/awry.toml", "")
        environment = {**self.home, "XDG_CONFIG_HOME": str(self.root / "xdg")}
        self.assertEqual(self.status(environment=environment), 1)
        # A relative one does not count.
        self.assertEqual(self.status(environment={**self.home, "XDG_CONFIG_HOME": "xdg"}), 0)

    def test_what_is_wrong_with_them_is_told(self):
        self.write("home/.config/awry/awry.toml", "ignor = []\n")
        done = self.awry("check", "work", environment=self.home)
        self.assertEqual(done.returncode, 2)
        self.assertIn('home/.config/awry/awry.toml:1:1: unknown key "ignor"', done.stderr)


if __name__ == "__main__":
    unittest.main()

"""What other linters call the same: in comments, in settings, in `awry rule`."""
import json
import unittest

from project import ProjectTest

DANGLING = "import asyncio\n\n\nasync def start(work):\n    asyncio.create_task(work()){comment}\n"
JUMP = (
    "async def load(source):\n    try:\n        return await source.read()\n"
    "    finally:\n        return None{comment}\n"
)
BROAD = (
    "async def load(source):\n    try:\n        return await source.read()\n"
    "    except BaseException:{comment}\n        return None\n"
)


class MigrationTest(ProjectTest):
    def found(self, text, *arguments):
        self.write("app.py", text)
        done = self.awry("check", "--output-format", "json", *arguments)
        return [finding["name"] for finding in json.loads(done.stdout)["findings"]]

    def test_comments_for_other_linters_count_where_they_mean_the_same(self):
        for code in ("RUF006", "ASYNC300", "S7502", "E501,RUF006"):
            self.assertEqual(self.found(DANGLING.format(comment=f"  # noqa: {code}")), [], code)
        for code in ("B012", "W0150", "W0134", "S1143"):
            self.assertEqual(self.found(JUMP.format(comment=f"  # noqa: {code}")), [], code)

    def test_comments_that_mean_something_else_silence_nothing(self):
        for code in ("E501", "W0150", "S110", "BLE001", "NOBODY1"):
            found = self.found(DANGLING.format(comment=f"  # noqa: {code}"), "--select", "ALL")
            self.assertIn("dangling-task", found, code)
            self.assertNotIn("unused-suppression", found, code)
        found = self.found(BROAD.format(comment="  # noqa: BLE001"))
        self.assertEqual(found, ["overbroad-except"])

    def test_names_of_others_hold_in_comments_of_ours_and_are_never_deleted(self):
        text = DANGLING.format(comment="  # awry: ignore asyncio-dangling-task -- it ends soon")
        self.assertEqual(self.found(text), [])
        unused = "x = 1  # awry: ignore RUF006, AWR101\ny = 1  # noqa: RUF006\n"
        self.write("app.py", unused)
        self.awry("check", "--fix")
        self.assertEqual((self.root / "app.py").read_text(), unused.replace(", AWR101", ""))

    def test_a_name_that_is_only_near_is_told_in_comments_of_ours(self):
        self.write("app.py", BROAD.format(comment="  # awry: ignore BLE001"))
        shown = self.awry("check").stdout
        self.assertIn("BLE001 is a rule of flake8-blind-except, ruff; nearest to it is overbroad-except", shown)

    def test_selecting_by_an_exact_name_says_nothing(self):
        self.write("app.py", DANGLING.format(comment=""))
        done = self.awry("check", "--select", "RUF006", "--output-format", "concise")
        self.assertIn("dangling-task", done.stdout)
        self.assertEqual((done.returncode, done.stderr), (1, ""))

    def test_selecting_by_a_near_name_says_so_once(self):
        self.write("app.py", BROAD.format(comment=""))
        self.write("more.py", BROAD.format(comment=""))
        done = self.awry("check", "--select", "BLE001,BLE001", "--extend-select", "BLE001", "--output-format", "concise")
        self.assertEqual(done.stdout.count("overbroad-except"), 2)
        said = "awry: BLE001 is a rule of flake8-blind-except, ruff; nearest to it is overbroad-except\n"
        self.assertEqual(done.stderr, said)

    def test_settings_files_take_names_of_others(self):
        self.write("awry.toml", 'ignore = ["ASYNC300"]\n[per-file-ignores]\n"old.py" = ["W0150"]\n')
        self.write("old.py", JUMP.format(comment=""))
        self.assertEqual(self.found(DANGLING.format(comment="")), [])

    def test_rule_takes_names_of_others(self):
        exact, near = self.awry("rule", "RUF006"), self.awry("rule", "W0718")
        self.assertIn("`dangling-task`", exact.stdout)
        self.assertEqual((exact.returncode, exact.stderr), (0, ""))
        self.assertIn("`overbroad-except`", near.stdout)
        self.assertIn("W0718 is a rule of pylint; nearest to it is overbroad-except", near.stderr)


class ExternalTest(ProjectTest):
    """ruff has to be told of our codes."""

    def said(self, *arguments):
        self.write("app.py", DANGLING.format(comment="  # noqa: AWR302"))
        return self.awry("check", *arguments).stderr

    def test_the_settings_of_ruff_that_miss_our_codes_are_named_once(self):
        self.write("pyproject.toml", "[tool.ruff]\nline-length = 100\n\n[tool.ruff.lint]\nselect = ['ALL']\n")
        self.write("more.py", DANGLING.format(comment="  # noqa: AWR302"))
        said = 'awry: pyproject.toml:4: ruff takes AWR codes in noqa comments for mistakes: lint.external = ["AWR"] tells it\n'
        self.assertEqual(self.said(), said)
        self.assertEqual(self.said("--no-hints"), "")

    def test_a_list_without_our_codes_is_where_they_belong(self):
        self.write(".ruff.toml", "[lint]\nselect = ['ALL']\nexternal = ['V']\n")
        self.assertIn("awry: .ruff.toml:3: ruff takes", self.said())

    def test_nothing_is_said_where_ruff_knows_or_is_not_used(self):
        self.assertEqual(self.said(), "")
        for external in ("lint.external = ['AWR']", "lint.external = ['V', 'AWR3']", "external = ['A']"):
            self.write("ruff.toml", external + "\n")
            self.assertEqual(self.said(), "", external)

    def test_nothing_is_said_without_codes_of_ours_in_its_comments(self):
        self.write("ruff.toml", "line-length = 100\n")
        self.write("app.py", DANGLING.format(comment="  # awry: ignore AWR302") + "x = 'AWR302'  # noqa: E501\n")
        self.assertEqual(self.awry("check").stderr, "")


class RuleTest(ProjectTest):
    def rules(self, *arguments):
        done = self.awry("rule", "--output-format", "json", *arguments)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return json.loads(done.stdout)

    def test_json_has_all_rules_as_they_are_listed(self):
        listed = [line.split()[0] for line in self.awry("rule", "--all").stdout.splitlines()]
        self.assertEqual([rule["code"] for rule in self.rules("--all")], listed)

    def test_json_has_the_documentation_and_the_names_elsewhere(self):
        (rule,) = self.rules("dangling-task")
        self.assertEqual((rule["code"], rule["severity"], rule["fix"]), ("AWR302", "warning", "unsafe"))
        self.assertIn("## What happens at run time", rule["documentation"])
        self.assertIn({"code": "RUF006", "name": "asyncio-dangling-task", "tool": "ruff", "exact": True}, rule["elsewhere"])

    def test_markdown_has_one_page_after_the_other(self):
        shown = self.awry("rule", "--all", "--output-format", "markdown").stdout
        for code in ("AWR101", "AWR302", "AWR606"):
            self.assertIn(f"`{code}`", shown)

    def test_a_mistyped_name_gets_a_hint(self):
        refused = self.awry("rule", "dangling-tusk")
        self.assertEqual((refused.returncode, refused.stdout), (2, ""))
        self.assertIn('unknown rule "dangling-tusk"; did you mean "dangling-task"?', refused.stderr)

    def test_a_format_that_is_none_is_refused(self):
        self.assertEqual(self.awry("rule", "--all", "--output-format", "yaml").returncode, 2)


if __name__ == "__main__":
    unittest.main()

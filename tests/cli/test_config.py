"""`awry config`: the settings, and their JSON schema, which takes what awry takes."""
import json
import os
import pathlib
import random
import subprocess
import unittest

from project import ProjectTest

TOP = pathlib.Path(__file__).parents[2]

GOOD = [
    {},
    {"extend": "shared/awry.toml"},
    {"select": ["ALL"], "extend-select": ["absorbed-cancellation", "awr3"], "ignore": ["Dangling-Task", "RUF006"]},
    {"target-version": "py311", "venv": ".venv", "fail-on": "never", "force-exclude": True},
    {"target-version": "3.9", "exclude": ["vendored/**"]},
    {"per-file-ignores": {"scripts/**": ["dangling-task"], "old.py": []}, "severity": {"AWR1": "error"}},
    {"vocabulary": {"gather-like": ["app.util.*", "größe.alle"], "cleanup": ["*.decommission"]}},
]
BAD = [
    {"selct": ["ALL"]},
    {"select": "ALL"},
    {"select": ["AWR9"]},
    {"select": ["AWR10111"]},
    {"ignore": [1]},
    {"exclude": [""]},
    {"target-version": "py2"},
    {"target-version": 3.11},
    {"venv": ""},
    {"extend": ""},
    {"extend": ["shared/awry.toml"]},
    {"fail-on": "warnings"},
    {"force-exclude": "yes"},
    {"per-file-ignores": {"": ["ALL"]}},
    {"per-file-ignores": ["a.py"]},
    {"severity": {"AWR101": "fatal"}},
    {"severity": {"nothing": "error"}},
    {"vocabulary": {"gather": []}},
    {"vocabulary": {"log-like": ["a b"]}},
]

STRINGS = [
    "ALL", "all", "AWR", "AWR3", "AWR30", "AWR302", "awr302", "AWR3020", "AW", "dangling-task", "dangling_task", "BLE001",
    "reportUnusedCoroutine", "", "a", "a.b", "*", "a.*", "a b", "ü.b", "a-b", "src/**", "py38", "py311", "3.12", "3.1",
    "3.5", "py3", "py3100", "error", "warning", "info", "never", "fatal", "true", "\t", "\\", "🐍.x", "a[b", "a^b",
]


def toml(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(key)} = {toml(item)}" for key, item in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)


def generated(count):
    """Settings that are nearly right: values of every kind under keys that there are."""
    keys = ["select", "extend-select", "ignore", "exclude", "force-exclude", "target-version", "venv", "fail-on",
            "per-file-ignores", "severity", "vocabulary", "nope"]
    words = ["gather-like", "task-makers", "log-like", "never-return", "cleanup", "nope"]
    chance = random.Random(5)

    def strings():
        return [chance.choice(STRINGS) for _ in range(chance.randrange(3))]

    def value():
        return chance.choice([
            lambda: chance.choice(STRINGS), strings, strings, strings, lambda: chance.choice([True, 3, 3.11]),
            lambda: {chance.choice(STRINGS): chance.choice([strings(), chance.choice(STRINGS)])},
            lambda: {chance.choice(words): strings()}, lambda: [strings()],
        ])()

    return [{chance.choice(keys): value() for _ in range(chance.randrange(1, 3))} for _ in range(count)]


class ConfigTest(ProjectTest):
    def schema_says(self, settings):
        schema = self.write("schema.json", self.awry("config", "--schema").stdout)
        done = subprocess.run(
            ["node", str(TOP / "tests/cli/validate.js"), str(schema)], input=json.dumps(settings),
            capture_output=True, text=True, timeout=120, env={**os.environ, "NODE_PATH": str(TOP / "node_modules")},
        )
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return json.loads(done.stdout)

    def awry_says(self, settings):
        self.write("awry.toml", "".join(f"{key} = {toml(value)}\n" for key, value in settings.items()))
        done = self.awry("check", "--show-settings")
        return None if done.returncode == 0 else done.stderr

    def test_good_settings_are_good_for_both(self):
        self.write("shared/awry.toml", "")
        for settings, said in zip(GOOD, self.schema_says(GOOD), strict=True):
            self.assertEqual((said, self.awry_says(settings)), (None, None), settings)

    def test_bad_settings_are_bad_for_both(self):
        for settings, said in zip(BAD, self.schema_says(BAD), strict=True):
            self.assertIsNotNone(said, settings)
            self.assertIsNotNone(self.awry_says(settings), settings)

    def test_the_schema_says_of_any_settings_what_awry_says(self):
        many = generated(250)
        said = self.schema_says(many)
        for settings, of_schema in zip(many, said, strict=True):
            of_awry = self.awry_says(settings)
            if (of_schema is None) != (of_awry is None):
                self.fail(f"{settings}: schema {of_schema}, awry {of_awry}")
        self.assertGreater(said.count(None), 10)
        self.assertGreater(len(said) - said.count(None), 10)

    def test_every_setting_is_listed_described_and_shown(self):
        listed = [line.split()[0] for line in self.awry("config").stdout.splitlines()]
        schema = json.loads(self.awry("config", "--schema").stdout)["properties"]
        shown = self.awry("check", "--show-settings").stdout
        for key in listed:
            *table, name = key.split(".")
            properties = schema[table[0]]["properties"] if table else schema
            self.assertIn("description", properties[name])
            self.assertRegex(shown, rf"(?m)^(# )?{name} = |^\[tool\.awry\.{name}\]")
        self.assertIn("vocabulary.gather-like", listed)

    def test_the_examples_are_settings_that_awry_takes(self):
        self.write("shared/awry.toml", "")
        for row in self.awry("config", "--markdown").stdout.splitlines()[2:]:
            cells = [cell.strip() for cell in row.strip("|").split(" | ")]
            key, example = cells[0].strip("`"), cells[-1].strip("|` ")
            self.write("awry.toml", f"{key} = {example}\n")
            self.assertEqual(self.awry("check", "--show-settings").stderr, "", row)


if __name__ == "__main__":
    unittest.main()

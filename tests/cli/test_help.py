"""`--help` of the program and of its commands, and what is said of options that are off."""
import os
import re
import subprocess
import unittest

AWRY = os.environ["AWRY"]


def run_awry(*arguments):
    return subprocess.run([AWRY, *arguments], capture_output=True, text=True, timeout=60)


def commands():
    listed = run_awry("--help").stdout.split("Commands:\n")[1].split("\n\n")[0]
    return [line.split()[0] for line in listed.splitlines()]


class HelpTest(unittest.TestCase):
    def test_every_command_has_help_that_fits_a_terminal(self):
        self.assertIn("check", commands())
        for command in commands():
            with self.subTest(command):
                shown = run_awry(command, "--help")
                self.assertEqual((shown.returncode, shown.stderr), (0, ""))
                self.assertIn(f"Usage: awry {command} ", shown.stdout)
                self.assertEqual([line for line in shown.stdout.splitlines() if len(line) > 80], [])
                self.assertNotIn("(null)", shown.stdout)

    def test_every_option_that_help_names_is_taken(self):
        for command in commands():
            shown = run_awry(command, "--help").stdout
            for option, value in re.findall(r"^  (--[a-z-]+)( [A-Z]\S*)?", shown, re.M):
                with self.subTest(f"{command} {option}"):
                    refused = run_awry(command, option, *["1" for _ in value[:1]], "--no-such-option")
                    self.assertNotIn(f"unknown option {option}\n", refused.stderr)

    def test_options_stand_in_groups(self):
        shown = run_awry("check", "--help").stdout
        groups = dict(re.findall(r"^([A-Z][a-z]+):\n((?:  .*\n)+)", shown, re.M))
        self.assertIn("--select RULES", groups["Rules"])
        self.assertIn("--exclude PATTERNS", groups["Files"])
        self.assertIn("--fix ", groups["Fixes"])
        self.assertIn("--fail-on SEVERITY", groups["Gating"])

    def test_an_option_that_is_a_setting_has_the_same_words_everywhere(self):
        for command in ("check", "verify"):
            self.assertIn("  --venv FOLDER             know what the packages", run_awry(command, "--help").stdout)

    def test_a_mistyped_option_gets_a_hint(self):
        refused = run_awry("check", "--extend-selct", "AWR3")
        self.assertEqual(refused.returncode, 2)
        self.assertIn("unknown option --extend-selct; did you mean --extend-select?", refused.stderr)

    def test_an_option_without_its_value_says_what_is_missing(self):
        refused = run_awry("check", "--select")
        self.assertEqual(refused.returncode, 2)
        self.assertIn("--select needs a value: RULES", refused.stderr)

    def test_a_target_version_that_is_none_is_refused_by_every_command(self):
        for command in ("check", "verify"):
            refused = run_awry(command, "--target-version", "python2")
            self.assertEqual(refused.returncode, 2)
            self.assertIn(f'awry {command}: "python2" is no target version', refused.stderr)


if __name__ == "__main__":
    unittest.main()

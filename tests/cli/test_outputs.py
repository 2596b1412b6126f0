"""Where reports go: several at once, into files, behind the text on GitHub."""
import json
import os
import stat
import unittest

from project import ProjectTest

DANGLING = "import asyncio\n\n\nasync def start(work):\n    asyncio.create_task(work())\n"
FORMATS = """
full concise pylint grouped json json-lines sarif github gitlab junit checkstyle rdjson azure markdown
""".split()


class OutputsTest(ProjectTest):
    def check(self, *arguments, **variables):
        return self.awry("check", *arguments, environment=variables)

    def read(self, name):
        return (self.root / name).read_text(encoding="utf-8")

    def names(self):
        return sorted(path.name for path in self.root.iterdir())

    def refusal(self, *arguments):
        done = self.check(*arguments)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        return done.stderr

    # --- several at once

    def test_every_format_in_one_run_as_if_it_were_alone(self):
        self.write("a.py", DANGLING)
        wanted = [argument for name in FORMATS for argument in ("--output", f"{name}:out.{name}")]
        done = self.check(*wanted, "--output-format", "concise")
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        self.assertIn("a.py:5:5: warning: ", done.stdout)
        for name in FORMATS:
            self.assertEqual(self.read(f"out.{name}"), self.check("--output-format", name).stdout, name)

    def test_formats_may_stand_in_one_option(self):
        self.write("a.py", DANGLING)
        done = self.check("--output", "grouped,json:out.json")
        self.assertTrue(done.stdout.startswith("a.py (1)\n"), done.stdout)
        self.assertEqual(len(json.loads(self.read("out.json"))["findings"]), 1)

    def test_text_is_the_old_name_of_full(self):
        self.write("a.py", DANGLING)
        self.assertEqual(self.check("--output-format", "text").stdout, self.check().stdout)
        self.assertEqual(self.check("--output", "text").stdout, self.check().stdout)

    def test_files_have_no_colors(self):
        self.write("a.py", DANGLING)
        done = self.check("--color", "always", "--output", "full:out.txt")
        self.assertIn("\x1b[", done.stdout)
        self.assertNotIn("\x1b[", self.read("out.txt"))

    def test_an_old_report_is_replaced_in_one_step(self):
        self.write("a.py", "x = 1\n")
        self.write("old.json", "something else\n" * 1000)
        os.chmod(self.root / "old.json", 0o640)
        os.link(self.root / "old.json", self.root / "kept.json")
        self.check("--output", "json:old.json")
        self.assertEqual(json.loads(self.read("old.json"))["findings"], [])
        # Who has it open still reads all of the old one.
        self.assertEqual(self.read("kept.json"), "something else\n" * 1000)
        mode = stat.S_IMODE(os.stat(self.root / "old.json").st_mode)
        self.assertEqual(mode, 0o640)
        self.assertEqual(self.names(), ["a.py", "kept.json", "old.json"])

    def test_reports_say_what_is_left_after_fixes(self):
        self.write("a.py", DANGLING)
        self.check("--fix", "--unsafe-fixes", "--output", "json:out.json")
        self.assertEqual(json.loads(self.read("out.json"))["findings"], [])

    # --- what makes no sense

    def test_a_report_that_cannot_be_written_is_said_before_the_work(self):
        self.write("a.py", DANGLING)
        self.assertIn("nowhere does not exist", self.refusal("--output", "json:nowhere/out.json"))
        self.assertIn(". is a directory", self.refusal("--output", "json:."))
        self.assertEqual(self.names(), ["a.py"])

    @unittest.skipUnless(os.path.exists("/dev/full"), "there is no /dev/full")
    def test_a_report_that_turns_out_not_to_be_written_is_a_problem(self):
        self.write("a.py", DANGLING)
        done = self.check("--output", "json:/dev/full", "--output", "concise:out.txt")
        self.assertEqual(done.returncode, 2)
        self.assertIn("awry: /dev/full: cannot be written", done.stderr)
        self.assertIn("a.py:5:5", self.read("out.txt"))

    def test_options_that_contradict_each_other(self):
        self.write("a.py", DANGLING)
        for arguments, part in (
            (["--output", "json", "--output", "sarif"], "standard output takes one report"),
            (["--output", "json", "--output-format", "sarif"], "standard output takes one report"),
            (["--output", "json:"], "names no file behind the colon"),
            (["--output", "json:a.json", "--output", "sarif:a.json"], "or one twice"),
            (["--output", "yaml:a.yaml"], 'there is no output format "yaml"'),
            (["--output", "json:a.json", "--diff"], "is for findings"),
            (["--output", "json:a.json", "--explain-silence", "a.py:1"], "is for findings"),
            (["--output", "json:a.json", "--show-settings"], "is for findings"),
        ):
            with self.subTest(arguments):
                self.assertIn(part, self.refusal(*arguments))
                self.assertEqual(self.names(), ["a.py"])

    # --- on a service

    def on_github(self, *arguments, **more):
        variables = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_WORKSPACE": str(self.root.resolve().parent),
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": "some/one",
            "GITHUB_SHA": "abc",
        }
        return self.check(*arguments, **{**variables, **more})

    def path_there(self):
        return self.root.name + "/a.py"

    def test_annotations_follow_the_text_on_github(self):
        self.write("a.py", DANGLING)
        plain, done = self.check(), self.on_github()
        self.assertTrue(done.stdout.startswith(plain.stdout))
        annotations = done.stdout[len(plain.stdout) :].splitlines()
        self.assertEqual(len(annotations), 1)
        self.assertTrue(annotations[0].startswith("::warning title=dangling-task (AWR302),file=" + self.path_there()))

    def test_annotations_can_be_switched_off_and_are_not_for_programs(self):
        self.write("a.py", DANGLING)
        self.assertEqual(self.on_github("--no-annotations").stdout, self.check().stdout)
        json.loads(self.on_github("--output-format", "json").stdout)
        self.assertNotIn("::", self.on_github("--statistics").stdout)

    def test_a_step_shows_ten_of_each_severity_and_the_rest_is_counted(self):
        body = "".join(f"    asyncio.create_task(work({i}))\n" for i in range(13))
        self.write("a.py", "import asyncio\n\n\nasync def start(work):\n" + body)
        self.write("b.py", "async def save():\n    return 1\n\n\nasync def main():\n    save()\n")
        lines = self.check("--output-format", "github").stdout.splitlines()
        self.assertEqual([line.split(" ")[0] for line in lines], ["::error"] + ["::warning"] * 13 + ["::notice"])
        self.assertIn("::3 more than the 10 annotations of each severity", lines[-1])
        self.assertIn("0 errors, 3 warnings, 0 infos", lines[-1])

    def test_github_gets_no_suppressed_results(self):
        """It would open alerts for them."""
        self.write("a.py", DANGLING.replace("())", "())  # awry: ignore dangling-task -- kept elsewhere"))
        results = json.loads(self.check("--output-format", "sarif").stdout)["runs"][0]["results"]
        self.assertEqual([result["suppressions"][0]["justification"] for result in results], ["kept elsewhere"])
        results = json.loads(self.on_github("--output-format", "sarif").stdout)["runs"][0]["results"]
        self.assertEqual(results, [])

    def test_the_summary_of_a_step_is_added_to(self):
        self.write("a.py", DANGLING)
        self.write("summary.md", "# Before\n\n")
        summary = str(self.root / "summary.md")
        self.on_github("--output", "markdown:" + summary, GITHUB_STEP_SUMMARY=summary)
        text = self.read("summary.md")
        self.assertTrue(text.startswith("# Before\n\n### awry\n"))
        self.assertIn(f"[5:5](https://github.com/some/one/blob/abc/{self.path_there()}#L5)", text)

    def test_paths_are_seen_from_the_top_of_the_repository(self):
        self.write("a.py", DANGLING)
        top = str(self.root.resolve().parent)
        gitlab = self.check("--output-format", "gitlab", GITLAB_CI="true", CI_PROJECT_DIR=top)
        self.assertEqual(json.loads(gitlab.stdout)[0]["location"]["path"], self.path_there())
        azure = self.check("--output-format", "azure", TF_BUILD="True", BUILD_SOURCESDIRECTORY=top)
        self.assertIn(f"sourcepath={self.path_there()};", azure.stdout)
        run = json.loads(self.on_github("--output-format", "sarif").stdout)["runs"][0]
        artifact = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
        self.assertEqual(artifact["uri"], self.path_there())
        self.assertEqual(run["automationDetails"]["id"], f"awry/{self.root.name}/")
        # A folder elsewhere has nothing to do with us.
        other = self.check("--output-format", "gitlab", GITLAB_CI="true", CI_PROJECT_DIR="/elsewhere")
        self.assertEqual(json.loads(other.stdout)[0]["location"]["path"], "a.py")


if __name__ == "__main__":
    unittest.main()

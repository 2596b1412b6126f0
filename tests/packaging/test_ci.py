"""What CI systems are given: the action of GitHub, the component of GitLab, the Dockerfile. Each is held to the schema of its
maker or to the linter of its kind; the shell steps are run here as the systems run them.

The environment names the folder with the wheel (AWRY_PACKAGES), from which pip installs awry here.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "packaging"), str(Path(__file__).parent)]
import tools  # noqa: E402
from commands import call  # noqa: E402

PACKAGES = Path(os.environ["AWRY_PACKAGES"]).resolve()
(VERSION,) = (re.match(r"awry-([^-]+)-", wheel.name).group(1) for wheel in PACKAGES.glob("*.whl"))
ACTION = ROOT / "packaging/github-action"
COMPONENT = ROOT / "packaging/gitlab-component/templates/awry.yml"

FAULTY = "async def save(db):\n    await db.write()\n\n\nasync def main(db):\n    save(db)\n"


def yaml(text):
    """The documents of a YAML text."""
    script = "import json, sys, yaml; print(json.dumps(list(yaml.safe_load_all(sys.stdin))))"
    done = subprocess.run([tools.python(), "-c", script], input=text.encode(), stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


class CiTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name).resolve()
        self.project = self.root / "project"
        (self.project / "src").mkdir(parents=True)
        (self.project / "src/faulty file.py").write_text(FAULTY)
        (self.project / "src/clean.py").write_text("import asyncio\n")
        links = [os.environ.get("PIP_FIND_LINKS", ""), str(PACKAGES)]
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.root),
            "PIP_FIND_LINKS": " ".join(filter(None, links)),
            "PIP_NO_INDEX": "1",
        }

    def accept(self, *command, **more):
        done = call(*command, **more)
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout


class Job:
    """What a runner of GitHub makes of a composite action's shell steps."""

    def __init__(self, test, inputs):
        self.test = test
        (self.action,) = yaml((ACTION / "action.yml").read_text())
        unknown = set(inputs) - set(self.action["inputs"])
        assert not unknown, unknown
        self.inputs = {**{name: given["default"] for name, given in self.action["inputs"].items()}, **inputs}
        self.outputs = {}
        self.files = {name: test.root / name for name in ("GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        self.said = {}
        for path in self.files.values():
            path.write_text("")

    def value(self, text):
        def known(match):
            kind, name = match.group(1), match.group(2)
            return self.inputs[name] if kind == "inputs" else self.outputs[name]

        return re.sub(r"\$\{\{ (inputs|steps\.check\.outputs)\.([\w-]+) \}\}", known, text)

    def run(self, step):
        added = self.files["GITHUB_PATH"].read_text().split()
        self.files["GITHUB_OUTPUT"].write_text("")
        environment = {
            **self.test.environment,
            "PATH": ":".join([*added, self.test.environment["PATH"]]),
            "RUNNER_TEMP": self.test.runner,
            "GITHUB_ACTIONS": "true",
            "GITHUB_WORKSPACE": str(self.test.project),
            "GITHUB_ACTION_PATH": str(ACTION),
            **{name: str(path) for name, path in self.files.items()},
            **{name: self.value(text) for name, text in step.get("env", {}).items()},
        }
        folder = self.test.project / self.value(step.get("working-directory", "."))
        bash = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        done = call(*bash, cwd=folder, env=environment)
        written = self.files["GITHUB_OUTPUT"].read_text().splitlines()
        self.outputs.update(line.split("=", 1) for line in written)
        self.said[step["name"]] = done.stdout
        return done.returncode

    def run_all(self):
        """The status of the job: its steps in order, up to the first that fails. What the first one installs serves all jobs."""
        first, *others = self.action["runs"]["steps"]
        if not self.test.installed:
            if self.run(first) != 0:
                return 1
            type(self.test).installed = self.files["GITHUB_PATH"].read_text()
        self.files["GITHUB_PATH"].write_text(self.test.installed)
        for step in others:
            if "run" in step and self.run(step) != 0:
                return 1
        return 0


class ActionTest(CiTest):
    installed = ""  # what is added to the PATH

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.runner = folder.name

    def test_it_is_what_github_takes_for_an_action(self):
        self.accept(tools.program("check-jsonschema"), "--builtin-schema", "vendor.github-actions", ACTION / "action.yml")
        workflow = ROOT / "packaging/pre-commit-mirror/.github/workflows/update.yml"
        self.accept(tools.program("check-jsonschema"), "--builtin-schema", "vendor.github-workflows", workflow)

    def test_its_scripts_are_sound(self):
        self.accept(tools.program("shellcheck"), *ACTION.glob("*.sh"))
        for script in ACTION.glob("*.sh"):
            self.assertTrue(os.access(script, os.X_OK), script)

    def test_inputs_reach_scripts_as_variables_only(self):
        """An expression within a script would be a way to put code into it."""
        (action,) = yaml((ACTION / "action.yml").read_text())
        for step in action["runs"]["steps"]:
            self.assertNotIn("${{", step.get("run", ""))

    def test_findings_become_annotations_a_summary_and_a_report_and_fail_the_job_at_the_end(self):
        job = Job(self, {})
        self.assertEqual(job.run_all(), 1)
        self.assertIn("Fail if awry did", job.said)
        self.assertEqual(job.outputs["status"], "1")
        said = job.said["Run awry"]
        self.assertIn("src/faulty file.py:6", said)
        self.assertRegex(said, r"(?m)^::(error|warning|notice) .*file=src/faulty file\.py,")
        self.assertIn("unawaited-coroutine", job.files["GITHUB_STEP_SUMMARY"].read_text())
        sarif = json.loads(Path(job.outputs["sarif-file"]).read_text())
        (result,) = sarif["runs"][0]["results"]
        place = result["locations"][0]["physicalLocation"]["artifactLocation"]
        self.assertEqual(place["uri"], "src/faulty%20file.py")

    def test_what_is_clean_passes(self):
        job = Job(self, {"version": VERSION, "paths": "src/clean.py"})
        self.assertEqual(job.run_all(), 0, job.said)
        self.assertEqual(json.loads(Path(job.outputs["sarif-file"]).read_text())["runs"][0]["results"], [])

    def test_inputs_are_words_and_nothing_more(self):
        job = Job(self, {"args": "--select\nAWR3  --exit-zero", "paths": "src/*.py $(touch,src/x) ;"})
        job.run_all()
        self.assertEqual(job.outputs["status"], "2")
        self.assertIn("src/*.py", job.said["Run awry"])
        self.assertEqual(len(list((self.project / "src").iterdir())), 2)

    def test_reports_can_be_left_out(self):
        job = Job(self, {"annotations": "false", "summary": "false", "args": "--exit-zero", "working-directory": "src"})
        self.assertEqual(job.run_all(), 0, job.said)
        self.assertNotRegex(job.said["Run awry"], r"(?m)^::")
        self.assertEqual(job.files["GITHUB_STEP_SUMMARY"].read_text(), "")

    def test_bad_settings_fail_without_a_report(self):
        (self.project / "awry.toml").write_text("select = 3\n")
        job = Job(self, {"version": VERSION})
        self.assertEqual(job.run_all(), 1)
        self.assertEqual(job.outputs["status"], "2")


class ComponentTest(CiTest):
    def filled(self, **inputs):
        """The component's jobs with these inputs, as GitLab fills them in."""
        specification, _ = yaml(COMPONENT.read_text())
        values = {name: given.get("default") for name, given in specification["spec"]["inputs"].items()}
        self.assertLessEqual(set(inputs), set(values))
        values.update(inputs)

        def value(match):
            given = values[match.group(1)]
            return json.dumps(given) if isinstance(given, bool) else given

        text = COMPONENT.read_text().split("\n---\n", 1)[1]
        return re.sub(r"\$\[\[ inputs\.([\w-]+) \]\]", value, text)

    def run_job(self, **inputs):
        ((_, job),) = yaml(self.filled(**inputs))[0].items()
        script = "\n".join(job["before_script"] + job["script"])
        environment = {**self.environment, "GITLAB_CI": "true", "CI_PROJECT_DIR": str(self.project), **job["variables"]}
        return call("sh", "-e", "-c", script, cwd=self.project, env=environment)

    def test_it_is_what_gitlab_takes_for_a_pipeline(self):
        specification, _ = yaml(COMPONENT.read_text())
        check = [tools.program("check-jsonschema"), "--builtin-schema", "vendor.gitlab-ci"]
        for name, text in (("spec.yml", json.dumps(specification)), ("jobs.yml", self.filled(**{"allow-failure": True}))):
            path = self.root / name
            path.write_text(text)
            self.accept(*check, path)

    def test_findings_become_reports_and_fail_the_job(self):
        done = self.run_job(paths="src")
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("src/faulty file.py:6", done.stdout)
        (finding,) = json.loads((self.project / "gl-code-quality-report.json").read_text())
        self.assertEqual(finding["location"]["path"], "src/faulty file.py")
        xml.etree.ElementTree.parse(self.project / "awry-junit.xml")

    def test_a_version_options_and_paths_can_be_given(self):
        done = self.run_job(version=VERSION, args="--select AWR1 --isolated", paths="src/clean.py src")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual(json.loads((self.project / "gl-code-quality-report.json").read_text()), [])


class DockerTest(CiTest):
    def test_the_linter_of_dockerfiles_has_nothing_to_say(self):
        self.accept(tools.program("hadolint"), ROOT / "packaging/docker/Dockerfile")


if __name__ == "__main__":
    unittest.main()

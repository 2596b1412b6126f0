"""The report formats, as validators and readers of them see them: over all examples of rules, a notebook, names that
need escaping, and files that cannot be read. `./dev test` installs the validators."""
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
VALIDATORS = TOP / ".build/validators/node_modules"
MULTITOOL = VALIDATORS / "@microsoft/sarif-multitool-linux/Sarif.Multitool"
PLAIN = {"NO_COLOR": "1", "GITHUB_ACTIONS": "", "GITLAB_CI": "", "TF_BUILD": ""}
ODD = "odd name, 100%;<&\"\x01].py"
ODD_TEXT = """import asyncio


async def main():
    "寿司😀\x0c"; asyncio.create_task(main())
    asyncio.create_task(main())  # awry: ignore dangling-task -- restarted by <us> & "them" \x02
"""
SKIPPED = 77
on_linux = unittest.skipUnless(sys.platform == "linux", "the validator here is the one for Linux")


def run(argv, **more):
    return subprocess.run(argv, capture_output=True, timeout=300, **more)


class FormatsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        folder = cls.folder = pathlib.Path(cls.temporary.name).resolve()
        for example in sorted((TOP / "fixtures").glob("*/bad.py")):
            (folder / example.parent.name).mkdir()
            shutil.copy(example, folder / example.parent.name / "bad.py")
        shutil.copy(TOP / "tests/golden/service.ipynb", folder)
        (folder / ODD).write_text(ODD_TEXT, encoding="utf-8")
        (folder / "lines.py").write_bytes(b"\xef\xbb\xbf" + (ODD_TEXT + ODD_TEXT).encode().replace(b"\n", b"\r\n"))
        (folder / "latin.py").write_bytes(b"x = '\xe4'\n")
        os.symlink("nowhere", os.fsencode(folder) + b"/\xff.py")
        cls.names = [".", "missing.py"]
        cls.formats = "json json-lines sarif gitlab junit checkstyle rdjson github azure pylint concise".split()
        wanted = [part for name in cls.formats for part in ("--output", f"{name}:../{folder.name}-{name}")]
        cls.reports = {}
        done = cls.check(*wanted)
        assert done.returncode == 2, done.stderr
        for name in cls.formats:
            path = folder.parent / f"{folder.name}-{name}"
            cls.reports[name] = path.read_bytes()
            path.unlink()

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    @classmethod
    def check(cls, *arguments, names=None):
        argv = [os.environ["AWRY"], "check", "--isolated", "--select", "ALL", *arguments, *(names or cls.names)]
        return run(argv, cwd=cls.folder, env={**os.environ, **PLAIN})

    def findings(self):
        return json.loads(self.reports["json"])["findings"]

    # --- JSON

    def faults(self, schema, document, *name):
        argv = ["node", HERE / "validate.js", schema, *name]
        done = run(argv, input=document, env={**os.environ, "NODE_PATH": str(VALIDATORS)})
        self.assertEqual(done.stderr, b"")
        return done.stdout.decode() if done.returncode else ""

    def assert_valid(self, schema, name, *definition):
        self.assertEqual(self.faults(schema, self.reports[name], *definition), "")

    def test_json_is_as_its_schema_says(self):
        schema = TOP / "docs/schemas/report.schema.json"
        self.assert_valid(schema, "json")
        self.assertGreater(len(self.findings()), 80)
        self.assertEqual(len(json.loads(self.reports["json"])["problems"]), 3)
        self.assertIn("findings", self.faults(schema, b'{"schema_version": 1, "problems": []}'))

    def test_json_lines_are_as_their_schema_says(self):
        schema = TOP / "docs/schemas/report.schema.json"
        self.assert_valid(schema, "json-lines", "line")
        self.assertNotEqual(self.faults(schema, b'{"schema_version": 1, "kind": "finding", "kode": 1}', "line"), "")
        lines = [json.loads(line) for line in self.reports["json-lines"].splitlines()]
        for line in lines:
            del line["schema_version"]
        findings = [line for line in lines if line.pop("kind") == "finding"]
        self.assertEqual(findings, self.findings())
        self.assertEqual(len(lines) - len(findings), 3)

    def test_gitlab_takes_the_list(self):
        self.assert_valid(HERE / "gitlab.schema.json", "gitlab")
        issues = json.loads(self.reports["gitlab"])
        self.assertEqual(len({issue["fingerprint"] for issue in issues}), len(issues))
        self.assertEqual(len(issues), len(self.findings()) + 3)

    def test_reviewdog_takes_the_list_and_its_columns_are_bytes(self):
        self.assert_valid(HERE / "rdjson.schema.json", "rdjson")
        diagnostics = json.loads(self.reports["rdjson"])["diagnostics"]
        self.assertEqual(len(diagnostics), len(self.findings()) + 3)
        tasks = 0
        for item in diagnostics:
            if item["location"]["path"] != ODD or "range" not in item["location"]:
                continue
            tasks += 1
            place = item["location"]["range"]
            line = ODD_TEXT.encode().split(b"\n")[place["start"]["line"] - 1]
            text = line[place["start"]["column"] - 1 : place["end"]["column"] - 1]
            self.assertEqual(text, b"asyncio.create_task(main())")
        self.assertEqual(tasks, 1)

    # --- SARIF

    def multitool(self, verb, document, *options):
        """What it says, and what it writes. The proxy keeps it from trying every address in the document."""
        nowhere = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
        variables = {**os.environ, **nowhere, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
        with tempfile.TemporaryDirectory() as folder:
            path, out = pathlib.Path(folder, "a.sarif"), pathlib.Path(folder, "out.sarif")
            path.write_bytes(document)
            done = run([MULTITOOL, verb, path, *options, "--output", out], env=variables)
            return done, json.loads(out.read_bytes())

    def sarif_faults(self, document):
        done, _ = self.multitool("validate", document, "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning")
        self.assertIn(b"Analysis completed successfully.", done.stdout)
        return re.findall(rb"(?:error|warning) [A-Z]+[0-9]+: .*", done.stdout)

    @on_linux
    def test_hashes_of_lines_are_those_that_github_computes(self):
        document = json.loads(self.reports["sarif"])
        ours = {}
        for number, result in enumerate(document["runs"][0]["results"]):
            if "primaryLocationLineHash" in result["partialFingerprints"]:
                ours[number] = result["partialFingerprints"].pop("primaryLocationLineHash")
        _, hashed = self.multitool(
            "rewrite", json.dumps(document).encode(), "--insert", "RollingHashPartialFingerprints"
        )
        results = hashed["runs"][0]["results"]
        theirs = {number: results[number]["partialFingerprints"]["primaryLocationLineHash"] for number in ours}
        self.assertEqual(ours, theirs)
        self.assertGreater(len(ours), 80)

    @on_linux
    def test_sarif_is_valid_also_to_github(self):
        self.assertEqual(self.sarif_faults(self.reports["sarif"]), [])
        document = json.loads(self.reports["sarif"])
        document["runs"][0]["results"][0]["ruleIndex"] = 9999
        # It says nothing, either, of what it cannot read at all.
        self.assertIn(b"SARIF1009", b"".join(self.sarif_faults(json.dumps(document).encode())))
        document["runs"][0]["results"][0]["levle"] = "error"
        self.assertIn(b"JSON1005", b"".join(self.sarif_faults(json.dumps(document).encode())))

    @on_linux
    def test_sarif_is_valid_with_a_baseline(self):
        """Which says of each result whether it is new, and has those that are gone."""
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder).resolve()
            more = {"cwd": root, "env": {**os.environ, **PLAIN}}
            (root / "pyproject.toml").write_text("")
            (root / "a.py").write_text(ODD_TEXT)
            (root / "b.py").write_text(ODD_TEXT)
            self.assertEqual(run([os.environ["AWRY"], "baseline", "create"], **more).returncode, 0)
            (root / "a.py").write_text(ODD_TEXT + "    await main()\n    main()\n")
            (root / "b.py").unlink()
            options = ["--output-format", "sarif", "--baseline", "awry-baseline.txt"]
            done = run([os.environ["AWRY"], "check", *options], **more)
        self.assertEqual(self.sarif_faults(done.stdout), [])
        results = json.loads(done.stdout)["runs"][0]["results"]
        states = collections.Counter(result.get("baselineState", "suppressed") for result in results)
        self.assertEqual(states, {"new": 1, "unchanged": 1, "suppressed": 1, "absent": 1})

    def run_of_sarif(self):
        return json.loads(self.reports["sarif"])["runs"][0]

    def test_sarif_has_what_was_suppressed_and_why(self):
        results = self.run_of_sarif()["results"]
        suppressed = [result for result in results if result["suppressions"]]
        self.assertEqual(len(results) - len(suppressed), len(self.findings()))
        odd = [result for result in suppressed if result["locations"][0]["physicalLocation"]["region"]["startLine"] == 6]
        reason = 'restarted by <us> & "them" \x02'
        suppression = {"kind": "inSource", "status": "accepted", "justification": reason}
        self.assertIn([suppression], [result["suppressions"] for result in odd])

    def test_sarif_says_which_files_failed(self):
        (invocation,) = self.run_of_sarif()["invocations"]
        self.assertFalse(invocation["executionSuccessful"])
        self.assertEqual(len(invocation["toolExecutionNotifications"]), 3)

    def test_sarif_columns_are_utf_16(self):
        run_ = self.run_of_sarif()
        self.assertEqual(run_["columnKind"], "utf16CodeUnits")
        texts = set()
        for result in run_["results"]:
            place = result["locations"][0]["physicalLocation"]
            if not place["artifactLocation"]["uri"].startswith("odd") or place["region"]["startLine"] != 5:
                continue
            line = ODD_TEXT.split("\n")[4].encode("utf-16-le")
            region = place["region"]
            texts.add(line[2 * region["startColumn"] - 2 : 2 * region["endColumn"] - 2].decode("utf-16-le"))
        self.assertEqual(texts, {"asyncio.create_task(main())"})

    def test_sarif_fixes_are_those_of_fix(self):
        """Each fix alone, made by its regions, is what JSON's edits make."""
        results = [result for result in self.run_of_sarif()["results"] if not result["suppressions"]]
        found = {(f["path"], f["code"], f["start"]["line"], f["message"]): f for f in self.findings()}
        made = 0
        for result in results:
            if "fixes" not in result:
                continue
            place = result["locations"][0]["physicalLocation"]
            uri, message = place["artifactLocation"]["uri"], result["message"]["text"].split(".\nHelp: ")[0].rstrip(".")
            finding = found.get((uri, result["ruleId"], place["region"]["startLine"], message))
            if finding is None:
                continue
            (change,) = result["fixes"][0]["artifactChanges"]
            texts = [replacement["insertedContent"]["text"] for replacement in change["replacements"]]
            self.assertEqual(texts, [edit["text"] for edit in finding["fix"]["edits"]])
            lines = [replacement["deletedRegion"]["startLine"] for replacement in change["replacements"]]
            self.assertEqual(lines, [edit["start"]["line"] for edit in finding["fix"]["edits"]])
            made += 1
        self.assertGreater(made, 20)

    def test_sarif_rules_are_the_rules(self):
        run_ = self.run_of_sarif()
        rules = run_["tool"]["driver"]["rules"]
        for result in run_["results"]:
            self.assertEqual(rules[result["ruleIndex"]]["id"], result["ruleId"])
        self.assertEqual([rule["id"] for rule in rules], sorted(rule["id"] for rule in rules))
        for rule in rules:
            self.assertTrue(rule["help"]["markdown"].startswith("# "))

    # --- XML

    def xml_faults(self, schema, document):
        done = run(["xmllint", "--noout", "--nonet", "--schema", HERE / schema, "-"], input=document)
        return done.stderr.decode(errors="replace") if done.returncode else ""

    def test_junit_is_valid(self):
        self.assertEqual(self.xml_faults("junit.xsd", self.reports["junit"]), "")
        self.assertIn("testsuite", self.xml_faults("junit.xsd", b"<testsuites/>"))
        suites = xml.etree.ElementTree.fromstring(self.reports["junit"])
        self.assertEqual(sum(int(suite.get("failures")) for suite in suites), len(self.findings()))
        self.assertEqual(len(suites.findall(".//failure")), len(self.findings()))
        self.assertEqual(len(suites.findall(".//error")), 3)

    def test_junit_has_a_test_that_passes_when_nothing_is_found(self):
        (self.folder / "clean").mkdir()
        (self.folder / "clean/a.py").write_text("x = 1\n")
        done = self.check("--output-format", "junit", names=["clean"])
        self.assertEqual(self.xml_faults("junit.xsd", done.stdout), "")
        self.assertEqual(len(xml.etree.ElementTree.fromstring(done.stdout).findall(".//testcase")), 1)

    def test_checkstyle_is_valid_and_control_characters_are_replaced(self):
        self.assertEqual(self.xml_faults("checkstyle.xsd", self.reports["checkstyle"]), "")
        self.assertIn("file", self.xml_faults("checkstyle.xsd", b'<checkstyle version="1"><file/></checkstyle>'))
        root = xml.etree.ElementTree.fromstring(self.reports["checkstyle"])
        self.assertEqual(len(root.findall(".//error")), len(self.findings()) + 3)
        self.assertIn(ODD.replace("\x01", "\ufffd"), [file.get("name") for file in root])
        self.assertIn("\ufffd.py", [file.get("name") for file in root])

    # --- lines

    def test_github_reads_back_what_was_meant(self):
        lines = self.reports["github"].decode(errors="replace").splitlines()
        command = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")
        paths, messages = [], []
        for line in lines:
            kind, properties, message = command.fullmatch(line).groups()
            fields = dict(part.split("=", 1) for part in properties.split(","))
            for escape, character in (("%3A", ":"), ("%2C", ","), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
                fields = {name: value.replace(escape, character) for name, value in fields.items()}
                message = message.replace(escape, character)
            if fields["title"] == "awry":
                continue
            paths.append(fields["file"])
            messages.append(message.split("\nhelp: ")[0])
            self.assertEqual("col" in fields, fields["line"] == fields["endLine"] and "ipynb" not in fields["file"])
        cell = lambda finding: f"cell {finding['cell']}: " if finding["cell"] else ""
        expected = [cell(finding) + finding["message"] for finding in self.findings()]
        self.assertEqual(sorted(messages), sorted(expected))
        self.assertEqual(sorted(paths), sorted(finding["path"] for finding in self.findings()))

    def test_azure_reads_back_what_was_meant(self):
        paths = []
        for line in self.reports["azure"].decode(errors="replace").splitlines():
            properties, message = re.fullmatch(r"##vso\[task\.logissue ([^]]*)\](.*)", line).groups()
            fields = dict(part.split("=", 1) for part in properties.rstrip(";").split(";"))
            self.assertIn(fields["type"], ("error", "warning"))
            for escape, character in (("%3B", ";"), ("%5D", "]"), ("%AZP25", "%")):
                fields["sourcepath"] = fields["sourcepath"].replace(escape, character)
            if "code" in fields:
                paths.append(fields["sourcepath"])
        self.assertEqual(sorted(paths), sorted(finding["path"] for finding in self.findings()))

    def test_pylint_lines_are_read_by_readers_of_pylint(self):
        parseable = re.compile(r"(.*):(\d+): \[(\D\d*)\((.*)\), .*?\] (.*)")
        names = []
        for line in self.reports["pylint"].decode(errors="replace").splitlines():
            names.append(parseable.fullmatch(line).group(4))
        self.assertEqual(sorted(names), sorted(finding["name"] for finding in self.findings()))


if __name__ == "__main__":
    if not VALIDATORS.is_dir() or not shutil.which("xmllint"):
        print("the validators are not installed: `./dev test` does that")
        sys.exit(SKIPPED)
    unittest.main()

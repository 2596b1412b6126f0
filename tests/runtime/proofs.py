"""The fixes of all rules, proved on the rules' own fixtures by `awry verify`.

    proofs.py AWRY [RULE…]      prints docs/proofs.md

Each fixture bad.py has a scenario() in which its fault shows, good.py one in which nothing does. A rule whose page has the
heading "Proof" cannot be run, or not without packages.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from interpreters import INTERPRETERS, version_of  # noqa: E402
from packages import NEW, OLD, environment  # noqa: E402

TOP = Path(__file__).resolve().parents[2]
SAY_AGAINST = {"not-fixed", "behaviour-changed", "regression"}
OLDEST_MINOR = 8


def minor_of(version):
    return int(version.split(".")[1])


class Rule:
    """A rule with examples."""

    def __init__(self, name):
        self.name = name
        self.folder = TOP / "fixtures" / name
        text = next(TOP.glob(f"rules/*/{name.replace('-', '_')}.c")).read_text()
        bad = (self.folder / "bad.py").read_text()
        header = re.match(r"# fixture:.*\bpython=3\.(\d+)", bad)
        self.code = re.search(r'\.code = "(\w+)"', text).group(1)
        self.needs_packages = "\nimport aiohttp\n" in "\n" + bad
        self.cannot_be_run = "\n## Proof\n" in text and not self.needs_packages
        most = re.search(r"\.max_minor = (\d+)", text)
        self.max_minor = int(most.group(1)) if most else None
        # What the fixture is written for; a rule of old versions is at home in older ones, too.
        self.min_minor = OLDEST_MINOR if self.max_minor or not header else int(header.group(1))

    def applies(self, version):
        return self.min_minor <= minor_of(version) <= (self.max_minor or minor_of(version))

    def python(self, python, version):
        """The interpreter, or one like it that has the packages."""
        return environment(python, OLD.get(version, NEW)) if self.needs_packages else python

    def target(self, version):
        return f"3.{minor_of(version)}"


def rules_with(file, chosen=()):
    """Those whose fixtures have a file of that name."""
    names = sorted(path.parent.name for path in TOP.glob(f"fixtures/*/{file}"))
    rules = [Rule(name) for name in names if not chosen or name in chosen]
    return sorted(rules, key=lambda rule: rule.code)


def rules_with_fixes(chosen=()):
    return rules_with("bad.fixed.py", chosen)


def run_awry(awry, *arguments):
    return subprocess.run(
        [awry, *map(str, arguments)],
        cwd=TOP,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
        timeout=280,
    )


def verdicts(awry, rule, python, version):
    """What `awry verify` says of each fix of bad.py. Where there are no user namespaces it works on a copy of the project,
    which the whole repository would be too large for."""
    options = ["--isolated", "--target-version", rule.target(version), "--rule", rule.name, "--output-format", "json"]
    with tempfile.TemporaryDirectory() as place:
        project = shutil.copytree(rule.folder, Path(place, rule.name))
        run = run_awry(awry, "verify", *options, "--python", rule.python(python, version), Path(project, "bad.py"))
    try:
        return json.loads(run.stdout)["verdicts"]
    except (ValueError, KeyError):
        raise AssertionError(f"awry verify on {rule.name} with Python {version}: {run.stdout}{run.stderr}") from None


def worst(found):
    """One word for all fixes of a file: that of the first that is not proved."""
    words = [verdict["verdict"] for verdict in found]
    against = [word for word in words if word in SAY_AGAINST]
    if against:
        return against[0]
    return "fixed" if "fixed" in words else (words or ["no fix"])[0]


def row(awry, rule, interpreters):
    cells = []
    for version, python in interpreters:
        applies = rule.applies(version) and not rule.cannot_be_run
        cells.append(worst(verdicts(awry, rule, python, version)) if applies else "–")
    return f"| {rule.code} | [{rule.name}](rules/{rule.name}.md) | {' | '.join(cells)} |"


HEAD = """# Proofs of the fixes

What `awry verify` says of the fixes of each rule, made to the rule's own example (`fixtures/`), on each Python that was there:
the program is run before and after, and what was wrong before must show, and be gone. A dash: the rule is not about that
version, or its page says why nothing can be run. `./dev proofs` writes this page.
"""


def main(awry, *chosen):
    interpreters = [(version_of(python), python) for python in INTERPRETERS]
    print(HEAD)
    print(f"| code | rule | {' | '.join(version for version, _ in interpreters)} |")
    print(f"|---|---|{'---|' * len(interpreters)}")
    with ThreadPoolExecutor(2) as pool:
        for line in pool.map(lambda rule: row(awry, rule, interpreters), rules_with_fixes(chosen)):
            print(line, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Rules, their records, documentation and fixtures agree.

    rules.py TOP CHECK

Prints each breach and exits with 1 if there is one.
"""

import ast
import re
import sys
from pathlib import Path

# What no fixture can show: the run itself reports it.
WITHOUT_FIXTURES = {"unreadable-file"}

# In this order; the others may be missing.
HEADINGS = ["What happens at run time", "Use instead", "When not to worry", "Fix", "Proof", "Measured", "Source"]
OPTIONAL_HEADINGS = {"Fix", "Proof"}

# They report on the run or on comments: there is nothing to be right or wrong about.
NOT_MEASURED = {"unused-suppression", "suppression-without-reason", "unreadable-file", "syntax-error"}

STRING_FIELDS = ["code", "name", "summary", "since"]


class Rule:
    """A rule file, read off its text."""

    def __init__(self, top, path):
        self.path = path.relative_to(top).as_posix()
        self.stem = path.stem
        text = path.read_text(encoding="utf-8")
        comment = re.match(r"/\*\n(.*?)\n\*/\n", text, re.DOTALL)
        self.documentation = comment.group(1) if comment else ""
        record = re.search(r"^const Rule rule_(\w+) = \{\n(.*?)^\};", text, re.DOTALL | re.MULTILINE)
        self.symbol = record.group(1) if record else ""
        self.record = record.group(2) if record else ""
        for field in STRING_FIELDS:
            setattr(self, field, self.string(field))
        fix = re.search(r"\.fix = (FIX_\w+)", self.record)
        self.has_fix = bool(fix) and fix.group(1) != "FIX_NONE"

    def string(self, field):
        match = re.search(rf'\.{field} =\s*((?:"(?:\\.|[^"\\])*"\s*)+)', self.record)
        if not match:
            return ""
        return "".join(re.findall(r'"((?:\\.|[^"\\])*)"', match.group(1)))


def rules_of(top):
    return [Rule(top, path) for path in sorted((top / "rules").glob("*/*.c"))]


def check_names(top):
    """Codes and names are well-formed, alone in the world, and those of the file."""
    seen = {}
    for rule in rules_of(top):
        if not re.fullmatch(r"AWR\d{3}", rule.code):
            yield f'{rule.path}: the code "{rule.code}" is not AWR and three digits'
        if not re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name):
            yield f'{rule.path}: the name "{rule.name}" is not words joined by dashes'
        if rule.name.replace("-", "_") != rule.stem or rule.symbol != rule.stem:
            yield f'{rule.path}: file, name "{rule.name}" and record rule_{rule.symbol} differ'
        for key in (rule.code, rule.name):
            if key in seen:
                yield f"{rule.path}: {key} is taken by {seen[key]}"
            seen.setdefault(key, rule.path)


def check_records(top):
    """Each record says what a list of rules shows."""
    for rule in rules_of(top):
        if not rule.summary or rule.summary.endswith("."):
            yield f"{rule.path}: the summary is missing or ends with a full stop"
        if len(rule.summary) > 100:
            yield f"{rule.path}: the summary is longer than 100 characters"
        if not re.fullmatch(r"\d+\.\d+(\.\d+)?", rule.since):
            yield f"{rule.path}: no version in .since"
        if ".is_default = true" in rule.record and not re.fullmatch(r"\d+\.\d+(\.0)?", rule.since):
            yield f"{rule.path}: a patch ({rule.since}) brings no rule that is on by default (docs/versioning.md)"
        if ".severity" not in rule.record:
            yield f"{rule.path}: no .severity"
        if re.search(r"\bON_(NODE|FUNCTION|MODULE)\(", rule.record) and ".words" not in rule.record:
            yield f"{rule.path}: no .words, so that every file is parsed for it"


def headings_of(documentation):
    fenced = False
    for line in documentation.splitlines():
        if line.startswith("```"):
            fenced = not fenced
        elif not fenced and re.match(r"#+ ", line):
            yield line


def check_documentation(top):
    """The comment that opens a rule has its headings, and its Python is Python."""
    for rule in rules_of(top):
        headings = list(headings_of(rule.documentation))
        if not headings or not headings[0].startswith("# ") or not rule.documentation.startswith("# "):
            yield f"{rule.path}: the documentation does not begin with a title"
        sections = [heading[3:] for heading in headings[1:]]
        optional = OPTIONAL_HEADINGS | ({"Measured"} if rule.name in NOT_MEASURED else set())
        wanted = [h for h in HEADINGS if h in sections or h not in optional]
        if sections != wanted:
            yield f"{rule.path}: the headings are {sections}, not {wanted}"
        if ("Fix" in sections) != rule.has_fix:
            yield f"{rule.path}: the heading Fix and the record's .fix disagree"
        for block in re.findall(r"^```python\n(.*?)^```", rule.documentation, re.DOTALL | re.MULTILINE):
            try:
                ast.parse(block)
            except SyntaxError as error:
                yield f"{rule.path}: a Python block does not parse: {error}"


def check_measurements(top):
    """Each rule says on how many findings it was measured, and what it misses; the pages of all agree."""
    page = (top / "docs" / "measured.md").read_text(encoding="utf-8")
    proofs = (top / "docs" / "proofs.md").read_text(encoding="utf-8")
    for rule in rules_of(top):
        if f"| {rule.code} | [{rule.name}](rules/{rule.name}.md) |" not in page:
            yield f"docs/measured.md: no row for {rule.code} {rule.name}"
        if (f"| {rule.code} | [{rule.name}](rules/{rule.name}.md) |" in proofs) != rule.has_fix:
            yield f"docs/proofs.md and the record's .fix disagree about {rule.code} {rule.name}: run ./dev proofs"
        if rule.name in NOT_MEASURED:
            continue
        section = re.search(r"^## Measured\n\n(.*?)\n\n(.*?)\n\n## ", rule.documentation, re.DOTALL | re.MULTILINE)
        counted, known = section.groups() if section else ("", "")
        if not re.match(r"No finding in \d+|(Of|The) \d+ finding", counted):
            yield f"{rule.path}: Measured does not begin with the number of findings"
        if not known.startswith("Known to miss: "):
            yield f'{rule.path}: Measured does not go on with "Known to miss: "'


def check_scenarios(folder, rule):
    """What a rule calls bad and good can be run, or the rule says why that cannot be done."""
    if "\n## Proof\n" in rule.documentation:
        return
    for file in ("bad.py", "good.py"):
        path = folder / file
        if path.is_file() and "\nasync def scenario():\n" not in path.read_text(encoding="utf-8"):
            yield f'fixtures/{folder.name}/{file} has no scenario(), and the rule no heading "Proof"'


def check_fixtures(top):
    """Every rule shows what it finds and what it leaves alone."""
    rules = {rule.name: rule for rule in rules_of(top)}
    for folder in sorted((top / "fixtures").iterdir()):
        if folder.is_dir() and folder.name not in rules:
            yield f"fixtures/{folder.name}: no rule has that name"
    for name, rule in rules.items():
        if name in WITHOUT_FIXTURES:
            continue
        folder = top / "fixtures" / name
        for wanted in ("bad.py", "good.py", "bad.out"):
            if not (folder / wanted).is_file():
                yield f"fixtures/{name}/{wanted} is missing"
        if (folder / "bad.fixed.py").is_file() != rule.has_fix:
            yield f"fixtures/{name}/bad.fixed.py and the record's .fix disagree"
        yield from check_scenarios(folder, rule)


CHECKS = {
    "names": check_names,
    "records": check_records,
    "documentation": check_documentation,
    "measurements": check_measurements,
    "fixtures": check_fixtures,
}


def main(top, check):
    breaches = list(CHECKS[check](Path(top)))
    for breach in breaches:
        print(breach)
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

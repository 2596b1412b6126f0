"""Fixes on code of every shape: each fix that awry offers is made alone, and all are made together.

    fuzz_fixes.py AWRY [--every N | --seconds N] [--seed N] [--keep FOLDER] PATH…

Every Python file below the paths is brought into shapes that authors write: other line endings, tabs, one-line suites,
statements joined by semicolons, parentheses, continued lines, comments everywhere; with --seconds into random mixtures
of them and with random damage, for that long; with --every only every n-th text is tried.

What compiles before must compile after, with each fix alone and with all. No comment is lost; line endings, the byte
order mark and the encoding line stay. A fix leaves nothing behind that awry would fix in the same place again, and
fixing twice changes nothing. Prints what fails and exits with 1.
"""
import argparse
import collections
import itertools
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time
import tokenize
import warnings

from shapes import LAST, SHAPES, damaged, shaped, tokens_of

VERSIONS = ["py38", "py311", "py314"]
BATCH = 1500


# --- Python as its own compiler sees it -------------------------------------------------------------------------------


def compiles(text):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text.encode("utf-8", "surrogatepass"), "x.py", "exec", dont_inherit=True)
        return True
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def comments_of(text):
    return collections.Counter(
        token.string.strip() for token in tokens_of(text) if token.type == tokenize.COMMENT
    )


def endings_of(text):
    return set(re.findall(r"\r\n|\r|\n", text))


# --- awry -------------------------------------------------------------------------------------------------------------


class Awry:
    def __init__(self, program, version):
        self.command = [program, "check", "--isolated", "--select", "ALL", "--target-version", version]

    def run(self, folder, *options):
        command = [*self.command, *options, "--output-format", "json", "."]
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=300)
        if done.returncode not in (0, 1, 2):
            raise RuntimeError(f"awry ended with {done.returncode}: {done.stderr[-500:]}")
        return json.loads(done.stdout), done.stderr.decode().splitlines()

    def findings(self, folder):
        """What is found, by file; and what goes wrong besides."""
        document, _ = self.run(folder)
        found = collections.defaultdict(list)
        for finding in document["findings"]:
            found[finding["path"].removeprefix("./")].append(finding)
        return found, document["problems"]

    def fix(self, folder):
        """Makes all fixes; returns what goes wrong."""
        document, said = self.run(folder, "--fix", "--unsafe-fixes")
        unwritten = [{"path": line.split(":")[0], "message": line} for line in said if "is not fixed" in line]
        return document["problems"] + unwritten


def apply_edits(text, edits):
    """The text with the edits of one fix: places as awry gives them."""
    place = places_in(text)
    spans = [(place(edit["start"]), place(edit["end"]), i, edit["text"]) for i, edit in enumerate(edits)]
    for start, end, _, added in sorted(spans, reverse=True):
        text = text[:start] + added + text[end:]
    return text


def places_in(text):
    """The offset of a position of awry's."""
    starts = [0] + [match.end() for match in re.finditer(r"\r\n|\r|\n", text)]
    starts[0] = 1 if text.startswith("\ufeff") else 0
    return lambda position: starts[position["line"] - 1] + position["column"] - 1


def image_of(position, place, edits):
    """Where what stood at the position stands after the edits: the first and the last offset that it can have."""
    start, shift = place(position), 0
    for edit in sorted(edits, key=lambda edit: place(edit["start"])):
        first, last = place(edit["start"]), place(edit["end"])
        if first > start:
            break
        if start < last:
            return first + shift, first + shift + len(edit["text"])
        shift += len(edit["text"]) - (last - first)
    return start + shift, start + shift


def of_rule(rule, findings):
    return [finding for finding in findings if finding["name"] == rule]


def is_still_found(before, after, finding, again):
    first, last = image_of(finding["start"], places_in(before), finding["fix"]["edits"])
    place = places_in(after)
    return any(first <= place(other["start"]) <= last for other in of_rule(finding["name"], again))


class Trial:
    """Texts as files in one folder, and what is wrong with what the fixes make of them."""

    def __init__(self, awry, folder, keep):
        self.awry, self.folder, self.keep = awry, folder, keep
        self.failures = collections.Counter()

    def write(self, name, text):
        (self.folder / name).write_bytes(text.encode("utf-8", "surrogatepass"))

    def read(self, name):
        return (self.folder / name).read_bytes().decode("utf-8", "surrogatepass")

    def clear(self):
        for path in self.folder.iterdir():
            path.unlink()

    def fail(self, what, rules, label, before, after):
        rule = ",".join(sorted(rules))
        self.failures[what, rule] += 1
        if self.failures[what, rule] > 3:
            return
        print(f"FAILED {what} [{rule}] {label}", flush=True)
        if self.keep:
            name = re.sub(r"\W+", "_", f"{what}-{rule}-{label}")[:150]
            (self.keep / f"{name}.before.py").write_bytes(before.encode("utf-8", "surrogatepass"))
            (self.keep / f"{name}.after.py").write_bytes(after.encode("utf-8", "surrogatepass"))

    def compare(self, before, after, rules, label, is_sound):
        if is_sound and not compiles(after):
            self.fail("does not compile", rules, label, before, after)
            return
        if endings_of(before) and not endings_of(after) <= endings_of(before):
            self.fail("line endings", rules, label, before, after)
        if before.startswith("\ufeff") != after.startswith("\ufeff"):
            self.fail("byte order mark", rules, label, before, after)
        if not is_sound:
            return
        lost = comments_of(before) - comments_of(after)
        if "unused-suppression" not in rules and lost:
            self.fail("comment lost", rules, label, before, after)
        first_line = re.split("[\\r\\n]", before)[0]
        if "coding:" in first_line and not after.startswith(first_line):
            self.fail("encoding line", rules, label, before, after)

    def alone(self, texts, found):
        """Each fix by itself."""
        made = {}
        for name, (label, text) in texts.items():
            for i, finding in enumerate(found[name]):
                if finding["fix"] is None:
                    continue
                after = apply_edits(text, finding["fix"]["edits"])
                self.compare(text, after, {finding["name"]}, f"{label} alone", compiles(text))
                made[f"{name[:-3]}_{i}.py"] = (name, finding, after)
        self.clear()
        for name, (_, _, after) in made.items():
            self.write(name, after)
        again, _ = self.awry.findings(self.folder)
        for name, (origin, finding, after) in made.items():
            label, text = texts[origin]
            if not compiles(text):
                continue
            rule = finding["name"]
            if is_still_found(text, after, finding, again[name]):
                self.fail("still found", {rule}, f"{label} alone", text, after)
            had_error = any(item["code"] == "AWR003" for item in found[origin])
            if not had_error and any(item["code"] == "AWR003" for item in again[name]):
                self.fail("no longer parsed", {rule}, f"{label} alone", text, after)
        return len(made)

    def together(self, texts, found):
        self.clear()
        for name, (_, text) in texts.items():
            self.write(name, text)
        problems = self.awry.fix(self.folder)
        once = {name: self.read(name) for name in texts}
        for problem in problems:
            name = pathlib.PurePath(problem["path"]).name
            label, text = texts.get(name, ("?", ""))
            # To refuse is right where an author has to mend something first.
            if problem["message"].endswith("mend its syntax error first") and not compiles(text):
                continue
            rules = {item["name"] for item in found[name] if item["fix"]}
            self.fail("problem: " + problem["message"][-60:], rules, label, text, once.get(name, ""))
        for name, (label, text) in texts.items():
            if once[name] != text:
                rules = {item["name"] for item in found[name] if item["fix"]}
                self.compare(text, once[name], rules, f"{label} together", compiles(text))
        left, _ = self.awry.findings(self.folder)
        self.awry.fix(self.folder)
        for name, (label, text) in texts.items():
            rules = {item["name"] for item in left[name] if item["fix"]}
            if rules and once[name] != text:
                self.fail("fixes left", rules, label, text, once[name])
            if self.read(name) != once[name]:
                self.fail("fixing twice", rules, label, once[name], self.read(name))

    def run(self, texts):
        """texts: (label, text) pairs. Returns how many fixes were made alone."""
        self.clear()
        named = {f"t{i}.py": item for i, item in enumerate(texts)}
        for name, (_, text) in named.items():
            self.write(name, text)
        found, _ = self.awry.findings(self.folder)
        named = {name: item for name, item in named.items() if any(finding["fix"] for finding in found[name])}
        if not named:
            return 0
        count = self.alone(named, found)
        self.together(named, found)
        return count


# --- the whole --------------------------------------------------------------------------------------------------------


def python_files(paths):
    for path in map(pathlib.Path, paths):
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path]


def read_sources(paths):
    for path in python_files(paths):
        try:
            text = path.read_bytes().decode()
        except (UnicodeDecodeError, OSError):
            continue
        if "async" in text and len(text) < 60000 and "\r" not in text:
            yield str(path), re.sub(r"(?m) *# expect:.*$", "", text)


def fixable(program, sources, version, folder):
    """Those of the sources in which something can be fixed for that version."""
    trial = Trial(Awry(program, version), folder, None)
    for start in range(0, len(sources), BATCH):
        part = sources[start : start + BATCH]
        trial.clear()
        for i, (_, text) in enumerate(part):
            trial.write(f"t{i}.py", text)
        found, _ = trial.awry.findings(folder)
        for i, (path, text) in enumerate(part):
            if any(finding["fix"] for finding in found[f"t{i}.py"]):
                yield path, text


def in_all_shapes(sources):
    for path, text in sources:
        if not compiles(text):
            continue
        for name in SHAPES:
            changed = shaped(text, [name])
            if changed is not None and (changed != text or name == "as_it_is") and compiles(changed):
                yield f"{pathlib.Path(path).parent.name}/{pathlib.Path(path).name} {name}", changed


def at_random(sources, chance):
    while True:
        path, text = chance.choice(sources)
        names = sorted(chance.sample(list(SHAPES), chance.choice([1, 2, 2, 3])), key=LAST.__contains__)
        changed = shaped(text, names)
        if changed is None:
            continue
        if chance.random() < 0.4:
            for _ in range(chance.choice([1, 1, 2, 3])):
                changed = damaged(changed, chance)
            names.append("damaged")
        elif not compiles(changed):
            continue
        yield f"{pathlib.Path(path).parent.name}/{pathlib.Path(path).name} {'+'.join(names)}", changed


def batches(items, size):
    batch = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("awry")
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("paths", nargs="+")
    chosen = parser.parse_args()
    if chosen.keep:
        chosen.keep.mkdir(exist_ok=True)
    sources = list(read_sources(chosen.paths))
    failures, fixes, texts = collections.Counter(), 0, 0
    chance = random.Random(chosen.seed)
    deadline = time.monotonic() + (chosen.seconds or 0)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        by_version = {version: list(fixable(chosen.awry, sources, version, folder)) for version in VERSIONS}
        for version in VERSIONS:
            trial = Trial(Awry(chosen.awry, version), folder, chosen.keep)
            own = by_version[version]
            if chosen.seconds:
                end = time.monotonic() + chosen.seconds / len(VERSIONS)
                stream, size = at_random(own, chance), 400
            else:
                end, size = None, BATCH
                stream = itertools.islice(in_all_shapes(own), chosen.seed % chosen.every, None, chosen.every)
            for batch in batches(stream, size):
                fixes += trial.run(batch)
                texts += len(batch)
                if end and time.monotonic() > end:
                    break
            failures += trial.failures
    for (what, rule), count in failures.most_common():
        print(f"{count:6} {what} [{rule}]")
    print(f"{texts} texts, {fixes} fixes, {sum(failures.values())} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

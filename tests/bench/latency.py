#!/usr/bin/env python3
"""From a key to the findings: a session of edits in a long file of a project, with awry's server and with ruff's.

    latency.py [--edits N] [--lines N] [--modules N] [--seed N] [--ruff PROGRAM] [--project FOLDER]

Each edit goes to both servers, one after the other; measured is the time from sending the change and the request for
diagnostics until the answer is there. In the end what awry's server says must be what `awry check` says of the text.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lsp"))
os.environ.setdefault("AWRY", str(pathlib.Path(__file__).resolve().parents[2] / "build" / "awry"))

import client  # noqa: E402
import session  # noqa: E402

PULLS = {"textDocument": {"diagnostic": {"dynamicRegistration": False}}}


class Patient:
    """A server that is given edits, and how long each took."""

    def __init__(self, name, command, folder, path, text):
        self.name = name
        self.uri = client.uri_of(path)
        self.server = client.Server(command=command, folder=folder)
        self.server.start(PULLS, folder)
        self.server.open(self.uri, text)
        self.diagnostics = self.server.pull(self.uri)["items"]
        self.version = 1
        self.seconds = []
        self.processor_seconds = []

    def processor(self):
        """Seconds that all its threads have run so far, also those that have ended: what is left of a time where others
        want the processors, too. Linux makes the number of a process' clock of that of the process."""
        return time.clock_gettime(~self.server.process.pid << 3 | 2)

    def edit(self, change):
        self.version += 1
        used = self.processor()
        begun = time.perf_counter()
        self.server.change(self.uri, self.version, change)
        answer = self.server.pull(self.uri)
        self.seconds.append(time.perf_counter() - begun)
        self.processor_seconds.append(self.processor() - used)
        self.diagnostics = answer["items"]

    def report(self):
        print(f"{self.name:6} {percentiles(self.seconds)}   of processors {percentiles(self.processor_seconds)}")


def percentiles(seconds):
    times = sorted(1000 * second for second in seconds)
    middle, most = times[len(times) // 2], times[min(len(times) - 1, len(times) * 99 // 100)]
    return f"p50 {middle:6.1f} ms  p99 {most:6.1f} ms  max {times[-1]:6.1f} ms"


def checked(folder, path):
    """What a fresh run says: (code, line, column) of each finding."""
    command = [client.AWRY, "check", "--output-format", "json", str(path.relative_to(folder))]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    findings = json.loads(run.stdout)["findings"]
    return sorted((f["code"], f["start"]["line"], f["start"]["column"]) for f in findings)


def served(diagnostics):
    """The same of what the server said; all of the text is ASCII."""
    starts = ((d["code"], d["range"]["start"]) for d in diagnostics)
    return sorted((code, start["line"] + 1, start["character"] + 1) for code, start in starts)


def prepare(folder, options):
    """Writes or copies the project; returns the path of the file that is edited, and its text."""
    if options.project:
        shutil.copytree(options.project, folder, dirs_exist_ok=True, symlinks=True)
    else:
        for name, text in session.project_texts(options.modules, 400, options.seed).items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text)
    path = folder / options.file
    path.parent.mkdir(exist_ok=True)
    text = session.module_text("edited", options.lines, options.seed)
    path.write_text(text)
    return path, text


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--edits", type=int, default=1500)
    parser.add_argument("--lines", type=int, default=5000)
    parser.add_argument("--modules", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ruff")
    parser.add_argument("--project", help="a real project around the file, instead of one of ours")
    parser.add_argument("--file", default="services/edited.py", help="where in the project the edited file lies")
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="awry-bench-")).resolve()
    try:
        path, text = prepare(folder, options)
        editor = session.Editor(text, options.seed)
        changes = list(session.lsp_changes(text, editor.session(options.edits)))
        patients = [Patient("awry", [client.AWRY, "server"], folder, path, text)]
        if options.ruff:
            patients.append(Patient("ruff", [options.ruff, "server"], folder, path, text))
        for change in changes:
            for patient in patients:
                patient.edit(change)
        print(f"{len(changes)} edits of a file of {text.count(chr(10))} lines")
        for patient in patients:
            patient.report()
        path.write_text(editor.text)
        expected, found = checked(folder, path), served(patients[0].diagnostics)
        for patient in patients:
            patient.server.kill()
        if expected != found:
            print(f"the server and a fresh run differ: {set(expected) ^ set(found)}")
            return 1
        print(f"the server's {len(found)} findings are those of a fresh run")
        return 0
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())

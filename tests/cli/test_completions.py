"""`awry completions` in the shells themselves, and the manual page in the programs that show it."""
import os
import pathlib
import pty
import select
import shutil
import subprocess
import tempfile
import time
import unittest

AWRY = os.environ["AWRY"]
LIMIT = 60  # seconds, for a machine with much else to do


def run_awry(*arguments):
    return subprocess.run([AWRY, *arguments], capture_output=True, text=True, timeout=LIMIT)


class Terminal:
    """An interactive shell that somebody types at."""

    def __init__(self, arguments, folder):
        environment = {"PATH": os.environ["PATH"], "TERM": "dumb", "HOME": str(folder), "INPUTRC": "/dev/null"}
        process, self.descriptor = pty.fork()
        if process == 0:
            os.chdir(folder)
            os.execvpe(arguments[0], arguments, environment)
        self.process = process
        self.seen = ""

    def type(self, keys):
        self.seen = ""
        os.write(self.descriptor, keys.encode())

    def wait_for(self, text):
        end = time.monotonic() + LIMIT
        while text not in self.seen:
            if time.monotonic() > end or not select.select([self.descriptor], [], [], LIMIT)[0]:
                raise AssertionError(f"{text!r} never came; there is {self.seen!r}")
            self.seen += os.read(self.descriptor, 4096).decode(errors="replace")

    def close(self):
        os.close(self.descriptor)
        os.kill(self.process, 9)
        os.waitpid(self.process, 0)


class CompletionsTest(unittest.TestCase):
    def setUp(self):
        self._folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self._folder.name)
        (self.root / "feed").mkdir()
        (self.root / "feed" / "worker.py").write_text("")

    def tearDown(self):
        self._folder.cleanup()

    def script(self, shell):
        printed = run_awry("completions", shell)
        self.assertEqual((printed.returncode, printed.stderr), (0, ""))
        path = self.root / f"awry.{shell}"
        path.write_text(printed.stdout)
        return path

    def offered_by_bash(self, *words):
        """What bash offers behind these words, the last of which is being typed."""
        program = (
            f"source {self.script('bash')}\n"
            'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _awry; printf "%s\\n" "${COMPREPLY[@]}"'
        )
        shown = subprocess.run(
            ["bash", "--norc", "-c", program, "bash", *words],
            cwd=self.root, capture_output=True, text=True, timeout=LIMIT, check=True,
        )
        self.assertEqual(shown.stderr, "")
        return [line for line in shown.stdout.splitlines() if line]

    def offered_by_fish(self, line):
        script = self.script("fish")
        shown = subprocess.run(
            ["fish", "--no-config", "-c", f"source {script}; complete -C {line!r}"],
            cwd=self.root, capture_output=True, text=True, timeout=LIMIT, check=True,
            env={**os.environ, "HOME": str(self.root)},
        )
        self.assertEqual(shown.stderr, "")
        return [row.split("\t")[0] for row in shown.stdout.splitlines()]

    def test_bash_offers_commands(self):
        self.assertEqual(self.offered_by_bash("awry", "che"), ["check"])
        self.assertIn("server", self.offered_by_bash("awry", ""))

    def test_bash_offers_the_options_of_the_command(self):
        self.assertEqual(self.offered_by_bash("awry", "check", "--unsafe"), ["--unsafe-fixes"])
        self.assertNotIn("--unsafe-fixes", self.offered_by_bash("awry", "run", "--"))

    def test_bash_offers_rules_by_name_and_by_code(self):
        self.assertEqual(self.offered_by_bash("awry", "rule", "dangl"), ["dangling-task"])
        self.assertEqual(self.offered_by_bash("awry", "check", "--select", "AWR302"), ["AWR302"])

    def test_bash_goes_on_with_a_list(self):
        offered = self.offered_by_bash("awry", "check", "--ignore", "AWR302,dangl")
        self.assertEqual(offered, ["AWR302,dangling-task"])

    def test_bash_offers_values_behind_an_equals_sign(self):
        self.assertEqual(self.offered_by_bash("awry", "check", "--color", "=", "al"), ["always"])
        self.assertEqual(self.offered_by_bash("awry", "check", "--color", "="), ["auto", "always", "never"])

    def test_bash_offers_formats_and_versions(self):
        self.assertIn("json", self.offered_by_bash("awry", "check", "--output-format", "j"))
        self.assertEqual(self.offered_by_bash("awry", "verify", "--target-version", "py313"), ["py313"])

    def test_bash_offers_files(self):
        self.assertEqual(self.offered_by_bash("awry", "check", "feed/w"), ["feed/worker.py"])
        self.assertEqual(self.offered_by_bash("awry", "check", "--venv", "fe"), ["feed"])

    def test_every_option_of_every_command_is_offered_by_bash(self):
        for command in self.offered_by_bash("awry", ""):
            if command.startswith("-"):
                continue
            offered = self.offered_by_bash("awry", command, "--")
            shown = run_awry(command, "--help").stdout.splitlines()
            named = {line.split()[0] for line in shown if line.startswith("  --")}
            self.assertEqual(set(offered), named, command)

    def complete_by_key(self, arguments, shell, prepare):
        terminal = Terminal(arguments, self.root)
        try:
            terminal.type(f"{prepare}; source {self.script(shell)}; echo read''y\n")
            terminal.wait_for("ready")
            terminal.type("awry chec\t")
            terminal.wait_for("check ")
            terminal.type("--unsaf\t")
            terminal.wait_for("--unsafe-fixes ")
            terminal.type("--select AWR302,danglin\t")
            terminal.wait_for("AWR302,dangling-task")
        finally:
            terminal.close()

    def test_bash_completes_at_a_terminal(self):
        self.complete_by_key(["bash", "--norc", "-i"], "bash", "PS1='$ '")

    @unittest.skipUnless(shutil.which("zsh"), "there is no zsh")
    def test_zsh_completes_at_a_terminal(self):
        prepare = "PS1='$ '; autoload -U compinit; compinit -D -u"
        self.complete_by_key(["zsh", "-f", "-i"], "zsh", prepare)

    @unittest.skipUnless(shutil.which("fish"), "there is no fish")
    def test_fish_offers_all_that_bash_does(self):
        self.assertEqual(self.offered_by_fish("awry che"), ["check"])
        self.assertIn("--unsafe-fixes", self.offered_by_fish("awry check --uns"))
        self.assertEqual(self.offered_by_fish("awry run --unsafe"), [])
        self.assertEqual(self.offered_by_fish("awry rule dangling-ta"), ["dangling-task"])
        self.assertEqual(self.offered_by_fish("awry check --ignore AWR302,dangling-ta"), ["AWR302,dangling-task"])
        self.assertEqual(self.offered_by_fish("awry check --color al"), ["always"])
        self.assertIn("feed/worker.py", self.offered_by_fish("awry check feed/w"))

    def test_an_unknown_shell_is_refused(self):
        refused = run_awry("completions", "fisch")
        self.assertEqual((refused.returncode, refused.stdout), (2, ""))
        self.assertIn('no script for "fisch"; did you mean fish?', refused.stderr)
        self.assertEqual(run_awry("completions").returncode, 2)

    def test_powershell_gets_the_same_options(self):
        script = self.script("powershell").read_text()
        self.assertIn("Register-ArgumentCompleter -Native -CommandName awry", script)
        for opening, closing in ("{}", "()"):
            self.assertEqual(script.count(opening), script.count(closing))
        for option in ("--unsafe-fixes", "--target-version", "--plans"):
            self.assertIn(f"'{option}' = @{{", script)


class ManualTest(unittest.TestCase):
    def setUp(self):
        printed = run_awry("man")
        self.assertEqual((printed.returncode, printed.stderr), (0, ""))
        self.page = printed.stdout

    def shown_by(self, *arguments):
        return subprocess.run(arguments, input=self.page, capture_output=True, text=True, timeout=LIMIT)

    @unittest.skipUnless(shutil.which("mandoc"), "there is no mandoc")
    def test_mandoc_has_nothing_to_say_about_it(self):
        said = self.shown_by("mandoc", "-Tlint").stdout.splitlines()
        self.assertEqual([line for line in said if "missing date" not in line], [])

    @unittest.skipUnless(shutil.which("groff"), "there is no groff")
    def test_groff_has_nothing_to_say_about_it(self):
        shown = self.shown_by("groff", "-man", "-Tutf8", "-ww", "-rLL=78n")
        self.assertEqual((shown.returncode, shown.stderr), (0, ""))

    @unittest.skipUnless(shutil.which("mandoc"), "there is no mandoc")
    def test_every_command_and_option_is_in_it(self):
        shown = self.shown_by("mandoc", "-Tascii", "-O", "width=200").stdout
        shown = "".join(c for i, c in enumerate(shown) if shown[i + 1:i + 2] != "\b" and c != "\b")
        for line in run_awry("--help").stdout.split("Commands:\n")[1].split("\n\n")[0].splitlines():
            command = line.split()[0]
            self.assertIn(f"awry {command}", shown)
            for option in run_awry(command, "--help").stdout.splitlines():
                if option.startswith("  --") and "--help" not in option:
                    self.assertIn(option.split()[0], shown)
        self.assertIn("per-file-ignores", shown)


if __name__ == "__main__":
    unittest.main()

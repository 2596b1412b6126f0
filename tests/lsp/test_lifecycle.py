"""How `awry server` begins and ends."""
import os
import subprocess
import sys
import time
import unittest

from client import AWRY, PATIENCE, framed
from lsp_case import HELPER, PULLS, SAVE, USER, LspTest


class Lifecycle(LspTest):
    def test_it_leaves_with_0_after_shutdown_and_says_nothing_on_standard_error(self):
        server = self.started()
        self.assertEqual((server.exit(), server.errors()), (0, ""))

    def test_it_leaves_with_1_without_shutdown(self):
        server = self.started()
        server.notify("exit")
        self.assertEqual(server.ended(), 1)

    def test_it_leaves_with_1_when_the_input_ends(self):
        for prepare in (lambda server: None, lambda server: server.start()):
            server = self.server()
            prepare(server)
            server.process.stdin.close()
            self.assertEqual(server.process.wait(timeout=PATIENCE), 1)

    def test_what_came_before_the_input_ended_is_answered(self):
        message = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}
        done = subprocess.run([AWRY, "server"], input=framed(message), capture_output=True, timeout=PATIENCE)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b'"positionEncoding"' if b"positionEncoding" in done.stdout else b'"capabilities"', done.stdout)

    def test_stdio_is_accepted_and_any_other_argument_is_not(self):
        server = self.server("--stdio")
        server.start()
        self.assertEqual(server.exit(), 0)
        for wrong in ("--pipe=x", "file.py"):
            done = subprocess.run([AWRY, "server", wrong], capture_output=True, timeout=PATIENCE)
            self.assertEqual((done.returncode, done.stdout), (2, b""))
            self.assertIn(wrong.split("=")[0].encode(), done.stderr)

    def test_a_request_before_initialize_is_refused_and_a_notification_dropped(self):
        server = self.server()
        server.open(self.uri("a.py"), SAVE)
        self.assert_error(server.request("textDocument/diagnostic", {}), -32002)
        server.start()
        self.assertEqual(server.pull(self.uri("a.py"))["items"], [])
        self.assert_serves(server)

    def test_a_second_initialize_is_refused(self):
        server = self.started()
        self.assert_error(server.request("initialize", {"capabilities": {}}), -32600)
        self.assert_serves(server)

    def test_requests_after_shutdown_are_refused(self):
        server = self.started()
        server.result("shutdown")
        self.assert_error(server.request("textDocument/diagnostic", {}), -32600)
        self.assert_error(server.request("initialize", {"capabilities": {}}), -32600)
        server.notify("exit")
        self.assertEqual(server.ended(), 0)

    def test_it_ends_when_its_client_is_gone(self):
        # The client is a program that starts the server with pipes that stay open, and dies.
        script = (
            "import os, subprocess, sys\n"
            "body = sys.argv[2].replace('PID', str(os.getpid())).encode()\n"
            "server = subprocess.Popen([sys.argv[1], 'server'], stdin=0, stdout=subprocess.PIPE)\n"
            "print(server.pid, len(body), flush=True)\n"
            "server.stdout.readline()\n"
        )
        body = '{"id":1,"method":"initialize","params":{"processId":PID,"capabilities":{}}}'
        reading, writing = os.pipe()
        client = subprocess.Popen(
            [sys.executable, "-c", script, AWRY, body], stdin=reading, stdout=subprocess.PIPE, text=True
        )
        os.close(reading)
        server, length = map(int, client.stdout.readline().split())
        handle = os.pidfd_open(server)
        self.addCleanup(os.close, handle)
        os.write(writing, b"Content-Length: %d\r\n\r\n" % length + body.replace("PID", str(client.pid)).encode())
        self.assertEqual(client.wait(timeout=PATIENCE), 0)
        import select

        self.assertEqual(select.select([handle], [], [], PATIENCE)[0], [handle])
        os.close(writing)
        client.stdout.close()


class Caches(LspTest):
    """What a start finds out is there for the next one, and for `awry check`."""

    def setUp(self):
        super().setUp()
        self.write("pyproject.toml", "")
        self.write("helper.py", HELPER)
        self.user = self.write("user.py", USER)

    def codes(self, *arguments):
        server = self.server(*arguments)
        server.start(PULLS, folder=self.root)
        codes = [item["code"] for item in server.pull(self.user)["items"]]
        self.assertEqual(server.exit(), 0)
        return codes

    def caches(self):
        return {path.name: path.read_bytes() for path in self.root.glob(".awry_cache/*.cache")}

    def test_a_start_keeps_what_it_found_out_and_the_next_one_has_nothing_to_add(self):
        self.assertEqual(self.codes(), ["AWR301"])
        [(name, kept)] = self.caches().items()
        self.assertEqual(self.codes(), ["AWR301"])
        self.assertEqual(self.caches(), {name: kept})
        self.write("helper.py", "def save(db):\n    db.write()\n")
        self.assertEqual(self.codes(), [])
        self.assertGreater(len(self.caches()[name]), len(kept))

    def test_a_run_of_awry_check_has_nothing_to_add_to_the_facts_but_findings(self):
        report = subprocess.run([AWRY, "check", "--output", "concise"], cwd=self.root, capture_output=True, text=True)
        self.assertIn("AWR301", report.stdout)
        kept = self.caches()
        self.assertEqual(self.codes(), ["AWR301"])
        self.assertEqual(self.caches(), kept)

    def test_none_is_used_if_nobody_wants_it(self):
        self.assertEqual(self.codes("--no-cache"), ["AWR301"])
        self.assertEqual(self.caches(), {})

    def test_a_server_that_is_killed_leaves_a_whole_cache_or_none(self):
        for number in range(300):
            self.write(f"more/file_{number}.py", f"async def f_{number}():\n    await g()\n")
        for number in range(8):
            server = self.server()
            server.start(PULLS, folder=self.root)
            server.ask("textDocument/diagnostic", {"textDocument": {"uri": self.user}})
            time.sleep(number / 200)  # wherever it is then
            server.kill()
            self.assertEqual(self.codes(), ["AWR301"])
            for path in self.root.glob(".awry_cache/*.cache"):
                path.unlink()


if __name__ == "__main__":
    unittest.main()

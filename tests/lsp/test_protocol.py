"""`awry server` as editors speak to it: what is well-formed, what is not, and what it says when."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from client import AWRY, PATIENCE, Server, framed, uri_of

# One finding: in line 5, from column 4 to 12, all from 0.
SAVE = """async def save(db):
    await db.write()


async def main(db):
    save(db)  # later
"""
FIXED = SAVE.replace("    save(db)", "    await save(db)")

PULLS = {"textDocument": {"diagnostic": {}}}


def span(start_line, start, end_line, end):
    return {"start": {"line": start_line, "character": start}, "end": {"line": end_line, "character": end}}


INSERT_AWAIT = {"range": span(5, 4, 5, 4), "text": "await "}


class LspTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name).resolve()

    def write(self, name, content=SAVE):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        return uri_of(path)

    def uri(self, name):
        return uri_of(self.root / name)

    def server(self, *arguments):
        server = Server(*arguments, folder=self.root)
        self.addCleanup(server.kill)
        return server

    def started(self, capabilities=None, **more):
        server = self.server()
        server.start(capabilities, folder=self.root, **more)
        return server

    def assert_error(self, answer, code, *words):
        self.assertEqual(answer.get("error", {}).get("code"), code, answer)
        for word in words:
            self.assertIn(word, answer["error"]["message"])

    def assert_serves(self, server):
        """It still finds what there is to find."""
        uri = self.uri("serves.py")
        server.open(uri, SAVE)
        self.assertEqual([item["code"] for item in server.pull(uri)["items"]], ["AWR301"])
        server.close_document(uri)


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


class Encodings(LspTest):
    def encoding_for(self, *offered):
        server = self.server()
        capabilities = {"general": {"positionEncodings": list(offered)}} if offered else {}
        result = server.start(capabilities)
        self.assertEqual(server.exit(), 0)
        return result["capabilities"].get("positionEncoding")

    def test_the_first_one_of_the_clients_list_that_is_known_is_taken(self):
        self.assertEqual(self.encoding_for("utf-16"), "utf-16")
        self.assertEqual(self.encoding_for("utf-8", "utf-16"), "utf-8")
        self.assertEqual(self.encoding_for("utf-32", "utf-8", "utf-16"), "utf-32")
        self.assertEqual(self.encoding_for("utf-7", "utf-16", "utf-8"), "utf-16")

    def test_what_was_not_offered_is_not_answered(self):
        self.assertIsNone(self.encoding_for())
        self.assertIsNone(self.encoding_for("utf-7"))

    def test_places_count_in_the_units_of_the_encoding(self):
        # é is 2 bytes and 1 unit, 😀 is 4 bytes, 2 units of UTF-16, 1 character.
        text = SAVE.replace("    save(db)", '    "é😀"; save(db)')
        for encoding, start in (("utf-8", 14), ("utf-16", 11), ("utf-32", 10)):
            server = self.started({"general": {"positionEncodings": [encoding]}})
            uri = self.uri("a.py")
            server.open(uri, text)
            (found,) = server.published(uri, 1)
            self.assertEqual(found["range"], span(5, start, 5, start + 8), encoding)
            server.change(uri, 2, {"range": span(5, start, 5, start), "text": "await "})
            self.assertEqual(server.published(uri, 2), [])
            server.change(uri, 3, {"range": span(5, start, 5, start + 6), "text": ""})
            self.assertEqual(server.published(uri, 3), [found])

    def test_a_byte_order_mark_counts_where_the_client_has_it_in_its_text(self):
        server = self.started()
        uri = self.uri("a.py")
        server.open(uri, "\ufeffimport os\n" + SAVE)
        server.published(uri, 1)
        server.change(uri, 2, {"range": span(0, 1, 1, 0), "text": ""}, INSERT_AWAIT)
        self.assertEqual(server.published(uri, 2), [])

    def test_lines_end_where_python_and_the_protocol_say_so(self):
        for ending in ("\r\n", "\r", "\n"):
            server = self.started()
            uri = self.uri("a.py")
            server.open(uri, SAVE.replace("\n", ending))
            self.assertEqual(server.published(uri, 1)[0]["range"], span(5, 4, 5, 12))
            server.change(uri, 2, INSERT_AWAIT)
            self.assertEqual(server.published(uri, 2), [])


class Framing(LspTest):
    def test_string_ids_and_a_missing_jsonrpc_are_served(self):
        server = self.started()
        server.send({"id": "one", "method": "textDocument/diagnostic", "params": {"textDocument": {"uri": "x:y"}}})
        self.assertEqual(server.wait_answer("one")["result"]["items"], [])

    def test_members_may_come_in_any_order(self):
        server = self.started()
        server.send_bytes(framed(b'{"params":{"textDocument":{"uri":"x:y"}},"method":"textDocument/diagnostic","id":7}'))
        self.assertEqual(server.wait_answer(7)["result"]["items"], [])

    def test_a_body_that_is_no_json_is_told_and_it_goes_on(self):
        server = self.started()
        for body in (b"{", b"", b"\xff", b'{"id":1,"method":"a\xc3"}', b"[" * 100000, b'{"id": 1e999}', b"{} {}", b"nul"):
            server.send_bytes(framed(body))
            answer = server.wait_answer(None)
            self.assert_error(answer, -32700)
        self.assert_serves(server)

    def test_junk_is_passed_over_and_told_once(self):
        server = self.started()
        server.send_bytes(b"junk\r\nmore junk\n" + b"x" * 5000 + b"\r\n\r\n")
        request = {"jsonrpc": "2.0", "id": 7, "method": "textDocument/diagnostic", "params": {}}
        server.send(request)
        self.assert_error(server.wait_answer(7), -32602)
        told = [message for message in server.seen if message.get("id", ...) is None]
        self.assertEqual([message["error"]["code"] for message in told], [-32700])
        self.assert_serves(server)

    def test_a_header_behind_junk_in_its_line_counts(self):
        server = self.started()
        request = {"jsonrpc": "2.0", "id": 7, "method": "textDocument/diagnostic", "params": {}}
        for junk in (b'"}}', b"x" * 10000, b"Content-Length: 5Content-Length: "):
            server.send_bytes(junk + framed(request))
            self.assert_error(server.wait_answer(7), -32602)

    def test_a_length_that_is_none_is_junk(self):
        server = self.started()
        for length in (b"-1", b"x", b"", b"99999999999999999999", b"0x10", b"1000000000"):
            server.send_bytes(b"Content-Length: " + length + b"\r\n\r\n")
            self.assert_serves(server)

    def test_headers_are_read_as_others_write_them(self):
        server = self.started()
        body = b'{"id":7,"method":"x"}'
        for header in (
            b"content-length: %d\r\n\r\n",
            b"CONTENT-LENGTH:%d\n\n",
            b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length:   %d \r\n\r\n",
            b"\r\n\r\nContent-Length: %d\r\nX-Other: y\r\n\r\n",
        ):
            server.send_bytes(header % len(body) + body)
            self.assert_error(server.wait_answer(7), -32601)
        self.assertFalse([message for message in server.seen if message.get("id", ...) is None])

    def test_messages_may_come_in_pieces_and_together(self):
        server = self.started()
        one = framed({"id": 7, "method": "x"})
        for i in range(len(one)):
            server.send_bytes(one[i : i + 1])
        self.assert_error(server.wait_answer(7), -32601)
        server.send_bytes(one * 50)
        for _ in range(50):
            self.assert_error(server.wait_answer(7), -32601)

    def test_a_batch_is_refused_as_a_whole(self):
        server = self.started()
        server.send([{"jsonrpc": "2.0", "id": 7, "method": "shutdown"}] * 3)
        self.assert_error(server.wait_answer(None), -32600)
        self.assert_serves(server)

    def test_what_is_no_message_is_refused(self):
        server = self.started()
        for message in (5, "x", None, {}, {"id": 1}, {"method": 5}, {"id": None, "method": "x"}, {"id": {}, "method": "x"}):
            server.send(message)
            wanted = message.get("id") if isinstance(message, dict) and message.get("id") == 1 else None
            self.assert_error(server.wait_answer(wanted), -32600)
        self.assert_serves(server)

    def test_half_a_surrogate_pair_in_a_text_is_one_character(self):
        server = self.started()
        uri = self.uri("a.py")
        server.open(uri, SAVE.replace("    save(db)", '    "\ud83d"; save(db)'))
        self.assertEqual(server.published(uri, 1)[0]["range"], span(5, 9, 5, 17))


class Dispatch(LspTest):
    def test_unknown_requests_are_refused(self):
        server = self.started()
        for method in ("x/y", "$/x", "textDocument/didOpen", "textDocument/formatting", "\0", "💥" * 1000):
            self.assert_error(server.request(method, {}), -32601)
        self.assert_serves(server)

    def test_unknown_notifications_are_logged_and_optional_ones_are_not(self):
        server = self.started()
        server.notify("$/setTrace", {"value": "off"})
        server.notify("x/y")
        message = server.wait_method("window/logMessage")
        self.assertIn("x/y", message["params"]["message"])
        self.assertEqual(message["params"]["type"], 4)
        self.assert_serves(server)

    def test_wrong_parameters_are_told_with_their_path(self):
        server = self.started()
        wrong = [
            (None, "textDocument"),
            ({}, "textDocument: is missing"),
            ({"textDocument": 5}, "textDocument: must be an object"),
            ({"textDocument": {}}, "textDocument.uri: is missing"),
            ({"textDocument": {"uri": 5}}, "textDocument.uri: must be a string"),
            ({"textDocument": {"uri": "x:y"}, "previousResultId": 5}, "previousResultId: must be a string"),
            ([], "params: must be an object"),
            (5, "params: must be an object"),
        ]
        for params, text in wrong:
            self.assert_error(server.request("textDocument/diagnostic", params), -32602, text)
        answer = server.request("workspace/diagnostic", {"previousResultIds": [{"uri": "x", "value": "y"}, {"uri": 5}]})
        self.assert_error(answer, -32602, "previousResultIds[1].uri: must be a string")
        self.assert_serves(server)

    def test_a_notification_with_wrong_parameters_is_logged_and_nothing_pops_up(self):
        server = self.started()
        server.notify("textDocument/didOpen", {"textDocument": {"uri": self.uri("a.py"), "version": 1}})
        message = server.wait_method("window/logMessage")
        self.assertIn("textDocument.text: is missing", message["params"]["message"])
        self.assert_serves(server)
        self.assertNotIn("window/showMessage", [message.get("method") for message in server.seen])

    def test_answers_to_questions_that_were_not_asked_are_ignored(self):
        server = self.started()
        for number in (1, 99, "x", None, 1.5):
            server.send({"jsonrpc": "2.0", "id": number, "result": {"x": 1}})
            server.send({"jsonrpc": "2.0", "id": number, "error": 5})
        self.assert_serves(server)

    def test_formatting_is_not_announced(self):
        server = self.server()
        capabilities = server.start()["capabilities"]
        self.assertFalse([name for name in capabilities if "ormatting" in name])
        self.assertEqual(capabilities["textDocumentSync"], {"openClose": True, "change": 2, "save": {"includeText": False}})


class Cancellation(LspTest):
    def test_a_request_that_waits_is_answered_at_once_and_only_once(self):
        for i in range(300):
            self.write(f"m{i}.py")
        server = self.started(PULLS)
        number = server.ask("workspace/diagnostic", {"previousResultIds": []})
        server.notify("$/cancelRequest", {"id": number})
        self.assert_error(server.wait_answer(number), -32800)
        self.assert_serves(server)
        self.assertEqual(server.exit(), 0)
        self.assertEqual(len([message for message in server.seen if message.get("id") == number]), 1)

    def test_cancelling_what_is_done_or_unknown_does_nothing(self):
        server = self.started()
        number = server.ask("textDocument/diagnostic", {"textDocument": {"uri": "x:y"}})
        server.wait_answer(number)
        for wrong in (number, 99, "x", None, {}, [1]):
            server.notify("$/cancelRequest", {"id": wrong})
        server.notify("$/cancelRequest", 5)
        server.notify("$/cancelRequest")
        self.assert_serves(server)

    def test_an_id_can_be_used_again(self):
        server = self.started()
        for _ in range(3):
            server.send({"id": 7, "method": "textDocument/diagnostic", "params": {"textDocument": {"uri": "x:y"}}})
            self.assertIn("result", server.wait_answer(7))


class Synchronization(LspTest):
    def test_edits_one_after_the_other_are_one_document(self):
        server = self.started()
        uri = self.uri("a.py")
        server.open(uri, "", version=0)
        self.assertEqual(server.published(uri, 0), [])
        # Typed character by character; versions may jump.
        line, column = 0, 0
        for number, character in enumerate(SAVE):
            server.change(uri, 5 + number * 2, {"range": span(line, column, line, column), "text": character})
            line, column = (line + 1, 0) if character == "\n" else (line, column + 1)
        self.assertEqual(server.published(uri, 5 + (len(SAVE) - 1) * 2)[0]["range"], span(5, 4, 5, 12))

    def test_several_changes_of_one_message_apply_in_their_order(self):
        server = self.started()
        uri = self.uri("a.py")
        server.open(uri, "x\n")
        server.change(uri, 2, {"text": SAVE}, {"range": span(0, 0, 0, 0), "text": "# top\n"})
        self.assertEqual(server.published(uri, 2)[0]["range"], span(6, 4, 6, 12))

    def test_a_position_behind_the_end_of_its_line_is_that_end(self):
        server = self.started()
        uri = self.uri("a.py")
        server.open(uri, SAVE)
        server.change(uri, 2, {"range": span(5, 4, 5, 2147483647), "text": "await save(db)"})
        self.assertEqual(server.published(uri, 2), [])
        server.change(uri, 3, {"range": span(0, 0, 6, 0), "text": SAVE})
        self.assertEqual(len(server.published(uri, 3)), 1)

    def test_an_edit_that_cannot_apply_leaves_the_document_until_it_is_opened_anew(self):
        outside = {"range": span(99, 0, 99, 1), "text": "x"}
        backwards = {"range": span(5, 4, 0, 0), "text": "x"}
        wrong = {"range": {"start": {"line": -1, "character": 0}, "end": {"line": 0}}, "text": "x"}
        textless = {"range": span(0, 0, 0, 0)}
        for change in (outside, backwards, wrong, textless, 5):
            server = self.started()
            uri = self.uri("a.py")
            server.open(uri, SAVE)
            self.assertEqual(len(server.published(uri, 1)), 1)
            server.change(uri, 2, change)
            self.assertEqual(server.published(uri), [])  # nothing wrong is shown
            server.change(uri, 3, INSERT_AWAIT)
            params = {"textDocument": {"uri": uri}}
            self.assert_error(server.request("textDocument/diagnostic", params), -32801)
            server.open(uri, SAVE, version=4)
            self.assertEqual(len(server.published(uri, 4)), 1)

    def test_a_document_is_known_however_its_uri_is_written(self):
        server = self.started()
        uri = self.uri("a b.py")
        server.open(uri, SAVE)
        server.published(uri, 1)
        server.change(uri.replace("%20", " ").replace("a%20b", "%61%20b"), 2, INSERT_AWAIT)
        self.assertEqual(server.published(uri, 2), [])

    def test_a_text_that_is_not_on_disk_is_linted_and_so_is_one_without_a_file_uri(self):
        server = self.started()
        for uri in ("untitled:Untitled-1", self.uri("new/folder/a.py")):
            server.open(uri, SAVE)
            self.assertEqual(len(server.published(uri, 1)), 1)

    def test_a_change_of_a_document_that_is_not_open_is_logged(self):
        server = self.started()
        server.change(self.uri("a.py"), 2, INSERT_AWAIT)
        self.assertIn("not open", server.wait_method("window/logMessage")["params"]["message"])
        server.close_document(self.uri("a.py"))
        self.assertIn("not open", server.wait_method("window/logMessage")["params"]["message"])
        self.assert_serves(server)

    def test_a_nul_in_a_text_does_not_end_it(self):
        server = self.started()
        uri = self.uri("a.py")
        server.open(uri, SAVE + "\0")
        server.published(uri, 1)
        server.change(uri, 2, {"range": span(6, 0, 6, 1), "text": ""})
        self.assertEqual(len(server.published(uri, 2)), 1)

    def test_a_syntax_error_is_left_to_others(self):
        server = self.started()
        uri = self.uri("a.py")
        server.open(uri, SAVE + "def (:\n")
        self.assertNotIn("invalid", json.dumps(server.published(uri, 1)))
        self.assertNotIn("AWR001", [item["code"] for item in server.pull(uri)["items"]])


# What one file tells of another: whether `save` must be awaited.
HELPER = "async def save(db):\n    await db.write()\n"
USER = "from helper import save\n\n\nasync def main(db):\n    save(db)\n"


class Push(LspTest):
    def test_diagnostics_follow_the_document(self):
        server = self.started()
        uri = self.uri("a.py")
        server.open(uri, SAVE)
        (found,) = server.published(uri, 1)
        self.assertEqual((found["code"], found["source"], found["severity"]), ("AWR301", "awry", 1))
        self.assertIn("never awaited", found["message"])
        server.change(uri, 2, INSERT_AWAIT)
        self.assertEqual(server.published(uri, 2), [])
        server.change(uri, 3, {"text": SAVE})
        self.assertEqual(server.published(uri, 3), [found])
        server.close_document(uri)
        self.assertEqual(server.published(uri), [])

    def test_a_client_that_pulls_is_not_pushed(self):
        server = self.started(PULLS)
        uri = self.uri("a.py")
        server.open(uri, SAVE)
        self.assertEqual(len(server.pull(uri)["items"]), 1)
        server.change(uri, 2, INSERT_AWAIT)
        server.close_document(uri)
        server.result("shutdown")
        self.assertNotIn("textDocument/publishDiagnostics", [message.get("method") for message in server.seen])

    def test_edits_that_wait_are_linted_once(self):
        server = self.started()
        uri = self.uri("a.py")
        server.open(uri, SAVE)
        server.published(uri, 1)
        # They arrive in one piece: all but a few are there before the first one is looked at.
        edits = b"".join(
            framed(
                {
                    "method": "textDocument/didChange",
                    "params": {
                        "textDocument": {"uri": uri, "version": 2 + i},
                        "contentChanges": [{"range": span(0, 0, 0, 0), "text": "#\n"}],
                    },
                }
            )
            for i in range(200)
        )
        server.send_bytes(edits)
        self.assertEqual(server.published(uri, 201)[0]["range"], span(205, 4, 205, 12))
        published = [message for message in server.seen if message.get("method") == "textDocument/publishDiagnostics"]
        self.assertLess(len(published), 100)

    def test_open_documents_are_told_what_the_edit_of_another_one_means_for_them(self):
        helper, user = self.write("helper.py", HELPER), self.write("user.py", USER)
        server = self.started()
        server.open(user, USER)
        self.assertEqual(len(server.published(user, 1)), 1)
        server.open(helper, HELPER)
        server.published(helper, 1)
        server.change(helper, 2, {"text": "def save(db):\n    db.write()\n"})
        self.assertEqual(server.published(user), [])
        # Unsaved as it was, it is forgotten.
        server.close_document(helper)
        self.assertEqual(len(server.published(user)), 1)


class Pull(LspTest):
    def test_a_document_that_did_not_change_is_told_so(self):
        server = self.started(PULLS)
        uri = self.uri("a.py")
        server.open(uri, SAVE)
        first = server.pull(uri)
        self.assertEqual((first["kind"], len(first["items"])), ("full", 1))
        self.assertEqual(server.pull(uri, first["resultId"]), {"kind": "unchanged", "resultId": first["resultId"]})
        server.change(uri, 2, INSERT_AWAIT)
        second = server.pull(uri, first["resultId"])
        self.assertEqual((second["kind"], second["items"]), ("full", []))
        self.assertNotEqual(second["resultId"], first["resultId"])

    def test_a_file_that_is_not_open_is_linted_as_it_is_on_disk(self):
        uri = self.write("a.py")
        server = self.started(PULLS)
        self.assertEqual(len(server.pull(uri)["items"]), 1)
        self.assertEqual(server.pull(self.uri("missing.py"))["items"], [])

    def test_unsaved_documents_count_in_other_files(self):
        helper, user = self.write("helper.py", HELPER), self.write("user.py", USER)
        server = self.started(PULLS)
        first = server.pull(user)
        self.assertEqual(len(first["items"]), 1)
        server.open(helper, "def save(db):\n    db.write()\n")
        second = server.pull(user, first["resultId"])
        self.assertEqual((second["kind"], second["items"]), ("full", []))

    def test_what_is_announced_for_it(self):
        server = self.server()
        provider = server.start(PULLS)["capabilities"]["diagnosticProvider"]
        self.assertEqual(provider["identifier"], "awry")
        self.assertTrue(provider["interFileDependencies"] and provider["workspaceDiagnostics"])


class WorkspacePull(LspTest):
    def sweep(self, server, previous=(), **tokens):
        ids = [{"uri": uri, "value": value} for uri, value in previous]
        return server.result("workspace/diagnostic", {"previousResultIds": ids, **tokens})["items"]

    def test_all_files_with_findings_are_reported_and_then_unchanged(self):
        dirty = {self.write(f"pack/m{i}.py") for i in range(5)}
        self.write("clean.py", FIXED)
        server = self.started(PULLS)
        reports = self.sweep(server)
        self.assertEqual({report["uri"] for report in reports}, dirty)
        self.assertEqual({(report["kind"], len(report["items"]), report["version"]) for report in reports}, {("full", 1, None)})
        previous = [(report["uri"], report["resultId"]) for report in reports]
        again = self.sweep(server, previous)
        self.assertEqual({(report["uri"], report["kind"]) for report in again}, {(uri, "unchanged") for uri in dirty})

    def test_open_documents_count_and_carry_their_version(self):
        uri = self.write("a.py")
        server = self.started(PULLS)
        server.open(uri, SAVE + SAVE, version=7)
        (report,) = self.sweep(server)
        self.assertEqual((report["version"], len(report["items"])), (7, 2))

    def test_what_became_clean_or_is_gone_is_taken_back(self):
        uri, gone = self.write("a.py"), self.write("gone.py")
        server = self.started(PULLS)
        previous = [(report["uri"], report["resultId"]) for report in self.sweep(server)]
        self.assertEqual(len(previous), 2)
        (self.root / "gone.py").unlink()
        self.write("a.py", FIXED)
        changes = [{"uri": uri, "type": 2}, {"uri": gone, "type": 3}]
        server.notify("workspace/didChangeWatchedFiles", {"changes": changes})
        reports = self.sweep(server, previous)
        self.assertEqual({report["uri"]: report["items"] for report in reports}, {uri: [], gone: []})

    def test_the_result_comes_in_parts_with_progress(self):
        dirty = {self.write(f"m{i}.py") for i in range(150)}
        server = self.started(PULLS)
        self.assertEqual(self.sweep(server, partialResultToken="part", workDoneToken=5), [])
        progress = [message["params"] for message in server.seen if message.get("method") == "$/progress"]
        parts = [params["value"]["items"] for params in progress if params["token"] == "part"]
        self.assertEqual({report["uri"] for part in parts for report in part}, dirty)
        self.assertGreater(len(parts), 1)
        shown = [params["value"] for params in progress if params["token"] == 5]
        self.assertEqual([shown[0]["kind"], shown[-1]["kind"]], ["begin", "end"])
        self.assertEqual({value["kind"] for value in shown[1:-1]}, {"report"})
        percentages = [value["percentage"] for value in shown[1:-1]]
        self.assertEqual((percentages, percentages[-1]), (sorted(percentages), 100))

    def test_it_can_be_cancelled_from_where_its_progress_is_shown(self):
        for i in range(300):
            self.write(f"m{i}.py")
        server = self.started(PULLS)
        params = {"previousResultIds": [], "workDoneToken": "work", "partialResultToken": "part"}
        number = server.ask("workspace/diagnostic", params)
        server.wait(lambda message: message.get("method") == "$/progress" and message["params"]["token"] == "work")
        server.notify("window/workDoneProgress/cancel", {"token": "work"})
        self.assert_error(server.wait_answer(number), -32800)
        self.assertEqual(server.seen[-2]["params"], {"token": "work", "value": {"kind": "end"}})
        self.assert_serves(server)

    def test_other_requests_need_not_wait_for_it(self):
        for i in range(300):
            self.write(f"m{i}.py")
        server = self.started(PULLS)
        number = server.ask("workspace/diagnostic", {"previousResultIds": [], "workDoneToken": "work"})
        server.wait(lambda message: message.get("method") == "$/progress")
        self.assert_serves(server)
        self.assertNotIn(number, [message.get("id") for message in server.seen])
        self.assertEqual(len(server.wait_answer(number)["result"]["items"]), 300)

    def test_two_at_once_are_both_answered(self):
        self.write("a.py")
        server = self.started(PULLS)
        numbers = [server.ask("workspace/diagnostic", {"previousResultIds": []}) for _ in range(2)]
        for number in numbers:
            self.assertEqual(len(server.wait_answer(number)["result"]["items"]), 1)


class Scan(LspTest):
    def test_reading_the_project_is_shown_where_the_client_agrees(self):
        uri = self.write("a.py")
        server = self.started({"window": {"workDoneProgress": True}})
        server.open(uri, SAVE)
        token = server.wait_method("window/workDoneProgress/create")["params"]["token"]
        self.assertEqual(len(server.published(uri, 1)), 1)
        shown = [message["params"] for message in server.seen if message.get("method") == "$/progress"]
        self.assertEqual([(params["token"], params["value"]["kind"]) for params in shown], [(token, "begin"), (token, "end")])

    def test_it_goes_on_without_an_answer_or_against_it(self):
        for refusal in ({"error": {"code": -32603, "message": "no"}}, None):
            uri = self.write("a.py")
            server = self.server()
            server.send({"id": 1, "method": "initialize", "params": {"capabilities": {"window": {"workDoneProgress": True}}}})
            server.notify("initialized", {})
            server.open(uri, SAVE)
            asked = server.arrived.get(timeout=PATIENCE)
            while asked.get("method") != "window/workDoneProgress/create":
                asked = server.arrived.get(timeout=PATIENCE)
            if refusal:
                server.send({"jsonrpc": "2.0", "id": asked["id"], **refusal})
            self.assertEqual(len(server.published(uri, 1)), 1)
            self.assertNotIn("$/progress", [message.get("method") for message in server.seen])


class Trouble(LspTest):
    def test_what_is_wrong_with_a_settings_file_is_logged_once(self):
        self.write("awry.toml", "slect = []\n")
        server = self.started(PULLS)
        for name in ("a.py", "b.py"):
            server.pull(self.write(name))
        logged = [m["params"]["message"] for m in server.seen if m.get("method") == "window/logMessage"]
        self.assertEqual(len(logged), 1)
        self.assertIn("awry.toml: line 1: unknown key \"slect\"", logged[0])


REFRESHES = {
    "textDocument": {"diagnostic": {}},
    "workspace": {
        "diagnostics": {"refreshSupport": True},
        "configuration": True,
        "didChangeConfiguration": {"dynamicRegistration": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True},
    },
}


class Settings(LspTest):
    def codes(self, server, uri=None):
        return [item["code"] for item in server.pull(uri or self.uri("a.py"))["items"]]

    def test_they_come_with_initialize(self):
        self.write("a.py")
        for options in ({"ignore": ["AWR301"]}, {"awry": {"ignore": ["AWR301"]}}, {"settings": {"select": ["AWR1"]}}):
            self.assertEqual(self.codes(self.started(PULLS, initializationOptions=options)), [])
        for options in (None, {}, 5, [], {"ignore": []}, {"awry": None}):
            self.assertEqual(self.codes(self.started(PULLS, initializationOptions=options)), ["AWR301"])

    def test_they_have_the_keys_of_a_settings_file(self):
        self.write("a.py")
        for options in (
            {"per-file-ignores": {"a*": ["AWR3"]}},
            {"exclude": ["a.py"]},
            {"extend-select": ["ALL"], "ignore": ["ALL"]},
        ):
            self.assertEqual(self.codes(self.started(PULLS, initializationOptions=options)), [], options)

    def test_what_is_wrong_with_them_is_logged_and_the_rest_holds(self):
        self.write("a.py")
        wrong = {"ignore": ["AWR301", "AWR999"], "slect": [], "target-version": 5, "exclude": {"x": [1]}}
        server = self.started(PULLS, initializationOptions=wrong)
        self.assertEqual(self.codes(server), [])
        logged = [m["params"] for m in server.seen if m.get("method") == "window/logMessage"]
        text = "\n".join(params["message"] for params in logged)
        for word in ("AWR999", "slect", "target-version", "exclude"):
            self.assertIn(word, text)
        self.assertNotIn("window/showMessage", [message.get("method") for message in server.seen])

    def test_they_rule_over_settings_files_unless_these_are_not_read(self):
        self.write("a.py")
        self.write("awry.toml", 'ignore = ["AWR301"]\n')
        self.assertEqual(self.codes(self.started(PULLS)), [])
        self.assertEqual(self.codes(self.started(PULLS, initializationOptions={"isolated": True})), ["AWR301"])

    def test_the_client_is_asked_for_them_and_again_when_they_change(self):
        self.write("a.py")
        server = self.server()
        server.answers["workspace/configuration"] = [{"ignore": ["AWR301"]}]
        server.start(REFRESHES, folder=self.root)
        asked = server.wait_method("workspace/configuration")
        self.assertEqual(asked["params"], {"items": [{"section": "awry"}]})
        server.wait_method("workspace/diagnostic/refresh")
        self.assertEqual(self.codes(server), [])
        server.answers["workspace/configuration"] = [{"ignore": []}]
        server.notify("workspace/didChangeConfiguration", {"settings": None})
        server.wait_method("workspace/diagnostic/refresh")
        self.assertEqual(self.codes(server), ["AWR301"])

    def test_nothing_leaves_what_initialize_said(self):
        self.write("a.py")
        for told in (None, {}, [], [None], [{}], "x"):
            server = self.server()
            server.answers["workspace/configuration"] = told
            server.start(REFRESHES, folder=self.root, initializationOptions={"ignore": ["AWR301"]})
            server.wait_method("workspace/configuration")
            self.assertEqual(self.codes(server), [])

    def test_a_client_that_cannot_be_asked_pushes_them(self):
        uri = self.write("a.py")
        server = self.started()
        server.open(uri, SAVE)
        self.assertEqual(len(server.published(uri, 1)), 1)
        server.notify("workspace/didChangeConfiguration", {"settings": {"awry": {"ignore": ["AWR301"]}}})
        self.assertEqual(server.published(uri), [])
        # As eglot does at once.
        server.notify("workspace/didChangeConfiguration", {"settings": {}})
        self.assertEqual(len(server.published(uri)), 1)


class Watching(LspTest):
    def test_files_and_settings_are_watched_where_the_client_can(self):
        server = self.started(REFRESHES)
        registrations = server.wait_method("client/registerCapability")["params"]["registrations"]
        by_method = {item["method"]: item["registerOptions"] for item in registrations}
        patterns = {watcher["globPattern"] for watcher in by_method["workspace/didChangeWatchedFiles"]["watchers"]}
        self.assertLessEqual({"**/*.py", "**/*.ipynb", "**/*.toml"}, patterns)
        self.assertEqual(by_method["workspace/didChangeConfiguration"], {"section": "awry"})
        self.assertEqual(len({item["id"] for item in registrations}), 2)

    def test_nothing_is_registered_where_it_cannot(self):
        server = self.started()
        self.assert_serves(server)
        self.assertFalse([message for message in server.seen if "id" in message and "method" in message])

    def test_a_settings_file_that_changes_changes_the_findings(self):
        uri = self.write("a.py")
        server = self.started()
        server.open(uri, SAVE)
        self.assertEqual(len(server.published(uri, 1)), 1)
        settings = self.write("awry.toml", 'ignore = ["AWR301"]\n')
        server.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": settings, "type": 1}]})
        self.assertEqual(server.published(uri), [])
        (self.root / "awry.toml").unlink()
        server.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": settings, "type": 3}]})
        self.assertEqual(len(server.published(uri)), 1)

    def test_a_file_that_settings_extend_changes_the_findings(self):
        self.write("project/awry.toml", 'extend = "../shared/base.toml"\n')
        base = self.write("shared/base.toml", 'ignore = ["AWR301"]\n')
        uri = self.write("project/a.py")
        server = self.server()
        server.start(folder=self.root / "project")
        server.open(uri, SAVE)
        self.assertEqual(server.published(uri, 1), [])
        self.write("shared/base.toml", "")
        server.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": base, "type": 2}]})
        self.assertEqual(len(server.published(uri)), 1)
        # A client that does not watch it: with the next edit.
        self.write("shared/base.toml", 'ignore = ["AWR301"] # again\n')
        server.change(uri, 2, {"text": SAVE + "\n"})
        self.assertEqual(server.published(uri, 2), [])
        (self.root / "shared/base.toml").unlink()
        server.change(uri, 3, {"text": SAVE})
        self.assertEqual(len(server.published(uri, 3)), 1)
        logged = "".join(m["params"]["message"] for m in server.seen if m.get("method") == "window/logMessage")
        self.assertIn('awry.toml: line 1: "extend": ../shared/base.toml does not exist', logged)

    def test_a_users_own_settings_count_where_a_project_has_none(self):
        uri = self.write("project/a.py")
        own = self.write("config/awry/awry.toml", 'ignore = ["AWR301"]\n')
        server = Server(folder=self.root, environment={"XDG_CONFIG_HOME": str(self.root / "config")})
        self.addCleanup(server.kill)
        server.start(folder=self.root / "project")
        server.open(uri, SAVE)
        self.assertEqual(server.published(uri, 1), [])
        (self.root / "config/awry/awry.toml").unlink()
        server.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": own, "type": 3}]})
        self.assertEqual(len(server.published(uri)), 1)

    def test_another_file_that_changes_on_disk_changes_the_findings(self):
        helper, user = self.write("helper.py", HELPER), self.write("user.py", USER)
        server = self.started()
        server.open(user, USER)
        self.assertEqual(len(server.published(user, 1)), 1)
        self.write("helper.py", "def save(db):\n    db.write()\n")
        server.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": helper, "type": 2}]})
        self.assertEqual(server.published(user), [])

    def test_clients_that_pull_are_told_to_do_it_again(self):
        server = self.started(REFRESHES)
        helper = self.write("helper.py", HELPER)
        server.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": helper, "type": 1}]})
        server.wait_method("workspace/diagnostic/refresh")

    def test_folders_come_and_go(self):
        one, two = self.write("one/a.py"), self.write("two/a.py")
        server = self.server()
        server.start(PULLS, folder=self.root / "one")

        def reported():
            items = server.result("workspace/diagnostic", {"previousResultIds": []})["items"]
            return {item["uri"] for item in items}

        self.assertEqual(reported(), {one})
        folders = [{"uri": self.uri(name), "name": name} for name in ("one", "two")]
        event = {"added": [folders[1]], "removed": []}
        server.notify("workspace/didChangeWorkspaceFolders", {"event": event})
        self.assertEqual(reported(), {one, two})
        event = {"added": [], "removed": [folders[0]]}
        server.notify("workspace/didChangeWorkspaceFolders", {"event": event})
        self.assertEqual(reported(), {two})

    def test_older_clients_name_one_root(self):
        uri = self.write("a.py")
        for root in ({"rootUri": uri_of(self.root)}, {"rootPath": str(self.root)}):
            server = self.server()
            server.result("initialize", {"capabilities": PULLS, **root})
            server.notify("initialized", {})
            (report,) = server.result("workspace/diagnostic", {"previousResultIds": []})["items"]
            self.assertEqual(report["uri"], uri)


if __name__ == "__main__":
    unittest.main()

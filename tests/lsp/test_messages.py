"""What `awry server` makes of its messages, well-formed or not."""
import time
import unittest

from client import framed
from lsp_case import PULLS, SAVE, LspTest, span


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

    def test_what_takes_long_to_parse_ends_with_the_request_and_with_the_next_edit(self):
        """The text is one on which the parser tries for seconds; it is worked on, or waits, when the end comes."""
        server, uri = self.started(PULLS), self.uri("a.py")
        server.open(uri, "if x:\n" + " def f(\n" * 40000)
        number = server.ask("textDocument/diagnostic", {"textDocument": {"uri": uri}})
        time.sleep(0.2)
        server.change(uri, 2, {"text": SAVE})
        self.assert_error(server.wait_answer(number), -32802)
        self.assertEqual([item["code"] for item in server.pull(uri)["items"]], ["AWR301"])
        server.change(uri, 3, {"text": "if x:\n" + " def g(\n" * 40000})
        number = server.ask("textDocument/diagnostic", {"textDocument": {"uri": uri}})
        time.sleep(0.2)
        server.notify("$/cancelRequest", {"id": number})
        self.assert_error(server.wait_answer(number), -32800)
        server.change(uri, 4, {"text": SAVE})
        self.assertEqual([item["code"] for item in server.pull(uri)["items"]], ["AWR301"])

    def test_nothing_waits_for_a_baseline_and_one_that_is_cancelled_is_not_written(self):
        self.write("awry.toml", 'baseline = "awry-baseline.txt"\n')
        for number in range(400):
            self.write(f"file_{number}.py", SAVE.replace("save", f"save_{number}"))
        server = self.started(PULLS)
        create = {"command": "awry.createBaseline"}
        first = server.ask("workspace/executeCommand", create)
        self.assert_error(server.request("workspace/executeCommand", create), -32803, "another baseline")
        self.assertNotIn(first, [message.get("id") for message in server.seen])
        server.notify("$/cancelRequest", {"id": first})
        self.assert_error(server.wait_answer(first), -32800)
        while "another baseline" in str(answer := server.request("workspace/executeCommand", create)):
            pass
        self.assertEqual(answer["result"], [self.uri("awry-baseline.txt")])

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


if __name__ == "__main__":
    unittest.main()

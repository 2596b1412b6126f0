"""How the findings come to the client of `awry server`: published, asked for, of a document or of all files."""
import unittest

from client import PATIENCE, framed
from lsp_case import FIXED, HELPER, INSERT_AWAIT, PULLS, SAVE, USER, LspTest, span


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

    def test_a_file_that_was_open_before_it_was_saved_first_is_one_of_the_folder(self):
        self.write("other.py")
        server = self.started(PULLS)
        server.open(self.uri("new.py"), SAVE)
        self.assertEqual(len(server.pull(self.uri("new.py"))["items"]), 1)
        self.write("new.py")
        server.notify("textDocument/didSave", {"textDocument": {"uri": self.uri("new.py")}})
        for _ in range(2):
            uris = [report["uri"] for report in self.sweep(server)]
            self.assertEqual(sorted(uris), [self.uri("new.py"), self.uri("other.py")])
            server.close_document(self.uri("new.py"))

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


if __name__ == "__main__":
    unittest.main()

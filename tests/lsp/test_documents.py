"""Documents as `awry server` has them: how places in them count, and how they change."""
import json
import unittest

from lsp_case import INSERT_AWAIT, SAVE, LspTest, span


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

    def test_places_in_other_files_count_in_it_too(self):
        self.write(
            "media.py",
            "import asyncio\n\n\nasync def convert(path):\n"
            '    "é😀"; await asyncio.create_subprocess_exec("ffmpeg", path)\n',
        )
        uri = self.write(
            "app.py",
            "import asyncio\nimport media\n\n\ndef main():\n"
            "    asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())\n"
            "    asyncio.run(media.convert('a'))\n",
        )
        for encoding, column in (("utf-8", 20), ("utf-16", 17), ("utf-32", 16)):
            server = self.server()
            shows = {"publishDiagnostics": {"relatedInformation": True}, "diagnostic": {}}
            server.start({"general": {"positionEncodings": [encoding]}, "textDocument": shows}, folder=self.root)
            for line in (4, 5):
                [finding] = server.pull(uri)["items"]
                place = {"line": line, "character": column}
                self.assertEqual(
                    [related["location"] for related in finding["relatedInformation"]],
                    [{"uri": self.uri("media.py"), "range": {"start": place, "end": place}}],
                    encoding,
                )
                server.open(self.uri("media.py"), "# not saved\n" + (self.root / "media.py").read_text())

    def test_lines_end_where_python_and_the_protocol_say_so(self):
        for ending in ("\r\n", "\r", "\n"):
            server = self.started()
            uri = self.uri("a.py")
            server.open(uri, SAVE.replace("\n", ending))
            self.assertEqual(server.published(uri, 1)[0]["range"], span(5, 4, 5, 12))
            server.change(uri, 2, INSERT_AWAIT)
            self.assertEqual(server.published(uri, 2), [])


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


if __name__ == "__main__":
    unittest.main()

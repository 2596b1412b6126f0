"""What rules over the findings of `awry server`, and what happens when it changes: settings, files, folders."""
import unittest

from client import Server, uri_of
from lsp_case import HELPER, PULLS, SAVE, USER, LspTest

REFRESHES = {
    "textDocument": {"diagnostic": {}},
    "workspace": {
        "diagnostics": {"refreshSupport": True},
        "configuration": True,
        "didChangeConfiguration": {"dynamicRegistration": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True},
    },
}


class Trouble(LspTest):
    def test_what_is_wrong_with_a_settings_file_is_logged_once(self):
        self.write("awry.toml", "slect = []\n")
        server = self.started(PULLS)
        for name in ("a.py", "b.py"):
            server.pull(self.write(name))
        logged = [m["params"]["message"] for m in server.seen if m.get("method") == "window/logMessage"]
        self.assertEqual(len(logged), 1)
        self.assertIn("awry.toml: line 1: unknown key \"slect\"", logged[0])


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

    def test_what_is_wrong_has_its_place_and_is_logged_once(self):
        self.write("a.py")
        wrong = {
            "ignore": ["AWR301", None, {"x": [1]}],
            "exclude": {"x": [1]},
            "per-file-ignores": {"b.py": "ALL", "c.py": ["AWR9"]},
            "vocabulary": {"log-like": ["a.b", "a b"], "nope": []},
            "fail-on": 1.5e300,
            "target-version": "\u2028\"\u007f\n",
            "venv": [[[]]],
            "extend": "base.toml",
            "isolated": "yes",
            "trace": {},
        }
        server = self.server()
        server.start({"window": {}}, folder=self.root, initializationOptions=wrong)
        self.assertEqual(self.codes(server), [])
        server.notify("workspace/didChangeConfiguration", {"settings": {"awry": {**wrong, "select": ["AWR8"]}}})
        self.assertEqual(self.codes(server), [])
        logged = [m["params"]["message"] for m in server.seen if m.get("method") == "window/logMessage"]
        for place in (
            "ignore[2]", "exclude.x", "per-file-ignores.b.py", "per-file-ignores.c.py[0]", "vocabulary.log-like[1]",
            "vocabulary.nope", "fail-on", "target-version", "venv", "extend", "isolated", "trace", "select[0]",
        ):
            found = [text for text in logged if text.startswith(f"the editor's settings: {place}: ")]
            self.assertEqual(len(found), 1, (place, logged))
        self.assertEqual(len([text for text in logged if "settings: " in text]), 13, logged)

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

    def test_settings_files_outside_of_the_folders_are_watched_where_the_client_can(self):
        self.write("awry.toml", 'extend = "shared/base.toml"\n')
        self.write("shared/base.toml", 'ignore = ["AWR301"]\n')
        uri = self.write("project/a.py")
        for can in (True, False):
            watched = {"dynamicRegistration": True, "relativePatternSupport": can}
            server = self.server()
            server.start({"workspace": {"didChangeWatchedFiles": watched}}, folder=self.root / "project")
            server.open(uri, SAVE)
            self.assertEqual(server.published(uri, 1), [])
            server.change(uri, 2, {"text": SAVE + "\n"})
            server.published(uri, 2)
            asked = [m["params"]["registrations"] for m in server.seen if m.get("method") == "client/registerCapability"]
            items = [item for registrations in asked for item in registrations]
            patterns = [watcher["globPattern"] for item in items for watcher in item["registerOptions"]["watchers"]]
            outside = [pattern for pattern in patterns if isinstance(pattern, dict)]
            expected = [
                {"baseUri": uri_of(self.root), "pattern": "awry.toml"},
                {"baseUri": uri_of(self.root / "shared"), "pattern": "base.toml"},
            ]
            self.assertEqual(outside, expected if can else [])
            self.assertEqual(len({item["id"] for item in items}), len(items))

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

"""awry server with the capabilities that editors of several ages announce, as pytest-lsp collects them. Each answer is
read into the types of the protocol's own model, and held against what the client said it can do."""
import os
import pathlib

import pytest
import pytest_lsp
from editor import ALL_FIXED, APP, FILES, FIXED
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient

EDITORS = ["emacs@v29.1", "neovim@v0.6.1", "neovim@v0.11.0", "visual_studio_code@v1.65.2"]

pytestmark = pytest.mark.filterwarnings("error::pytest_lsp.LspSpecificationWarning")


@pytest_lsp.fixture(config=ClientServerConfig(server_command=[os.environ["AWRY"], "server"]), params=EDITORS)
async def client(request, lsp_client: LanguageClient, tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    for name, text in FILES.items():
        (folder / name).write_text(text)
    lsp_client.folder = folder
    lsp_client.feature(types.CLIENT_REGISTER_CAPABILITY)(lambda params: None)
    capabilities = pytest_lsp.client_capabilities(request.param)
    lsp_client.can_pull = capabilities.text_document.diagnostic is not None
    await lsp_client.initialize_session(
        types.InitializeParams(
            capabilities=capabilities,
            workspace_folders=[types.WorkspaceFolder(uri=folder.as_uri(), name="project")],
        )
    )
    yield
    await lsp_client.shutdown_session()


def uri_of(client, name):
    return pathlib.Path(client.folder, name).as_uri()


def open_file(client, name, text):
    item = types.TextDocumentItem(uri=uri_of(client, name), language_id="python", version=1, text=text)
    client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))
    return types.TextDocumentIdentifier(uri=item.uri)


async def diagnostics_of(client, document, is_enough):
    """What is published, or asked for, once there is enough of it."""
    if client.can_pull:
        answer = await client.text_document_diagnostic_async(types.DocumentDiagnosticParams(text_document=document))
        assert is_enough(answer.items)
        return answer.items
    while not is_enough(client.diagnostics.get(document.uri, [])):
        await client.wait_for_notification("textDocument/publishDiagnostics")
    return client.diagnostics[document.uri]


def edited(text, edits):
    lines = text.splitlines(keepends=True)
    starts = [sum(map(len, lines[:number])) for number in range(len(lines) + 1)]
    for edit in sorted(edits, key=lambda edit: (edit.range.start.line, edit.range.start.character), reverse=True):
        start = starts[edit.range.start.line] + edit.range.start.character
        end = starts[edit.range.end.line] + edit.range.end.character
        text = text[:start] + edit.new_text + text[end:]
    return text


async def made(client, action, text):
    if action.edit is None:
        action = await client.code_action_resolve_async(action)
    if action.edit.document_changes is None:
        [edits] = action.edit.changes.values()
    else:
        [change] = action.edit.document_changes
        assert change.text_document.version == 1
        edits = change.edits
    return edited(text, edits)


async def actions_at(client, document, diagnostic, kind):
    context = types.CodeActionContext(diagnostics=[diagnostic], only=[kind])
    return await client.text_document_code_action_async(
        types.CodeActionParams(text_document=document, range=diagnostic.range, context=context)
    )


@pytest.mark.asyncio
async def test_a_session(client: LanguageClient):
    document = open_file(client, "app.py", APP)
    found = await diagnostics_of(client, document, lambda items: len(items) == 2)
    timeout, dropped = sorted(found, key=lambda diagnostic: diagnostic.range.start.line)
    assert (timeout.code, dropped.code, dropped.source) == ("AWR401", "AWR301", "awry")

    [fix, *_] = await actions_at(client, document, dropped, types.CodeActionKind.QuickFix)
    assert await made(client, fix, APP) == FIXED
    [fix_all] = await actions_at(client, document, dropped, types.CodeActionKind.SourceFixAll)
    assert await made(client, fix_all, APP) == ALL_FIXED.replace("await save(db)", "save(db)")

    hover = await client.text_document_hover_async(
        types.HoverParams(text_document=document, position=dropped.range.start)
    )
    assert "What happens at run time" in hover.contents.value

    change = types.TextDocumentContentChangePartial(range=dropped.range, text="await save(db)")
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            text_document=types.VersionedTextDocumentIdentifier(uri=document.uri, version=2),
            content_changes=[change],
        )
    )
    found = await diagnostics_of(client, document, lambda items: len(items) == 1)
    assert found[0].code == "AWR401"


@pytest.mark.asyncio
async def test_what_another_document_says_counts_before_it_is_saved(client: LanguageClient):
    user = open_file(client, "b.py", FILES["b.py"])
    open_file(client, "a.py", "async " + FILES["a.py"])
    found = await diagnostics_of(client, user, lambda items: len(items) == 1)
    assert found[0].code == "AWR301"

-- What a person does in Neovim (editor.py).
-- Neovim 0.7 has no vim.lsp.start and no `nvim -l` yet.
local seen = {}

local function finish(fault)
  seen.fault = fault
  vim.fn.writefile({ vim.fn.json_encode(seen) }, "seen.json")
  vim.cmd("qall!")
end

local WAITS = 60000 -- milliseconds

local function wait_for(what, question)
  if not vim.wait(WAITS, question, 20) then error(what .. " did not come") end
end

local function diagnostics(buffer)
  local shown = {}
  for _, each in ipairs(vim.diagnostic.get(buffer)) do
    local words = vim.api.nvim_buf_get_text(buffer, each.lnum, each.col, each.end_lnum, each.end_col, {})
    table.insert(shown, { each.lnum + 1, table.concat(words, "\n"), each.message })
  end
  return shown
end

local function request(method, params)
  local answers, fault = vim.lsp.buf_request_sync(0, method, params, WAITS)
  if not answers then error(method .. ": " .. fault) end
  local _, answer = next(answers)
  if answer.error then error(method .. ": " .. vim.inspect(answer.error)) end
  return answer.result
end

local function find_action(line, title, only)
  vim.api.nvim_win_set_cursor(0, { line, 0 })
  local params = vim.lsp.util.make_range_params()
  params.context = { diagnostics = vim.lsp.diagnostic.get_line_diagnostics(0, line - 1), only = only }
  local titles = {}
  for _, action in ipairs(request("textDocument/codeAction", params)) do
    table.insert(titles, action.title)
    if action.title == title then return action end
  end
  error("no action " .. title .. " among " .. vim.inspect(titles))
end

local function make(action)
  vim.lsp.util.apply_workspace_edit(request("codeAction/resolve", action).edit, "utf-16")
end

local function text() return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n") .. "\n" end

local function session()
  local exit_code
  local client = vim.lsp.start_client({
    name = "awry",
    cmd = { vim.env.AWRY, "server" },
    root_dir = vim.fn.getcwd(),
    on_exit = function(code) exit_code = code end,
  })
  vim.cmd("edit app.py")
  vim.lsp.buf_attach_client(0, client)
  wait_for("diagnostics", function() return #vim.diagnostic.get(0) > 0 end)
  seen.opened = diagnostics(0)

  -- What `K` shows on the finding.
  vim.api.nvim_win_set_cursor(0, { 14, 10 })
  local hover = request("textDocument/hover", vim.lsp.util.make_position_params())
  local lines = vim.lsp.util.convert_input_to_markdown_lines(hover.contents)
  local window = vim.lsp.util.open_floating_preview(lines, "markdown", {})
  seen.hover = table.concat(vim.api.nvim_buf_get_lines(window, 0, -1, false), "\n")

  make(find_action(14, "awry: Await it (unsafe)"))
  wait_for("the end of the first finding", function() return #vim.diagnostic.get(0) == #seen.opened - 1 end)
  seen.fixed = text()

  make(find_action(1, "awry: Make all safe fixes of this file", { "source.fixAll" }))
  wait_for("the end of all findings", function() return #vim.diagnostic.get(0) == 0 end)
  seen.all_fixed = text()

  -- Typed in front of it and behind: what changes is sent in pieces.
  vim.api.nvim_buf_set_lines(0, 0, 0, false, { "# \u{1f600}" })
  vim.api.nvim_buf_set_lines(0, -1, -1, false, { "", "async def late(db):", "    save(db)" })
  wait_for("a finding in what was typed", function() return #vim.diagnostic.get(0) == 1 end)
  seen.typed = diagnostics(0)

  -- A function that becomes async in a buffer which is not saved.
  vim.cmd("edit b.py")
  local user = vim.api.nvim_get_current_buf()
  vim.lsp.buf_attach_client(user, client)
  vim.cmd("edit a.py")
  vim.lsp.buf_attach_client(0, client)
  vim.api.nvim_buf_set_text(0, 0, 0, 0, 0, { "async " })
  wait_for("a finding in b.py", function() return #vim.diagnostic.get(user) == 1 end)
  seen.across = diagnostics(user)

  vim.lsp.stop_client(client)
  wait_for("the end of the server", function() return exit_code ~= nil end)
  seen.exit_code = exit_code
end

local is_fine, fault = xpcall(session, debug.traceback)
finish(not is_fine and fault or nil)

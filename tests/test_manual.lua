-- Pages of scripts/manual: whether they tell of what there is. What they quote is tried in cli/manual.sh.
local core = require "gradus.core"
local harness = require "harness"
local help = require "gradus.help"
local markdown = require "gradus.markdown"
local topics = require "gradus.help_topics"
local width = require "gradus.width"

local case = harness.suite "manual"
local check = harness.check

local function text_of(page) return core.file(("manual/%s.md"):format(page.name)) end

--- Calls f with every piece of a page that is of that kind, but for what stands in code.
local function each_piece(text, kind, f)
  local function look(pieces)
    for _, piece in ipairs(pieces) do
      if piece.kind == kind then f(piece) end
      look(piece.pieces or {})
    end
  end
  local function read(line) look(markdown.pieces(line)) end
  for _, block in ipairs(markdown.blocks(text)) do
    if block.text and block.kind ~= "code" then read(block.text) end
    for _, list in ipairs { block.items or {}, block.head or {}, table.unpack(block.rows or {}) } do
      for _, line in ipairs(list) do
        read(line)
      end
    end
  end
end

case("a file of the manual is no page of help", function()
  for _, name in ipairs(core.files()) do
    local page = name:match "^manual/(.*)%.md$"
    check(not page or topics.pages[page], name)
  end
end)

--- Fails when a relative link of a file leads to none.
local function check_links(path)
  local f <close> = assert(io.open(path))
  each_piece(f:read "a", "link", function(link)
    local target = link.to:match "^[^#]*"
    if target == "" or target:find "^https?://" then return end
    local file = io.open(path:match "^(.*/)" .. target)
    check(file, ("%s links to %s"):format(path, link.to))
    file:close()
  end)
end

--- Calls f with the path of every .md file in a folder and those inside it.
local function each_page(folder, f)
  for _, name in ipairs(core.list_folder(folder)) do
    local inside = name:match "^(.*)/$"
    if inside then each_page(("%s/%s"):format(folder, inside), f) end
    if name:find "%.md$" then f(("%s/%s"):format(folder, name)) end
  end
end

case("a link of a page leads to no file", function()
  check_links "./README.md"
  local count = 0
  for _, folder in ipairs { "core", "scripts", "experiments", "tests" } do
    each_page(folder, function(path)
      check_links(path)
      count = count + 1
    end)
  end
  check(count > #topics.pages + 4, count)
end)

--- Calls f with all code of a page: what stands in lines of their own, and in a line.
local function each_code(text, f)
  each_piece(text, "code", function(piece) f(piece.text) end)
  for _, block in ipairs(markdown.blocks(text)) do
    for line in (block.kind == "code" and block.text or ""):gmatch "[^\n]+" do
      f(line)
    end
  end
end

--- What begins so is no command's word, but a file or an option.
local function command_of(code)
  local word, rest = code:match "^%$?%s*gradus ([%a-]+)(.*)$"
  if word and not word:find "^%-" and not rest:find "^[.*]" then return word, rest end
end

case("a page names a command that there is not, or an option that it does not know", function()
  for _, page in ipairs(topics.pages) do
    each_code(text_of(page), function(code)
      local word, rest = command_of(code)
      if not word then return end
      check(topics.commands[word], ("%s.md: %s"):format(page.name, code))
      local source = core.file(("gradus/command_%s.lua"):format((word:gsub("-", "_")))) or ""
      for option in rest:gmatch "[%s%[]%-%-([%w-]+)" do
        local told = source:find("--" .. option, 1, true) -- in its usage
        check(told, ("%s.md: --%s in %s"):format(page.name, option, code))
      end
    end)
  end
end)

case("a check of assignments is not in the teacher's table", function()
  local page = text_of(topics.pages.teacher)
  for name in pairs(require "gradus.assignment_checks") do
    check(page:find(("\n| `%s` |"):format(name), 1, true), name)
  end
end)

case("a page sends one to a page of help that there is not", function()
  for _, page in ipairs(topics.pages) do
    each_code(text_of(page), function(code)
      local topic = code:match "^gradus help (.+)$"
      check(not topic or select(2, help.text(topic, { columns = 80, bold = false })), code)
    end)
  end
end)

case("a line of a page is too long for a terminal", function()
  for _, page in ipairs(topics.pages) do
    local shown, code = help.text(page.name, { columns = 80, bold = false }), {}
    each_code(text_of(page), function(line) code[line] = true end)
    for line in shown:gmatch "[^\n]+" do
      check(width.of(line) <= 80 or code[line:match "^%s*(.-)$"], ("%s: %s"):format(page.name, line))
    end
  end
end)

-- Pages in Markdown: how they are read, and shown in a terminal and as HTML; and whether those of scripts/manual tell of what there is.
local core = require "gradus.core"
local harness = require "harness"
local help = require "gradus.help"
local markdown = require "gradus.markdown"
local markdown_html = require "gradus.markdown_html"
local markdown_text = require "gradus.markdown_text"
local topics = require "gradus.help_topics"
local width = require "gradus.width"

local case = harness.suite "markdown"
local check = harness.check

-- ---- Reading

case("a block is another, or ends elsewhere", function()
  local blocks = markdown.blocks(table.concat({
    "# One `a`  ",
    "two",
    " three",
    "- four",
    "  five",
    "- six",
    "1. seven",
    "```lua",
    "# eight | - nine",
    "",
    "```",
    "| a | b |",
    "|---|---|",
    "| `x \\| y` | |",
    "",
    "| no table",
  }, "\r\n"))
  local told = {}
  for i, block in ipairs(blocks) do
    told[i] = block.kind
  end
  check(table.concat(told, " ") == "heading paragraph list list code table paragraph", table.concat(told, " "))
  check(blocks[1].text == "One `a`" and blocks[1].level == 1 and blocks[2].text == "two three", "heading or paragraph")
  check(#blocks[3].items == 2 and blocks[3].items[1] == "four five" and not blocks[3].ordered, "the first list")
  check(blocks[4].ordered and blocks[4].items[1] == "seven", "the second list")
  check(blocks[5].text == "# eight | - nine\n", "the code")
  check(blocks[6].head[2] == "b" and blocks[6].rows[1][1] == "`x | y`" and blocks[6].rows[1][2] == "", "the table")
end)

case("a mark without its end is no text", function()
  for _, text in ipairs { "2 ** 3 `x", "[a](b c)", "[a] (b)", "a[1] * b", "** a **", "[", "" } do
    local pieces = markdown.pieces(text)
    check(#pieces == (text == "" and 0 or 1), text)
    check(text == "" or pieces[1].kind == "text" and pieces[1].text == text, text)
  end
  check(#markdown.blocks "```\nnever ended" == 1 and #markdown.blocks "" == 0, "code that does not end, or no text")
end)

-- ---- Showing

case("a page is not as a terminal shows it", function()
  local text =
    "# T\n\nlong words `in a` **row [that](b.md) is**\n\n```\nx = 1\n```\n- 가나다 라마바 사아자\n\n| a | b |\n|---|---|\n| one two | three four |\n"
  local expected = [[
T
  long words `in a`
  row that is

    x = 1

  - 가나다 라마바
    사아자

  a        b
  -------  --------
  one two  three
           four
]]
  local shown = markdown_text.page(text, { columns = 19, bold = false })
  check(shown == expected, shown)
  check(markdown_text.page("# T", { columns = 19, bold = true }) == "\27[1mT\27[0m\n", "the heading is not bold")
end)

case("a text of a page is not escaped in HTML", function()
  local bad = '<script>&"'
  local text = ("# %s\n\n%s `%s` **%s** [%s](a.md)\n\n- %s\n\n```\n%s\n```\n\n| %s |\n|---|\n| %s |\n"):gsub("%%s", bad)
  local page = markdown_html.elements(text)
  check(not page:find "<script", page)
  check(select(2, page:gsub("&lt;script&gt;&amp;&quot;", "")) == 9, page)
  check(not page:find "<p>[^<]*`", "code keeps its quotes")
end)

case("a link in HTML may run something, or is not led", function()
  for _, to in ipairs { "javascript:alert", "data:text/html,x", "//elsewhere.example", "/etc/passwd", "JAVASCRIPT:x" } do
    check(markdown_html.elements(("[a](%s)"):format(to)) == "<p>a</p>", to)
  end
  local page = markdown_html.elements("[`a`](b.md)", function(to) return to:gsub("md", "html") end)
  check(page == '<p><a href="b.html"><code>a</code></a></p>', page)
end)

-- ---- The pages of scripts/manual

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

case("a link of a page leads to no file", function()
  for _, page in ipairs(topics.pages) do
    check_links(("scripts/manual/%s.md"):format(page.name))
  end
  for _, path in ipairs {
    "./README.md",
    "core/README.md",
    "scripts/README.md",
    "experiments/README.md",
    "tests/README.md",
  } do
    check_links(path)
  end
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
      for option in rest:gmatch "%s%-%-(%w+)" do
        check(source:find(option .. ' = "', 1, true), ("%s.md: %s"):format(page.name, code))
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

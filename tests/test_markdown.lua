-- Pages in Markdown: how they are read, and shown in a terminal and as HTML.
local harness = require "harness"
local markdown = require "gradus.markdown"
local markdown_html = require "gradus.markdown_html"
local markdown_text = require "gradus.markdown_text"

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

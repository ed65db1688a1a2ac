-- The manual: for each module one HTML page, which needs no other file, and the same as Markdown; made of what help shows. And the pages
-- of scripts/manual, which are read through.
-- Run: gradus scripts/tools/manual.lua build/manual, or make manual. The same program gives the same bytes.
local core = require "gradus.core"
local docs = require "gradus.docs"
local markdown_html = require "gradus.markdown_html"
local read_through = require("gradus.help_topics").pages

local folder = ...
local index = docs.index()

local function write(name, text)
  local f = assert(io.open(folder .. "/" .. name, "w"))
  f:write(text)
  f:close()
end

--- "What `require "gradus"` gives."
local function capital(text) return (text:gsub("^%l", string.upper)) end

local function short_type(of_type) return of_type == "any" and "" or (of_type:gsub("gradus%.", "")) end

local function title_of(page)
  return page.name == "gr" and "gr" or page.name == "tensor" and "tensor" or "gr." .. page.name
end

-- ---- What a page consists of, whatever it is written in

--- Rows of a table: parameters, options or fields.
local function rows_of(list, entry)
  local rows = {}
  for _, one in ipairs(list) do
    local is_options = entry and entry.options and (one.type:find "^{" or one.type:find "Options$")
    if not is_options then
      rows[#rows + 1] =
        { one.name .. (one.optional and "?" or ""), short_type(one.type), one.default or "", one.text or "" }
    end
  end
  return rows
end

local headings = { shapes = "Shapes", raises = "Raises", options = "Options" }

--- Calls to.heading, to.text, to.code and to.rows with the parts of an entry, in order.
local function parts(entry, to)
  for _, section in ipairs(entry.sections) do
    if section.kind == "code" then
      to.code(section.text)
    elseif section.kind ~= "options" or not entry.options then
      to.text(headings[section.kind], section.text)
    end
  end
  for _, one in ipairs { { "Formula", entry.formula }, { "Gradient", entry.gradient }, { "Shapes", entry.shape } } do
    if one[2] then to.text(one[1], one[2]) end
  end
  to.rows("Takes", entry.kind == "operator" and {} or rows_of(entry.params or {}, entry))
  to.rows("Options", rows_of(entry.options or {}))
  to.rows("Fields", rows_of(entry.fields or {}))
  local gives = {}
  for _, one in ipairs(entry.kind == "operator" and {} or entry.returns or {}) do
    local text = (short_type(one.type) .. " " .. one.text):match "^%s*(.-)%s*$"
    if text ~= "" then gives[#gives + 1] = text end
  end
  if #gives > 0 then to.text("Gives", table.concat(gives, "; ")) end
  if entry.example then to.example(entry.example) end
  if entry.aliases and #entry.aliases > 0 then to.text("Also", table.concat(entry.aliases, ", ")) end
  if entry.source then to.text("Source", entry.source) end
end

-- ---- Markdown

local function code_span(text) return "`" .. text .. "`" end

local function markdown_of(entry, level)
  local out = {}
  local function add(text) out[#out + 1] = text end
  if level then add(("%s %s\n"):format(("#"):rep(level), entry.name)) end
  if entry.signature and entry.kind ~= "class" then
    add("```lua\n" .. entry.signature:gsub("   +", "\n") .. "\n```\n")
  end
  parts(entry, {
    text = function(heading, text) add((heading and ("**%s:** "):format(heading) or "") .. text .. "\n") end,
    code = function(text) add("```lua\n" .. text .. "\n```\n") end,
    example = function(text) add("Example:\n\n```lua\n" .. text .. "\n```\n") end,
    rows = function(heading, rows)
      if #rows == 0 then return end
      add(("| %s | type | unless given | |\n|---|---|---|---|"):format(heading))
      for _, row in ipairs(rows) do
        local cells = { code_span(row[1]), row[2] ~= "" and code_span(row[2]) or "", row[3], row[4] }
        for i, cell in ipairs(cells) do
          cells[i] = cell:gsub("|", "\\|")
        end
        add("| " .. table.concat(cells, " | ") .. " |")
      end
      add ""
    end,
  })
  return table.concat(out, "\n")
end

local function markdown_page(page)
  local out = { ("# %s\n"):format(title_of(page)), markdown_of({ sections = page.sections, fields = page.fields }) }
  for _, entry in ipairs(page.entries) do
    if entry.name ~= page.name then out[#out + 1] = markdown_of(entry, 2) end
  end
  return table.concat(out, "\n")
end

-- ---- HTML

local function escape(text)
  return (text:gsub('[&<>"]', { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

--- Text with `code` marked as such.
local function prose(text) return (escape(text):gsub("`(.-)`", "<code>%1</code>")) end

local function html_rows(heading, rows)
  local out = { ("<h4>%s</h4>\n<table>"):format(heading) }
  for _, row in ipairs(rows) do
    local default = row[3] ~= "" and "= " .. row[3] or ""
    local cells = "<tr><td><code>%s</code></td><td>%s</td><td>%s</td><td>%s</td></tr>"
    out[#out + 1] = cells:format(escape(row[1]), escape(row[2]), escape(default), prose(row[4]))
  end
  out[#out + 1] = "</table>"
  return table.concat(out, "\n")
end

local function html_of(entry, named)
  local out = {}
  local function add(format, ...) out[#out + 1] = format:format(...) end
  if named then
    add('<section id="%s">\n<h3>%s</h3>', escape(entry.name), escape(entry.name))
    if entry.kind ~= "class" then add("<pre class=call>%s</pre>", escape((entry.signature:gsub("   +", "\n")))) end
  end
  parts(entry, {
    text = function(heading, text)
      local label = heading and ("<b>%s</b> "):format(heading) or ""
      add("<p>%s%s</p>", label, prose(text))
    end,
    code = function(text) add("<pre>%s</pre>", escape(text)) end,
    example = function(text) add("<h4>Example</h4>\n<pre>%s</pre>", escape(text)) end,
    rows = function(heading, rows)
      if #rows > 0 then out[#out + 1] = html_rows(heading, rows) end
    end,
  })
  if named then add "</section>" end
  return table.concat(out, "\n")
end

local style = [[
body { font: 16px/1.5 sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; color: #222; background: #fff }
nav a { margin-right: .7rem } h3 { margin: 2.5rem 0 .3rem; border-top: 1px solid #ccc; padding-top: 1rem } h4 { margin: .8rem 0 .2rem }
pre { background: #f4f4f0; padding: .6rem; overflow-x: auto } .call { background: none; padding: 0; font-weight: bold; margin: .2rem 0 }
td, th { vertical-align: top; text-align: left; padding: .1rem 1rem .1rem 0 }
#found a { display: block } input { width: 100%; font: inherit; padding: .3rem }
@media (prefers-color-scheme: dark) { body { color: #ddd; background: #1b1b1b } pre { background: #2a2a2a } a { color: #8cf } }
.call { background: none }]]

--- Looks for all words in the names and summaries of all entries; the best are those with a word in their name.
local script = [[
const box = document.getElementById("search"), found = document.getElementById("found");
box.oninput = () => {
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  const score = e => words.reduce((sum, w) => {
    const at = e[0].toLowerCase().includes(w) ? 8 : e[2].toLowerCase().includes(w) ? 1 : -1000;
    return sum + at;
  }, 0);
  const hits = words.length ? entries.map(e => [score(e), e]).filter(h => h[0] > 0) : [];
  hits.sort((a, b) => b[0] - a[0]);
  found.replaceChildren(...hits.slice(0, 20).map(([, e]) => {
    const a = document.createElement("a");
    a.href = e[1] + "#" + e[0];
    a.textContent = e[0] + "  " + e[2];
    return a;
  }));
};]]

--- A text as JavaScript writes it; nothing in it ends the script.
local function quoted(text) return (core.json_encode(text):gsub("<", "\\u003c")) end

--- What the search box looks through: [name, page, text].
local function search_list()
  local rows = {}
  for _, page in ipairs(index.pages) do
    for _, entry in ipairs(page.entries) do
      local also = table.concat(entry.aliases, " ")
      rows[#rows + 1] = ("[%s,%s,%s]"):format(
        quoted(entry.name),
        quoted(page.name .. ".html"),
        quoted(entry.summary .. (also ~= "" and " " .. also or ""))
      )
    end
  end
  return "const entries = [\n" .. table.concat(rows, ",\n") .. "];\n"
end

local searching = search_list() .. script

local function html_frame(title, body)
  local links = { '<a href="index.html">gradus</a>' }
  for _, page in ipairs(index.pages) do
    links[#links + 1] = ('<a href="%s.html">%s</a>'):format(page.name, escape(title_of(page)))
  end
  return table.concat({
    '<!DOCTYPE html>\n<html lang="en">\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">',
    ("<title>%s</title>\n<style>\n%s\n</style>"):format(escape(title), style),
    "<nav>" .. table.concat(links, "\n") .. "</nav>",
    '<p><input id="search" type="search" placeholder="Search all pages" aria-label="Search"></p>\n<div id="found"></div>',
    body,
    "<script>\n" .. searching .. "\n</script>\n</html>\n",
  }, "\n")
end

local function html_page(page)
  local out =
    { ("<h1>%s</h1>"):format(escape(title_of(page))), html_of { sections = page.sections, fields = page.fields } }
  local list = {}
  for _, entry in ipairs(page.entries) do
    if entry.name ~= page.name then
      list[#list + 1] = ('<a href="#%s">%s</a>'):format(escape(entry.name), escape(entry.name:match "[%w_]+$"))
    end
  end
  out[#out + 1] = "<p>" .. table.concat(list, "\n") .. "</p>"
  for _, entry in ipairs(page.entries) do
    if entry.name ~= page.name then out[#out + 1] = html_of(entry, true) end
  end
  return html_frame(title_of(page), table.concat(out, "\n"))
end

-- ---- Pages that are read through

local function text_of(name) return core.file(("manual/%s.md"):format(name)) or error("the program lacks " .. name) end

--- They link to each other as files beside them.
local function lead(to) return (to:gsub("%.md$", ".html"):gsub("%.md#", ".html#")) end

--- "student.ko" is in Korean.
local function language_of(name) return name:match "%.(%l%l)$" or "en" end

local function heading_of(name) return text_of(name):match "^# (.-)\n" end

local function write_read_through()
  for _, page in ipairs(read_through) do
    local text = text_of(page.name)
    write(page.name .. ".md", text)
    local body = ('<article lang="%s">\n%s\n</article>'):format(
      language_of(page.name),
      markdown_html.elements(text, lead)
    )
    write(page.name .. ".html", html_frame(heading_of(page.name), body))
  end
end

-- ---- The first page

local first = {
  "Positions count from 1, class labels from 0. Rows, columns, axes and what argmax gives follow Lua: the first is 1. "
    .. "Class labels are data and keep the values that their file has, such as the digits 0 to 9: one_hot puts class c into column "
    .. "c + 1, losses and metrics take labels, and predict gives them.",
  'A script begins with `local gr = require "gradus"`; the modules hang off gr. The examples here run at the prompt as they stand, '
    .. "where gr and its modules (nn, optim, data, ...) are at hand by themselves; a script says `local nn = gr.nn`.",
  'At the prompt `help "dense"` shows what is written here, and so does `gradus help dense` in a shell.',
}

--- The pages that are read through, for the first page.
local function links_to_read_through()
  local markdown, html = { "| to read | |\n|---|---|" }, { "<table>" }
  for _, page in ipairs(read_through) do
    local title = heading_of(page.name)
    markdown[#markdown + 1] = ("| [%s](%s.md) | %s |"):format(title, page.name, page.summary)
    local row = '<tr><td><a href="%s.html">%s</a></td><td>%s</td></tr>'
    html[#html + 1] = row:format(page.name, escape(title), escape(page.summary))
  end
  html[#html + 1] = "</table>"
  return table.concat(markdown, "\n") .. "\n", table.concat(html, "\n")
end

local function write_index()
  local markdown, html = { "# gradus\n" }, { "<h1>gradus</h1>" }
  for _, text in ipairs(first) do
    markdown[#markdown + 1] = text .. "\n"
    html[#html + 1] = "<p>" .. prose(text) .. "</p>"
  end
  markdown[#markdown + 1], html[#html + 1] = links_to_read_through()
  markdown[#markdown + 1], html[#html + 1] = "| module | |\n|---|---|", "<table>"
  for _, page in ipairs(index.pages) do
    local title, text = title_of(page), capital(page.summary)
    markdown[#markdown + 1] = ("| [%s](%s.md) | %s |"):format(title, page.name, text)
    html[#html + 1] = ('<tr><td><a href="%s.html">%s</a></td><td>%s</td></tr>'):format(
      page.name,
      escape(title),
      prose(text)
    )
  end
  html[#html + 1] = "</table>"
  write("index.md", table.concat(markdown, "\n") .. "\n")
  write("index.html", html_frame("gradus", table.concat(html, "\n")))
end

core.make_folder(folder)
write_index()
write_read_through()
for _, page in ipairs(index.pages) do
  write(page.name .. ".html", html_page(page))
  write(page.name .. ".md", markdown_page(page))
end

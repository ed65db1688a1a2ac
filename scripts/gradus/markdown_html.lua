--- markdown_html: a page in Markdown as elements of an HTML page, whose every text is escaped.
---
---   local body = markdown_html.elements(text, function(to) return to:gsub("%.md$", ".html") end)
local html = require "gradus.html"
local markdown = require "gradus.markdown"

local markdown_html = {}

local e = html.element

--- Where links may lead: to other pages beside this one, to places in them, to the web. A link to anywhere else is its words.
local function is_harmless(to) return to:find "^https?://" or not to:find "^/" and not to:find(":", 1, true) end

local function inline(text, lead)
  local function each(pieces)
    local list = {}
    for i, piece in ipairs(pieces) do
      if piece.kind == "code" then
        list[i] = e("code", nil, piece.text)
      elseif piece.kind == "bold" then
        list[i] = e("b", nil, each(piece.pieces))
      elseif piece.kind == "link" then
        list[i] = is_harmless(piece.to) and e("a", { href = lead(piece.to) }, each(piece.pieces)) or each(piece.pieces)
      else
        list[i] = piece.text
      end
    end
    return list
  end
  return each(markdown.pieces(text))
end

-- ---- Blocks

local make = {}

function make.heading(block, lead) return e("h" .. math.min(block.level, 6), nil, inline(block.text, lead)) end

function make.paragraph(block, lead) return e("p", nil, inline(block.text, lead)) end

function make.code(block) return e("pre", nil, block.text) end

function make.list(block, lead)
  local items = {}
  for i, item in ipairs(block.items) do
    items[i] = e("li", nil, inline(item, lead))
  end
  return e(block.ordered and "ol" or "ul", nil, items)
end

local function row_of(tag, cells, lead)
  local list = {}
  for i, cell in ipairs(cells) do
    list[i] = e(tag, nil, inline(cell, lead))
  end
  return e("tr", nil, list)
end

function make.table(block, lead)
  local rows = { row_of("th", block.head, lead) }
  for i, row in ipairs(block.rows) do
    rows[i + 1] = row_of("td", row, lead)
  end
  return e("table", nil, rows)
end

--- The elements of a page, a line each.
---@param text string
---@param lead? fun(to: string): string   where a link leads in the HTML page; as it is written unless given
---@return string
function markdown_html.elements(text, lead)
  local list = {}
  for i, block in ipairs(markdown.blocks(text)) do
    list[i] = tostring(make[block.kind](block, lead or function(to) return to end))
  end
  return table.concat(list, "\n")
end

return markdown_html

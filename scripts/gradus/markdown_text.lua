--- markdown_text: a page in Markdown for a terminal: lines that are no longer than it is wide, but for code, which stays as it is.
---
---   io.write(markdown_text.page(text, { columns = 80, bold = true }))
local markdown = require "gradus.markdown"
local width = require "gradus.width"

local markdown_text = {}

-- ---- Within a line

local function words_of(pieces)
  local parts = {}
  for i, piece in ipairs(pieces) do
    parts[i] = piece.pieces and words_of(piece.pieces) or piece.text
    if piece.kind == "code" then parts[i] = ("`%s`"):format(piece.text) end
  end
  return table.concat(parts)
end

--- A line as it is read: names keep their `quotes`, bold text and links are their words.
local function plain(text) return words_of(markdown.pieces(text)) end

local function add_wrapped(lines, text, columns, first, hang)
  for i, line in ipairs(width.wrap(plain(text), columns - hang, columns - width.of(first))) do
    lines[#lines + 1] = (i == 1 and first or (" "):rep(hang)) .. line
  end
end

-- ---- Tables

local gap, least = 2, 8 -- columns between two of the table; of one that gives way

--- The widest gives way until all fit.
local function widths_of(rows, columns)
  local widths, sum = {}, -gap
  for _, row in ipairs(rows) do
    for i, cell in ipairs(row) do
      widths[i] = math.max(widths[i] or 0, width.of(cell))
    end
  end
  for i = 1, #widths do
    sum = sum + widths[i] + gap
  end
  while sum > columns do
    local widest = 1
    for i = 2, #widths do
      if widths[i] >= widths[widest] then widest = i end
    end
    if widths[widest] <= least then break end
    widths[widest], sum = widths[widest] - 1, sum - 1
  end
  return widths
end

--- A row, whose cells may need several lines.
local function add_row(lines, row, widths)
  local cells, most = {}, 0
  for i = 1, #widths do
    cells[i] = width.wrap(row[i] or "", widths[i])
    most = math.max(most, #cells[i])
  end
  for k = 1, most do
    local parts = {}
    for i = 1, #widths do
      parts[i] = width.pad(cells[i][k] or "", widths[i])
    end
    lines[#lines + 1] = table.concat(parts, (" "):rep(gap))
  end
end

local function add_table(lines, block, columns)
  local rows = { block.head, table.unpack(block.rows) }
  for r, row in ipairs(rows) do
    local texts = {}
    for i, cell in ipairs(row) do
      texts[i] = plain(cell)
    end
    rows[r] = texts
  end
  local widths, dashes = widths_of(rows, columns), {}
  for i, one in ipairs(widths) do
    dashes[i] = ("-"):rep(one)
  end
  table.insert(rows, 2, dashes)
  for _, row in ipairs(rows) do
    add_row(lines, row, widths)
  end
end

-- ---- Blocks

local indent, code_indent = 2, 4 -- of all that is no heading; of code, where it is not too wide for that

--- Each adds the lines of a block, at most so many columns wide.
local add = {}

function add.paragraph(lines, block, columns) add_wrapped(lines, block.text, columns, "", 0) end

function add.code(lines, block)
  for line in (block.text .. "\n"):gmatch "(.-)\n" do
    lines[#lines + 1] = line
  end
end

function add.list(lines, block, columns)
  for i, item in ipairs(block.items) do
    local first = block.ordered and ("%d. "):format(i) or "- "
    add_wrapped(lines, item, columns, first, #first)
  end
end

function add.table(lines, block, columns) add_table(lines, block, columns) end

--- Code that would fit without spaces in front of it gets fewer.
local function indent_of(block, lines, columns)
  local room = columns - width.widest(lines)
  if block.kind ~= "code" or room < 0 then return indent end
  return math.min(code_indent, room)
end

--- Adds a block's lines, indented.
local function add_block(lines, block, columns)
  local own = {}
  add[block.kind](own, block, columns - indent)
  local spaces = indent_of(block, own, columns)
  for _, line in ipairs(own) do
    lines[#lines + 1] = ((" "):rep(spaces) .. line):gsub("%s+$", "")
  end
end

local function heading(block, layout)
  local text = plain(block.text)
  return layout.bold and ("\27[1m%s\27[0m"):format(text) or text
end

--- A page as text.
---@param text string
---@param layout gradus.Layout
---@return string
function markdown_text.page(text, layout)
  local lines, before = {}, nil
  for _, block in ipairs(markdown.blocks(text)) do
    if before and before ~= "heading" then lines[#lines + 1] = "" end
    if block.kind == "heading" then
      lines[#lines + 1] = heading(block, layout)
    else
      add_block(lines, block, layout.columns)
    end
    before = block.kind
  end
  return table.concat(lines, "\n") .. "\n"
end

return markdown_text

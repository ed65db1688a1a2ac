--- markdown: the part of Markdown that pages of the manual are written in, as plain tables.
---
---   for _, block in ipairs(markdown.blocks(text)) do ... end
---   { kind = "heading", level = 2, text = "Units" }
---   { kind = "paragraph", text = "A line that goes on." }      what stands on several lines is put together with spaces
---   { kind = "code", text = "local x = 1" }                    between lines of ```; nothing in it means anything
---   { kind = "list", ordered = false, items = { "one", "two" } }      "- " or "1. "; lines that go on are indented
---   { kind = "table", head = { "a", "b" }, rows = { { "1", "2" } } }  a line of dashes stands behind the first; \| is a bar
---
--- Nothing is refused: what is none of these is a paragraph.
local markdown = {}

-- ---- Blocks

--- What is read: lines, and the place of the next.
local function next_line(from)
  local line = from.lines[from.at]
  from.at = from.at + 1
  return line
end

local function read_code(from)
  next_line(from)
  local list = {}
  while from.lines[from.at] and not from.lines[from.at]:find "^```" do
    list[#list + 1] = next_line(from)
  end
  next_line(from)
  return { kind = "code", text = table.concat(list, "\n") }
end

local function read_heading(from)
  local marks, text = next_line(from):match "^(#+)%s+(.-)%s*$"
  return { kind = "heading", level = #marks, text = text }
end

--- The text of a line that begins an item, and whether items are numbered.
local function item_text(line)
  local text = line:match "^[-*]%s+(.*)$"
  if text then return text, false end
  text = line:match "^%d+%.%s+(.*)$"
  return text, text ~= nil
end

local function read_list(from)
  local block = { kind = "list", items = {} }
  block.ordered = select(2, item_text(from.lines[from.at]))
  while from.lines[from.at] do
    local text, ordered = item_text(from.lines[from.at])
    local more = from.lines[from.at]:match "^%s+(%S.*)$"
    if text and ordered == block.ordered then
      block.items[#block.items + 1] = text
    elseif more then
      block.items[#block.items] = block.items[#block.items] .. " " .. more
    else
      break
    end
    next_line(from)
  end
  return block
end

--- The cells of a line "| a | b |".
local function cells_of(line)
  local cells = {}
  local inner = line:match "^|(.-)|?%s*$":gsub("\\|", "\0")
  for cell in (inner .. "|"):gmatch "(.-)|" do
    cells[#cells + 1] = cell:gsub("\0", "|"):match "^%s*(.-)%s*$"
  end
  return cells
end

local function is_row(line) return line ~= nil and line:find "^|" ~= nil end

local function is_table(from)
  local second = from.lines[from.at + 1]
  return is_row(from.lines[from.at]) and is_row(second) and not second:find "[^|:%s-]" and second:find "-" ~= nil
end

local function read_table(from)
  local block = { kind = "table", head = cells_of(next_line(from)), rows = {} }
  next_line(from)
  while is_row(from.lines[from.at]) do
    block.rows[#block.rows + 1] = cells_of(next_line(from))
  end
  return block
end

--- What reads the block that begins here; nil for a paragraph.
local function reader(from)
  local line = from.lines[from.at]
  if line:find "^```" then return read_code end
  if line:find "^#+%s" then return read_heading end
  if item_text(line) then return read_list end
  return is_table(from) and read_table or nil
end

local function is_empty(line) return not line:find "%S" end

local function read_paragraph(from)
  local list = {}
  repeat
    list[#list + 1] = next_line(from):match "^%s*(.-)%s*$"
    local line = from.lines[from.at]
  until not line or is_empty(line) or reader(from)
  return { kind = "paragraph", text = table.concat(list, " ") }
end

--- The blocks of a text, in order.
---@param text string
---@return table[]
function markdown.blocks(text)
  local from, blocks = { lines = {}, at = 1 }, {}
  for line in (text:gsub("\r\n?", "\n") .. "\n"):gmatch "(.-)\n" do
    from.lines[#from.lines + 1] = line
  end
  while from.lines[from.at] do
    if is_empty(from.lines[from.at]) then
      next_line(from)
    else
      blocks[#blocks + 1] = (reader(from) or read_paragraph)(from)
    end
  end
  return blocks
end

-- ---- Within a line

--- What a piece of a line may be, by how it begins: the pattern has what stands in it, and of a link where it leads.
local marks = {
  { "`", kind = "code", pattern = "^`([^`]+)`()" },
  { "**", kind = "bold", pattern = "^%*%*(%S.-)%*%*()" },
  { "[", kind = "link", pattern = "^%[([^%]]+)%]%(([^%s()]+)%)()" },
}

--- The marked piece that begins at `at`, and where it ends; nil when there is none.
local function piece_at(text, at)
  for _, mark in ipairs(marks) do
    if text:sub(at, at + #mark[1] - 1) == mark[1] then
      local inner, second, third = text:match(mark.pattern, at)
      if inner and mark.kind == "code" then return { kind = "code", text = inner }, second end
      if inner and mark.kind == "bold" then return { kind = "bold", pieces = markdown.pieces(inner) }, second end
      if inner then return { kind = "link", pieces = markdown.pieces(inner), to = second }, third end
    end
  end
  return nil
end

--- The pieces of a line: { kind = "text" or "code", text }, { kind = "bold", pieces }, { kind = "link", pieces, to }.
---@param text string
---@return table[]
function markdown.pieces(text)
  local pieces, from, at = {}, 1, 1
  local function add_text(upto)
    if upto >= from then pieces[#pieces + 1] = { kind = "text", text = text:sub(from, upto) } end
  end
  while at <= #text do
    local piece, behind = piece_at(text, at)
    if piece then
      add_text(at - 1)
      pieces[#pieces + 1], from, at = piece, behind, behind
    else
      at = text:find("[`*%[]", at + 1) or #text + 1
    end
  end
  add_text(#text)
  return pieces
end

return markdown

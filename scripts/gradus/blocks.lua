--- blocks: the annotations in the library's own sources. A block is a run of `---` lines; the line of code behind it says what it
--- is about, or the block itself does: `---@entry tensor:backward`, for what is written in C or made in a loop.
---
--- In a block, text comes first; lines with three spaces or more are code, and those below a line "Example:" are the example. Of
--- LuaLS's tags param return class field type alias private are read; entry, see and source are ours. `given` is a table of options.
local blocks = {}

-- ---- Tags

--- The end of a type that begins at `from`: two spaces, or the line's end, outside of all brackets.
local function end_of_type(text, from)
  local depth = 0
  for at = from, #text do
    local c = text:sub(at, at)
    if c:find "[{(<%[]" then depth = depth + 1 end
    if c:find "[})>%]]" then depth = depth - 1 end
    if depth == 0 and text:sub(at, at + 1) == "  " then return at - 1 end
  end
  return #text
end

--- A type and the text behind it.
local function type_and_text(text)
  local last = end_of_type(text, 1)
  return text:sub(1, last), (text:sub(last + 1):gsub("^%s+", ""))
end

--- "lr? number  how fast" as { name, optional, type, text }.
local function parameter(rest)
  local name, optional, more = rest:match "^(%S-)(%??)%s+(.*)$"
  local of_type, text = type_and_text(more or "any")
  return { name = name or rest, optional = optional == "?", type = of_type, text = text }
end

local function words(text)
  local list = {}
  for word in text:gmatch "%S+" do
    list[#list + 1] = word
  end
  return list
end

local tags = {
  param = function(block, rest) table.insert(block.params, parameter(rest)) end,
  field = function(block, rest) table.insert(block.fields, parameter(rest)) end,
  ["return"] = function(block, rest)
    local of_type, text = type_and_text(rest)
    table.insert(block.returns, { type = of_type, text = text })
  end,
  class = function(block, rest) block.class = rest end,
  type = function(block, rest) block.type = rest end,
  entry = function(block, rest) block.entry = rest end,
  alias = function(block, rest) block.alias = rest end,
  see = function(block, rest) block.see = words(rest) end,
  source = function(block, rest) block.source = rest end,
  private = function(block) block.private = true end,
}

-- ---- Lines

local function new(file, line)
  return { file = file, first = line, text = {}, example = {}, params = {}, fields = {}, returns = {} }
end

--- A tag's text may go on, far to the right.
local function go_on(block, line)
  local last = block.last_tag and block.last_tag[#block.last_tag]
  local more = line:match "^%s%s%s%s%s%s%s%s%s%s+(.*)$"
  if last and more then last.text = last.text .. " " .. more end
  return last and more
end

local lists = { param = "params", field = "fields", ["return"] = "returns" }

local function add_line(block, line)
  local tag, rest = line:match "^@(%w+)%s*(.*)$"
  if tag then
    block.in_example = false
    if tags[tag] then tags[tag](block, rest) end
    block.last_tag = block[lists[tag]]
  elseif go_on(block, line) then
    return
  elseif line:match "^%s*Example:%s*$" then
    block.in_example = true
  elseif block.in_example and (line:match "^   " or line == "") then
    table.insert(block.example, (line:gsub("^   ", "")))
  else
    block.in_example = false
    table.insert(block.text, (line:gsub("^ ", "", 1)))
  end
end

local function close(block, code, line)
  block.code, block.line = code:gsub("^%s+", ""), line
  block.example = #block.example > 0 and table.concat(block.example, "\n"):gsub("%s+$", "") or nil
  block.in_example, block.last_tag = nil, nil
  return block
end

--- The blocks of a source, in order.
---@param file string   its name, for the blocks to remember
---@param source string
---@return table[]
function blocks.read(file, source)
  local list, block, number = {}, nil, 0
  for line in (source .. "\n"):gmatch "(.-)\n" do
    number = number + 1
    local comment = line:match "^%s*%-%-%-(.*)$"
    if comment then
      block = block or new(file, number)
      add_line(block, comment)
    elseif block then
      list[#list + 1], block = close(block, line, number), nil
    end
  end
  if block then list[#list + 1] = close(block, "", number + 1) end
  return list
end

-- ---- Text

--- Where a sentence ends at or behind `from`: before a capital, or at a line's end.
local function end_of_sentence(text, from)
  local at = from
  while true do
    local dot = text:find("%.%s", at)
    if not dot then return #text end
    if text:find("^%.\n", dot) or text:find('^%. +[%u"`]', dot) then return dot end
    at = dot + 1
  end
end

local kinds = { ["Shapes:"] = "shapes", ["Options:"] = "options", ["Raises"] = "raises" }

--- Adds a sentence to the section of its kind.
local function add_sentence(sections, sentence)
  sentence = sentence:gsub("%s+", " ")
  local kind = kinds[sentence:match "^(%u%l+:?) "] or "text"
  if kind == "options" then sentence = sentence:gsub("^Options: ", ""):gsub("%.$", "") end
  if kind == "shapes" then sentence = sentence:gsub("^Shapes: ", "") end
  if kind == "raises" then sentence = sentence:gsub("^Raises ", "") end
  local last = sections[#sections]
  if last and last.kind == kind and not last.closed then
    last.text = last.text .. " " .. sentence
  else
    sections[#sections + 1] = { kind = kind, text = sentence }
  end
end

local function add_paragraph(sections, lines)
  local text, at = table.concat(lines, "\n"), 1
  while at <= #text do
    local last = end_of_sentence(text, at)
    add_sentence(sections, text:sub(at, last))
    at = text:find("%S", last + 1) or #text + 1
  end
  if #sections > 0 then sections[#sections].closed = true end
end

local function add_code(sections, line)
  local last = sections[#sections]
  if last and last.kind == "code" then
    last.text = last.text .. "\n" .. line
  else
    sections[#sections + 1] = { kind = "code", text = line }
  end
end

--- The text of a block as a list of { kind, text }: text, shapes, options, raises, code.
---@param lines string[]
---@return { kind: string, text: string }[]
function blocks.sections(lines)
  local sections, paragraph = {}, {}
  local function finish()
    if #paragraph > 0 then add_paragraph(sections, paragraph) end
    paragraph = {}
  end
  for _, line in ipairs(lines) do
    if line:match "^  " or line == "" then finish() end
    if line:match "^  " then
      add_code(sections, (line:gsub("^  ", "")))
    elseif line ~= "" then
      paragraph[#paragraph + 1] = line
    end
  end
  finish()
  return sections
end

--- The first sentence of a block.
---@param lines string[]
---@return string
function blocks.summary(lines)
  local paragraph = {}
  for _, line in ipairs(lines) do
    if line == "" or line:match "^  " then break end
    paragraph[#paragraph + 1] = line
  end
  local text = table.concat(paragraph, "\n")
  return (text:sub(1, end_of_sentence(text, 1)):gsub("%s+", " "))
end

-- ---- Options

--- Cuts a text where a character stands outside of all brackets and quotes.
local function cut(text, mark)
  local parts, depth, from, quoted = {}, 0, 1, false
  for at = 1, #text do
    local c = text:sub(at, at)
    if c == '"' then quoted = not quoted end
    if not quoted and c:find "[{(<%[]" then depth = depth + 1 end
    if not quoted and c:find "[})>%]]" then depth = depth - 1 end
    if c == mark and depth == 0 and not quoted then
      parts[#parts + 1], from = text:sub(from, at - 1):match "^%s*(.-)%s*$", at + 1
    end
  end
  parts[#parts + 1] = text:sub(from):match "^%s*(.-)%s*$"
  return parts
end

--- The fields of a table type, "{ lr?: number, momentum?: number }"; nil for another type.
---@param of_type string
---@return { name: string, optional: boolean, type: string }[]?
function blocks.fields_of(of_type)
  local inside = of_type:match "^{%s*(.-)%s*}$" or of_type:match "|{%s*(.-)%s*}$"
  if not inside or inside == "" then return nil end
  local list = {}
  for _, part in ipairs(cut(inside, ",")) do
    local name, optional, field_type = part:match "^([%w_]+)(%??):%s*(.*)$"
    if not name then return nil end
    list[#list + 1] = { name = name, optional = optional == "?", type = field_type }
  end
  return list
end

--- Gives what "momentum (0): what it does" says to the options that its beginning names; false when it names none.
local function tell_options(piece, by_name)
  local head = piece:match "^[^:({]*"
  local named, last = {}, 0
  for at, name in head:gmatch "()([%w_]+)" do
    if by_name[name] then
      named[#named + 1], last = by_name[name], at + #name
    elseif name ~= "and" and name ~= "or" then
      break
    end
  end
  local default, rest = piece:sub(last):match "^%s*(%b())(.*)$"
  rest = (rest or piece:sub(math.max(last, 1))):gsub("^[%s:,]+", "")
  for _, option in ipairs(named) do
    option.default, option.text = default and default:sub(2, -2), rest
  end
  return named[#named]
end

--- Options with their defaults and texts: the fields of the table type, and what the block's sentence "Options: ..." says of each.
---@param of_type string
---@param sentence? string   "momentum (0); nesterov (false)"
---@return table[]?
function blocks.options(of_type, sentence)
  local list, by_name = blocks.fields_of(of_type), {}
  if not list then return nil end
  for _, option in ipairs(list) do
    option.text, by_name[option.name] = "", option
  end
  local before
  for _, piece in ipairs(cut(sentence or "", ";")) do
    local told = tell_options(piece, by_name)
    if not told and before and piece ~= "" then before.text = before.text .. "; " .. piece end
    before = told or before
  end
  return list
end

--- Options that stand as the fields of a class: a text begins with the default in brackets, where there is one.
---@param fields table[]
---@return table[]
function blocks.options_of_fields(fields)
  local list = {}
  for i, field in ipairs(fields) do
    local default, rest = field.text:match "^(%b())%s*(.*)$"
    list[i] = {
      name = field.name,
      optional = field.optional,
      type = field.type,
      default = default and default:sub(2, -2),
      text = rest or field.text,
    }
  end
  return list
end

return blocks

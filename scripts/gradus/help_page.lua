--- help_page: an entry, a module or a list of them as text of a given width, with bold headings where the terminal has them.
local width = require "gradus.width"

local page = {}

--- How the text is laid out: width in columns, and whether headings are bold.
---@class gradus.Layout
---@private
---@field columns integer
---@field bold boolean

--- A line in bold.
local function strong(layout, text) return layout.bold and ("\27[1m%s\27[0m"):format(text) or text end

--- Adds text in lines of at most layout.columns, all but the first behind `hang` columns.
local function wrap(lines, layout, text, first, hang)
  local words = text:gsub("%s+", " ")
  for i, line in ipairs(width.wrap(words, layout.columns - hang, layout.columns - width.of(first))) do
    lines[#lines + 1] = ((i == 1 and first or (" "):rep(hang)) .. line):gsub("%s+$", "")
  end
end

local function add_code(lines, text, indent)
  for line in (text .. "\n"):gmatch "(.-)\n" do
    lines[#lines + 1] = (indent .. line):gsub("%s+$", "")
  end
end

local function heading(lines, layout, text)
  if #lines > 0 and lines[#lines] ~= "" then lines[#lines + 1] = "" end
  lines[#lines + 1] = strong(layout, text)
end

--- A part with a heading and one paragraph; none when there is nothing to say.
local function part(lines, layout, title, text)
  if not text or text == "" then return end
  heading(lines, layout, title)
  wrap(lines, layout, text, "  ", 2)
end

--- Rows "name  type  text", the text wrapped behind the others.
local function add_rows(lines, layout, rows)
  local left = 0
  for _, row in ipairs(rows) do
    left = math.max(left, math.min(width.of(row[1]), 24))
  end
  for _, row in ipairs(rows) do
    local first = "  " .. width.pad(row[1], left) .. "  "
    wrap(lines, layout, row[2], first, left + 4)
  end
end

--- An entry's type for readers: any value stands for a tensor, or for what the text says.
local function type_text(of_type) return of_type == "any" and "" or (of_type:gsub("gradus%.", "")) end

--- "integer: rows a step", or what there is of both.
local function typed(of_type, text)
  local known = type_text(of_type)
  return known .. (known ~= "" and text ~= "" and ": " or "") .. text
end

local longest_default = 12

--- An option's row: "batch = all rows", and its type and text.
local function option_row(option)
  local left, right = option.name, typed(option.type, option.text)
  if option.default and #option.default <= longest_default then
    left = ("%s = %s"):format(left, option.default)
  elseif option.default then
    right = ("%s (%s)"):format(right, option.default)
  elseif not option.optional then
    right = "must be given; " .. right
  end
  return { left, right }
end

local function add_params(lines, layout, entry)
  local rows = {}
  for _, param in ipairs(entry.params) do
    local row = { param.name .. (param.optional and "?" or ""), typed(param.type, param.text) }
    if row[2] ~= "" and not (entry.options and (param.type:find "^{" or param.type:find "Options$")) then
      rows[#rows + 1] = row
    end
  end
  if #rows == 0 then return end
  heading(lines, layout, "Takes")
  add_rows(lines, layout, rows)
end

local function add_options(lines, layout, entry)
  if not entry.options then return end
  local rows = {}
  for i, option in ipairs(entry.options) do
    rows[i] = option_row(option)
  end
  heading(lines, layout, "Options")
  add_rows(lines, layout, rows)
end

local function add_returns(lines, layout, entry)
  local rows = {}
  for _, one in ipairs(entry.returns) do
    local text = typed(one.type, one.text)
    if text ~= "" then rows[#rows + 1] = text end
  end
  part(lines, layout, "Gives", table.concat(rows, "; "))
end

local function add_fields(lines, layout, entry)
  if #entry.fields == 0 then return end
  local rows = {}
  for i, field in ipairs(entry.fields) do
    rows[i] = { field.name, typed(field.type, field.text) }
  end
  heading(lines, layout, "Fields")
  add_rows(lines, layout, rows)
end

--- The prose of an entry or a module; shapes, and what it raises, come under headings of their own.
local function add_sections(lines, layout, sections, options_known)
  for _, section in ipairs(sections) do
    if section.kind == "code" then
      if lines[#lines] ~= "" then lines[#lines + 1] = "" end
      add_code(lines, section.text .. "\n", "    ")
    elseif section.kind == "shapes" then
      part(lines, layout, "Shapes", section.text)
    elseif section.kind == "text" then
      wrap(lines, layout, section.text, "  ", 2)
    elseif section.kind == "options" and not options_known then
      part(lines, layout, "Options", section.text)
    end
  end
end

local function raises(entry)
  local parts = {}
  for _, section in ipairs(entry.sections) do
    if section.kind == "raises" then parts[#parts + 1] = section.text end
  end
  return table.concat(parts, " ")
end

--- All that is known of an entry.
---@param entry gradus.Entry
---@param layout gradus.Layout
---@return string
function page.entry(entry, layout)
  local lines = {}
  for call in (entry.signature .. "   "):gmatch "(.-)   +" do
    lines[#lines + 1] = strong(layout, call)
  end
  lines[#lines + 1] = ""
  add_sections(lines, layout, entry.sections, entry.options)
  part(lines, layout, "Formula", entry.formula)
  part(lines, layout, "Gradient", entry.gradient)
  part(lines, layout, "Shapes", entry.shape)
  add_params(lines, layout, entry)
  add_fields(lines, layout, entry)
  add_options(lines, layout, entry)
  add_returns(lines, layout, entry)
  part(lines, layout, "Raises", raises(entry))
  if entry.example then
    heading(lines, layout, "Example")
    add_code(lines, entry.example, "  ")
  end
  if #entry.aliases > 0 then part(lines, layout, "Also", table.concat(entry.aliases, ", ")) end
  if entry.see then part(lines, layout, "See", table.concat(entry.see, ", ")) end
  part(lines, layout, "Source", entry.source)
  return table.concat(lines, "\n") .. "\n"
end

--- A line for each entry: name and summary, cut to the width.
---@param entries { name: string, summary: string }[]
---@param layout gradus.Layout
---@return string
function page.list(entries, layout)
  local lines, left = {}, 0
  for _, entry in ipairs(entries) do
    left = math.max(left, math.min(width.of(entry.name), 26))
  end
  for _, entry in ipairs(entries) do
    local line = ("  %s  %s"):format(width.pad(entry.name, left), entry.summary)
    if width.of(line) > layout.columns then line = width.cut(line, layout.columns - 3) .. "..." end
    lines[#lines + 1] = line:gsub("%s+$", "")
  end
  return table.concat(lines, "\n") .. "\n"
end

--- A module or a class: what it is, and a line for each thing in it.
---@param name string
---@param about { sections: table[], fields: table[]?, example: string? }
---@param entries gradus.Entry[]
---@param layout gradus.Layout
---@return string
function page.module(name, about, entries, layout)
  local lines = { strong(layout, name), "" }
  add_sections(lines, layout, about.sections)
  add_fields(lines, layout, { fields = about.fields or {} })
  if about.example then
    heading(lines, layout, "Example")
    add_code(lines, about.example, "  ")
  end
  heading(lines, layout, "In it")
  return table.concat(lines, "\n") .. "\n" .. page.list(entries, layout)
end

--- A heading in bold, for what stands between.
---@param text string
---@param layout gradus.Layout
---@return string
function page.heading(text, layout) return strong(layout, text) .. "\n" end

--- A paragraph in lines that fit.
---@param text string
---@param layout gradus.Layout
---@return string
function page.paragraph(text, layout)
  local lines = {}
  wrap(lines, layout, text, "", 0)
  return table.concat(lines, "\n") .. "\n"
end

return page

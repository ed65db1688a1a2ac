--- sheet: a grid of letters with colours, and the text that shows it. Rows and columns count from 1.
---
---   local page = sheet.new(80, 24, { unicode = true, colour = 256 })
---   page:write(1, 10, "loss", 0xD55E00)
---   print(page:text())
local inks = require "gradus.inks"
local width = require "gradus.width"

local Sheet = {}
Sheet.__index = Sheet

local sheet = {}

--- An empty sheet.
---@param columns integer
---@param rows integer
---@param style { unicode: boolean, colour: boolean|integer }   colour: false, 256, or true for 24 bits
function sheet.new(columns, rows, style)
  return setmetatable({ columns = columns, rows = rows, style = style, glyph = {}, ink = {}, paper = {} }, Sheet)
end

--- A text as this style can show it: without unicode, and for broken UTF-8, each other letter is a question mark.
function sheet.plain(text, style)
  if not utf8.len(text) then return (text:gsub("[\128-\255]", "?")) end
  if style.unicode then return text end
  return (text:gsub("…", "..."):gsub(utf8.charpattern, function(letter) return #letter > 1 and "?" or letter end))
end

--- A text cut to that many columns, with an ellipsis where something is missing.
function sheet.fit(text, columns, style)
  return width.fit(sheet.plain(text, style), columns, style.unicode and "…" or "...")
end

--- Puts one letter, one column wide. Outside of the sheet nothing happens.
function Sheet:set(row, column, glyph, ink, paper)
  if row < 1 or row > self.rows or column < 1 or column > self.columns then return end
  local at = (row - 1) * self.columns + column
  self.glyph[at], self.ink[at], self.paper[at] = glyph, ink, paper
end

--- Writes a text that stays within the sheet. What a letter of two columns covers holds an empty text.
---@return integer  the column behind it
function Sheet:write(row, column, text, ink, paper)
  text = sheet.fit(text, self.columns - column + 1, self.style)
  for _, code in utf8.codes(text) do
    local letter = utf8.char(code)
    local columns = width.of(letter)
    if columns == 0 then
      local before = (row - 1) * self.columns + column - 1
      self.glyph[before] = (self.glyph[before] or " ") .. letter
    else
      self:set(row, column, letter, ink, paper)
      if columns == 2 then self:set(row, column + 1, "", ink, paper) end
      column = column + columns
    end
  end
  return column
end

--- Writes a text in the middle of some columns, cut to them.
function Sheet:centre(row, from, columns, text, ink)
  text = sheet.fit(text, columns, self.style)
  self:write(row, from + (columns - width.of(text)) // 2, text, ink)
end

--- Copies another sheet onto this one.
function Sheet:paste(row, column, other)
  for i = 1, other.rows do
    for j = 1, other.columns do
      local at = (i - 1) * other.columns + j
      if other.glyph[at] then self:set(row + i - 1, column + j - 1, other.glyph[at], other.ink[at], other.paper[at]) end
    end
  end
end

--- The last column of a row that shows anything.
local function last_column(self, row)
  for column = self.columns, 1, -1 do
    local at = (row - 1) * self.columns + column
    if (self.glyph[at] or " ") ~= " " or (self.style.colour and self.paper[at]) then return column end
  end
  return 0
end

local function line(self, row)
  local parts, ink, paper = {}, nil, nil
  local depth = self.style.colour
  for column = 1, last_column(self, row) do
    local at = (row - 1) * self.columns + column
    local glyph = self.glyph[at] or " "
    local new_ink = glyph == " " and ink or self.ink[at] -- a space shows no ink: no need to change it
    if glyph == " " and not ink then new_ink = nil end
    if depth and (new_ink ~= ink or self.paper[at] ~= paper) then
      ink, paper = new_ink, self.paper[at]
      parts[#parts + 1] = inks.escape(ink, paper, depth)
    end
    parts[#parts + 1] = glyph
  end
  if ink or paper then parts[#parts + 1] = "\27[0m" end
  return table.concat(parts)
end

--- Its lines, joined by newlines; blanks at their ends are left out, and so are empty lines at the bottom.
---@return string
function Sheet:text()
  local lines = {}
  for row = 1, self.rows do
    lines[row] = line(self, row)
  end
  while lines[#lines] == "" do
    lines[#lines] = nil
  end
  return table.concat(lines, "\n")
end

return sheet

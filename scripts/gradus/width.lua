--- width: how many columns a terminal takes for a text. Korean letters take two; accents that stand over a letter none.
local core = require "gradus.core"

local width = {}

--- Code points of two columns: Unicode 15.1's East Asian Width, classes W and F, in coarse ranges; and pictures (emoji).
local wide = {
  { 0x1100, 0x115F },
  { 0x231A, 0x231B },
  { 0x2E80, 0x303E },
  { 0x3041, 0x33FF },
  { 0x3400, 0x4DBF },
  { 0x4E00, 0x9FFF },
  { 0xA000, 0xA4CF },
  { 0xA960, 0xA97C },
  { 0xAC00, 0xD7A3 },
  { 0xF900, 0xFAFF },
  { 0xFE30, 0xFE6F },
  { 0xFF01, 0xFF60 },
  { 0xFFE0, 0xFFE6 },
  { 0x1F300, 0x1F64F },
  { 0x1F680, 0x1F6FF },
  { 0x1F900, 0x1F9FF },
  { 0x20000, 0x3FFFD },
}

--- Code points that are drawn over the letter before them: combining marks, vowels and final consonants of old Hangul, joiners.
local none = {
  { 0x0300, 0x036F },
  { 0x1160, 0x11FF },
  { 0x200B, 0x200F },
  { 0x20D0, 0x20F0 },
  { 0xD7B0, 0xD7FB },
  { 0xFE00, 0xFE0F },
  { 0xFE20, 0xFE2F },
}

local function within(code, ranges)
  for _, range in ipairs(ranges) do
    if code < range[1] then return false end
    if code <= range[2] then return true end
  end
  return false
end

local function columns_of(code)
  if code < 0x300 then return 1 end
  if within(code, none) then return 0 end
  return within(code, wide) and 2 or 1
end

--- The columns of the terminal on standard output, 80 when it does not tell; nil where there is none.
---@return integer?
function width.terminal()
  local columns = core.terminal_size()
  return columns == 0 and 80 or columns
end

--- The columns that a text may fill: the terminal's, 80 where there is none. A window may change, so this is asked each time.
---@return integer
function width.to_fill() return width.terminal() or 80 end

--- The columns of a text; each byte counts where it is no UTF-8.
---@param text string
---@return integer
function width.of(text)
  if not utf8.len(text) then return #text end
  local columns = 0
  for _, code in utf8.codes(text) do
    columns = columns + columns_of(code)
  end
  return columns
end

--- The columns of the longest of several texts; 0 when there are none.
---@param texts string[]
---@return integer
function width.widest(texts)
  local most = 0
  for _, text in ipairs(texts) do
    most = math.max(most, width.of(text))
  end
  return most
end

--- The text, with spaces behind it (in front of it, when `right`) up to that many columns; a longer one stays as it is.
---@param text string
---@param columns integer
---@param right? boolean
---@return string
function width.pad(text, columns, right)
  local spaces = (" "):rep(columns - width.of(text))
  return right and spaces .. text or text .. spaces
end

--- As much of the beginning of a text as fits into that many columns.
---@param text string
---@param columns integer
---@return string
function width.cut(text, columns)
  if not utf8.len(text) then return text:sub(1, columns) end
  local used, last = 0, 0
  for at, code in utf8.codes(text) do
    used = used + columns_of(code)
    if used > columns then break end
    last = utf8.offset(text, 2, at) - 1
  end
  return text:sub(1, last)
end

--- The text, or as much of its beginning as fits into that many columns with a sign behind it that something is missing.
---@param text string
---@param columns integer
---@param dots? string   the sign ("…")
---@return string
function width.fit(text, columns, dots)
  if width.of(text) <= columns then return text end
  dots = dots or "…"
  if columns <= width.of(dots) then return width.cut(text, math.max(0, columns)) end
  return width.cut(text, columns - width.of(dots)) .. dots
end

--- The text in lines of at most so many columns, broken at spaces; within a word only when that alone is longer than a line.
---@param text string
---@param columns integer
---@param first? integer   columns of the first line, where it has fewer
---@return string[]
function width.wrap(text, columns, first)
  local lines, line, room = {}, "", first or columns
  local function turn()
    lines[#lines + 1] = line
    line, room = "", columns
  end
  for space, word in text:gmatch "(%s*)(%S+)" do
    if width.of(line .. space .. word) > room and (line ~= "" or room < columns) then turn() end
    word = line == "" and word or space .. word
    while width.of(line .. word) > room do
      line = width.cut(word, math.max(2, room)) -- 2: some letters take two
      word = word:sub(#line + 1)
      turn()
    end
    line = line .. word
  end
  if line ~= "" or #lines == 0 then lines[#lines + 1] = line end
  return lines
end

return width

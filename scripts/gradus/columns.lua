--- columns: rows of texts as a table in a terminal, as wide as it is.
---
---   local lines, left_out = columns.lay_out({ { title = "name" }, { title = "loss", right = true } }, { { "xor", "0.01" } }, 80)
local width = require "gradus.width"

local columns = {}

local gap = 2 -- spaces between columns
local least = 8 -- columns of the terminal that a long text keeps

--- A text cut to that many columns, with a sign that there is more.
local function cut(text, most)
  if width.of(text) <= most then return text end
  return width.cut(text, most - 1) .. "…"
end

--- The same, but its end is kept: titles such as 000.dual_layer.accuracy are told apart by it.
local function cut_front(text, most)
  if width.of(text) <= most then return text end
  while width.of(text) > most - 1 do
    text = text:sub(utf8.offset(text, 2) or #text + 1)
  end
  return "…" .. text
end

local function widths_of(titles, rows)
  local list = {}
  for i, title in ipairs(titles) do
    local texts = {}
    for r, row in ipairs(rows) do
      texts[r] = row[i] or ""
    end
    local content = width.widest(texts)
    list[i] = { full = math.max(width.of(title.title), content), content = content }
    list[i].now = list[i].full
  end
  return list
end

local function sum(widths, count)
  local total = -gap
  for i = 1, count do
    total = total + widths[i].now + gap
  end
  return total
end

--- Titles give way first, down to what stands below them; with `all`, those that are to be kept, too.
local function shorten_titles(widths, titles, most, all)
  for i = #widths, 1, -1 do
    local over = sum(widths, #widths) - most
    if over <= 0 then return end
    local w = widths[i]
    if all or not titles[i].keep then w.now = math.max(w.now - over, math.min(w.now, math.max(w.content, least))) end
  end
end

--- Then long texts; numbers are never cut.
local function shorten_texts(widths, titles, most)
  for i = #widths, 1, -1 do
    local over = sum(widths, #widths) - most
    if over <= 0 then return end
    local w = widths[i]
    if not titles[i].right and not titles[i].whole then w.now = math.max(w.now - over, math.min(w.now, least)) end
  end
end

--- How many columns fit.
local function fitting(widths, most)
  local count = #widths
  while count > 1 and sum(widths, count) > most do
    count = count - 1
  end
  return count
end

local function line_of(texts, widths, titles, count, shorten)
  local parts = {}
  for i = 1, count do
    parts[i] = width.pad(shorten(texts[i] or "", widths[i].now), widths[i].now, titles[i].right)
  end
  return (table.concat(parts, (" "):rep(gap)):gsub("%s+$", ""))
end

--- Lines of a table whose first line has the titles. `most`: how wide it may be; nil: as wide as it wants. What does not fit is shortened:
--- titles, then texts of columns that are not `right` (numbers) or `whole`, then titles to `keep`; then columns at the end are left out:
--- second, their titles.
---@param titles { title: string, right?: boolean, whole?: boolean, keep?: boolean }[]
---@param rows string[][]
---@param most? integer
---@return string[], string[]
function columns.lay_out(titles, rows, most)
  local widths, count, left_out = widths_of(titles, rows), #titles, {}
  if most then
    shorten_titles(widths, titles, most)
    shorten_texts(widths, titles, most)
    shorten_titles(widths, titles, most, true)
    count = fitting(widths, most)
  end
  local heads = {}
  for i, title in ipairs(titles) do
    heads[i] = title.title
    if i > count then left_out[#left_out + 1] = title.title end
  end
  local lines = { line_of(heads, widths, titles, count, cut_front) }
  for _, row in ipairs(rows) do
    lines[#lines + 1] = line_of(row, widths, titles, count, cut)
  end
  return lines, left_out
end

return columns

--- counts: cells with texts in them, such as a confusion matrix, as a table with the names of rows and columns.
local extents = require "gradus.extents"
local inks = require "gradus.inks"
local sheet = require "gradus.sheet"
local values = require "gradus.plot_values"
local width = require "gradus.width"

local counts = {}

--- The names at positions 1 to n.
local function names_of(list, n)
  local names = {}
  for i = 1, n do
    names[i] = ""
  end
  for _, tick in ipairs(list or {}) do
    local i = math.tointeger(tick[1])
    if i and names[i] then names[i] = tostring(tick[2]) end
  end
  return names
end

--- Columns of the names at the left and of each cell, with a blank before it. nil when the texts have no room.
local function sizes(figure, text, rows, names, columns)
  local numbers = 0
  for _, row in ipairs(text) do
    numbers = math.max(numbers, width.widest(row))
  end
  local left = math.max(width.widest(rows), figure.ylabel and width.of(figure.ylabel) or 0)
  local room = columns - (numbers + 1) * #names -- for names, when cells are as narrow as can be
  left = math.min(left, math.max(columns // 4, room))
  if room < math.min(left, 3) then return nil end
  left = math.min(left, room)
  return left, math.min(math.max(numbers, width.widest(names)) + 1, (columns - left) // #names)
end

--- Paper and ink of a cell: the heat or gray of its number, and black or white on it.
local function colours_of(layer, v, lo, hi)
  if not layer.colour or type(v) ~= "number" or not values.finite(v) then return nil, nil end
  local paper = inks.cell(layer, v, lo, hi)
  return inks.on(paper), paper
end

local function write_cell(page, row, column, columns, text, ink, paper)
  text = sheet.fit(text, columns - 1, page.style)
  page:write(row, column, width.pad(text, columns, true), ink, paper)
end

local function write_rows(page, top, layer, rows, left, cell)
  local least, most = extents.matrix(layer.value)
  local lo, hi = layer.lo or least, layer.hi or most
  for i, row in ipairs(layer.text) do
    page:write(top + i - 1, 1, sheet.fit(rows[i], left, page.style))
    for j, text in ipairs(row) do
      local ink, paper = colours_of(layer, layer.value[i] and layer.value[i][j], lo, hi)
      write_cell(page, top + i - 1, left + (j - 1) * cell + 1, cell, text, ink, paper)
    end
  end
end

--- The table as a sheet; nil when the columns have no room for it.
---@param figure table   whose first layer has cells with texts
---@param style { unicode: boolean, colour: boolean|integer }
---@param columns integer
function counts.draw(figure, style, columns)
  local layer = figure.layers[1]
  local rows = names_of(figure.yticks, #layer.text)
  local names = names_of(figure.xticks, #(layer.text[1] or {}))
  if #names == 0 then return nil end
  local left, cell = sizes(figure, layer.text, rows, names, columns)
  if not left then return nil end
  local title, labels = figure.title and 1 or 0, (figure.xlabel or figure.ylabel) and 1 or 0
  local page = sheet.new(columns, title + labels + 1 + #rows, style)
  local all = math.max(1, #names * cell)
  if title > 0 then page:centre(1, 1, math.max(left + all, math.min(columns, width.of(figure.title))), figure.title) end
  if figure.ylabel then page:write(title + 1, 1, sheet.fit(figure.ylabel, left, style)) end
  if figure.xlabel then
    local room = math.max(all - 1, math.min(columns - left - 1, width.of(figure.xlabel)))
    page:centre(title + 1, left + 2, room, figure.xlabel)
  end
  for j, name in ipairs(names) do
    write_cell(page, title + labels + 1, left + (j - 1) * cell + 1, cell, name)
  end
  write_rows(page, title + labels + 2, layer, rows, left, cell)
  return page
end

return counts

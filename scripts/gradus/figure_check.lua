--- figure_check: whether a figure is one still. gr.plot makes only good ones, but a figure is a plain table, and scripts may change it.
local core = require "gradus.core"
local options = require "gradus.options"

local check = {}

local function is_list(value) return type(value) == "table" and value[1] ~= nil end

local function is_numbers(value)
  if type(value) ~= "table" then return false end
  for _, v in ipairs(value) do
    if type(v) ~= "number" then return false end
  end
  return true
end

local function is_range(value) return is_numbers(value) and #value == 2 and value[1] < value[2] end

--- Rows of numbers, all as long as the first; of a colour image, of { r, g, b }.
local function is_matrix(value, layer)
  if not is_list(value) or not is_list(value[1]) then return false end
  local is_entry = layer.colour == "rgb" and function(v) return is_numbers(v) and #v >= 3 end
    or function(v) return type(v) == "number" end
  for _, row in ipairs(value) do
    if type(row) ~= "table" or #row ~= #value[1] then return false end
    for _, v in ipairs(row) do
      if not is_entry(v) then return false end
    end
  end
  return true
end

--- Boxes with texts, which name others by their positions.
local function is_nodes(value)
  if not is_list(value) then return false end
  for _, node in ipairs(value) do
    local whole = type(node) == "table" and type(node.label) == "string" and is_list(node.lines)
    if not whole or not is_numbers(node.inputs) then return false end
    for _, input in ipairs(node.inputs) do
      if not value[input] then return false end
    end
  end
  return true
end

local function is_number(value) return type(value) == "number" and value - value == 0 end

local list = { is_numbers, "a list of numbers" }
local range = { is_range, "{ lo, hi } with lo < hi" }
local matrix = { is_matrix, "a list of rows of numbers, all of one length" }
local number = { is_number, "a finite number" }

--- What each mark needs; the lists of `even` must be as long as x.
local needs = {
  line = { x = list, y = list, even = { "y" } },
  points = { x = list, y = list, even = { "y" } },
  bars = { x = list, height = list, width = number, even = { "height" } },
  arrows = { x = list, y = list, dx = list, dy = list, scale = number, even = { "y", "dx", "dy" } },
  cells = { value = matrix, lo = number, hi = number },
  region = { value = matrix, x = range, y = range },
  contour = { value = matrix, x = range, y = range, levels = number },
  surface = { value = matrix, x = range, y = range },
  graph = { nodes = { is_nodes, "a list of { label =, lines =, inputs = }" } },
}

local function sorted_names(t)
  local names = {}
  for name in pairs(t) do
    if name ~= "even" then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

local function describe(value)
  if type(value) ~= "table" or core.is_tensor(value) then return options.describe(value) end
  return value[1] == nil and "a table without [1]" or ("a table of %d"):format(#value)
end

local function refuse(what, place, expected, value)
  local form = "%s: the figure's %s must be %s, got %s: gr.plot made it so, but it was changed"
  core.raise(form:format(what, place, expected, describe(value)))
end

local function is_text(value) return type(value) == "string" and utf8.len(value) and not value:find "%c" end

local function check_text(what, value, place)
  if value ~= nil and not is_text(value) then
    refuse(what, place, "a text of one line without control characters", value)
  end
end

local function check_ticks(what, figure, name)
  for i, tick in ipairs(figure[name] or {}) do
    if type(tick) ~= "table" or not is_number(tick[1]) or not is_text(tick[2]) then
      refuse(what, ("%s[%d]"):format(name, i), '{ position, "text" }', tick)
    end
  end
end

local function check_layer(what, layer, place)
  local wanted = type(layer) == "table" and needs[layer.mark]
  if type(layer) ~= "table" then refuse(what, place, "a table with a mark", layer) end
  if not wanted then
    refuse(what, place .. ".mark", "one of " .. table.concat(sorted_names(needs), ", "), layer.mark)
  end
  for _, name in ipairs(sorted_names(wanted)) do
    local is_right, expected = wanted[name][1], wanted[name][2]
    local spared = layer.colour == "rgb" and (name == "lo" or name == "hi")
    if not spared and not is_right(layer[name], layer) then
      refuse(what, ("%s.%s"):format(place, name), expected, layer[name])
    end
  end
  for _, name in ipairs(wanted.even or {}) do
    if #layer[name] ~= #layer.x then
      refuse(what, ("%s.%s"):format(place, name), ("as long as its x (%d)"):format(#layer.x), layer[name])
    end
  end
  check_text(what, layer.name, place .. ".name")
end

local function check_layers(what, layers, place)
  if not is_list(layers) then refuse(what, place .. "layers", "a list of at least one layer", layers) end
  for i, layer in ipairs(layers) do
    check_layer(what, layer, ("%slayers[%d]"):format(place, i))
  end
end

--- Raises, and says what is expected, when a figure that was changed cannot be drawn.
---@param what string   the call that is refused
---@param figure gradus.Figure
function check.figure(what, figure)
  for _, name in ipairs { "title", "xlabel", "ylabel" } do
    check_text(what, figure[name], name)
  end
  for _, name in ipairs { "xlim", "ylim" } do
    if figure[name] ~= nil and not is_range(figure[name]) then refuse(what, name, range[2], figure[name]) end
  end
  check_ticks(what, figure, "xticks")
  check_ticks(what, figure, "yticks")
  if figure.panels == nil then return check_layers(what, figure.layers, "") end
  if not is_list(figure.panels) then refuse(what, "panels", "a list of figures", figure.panels) end
  if math.type(figure.columns) ~= "integer" or figure.columns < 1 then
    refuse(what, "columns", "a whole number of at least 1", figure.columns)
  end
  for i, panel in ipairs(figure.panels) do
    local place = ("panels[%d]"):format(i)
    if type(panel) ~= "table" then refuse(what, place, "a figure", panel) end
    check_text(what, panel.title, place .. ".title")
    check_layers(what, panel.layers, place .. ".")
  end
end

return check

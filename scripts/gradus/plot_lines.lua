--- plot_lines: lines and points. Its functions are gr.plot's: gr.plot.line and so on.
local core = require "gradus.core"
local options = require "gradus.options"
local values = require "gradus.plot_values"

local lines = {}

-- ---- Series

local function positions(n)
  local list = {}
  for i = 1, n do
    list[i] = i
  end
  return list
end

--- What f gives for each x.
local function computed(what, f, x)
  local y = {}
  for i, v in ipairs(x) do
    y[i] = values.number(what, ("what the function gives for %s"):format(v), f(v))
  end
  return y
end

local function is_pair(item)
  return type(item) == "table" and #item == 2 and values.is_vector(item[1]) and values.is_vector(item[2])
end

--- { { x, y }, { x, y }, ... }: every item is a pair of vectors.
local function all_pairs(list)
  if type(list) ~= "table" or list[1] == nil then return false end
  for _, item in ipairs(list) do
    if not is_pair(item) then return false end
  end
  return true
end

local function check_pair(what, s, place)
  values.same_length(what, "x" .. place, s.x, "y" .. place, s.y)
  return s
end

--- Series { x =, y = } from one argument: y, several, or pairs.
local function from_one(what, y)
  local series = {}
  if all_pairs(y) then
    for i, pair in ipairs(y) do
      local place = (" of pair %d"):format(i)
      local x = values.vector(what, "x" .. place, pair[1])
      series[i] = check_pair(what, { x = x, y = values.vector(what, "y" .. place, pair[2]) }, place)
    end
    return series
  end
  for i, list in ipairs(values.vectors(what, "y", y)) do
    series[i] = { x = positions(#list), y = list }
  end
  return series
end

--- Series from x and y: one x for all, or an x for each y.
local function from_two(what, x, y)
  local xs, series = values.vectors(what, "x", x), {}
  local ys = values.vectors(what, "y", y, xs[1])
  if #xs ~= 1 and #xs ~= #ys then
    core.raise(("%s: x has %d vectors but y has %d: there must be one x, or as many"):format(what, #xs, #ys))
  end
  for i, list in ipairs(ys) do
    local own = xs[#xs == 1 and 1 or i]
    if options.is_callable(list) then list = computed(what, list, own) end
    series[i] = check_pair(what, { x = own, y = list }, #ys > 1 and ("[%d]"):format(i) or "")
  end
  return series
end

local function read_series(what, data)
  if data.n == 1 then
    if options.is_callable(data[1]) then core.raise(("%s: a function needs its x: %s(x, f)"):format(what, what)) end
    return from_one(what, data[1])
  elseif data.n == 2 then
    return from_two(what, data[1], data[2])
  end
  core.raise(
    ("%s: expected (y), (x, y) or lists of them, got %d arguments: several series go into one list, (x, { y1, y2 })"):format(
      what,
      data.n
    )
  )
end

--- Which series are dashed: true for all, or a list of their numbers.
local function read_dashed(what, dashed, count)
  local set = {}
  if type(dashed) == "boolean" then
    for i = 1, count do
      set[i] = dashed
    end
    return set
  end
  for _, i in ipairs(values.vector(what, "dashed", dashed)) do
    if not math.tointeger(i) or i < 1 or i > count then
      core.raise(("%s: dashed names series %s of %d"):format(what, tostring(i), count))
    end
    set[math.tointeger(i)] = true
  end
  return set
end

-- ---- Lines

---@class gradus.LineOptions
---@field dashed? any
---@field marks? boolean
---@field title? string
---@field xlabel? string
---@field ylabel? string
---@field legend? string[]
---@field xlim? number[]
---@field ylim? number[]
---@field xticks? any[]
---@field yticks? any[]

--- Lines through points: one series or several, each in a colour of its own.
---
---   gr.plot.line(history.loss)                                       -- y; x counts from 1
---   gr.plot.line(x, y)                                               -- vectors: tensors or lists, of the same length
---   gr.plot.line({ train, test }, { legend = { "train", "test" } })  -- several y
---   gr.plot.line(x, { y1, y2 })                                      -- one x for all; { x1, x2 } one for each
---   gr.plot.line { { x1, y1 }, { x2, y2 } }                          -- pairs of vectors
---   gr.plot.line(gr.linspace(-5, 5, 101), { math.sin, math.cos })    -- functions of a number, with their x
---
--- The columns of a matrix are series too. NaN and infinite numbers are gaps. Options: title, xlabel, ylabel; legend (a text for each
--- series); xlim, ylim ({ lo, hi }); xticks, yticks (positions, or { position, "text" }); dashed (true, or a list of the series that
--- are); marks (false): a dot at each point.
--- Raises when vectors are empty or differ in length, when legend has another number of texts, and for unknown options.
--- Example:
---   local x = gr.linspace(-5, 5, 101)
---   print(gr.plot.line(x, { gr.sigmoid(x), gr.tanh(x) }, { legend = { "sigmoid", "tanh" } }))
---@param data any          see above
---@param given? gradus.LineOptions
---@return gradus.Figure
function lines.line(...)
  local what = "plot.line"
  local data, given = values.arguments(...)
  local o = values.options(what, given, { dashed = false, marks = false })
  local series = read_series(what, data)
  options.choice(what, "marks", o.marks, { true, false })
  local dashed, layers = read_dashed(what, o.dashed, #series), {}
  for i, s in ipairs(series) do
    layers[i] = { mark = "line", x = s.x, y = s.y, series = i, dashed = dashed[i] or nil }
  end
  values.name_series(what, o.legend, layers)
  for i, s in ipairs(o.marks and series or {}) do
    layers[#layers + 1] = { mark = "points", x = s.x, y = s.y, series = i }
  end
  return values.figure("line", o, layers)
end

-- ---- Points

--- Slope and intercept by least squares; a vertical cloud has none.
local function fitted(what, x, y)
  local n, sx, sy = 0, 0, 0
  for i, v in ipairs(x) do
    if v - v == 0 and y[i] - y[i] == 0 then
      n, sx, sy = n + 1, sx + v, sy + y[i]
    end
  end
  local mx, my, sxx, sxy = sx / n, sy / n, 0, 0
  for i, v in ipairs(x) do
    if v - v == 0 and y[i] - y[i] == 0 then
      sxx, sxy = sxx + (v - mx) ^ 2, sxy + (v - mx) * (y[i] - my)
    end
  end
  if sxx ~= sxx or sxx == 0 then core.raise(("%s: fit needs at least two different x"):format(what)) end
  return sxy / sxx, my - sxy / sxx * mx
end

--- The line y = w x + b from the least x to the greatest.
local function line_of(w, b, range)
  local name = ("y = %.4g x %s %.4g"):format(w, b < 0 and "−" or "+", math.abs(b))
  return { mark = "line", x = { range[1], range[2] }, y = { w * range[1] + b, w * range[2] + b }, name = name }
end

--- The layer that the option `line` asks for: { w, b }, or { { x1, x2 }, { y1, y2 } }.
local function given_line(what, line, range)
  if is_pair(line) then
    local x, y = values.vector(what, "line: x", line[1]), values.vector(what, "line: y", line[2])
    values.same_length(what, "line: x", x, "line: y", y)
    return { mark = "line", x = x, y = y }
  elseif type(line) ~= "table" or #line ~= 2 then
    values.refuse(what, "line", "{ w, b } or { { x1, x2, ... }, { y1, y2, ... } }", line)
  end
  return line_of(values.number(what, "line[1]", line[1]), values.number(what, "line[2]", line[2]), range)
end

--- The points of each class as a series, class c being number c + 1.
local function by_class(what, s, labels)
  values.same_length(what, "classes", labels, "x", s.x)
  local layers, seen = {}, {}
  for i, class in ipairs(labels) do
    local layer = seen[class] or { mark = "points", x = {}, y = {}, series = class + 1, name = tostring(class) }
    if not seen[class] then layers[#layers + 1] = layer end
    seen[class] = layer
    layer.x[#layer.x + 1], layer.y[#layer.y + 1] = s.x[i], s.y[i]
  end
  table.sort(layers, function(a, b) return a.series < b.series end)
  return layers
end

--- The columns of an n x 2 tensor are x and y.
local function as_columns(what, data)
  local t = data[1]
  if data.n ~= 1 or not core.is_tensor(t) then return data end
  if #t.shape ~= 2 or core.size(t, 2) ~= 2 then
    core.raise(("%s: expected x and y, or a tensor of 2 columns, got %s"):format(what, options.describe(t)))
  end
  return { n = 2, t[":, 1"], t[":, 2"] }
end

local function point_layers(what, series, classes)
  if classes ~= nil then
    if #series > 1 then core.raise(("%s: classes belong to one series, but there are %d"):format(what, #series)) end
    return by_class(what, series[1], values.labels(what, "classes", classes))
  end
  local layers = {}
  for i, s in ipairs(series) do
    layers[i] = { mark = "points", x = s.x, y = s.y, series = i }
  end
  return layers
end

--- Adds the lines that were asked for, over the points.
local function add_lines(what, o, layers, series)
  local range, x, y = nil, {}, {}
  for _, s in ipairs(series) do
    range = values.range(s.x, range)
    table.move(s.x, 1, #s.x, #x + 1, x)
    table.move(s.y, 1, #s.y, #y + 1, y)
  end
  range = range or { 0, 1 }
  local next_series = layers[#layers].series + 1
  if o.line ~= nil then
    layers[#layers + 1] = given_line(what, o.line, range)
    layers[#layers].series, next_series = next_series, next_series + 1
  end
  if o.fit then
    local w, b = fitted(what, x, y)
    layers[#layers + 1] = line_of(w, b, range)
    layers[#layers].series = next_series
  end
end

---@class gradus.ScatterOptions
---@field classes? any
---@field fit? boolean
---@field line? any
---@field title? string
---@field xlabel? string
---@field ylabel? string
---@field legend? string[]
---@field xlim? number[]
---@field ylim? number[]
---@field xticks? any[]
---@field yticks? any[]

--- Points, one series or several, and a line among them where one is asked for.
---
---   gr.plot.scatter(x, y)                                              -- vectors; or a tensor of 2 columns
---   gr.plot.scatter(x, y, { line = { w, b } })                         -- with the line y = w x + b
---   gr.plot.scatter(x, y, { line = { { x1, x2 }, { y1, y2 } } })       -- with the line through these points
---   gr.plot.scatter(x, y, { fit = true })                              -- with the line of least squares, and its equation
---   gr.plot.scatter(x, y, { classes = labels, legend = { "no", "yes" } })   -- a colour for each class
---   gr.plot.scatter(x, { y1, y2 })                                     -- several series, as in line
---
--- Options: those of line but dashed and marks; line; fit (false); classes: labels 0, 1, ..., as many as points, or one-hot rows.
--- legend has a text for each series or class, and may have one more for each line.
--- Raises when vectors are empty or differ in length, and for unknown options.
--- Example:
---   local diabetes = gr.data.diabetes()
---   print(gr.plot.scatter(diabetes.x[":, 3"], diabetes.y, { fit = true, xlabel = "bmi", ylabel = "progress" }))
---@param data any          see above
---@param given? gradus.ScatterOptions
---@return gradus.Figure
function lines.scatter(...)
  local what = "plot.scatter"
  local data, given = values.arguments(...)
  local o = values.options(what, given, { line = options.none, fit = false, classes = options.none })
  options.choice(what, "fit", o.fit, { true, false })
  data = as_columns(what, data)
  if data.n ~= 2 and not all_pairs(data[1]) then
    core.raise(("%s: expected x and y, got %d argument%s"):format(what, data.n, data.n == 1 and "" or "s"))
  end
  local series = read_series(what, data)
  local layers = point_layers(what, series, o.classes)
  local points = #layers
  add_lines(what, o, layers, series)
  if o.legend then
    local named = #o.legend == #layers and layers or table.move(layers, 1, points, 1, {})
    values.name_series(what, o.legend, named)
  end
  return values.figure("scatter", o, layers)
end

return lines

--- plot_fields: what lies over a plane: arrows, contours, surfaces, decisions. Its functions are gr.plot's: gr.plot.quiver and so on.
local core = require "gradus.core"
local lines = require "gradus.plot_lines"
local options = require "gradus.options"
local values = require "gradus.plot_values"

local fields = {}

-- ---- Arrows

--- How much longer arrows are drawn than they are, so that the longest reaches about from one to the next. n arrows that fill a
--- rectangle stand about 1/sqrt(n) of its side apart.
local function arrow_scale(x, y, dx, dy)
  local along = math.max(1, math.sqrt(#x) - 1)
  local function room(at, by)
    local range, reach = values.range(at) or { 0, 0 }, values.range(by) or { 0, 0 }
    local longest = math.max(math.abs(reach[1]), math.abs(reach[2]))
    local span = range[2] - range[1]
    return longest > 0 and span > 0 and span / along / longest or math.huge
  end
  local scale = math.min(room(x, dx), room(y, dy))
  return scale < math.huge and scale or 1
end

---@class gradus.QuiverOptions
---@field scale? any
---@field title? string
---@field xlabel? string
---@field ylabel? string
---@field legend? string[]
---@field xlim? number[]
---@field ylim? number[]
---@field xticks? any[]
---@field yticks? any[]

--- An arrow at each point, as matplotlib's quiver with angles="xy".
---
---   gr.plot.quiver(x, y, -dx, -dy, { title = "gradient" })
---
--- x, y: where arrows begin; dx, dy: where they point; tensors of any shape, or lists, with as many numbers. Options: title, xlabel,
--- ylabel, xlim, ylim, xticks, yticks; scale: how much longer than (dx, dy) they are drawn (so that they just do not overlap).
--- Raises when the numbers are not as many, and for unknown options.
--- Example:
---   print(gr.plot.quiver({ 0, 1, 2 }, { 0, 0, 0 }, { 1, 0, -1 }, { 0, 1, 0 }))
---@param data any          see above
---@param given? gradus.QuiverOptions
---@return gradus.Figure
function fields.quiver(...)
  local what = "plot.quiver"
  local data, given = values.arguments(...)
  local o = values.options(what, given, { scale = options.none })
  if data.n ~= 4 then core.raise(("%s: expected x, y, dx and dy, got %d arguments"):format(what, data.n)) end
  local lists = {}
  for i, name in ipairs { "x", "y", "dx", "dy" } do
    lists[i] = values.all(what, name, data[i])
    values.same_length(what, name, lists[i], "x", lists[1])
  end
  local scale = o.scale and options.number(what, "scale", o.scale, 0) or arrow_scale(table.unpack(lists))
  local layer = { mark = "arrows", x = lists[1], y = lists[2], dx = lists[3], dy = lists[4], scale = scale, series = 1 }
  return values.figure("quiver", o, { layer })
end

-- ---- Values over a plane

--- f(x, y) on a grid of n x n, row 1 at the lower end of y.
local function sampled(what, f, xlim, ylim, n)
  local rows = {}
  for i = 1, n do
    local y, row = ylim[1] + (ylim[2] - ylim[1]) * (i - 1) / (n - 1), {}
    for j = 1, n do
      local x = xlim[1] + (xlim[2] - xlim[1]) * (j - 1) / (n - 1)
      row[j] = values.number(what, ("what the function gives for (%s, %s)"):format(x, y), f(x, y))
    end
    rows[i] = row
  end
  return rows
end

--- The matrix, or what the function gives, and over which stretch of x and y it lies.
local function read_plane(what, data, o)
  if data.n ~= 1 then
    core.raise(("%s: expected a function of x and y or a matrix, got %d arguments"):format(what, data.n))
  end
  local n = options.whole(what, "grid", o.grid, 2)
  if options.is_callable(data[1]) then
    local xlim, ylim = o.xlim or { -1, 1 }, o.ylim or { -1, 1 }
    return sampled(what, data[1], xlim, ylim, n), xlim, ylim
  end
  local rows = values.matrix(what, "matrix", data[1])
  if #rows < 2 or #rows[1] < 2 then
    core.raise(("%s: the matrix is %d x %d, but at least 2 x 2 are needed"):format(what, #rows, #rows[1]))
  end
  return rows, o.xlim or { 1, #rows[1] }, o.ylim or { 1, #rows }
end

--- Whether the value is one path { x, y } rather than a list of them.
local function is_path(value) return type(value) == "table" and values.is_vector(value[1]) end

--- A line with dots for each path, named by the legend.
local function path_layers(what, path, legend)
  local layers = {}
  if path == nil then return layers end
  if type(path) ~= "table" then values.refuse(what, "path", "{ x, y } or a list of them", path) end
  for i, one in ipairs(is_path(path) and { path } or path) do
    local place = ("path %d: "):format(i)
    if type(one) ~= "table" or #one ~= 2 then values.refuse(what, ("path[%d]"):format(i), "{ x, y }", one) end
    local x, y = values.vector(what, place .. "x", one[1]), values.vector(what, place .. "y", one[2])
    values.same_length(what, place .. "x", x, place .. "y", y)
    layers[i] = { mark = "line", x = x, y = y, series = i + 1 }
  end
  values.name_series(what, legend, layers)
  for i = 1, #layers do
    local line = layers[i]
    layers[#layers + 1] = { mark = "points", x = line.x, y = line.y, series = line.series }
  end
  return layers
end

--- Whether a unit can be drawn as long across as down without a picture that is a strip.
local function nearly_square(xlim, ylim)
  local ratio, most = (xlim[2] - xlim[1]) / (ylim[2] - ylim[1]), 2.5
  return ratio < most and ratio > 1 / most
end

---@class gradus.ContourOptions
---@field grid? integer
---@field levels? integer
---@field path? any
---@field title? string
---@field xlabel? string
---@field ylabel? string
---@field legend? string[]
---@field xlim? number[]
---@field ylim? number[]
---@field xticks? any[]
---@field yticks? any[]

--- Lines of equal height, and paths of descent over them.
---
---   gr.plot.contour(f, { xlim = { -10, 10 }, ylim = { -5, 5 }, path = { xs, ys } })
---   gr.plot.contour(f, { path = { path1, path2 }, legend = { "lr 0.1", "lr 0.9" } })
---   gr.plot.contour(matrix, { xlim = { 0, 1 }, ylim = { 0, 1 } })
---
--- f: a function of two numbers; or its values as a matrix, row 1 at the lower end of y. Options: title, xlabel, ylabel, xticks, yticks;
--- xlim, ylim: the stretch that f is drawn over ({ -1, 1 }), or that the matrix spans (its positions); levels (12): how many lines, at
--- equal steps; grid (61): points along each side at which f is called; path: { x, y }, or a list of them, and legend for those.
--- Raises when f does not give a number, for vectors of different lengths, and for unknown options.
--- Example:
---   local function bowl(x, y) return x ^ 2 / 20 + y ^ 2 end
---   print(gr.plot.contour(bowl, { xlim = { -10, 10 }, ylim = { -5, 5 }, path = { { -7, -3, 0 }, { 2, 1, 0 } } }))
---@param data any          see above
---@param given? gradus.ContourOptions
---@return gradus.Figure
function fields.contour(...)
  local what = "plot.contour"
  local data, given = values.arguments(...)
  local o = values.options(what, given, { levels = 12, grid = 61, path = options.none })
  options.whole(what, "levels", o.levels, 1)
  local rows, xlim, ylim = read_plane(what, data, o)
  local layers = path_layers(what, o.path, o.legend)
  table.insert(layers, 1, { mark = "contour", value = rows, x = xlim, y = ylim, levels = o.levels })
  local result = values.figure("contour", o, layers)
  result.xlim, result.ylim = xlim, ylim
  result.equal = o.path ~= nil and nearly_square(xlim, ylim) or nil
  return result
end

---@class gradus.SurfaceOptions
---@field grid? integer
---@field title? string
---@field xlabel? string
---@field ylabel? string
---@field legend? string[]
---@field xlim? number[]
---@field ylim? number[]
---@field xticks? any[]
---@field yticks? any[]

--- A function of two numbers as a surface, seen from the side.
---
---   gr.plot.surface(function(x, y) return x ^ 2 / 20 + y ^ 2 end, { xlim = { -10, 10 }, ylim = { -5, 5 } })
---
--- f or a matrix, as in contour. Options: title, xlabel, ylabel, xticks, yticks, xlim, ylim; grid (41).
--- Raises when f does not give a number, and for unknown options.
--- Example:
---   print(gr.plot.surface(function(x, y) return x ^ 2 + y ^ 2 end, { title = "bowl" }))
---@param data any          see above
---@param given? gradus.SurfaceOptions
---@return gradus.Figure
function fields.surface(...)
  local what = "plot.surface"
  local data, given = values.arguments(...)
  local o = values.options(what, given, { grid = 41 })
  local rows, xlim, ylim = read_plane(what, data, o)
  local result = values.figure("surface", o, { { mark = "surface", value = rows, x = xlim, y = ylim } })
  result.xlim, result.ylim = xlim, ylim
  return result
end

-- ---- Decisions

--- All points of an n x n grid as rows of a tensor, row by row from the lower end of y.
local function grid_points(xlim, ylim, n, dtype)
  local across, up = core.linspace(xlim[1], xlim[2], n), core.linspace(ylim[1], ylim[2], n)
  local x = core.reshape(across, 1, n) + core.zeros(n, n)
  local y = core.reshape(up, n, 1) + core.zeros(n, n)
  return core.to(core.concat({ core.reshape(x, -1, 1), core.reshape(y, -1, 1) }, 2), dtype)
end

--- The classes that a net or a function gives to rows of points.
local function decide(what, model, points)
  local net = type(model) == "table" and model.predict
  local result = net and model:predict(points) or model(points)
  if type(result) == "table" then result = core.tensor(result) end
  if not core.is_tensor(result) or #result.shape == 0 or #result ~= #points then
    core.raise(
      ("%s: the model must give a class for each of %d rows, got %s"):format(what, #points, options.describe(result))
    )
  end
  return values.labels(what, "the model's answer", result)
end

--- A little room around the points.
local function around(list)
  local range, share = values.range(list) or { -1, 1 }, 0.08
  local room = range[2] > range[1] and share * (range[2] - range[1]) or 1
  return { range[1] - room, range[2] + room }
end

local function as_table(list, n)
  local rows = {}
  for i = 1, n do
    rows[i] = table.move(list, (i - 1) * n + 1, i * n, 1, {})
  end
  return rows
end

--- The type that the model computes in: that of its parameters; a function's, that of x.
local function dtype_of(model, x)
  local net = type(model) == "table" and type(model.parameters) == "function"
  local first = net and model:parameters()[1]
  return first and first.dtype or x.dtype
end

--- The figure of checked arguments.
local function decisions(what, o, model, x, labels)
  local columns = x:T():totable()
  local xlim, ylim = o.xlim or around(columns[1]), o.ylim or around(columns[2])
  local n = options.whole(what, "grid", o.grid, 2)
  local decided = decide(what, model, grid_points(xlim, ylim, n, dtype_of(model, x)))
  local points = lines.scatter(columns[1], columns[2], { classes = labels }).layers
  local most = points[#points].series
  local names = values.texts(what, "classes", o.classes)
  if names and #names < most then
    core.raise(("%s: classes has %d names, but y has class %d: they count from 0"):format(what, #names, most - 1))
  end
  for _, layer in ipairs(points) do
    layer.name = names and names[layer.series] or layer.name
  end
  table.insert(points, 1, { mark = "region", value = as_table(decided, n), x = xlim, y = ylim })
  local result = values.figure("boundary", o, points)
  result.xlim, result.ylim = xlim, ylim
  result.equal = nearly_square(xlim, ylim) or nil
  return result
end

---@class gradus.BoundaryOptions
---@field classes? any
---@field grid? integer
---@field title? string
---@field xlabel? string
---@field ylabel? string
---@field legend? string[]
---@field xlim? number[]
---@field ylim? number[]
---@field xticks? any[]
---@field yticks? any[]

--- What a model of two inputs decides, point by point of a plane, and the data over it.
---
---   gr.plot.boundary(net, x, y, { classes = { "no", "yes" } })
---
--- model: a net, whose predict is called with n x 2 points; or a function of such a tensor that gives a class (0, 1, ...) or scores of all
--- classes for each row. x: m x 2; y: the labels of its rows, or one-hot rows. Options: title, xlabel, ylabel, xlim, ylim, xticks, yticks;
--- classes: a name for each class; grid (150): points along each side.
--- Raises when x has other than 2 columns, when y has other than m labels, and for unknown options.
--- Example:
---   local x = gr.tensor { { 0, 0 }, { 1, 1 }, { 0, 1 }, { 1, 0 } }
---   local function model(points) return points[":, 1"]:gt(0.5) end
---   print(gr.plot.boundary(model, x, { 0, 1, 0, 1 }))
---@param data any          see above
---@param given? gradus.BoundaryOptions
---@return gradus.Figure
function fields.boundary(...)
  local what = "plot.boundary"
  local data, given = values.arguments(...)
  local o = values.options(what, given, { classes = options.none, grid = 150 })
  if data.n ~= 3 then core.raise(("%s: expected a model, x and y, got %d arguments"):format(what, data.n)) end
  local model, x = data[1], data[2]
  if not options.is_callable(model) and not (type(model) == "table" and model.predict) then
    values.refuse(what, "model", "a net or a function", model)
  end
  if type(x) == "table" then x = core.tensor(x) end
  options.tensor(what, "x", x)
  if #x.shape ~= 2 or core.size(x, 2) ~= 2 then
    core.raise(('%s: x is %s, but a plane has points of 2 columns: choose two by x[":, 1:2"]'):format(what, x.shape))
  end
  local labels = values.labels(what, "y", data[3])
  if #labels ~= #x then core.raise(("%s: x has %d rows but y has %d labels"):format(what, #x, #labels)) end
  local result = decisions(what, o, model, x, labels)
  return result
end

return fields

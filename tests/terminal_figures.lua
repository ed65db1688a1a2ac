-- terminal_figures.lua: a figure of each kind, made by hand, for the tests of what a terminal shows.
local figures = {}

--- The lists of the two numbers that f gives for 1 to n.
local function pairs_of(n, f)
  local x, y = {}, {}
  for i = 1, n do
    x[i], y[i] = f(i)
  end
  return x, y
end

local function grid(rows, columns, f)
  local value = {}
  for i = 1, rows do
    value[i] = {}
    for j = 1, columns do
      value[i][j] = f(i, j)
    end
  end
  return value
end

local function add(name, figure) figures[#figures + 1] = { name = name, figure = figure } end

local function layer(mark, x, y, series, name) return { mark = mark, x = x, y = y, series = series, name = name } end

local epochs, train = pairs_of(17, function(i) return i, 2.3 * math.exp(-i / 4) + 0.1 end)
local _, test = pairs_of(17, function(i) return i, 2.2 * math.exp(-i / 5) + 0.3 + 0.05 * math.sin(i) end)
add("line", {
  title = "학습 곡선: loss by epoch",
  xlabel = "epoch",
  ylabel = "손실",
  layers = { layer("line", epochs, train, 1, "train"), layer("line", epochs, test, 2, "test") },
})

local one_x, one_y = pairs_of(100, function(i) return i / 10, math.sin(i / 10) end)
one_y[50] = 0 / 0
add("interrupted", { layers = { layer("line", one_x, one_y, 1) } })

local bmi, target = pairs_of(60, function(i)
  local x = math.sin(i * 12.9) * 0.05
  return x, 150 + 900 * x + 40 * math.sin(i * 78.2)
end)
add("scatter", {
  title = "diabetes",
  xlabel = "bmi",
  ylabel = "target",
  legend = { "people", "fitted" },
  layers = { layer("points", bmi, target, 1), layer("line", { -0.05, 0.05 }, { 105, 195 }, 2) },
})
add("points", { layers = { layer("points", bmi, target, 1) } })

local centres, heights = pairs_of(20, function(i)
  local x = -3 + i * 0.3
  return x, 100 * math.exp(-x ^ 2 / 2)
end)
add(
  "hist",
  { title = "weights", layers = { { mark = "bars", x = centres, height = heights, width = 0.3, series = 1 } } }
)
add("bar", {
  title = "정확도",
  xticks = { { 1, "sgd" }, { 2, "momentum" }, { 3, "adam" }, { 4, "rmsprop" } },
  layers = { { mark = "bars", x = { 1, 2, 3, 4 }, height = { 0.5, -0.2, 0.93, 0.7 }, width = 0.8, series = 3 } },
})

local ring = grid(28, 28, function(i, j)
  local r = math.sqrt((i - 14.5) ^ 2 + (j - 14.5) ^ 2)
  return math.max(0, 1 - math.abs(r - 10) / 3)
end)
add("image", { title = "0", layers = { { mark = "cells", value = ring, colour = "gray", lo = 0, hi = 1 } } })
local rainbow = grid(6, 12, function(i, j) return { i / 6, j / 12, 0.5 } end)
add("colour image", { layers = { { mark = "cells", value = rainbow, colour = "rgb" } } })

local captions = { "티셔츠/윗도리", "바지", "Pullover", "Dress", "코트", "Ankle boot" }
local panels = {}
for k, caption in ipairs(captions) do
  local value = grid(8, 8, function(i, j) return (i * j * k) % 17 end)
  panels[k] = { kind = "image", title = caption, layers = { { mark = "cells", value = value, colour = "gray" } } }
end
add("images", { title = "clothes", panels = panels, columns = 4 })

local waves = grid(10, 16, function(i, j) return math.sin(i / 2) * math.cos(j / 3) end)
add("heatmap", { title = "weights", xlabel = "input", layers = { { mark = "cells", value = waves, colour = "heat" } } })

local seen = grid(4, 4, function(i, j) return i == j and 90 + i or (i * j) % 5 end)
local names = { { 1, "티셔츠" }, { 2, "바지" }, { 3, "Pullover" }, { 4, "Dress" } }
local texts = grid(4, 4, function(i, j) return tostring(seen[i][j]) end)
add("confusion", {
  title = "confusion",
  xlabel = "predicted",
  ylabel = "true",
  xticks = names,
  yticks = names,
  layers = { { mark = "cells", value = seen, text = texts, colour = "heat" } },
})

local arrows = { mark = "arrows", x = {}, y = {}, dx = {}, dy = {} }
for i = -2, 2, 0.5 do
  for j = -2, 2, 0.5 do
    local n = #arrows.x + 1
    arrows.x[n], arrows.y[n], arrows.dx[n], arrows.dy[n] = i, j, -2 * i, -2 * j
  end
end
add("quiver", { title = "gradient field", xlabel = "x0", ylabel = "x1", layers = { arrows } })

local bowl = grid(41, 41, function(i, j)
  local x, y = -10 + (j - 1) / 2, -10 + (i - 1) / 2
  return x * x / 20 + y * y
end)
local path_x, path_y = pairs_of(30, function(i) return -7 * 0.9 ^ i, 2 * (-0.8) ^ i end)
add("contour", {
  title = "descent, rate 0.9",
  layers = {
    { mark = "contour", value = bowl, x = { -10, 10 }, y = { -10, 10 }, levels = 6 },
    layer("line", path_x, path_y, 2, "path"),
  },
})
add("surface", {
  title = "x²/20 + y²",
  xlabel = "x",
  ylabel = "y",
  layers = { { mark = "surface", value = bowl, x = { -10, 10 }, y = { -10, 10 } } },
})

local disc = grid(50, 50, function(i, j) return (i - 25) ^ 2 + (j - 25) ^ 2 < 200 and 1 or 0 end)
local inner_x, inner_y = pairs_of(20, function(i) return math.cos(i) * 0.3, math.sin(i) * 0.3 end)
local outer_x, outer_y = pairs_of(20, function(i) return math.cos(i) * 0.8, math.sin(i) * 0.8 end)
add("boundary", {
  title = "boundary",
  equal = true,
  layers = {
    { mark = "region", value = disc, x = { -1, 1 }, y = { -1, 1 } },
    layer("points", outer_x, outer_y, 1, "0"),
    layer("points", inner_x, inner_y, 2, "1"),
  },
})

add("graph", {
  title = "graph",
  layers = {
    {
      mark = "graph",
      nodes = {
        { label = "#1 value 'x'                 2 x 3      = [1 2 3 ...]", inputs = {} },
        { label = "#2 param 'w'                 3 x 1      = [0.5 0 1]   grad [5 7 9]", inputs = {} },
        { label = "#3 dot(#1, #2)               2 x 1      = [3.5 8]", inputs = { 1, 2 } },
      },
    },
  },
})

return figures

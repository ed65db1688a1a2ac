--- plot_bars: bars and histograms. Its functions are gr.plot's: gr.plot.bar and gr.plot.hist.
local core = require "gradus.core"
local options = require "gradus.options"
local values = require "gradus.plot_values"

local bars = {}

--- Counts of values in equal bins, the last closed at both ends, as numpy.histogram has them.
local function counted(list, bins, range)
  local counts, total, width = {}, 0, (range[2] - range[1]) / bins
  for i = 1, bins do
    counts[i] = 0
  end
  for _, v in ipairs(list) do
    if v >= range[1] and v <= range[2] then
      local i = math.min(math.floor((v - range[1]) / width) + 1, bins)
      -- Rounding may put a value that lies on an edge into the neighbour: the edges themselves decide.
      if i > 1 and v < range[1] + (i - 1) * width then i = i - 1 end
      if i < bins and v >= range[1] + i * width then i = i + 1 end
      counts[i], total = counts[i] + 1, total + 1
    end
  end
  return counts, total, width
end

---@class gradus.HistOptions
---@field bins? integer
---@field density? boolean
---@field range? number[]
---@field title? string
---@field xlabel? string
---@field ylabel? string
---@field legend? string[]
---@field xlim? number[]
---@field ylim? number[]
---@field xticks? any[]
---@field yticks? any[]

--- How often values occur, in bins of equal width from the least to the greatest; numpy.histogram's counts.
---
---   gr.plot.hist(net.layers[1].w, { bins = 20, title = "weights" })
---
--- values: a tensor of any shape, or a list; what is not finite is left out. Options: those of line but dashed and marks; bins (10);
--- range ({ lo, hi }); density (false): the area of all bars is 1.
--- Raises when there is no finite number, and for unknown options.
--- Example:
---   gr.random.seed(0)
---   print(gr.plot.hist(gr.random.randn(1000), { bins = 20, title = "normal" }))
---@param data any          see above
---@param given? gradus.HistOptions
---@return gradus.Figure
function bars.hist(...)
  local what = "plot.hist"
  local data, given = values.arguments(...)
  local o = values.options(what, given, { bins = 10, range = options.none, density = false })
  if data.n ~= 1 then core.raise(("%s: expected one set of values, got %d arguments"):format(what, data.n)) end
  local list = values.all(what, "values", data[1])
  local bins = options.whole(what, "bins", o.bins, 1)
  options.choice(what, "density", o.density, { true, false })
  local range = values.limits(what, "range", o.range) or values.range(list)
  if not range then core.raise(("%s: none of the %d values is finite"):format(what, #list)) end
  if range[1] == range[2] then range = { range[1] - 0.5, range[1] + 0.5 } end -- as NumPy does
  if bins > 100000 then core.raise(("%s: %d bins are more than can be told apart"):format(what, bins)) end
  local counts, total, width = counted(list, bins, range)
  local x = {}
  for i, count in ipairs(counts) do
    x[i] = range[1] + (i - 0.5) * width
    if o.density then counts[i] = total == 0 and 0 or count / (total * width) end
  end
  local layers = { { mark = "bars", x = x, height = counts, width = width, series = 1 } }
  values.name_series(what, o.legend, layers)
  return values.figure("hist", o, layers)
end

---@class gradus.BarOptions
---@field labels? string[]
---@field title? string
---@field xlabel? string
---@field ylabel? string
---@field legend? string[]
---@field xlim? number[]
---@field ylim? number[]
---@field xticks? any[]
---@field yticks? any[]

--- Bars at 1, 2, 3, ... side by side for several series.
---
---   gr.plot.bar({ 3, 1, 2 }, { labels = { "바지", "신발", "가방" } })
---   gr.plot.bar({ train, test }, { labels = names, legend = { "train", "test" } })
---
--- heights: a vector, or several in a list or a matrix's columns. Options: those of line but dashed and marks; labels: a text for each bar.
--- Raises when vectors are empty or differ in length, when labels or legend have another number of texts, and for unknown options.
--- Example:
---   print(gr.plot.bar({ 3, 1, 2 }, { labels = { "apple", "pear", "grape" } }))
---@param data any          see above
---@param given? gradus.BarOptions
---@return gradus.Figure
function bars.bar(...)
  local what = "plot.bar"
  local data, given = values.arguments(...)
  local o = values.options(what, given, { labels = options.none })
  if data.n ~= 1 then core.raise(("%s: expected the heights, got %d arguments"):format(what, data.n)) end
  local series, layers = values.vectors(what, "heights", data[1]), {}
  local room = 0.8 -- of the distance between neighbours
  for i, heights in ipairs(series) do
    values.same_length(what, ("heights[%d]"):format(i), heights, "heights[1]", series[1])
    local x = {}
    for j = 1, #heights do
      x[j] = j + room * ((i - 0.5) / #series - 0.5)
    end
    layers[i] = { mark = "bars", x = x, height = heights, width = room / #series, series = i }
  end
  values.name_series(what, o.legend, layers)
  for i, label in ipairs(values.texts(what, "labels", o.labels, #series[1], "bars") or {}) do
    o.xticks = i == 1 and {} or o.xticks
    o.xticks[i] = { i, label }
  end
  return values.figure("bar", o, layers)
end

return bars

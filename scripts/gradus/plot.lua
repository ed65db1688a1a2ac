--- plot: pictures. Each function takes data and then options, and gives a figure:
---
---   local figure = gr.plot.line(history.loss, { title = "손실", xlabel = "epoch" })
---   figure:save "loss.svg"
---
--- Options of all: title, xlabel, ylabel, legend, xlim, ylim, xticks, yticks. Texts are drawn as they stand.
local bars = require "gradus.plot_bars"
local core = require "gradus.core"
local fields = require "gradus.plot_fields"
local graph = require "gradus.graph"
local grids = require "gradus.plot_grids"
local lines = require "gradus.plot_lines"
local options = require "gradus.options"
local values = require "gradus.plot_values"

local plot = {}

for _, family in ipairs { lines, bars, grids, fields } do
  for name, f in pairs(family) do
    plot[name] = f
  end
end

--- The name of a tensor may hold anything; what cannot be drawn becomes a space.
local function drawable(text)
  return utf8.len(text) and (text:gsub("%c", " "):gsub("\u{2028}", " "):gsub("\u{2029}", " "))
    or text:gsub("[^ -~]", "?")
end

---@class gradus.GraphOptions
---@field title? string
---@field xlabel? string
---@field ylabel? string
---@field legend? string[]
---@field xlim? number[]
---@field ylim? number[]
---@field xticks? any[]
---@field yticks? any[]

--- The computation that a tensor remembers: a box for each tensor, inputs above results, with value and gradient.
---
---   gr.plot.graph(loss):save "graph.svg"
---
--- A file is drawn by dot (of graphviz) where that is installed; else it holds the lines that gr.graph prints. Options: title.
--- Raises for what is no tensor, for more than 500 of them, and for unknown options.
--- Example:
---   local w = gr.param(2, "w")
---   local loss = (w * 3 - 1) ^ 2
---   loss:backward()
---   print(gr.plot.graph(loss))
---@param y any
---@param given? gradus.GraphOptions
---@return gradus.Figure
function plot.graph(y, given)
  local what, most = "plot.graph", 500
  local o = values.options(what, given)
  options.tensor(what, "y", y)
  local nodes, drawn = graph.nodes(y), {}
  if #nodes > most then
    core.raise(("%s: %d tensors are more than can be read in one picture; at most %d"):format(what, #nodes, most))
  end
  for i, node in ipairs(nodes) do
    local box = graph.box(node)
    for k, line in ipairs(box) do
      box[k] = drawable(line)
    end
    drawn[i] = { label = drawable(graph.line(i, node)), lines = box, inputs = node.inputs }
  end
  return values.figure("graph", o, { { mark = "graph", nodes = drawn } })
end

return options.strict("gr.plot", plot)

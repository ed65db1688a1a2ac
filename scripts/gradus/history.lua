--- history: what fit remembers of a training, epoch by epoch, and its curves.
local history = {}

--- What fit has seen, epoch by epoch. Metrics and the validation's are lists too: history.accuracy, history.val_accuracy.
---@class gradus.History
---@field loss number[]       mean over the samples of each epoch, each before its update
---@field val_loss number[]?  loss on the validation data after each epoch
---@field steps integer       updates made
---@field stopped string?     why it ended early: "asked to", "patience", "interrupted" (by Ctrl-C), "an error"
local History = {}
History.__index = History

--- Whether a value is one, as fit gives it.
function history.is(value) return type(value) == "table" and debug.getmetatable(value) == History end

function history.new() return setmetatable({ loss = {}, steps = 0 }, History) end

--- The figure of the curves that the history has of these names; nil when it has none.
local function curves(self, names, ylabel, given)
  local plot, values = require "gradus.plot_lines", require "gradus.plot_values"
  local list, legend = {}, {}
  for _, name in ipairs(names) do
    if type(self[name]) == "table" then
      list[#list + 1], legend[#legend + 1] = self[name], name
    end
  end
  if #list == 0 then return nil end
  local o = { xlabel = "epoch", ylabel = ylabel, legend = #list > 1 and legend or nil, dashed = {} }
  for i, name in ipairs(legend) do
    if name:match "^val_" then o.dashed[#o.dashed + 1] = i end
  end
  if #o.dashed == 0 then o.dashed = false end
  values.options("history:plot", given) -- blames this call for what it does not know
  for name, value in pairs(given or {}) do
    o[name] = value
  end
  return (plot.line(list, o))
end

--- Metrics that were recorded, each with its validation.
local function metrics_of(self)
  local names = {}
  for _, name in ipairs { "accuracy", "mse", "mae", "r2" } do
    names[#names + 1] = name
    names[#names + 1] = "val_" .. name
  end
  local found = {}
  for _, name in ipairs(names) do
    if type(self[name]) == "table" then found[#found + 1] = name end
  end
  return found
end

--- From the first epoch to the last, on a line: what the prompt shows of a training.
function History:__tostring()
  local epochs = #self.loss
  local parts = { ("history: %d %s"):format(epochs, epochs == 1 and "epoch" or "epochs") }
  for _, name in ipairs(epochs > 0 and { "loss", "val_loss", table.unpack(metrics_of(self)) } or {}) do
    local list = self[name]
    if type(list) == "table" and #list > 0 then
      parts[#parts + 1] = ("%s %.4g -> %.4g"):format(name, list[1], list[#list])
    end
  end
  return table.concat(parts, ", ") .. (self.stopped and (" (stopped: %s)"):format(self.stopped) or "")
end

---@class gradus.CurvesOptions
---@field title? string
---@field xlabel? string
---@field ylabel? string
---@field legend? string[]
---@field xlim? number[]
---@field ylim? number[]
---@field xticks? any[]
---@field yticks? any[]

--- Loss by epoch, and loss on the validation data where there was some, as a figure. A second figure has the metrics that fit was
--- asked for, if any.
---
---   history:plot():save "loss.svg"
---   local losses, accuracies = history:plot { title = "fashion" }
---
--- Options, for both: title, xlabel, ylabel, legend, xlim, ylim, xticks, yticks.
--- Example:
---   gr.random.seed(0)
---   local net = nn.sequential { nn.dense(2, 1) }
---   local history = net:fit(gr.ones(4, 2), gr.ones(4, 1), { loss = nn.mse(), optimizer = gr.optim.sgd { lr = 0.1 }, epochs = 5 })
---   print(history:plot())
---@param given? gradus.CurvesOptions
---@return gradus.Figure, gradus.Figure?
function History:plot(given)
  local losses = curves(self, { "loss", "val_loss" }, "loss", given)
  local names = metrics_of(self)
  local one = #names <= 2 and names[1] and names[1]:gsub("^val_", "") or nil
  local metrics = curves(self, names, one, given)
  if not metrics then return losses end
  return losses, metrics
end

return history

--- sequential: layers one after the other, as one net that trains, predicts and describes itself.
local core = require "gradus.core"
local layer = require "gradus.layer"
local options = require "gradus.options"

--- Layers one after the other, as nn.sequential and nn.load give them: net(x) runs x through them all. A net is a layer too.
---@class gradus.Net: gradus.Layer
---@field task string?              what scores mean, when fit has not said: "classes", "binary" or "values"
---@field history gradus.History?   of the last fit, also of one that goes on or was stopped
local Net = setmetatable({}, { __index = layer.Layer })
Net.__index = Net

--- For saved nets: nn[kind](layers) makes such a net again.
Net.made_of_layers = true

local sequential = {}

--- The net that runs, the place in it, and what came in, for messages. A net inside a net comes and goes.
local running = nil

local function text_of(one) return type(one) == "function" and "function" or tostring(one) end

--- Also when a layer raises, the net outside is the one that runs again.
local Place = { __close = function(here) running = here.outer end }

--- For messages: notes that this layer's result is h, and so that all made since the note before is the layer's.
local function note(place, one, h)
  local label = type(one) == "table" and one.label and one:label() or text_of(one)
  table.insert(sequential.trace, { id = core.id(h), place = place, label = label })
end

function Net.__call(self, x)
  local h = x
  local here <close> = setmetatable({ net = self, input = x, outer = running }, Place)
  for i, one in ipairs(self.layers) do
    here.place = i
    running = here
    h = one(h)
    if core.is_tensor(h) then
      if sequential.trace then note(i, one, h) end
    else
      core.raise(
        ("sequential: layer %d (%s) must return a tensor, got %s"):format(i, text_of(one), options.describe(h))
      )
    end
  end
  return h
end

--- "32 x 100 -> dense(784 -> 50)": the shapes on the way to a layer that cannot go on; nil outside a net. Those are found by
--- running the layers before it once more, as eval() has them: a message may not move running means or counts of draws.
function sequential.chain(failing)
  if not running or running.net.layers[running.place] ~= failing or not core.is_tensor(running.input) then
    return nil
  end
  local net, place, h = running.net, running.place, running.input
  local before = core.recording(false)
  local steps = { tostring(h.shape) }
  for i = 1, place - 1 do
    local ok, y = layer.evaluating(net.layers[i], net.layers[i], h)
    if not ok then break end
    h = y
    steps[#steps + 1] = ("%s -> %s"):format(text_of(net.layers[i]), h.shape)
  end
  core.recording(before)
  steps[#steps + 1] = text_of(failing)
  return table.concat(steps, " -> ")
end

--- Raises what a layer says of an input that does not fit: its shape, why not, and the way that it took through the net.
---@param failing gradus.Layer
---@param x any
---@param why string   "but w is 2 x 3: columns of x must equal rows of w (2)"
function sequential.refuse(failing, x, why)
  if core.is_bytes(x) then options.tensor(failing:label(), "x", x) end
  local shape = core.is_tensor(x) and (#x.shape > 0 and tostring(x.shape) or "one number") or type(x)
  local chain = sequential.chain(failing)
  core.raise(("%s: x is %s %s%s"):format(failing:label(), shape, why, chain and "\n  chain: " .. chain or ""))
end

--- A net of layers, other nets, and functions of a tensor.
--- Example:
---   local net = nn.sequential { nn.dense(4, 8), nn.relu(), function(x) return x * 2 end, nn.dense(8, 3) }
---   net:summary()
---   print(net(gr.ones(5, 4)).shape)
---@param layers table   a list
---@return gradus.Net
function sequential.new(layers)
  if type(layers) ~= "table" or #layers == 0 then
    core.raise "sequential: expected a list of layers, like nn.sequential{ nn.dense(2, 3), nn.tanh() }"
  end
  local list = {}
  for i, one in ipairs(layers) do
    local maker = layer.makers[one]
    if maker then core.raise(("sequential: layer %d is nn.%s itself: write nn.%s()"):format(i, maker, maker)) end
    if not options.is_callable(one) then
      core.raise(("sequential: layer %d is %s, not a layer or a function"):format(i, options.describe(one)))
    end
    list[i] = one
  end
  for key in pairs(layers) do
    if math.type(key) ~= "integer" or key < 1 or key > #list then
      options.unknown("sequential", key, { "layers only" })
    end
  end
  return setmetatable({ kind = "sequential", layers = list, forward = Net.__call, training = true }, Net)
end

--- The layer whose result the net gives, also when it stands in a net inside the net.
---@private
function Net:last_layer()
  local last = self.layers[#self.layers]
  if type(last) == "table" and last.last_layer then return last:last_layer() end
  return last
end

--- Whether the net ends in that kind of layer.
---@param kind string
---@return boolean
---@private
function Net:ends_in(kind)
  local last = self:last_layer()
  return type(last) == "table" and last.kind == kind
end

function Net:__tostring()
  local parts = {}
  for i, one in ipairs(self.layers) do
    parts[i] = text_of(one)
  end
  return ("sequential(%s)"):format(table.concat(parts, ", "))
end

---@class gradus.FitOptions
---@field loss any                   nn.mse() and the like, or a function of (scores, targets)
---@field optimizer gradus.Optimizer  gr.optim.sgd { lr = 0.1 } and its kin
---@field epochs? integer            how long; or
---@field steps? integer             how many updates
---@field batch? integer             (all rows) rows a step
---@field shuffle? string|boolean    "permutation", as it is for smaller batches; "choice": each drawn with replacement; false: file order
---@field generator? any             (fit's own stream) what shuffling draws from, such as gr.random
---@field validation? table          { x, y }: adds history.val_loss and so on
---@field metrics? string[]          of "accuracy", "mse", "mae", "r2": adds history.accuracy, history.val_accuracy and so on
---@field on_epoch? function         called with e.epoch, e.loss, ... after each epoch; returning false stops
---@field on_step? function          called with s.step, s.loss after each step; returning false stops
---@field patience? integer          epochs without a smaller loss (the validation's, if given) before it stops with the best weights
---@field progress? boolean          (true) a line on the terminal
---@field replay? boolean            (true) computes a step once and runs it again in C for the batches that follow

--- Trains the net: goes through the rows of x and y in batches, and after each changes the parameters by the gradients of the loss.
--- Raises for an unknown option, rows that do not match, a loss that is not finite, and whatever net and loss refuse.
--- Example:
---   local iris = data.iris()
---   local train, test = data.split(iris.x, iris.y, { test = 0.2, seed = 0 })
---   local net = nn.sequential { nn.dense(4, 16), nn.tanh(), nn.dense(16, 3) }
---   local history = net:fit(train.x, train.y, {
---     loss = nn.cross_entropy(),
---     optimizer = optim.adam { lr = 0.01 },
---     batch = 20,
---     epochs = 20,
---     validation = { test.x, test.y },
---     metrics = { "accuracy" },
---     progress = false,
---   })
---   print(history.loss[1], history.loss[20], history.val_accuracy[20])
---@param x any       inputs, a row each
---@param y any       targets, a row (or label) each
---@param given gradus.FitOptions
---@return gradus.History
function Net:fit(x, y, given)
  layer.check_self("fit", self)
  return require("gradus.fit").fit(self, x, y, given)
end

--- The net's results for a byte set, some thousand rows at a time, so that all of it never stands in memory as numbers. Where
--- a result has not a row for each row, it sees all at once.
local function in_pieces(net, x)
  local piece, parts = 4800, {} -- rows: a multiple of those that a product takes at a time
  for from = 1, #x, piece do
    local rows = x[("%d:%d"):format(from, math.min(from + piece - 1, #x))]
    local y = net(rows)
    if not core.is_tensor(y) or #y.shape == 0 or #y ~= #rows then return net(x:tensor()) end
    parts[#parts + 1] = y
  end
  return #parts == 1 and parts[1] or core.concat(parts, 1)
end

--- What the net gives for x, without recording, and as eval() has it. A byte set goes through it in pieces.
--- Example:
---   local net = nn.sequential { nn.dense(4, 3) }
---   print(net:scores(data.iris().x["1:2"]))
---@param x any   tensor or byte set
function Net:scores(x)
  layer.check_self("scores", self)
  options.rows("scores", "x", x)
  local before = core.recording(false)
  local ok, y = layer.evaluating(self, core.is_bytes(x) and function(all) return in_pieces(self, all) end or self, x)
  core.recording(before)
  if not ok then error(y, 0) end
  return y
end

--- What the scores mean: as the last fit's loss said; before that, as the last layer and its width suggest.
---@private
function Net:meaning(scores)
  if self.task then return self.task end
  if #scores.shape > 1 and core.size(scores, 2) > 1 then return "classes" end
  return self:ends_in "sigmoid" and "binary" or "values"
end

--- Where yes begins: where the last fit's loss says; else at 1/2 for a net that ends in a logistic function, at 0 for
--- plain scores.
local function threshold(net) return net.yes_from or (net:ends_in "sigmoid" and 0.5 or 0) end

--- Class labels from scores, or the scores of a regression as a vector.
---@private
function Net:labels(scores)
  local meaning = self:meaning(scores)
  if meaning == "classes" then
    return core.argmax(scores, 2) - 1
  elseif meaning == "binary" then
    local yes = core.gt(scores, threshold(self))
    return core.size(yes, 2) == 1 and core.flatten(yes) or yes
  end
  return #scores.shape == 2 and core.size(scores, 2) == 1 and core.flatten(scores) or scores
end

--- Class labels (counting from 0) for each row of x; for a regression, the predicted values.
--- Example:
---   local iris = data.iris()
---   local net = nn.sequential { nn.dense(4, 3) }
---   net:fit(iris.x, iris.y, { loss = nn.cross_entropy(), optimizer = optim.sgd { lr = 0.1 }, epochs = 200, progress = false })
---   print(net:predict(iris.x["50:52"]), net:predict(iris.x[1]))
---@param x any   (m, inputs)
---@return any    (m)
function Net:predict(x)
  layer.check_self("predict", self)
  options.rows("predict", "x", x)
  if #x.shape == 1 then x = x:reshape(1, -1) end
  return self:labels(self:scores(x))
end

--- Accuracy of the predictions on x against labels or one-hot y; for a regression, R squared.
--- Example:
---   local iris = data.iris()
---   local net = nn.sequential { nn.dense(4, 3) }
---   net:fit(iris.x, iris.y, { loss = nn.cross_entropy(), optimizer = optim.sgd { lr = 0.1 }, epochs = 200, progress = false })
---   print(net:score(iris.x, iris.y))
---@param x any
---@param y any
---@return number
function Net:score(x, y)
  layer.check_self("score", self)
  local metrics = require "gradus.metrics"
  options.tensor("score", "y", y)
  local scores = self:scores(x)
  local meaning, labels = self:meaning(scores), self:labels(scores)
  if meaning == "values" then return metrics.r2(y, labels) end
  if meaning == "binary" then return metrics.accuracy(core.flatten(y), core.flatten(labels)) end
  return metrics.accuracy(y, labels)
end

local function with_commas(n)
  local text = tostring(math.tointeger(n))
  repeat
    local more
    text, more = text:gsub("^(%d+)(%d%d%d)", "%1,%2")
  until more == 0
  return text
end

local function count(params)
  local n = 0
  for _, p in ipairs(params) do
    n = n + p.size
  end
  return n
end

local function shapes(params)
  local list = {}
  for i, p in ipairs(params) do
    list[i] = ("%s %s"):format(p.name or "?", p.shape)
  end
  return table.concat(list, ", ")
end

--- Prints the layers with their parameters, and how many numbers there are to learn.
--- Example:
---   nn.sequential({ nn.dense(784, 50), nn.sigmoid(), nn.dense(50, 10) }):summary()
function Net:summary()
  layer.check_self("summary", self)
  for i, one in ipairs(self.layers) do
    local params = layer.parameters_of(one)
    local text = text_of(one)
    if type(one) == "table" and one.name then text = text .. " '" .. one.name .. "'" end
    print((("%-3d %-28s %12s  %s"):format(i, text, with_commas(count(params)), shapes(params)):gsub("%s+$", "")))
  end
  print(("    %-28s %12s"):format("parameters", with_commas(count(self:parameters()))))
end

return sequential

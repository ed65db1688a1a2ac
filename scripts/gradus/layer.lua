--- layer: what layers and nets have in common: parameters, names, being callable.
local core = require "gradus.core"
local options = require "gradus.options"

--- What layers and nets have in common. layer(x) computes; parameters and states are fields by their names: layer.w, and assigning
--- copies the values.
---@class gradus.Layer
---@field kind string
---@field name string?
---@field params table[]    parameters, each named
---@field state table[]     tensors that training changes by other means than gradients: running means, counters
---@field layers table      layers, nets and functions inside
---@field args table?      with what nn[kind] makes such a layer again
---@field training boolean  how dropout and batch_norm behave: true until eval() is called
local Layer = {}

--- makers: functions that make layers, with the name to call them by; a net refuses one that was not called.
--- counter: the name of a state that counts, in f64 whatever the layer's type.
--- trained: the parameters that trainings are at now.
local layer = { Layer = Layer, makers = {}, counter = "draws", trained = setmetatable({}, { __mode = "k" }) }

--- The parameter or state of that name, or nil.
local function tensor_named(self, key)
  for _, list in ipairs { rawget(self, "params") or {}, rawget(self, "state") or {} } do
    for _, t in ipairs(list) do
      if t.name == key then return t end
    end
  end
  return nil
end

--- Raises for a method that was called with a point, net.fit(x, y): what came in the net's place is another thing.
function layer.check_self(method, self)
  if type(self) == "table" and rawget(self, "kind") then return end
  core.raise(("%s: a method is called with a colon: write net:%s(...)"):format(method, method))
end

--- Raw fields first, then methods, then parameters and state by name: net.layers[1].w.
function Layer.__index(self, key)
  local method = Layer[key]
  if method ~= nil then return method end
  return tensor_named(self, key)
end

--- Assigning to a parameter or a state copies the values into it.
function Layer.__newindex(self, key, value)
  local p = tensor_named(self, key)
  if not p and core.is_tensor(value) and self.kind ~= "layer" then
    local names = {}
    for _, own in ipairs(rawget(self, "params") or {}) do
      names[#names + 1] = own.name
    end
    core.raise(("%s has no '%s'; it has: %s"):format(self:label(), tostring(key), table.concat(names, " ")))
  elseif not p then
    rawset(self, key, value)
    return
  end
  local t = core.is_tensor(value) and value or core.tensor(value, p.dtype)
  if t.shape ~= p.shape then
    core.raise(("%s: %s is %s, but what is assigned is %s"):format(self:label(), key, p.shape, t.shape))
  end
  p:copy_(t:detach():to(p.dtype))
end

function Layer.__call(self, x) return self.forward(x, self) end

--- Parameters and state take on another type of number, "f64" or "f32", rounded; their gradients go. What counts stays f64.
--- Example:
---   print(nn.dense(2, 3):to("f32").w.dtype)
---@param dtype string
---@return gradus.Layer
function Layer:to(dtype)
  options.choice("to", "the type", dtype, { "f64", "f32" })
  for _, p in ipairs(self:parameters()) do
    if layer.trained[p] then core.raise "to: a net that is trained cannot change its type before fit has ended" end
  end
  for _, list in ipairs { self:parameters(), self:states() } do
    for _, t in ipairs(list) do
      if t.name ~= layer.counter then core.retype(t, dtype) end
    end
  end
  return self
end

--- "dense 'hidden'": the kind, and the name if there is one.
---@private
function Layer:label() return self.name and ("%s '%s'"):format(self.kind, self.name) or self.kind end

-- ---- Parts

--- The keys of a plain table in an order that is the same in every run: numbers, then strings.
local function ordered_keys(t)
  local keys = {}
  for key in next, t do
    if math.type(key) == "integer" or type(key) == "string" then keys[#keys + 1] = key end
  end
  table.sort(keys, function(a, b)
    if type(a) ~= type(b) then return type(a) == "number" end
    return a < b
  end)
  return keys
end

local search

local function is_module(t)
  for _, module in pairs(package.loaded) do
    if rawequal(module, t) then return true end
  end
  return false
end

local function search_function(f, found, known)
  if options.is_ours(f) then return end
  local i, name, inner = 1, debug.getupvalue(f, 1)
  while name do
    if name ~= "_ENV" then search(inner, found, known) end
    i = i + 1
    name, inner = debug.getupvalue(f, i)
  end
end

--- Puts into `found` the layers, nets and parameters that a function of the script reaches by its local variables, and by tables
--- and objects there, so that `function(x) return x + block(x) end` is a layer with block's parameters.
function search(value, found, known)
  if type(value) ~= "function" and type(value) ~= "table" and not core.is_tensor(value) then return end
  if known[value] then return end
  known[value] = true
  if type(value) == "function" then
    search_function(value, found, known)
  elseif core.is_tensor(value) then
    if value.wants_grad and not core.history(value) then found[#found + 1] = value end
  elseif rawget(value, "kind") and type(value.parameters) == "function" then
    found[#found + 1] = value
  elseif not is_module(value) then
    for _, key in ipairs(ordered_keys(value)) do
      search(rawget(value, key), found, known)
    end
  end
end

--- The layers, nets and parameters that one entry of a net consists of.
---@return table[]
function layer.parts_of(one)
  local found = {}
  if type(one) ~= "function" then return { one } end
  search(one, found, {})
  return found
end

--- Adds to `list` what `one` and its parts hold under `field`, each tensor once.
local function gather(one, field, list, known)
  local own = core.is_tensor(one) and field == "params" and { one } or type(one) == "table" and rawget(one, field)
  for _, t in ipairs(own or {}) do
    if not known[core.id(t)] then list[#list + 1] = t end
    known[core.id(t)] = true
  end
  for _, inside in ipairs(type(one) == "table" and rawget(one, "layers") or {}) do
    for _, part in ipairs(layer.parts_of(inside)) do
      gather(part, field, list, known)
    end
  end
  return list
end

--- The parameters of one entry of a net: a layer, a net, or a function.
function layer.parameters_of(one) return gather({ layers = { one } }, "params", {}, {}) end

--- All parameters, in order, those of layers inside too. One that stands in two places counts once.
--- Example:
---   for _, p in ipairs(nn.dense(2, 3):parameters()) do
---     print(p.name, p.shape)
---   end
---@return table[]
function Layer:parameters() return gather(self, "params", {}, {}) end

--- All state that training changes by other means than gradients (running means, counters), in order.
--- Example:
---   for _, s in ipairs(nn.batch_norm(2):states()) do
---     print(s.name, s)
---   end
---@return table[]
function Layer:states() return gather(self, "state", {}, {}) end

--- The modes of a layer and those inside, as text.
function layer.modes(one)
  if type(one) ~= "table" then return "" end
  local text = one.training and "t" or "e"
  for _, inside in ipairs(rawget(one, "layers") or {}) do
    for _, part in ipairs(layer.parts_of(inside)) do
      text = text .. layer.modes(part)
    end
  end
  return text
end

--- Sets the mode of one layer and those inside. Where a list `before` is given, it is told how each was.
local function set_training(one, on, before)
  if type(one) ~= "table" then return end
  if before then before[#before + 1] = { one, one.training } end
  one.training = on
  for _, inside in ipairs(rawget(one, "layers") or {}) do
    for _, part in ipairs(layer.parts_of(inside)) do
      if not core.is_tensor(part) then set_training(part, on, before) end
    end
  end
end

local function put_back(before)
  for i = #before, 1, -1 do -- a layer that stands in two places is listed twice, first as it was
    before[i][1].training = before[i][2]
  end
end

--- Runs f(...) while `one` and the layers inside are as eval() has them; then each is as it was, also after an error.
--- Gives what pcall gives.
---@param one gradus.Layer
---@param f function
function layer.evaluating(one, f, ...)
  local before = {}
  set_training({ layers = { one } }, false, before) -- also a function's layers
  local own <close> = setmetatable(before, { __close = put_back }) -- luacheck: ignore own
  return pcall(f, ...)
end

--- From now on dropout drops and batch_norm goes by the batch; also in the layers inside. A layer starts so.
--- Example:
---   local net = nn.sequential { nn.dense(2, 8), nn.dropout(0.5) }
---   net:eval()
---   net:train()
---   print(net.training)
---@param on? boolean   false: as eval()
function Layer:train(on)
  set_training(self, on ~= false)
  return self
end

--- From now on dropout does nothing and batch_norm goes by its running means; also in the layers inside.
--- Example:
---   local net = nn.sequential { nn.dropout(0.5) }
---   print(net(gr.ones(1, 6)), net:eval()(gr.ones(1, 6)))
function Layer:eval() return self:train(false) end

--- Writes parameters and states to a safetensors file, with what nn.load needs to make the net again.
--- NumPy and PyTorch read such files too; an old file stays as it is if that fails.
--- Example:
---   local path = os.tmpname()
---   nn.sequential({ nn.dense(2, 3) }):save(path)
---   print(nn.load(path))
---   os.remove(path)
---@param path string
function Layer:save(path)
  layer.check_self("save", self)
  require("gradus.saving").save(self, path)
end

--- Fills parameters and states from a file that a net of the same make has saved: for nets that hold functions of a script.
--- Raises, and changes nothing, when names, shapes or types do not agree.
--- Example:
---   local path = os.tmpname()
---   nn.sequential({ nn.dense(2, 3, { init = nn.init.ones() }) }):save(path)
---   local net = nn.sequential { nn.dense(2, 3) }
---   print(net:load(path).layers[1].w)
---   os.remove(path)
---@param path string
function Layer:load(path)
  layer.check_self("load", self)
  require("gradus.saving").fill(self, path)
  return self
end

function Layer:__tostring() return self.text or self:label() end

--- Parameters as a list: those of the list part in order, then named ones by name, which they take on.
local function list_of(params)
  if type(params) ~= "table" then
    core.raise(("layer: params must be a list of gr.param tensors, got %s"):format(options.describe(params)))
  end
  local list, names = {}, {}
  for key in pairs(params) do
    if type(key) == "string" then names[#names + 1] = key end
  end
  table.sort(names)
  for i, p in ipairs(params) do
    list[i] = p
  end
  for _, name in ipairs(names) do
    list[#list + 1] = params[name]
  end
  for i, p in ipairs(list) do
    if not core.is_tensor(p) or not p.wants_grad then
      core.raise(("layer: parameter %d must be made by gr.param, got %s"):format(i, options.describe(p)))
    end
  end
  for _, name in ipairs(names) do
    params[name].name = params[name].name or name
  end
  return list
end

local function check_layers(layers)
  for i, one in ipairs(type(layers) == "table" and layers or { layers }) do
    if not options.is_callable(one) or core.is_tensor(one) then
      core.raise(("layer: layers must be a list of layers, got %s at %d"):format(options.describe(one), i))
    end
  end
  return layers
end

--- A layer made of parts. `forward` is called with the input (and the layer); `params` is a list of gr.param
--- tensors, or a table of them by name; their names become fields of the layer. `layers` is a list of layers that forward uses:
--- their parameters count as the layer's. `state` is a list of named tensors that forward itself changes. `args` says with what
--- nn[kind] makes such a layer again, for saved nets: numbers, strings, booleans, and a last table of options.
--- Example:
---   local scale = gr.param({ 1, 1, 1 }, "scale")
---   local layer = nn.layer { params = { scale }, forward = function(x) return x * scale end }
---   print(layer(gr.tensor { { 1, 2, 3 } }), #layer:parameters())
---@param parts { forward: function, params?: table, layers?: table, state?: table, name?: string, kind?: string, args?: table }
---@return gradus.Layer
function layer.new(parts)
  if type(parts) ~= "table" or type(parts.forward) ~= "function" then
    core.raise "layer: expected { params = { ... }, forward = function(x) ... end }"
  end
  options.read("layer", parts, {
    forward = options.none,
    params = options.none,
    name = options.none,
    kind = options.none,
    text = options.none,
    layers = options.none,
    state = options.none,
    args = options.none,
  })
  return setmetatable({
    kind = parts.kind or "layer",
    name = parts.name,
    text = parts.text,
    params = list_of(parts.params or {}),
    layers = check_layers(parts.layers or {}),
    state = parts.state or {},
    args = parts.args,
    training = true,
    forward = parts.forward,
  }, Layer)
end

return layer

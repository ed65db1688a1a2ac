--- layer: what layers and nets have in common: parameters, names, being callable.
local core = require "gradus.core"
local options = require "gradus.options"

---@class gradus.Layer
---@field kind string
---@field name string?
---@field params table[]   parameters, each named
local Layer = {}

--- makers: functions that make layers, with the name to call them by; a net refuses one that was not called.
local layer = { Layer = Layer, makers = {} }

--- Raw fields first, then methods, then parameters by name: net.layers[1].w.
function Layer.__index(self, key)
  local method = Layer[key]
  if method ~= nil then return method end
  local params = rawget(self, "params")
  for _, p in ipairs(params or {}) do
    if p.name == key then return p end
  end
  return nil
end

--- Assigning to a parameter copies the values into it.
function Layer.__newindex(self, key, value)
  for _, p in ipairs(rawget(self, "params") or {}) do
    if p.name == key then
      local t = core.is_tensor(value) and value or core.tensor(value, p.dtype)
      if t.shape ~= p.shape then
        core.raise(("%s: %s is %s, but what is assigned is %s"):format(self:label(), key, p.shape, t.shape))
      end
      p:copy_(t:detach():to(p.dtype))
      return
    end
  end
  rawset(self, key, value)
end

function Layer.__call(self, x) return self.forward(x, self) end

--- "dense 'hidden'": the kind, and the name if there is one.
function Layer:label() return self.name and ("%s '%s'"):format(self.kind, self.name) or self.kind end

--- All parameters, in order.
function Layer:parameters() return self.params end

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

--- A layer made of parts. `forward` is called with the input (and the layer); `params` is a list of gr.param
--- tensors, or a table of them by name; their names become fields of the layer.
---@param parts { forward: function, params?: table, name?: string, kind?: string, text?: string }
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
  })
  return setmetatable({
    kind = parts.kind or "layer",
    name = parts.name,
    text = parts.text,
    params = list_of(parts.params or {}),
    forward = parts.forward,
  }, Layer)
end

return layer

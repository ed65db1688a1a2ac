--- packing: values as plain ones, of numbers, texts, booleans and tables, which JSON holds and a wall lets through; tensors are marked.
---
---   packing.unpack(packing.pack { A = gr.eye(2) }).A
local core = require "gradus.core"
local options = require "gradus.options"

local packing = {}

--- The value without tensors: each is { tensor = its numbers, dtype = "f64" }. Raises for functions and the like.
---@param value any
---@param where string   what messages call it
---@return any
function packing.pack(value, where)
  if core.is_tensor(value) then return { tensor = value:totable(), dtype = value.dtype } end
  local kind = type(value)
  if kind == "table" then
    local new = {}
    for key, one in pairs(value) do
      new[key] = packing.pack(one, ("%s.%s"):format(where, tostring(key)))
    end
    return new
  elseif kind == "number" or kind == "string" or kind == "boolean" then
    return value
  end
  local known = "numbers, texts, booleans, tensors and tables of them are handed out"
  error(("%s is %s: %s"):format(where, options.describe(value), known), 0)
end

--- What packing.pack was given.
---@param value any
---@return any
function packing.unpack(value)
  if type(value) ~= "table" then return value end
  if value.tensor ~= nil and value.dtype ~= nil then return core.tensor(value.tensor, value.dtype) end
  local new = {}
  for key, one in pairs(value) do
    new[key] = packing.unpack(one)
  end
  return new
end

return packing

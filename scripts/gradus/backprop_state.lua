--- backprop_state: what a student's object holds, kept and put back: its fields, the local variables of its functions, and the numbers
--- in its tensors, so that a call which updates weights in place leaves nothing for the next one.
local core = require "gradus.core"
local options = require "gradus.options"

local state = {}

local function is_module(t)
  if rawequal(t, _G) then return true end
  for _, module in pairs(package.loaded) do
    if rawequal(module, t) then return true end
  end
  return false
end

local visit

local function visit_function(f, seen)
  if options.is_ours(f) or debug.getinfo(f, "S").what == "C" then return end
  local kept, i = { f = f, values = {} }, 1
  local name, value = debug.getupvalue(f, 1)
  while name do
    if name ~= "_ENV" then
      kept.values[i] = { value }
      visit(value, seen)
    end
    i = i + 1
    name, value = debug.getupvalue(f, i)
  end
  seen.functions[#seen.functions + 1] = kept
end

local function visit_table(t, seen)
  if is_module(t) then return end
  local fields = {}
  for key, value in next, t do
    fields[key] = value
    visit(value, seen)
  end
  seen.tables[#seen.tables + 1] = { t = t, fields = fields }
  visit(getmetatable(t), seen)
end

function visit(value, seen)
  if value == nil or seen.known[value] then return end
  local kind = type(value)
  if core.is_tensor(value) then
    seen.known[value] = true
    seen.tensors[#seen.tensors + 1] = { t = value, values = value:detach():clone() }
  elseif kind == "table" or kind == "function" then
    seen.known[value] = true
    (kind == "table" and visit_table or visit_function)(value, seen)
  end
end

local function restore_table(kept)
  for key in next, kept.t do
    if kept.fields[key] == nil then rawset(kept.t, key, nil) end
  end
  for key, value in next, kept.fields do
    rawset(kept.t, key, value)
  end
end

--- Remembers all that is reached from value; the function that it gives puts everything back as it is now.
---@param value any
---@return function
function state.keep(value)
  local seen = { known = {}, tensors = {}, tables = {}, functions = {} }
  visit(value, seen)
  return function()
    for _, kept in ipairs(seen.tables) do
      restore_table(kept)
    end
    for _, kept in ipairs(seen.functions) do
      for i, held in pairs(kept.values) do
        debug.setupvalue(kept.f, i, held[1])
      end
    end
    require("gradus").no_grad(function()
      for _, kept in ipairs(seen.tensors) do
        kept.t:copy_(kept.values)
      end
    end)
  end
end

return state

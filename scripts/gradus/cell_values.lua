--- cell_values: values on their way into a cell and out of it, as JSON text: numbers, texts, booleans, tables of them, and tensors as
--- nested lists.
local core = require "gradus.core"
local options = require "gradus.options"
local plain = require "gradus.plain"

local cell_values = {}

local deepest = 50 -- tables inside tables

local lists

local function copy(value, what, depth)
  if depth > deepest then core.raise(("%s: tables are nested deeper than %d levels"):format(what, deepest)) end
  local new = {}
  for key, one in next, value do
    if type(key) ~= "string" and type(key) ~= "number" then
      core.raise(("%s: the key of a table must be a number or a text, got %s"):format(what, options.describe(key)))
    end
    new[key] = lists(one, what, depth + 1)
  end
  return new
end

--- The value with lists in place of tensors.
function lists(value, what, depth)
  local kind = type(value)
  if core.is_tensor(value) then return value:totable() end
  if kind == "table" then return copy(value, what, depth) end
  if kind == "number" or kind == "string" or kind == "boolean" then return value end
  core.raise(
    ("%s: numbers, texts, booleans, tensors and tables of them can be taken out of a cell and into it, got %s"):format(
      what,
      options.describe(value)
    )
  )
end

--- The text of a value. What cannot be told is an error, which `what` opens.
---@param value any
---@param what string
---@return string
function cell_values.pack(value, what)
  if value == nil then return "null" end
  return core.json_encode(plain.of(lists(value, what, 1), what))
end

--- The value of a text that pack has made; nil and what is wrong with any other.
---@param text string
---@return any value
---@return string? wrong
function cell_values.unpack(text)
  local value, wrong = core.json_decode(text)
  if wrong then return nil, wrong end
  if value == core.null then return nil end
  return plain.back(value)
end

return cell_values

--- plain: any value of a script as one that JSON can hold, and that comes out the same every time.
---
---   core.json_encode(plain.of { loss = 0.3, w = gr.eye(2) })
---
--- Numbers, texts and booleans stay; lists stay lists, other tables have names for keys; a tensor of one number is that number. What
--- JSON has no word for becomes a table with one telling key: { number = "nan" }, { bytes = "ff00" }, { tensor = "784 x 50", ... }.
local core = require "gradus.core"
local hexadecimal = require "gradus.hexadecimal"
local options = require "gradus.options"

local plain = {}

local most_shown = 100 -- numbers of a tensor that stand beside its hash
local deepest = 50 -- tables inside tables

local function finite(value)
  if value ~= value then return { number = "nan" } end
  if value == math.huge or value == -math.huge then return { number = value > 0 and "inf" or "-inf" } end
  return value
end

local function readable(value) return utf8.len(value) and value or { bytes = hexadecimal.of(value) } end

local of

local function tensor(t)
  local about = { tensor = tostring(t.shape), dtype = t.dtype, sha256 = core.sha256_tensors { t } }
  if t.size <= most_shown then about.values = of(t:totable(), "") end
  return about
end

local function is_list(value)
  local n = 0
  for key in pairs(value) do
    if math.type(key) ~= "integer" then return false end
    n = n + 1
  end
  return n == #value
end

--- Names for keys; a number and the text of the same digits would be one: the number is marked.
local function name_of(key, value)
  if type(key) == "string" then
    return utf8.len(key) and not key:find "\0" and key or "bytes " .. hexadecimal.of(key)
  end
  local marked = ("[%s]"):format(tostring(key))
  return value[marked] == nil and marked or "key " .. marked
end

local function copy(value, what, depth)
  local new = {}
  if depth > deepest then
    core.raise(("%s: tables are nested deeper than %d levels"):format(what, deepest))
  elseif is_list(value) then
    for i, one in ipairs(value) do
      new[i] = of(one, what, depth + 1)
    end
    return new
  end
  for key, one in pairs(value) do
    if type(key) == "table" or type(key) == "function" or type(key) == "userdata" then
      core.raise(("%s: a %s cannot be recorded as a key"):format(what, type(key)))
    end
    new[name_of(key, value)] = of(one, what, depth + 1)
  end
  return new
end

--- The value as JSON can hold it; `what` opens the message when it holds what cannot be recorded, such as a function.
---@param value any
---@param what string
---@return any
function plain.of(value, what, depth)
  local kind = type(value)
  if kind == "number" then return finite(value) end
  if kind == "string" then return readable(value) end
  if kind == "boolean" then return value end
  if core.is_tensor(value) and value.size == 1 then return finite(value:item()) end
  if core.is_tensor(value) then return tensor(value) end
  if kind == "table" then return copy(value, what, depth or 1) end
  core.raise(
    ("%s: %s cannot be recorded: numbers, texts, booleans, tensors and tables of them can"):format(
      what,
      options.describe(value)
    )
  )
end

of = plain.of

local odd = { nan = 0 / 0, inf = math.huge, ["-inf"] = -math.huge }

--- What plain.of was given, of numbers, texts, booleans and tables of them.
---@param value any
---@return any
function plain.back(value)
  if type(value) ~= "table" then return value end
  local only = next(value) ~= nil and next(value, next(value)) == nil
  if only and type(value.bytes) == "string" then return hexadecimal.bytes(value.bytes) end
  if only and odd[value.number] then return odd[value.number] end
  local new = {}
  for key, one in pairs(value) do
    local number = type(key) == "string" and key:match "^%[(.*)%]$"
    new[number and tonumber(number) or key] = plain.back(one)
  end
  return new
end

return plain

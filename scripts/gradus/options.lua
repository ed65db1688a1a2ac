--- options: reading the options table of a library call. Unknown names are refused with the known ones listed.
local core = require "gradus.core"

local options = {}

--- A sentence part for a value in a message: strings quoted, tensors by shape.
function options.describe(value)
  if type(value) == "string" then
    return ("%q"):format(value)
  elseif core.is_tensor(value) then
    return ("a tensor (%s)"):format(value.shape)
  elseif core.is_bytes(value) then
    return ("a byte set (%s)"):format(value.shape)
  elseif type(value) == "number" or type(value) == "boolean" or value == nil then
    return tostring(value)
  end
  return "a " .. type(value)
end

--- Whether a function is the library's own.
function options.is_ours(f) return type(f) == "function" and debug.getinfo(f, "S").source:sub(1, 8) == "=gradus/" end

--- Whether value can be called: a function, or an object such as a layer.
function options.is_callable(value)
  if type(value) == "function" then return true end
  local meta = type(value) == "table" and getmetatable(value)
  return type(meta) == "table" and meta.__call ~= nil
end

--- A call as it is written: name{ lr = 0.1, ... }. `order` lists the settings; those that have no value are left out.
---@param name string
---@param order string[]
---@param settings table
function options.call_text(name, order, settings)
  local parts = {}
  for _, key in ipairs(order) do
    local value = settings[key]
    if type(value) == "function" then value = "a function" end -- its address differs from run to run
    if value ~= nil then parts[#parts + 1] = ("%s = %s"):format(key, value) end
  end
  return ("%s{ %s }"):format(name, table.concat(parts, ", "))
end

--- The keys of a table in the order of their texts: pairs gives them in another order each time the program runs.
---@param t table
---@return any[]
function options.sorted_keys(t)
  local keys = {}
  for key in pairs(t) do
    keys[#keys + 1] = key
  end
  table.sort(keys, function(a, b) return tostring(a) < tostring(b) end)
  return keys
end

--- How many letters have to be changed, added, left out, or swapped with the next, to come from one word to another.
---@param a string
---@param b string
---@return integer
function options.distance(a, b)
  local before, row = {}, {}
  for j = 0, #b do
    row[j] = j
  end
  for i = 1, #a do
    local this = { [0] = i }
    for j = 1, #b do
      local cost = a:byte(i) == b:byte(j) and 0 or 1
      this[j] = math.min(row[j] + 1, this[j - 1] + 1, row[j - 1] + cost)
      local swapped = i > 1 and j > 1 and a:byte(i) == b:byte(j - 1) and a:byte(i - 1) == b:byte(j)
      if swapped then this[j] = math.min(this[j], before[j - 2] + 1) end
    end
    before, row = row, this
  end
  return row[#b]
end

--- The known name that differs from this one in at most two letters (one, in a short name; none, in a letter alone), or nil.
--- Capitals count as small letters.
---@param name string
---@param known string[]
---@return string?
function options.nearest(name, known)
  local best, least = nil, #name == 1 and 1 or #name <= 3 and 2 or 3
  for _, candidate in ipairs(known) do
    local d = options.distance(name:lower(), candidate:lower())
    if d < least then
      best, least = candidate, d
    end
  end
  return best
end

--- The error for an unknown name.
---@param what string     the call, for the message
---@param name any        what was written
---@param known string[]
function options.unknown(what, name, known)
  local near = options.nearest(tostring(name), known)
  local hint = near and (" (did you mean '%s'?)"):format(near) or ""
  core.raise(("%s: unknown option '%s'%s; known: %s"):format(what, tostring(name), hint, table.concat(known, " ")))
end

--- Checks given (nil: none) against defaults, and fills in what is missing.
--- A default of options.none stands for "no value".
---@param what string      the call, for the message
---@param given? table
---@param defaults table   name -> default
---@return table
function options.read(what, given, defaults)
  if given ~= nil and type(given) ~= "table" then
    core.raise(("%s: options must be a table like { name = value }, got %s"):format(what, options.describe(given)))
  end
  local result = {}
  for name, default in pairs(defaults) do
    if default ~= options.none then result[name] = default end
  end
  if given and given[1] ~= nil then
    local known = options.sorted_keys(defaults)
    core.raise(
      ("%s: options are given by name, like { name = value }; known: %s"):format(what, table.concat(known, " "))
    )
  end
  for _, name in ipairs(options.sorted_keys(given or {})) do
    if defaults[name] == nil then options.unknown(what, tostring(name), options.sorted_keys(defaults)) end
    result[name] = given[name]
  end
  return result
end

--- What may be meant by a name that is not among the known ones, behind its message: one that differs by capitals; what has that
--- name elsewhere, or has it in other libraries; one that is spelt nearly so. "" where there is nothing.
---@param name string
---@param known string[]
---@param say? fun(full: string): string?   what is said of a full name
---@return string
function options.hint(name, known, say)
  local near = options.nearest(name, known)
  if near and near:lower() == name:lower() then return (" (did you mean '%s'?)"):format(near) end
  local meant = {}
  for _, full in ipairs(require("gradus.help").meanings(name)) do
    local text = full
    if say then text = say(full) end
    if text and #meant < 3 then meant[#meant + 1] = text end
  end
  if #meant > 0 then return (" (did you mean %s?)"):format(table.concat(meant, " or ")) end
  return near and (" (did you mean '%s'?)"):format(near) or ""
end

--- The error for a name that a module does not have.
function options.missing(what, name, known)
  local hint = options.hint(name, known)
  core.raise(("%s has no '%s'%s; it has: %s"):format(what, name, hint, table.concat(known, " ")))
end

--- Makes a module refuse names that it does not have: gr.optim.adma is an error that says so.
---@param what string    the module's name
---@param module table
---@return table
function options.strict(what, module)
  return setmetatable(module, {
    __index = function(_, name)
      if type(name) ~= "string" then return nil end
      options.missing(what, name, options.sorted_keys(module))
    end,
  })
end

options.none = setmetatable({}, {
  __tostring = function() return "none" end,
})

--- value if it is a number in range, else an error.
function options.number(what, name, value, least, most)
  if type(value) ~= "number" or value ~= value or (least and value < least) or (most and value > most) then
    local range = least and (most and (" from %g to %g"):format(least, most) or (" of at least %g"):format(least)) or ""
    core.raise(("%s: %s must be a number%s, got %s"):format(what, name, range, options.describe(value)))
  end
  return value
end

--- value as an integer if it is a whole number of at least `least`, else an error.
function options.whole(what, name, value, least)
  local whole = type(value) == "number" and math.tointeger(value)
  if not whole or whole < least then
    core.raise(
      ("%s: %s must be a whole number of at least %d, got %s"):format(what, name, least, options.describe(value))
    )
  end
  return whole
end

--- value if it is one of the listed ones, else an error.
function options.choice(what, name, value, allowed)
  for _, one in ipairs(allowed) do
    if value == one then return value end
  end
  local listed = {}
  for i, one in ipairs(allowed) do
    listed[i] = options.describe(one)
  end
  core.raise(
    ("%s: %s must be one of %s, got %s"):format(what, name, table.concat(listed, ", "), options.describe(value))
  )
end

--- value if it is a tensor, else an error.
function options.tensor(what, name, value)
  if not core.is_tensor(value) then
    local hint = core.is_bytes(value) and ": x:tensor() gives its numbers" or ""
    core.raise(("%s: %s must be a tensor, got %s%s"):format(what, name, options.describe(value), hint))
  end
  return value
end

--- value if rows can be read from it as a tensor: a tensor or a byte set; else an error.
function options.rows(what, name, value)
  if core.is_bytes(value) then return value end
  return options.tensor(what, name, value)
end

--- Raises unless the value is a text.
function options.text(what, name, value)
  if type(value) == "string" then return value end
  core.raise(("%s: %s must be a text, got %s"):format(what, name, options.describe(value)))
end

--- Raises unless the value is a table, as { loss = 0.3 } is.
function options.table_of(what, name, value)
  if type(value) == "table" then return value end
  core.raise(("%s: %s must be a table, as in { loss = 0.3 }; got %s"):format(what, name, options.describe(value)))
end

--- { name = tensor } as a list { { name, tensor }, ... }, sorted by name; anything else is an error.
function options.named_tensors(what, tensors)
  if type(tensors) ~= "table" or core.is_tensor(tensors) then
    core.raise(("%s: expected a table { name = tensor }, got %s"):format(what, options.describe(tensors)))
  end
  local list = {}
  for _, name in ipairs(options.sorted_keys(tensors)) do
    local t = tensors[name]
    if type(name) ~= "string" or not core.is_tensor(t) then
      core.raise(
        ("%s: expected a table { name = tensor }, got %s at %s"):format(
          what,
          options.describe(t),
          options.describe(name)
        )
      )
    end
    list[#list + 1] = { name, t }
  end
  return list
end

return options

--- hints: what is meant by a name that there is not.
local habits = require "gradus.habits"
local options = require "gradus.options"

local hints = {}

--- How many letters of a name may be wrong.
local function most_wrong(name) return math.min(2, #name // 3) end

--- Names that differ from this one by few letters, the nearest first, at most three.
local function nearest(name, known)
  local found, most = {}, most_wrong(name)
  for candidate in pairs(known) do
    local off = type(candidate) == "string" and options.distance(name:lower(), candidate:lower()) or math.huge
    if off <= most then found[#found + 1] = { name = candidate, off = off } end
  end
  table.sort(found, function(a, b)
    if a.off ~= b.off then return a.off < b.off end
    return a.name < b.name
  end)
  local list = {}
  for i = 1, math.min(#found, 3) do
    list[i] = found[i].name
  end
  return list
end

local function meant(near) return #near > 0 and (" (did you mean '%s'?)"):format(table.concat(near, "', '")) or nil end

--- The last names of all methods of the library's objects.
local function methods()
  local found = {}
  for name in pairs(require("gradus.docs").index().by_name) do
    local method = name:match ":([%w_]+)$"
    if method then found[method] = true end
  end
  return found
end

--- What stands behind Lua's message that something is nil; nil when nothing is known.
---@param message string   "prompt:1: attempt to call a nil value (method 'fti')"
---@return string?
function hints.of_error(message)
  local kind, name = message:match "a nil value %((%a+) '([%w_]+)'%)"
  if kind == "method" then return meant(nearest(name, methods())) end
  if kind ~= "global" then return nil end
  if name == "gr" then return ': a script begins with local gr = require "gradus"' end
  local here = habits.of_name(name)
  return here and (": it is %s here"):format(here) or meant(nearest(name, _G))
end

--- The message for a name at the prompt that nobody has given a value.
---@param name string
---@return string
function hints.of_name(name)
  local text = ("there is no '%s'"):format(name)
  local here = habits.of_name(name)
  if here then return ("%s: it is %s here"):format(text, here) end
  local meanings = require("gradus.help").meanings(name)
  if #meanings > 0 then
    return ("%s: it is %s here"):format(text, table.concat(meanings, " or ", 1, math.min(3, #meanings)))
  end
  local near = nearest(name, require("gradus.complete").globals())
  if #near == 0 and most_wrong(name) > 0 then near = table.move(require("gradus.help").near(name), 1, 3, 1, {}) end
  return text .. (meant(near) or "")
end

return hints

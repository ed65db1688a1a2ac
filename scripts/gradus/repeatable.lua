--- repeatable: what changes from one start of a script to the next, made the same inside a recorded run.
---
---   local undo = repeatable.install(clock)
---
--- pairs goes through keys in a fixed order: 1 2 3 ..., other numbers, texts, true and false; then whatever else there is, whose order no
--- program can fix. os.time(), os.date(), os.clock() and gr.clock() give readings that are kept, so that a replay gives them back.
--- math.random (lua_random.lua) starts from --seed in every program.
local core = require "gradus.core"
local relay = require "gradus.relay"

local repeatable = {}

local raw_pairs, raw_next = pairs, next
local rank = { number = 1, string = 2, boolean = 3 }

local function before(a, b)
  local one, other = rank[type(a)] or 4, rank[type(b)] or 4
  if one ~= other then return one < other end
  if one == 3 then return not a and b end
  if one == 4 then return false end
  return a < b
end

--- The keys of t beyond 1 .. n, in their order.
local function keys_beyond(t, n)
  local keys = {}
  for key in raw_next, t do
    if math.type(key) ~= "integer" or key < 1 or key > n then keys[#keys + 1] = key end
  end
  table.sort(keys, before)
  return keys
end

--- As Lua's own, but in a fixed order. Fields may be changed and taken away on the way.
function repeatable.pairs(t)
  local meta = getmetatable(t)
  if type(t) ~= "table" or type(meta) == "table" and meta.__pairs then return raw_pairs(t) end
  local n = #t
  local keys = keys_beyond(t, n)
  local i = 0
  return function()
    while true do
      i = i + 1
      local key = i <= n and i or keys[i - n]
      if key == nil then return nil end
      local value = rawget(t, key)
      if value ~= nil then return key, value end
    end
  end,
    t,
    nil
end

-- ---- Clocks

--- A clock whose readings are kept by `clock.keep(value)`, or come from `clock.recall()` as long as there are some.
local function kept(read, clock)
  return function()
    local value = clock.recall()
    if value == nil then value = read() end
    clock.keep(value)
    return value
  end
end

--- os.time{ year = ... } and os.date(format, time) ask no clock.
local function os_time(read)
  return function(t)
    if t ~= nil then return relay("time", read.raw_time, t) end
    return read.time()
  end
end

--- Local variables of the functions that run now which hold one of these, as `local pairs = pairs` above gr.run does, get the other.
local function replace_locals(others)
  local level = 2
  while debug.getinfo(level, "f") do
    local i = 1
    while true do
      local name, value = debug.getlocal(level, i)
      if not name then break end
      local other = value ~= nil and others[value]
      if other and debug.getinfo(level, "S").source:sub(1, 8) ~= "=gradus/" then debug.setlocal(level, i, other) end
      i = i + 1
    end
    level = level + 1
  end
end

--- Puts them in the place of Lua's own, for the script. `clock` has keep(value) and recall(). Returns a function that undoes it.
---@param clock { keep: fun(value: number), recall: fun(): number? }
---@return fun()
function repeatable.install(clock)
  local gr = require "gradus"
  local os = _G.os
  local before_it = { pairs = _G.pairs, time = os.time, date = os.date, clock = os.clock, gr_clock = gr.clock }
  local time = kept(before_it.time, clock)
  _G.pairs = repeatable.pairs
  os.time = os_time { raw_time = before_it.time, time = time }
  os.date = function(format, at) return relay("date", before_it.date, format or "%c", at or time()) end
  os.clock = kept(before_it.clock, clock)
  rawset(gr, "clock", kept(core.clock, clock))
  replace_locals {
    [before_it.pairs] = _G.pairs,
    [before_it.time] = os.time,
    [before_it.date] = os.date,
    [before_it.clock] = os.clock,
  }
  return function()
    _G.pairs, os.time, os.date, os.clock = before_it.pairs, before_it.time, before_it.date, before_it.clock
    rawset(gr, "clock", before_it.gr_clock)
  end
end

return repeatable

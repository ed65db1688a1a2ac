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

local current -- the clock of the run that goes on; between runs nothing is kept

--- A clock whose readings are kept by `current.keep(value)`, or come from `current.recall()` as long as there are some.
local function kept(read)
  return function()
    local value = current and current.recall()
    if value == nil then value = read() end
    if current then current.keep(value) end
    return value
  end
end

--- os.time{ year = ... } and os.date(format, time) ask no clock.
local function os_time(read, raw)
  return function(t)
    if t ~= nil then return relay("time", raw, t) end
    return read()
  end
end

--- What Lua has, and what a recorded script gets in its place: made once, so that a variable that holds one serves all its runs.
local raw, watched

local function make_watched()
  if watched then return end
  local os = _G.os
  raw = { pairs = _G.pairs, time = os.time, date = os.date, clock = os.clock }
  local time = kept(raw.time)
  watched = {
    pairs = repeatable.pairs,
    time = os_time(time, raw.time),
    date = function(format, at) return relay("date", raw.date, format or "%c", at or time()) end,
    clock = kept(raw.clock),
    gr_clock = kept(core.clock),
  }
end

local function put_in_place(functions)
  local os = _G.os
  _G.pairs, os.time, os.date, os.clock = functions.pairs, functions.time, functions.date, functions.clock
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

local early -- whether they are in place from the script's first line on

local function install_watched()
  put_in_place(watched)
  local others = {}
  for name, f in raw_pairs(raw) do
    others[f] = watched[name]
  end
  replace_locals(others)
end

--- Puts them in the place of Lua's own, for the script. `clock` has keep(value) and recall(). Returns a function that undoes it.
---@param clock { keep: fun(value: number), recall: fun(): number? }
---@return fun()
function repeatable.install(clock)
  local gr = require "gradus"
  local clock_before = gr.clock
  if not early then
    make_watched()
    install_watched()
  end
  current = clock
  rawset(gr, "clock", watched.gr_clock)
  return function()
    current = nil
    rawset(gr, "clock", clock_before)
    if not early then put_in_place(raw) end
  end
end

--- In a cell variables cannot be changed from outside: pairs and clocks are in place before the script begins, and readings are kept from
--- gr.run on.
function repeatable.install_early()
  make_watched()
  put_in_place(watched)
  early = true
end

return repeatable

--- lua_random: Lua's own math.random, whose draws are counted inside a recorded run: its state cannot be read, so going on from a
--- checkpoint seeds it again and draws as often.
---
---   local dice = lua_random.install(seed)
---   dice.state() dice.set_state(state) dice.undo()
local core = require "gradus.core"

local lua_random = {}

--- All ones up to the highest bit of n.
local function mask(n)
  for shift = 0, 5 do
    n = n | n >> (1 << shift)
  end
  return n
end

--- A number 0 .. n (unsigned) from 64 random bits, as Lua 5.4's lmathlib.c makes it: bits beyond n are cut, then drawn anew until it fits.
local function project(bits, raw, n)
  local limit = mask(n)
  local value = bits & limit
  while math.ult(n, value) do
    value = raw() & limit
  end
  return value
end

local function whole(value, arg)
  local n = math.tointeger(value)
  if n then return n end
  local got = type(value) == "number" and "number has no integer representation"
    or ("number expected, got %s"):format(type(value))
  core.raise(("bad argument #%d to 'random' (%s)"):format(arg, got))
end

--- math.random by raw draws of 64 bits.
local function new_random(raw)
  return function(...)
    local count, low, high = select("#", ...), ...
    local bits = raw() -- before anything is checked, as Lua does
    if count == 0 then return (bits >> 11) * 2.0 ^ -53 end
    if count > 2 then core.raise "wrong number of arguments" end
    low = whole(low, 1)
    if count == 1 then
      if low == 0 then return bits end
      low, high = 1, low
    end
    high = whole(high, count)
    if low > high then core.raise(("bad argument #%d to 'random' (interval is empty)"):format(count)) end
    return low + project(bits, raw, high - low)
  end
end

--- Counts from now on. `seed` is what math.randomseed() without a number takes.
function lua_random.install(seed)
  local lib = _G.math
  local random, randomseed = lib.random, lib.randomseed
  local state = { draws = 0 }
  local function raw()
    state.draws = state.draws + 1
    return random(0)
  end
  lib.random = new_random(raw)
  lib.randomseed = function(...)
    local given = select("#", ...) > 0 and { ... } or { seed }
    state = { draws = 0, given = given }
    return randomseed(table.unpack(given))
  end
  return {
    state = function() return { draws = state.draws, given = state.given } end,
    --- The script has drawn as before, up to where it was seeded last.
    set_state = function(kept)
      if kept.given then randomseed(table.unpack(kept.given)) end
      local done = kept.given and 0 or state.draws
      for _ = done + 1, kept.draws do
        random(0)
      end
      state = { draws = kept.draws, given = kept.given }
    end,
    undo = function()
      lib.random, lib.randomseed = random, randomseed
    end,
  }
end

return lua_random

--- random: NumPy's legacy stream (RandomState), bit for bit. Positions count from 1.
---
---   gr.random.seed(0)
---   local w = gr.random.normal(0, 1, 30, 10)
---
--- The functions draw from one generator of the program, which starts from --seed (0 unless given);
--- random.new(seed) is another with the same methods. gr.random:choice(n) is gr.random.choice(n): the module can be given
--- where a generator is wanted.
local core = require "gradus.core"
local options = require "gradus.options"

local random = {}

local seed = core.settings.seed
local generator = core.rng(seed)
local streams = {}

--- Starts the stream again from n, and the library's own streams with it.
--- Example:
---   random.seed(0)
---   local a = random.rand(2)
---   random.seed(0)
---   print(a == random.rand(2))
---@param n integer   0 .. 4294967295
function random.seed(n)
  generator:seed(n)
  seed, streams = n, {}
end

for _, name in ipairs {
  "rand",
  "randn",
  "random",
  "normal",
  "uniform",
  "randint",
  "permutation",
  "shuffle",
  "choice",
  "state",
  "set_state",
} do
  -- The module may stand for the generator that it draws from: fit { generator = gr.random } calls generator:choice(n, k).
  random[name] = function(...)
    if (...) == random then return generator[name](generator, select(2, ...)) end
    return generator[name](generator, ...)
  end
end

--- A generator of its own.
--- Example:
---   local g = random.new(7)
---   print(g:rand(2), g:permutation(5))
---@param n integer   its seed
function random.new(n) return core.rng(n) end

--- Runs f(...), and what it draws from the program's generator is drawn from another: afterwards all goes on as if nothing had been
--- drawn. Returns what f returns; an error in f passes through.
--- Example:
---   random.seed(0)
---   random.aside(function() return random.rand(100) end)
---   print(random.rand(2)) -- the first two of seed 0
---@param f function
function random.aside(f, ...)
  local kept = generator
  generator = core.rng(0)
  local results = table.pack(pcall(f, ...))
  generator = kept
  if not results[1] then error(results[2], 0) end
  return table.unpack(results, 2, results.n)
end

--- Python's own generator: random(), shuffle(t), permutation(n).
--- Example:
---   local g = random.python(0)
---   print(g:random(2), g:permutation(5))
---@param n integer   its seed, as given to random.seed
function random.python(n) return core.rng(n, "python") end

--- A generator that the library draws from for itself, derived from the seed and a name, so that
--- what a script draws and what the library draws do not disturb each other.
--- Example:
---   random.seed(0)
---   print(random.stream("my noise"):rand(2))
---@param name string
function random.stream(name)
  if type(name) ~= "string" then core.raise(("stream: a name must be a string, got %s"):format(type(name))) end
  streams[name] = streams[name] or core.rng_stream(seed, name)
  return streams[name]
end

--- Where the program's generator and the library's own streams stand: texts by name, for core.set_random_states.
function core.random_states()
  local states = { [""] = generator:state() }
  for name, stream in pairs(streams) do
    states["stream " .. name] = stream:state()
  end
  return { seed = seed, states = states }
end

--- Goes on from where core.random_states() was called.
function core.set_random_states(kept)
  generator:seed(kept.seed)
  seed = kept.seed -- the streams stay: a training may be drawing from one
  for name, state in pairs(kept.states) do
    local stream = name:match "^stream (.*)$"
    local one = stream and random.stream(stream) or generator
    one:set_state(state)
  end
end

return options.strict("gr.random", random)

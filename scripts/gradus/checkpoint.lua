--- checkpoint: where a recorded run stands, in a file from which it goes on to the same bits (gradus FILE.lua --resume RUN).
---
--- checkpoint.safetensors holds the net's tensors (net.1.w), what the optimiser keeps (optimizer.1.velocity), the best weights so far
--- where fit looks for them (best.1), and a note, gradus.run, of JSON: which training and epoch, history, generators, how far the log,
--- the output and the clock were.
---
--- To go on, the script runs from its top. What it does before the checkpoint must be what the log says, line by line, or it stops;
--- then the training takes up the state, and the log goes on where it was.
local core = require "gradus.core"
local options = require "gradus.options"
local plain = require "gradus.plain"
local saving = require "gradus.saving"
local sources = require "gradus.sources"

local checkpoint = {}

local version = 1

local function path_of(folder) return folder .. "/checkpoint.safetensors" end

-- ---- What is kept

--- The state of an optimiser as tensors with names, and the rest.
local function optimizer_parts(optimizer, list)
  if optimizer == nil then return nil end
  if type(optimizer) ~= "table" or not optimizer.state or not optimizer.set_state then
    core.raise "run:checkpoint: the optimizer has no state() and set_state(): give one such as gr.optim.sgd{ lr = 0.1 }"
  end
  local rest = {}
  for name, value in pairs(optimizer:state()) do
    if core.is_tensor(value) then
      list[#list + 1] = { "optimizer." .. name, value }
    else
      rest[name] = value
    end
  end
  return { state = rest, lr = type(optimizer.lr) == "number" and optimizer.lr or nil }
end

--- What a training in fit knows besides its net and optimiser.
local function training_parts(training, list)
  local parts = training.parts
  local best = parts.best and parts.best.state()
  for i, t in ipairs(best and best.weights or {}) do
    list[#list + 1] = { ("best.%d"):format(i), t }
  end
  return {
    number = training.number,
    epoch = parts.state.epoch,
    done = parts.state.done,
    history = plain.of(parts.history, "run:checkpoint"),
    generator = plain.of(parts.o.generator:state(), "run:checkpoint"),
    best = best and { loss = plain.of(best.loss, "run:checkpoint"), epoch = best.epoch },
    task = rawget(parts.net, "task"),
  }
end

local function generator_states(generators)
  local states = {}
  for i, generator in ipairs(generators or {}) do
    states[i] = plain.of(generator:state(), "run:checkpoint")
  end
  return states
end

--- The hash of the tensors' bits, in the order of their names.
local function tensors_sha256(list)
  local sorted, tensors = table.move(list, 1, #list, 1, {}), {}
  table.sort(sorted, function(a, b) return a[1] < b[1] end)
  for i, one in ipairs(sorted) do
    tensors[i] = one[2]
  end
  return core.sha256_tensors(tensors)
end

--- Writes the checkpoint; the last one stays whole until it is on the disk.
---@param run table        the run that is recorded
---@param asked table      net, optimizer, generators, state, epoch; training: the fit that goes on, or nil
function checkpoint.write(run, asked)
  local list = {}
  for i, one in ipairs(saving.named(asked.net)) do
    list[i] = { "net." .. one[1], one[2] }
  end
  local note = {
    version = version,
    optimizer = optimizer_parts(asked.optimizer, list),
    training = asked.training and training_parts(asked.training, list),
    epoch = asked.epoch,
    random = plain.of(core.random_states(), "run:checkpoint"),
    generators = generator_states(asked.generators),
    state = asked.state and plain.of(asked.state, "run:checkpoint: state"),
    fits = run.fits,
    position = run.position(),
  }
  note.tensors = tensors_sha256(list)
  local text = core.json_encode(note)
  core.save_safetensors(path_of(run.folder), list, { ["gradus.run"] = text, ["gradus.seal"] = core.sha256_text(text) })
end

-- ---- Taking it up

--- Reads a checkpoint: tensors by name, and the note; nil and the reason.
function checkpoint.read(folder)
  local path = path_of(folder)
  if not sources.exists(path) then
    return nil, ("%s has no checkpoint: run:checkpoint(net, optimizer) writes one"):format(folder)
  end
  local ok, list, notes = pcall(core.safetensors, path)
  local note = ok and notes["gradus.run"] and core.json_decode(notes["gradus.run"])
  if type(note) ~= "table" or note.version ~= version then
    return nil, ("%s: is no checkpoint of this program%s"):format(path, ok and "" or ": " .. tostring(list))
  end
  if core.sha256_text(notes["gradus.run"]) ~= notes["gradus.seal"] or tensors_sha256(list) ~= note.tensors then
    return nil, path .. ": was changed after it was written"
  end
  local tensors = {}
  for _, one in ipairs(list) do
    tensors[one[1]] = one[2]
  end
  return { tensors = tensors, note = note }
end

local function fill_net(net, tensors)
  for _, one in ipairs(saving.named(net)) do
    local value = tensors["net." .. one[1]]
    if not value or value.shape ~= one[2].shape or value.dtype ~= one[2].dtype then
      core.raise(("resume: the checkpoint has no %s of %s (%s)"):format(one[1], one[2].shape, one[2].dtype))
    end
    one[2]:copy_(value)
  end
end

local function fill_optimizer(optimizer, kept, tensors)
  if not kept or not optimizer then return end
  local state = {}
  for name, value in pairs(kept.state) do
    state[name] = value
  end
  for name, value in pairs(tensors) do
    local inside = name:match "^optimizer%.(.*)$"
    if inside then state[inside] = value end
  end
  optimizer:set_state(state)
  if kept.lr then optimizer.lr = kept.lr end
end

local function fill_training(parts, kept, tensors)
  parts.state.epoch, parts.state.done = kept.epoch, kept.done
  for name, value in pairs(plain.back(kept.history)) do
    parts.history[name] = value
  end
  parts.o.generator:set_state(plain.back(kept.generator))
  rawset(parts.net, "task", kept.task)
  if not kept.best or not parts.best then return end
  local weights = {}
  while tensors[("best.%d"):format(#weights + 1)] do
    weights[#weights + 1] = tensors[("best.%d"):format(#weights + 1)]
  end
  local best = { loss = plain.back(kept.best.loss), epoch = kept.best.epoch, weights = #weights > 0 and weights or nil }
  parts.best.set_state(best)
end

--- Puts net, optimiser and generators where they were. `parts`: of the training in fit, or nil.
function checkpoint.take_up(found, net, optimizer, parts, generators)
  local note = found.note
  fill_net(net, found.tensors)
  fill_optimizer(optimizer, note.optimizer, found.tensors)
  core.set_random_states(plain.back(note.random))
  for i, generator in ipairs(generators or {}) do
    if note.generators[i] then generator:set_state(plain.back(note.generators[i])) end
  end
  if parts then fill_training(parts, note.training, found.tensors) end
end

--- What run:checkpoint was given, checked.
function checkpoint.check(net, optimizer, given)
  local defaults = { every = 1, epoch = options.none, generators = options.none, state = options.none }
  local o = options.read("run:checkpoint", given, defaults)
  options.whole("run:checkpoint", "every", o.every, 1)
  if o.epoch ~= nil then options.whole("run:checkpoint", "epoch", o.epoch, 1) end
  for _, name in ipairs { "generators", "state" } do
    if o[name] ~= nil then options.table_of("run:checkpoint", name, o[name]) end
  end
  if type(net) ~= "table" or rawget(net, "params") == nil and rawget(net, "layers") == nil then
    core.raise(("run:checkpoint: expected a net, got %s"):format(options.describe(net)))
  end
  o.net, o.optimizer = net, optimizer
  return o
end

return checkpoint

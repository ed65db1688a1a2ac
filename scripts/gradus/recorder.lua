--- recorder: writes down the run that is going on. gr.run starts it; fit, optimisers and data sets tell it what happens; nothing happens
--- where no run is recorded.
---
---   RUNS/2026-11-21T12-49-26_two-layers_a1b2c3/
---     run.json      what was run, by what, on what, with which settings; and, at the end, what came out
---     log.jsonl     everything in the order in which it happened, a line each, sealed (chain.lua)
---     output.txt    what the script printed
---     clock.txt     readings of clocks, a line each, where it read one
---     files/        pictures, tensors, nets
---     checkpoint.safetensors
---
--- The first line of the log holds what run.json said at the start, its last line what came out: each can be checked against the other.
--- A program that is killed leaves a folder whose run.json says "running", with whole lines up to then.
local chain = require "gradus.chain"
local checkpoint = require "gradus.checkpoint"
local core = require "gradus.core"
local facts = require "gradus.facts"
local keeping = require "gradus.keeping"
local origin = require "gradus.origin"
local plain = require "gradus.plain"
local lua_random = require "gradus.lua_random"
local repeatable = require "gradus.repeatable"
local resume = require "gradus.resume"
local run_folder = require "gradus.run_folder"
local saving = require "gradus.saving"
local sources = require "gradus.sources"
local trace = require "gradus.trace"
local witness = require "gradus.witness"

local recorder = {}

--- The run that is recorded now, or nil: folder, about (what run.json says), log, ...
recorder.active = nil

--- The optimiser that stepped last, since the last record.
recorder.stepped = nil

--- How this program is to record, when it runs a recorded script again: readings of the clock; that pictures need not be drawn; after how
--- many lines of the log to stop, where the record was cut short, and by what function. In a cell: the list that records in memory are
--- added to (rerun_inside.lua).
recorder.again = { readings = function() return {} end, draw = true }

local format = 1 -- of the folder; a reader refuses a later one
local started, earlier = 0, {} -- runs of this program: how many, and their folders' names
local read_so_far = {} -- modules of the last one

local os_remove, exit = os.remove, os.exit -- a script may replace its own
local interrupted = 130 -- exit status

-- ---- Writing

--- run.json as it stands now. A stranger's record that goes on here stays a stranger's.
local function write_about(run)
  run.about.hmac = not run.strange and origin.sign(run.about) or nil
  run.place:put("run.json", core.json_encode(run.about, true) .. "\n")
end

--- What stands in the log's first line: run.json without the texts.
local function without_texts(about)
  local copy = {}
  for key, value in pairs(about) do
    copy[key] = value
  end
  copy.script = { path = about.script.path, chunk = about.script.chunk, sha256 = about.script.sha256 }
  copy.kind, copy.modules, copy.status, copy.files, copy.data, copy.results = "start", nil, nil, nil, nil, nil
  copy.hmac = nil
  return copy
end

local most_readings = 1000000

--- A clock's readings: kept in a file, and given back when a recorded script runs again.
local function new_clock(run, readings)
  local at, kept, path = 0, 0, run.folder .. "/clock.txt"
  local function keep(value)
    if run.catching_up then return end
    kept = kept + 1
    if kept == most_readings then
      io.stderr:write "warning: run: the clock is read too often to keep it: a replay will read another one\n"
    end
    if kept >= most_readings then return end
    if not run.clock_file then
      run.clock_file = run.place:open "clock.txt"
      run.log.before_writing = function() run.clock_file:flush() end -- no line of the log without the readings before it
    end
    if not run.clock_file then core.raise(("run: %s cannot be written"):format(path)) end
    run.clock_file:write(("%.17g\n"):format(value))
  end
  return {
    keep = keep,
    recall = function()
      at = at + 1
      return readings[at]
    end,
    position = function()
      if run.clock_file then run.clock_file:flush() end
      return at
    end,
    go_on = function()
      os_remove(path)
      at = #readings -- those of the epochs that are not done again are passed over
      for _, value in ipairs(readings) do
        keep(value)
      end
    end,
  }
end

--- Lists what the script reads, with hashes.
local function note_source(run, source)
  local path = source.path and plain.of(source.path, "run")
  local entry = { name = plain.of(source.name, "run"), path = path, sha256 = sources.sha256(source) }
  local data = run.about.data
  data[#data + 1] = entry
  run.sources[#run.sources + 1] = source
  run.log:add { kind = "data", name = entry.name, sha256 = entry.sha256 }
end

local function note_module(run, module)
  local modules = run.about.modules
  for _, known in ipairs(modules) do
    if known.name == module.name and known.sha256 == module.sha256 then return end
  end
  modules[#modules + 1] = module
  if not run.catching_up then write_about(run) end -- its text stands nowhere else
  run.log:add { kind = "module", name = module.name, path = module.path, sha256 = module.sha256 }
end

-- ---- Starting and ending

--- What run.json says of a run that begins.
local function new_about(name, settings, overridden, id)
  local about = facts.of_run {
    format = format,
    id = id,
    name = name,
    index = started,
    settings = plain.of(settings, "run"),
    overridden = overridden,
    earlier = table.move(earlier, 1, #earlier, 1, {}),
    seed = settings.seed or core.settings.seed,
    started = core.now(),
  }
  about.status, about.data, about.modules, about.files = "running", {}, {}, {}
  return about
end

--- The record that goes on, its log followed up to the checkpoint.
local function resumed_run(before)
  local run = { folder = before.folder, about = before.about, before = before, catching_up = true }
  run.strange = not origin.is_own(before)
  local about = run.about
  about.results, about.data, about.files, about.error = nil, {}, {}, nil
  about.modules = {}
  run.place = keeping.in_folder(run.folder)
  run.log = chain.new(run.folder .. "/log.jsonl")
  run.log:follow(before.lines)
  return run
end

local function new_run(name, settings, overridden)
  local in_memory = recorder.again.in_memory
  if in_memory then
    local place = keeping.in_memory()
    in_memory[#in_memory + 1] = place
    return { folder = place.path, place = place, about = new_about(name, settings, overridden, "memory") }
  end
  local folder, id = run_folder.new(name, started)
  return { folder = folder, place = keeping.in_folder(folder), about = new_about(name, settings, overridden, id) }
end

--- Writes what is known at the start. Where that fails, as on a full disk, no folder stays behind.
local function begin_log(run)
  local ok, reason = pcall(function()
    write_about(run)
    run.log = chain.new(run.folder .. "/log.jsonl", run.place:open "log.jsonl")
    run.log:add(without_texts(run.about))
  end)
  if ok then return end
  pcall(run.place.remove, run.place)
  error(reason, 0)
end

--- From now on the script is watched.
local function watch(run)
  local clock = new_clock(run, run.before and run.before.readings or recorder.again.readings(started))
  local dice = lua_random.install(run.about.seed)
  run.clock, run.dice = clock, dice
  run.position = function()
    return { log = run.log:position(), output = witness.position(run), clock = clock.position(), dice = dice.state() }
  end
  run.undo = {
    repeatable.install(clock),
    dice.undo,
    witness.install(run, function(module) note_module(run, module) end),
  }
  for _, module in ipairs(read_so_far) do
    note_module(run, module) -- what an earlier run of the script has read is part of this one
  end
  read_so_far = run.about.modules
  sources.listen(function(source) note_source(run, source) end)
end

--- A script that runs again has come to where its record ends, which was cut short.
local function stop_again()
  recorder.finish "interrupted"
  local leave = recorder.again.leave or exit
  leave(interrupted)
end

--- Begins to record: the settings of gr.run, and which of them the command line gave.
---@param name string
---@param settings table
---@param overridden string[]
---@param early table[]   what the script has read so far (core.files_read)
function recorder.start(name, settings, overridden, early)
  if not core.settings.record or not core.script() then return end
  recorder.finish "finished"
  started = started + 1
  local before = resume.find()
  local run = before and resumed_run(before) or new_run(name, settings, overridden)
  run.early, run.began, run.sources, run.fits, run.names = early, core.clock(), {}, 0, {}
  earlier[#earlier + 1] = run.folder:match "[^/]+$"
  run.lock = run.place:lock()
  if not before then begin_log(run) end
  recorder.active, recorder.stepped = run, nil
  run.log.most, run.log.at_most = recorder.again.lines, stop_again
  core.at_end(recorder.finish)
  watch(run)
end

--- The script has come to the checkpoint: from here on it is recorded again.
local function go_on(run)
  local note = run.before.found.note
  run.catching_up = false
  run.log:go_on(note.position.log)
  witness.go_on(run, note.position.output)
  run.clock.go_on()
  run.dice.set_state(note.position.dice)
  resume.fill(run.about, run.before.lines)
  local resumed = run.about.resumed or {}
  resumed[#resumed + 1] = { at = core.now(), lines = note.position.log.lines, engine = facts.engine() }
  run.about.resumed, run.about.status = resumed, "running"
  write_about(run)
  resume.done()
end

--- Hashes of what was read, once more: what has changed meanwhile is told.
local function compare_sources(run)
  for i, source in ipairs(run.sources) do
    local entry = run.about.data[i]
    entry.after = sources.sha256(source)
    if entry.after ~= entry.sha256 then
      io.stderr:write(("warning: run: %s was changed while the run was going on\n"):format(entry.name))
    end
  end
end

local function undo_all(run)
  for i = #run.undo, 1, -1 do
    run.undo[i]()
  end
  sources.listen(nil)
end

--- Ends the record: "finished", "failed" or "interrupted", with the message that ended the script.
---@param how string
---@param message? string
function recorder.finish(how, message)
  local run = recorder.active
  if not run then return end
  recorder.active = nil
  undo_all(run)
  if run.catching_up then
    if how == "finished" then
      core.raise "resume: the script ended without coming to its checkpoint; the record is as it was"
    end
    return
  end
  run.log.before_writing = nil
  if run.clock_file then run.clock_file:close() end
  compare_sources(run)
  local about = run.about
  about.status, about.ended, about.seconds = how, core.now(), core.clock() - run.began
  about.error = message and plain.of(message, "run")
  trace.finish(run)
  for _, one in ipairs(run_folder.sealed) do
    local part, name = one[1], one[2]
    about[part] = run.place:sha256(name)
  end
  run.log:add {
    kind = "end",
    status = how,
    error = about.error,
    seconds = about.seconds,
    ended = about.ended,
    results = about.results,
    files = about.files,
    data = about.data,
    output = about.output,
    clock = about.clock,
    checkpoint = about.checkpoint,
  }
  run.log:close()
  about.log = { lines = run.log.lines, chain = run.log.last }
  write_about(run)
  if core.terminal() and not core.settings.quiet then io.stderr:write(("recorded: %s\n"):format(run.folder)) end
end

-- ---- What happens

--- The hash of the parameters of the optimiser that stepped since the last record, if one did.
local function stepped_sha256()
  local optimizer = recorder.stepped
  recorder.stepped = nil
  return optimizer and core.sha256_tensors(optimizer.params) or nil
end

--- run:log
function recorder.log(values)
  local run = recorder.active
  if run then run.last_epoch = math.tointeger(values.epoch) or run.last_epoch end
  if run then run.log:add { kind = "log", values = plain.of(values, "run:log"), params = stepped_sha256() } end
end

--- run:result
function recorder.result(values)
  local run = recorder.active
  if not run then return end
  local new = plain.of(values, "run:result")
  run.about.results = run.about.results or {}
  for name, value in pairs(new) do
    run.about.results[name] = value
  end
  run.log:add { kind = "result", values = new }
end

--- A training begins: what fit is about to do. `parts`: its net, o (options), state, history, best. Gives what recorder.epoch wants.
--- A run that goes on takes up the state of its checkpoint here, if that was written in this training.
function recorder.fit(parts)
  local run = recorder.active
  if not run then return nil end
  local o = parts.o
  run.fits = run.fits + 1
  local tensors, hashes = {}, {}
  for i, one in ipairs(saving.named(parts.net)) do
    tensors[i] = one[2]
    hashes[i] = { name = one[1], shape = tostring(one[2].shape), sha256 = core.sha256_tensors { one[2] } }
  end
  run.log:add {
    kind = "fit",
    fit = run.fits,
    tensors = hashes,
    rows = o.rows,
    batch = o.batch,
    epochs = o.epochs,
    steps = o.steps,
    optimizer = tostring(o.optimizer),
    params = core.sha256_tensors(tensors),
  }
  run.training = { number = run.fits, tensors = tensors, parts = parts }
  trace.begin(run, run.training.tensors, hashes)
  local training = run.catching_up and run.before.found.note.training
  if training and training.number == run.fits then
    checkpoint.take_up(run.before.found, parts.net, o.optimizer, parts)
    go_on(run)
  end
  return run.training
end

--- An epoch of that training has ended, with these figures.
function recorder.epoch(fit, e)
  local run = recorder.active
  if not run or not fit then return end
  local values = {}
  for name, value in pairs(e) do
    values[name] = plain.of(value, "fit")
  end
  values.epoch, values.steps = nil, nil
  recorder.stepped = nil
  run.log:add({
    kind = "epoch",
    fit = fit.number,
    epoch = e.epoch,
    steps = e.steps,
    values = values,
    params = core.sha256_tensors(fit.tensors),
  }, true)
end

--- Lists a file in run.json; one of the same path takes its place.
local function list_file(run, entry)
  local at = run.names[entry.path] or #run.about.files + 1
  run.names[entry.path], run.about.files[at] = at, entry
end

--- A step of that training was made.
function recorder.step(fit)
  local run = recorder.active
  if run and fit then trace.step(run, fit.tensors) end
end

--- An optimiser has made a step, in a loop by hand or in fit.
function recorder.stepped_by(optimizer)
  recorder.stepped = optimizer
  local run = recorder.active
  if run and not run.training then trace.step(run, optimizer.params) end
end

--- Whether every step is looked at, one after the other.
function recorder.traces() return recorder.active ~= nil and trace.wanted ~= nil end

local function keep_checkpoint(run, asked)
  if run.place.keeps_checkpoints then checkpoint.write(run, asked) end
end

--- An epoch is over, with all that the script did after it: a checkpoint that it has asked for is written now.
function recorder.after_epoch(fit)
  local run = recorder.active
  if run and fit and fit.asked and not run.catching_up then keep_checkpoint(run, fit.asked) end
  if fit then fit.asked = nil end
end

--- A training is over.
function recorder.fit_ended()
  if recorder.active then recorder.active.training = nil end
end

--- run:checkpoint
function recorder.checkpoint(net, optimizer, given)
  local run = recorder.active
  local asked = checkpoint.check(net, optimizer, given)
  if not run then return end
  local training = run.training
  if training and not rawequal(net, training.parts.net) then
    core.raise "run:checkpoint: inside of fit it is the net which is trained that is kept"
  end
  local epoch = training and training.parts.state.epoch or asked.epoch or run.last_epoch
  if not epoch then
    core.raise "run:checkpoint: say which epoch it was: run:checkpoint(net, optimizer, { epoch = epoch })"
  end
  if run.catching_up or epoch % asked.every ~= 0 then return end
  asked.epoch, asked.training = epoch, training
  if training then
    training.asked = asked
  else
    keep_checkpoint(run, asked)
  end
end

--- run:restore
function recorder.restore(net, optimizer, given)
  local run = recorder.active
  local asked = checkpoint.check(net, optimizer, given)
  if not run or not run.catching_up or run.before.found.note.training then return 0 end
  checkpoint.take_up(run.before.found, net, optimizer, nil, asked.generators)
  go_on(run)
  return run.before.found.note.epoch
end

--- What the script gave to its checkpoint as state, in a run that goes on.
function recorder.state()
  local run = recorder.active
  return run and run.before and plain.back(run.before.found.note.state) or nil
end

--- Keeps a file of the run by its name, as files/NAME.ENDING: `pack()` gives its bytes.
function recorder.file(name, ending, kind, pack)
  local run = recorder.active
  if not run then return end
  local path, bytes = ("files/%s%s"):format(name, ending), pack()
  run.place:put(path, bytes)
  local entry = { name = name, path = path, kind = kind, sha256 = core.sha256_text(bytes) }
  list_file(run, entry)
  run.log:add { kind = "file", name = name, path = path, what = kind, sha256 = entry.sha256 }
end

--- Keeps a picture beside its figure's data. Its bytes depend on the program that drew it: nothing compares them.
function recorder.picture(name, bytes)
  local run = recorder.active
  if not run then return end
  local path = ("files/%s.svg"):format(name)
  run.place:put(path, bytes)
  list_file(run, { name = name, path = path, kind = "picture", sha256 = core.sha256_text(bytes) })
end

return recorder

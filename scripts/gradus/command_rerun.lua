--- command_rerun: runs the script of a record again, in this program, from the texts that were recorded. Replaying and comparing start
--- it as a program of its own, with the options that the record names:
---
---   gradus [--seed N --threads N --f32 ...] --into DIR rerun RUN [AFTER TO [STEP]] [--cell --seconds N --memory MB [--any-walls]]
---   gradus ... rerun RUN [AFTER TO [STEP]] [--trust]
---
--- The new record goes to DIR. Clocks give the recorded readings; pictures are not drawn. Steps between the lines AFTER and TO of the log
--- are traced (trace.lua). With --cell the script runs in a cell, with these limits. Without, it must
--- be this user's own, or be trusted: whoever starts this has looked at the record before, but it may be another by now.
local arguments = require "gradus.arguments"
local core = require "gradus.core"
local digest = require "gradus.digest"
local plain = require "gradus.plain"
local record = require "gradus.record"
local recorder = require "gradus.recorder"
local rerun = require "gradus.rerun"
local rerun_outside = require "gradus.rerun_outside"
local trace = require "gradus.trace"
local witness = require "gradus.witness"

local failed, usage_error, interrupted = 1, 2, 130 -- exit statuses

--- The texts of the script's modules, by path, and under "NAME path" where require found them.
local function texts_of(about)
  local texts = {}
  for _, module in ipairs(about.modules or {}) do
    texts[module.path] = plain.back(module.text)
    texts[module.name .. " path"] = module.path
  end
  return texts
end

--- Readings of clocks for each of the script's runs: their records lie beside this one's.
local function readings_of(run)
  local parent = run.folder:match "^(.*)/[^/]*$" or "."
  local names = run.about.earlier or {}
  return function(index)
    if index == (run.about.index or 1) then return record.readings(run.folder) end
    local name = plain.back(names[index])
    return name and record.readings(("%s/%s"):format(parent, tostring(name):match "[^/]*$")) or {}
  end
end

--- The script's own arguments, as `arg` has them.
local function arguments_of(command)
  local list = { [0] = command[1] and plain.back(command[1]) }
  for i = 2, #command do
    list[i - 1] = plain.back(command[i])
  end
  return list
end

--- What is given back to the script as it was then.
local function again_of(run, after, to, step)
  local about = run.about
  local cut_short = run.status ~= "finished" and run.status ~= "failed"
  local lines = about.status == "interrupted" and #run.lines - 1 or #run.lines
  return {
    texts = texts_of(about),
    arguments = arguments_of(about.command or {}),
    readings = readings_of(run),
    lines = cut_short and lines or nil,
    trace = to and { after = tonumber(after), to = tonumber(to), dump = tonumber(step) } or nil,
  }
end

local function say(message) io.stderr:write(("%s\n"):format(digest.lines(tostring(message)))) end

--- In a cell, where nothing of what it does counts but the record that comes out.
local function run_caged(run, again, o)
  local limits = {
    seconds = tonumber(o.seconds),
    memory = math.tointeger(tonumber(o.memory)) << 20,
    any_walls = o["any-walls"],
    into = core.settings.into,
    zone = rerun.zone(run.about),
  }
  local called, came, reason = pcall(rerun_outside.run, run, again, limits)
  if called and came then return 0 end
  say(called and reason or (tostring(came):gsub("trust = true %(%-%-trust%) .*", rerun.trust_hint)))
  return failed
end

--- Here, as a script of one's own.
local function run_here(run, again)
  recorder.again = { readings = again.readings, draw = false, lines = again.lines }
  witness.texts = again.texts
  witness.use_recorded()
  trace.wanted = again.trace
  _G.arg = again.arguments
  local script, wrong = core.load_script(plain.back(run.about.script.text), plain.back(run.about.script.chunk))
  if not script then
    say(wrong)
    return failed
  end
  core.note_files()
  local ended, message, stopped = core.attempt(script, table.unpack(_G.arg))
  recorder.finish(ended and "finished" or stopped and "interrupted" or "failed", message)
  if not ended then say(message) end
  return ended and 0 or stopped and interrupted or failed
end

return function(...)
  local known = { cell = "flag", seconds = "value", memory = "value", ["any-walls"] = "flag", trust = "flag" }
  local o, wrong = arguments.read({ ... }, known)
  local run, reason
  if o then
    run, reason = record.read(o[1] or "")
  end
  if not run or not core.settings.into then
    say(("gradus: rerun: %s"):format(wrong or reason or "--into DIR says where the new record goes"))
    return usage_error
  end
  local again = again_of(run, table.unpack(o, 2, 4))
  if o.cell then return run_caged(run, again, o) end
  if not rerun.in_cell(run, o.trust) then return run_here(run, again) end
  say("this record was not written here, or has changed since it was looked at: it is not run; " .. rerun.trust_hint)
  return failed
end

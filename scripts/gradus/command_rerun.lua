--- command_rerun: runs the script of a record again, in this program, from the texts that were recorded. Replaying and comparing start
--- it as a program of its own, with the options that the record names:
---
---   gradus [--seed N --threads N --f32 ...] --into DIR rerun RUN [AFTER TO [STEP]]
---
--- The new record goes to DIR. Clocks give the recorded readings; pictures are not drawn. Steps between the lines AFTER and TO of the log
--- are traced (trace.lua).
local core = require "gradus.core"
local plain = require "gradus.plain"
local record = require "gradus.record"
local recorder = require "gradus.recorder"
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

--- The script's own arguments.
local function set_arguments(command)
  _G.arg = { [0] = command[1] and plain.back(command[1]) }
  for i = 2, #command do
    _G.arg[i - 1] = plain.back(command[i])
  end
end

return function(folder, after, to, step)
  local run, reason = record.read(folder or "")
  if not run or not core.settings.into then
    io.stderr:write(("gradus: rerun: %s\n"):format(reason or "--into DIR says where the new record goes"))
    return usage_error
  end
  local about = run.about
  local cut_short = run.status ~= "finished" and run.status ~= "failed"
  local lines = about.status == "interrupted" and #run.lines - 1 or #run.lines
  recorder.again = { readings = readings_of(run), draw = false, lines = cut_short and lines or nil }
  witness.texts = texts_of(about)
  witness.use_recorded()
  if to then trace.wanted = { after = tonumber(after), to = tonumber(to), dump = tonumber(step) } end
  set_arguments(about.command)
  local script, wrong = core.load_script(plain.back(about.script.text), plain.back(about.script.chunk))
  if not script then
    io.stderr:write(wrong, "\n")
    return failed
  end
  core.note_files()
  local ended, message, stopped = core.attempt(script, table.unpack(_G.arg))
  recorder.finish(ended and "finished" or stopped and "interrupted" or "failed", message)
  if not ended then io.stderr:write(message, "\n") end
  return ended and 0 or stopped and interrupted or failed
end

--- command_diff: gradus diff A B. What two recorded runs have in common, what not, and where they part.
local arguments = require "gradus.arguments"
local bisect = require "gradus.bisect"
local compare = require "gradus.compare"
local core = require "gradus.core"
local plain = require "gradus.plain"
local digest = require "gradus.digest"
local record = require "gradus.record"
local rerun = require "gradus.rerun"
local seals = require "gradus.seals"

local same, failed, usage_error, differs = 0, 1, 2, 3 -- exit statuses

local usage = [[
usage: gradus diff A B [--tolerance X] [--no-rerun] [--trust] [--seconds N] [--memory MB]

Compares two recorded runs: script, settings, data, program and machine, results; then finds where they part: the first epoch whose figures
or parameters differ, and, by running both again, the first step and the parameter.

A, B          a folder, its name or id, or the beginning of either; or the word last
--tolerance X figures may be off so far, relative to the larger or 1 (0: equal bits)
--no-rerun    only what the records say
--trust       runs a stranger's script like one of your own; else a run that was not recorded here runs again in a cell
--seconds N   how long it may take there (five times as long as it took, but at least 10)
--memory MB   how much memory it may use there (1024)
exit status: 0 the same, 1 it could not be done, 2 the command line is wrong, 3 they differ]]

local function refuse(message)
  io.stderr:write(("gradus: diff: %s\n%s\n"):format(message, usage))
  return usage_error
end

--- The words of the command line; nil and what is wrong.
local function read_words(words)
  local known = { tolerance = "value", ["no-rerun"] = "flag", trust = "flag", seconds = "value", memory = "value" }
  known.help, known.h = "flag", "flag"
  local given, wrong = arguments.read(words, known)
  if not given or given.help or given.h then return given, wrong end
  if #given ~= 2 then return nil, "two runs are expected" end
  given, wrong = arguments.limits(given)
  if not given then return nil, wrong end
  return arguments.tolerance(given)
end

local function read_run(name)
  local folder, reason = record.find(name)
  if not folder then return nil, reason end
  return record.read(folder)
end

--- Lines of text; a record may be a stranger's, and its control characters are for no terminal.
local function say(text) io.write(digest.lines(text), "\n") end

local function print_list(title, list)
  say(title)
  for _, line in ipairs(list) do
    say("  " .. line)
  end
end

-- ---- The scripts

--- How one text becomes the other, as diff -u tells it; nil where there is no such program.
local function text_difference(name, one, other)
  local folder <close> = rerun.new_folder()
  local a, b = folder.path .. "/A", folder.path .. "/B"
  core.write_file(a, one)
  core.write_file(b, other)
  local words = { "diff", "-u", "--label", "A/" .. name, "--label", "B/" .. name, a, b }
  local child <close> = core.child(words, "")
  local text
  if child then
    while not child:wait(1) do
    end
    text = child:result()
  end
  return text
end

local function base(path) return tostring(plain.back(path)):match "[^/]*$" end

local function tell_texts(one, other)
  if one.script.sha256 ~= other.script.sha256 then
    local text = text_difference(base(one.script.path), plain.back(one.script.text), plain.back(other.script.text))
    say(text or "The scripts differ; there is no program diff to show how.")
  end
  local modules = {}
  for _, module in ipairs(other.modules or {}) do
    modules[module.name] = module
  end
  for _, module in ipairs(one.modules or {}) do
    local its = modules[module.name]
    if its and its.sha256 ~= module.sha256 then
      say(text_difference(base(module.path), plain.back(module.text), plain.back(its.text)) or "")
    end
  end
end

-- ---- Results

local function tell_results(one, other)
  local list = {}
  for _, name in ipairs(compare.names(one.results, other.results)) do
    seals.differences(
      one.results[name],
      other.results[name],
      name,
      function(place, a, b) list[#list + 1] = ("%s: %s and %s"):format(place, seals.show(a), seals.show(b)) end
    )
  end
  if #list > 0 then print_list("Results that differ:", list) end
  return #list > 0
end

-- ---- Where they part

local function place_text(at, shape)
  if #shape < 2 then return ("[%d]"):format(at) end
  local places = {}
  local rest = at - 1
  for axis = #shape, 1, -1 do
    places[axis] = rest % shape[axis] + 1
    rest = rest // shape[axis]
  end
  return ("[{%s}]"):format(table.concat(places, ", "))
end

local function tell_step(where)
  local step = where.step == 0 and "before the first step (step 0)" or ("at step %d"):format(where.step)
  say(("  %s, in parameter %s"):format(step, where.parameter))
  local e = where.entries
  if not e or not e.at then return end
  say(
    ("  %d of its %d entries (%s) differ, first %s: %s and %s"):format(
      e.count,
      e.size,
      tostring(e.shape),
      place_text(e.at, e.shape),
      seals.show(e.one),
      seals.show(e.other)
    )
  )
end

local function tell_parting(one, other, first, o)
  say(("They part in %s"):format((first.text:gsub(" here and (.*) there", " in A and %1 in B"))))
  if not first.line then return end
  say(("  line %d of A's log, line %s of B's"):format(first.line, tostring(first.other_line)))
  if o["no-rerun"] then return end
  for i, run in ipairs { one, other } do
    if rerun.in_cell(run, o.trust) then say(("  %s: %s"):format(i == 1 and "A" or "B", rerun.told)) end
  end
  local where, reason = bisect.find(one, other, first, o)
  if where then
    tell_step(where)
  else
    say(("  running both again does not tell the step: %s"):format(reason))
  end
end

return function(...)
  local o, wrong = read_words { ... }
  if not o then return refuse(wrong) end
  if o.help or o.h then
    print(usage)
    return same
  end
  local runs = {}
  for i, name in ipairs(o) do
    local run, reason = read_run(name)
    if not run then
      io.stderr:write(("gradus: diff: %s\n"):format(digest.lines(reason)))
      return failed
    end
    runs[i] = run
    say(
      ("%s  %s (%s, %s, %s)"):format(i == 1 and "A" or "B", run.folder, run.about.name, run.about.started, run.status)
    )
  end
  local one, other = runs[1], runs[2]
  local found = compare.records(one, other, o.tolerance ~= 0 and o.tolerance or nil)
  local changed = false
  for i, run in ipairs(runs) do
    local broken = seals.broken(run)
    changed = changed or #broken > 0
    if #broken > 0 then print_list(("%s was changed after it was written:"):format(i == 1 and "A" or "B"), broken) end
  end
  if #found.why > 0 then print_list("What differs:", found.why) end
  tell_texts(one.about, other.about)
  local parted = tell_results(one, other)
  if not found.first then
    local what = (parted or changed) and "The logs are the same" or "The same"
    say(("%s: %s, %s."):format(what, digest.count(found.epochs, "epoch"), digest.count(found.figures, "figure")))
    return (parted or changed) and differs or same
  end
  if found.epochs > 0 then say(("%d epochs are the same."):format(found.epochs)) end
  tell_parting(one, other, found.first, o)
  return differs
end

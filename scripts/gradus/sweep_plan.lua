--- sweep_plan: what a sweep is to do: its folder, and one run for each combination of settings.
---
---   local plan = sweep_plan.new { script = "net.lua", name = "net", axes = axes, combinations = list }
---   plan.folder              RUNS/sweep-NAME-HASH: the hash is the script's
---   plan.runs[3].id          of what determines the run: script, settings, program; its folder in the sweep's is called by it
---   plan.runs[3].texts       values, in the order of plan.axes
---   plan.runs[3].command     the words that start it
---   sweep_plan.write(plan)   as sweep.json in the folder; sweep_plan.read(folder) reads it
local core = require "gradus.core"
local facts = require "gradus.facts"
local record = require "gradus.record"
local run_folder = require "gradus.run_folder"

local sweep_plan = {}

local format = 1 -- of sweep.json
local id_digits, script_digits = 16, 12 -- of SHA-256, in names of folders

--- What of the program determines a run, besides its script and settings. Kernels and libraries of the machine do not count: several
--- machines may share a sweep; each record tells which it was.
local function engine()
  local all, some = facts.engine(), {}
  for _, key in ipairs { "version", "build", "library", "mode", "threads", "dtype", "nan_check" } do
    some[key] = all[key]
  end
  return some
end

--- The options that this program was given, for each run to be given too.
local function options_of(e)
  local words = {}
  local function add(...) table.move({ ... }, 1, select("#", ...), #words + 1, words) end
  if e.threads ~= 1 then add("--threads", tostring(e.threads)) end
  if e.dtype == "f32" then add "--f32" end
  if e.mode == "portable" then add "--portable" end
  if e.nan_check == false then add "--no-nan-check" end
  if core.settings.scripts then add("--scripts", core.settings.scripts) end
  return words
end

--- A word as a shell reads it back.
function sweep_plan.quote(word)
  if word:find "^[%w_./=+:,@%%-]+$" then return word end
  return "'" .. word:gsub("'", [['\'']]) .. "'"
end

--- Words as a line for a shell.
function sweep_plan.line(words)
  local texts = {}
  for i, word in ipairs(words) do
    texts[i] = sweep_plan.quote(word)
  end
  return table.concat(texts, " ")
end

--- The words behind the program's name that run the script with these settings: `before` the script, and `behind` it.
local function words_of(plan, texts)
  local before, behind = {}, {}
  for i, name in ipairs(plan.axes) do
    if name == "seed" then
      table.move({ "--seed", texts[i] }, 1, 2, #before + 1, before)
    else
      behind[#behind + 1] = ("--%s=%s"):format(name, texts[i])
    end
  end
  return before, behind
end

local function join(...)
  local all = {}
  for _, list in ipairs { ... } do
    table.move(list, 1, #list, #all + 1, all)
  end
  return all
end

--- Settings as a line: lr=0.1 seed=3.
local function describe(plan, texts)
  local parts = {}
  for i, name in ipairs(plan.axes) do
    parts[i] = ("%s=%s"):format(name, sweep_plan.quote(texts[i]))
  end
  return #parts > 0 and table.concat(parts, " ") or "no settings"
end

local function settings_of(plan, texts)
  local settings = {}
  for i, name in ipairs(plan.axes) do
    settings[name] = texts[i]
  end
  return settings
end

--- Adds what follows from the values: names, places, commands.
local function complete(plan, run)
  run.text = describe(plan, run.texts)
  run.folder, run.mark = ("%s/%s"):format(plan.folder, run.id), ("%s/failed/%s.json"):format(plan.folder, run.id)
  local before, behind = words_of(plan, run.texts)
  run.words = join({ "--quiet", "--into", run.folder }, plan.options, before, { plan.script, "--" }, behind)
  run.command = sweep_plan.line(join({ "gradus" }, plan.options, before, { plan.script }, behind))
  return run
end

local function names_of(axes)
  local names = {}
  for i, axis in ipairs(axes) do
    names[i] = axis.name
  end
  return names
end

--- Makes the plan; nil and the reason when the script cannot be read.
---@param o { script: string, name: string, axes: table[], combinations: string[][] }
---@return table?, string?
function sweep_plan.new(o)
  local text, reason = record.read_file(o.script)
  if not text then return nil, reason end
  local e = engine()
  local plan = { name = o.name, script = o.script, axes = names_of(o.axes), options = options_of(e), runs = {} }
  plan.sha256 = core.sha256_text(text)
  plan.folder = ("%s/sweep-%s-%s"):format(run_folder.all(), o.name, plan.sha256:sub(1, script_digits))
  for i, texts in ipairs(o.combinations) do
    local what = { script = plan.sha256, settings = settings_of(plan, texts), engine = e }
    local id = core.sha256_text(core.json_encode(what)):sub(1, id_digits)
    plan.runs[i] = complete(plan, { number = i, id = id, texts = texts })
  end
  return plan
end

-- ---- On the disk

--- Puts the plan into its folder. Of several that write, each writes the whole.
function sweep_plan.write(plan)
  local runs = {}
  for i, run in ipairs(plan.runs) do
    runs[i] = { id = run.id, values = run.texts }
  end
  core.make_folder(plan.folder .. "/failed")
  core.write_file(plan.folder .. "/sweep.json", core.json_encode({
    format = format,
    name = plan.name,
    script = { path = plan.script, sha256 = plan.sha256 },
    axes = plan.axes,
    options = plan.options,
    metric = plan.metric,
    better = plan.better,
    command = plan.command,
    runs = runs,
  }, true) .. "\n")
end

--- Folders of sweeps in a folder.
local function sweeps_in(folder)
  local found = {}
  for _, name in ipairs(core.list_folder(folder)) do
    local place = ("%s/%s"):format(folder, name:gsub("/$", ""))
    if name:find "/$" and record.read_part(place .. "/sweep.json") then found[#found + 1] = place end
  end
  table.sort(found)
  return found
end

--- What to say of a folder that holds no plan: which sweeps there are, in it or among all records.
local function no_sweep(place)
  local most, all, in_it = 8, run_folder.all(), sweeps_in(place)
  local folder = #in_it > 0 and place or all
  local found = #in_it > 0 and in_it or sweeps_in(all)
  if #found == 0 then return ("%s is no folder of a sweep, and there is none in %s"):format(place, folder) end
  local more = #found > most and (" and %d more"):format(#found - most) or ""
  local listed = table.concat(found, "\n  ", 1, math.min(#found, most))
  return ("%s is no folder of a sweep; in %s there are:\n  %s%s"):format(place, folder, listed, more)
end

--- The plan that lies in a folder, or in that folder below the one of all records; nil and the reason.
---@param place string
---@return table?, string?
function sweep_plan.read(place)
  local folder = place:gsub("(.)/+$", "%1")
  local text = record.read_part(folder .. "/sweep.json")
  if not text then
    folder = ("%s/%s"):format(run_folder.all(), folder)
    text = record.read_part(folder .. "/sweep.json")
  end
  if not text then return nil, no_sweep((place:gsub("(.)/+$", "%1"))) end
  local about = core.json_decode(text)
  if type(about) ~= "table" then return nil, folder .. "/sweep.json: is no sweep" end
  if about.format ~= format then
    return nil,
      ("%s/sweep.json: is of format %s; this program reads format %d"):format(folder, tostring(about.format), format)
  end
  local plan = {
    name = about.name,
    script = about.script.path,
    sha256 = about.script.sha256,
    folder = folder,
    axes = about.axes,
    options = about.options,
    metric = about.metric,
    better = about.better,
    command = about.command,
    runs = {},
  }
  for i, run in ipairs(about.runs) do
    plan.runs[i] = complete(plan, { number = i, id = run.id, texts = run.values })
  end
  return plan
end

return sweep_plan

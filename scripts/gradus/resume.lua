--- resume: a run that was stopped goes on in its own record: gradus FILE.lua --resume RUN.
---
---   local before = resume.find()      -- nil unless --resume was given
---   before.about before.lines before.found before.readings
local checkpoint = require "gradus.checkpoint"
local core = require "gradus.core"
local facts = require "gradus.facts"
local plain = require "gradus.plain"

local resume = {}

local function refuse(...) core.raise(("resume: " .. (...)):format(select(2, ...))) end

--- The same script, with the options that decide its figures, or an error.
local function check_same(about)
  local now, then_ = facts.engine(), about.engine
  if core.sha256_text(core.script().text) ~= about.script.sha256 then
    refuse("the script was changed since the run began: its record would be of two scripts")
  end
  local seed = about.seeded and about.seed or nil
  if seed ~= (core.settings.seeded and core.settings.seed or nil) then
    refuse(
      seed and "the run was started with --seed %s: start it the same way" or "the run was started without --seed",
      seed
    )
  end
  for _, name in ipairs { "dtype", "mode", "threads", "nan_check" } do
    if now[name] ~= then_[name] then
      refuse(
        "the run had %s %s, this program has %s: start it the same way",
        name,
        tostring(then_[name]),
        tostring(now[name])
      )
    end
  end
  for _, name in ipairs { "build", "library", "core", "blas", "libc" } do
    if now[name] ~= then_[name] then
      io.stderr:write(
        ("warning: resume: the run began with another %s (%s, now %s): its last digits may differ from an uninterrupted one\n"):format(
          name,
          then_[name],
          now[name]
        )
      )
    end
  end
end

local function readings_up_to(folder, n)
  local readings = {}
  for i, value in ipairs(require("gradus.record").readings(folder)) do
    if i <= n then readings[i] = value end
  end
  return readings
end

local kept -- asked for once: the folder is found, and read, before it changes

--- The record to go on with, read and checked; nil when none was asked for.
---@return table?
function resume.find()
  if not core.settings.resume or kept == false then return nil end
  if kept then return kept end
  local record = require "gradus.record"
  local folder, reason = record.find(core.settings.resume)
  local run = folder and record.read(folder)
  if not folder or not run then refuse("%s", reason or folder) end
  if run.status == "finished" then refuse("%s is finished: there is nothing to go on with", folder) end
  if run.status == "running" then refuse("%s: a program is at work there", folder) end
  if run.about.index ~= 1 then refuse("%s: only the first run of a script can go on", folder) end
  local found, wrong = checkpoint.read(folder)
  if not found then refuse("%s", wrong) end
  local position = found.note.position
  if position.log.bytes > run.bytes then refuse("%s: the log ends before the checkpoint was written", folder) end
  check_same(run.about)
  local broken = require("gradus.seals").broken(run)
  if #broken > 0 then refuse("%s was changed after it was written: %s", folder, broken[1]) end
  for i = #run.lines, position.log.lines + 1, -1 do
    run.lines[i] = nil
  end
  run.found, run.readings = found, readings_up_to(folder, position.clock)
  kept = run
  return run
end

--- Nothing more is to be resumed: a further run of the script is a new one.
function resume.done() kept = false end

--- The settings of the run that goes on; those of the command line must be the same.
---@param settings table
---@param overridden string[]   what the command line gave
function resume.settings(settings, overridden)
  local run = resume.find()
  if not run then return end
  local given = {}
  for _, name in ipairs(overridden) do
    given[name] = true
  end
  for name, value in pairs(run.about.settings) do
    if given[name] and plain.of(settings[name], "run") ~= value then
      refuse(
        "--%s=%s, but the run has %s: settings cannot change on the way",
        name,
        tostring(settings[name]),
        tostring(value)
      )
    end
    if type(value) ~= "table" then settings[name] = value end
  end
end

--- Takes over what the log says was recorded up to the checkpoint and the script does not do again: results, files, data.
function resume.fill(about, lines)
  about.results = about.results or {}
  local function known(list, name)
    for _, entry in ipairs(list) do
      if entry.name == name then return true end
    end
    return false
  end
  for _, line in ipairs(lines) do
    if line.kind == "result" then
      for name, value in pairs(line.values) do
        about.results[name] = value
      end
    elseif line.kind == "data" and not known(about.data, line.name) then
      about.data[#about.data + 1] = { name = line.name, sha256 = line.sha256 }
    elseif line.kind == "file" and not known(about.files, line.name) then
      about.files[#about.files + 1] = { name = line.name, path = line.path, kind = line.what, sha256 = line.sha256 }
    end
  end
  if next(about.results) == nil then about.results = nil end
end

return resume

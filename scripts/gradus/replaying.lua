--- replaying: what comes of running a recorded run again, as a plain answer of which a check can judge (gr.assignment.replays).
---
---   local said = replaying.said("s001/run", { name = "run", seconds = 30, memory = 512 })
---   said.is, said.value.differs, said.value.results      or      said.error
local compare = require "gradus.compare"
local core = require "gradus.core"
local record = require "gradus.record"
local rerun = require "gradus.rerun"
local seals = require "gradus.seals"

local replaying = {}

local elsewhere = 1e-6 -- tolerance for a record of another processor or library, whose products round otherwise

--- Texts without the folders in which things lie for the time being.
local function without(text, folders)
  for _, folder in ipairs(folders) do
    local from, to = text:find(folder .. "/", 1, true)
    while from do
      text = text:sub(1, from - 1) .. text:sub(to + 1)
      from, to = text:find(folder .. "/", from, true)
    end
  end
  return text
end

--- What is told in place of an answer, as it stands.
local function no_answer(text) return { error = text, plain = true } end

local function value_of(differs, results) return { is = "table", value = { differs = differs, results = results } } end

local function until_ended(one)
  local result
  repeat
    result = one:wait(0.2)
  until result
  return result
end

--- What the new record says beside the one that was handed in.
local function judged(run, again)
  local tolerance = not compare.same_bits(run.about, again.about) and elsewhere or nil
  local found = compare.records(run, again, tolerance)
  local unfinished = run.status ~= "finished" and ("the recorded run is %s"):format(run.status) or nil
  if run.status == "failed" then unfinished = ("the recorded run failed: %s"):format(run.about.error) end
  return value_of(unfinished or found.first and found.first.text, again.results)
end

--- Runs the record in that folder again and says what differs, nil when it is as it was, and its results. One that was changed is not
--- run. It runs in a cell whoever has recorded it: what is handed in may be a run that its reader has once recorded.
--- Options: name, what the folder is called (its last part); seconds, memory (MB): as for rerun.run; trust (false): a cell may lack
--- walls; wait: a function that waits for a gradus.Rerun and gives its result. An answer that is an error is a whole sentence: `plain`.
---@param folder string
---@param o? { name?: string, seconds?: number, memory?: number, trust?: boolean, wait?: function }
---@return { is: "table"?, value: { differs: string?, results: table }?, error: string?, plain: boolean? }
function replaying.said(folder, o)
  o = o or {}
  local name = o.name or folder:match "[^/]*$"
  if not core.is_file(folder .. "/run.json") then
    return no_answer(("no folder '%s' with a recorded run was handed in"):format(name))
  end
  local run, reason = record.read(folder)
  if not run then
    return no_answer(("the recorded run '%s' cannot be read: %s"):format(name, without(reason, { folder })))
  end
  local broken = seals.broken(run)[1]
  if broken then return value_of("it was changed after it was written: " .. broken, {}) end
  local place <close> = rerun.new_folder()
  local limits = { caged = true, seconds = o.seconds, memory = o.memory, any_walls = o.trust }
  local one <close> = rerun.start(run, place, limits)
  local result = (o.wait or until_ended)(one)
  if result.again then return judged(run, result.again) end
  local said = without(result.said, { place.path, folder }):gsub("%s+$", "")
  return no_answer(("the recorded run '%s' could not be run again: %s"):format(name, said))
end

return replaying

--- rerun: runs the script of a record again, as a program of its own, into a folder for the time being. A script that was not recorded
--- here is a stranger's, and runs in a cell.
---
---   local place <close> = rerun.new_folder()
---   local again, said = rerun.run(run, place, { seconds = 10, memory = 512, trust = false })
---   local one <close> = rerun.start(run, place, { caged = true })     -- one:wait(0.1) gives { again =, said = }, or nil while it runs
local claims = require "gradus.claims"
local core = require "gradus.core"
local origin = require "gradus.origin"
local plain = require "gradus.plain"
local record = require "gradus.record"

local rerun = {}

--- Kernels of OpenBLAS that this processor can run, by the flags of /proc/cpuinfo that they need.
local needs = {
  Prescott = "pni",
  Core2 = "ssse3",
  Nehalem = "sse4_2",
  Sandybridge = "avx",
  Haswell = "avx2",
  Zen = "avx2",
  SkylakeX = "avx512bw",
  Cooperlake = "avx512_bf16",
  SapphireRapids = "amx_bf16",
}

local function processor_has(flag)
  local file = io.open "/proc/cpuinfo"
  local text = file and file:read "a" or ""
  if file then file:close() end
  return (text:match "flags[^\n]*" or ""):find((" %s"):format(flag)) ~= nil
end

-- ---- Whose it is

--- Whether the script runs in a cell: it does unless this user has recorded it here, or trusts it.
---@param run table        as record.read gives it
---@param trust? boolean
---@return boolean
function rerun.in_cell(run, trust) return not trust and not origin.is_own(run) end

--- What the program that runs it is told, which reads the record again, and might find another: what it may do outside of a cell.
local function permission(o) return o.trust and { "--trust" } or {} end

rerun.trust_hint = "--trust runs it like a script of your own"

--- What is said of that.
rerun.told = "this run was not recorded here: its script runs in the cell; " .. rerun.trust_hint

local least_seconds, most_seconds, times = 10, 3600, 5 -- as long as the recorded run took, times that

--- How long a script may take in the cell. What the record says of its own time is a stranger's word: an hour is the most.
local function seconds_for(run)
  local took = tonumber(run.about.seconds) or most_seconds
  return math.max(least_seconds, math.min(most_seconds, times * took))
end

local usual_memory = 1024 -- MB

--- Words for the cell's limits.
local function limits(run, o)
  local seconds, memory = o.seconds or seconds_for(run), math.max(1, math.floor(o.memory or usual_memory))
  local words = { "--cell", "--seconds", ("%.17g"):format(seconds), "--memory", ("%d"):format(memory) }
  if o.any_walls then words[#words + 1] = "--any-walls" end
  return words
end

-- ---- Running it

--- The time zone of the record's machine, as POSIX writes it, which needs no file; nil where it is not known.
function rerun.zone(about)
  local sign, hours, minutes = tostring((about.machine or {}).zone):match "^([+-])(%d%d)(%d%d)$"
  return sign and ("<%s%s%s>%s%s:%s"):format(sign, hours, minutes, sign == "+" and "-" or "+", hours, minutes)
end

--- The words that start the program as the record was made: with its options, and the kernels it had, where they can run here. In a cell
--- there is one thread, and no folder.
local function command(run, into, caged, more)
  local engine = run.about.engine
  local words = { "env" }
  local kernels = needs[engine.core] and engine.core ~= core.facts().core and processor_has(needs[engine.core])
  local function add(...)
    for _, word in ipairs { ... } do
      words[#words + 1] = word
    end
  end
  local directory = plain.back(run.about.directory)
  if not caged and type(directory) == "string" and pcall(core.full_path, directory) then add("-C", directory) end
  if rerun.zone(run.about) then add("TZ=" .. rerun.zone(run.about)) end
  if kernels then add("OPENBLAS_CORETYPE=" .. engine.core) end
  add(core.program(), "--ends-with", claims.process(), "--quiet", "--into", into)
  add("--threads", caged and "1" or tostring(engine.threads or 1))
  if run.about.seeded then add("--seed", tostring(run.about.seed)) end
  if engine.dtype == "f32" then add "--f32" end
  if engine.mode == "portable" then add "--portable" end
  if engine.nan_check == false then add "--no-nan-check" end
  if core.settings.scripts then add("--scripts", core.full_path(core.settings.scripts)) end
  add("rerun", core.full_path(run.folder))
  add(table.unpack(more))
  return words
end

--- A folder for the time being, below $TMPDIR, for this user alone, which goes when what it gives is closed.
function rerun.new_folder()
  local given = os.getenv "TMPDIR"
  local path
  repeat
    path = ("%s/gradus-%x"):format(given and given ~= "" and given or "/tmp", math.floor(core.clock() * 1e9))
  until core.new_private_folder(path)
  return setmetatable({ path = path }, { __close = function() core.remove_folder(path) end })
end

local function size_of(path)
  local file = io.open(path, "rb")
  local bytes = file and file:seek "end"
  if file then file:close() end
  return bytes or 0
end

--- How far it is, on a terminal: by the length of the log that it writes; of a cell nothing is seen before its end.
local function show(run, into, began)
  if core.settings.quiet or not core.terminal() then return end
  if began then
    io.stderr:write(("\rrunning again in the cell: %.0f s\27[K"):format(core.clock() - began))
    return
  end
  local share = size_of(into .. "/log.jsonl") / math.max(1, size_of(run.folder .. "/log.jsonl"))
  io.stderr:write(("\rrunning again: %3.0f %%\27[K"):format(100 * math.min(1, share)))
end

local function clear()
  if not core.settings.quiet and core.terminal() then io.stderr:write "\r\27[K" end
end

--- A script that runs again.
---@class gradus.Rerun
---@private
local Rerun = {}
Rerun.__index = Rerun

--- Waits for so many seconds at most: { again = the new record, said = what it printed }, or nil while it runs. Without `again` no record
--- came, and what it said tells why.
---@param seconds number
---@return { again: table?, said: string }?
function Rerun:wait(seconds)
  if self.result then return self.result end
  local status, said = self.child:wait(seconds)
  if not status then return nil end
  local index = tonumber(self.record.about.index) or 1
  local again, wrong = record.read(index > 1 and ("%s-%d"):format(self.into, index) or self.into)
  if not again and said == "" then said = wrong end
  self.result = { again = again, said = said }
  return self.result
end

--- Ends it, whatever it does.
function Rerun:close() self.child:__close() end

Rerun.__close = Rerun.close

--- What has ended before it began.
local function ended(reason)
  return setmetatable({ result = { said = reason }, child = { __close = function() end } }, Rerun)
end

--- Starts it again, in a folder for the time being, and comes back at once. In a cell, unless rerun.in_cell says no.
--- Options: caged (false): in a cell whoever has recorded it; trust (false): it runs like a script of one's own; seconds (five times as
--- long as it took, but 10 at least), and memory (1024, in MB), which it may use in the cell; any_walls (false): the cell may lack
--- walls; trace, lines of the log and a step (bisect.lua).
---@param run table   as record.read gives it
---@param place table   as rerun.new_folder gives it
---@param o? { caged?: boolean, trust?: boolean, seconds?: number, memory?: integer, any_walls?: boolean, trace?: string[] }
---@return gradus.Rerun
function rerun.start(run, place, o)
  o = o or {}
  local into, caged = place.path .. "/run", o.caged or rerun.in_cell(run, o.trust)
  local more = table.move(o.trace or {}, 1, #(o.trace or {}), 1, {})
  local last = caged and limits(run, o) or permission(o)
  table.move(last, 1, #last, #more + 1, more)
  local child, reason = core.child(command(run, into, caged, more), "")
  if not child then return ended(reason) end
  return setmetatable({ child = child, record = run, into = into, began = caged and core.clock() or nil }, Rerun)
end

--- Runs it again until it has ended, and gives the new record; nil and what it said when no record came. Options as for rerun.start.
---@param run table
---@param place table
---@param o? table
---@return table?, string
function rerun.run(run, place, o)
  local one <close> = rerun.start(run, place, o)
  local result
  repeat
    result = one:wait(0.2)
    if not result then show(run, one.into, one.began) end
  until result
  clear()
  return result.again, result.said
end

return rerun

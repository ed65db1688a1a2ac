--- rerun: runs the script of a record again, as a program of its own, into a folder for the time being.
---
---   local place <close> = rerun.new_folder()
---   local again, said = rerun.run(run, place)
local claims = require "gradus.claims"
local core = require "gradus.core"
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

--- The words that start the program as the record was made: with its options, and the kernels it had, where they can run here.
local function command(run, into, more)
  local engine = run.about.engine
  local words = { "env" }
  local kernels = needs[engine.core] and engine.core ~= core.facts().core and processor_has(needs[engine.core])
  local function add(...)
    for _, word in ipairs { ... } do
      words[#words + 1] = word
    end
  end
  local directory = plain.back(run.about.directory)
  if type(directory) == "string" and pcall(core.full_path, directory) then add("-C", directory) end
  local sign, hours, minutes = tostring((run.about.machine or {}).zone):match "^([+-])(%d%d)(%d%d)$"
  if sign then add(("TZ=<%s%s%s>%s%s:%s"):format(sign, hours, minutes, sign == "+" and "-" or "+", hours, minutes)) end
  if kernels then add("OPENBLAS_CORETYPE=" .. engine.core) end
  add(core.program(), "--ends-with", claims.process(), "--quiet", "--threads", tostring(engine.threads), "--into", into)
  if run.about.seeded then add("--seed", tostring(run.about.seed)) end
  if engine.dtype == "f32" then add "--f32" end
  if engine.mode == "portable" then add "--portable" end
  if engine.nan_check == false then add "--no-nan-check" end
  if core.settings.scripts then add("--scripts", core.full_path(core.settings.scripts)) end
  add("rerun", core.full_path(run.folder))
  add(table.unpack(more or {}))
  return words
end

--- A folder for the time being, below $TMPDIR, which goes when what it gives is closed.
function rerun.new_folder()
  local given = os.getenv "TMPDIR"
  local path
  repeat
    path = ("%s/gradus-%x"):format(given and given ~= "" and given or "/tmp", math.floor(core.clock() * 1e9))
  until core.new_folder(path)
  return setmetatable({ path = path }, { __close = function() core.remove_folder(path) end })
end

local function size_of(path)
  local file = io.open(path, "rb")
  local bytes = file and file:seek "end"
  if file then file:close() end
  return bytes or 0
end

--- How far it is, on a terminal: by the length of the log that it writes.
local function show(run, into)
  if core.settings.quiet or not core.terminal() then return end
  local share = size_of(into .. "/log.jsonl") / math.max(1, size_of(run.folder .. "/log.jsonl"))
  io.stderr:write(("\rrunning again: %3.0f %%\27[K"):format(100 * math.min(1, share)))
end

local function clear()
  if not core.settings.quiet and core.terminal() then io.stderr:write "\r\27[K" end
end

--- Runs it again, in a folder for the time being, and gives the new record; nil and what it said when no record came.
---@param run table   as record.read gives it
---@param place table   as rerun.new_folder gives it
---@param more? string[]   further words for the other program
---@return table?, string?
function rerun.run(run, place, more)
  local into = place.path .. "/run"
  local child <close>, reason = core.child(command(run, into, more), "")
  if not child then return nil, reason end
  local status, said
  repeat
    status, said = child:wait(0.2)
    show(run, into)
  until status
  clear()
  local index = tonumber(run.about.index) or 1
  local again, wrong = record.read(index > 1 and ("%s-%d"):format(into, index) or into)
  if not again then return nil, said ~= "" and said or wrong end
  return again, said
end

return rerun

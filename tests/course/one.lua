-- one.lua: runs one experiment and writes down the figures that it gave to run:result, for run.lua beside this file.
--
--   gradus tests/course/one.lua FIGURES EXPERIMENT [words for the experiment]
--
-- FIGURES becomes a Lua table of plain values, by the names that the experiment gave. Exit status 1 when it fails.
local core = require "gradus.core"
local real_run = require "gradus.run"

local figures, experiment = arg[1], arg[2]

-- The words that follow are the experiment's: it reads them as if it had been called with them.
table.move(arg, 3, #arg + 2, 1)
arg[0] = experiment -- luacheck: ignore

local runs = {}

package.loaded["gradus.run"] = function(settings)
  runs[#runs + 1] = real_run(settings)
  return runs[#runs]
end

local function text_of(value)
  if core.is_tensor(value) then value = value:totable() end
  if type(value) ~= "table" then return ("%q"):format(value) end
  local parts = {}
  for i, one in ipairs(value) do
    parts[i] = text_of(one)
  end
  return ("{ %s }"):format(table.concat(parts, ", "))
end

local started = core.clock()
dofile(experiment)

local lines = { "return {" }
for _, run in ipairs(runs) do
  for name, value in pairs(run.results) do
    lines[#lines + 1] = ("  [%q] = %s,"):format(name, text_of(value))
  end
end
lines[#lines + 1] = ("}, %.1f"):format(core.clock() - started)

local out = assert(io.open(figures, "w"))
out:write(table.concat(lines, "\n"), "\n")
out:close()

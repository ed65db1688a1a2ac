--- facts: what a record says of the script, the program and the machine: whatever may change a figure.
local core = require "gradus.core"
local plain = require "gradus.plain"

local facts = {}

--- A script of any bytes, as JSON can hold it.
local function text_and_hash(text) return { text = plain.of(text, "run"), sha256 = core.sha256_text(text) } end

--- The hash of the library when it is taken from disk (--scripts): of all its files, by name.
local function library_sha256()
  if not core.settings.scripts then return nil end
  local sums = {}
  for i, name in ipairs(core.files()) do
    sums[i] = name .. core.sha256_text(core.file(name) or "")
  end
  return core.sha256_text(table.concat(sums, "\n"))
end

--- The program as it runs now. In a cell nothing is told of it: who reads the record that comes out knows better.
function facts.engine()
  if core.settings.caged then return {} end
  local found = core.facts()
  return {
    version = core.version,
    build = found.build,
    flags = found.flags,
    library = library_sha256(),
    mode = core.settings.portable and "portable" or "default",
    threads = found.threads,
    dtype = core.settings.dtype,
    nan_check = core.settings.nan_check,
    lua = _VERSION,
    blas = found.blas,
    core = found.core,
    libc = found.libc,
  }
end

--- The machine.
function facts.machine()
  if core.settings.caged then return {} end
  local found = core.facts()
  return { cpu = found.cpu, system = found.system, processor = found.processor, zone = os.date "%z" }
end

--- Adds to what is known of a run: script, command line, program, machine.
---@param about table
---@return table
function facts.of_run(about)
  local script = core.script()
  about.script = text_and_hash(script.text)
  about.script.path, about.script.chunk = plain.of(script.path, "run"), plain.of(script.chunk, "run")
  about.directory = not core.settings.caged and plain.of(core.full_path ".", "run") or nil
  about.command = {}
  local words = _G.arg or {} -- a script may have its own
  for i = 0, #words do
    about.command[#about.command + 1] = plain.of(words[i] or script.path, "run")
  end
  about.seeded = core.settings.seeded
  about.engine, about.machine = facts.engine(), facts.machine()
  return about
end

return facts

--- compare: two records of what should be the same run: where they part, and why they may.
---
---   local found = compare.records(one, other)
---   found.epochs, found.figures   how many were compared
---   found.first                   the first difference, or nil: { text =, line =, one =, other =, epoch =, fit = }
---   found.why                     sentences: what differs besides the figures: script, settings, data, program, machine
local options = require "gradus.options"
local record = require "gradus.record"
local seals = require "gradus.seals"

local compare = {}

--- The names in either of two tables, sorted.
---@return string[]
function compare.names(one, other)
  local names = {}
  for _, side in ipairs { one, other } do
    for name in pairs(side) do
      names[name] = true
    end
  end
  return options.sorted_keys(names)
end

-- ---- What happened, line by line

--- Lines that a run of the same script writes anew each time.
local compared = { fit = true, epoch = true, log = true, result = true, file = true }

local function events(run)
  local list = {}
  for _, line in ipairs(run.lines) do
    if compared[line.kind] then list[#list + 1] = line end
  end
  return list
end

local function title(line)
  if line.kind == "epoch" then return ("training %s, epoch %s"):format(line.fit, line.epoch) end
  if line.kind == "fit" then return ("training %s, before its first step"):format(line.fit) end
  if line.kind == "log" then
    local values = type(line.values) == "table" and line.values or {}
    return values.epoch and ("run:log, epoch %s"):format(seals.show(values.epoch)) or "run:log"
  end
  if line.kind == "file" then return ("file %s"):format(tostring(line.path)) end
  return line.kind == "result" and "run:result" or tostring(line.kind)
end

local function off(one, other)
  if type(one) ~= "number" or type(other) ~= "number" then return "" end
  return (" (off by %.3g)"):format(math.abs(one - other))
end

local smallest = 1e-3 -- figures below it are compared as if they were of its size

--- Whether two figures are the same, to a relative tolerance when one is given.
local function agree(one, other, tolerance)
  if one == other then return true end
  if not tolerance or type(one) ~= "number" or type(other) ~= "number" then return false end
  return math.abs(one - other) <= tolerance * math.max(smallest, math.abs(one), math.abs(other))
end

local parts = { "fit", "epoch", "values", "tensors", "name", "path" }
local exact_parts = { "params", "sha256" }

--- Figures and hashes of two lines; f is told of each pair.
local function compare_lines(one, other, exact, f)
  for _, part in ipairs(parts) do
    if part ~= "tensors" or exact then seals.differences(one[part], other[part], part, f) end
  end
  for _, part in ipairs(exact and exact_parts or {}) do
    if one[part] ~= other[part] then f(part, one[part], other[part]) end
  end
end

local hashes = { params = "the parameters differ in their bits", sha256 = "the contents differ" }

--- The first difference of two lines that should say the same, or nil.
local function difference(one, other, tolerance)
  local found
  local function take(place, a, b)
    if found or agree(a, b, tolerance) then return end
    if tolerance and place:find "sha256" then return end -- bits are not asked for
    local name = place:gsub("^values%.", "")
    local said = hashes[name:match "[^.]+$"]
    local tensors = type(one.tensors) == "table" and one.tensors or {}
    local tensor = tensors[tonumber(name:match "^tensors%[(%d+)%]")]
    if type(tensor) == "table" then said = ("parameter %s is another at the start"):format(tostring(tensor.name)) end
    local text = said or ("%s is %s here and %s there%s"):format(name, seals.show(a), seals.show(b), off(a, b))
    found = { text = ("%s: %s"):format(title(one), text), name = name, one = a, other = b }
  end
  if one.kind ~= other.kind then
    return {
      text = ("different events: %s here and %s there"):format(title(one), title(other)),
      one = title(one),
      other = title(other),
    }
  end
  compare_lines(one, other, not tolerance, take)
  return found
end

local function place_of(found, line, other)
  found.line, found.fit, found.other_line = line.line, line.fit, other and other.line
  found.epoch = line.epoch or type(line.values) == "table" and line.values.epoch or nil
  return found
end

--- How many epochs (of fit; of run:log where no fit tells them) and figures there are in the first n.
local function count(list, n)
  local c = { epochs = 0, figures = 0 }
  local logged = 0
  for i = 1, n do
    local values = type(list[i].values) == "table" and list[i].values or {}
    if list[i].kind == "epoch" then c.epochs = c.epochs + 1 end
    if list[i].kind == "log" and values.epoch ~= nil then logged = logged + 1 end
    for _ in pairs(values) do
      c.figures = c.figures + 1
    end
  end
  c.epochs = math.max(c.epochs, logged)
  return c
end

--- How a run ends whose log may stop anywhere.
local cut_short = { unfinished = true, running = true, interrupted = true }

--- Goes through both logs. A record that ended early (killed, interrupted) is compared as far as it goes.
local function compare_events(one, other, tolerance)
  local a, b = events(one), events(other)
  local short = cut_short[one.status] or cut_short[other.status]
  for i = 1, math.min(#a, #b) do
    local found = difference(a[i], b[i], tolerance)
    if found then return place_of(found, a[i], b[i]), count(a, i - 1) end
  end
  local n = math.min(#a, #b)
  if #a ~= #b and not short then
    local longer, line = #a > #b and "the first" or "the second", (#a > #b and a or b)[n + 1]
    local text = ("%s goes on: %s"):format(longer, title(line))
    return place_of({ text = text, one = #a, other = #b, goes_on = true }, line), count(a, n)
  end
  return nil, count(a, n)
end

-- ---- Why

local function why_settings(one, other, add)
  seals.differences(one.settings, other.settings, "", function(place, a, b)
    if place ~= "out" and place ~= "name" then
      add(("settings differ: %s is %s and %s"):format(place, seals.show(a), seals.show(b)))
    end
  end)
  if one.seed ~= other.seed then
    add(("seeds differ: %s and %s"):format(seals.show(one.seed), seals.show(other.seed)))
  end
end

local function by_name(list)
  local names = {}
  for _, entry in ipairs(list or {}) do
    names[entry.name] = entry.sha256 or "missing"
  end
  return names
end

local function why_lists(what, one, other, add)
  local a, b = by_name(one), by_name(other)
  for _, name in ipairs(compare.names(a, b)) do
    if a[name] and b[name] and a[name] ~= b[name] then
      add(("%s differ: %s has another content"):format(what, name))
    elseif not (a[name] and b[name]) then
      add(("%s differ: %s was read by one of them only"):format(what, name))
    end
  end
end

local engine = {
  version = "the version of gradus",
  build = "the program",
  flags = "how the program was compiled",
  library = "the Lua library",
  mode = "the mode",
  threads = "the number of threads",
  dtype = "the type of numbers",
  lua = "Lua",
  blas = "the BLAS library",
  core = "the kernels of OpenBLAS",
  libc = "the C library",
}
local machine = { cpu = "the processor", processor = "the kind of processor", zone = "the time zone" }

local function why_facts(what, names, one, other, add)
  for _, key in ipairs(options.sorted_keys(names)) do
    local a, b = (one or {})[key], (other or {})[key]
    if a ~= b then add(("%s: %s differs: %s and %s"):format(what, names[key], seals.show(a), seals.show(b))) end
  end
end

--- What differs between two runs besides what came out.
---@return string[]
function compare.why(one, other)
  local list = {}
  local function add(text) list[#list + 1] = text end
  if one.script.sha256 ~= other.script.sha256 then add "the scripts differ" end
  why_settings(one, other, add)
  why_lists("modules", one.modules, other.modules, add)
  why_lists("data", one.data, other.data, add)
  why_facts("engine", engine, one.engine, other.engine, add)
  why_facts("machine", machine, one.machine, other.machine, add)
  return list
end

--- Whether two runs must agree to the bit: the same program and kernels, or both in the mode that is the same everywhere.
function compare.same_bits(one, other)
  local a, b = one.engine, other.engine
  if a.dtype ~= b.dtype or a.mode ~= b.mode then return false end
  if a.mode == "portable" then return true end
  return a.core == b.core and a.blas == b.blas and a.libc == b.libc and a.threads == b.threads
end

-- ---- How they ended, and what they printed

--- Addresses differ from run to run: "table: 0x55d0c8a3b2f0" is any table.
local function without_addresses(text) return (text:gsub("(%a+: )0x%x+", "%1an address")) end

local function lines_of(folder)
  local list = {}
  for line in ((record.read_part(folder .. "/output.txt") or "") .. "\n"):gmatch "([^\n]*)\n" do
    list[#list + 1] = without_addresses(line)
  end
  return list
end

--- The first line of the output that differs, or nil.
local function output_difference(one, other)
  if one.about.output == other.about.output then return nil end
  local a, b = lines_of(one.folder), lines_of(other.folder)
  for i = 1, math.max(#a, #b) do
    if a[i] ~= b[i] then
      local text = ("line %d of what the script printed: %s here and %s there"):format(
        i,
        seals.show(a[i]),
        seals.show(b[i])
      )
      return { text = text, one = a[i], other = b[i] }
    end
  end
  return nil
end

local function end_difference(one, other)
  local a, b = one.about.error or one.status, other.about.error or other.status
  if a == b then return nil end
  return {
    text = ("how the script ended: %s here and %s there"):format(seals.show(a), seals.show(b)),
    one = a,
    other = b,
  }
end

--- Compares two records. A tolerance, relative to the larger figure (or 0.001), takes the place of equal bits.
---@param one table        as record.read gives it
---@param other table
---@param tolerance? number
function compare.records(one, other, tolerance)
  local first, counted = compare_events(one, other, tolerance)
  local whole = not (cut_short[one.status] or cut_short[other.status])
  if whole and (not first or first.goes_on) then first = end_difference(one, other) or first end
  if whole and not first and not tolerance then first = output_difference(one, other) end
  return { first = first, epochs = counted.epochs, figures = counted.figures, why = compare.why(one.about, other.about) }
end

return compare

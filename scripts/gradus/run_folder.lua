--- run_folder: where records of runs lie, and the folder of a new one: RUNS/2026-11-21T12-49-26_two-layers_a1b2c3.
local core = require "gradus.core"

local run_folder = {}

--- The files of a record whose hashes run.json holds, by the names that it has for them.
run_folder.sealed = {
  { "output", "output.txt" },
  { "clock", "clock.txt" },
  { "checkpoint", "checkpoint.safetensors" },
}

local open, date, getenv = io.open, os.date, os.getenv -- a script may replace its own

--- A file name's part: letters of any alphabet, digits, - and _.
local function slug(name)
  local text = name:gsub("[^%w_\x80-\xff-]+", "-"):gsub("^-+", ""):gsub("-+$", "")
  local most = 40
  local stop = utf8.len(text) and utf8.offset(text, most + 1)
  text = stop and text:sub(1, stop - 1) or text
  return text ~= "" and text or "run"
end

local function short_id()
  local file = open("/dev/urandom", "rb")
  local bytes = file and file:read(3) or ("%03d"):format(core.clock() * 1e9 % 1000)
  if file then file:close() end
  return ("%02x%02x%02x"):format(bytes:byte(1, 3))
end

--- The folder of all records.
function run_folder.all()
  local given = core.settings.runs or getenv "GRADUS_RUNS"
  return given and given ~= "" and given or "runs"
end

local advice = "--runs DIR records elsewhere, --no-record not at all"

--- Makes a folder, and those above it; the error says what else can be done.
function run_folder.make(path)
  local ok, reason = pcall(core.make_folder, path)
  if not ok then core.raise(("run: %s\n  %s"):format(tostring(reason):gsub("^[^:]+:%d+: ", ""), advice)) end
end

--- A new folder for a run of that name, and its id. --into DIR names it; run number 2 of the same script gets DIR-2.
---@param name string
---@param number integer   how many runs the script has begun
function run_folder.new(name, number)
  local into = core.settings.into
  if into then
    local folder = number > 1 and ("%s-%d"):format(into, number) or into
    run_folder.make(folder)
    if core.exists(folder .. "/run.json") then
      core.raise(("run: %s holds a run already: give --into another folder"):format(folder))
    end
    return folder, short_id()
  end
  local runs = run_folder.all()
  run_folder.make(runs)
  while true do
    local id = short_id()
    local folder = ("%s/%s_%s_%s"):format(runs, date "!%Y-%m-%dT%H-%M-%S", slug(name), id)
    local ok, made = pcall(core.new_folder, folder)
    if not ok then core.raise(("run: %s\n  %s"):format(tostring(made):gsub("^[^:]+:%d+: ", ""), advice)) end
    if made then return folder, id end
  end
end

return run_folder

--- origin: whose record it is. The user has a secret key, and each record that is written for them carries an HMAC with it over all that
--- a replay runs: who has no key cannot make one. A record without, or with another, is a stranger's.
---
---   about.hmac = origin.sign(about)
---   if origin.is_own(run) then ... end
---
--- The key lies beside the prompt's history, in .../gradus/own/key, and goes nowhere else. Where it cannot be kept, no record is signed.
local core = require "gradus.core"
local guard = require "gradus.guard"
local hmac = require "gradus.hmac"
local recall = require "gradus.recall"

local origin = {}

local key_bytes = 32

local open, rename = io.open, os.rename -- a script may replace its own

local function read_bytes(path, count)
  local file <close> = open(path, "rb")
  return file and file:read(count)
end

local function read_key(folder)
  local key = read_bytes(folder .. "/own/key", key_bytes + 1)
  return key and #key == key_bytes and key or nil
end

--- Makes a key. Its folder comes to its place by a rename, which fails where there is one: of several programs that make their first
--- key at once all go by the same.
local function make_key(folder)
  local key = read_bytes("/dev/urandom", key_bytes)
  if not key or #key < key_bytes then return end
  local place = folder .. "/own"
  if not read_key(folder) and read_bytes(place .. "/key", 0) then core.remove_folder(place) end -- half a key is none
  local beside = ("%s/own-%s"):format(folder, core.sha256_text(key):sub(1, 16))
  core.make_folder(beside)
  core.append_private(beside .. "/key", key) -- 0600
  if not rename(beside, place) then core.remove_folder(beside) end
end

local known -- the key; false: there is none

--- The user's key, made when there is none; false where none can be kept.
local function own_key()
  local folder = known == nil and recall.folder()
  if folder then
    if not read_key(folder) then pcall(make_key, folder) end
    known = read_key(folder) or false
  end
  return known or false
end

--- What is executed when the run is replayed, and with which options, as one text.
local function executed(about)
  local modules, engine = {}, about.engine or {}
  for i, module in ipairs(about.modules or {}) do
    modules[i] = { name = module.name, path = module.path, text = module.text }
  end
  return core.json_encode {
    script = { text = about.script.text, path = about.script.path, chunk = about.script.chunk },
    modules = modules,
    directory = about.directory,
    command = about.command,
    settings = about.settings,
    seed = about.seed,
    seeded = about.seeded,
    index = about.index,
    zone = (about.machine or {}).zone,
    engine = { engine.dtype, engine.mode, tostring(engine.threads), tostring(engine.nan_check), tostring(engine.core) },
  }
end

--- The HMAC of a record, from what its run.json says; nil where there is no key.
---@param about table
---@return string?
function origin.sign(about)
  local key = own_key()
  return key and hmac(key, executed(about)) or nil
end

--- Whether the record was written here, by this user, and what it runs is what it ran then.
---@param run table   as record.read gives it
---@return boolean
function origin.is_own(run)
  if type(run.about.hmac) ~= "string" then return false end
  local ok, signed = guard(origin.sign, run.about) -- what no JSON can hold, we have not written
  return ok and signed == run.about.hmac
end

return origin

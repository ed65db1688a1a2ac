--- claims: who works on which combination, where several programs, or machines, share a sweep's folder.
---
---   local claims = claims.open(folder, take_over)
---   if claims:take(id) then work(); claims:release(id) end
---   claims:beat()       -- now and then
---   claims:close()
---
--- A claim is the folder claims/ID with one empty file, named by its owner: machine, boot, process and when that began. It comes to its
--- place by a rename, which the file system does for one of several programs only; so does the rename of the file by which a dead
--- owner's claim is taken over, for it fails when somebody else was faster. No lock is needed, of which a network folder may know
--- nothing.
local core = require "gradus.core"

local claims = {}

local Claims = {}
Claims.__index = Claims

local beat_every = 10 -- seconds
local patience = 60 -- seconds without a sign of life after which another machine's claim is free

-- ---- Owners

local function first_line(path)
  local file <close> = io.open(path)
  return file and file:read "l" or ""
end

--- Eight hexadecimal digits of a text.
local function short(text) return core.sha256_text(text):sub(1, 8) end

--- The number of a process, and when it began, in ticks since the machine did; nil when there is none. proc(5): fields 1 and 22.
local function process(name)
  local line = first_line(("/proc/%s/stat"):format(name))
  local number, rest = line:match "^(%d+).*%) (.*)$"
  local fields = {}
  for field in (rest or ""):gmatch "%S+" do
    fields[#fields + 1] = field
  end
  return number, fields[20]
end

local function this_machine()
  local host = first_line("/proc/sys/kernel/hostname"):gsub("[^%w.-]", "-")
  return ("%s_%s"):format(host, short(first_line "/etc/machine-id")),
    short(first_line "/proc/sys/kernel/random/boot_id")
end

local function this_owner()
  local machine, boot = this_machine()
  local number, began = process "self"
  return ("%s_%s_%s_%s"):format(machine, boot, number, began)
end

--- Whether the owner of a claim is at work: true or false for one of this machine; nil for another machine's.
local function is_alive(owner)
  local machine, boot, number, began = owner:match "^(.*)_(%x+)_(%d+)_(%d+)$"
  if not machine then return nil end
  local here, this_boot = this_machine()
  if machine ~= here then return nil end
  if boot ~= this_boot then return false end
  local _, since = process(number)
  return since == began
end

--- An owner as people say it.
function claims.name(owner)
  local host, number = owner:match "^(.*)_%x+_%x+_(%d+)_%d+$"
  return host and ("process %s on %s"):format(number, host) or owner
end

--- The number of this program's process.
function claims.process() return (process "self") end

-- ---- Claims

--- Takes part in the sweep of that folder. With take_over, claims of other machines count as left behind.
---@param folder string
---@param take_over? boolean
function claims.open(folder, take_over)
  local self = {
    folder = folder,
    place = folder .. "/.claims",
    me = this_owner(),
    take_over = take_over,
    patience = patience,
    seen = {},
  }
  core.make_folder(self.place)
  setmetatable(self, Claims)
  self:clean()
  self:beat()
  return self
end

--- Takes away what dead programs of this machine have left: signs of life, claims half made, and claims, of which some are of runs that
--- have finished. Should somebody take one over at this moment, its file has another name, and its folder stays.
function Claims:clean()
  for _, name in ipairs(core.list_folder(self.place)) do
    local path = ("%s/%s"):format(self.place, (name:gsub("/$", "")))
    local owner = name:match "^alive_(.*)$" or name:match "^new_(.*)/$"
    local claimed = not owner and core.list_folder(path)[1]
    if owner and is_alive(owner) == false then
      pcall(core.remove_folder, path)
    elseif claimed and is_alive(claimed) == false then
      self:remove(path, claimed)
    end
  end
end

--- Takes a claim away, if it is still that owner's. Who takes it between our two steps keeps it.
function Claims:remove(path, owner)
  os.remove(("%s/%s"):format(path, owner))
  os.remove(path)
end

--- A sign of life for other machines, each ten seconds.
function Claims:beat()
  local now = core.clock()
  if self.beaten and now - self.beaten < beat_every then return end
  self.beaten = now
  core.write_file(("%s/alive_%s"):format(self.place, self.me), ("%.3f\n"):format(now))
end

function Claims:close() os.remove(("%s/alive_%s"):format(self.place, self.me)) end

--- Makes the claim, with its owner in it, and puts it into its place; false when there is one.
function Claims:put(place)
  local new = ("%s/new_%s"):format(self.place, self.me)
  core.make_folder(new)
  local file = assert(io.open(("%s/%s"):format(new, self.me), "w"))
  file:close()
  if os.rename(new, place) then return true end
  core.remove_folder(new)
  return false
end

--- What shows that the owner of a claim is at work: its last sign of life, and how long the log of the run is.
function Claims:signs(id, owner)
  local log <close> = io.open(("%s/%s/log.jsonl"):format(self.folder, id))
  return ("%s %s"):format(first_line(("%s/alive_%s"):format(self.place, owner)), log and log:seek "end" or "")
end

--- Whether an owner has left its claim behind. Of another machine's we only see that no sign changes, by our own clock.
function Claims:is_left(id, owner)
  local alive = is_alive(owner)
  if alive ~= nil then return not alive end
  if self.take_over then return true end
  local signs, now, seen = self:signs(id, owner), core.clock(), self.seen[id]
  if not seen or seen.signs ~= signs then
    self.seen[id] = { signs = signs, since = now }
    return false
  end
  return now - seen.since >= self.patience
end

--- Takes the claim; false and its owner where it is somebody's.
---@param id string
---@return boolean, string?
function Claims:take(id)
  local place = ("%s/%s"):format(self.place, id)
  if self:put(place) then return true end
  local owner = core.list_folder(place)[1]
  if not owner then return false, "" end -- released this very moment
  if owner == self.me then return true end
  if not self:is_left(id, owner) then return false, owner end
  local taken = os.rename(("%s/%s"):format(place, owner), ("%s/%s"):format(place, self.me))
  return taken == true, owner
end

--- Gives it back.
function Claims:release(id) self:remove(("%s/%s"):format(self.place, id), self.me) end

return claims

--- keeping: where the files of a record go: into its folder; in a cell, where there are none, into memory.
---
---   local place = keeping.in_folder "runs/x"
---   place:put("run.json", text)             -- all of a file; an old one stays whole until the new one is
---   local file = place:open "log.jsonl"     -- to write behind its end: write, seek, setvbuf, flush, close; nil and the reason
---   place:sha256 "log.jsonl"                -- nil where there is no such file
---   keeping.in_memory():text "run.json"     -- what a place in memory holds
local core = require "gradus.core"
local run_folder = require "gradus.run_folder"
local sources = require "gradus.sources"

local keeping = {}

local open = io.open -- a script may replace its own

-- ---- In a folder

local Folder = {}
Folder.__index = Folder

--- The place that a folder is, which is there already.
---@param path string
function keeping.in_folder(path) return setmetatable({ path = path, keeps_checkpoints = true }, Folder) end

function Folder:put(name, bytes)
  local inside = name:match "^(.*)/"
  if inside then run_folder.make(("%s/%s"):format(self.path, inside)) end
  core.write_file(("%s/%s"):format(self.path, name), bytes)
end

function Folder:open(name) return open(("%s/%s"):format(self.path, name), "ab") end

function Folder:sha256(name)
  local path = ("%s/%s"):format(self.path, name)
  return sources.exists(path) and core.sha256(path) or nil
end

--- Nobody else writes there until what this gives is closed or collected.
function Folder:lock() return core.lock_folder(self.path) end

function Folder:remove() core.remove_folder(self.path) end

-- ---- In memory

--- A file in memory, which is written as io's are.
local File = {}
File.__index = File

function File:write(...)
  for _, text in ipairs { ... } do
    self.parts[#self.parts + 1], self.size = text, self.size + #text
  end
  return self
end

function File:seek() return self.size end

function File:setvbuf() return true end

function File:flush() return self end

function File:close() return true end

local Memory = {}
Memory.__index = Memory

--- A place in memory.
function keeping.in_memory() return setmetatable({ path = "memory", files = {}, keeps_checkpoints = false }, Memory) end

function Memory:put(name, bytes) self.files[name] = setmetatable({ parts = { bytes }, size = #bytes }, File) end

function Memory:open(name)
  self.files[name] = self.files[name] or setmetatable({ parts = {}, size = 0 }, File)
  return self.files[name]
end

function Memory:text(name)
  local file = self.files[name]
  return file and table.concat(file.parts)
end

function Memory:sha256(name)
  local text = self:text(name)
  return text and core.sha256_text(text)
end

function Memory:lock() return true end -- luacheck: ignore self

function Memory:remove() self.files = {} end

return keeping

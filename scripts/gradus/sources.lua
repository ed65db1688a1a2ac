--- sources: what a script has read: data sets, files and modules of its own. A recorded run tells of them, with hashes.
---
---   sources.file "prices.csv"            -- where the library opens a file
---   sources.inside("iris", text)         -- a set that is part of the program
---   sources.listen(function(source) ... end)
---
--- Nothing is hashed unless somebody listens.
local core = require "gradus.core"

local sources = {}

local open = io.open -- the script's may be watched

local list, known = {}, {}
local listener

--- In a cell: hashes of the files that were given to it, by name; there are no others.
sources.given = {}

--- A source { name =, path = or nil, text = or nil }, unless it is known.
local function note(source)
  local key = source.path or source.name
  if known[key] then return end
  known[key] = true
  list[#list + 1] = source
  if listener then listener(source) end
end

--- A file was read. Pipes and devices never end: they are passed over, and what is no path is refused by who reads it.
---@param path string
---@param name? string   what it is, where more is known than its path
function sources.file(path, name)
  if type(path) ~= "string" then return end
  local there = sources.given[path]
  if not core.settings.caged then there = core.is_file(path) end
  if there then note { name = name or path, path = path } end
end

--- A set inside the program was read.
---@param name string
---@param text string
function sources.inside(name, text) note { name = name, text = text } end

--- The hash of a source as it is now; nil when it cannot be read any more.
---@return string?
function sources.sha256(source)
  if source.text then return core.sha256_text(source.text) end
  if sources.given[source.path] then return sources.given[source.path] end
  local ok, sum = pcall(core.sha256, source.path)
  return ok and sum or nil
end

--- Opens a file of a record, which somebody may have handed over: a pipe in place of a file would hold us up for ever. nil and the
--- reason.
---@param path string
---@return file*?, string?
function sources.open(path)
  if core.exists(path) and not core.is_file(path) then
    return nil, path .. ": is no file, but a folder, pipe or device"
  end
  return open(path, "rb")
end

--- Whether there is a file that can be read, and not a folder or a pipe.
---@param path string
---@return boolean
function sources.exists(path)
  local file = sources.open(path)
  if file then file:close() end
  return file ~= nil
end

--- Calls f with each source there is and each to come; nil ends it.
---@param f? fun(source: table)
function sources.listen(f)
  listener = f
  for _, source in ipairs(f and list or {}) do
    f(source)
  end
end

return sources

--- witness: what a recorded script reads and prints: modules and files of its own, and its output, kept in output.txt.
---
---   local undo = witness.install(run, on_module)
local core = require "gradus.core"
local plain = require "gradus.plain"
local relay = require "gradus.relay"
local sources = require "gradus.sources"

local witness = {}

--- Texts of modules to be given in the place of files, when a recorded script runs again: by path.
witness.texts = nil

local raw = { open = io.open, lines = io.lines, load = load }

-- ---- Modules

--- The text of a Lua file: as it was recorded, else as it lies there. nil and the reason.
local function text_of(path)
  if witness.texts and witness.texts[path] then return witness.texts[path] end
  local file, reason = raw.open(path, "rb")
  if not file then return nil, reason end
  local text = file:read "a"
  file:close()
  return text
end

local function is_ours(name) return name == "gradus" or name:find "^gradus%." end

--- Where a module's file lies, by package.path; of one that is recorded, what the record says.
local function find(name)
  if witness.texts and witness.texts[name .. " path"] then return witness.texts[name .. " path"] end
  if core.settings.caged then return nil, ("the record has no module '%s'"):format(name) end
  return package.searchpath(name, package.path)
end

--- A searcher for require that tells of each module of the script's own.
local function searcher(tell)
  return function(name)
    local path, reason = find(name)
    if not path then return reason end
    local text = text_of(path)
    if not text then return ("no file '%s'"):format(path) end
    local f, wrong = raw.load(text, "@" .. path, "t")
    if not f then error(("error loading module '%s' from file '%s':\n\t%s"):format(name, path, wrong), 0) end
    tell { name = name, path = path, text = plain.of(text, "run"), sha256 = core.sha256_text(text) }
    return f, path
  end
end

--- dofile and loadfile that tell, too.
local function file_loader(tell)
  return function(path)
    local text, reason = text_of(path)
    if not text then return nil, ("cannot open %s"):format(reason) end
    tell { name = path, path = path, text = plain.of(text, "run"), sha256 = core.sha256_text(text) }
    return raw.load((text:gsub("^#[^\n]*", "")), "@" .. path, "t")
  end
end

--- Those that were required before.
local function tell_loaded(tell)
  for _, name in ipairs(require("gradus.options").sorted_keys(package.loaded)) do
    local path = not is_ours(name) and find(name)
    local text = path and text_of(path)
    if text then tell { name = name, path = path, text = plain.of(text, "run"), sha256 = core.sha256_text(text) } end
  end
end

--- Puts require's, dofile's and loadfile's watched ones in place; gives a function that takes them away.
local function install_loaders(tell)
  local searchers = package.searchers
  local own = searcher(tell)
  table.insert(searchers, 3, own) -- before Lua's own for files, behind ours for gradus
  local loadfile, dofile = _G.loadfile, _G.dofile
  local load = file_loader(tell)
  _G.loadfile = function(path, mode, ...)
    if path == nil or mode ~= nil or select("#", ...) > 0 then return loadfile(path, mode, ...) end
    return load(path)
  end
  _G.dofile = function(path)
    if path == nil then return dofile() end
    local f, wrong = load(path)
    if not f then core.raise(wrong) end
    return f()
  end
  return function()
    for i, one in ipairs(searchers) do
      if one == own then table.remove(searchers, i) end
    end
    _G.loadfile, _G.dofile = loadfile, dofile
  end
end

--- From now on modules and Lua files are those that are recorded (witness.texts), also before gr.run is called.
function witness.use_recorded()
  install_loaders(function() end)
end

--- What was read before gr.run was called.
local function tell_early(early, tell)
  for _, call in ipairs(early) do
    local name, path, mode = table.unpack(call)
    if name == "open" or name == "lines" then
      if name == "lines" or tostring(mode or "r"):find "^rb?$" then sources.file(path) end
    else
      local text = text_of(path)
      if text then tell { name = path, path = path, text = plain.of(text, "run"), sha256 = core.sha256_text(text) } end
    end
  end
end

local function watch_modules(early, tell)
  tell_early(early, tell)
  tell_loaded(tell)
  return install_loaders(tell)
end

-- ---- Files that are read

local function watch_files()
  if core.settings.caged then
    return function() end
  end -- there are none
  local io = _G.io
  io.open = function(path, mode)
    local file, reason, number = relay("open", raw.open, path, mode or "r")
    if file and (mode or "r"):find "^rb?$" then sources.file(path) end
    return file, reason, number
  end
  io.lines = function(path, ...)
    sources.file(path)
    return relay("lines", raw.lines, path, ...)
  end
  return function()
    io.open, io.lines = raw.open, raw.lines
  end
end

-- ---- Output

--- Keeps a printed text, in lots.
local function keep(run, text)
  if run.catching_up then return end -- it stands there already
  run.output[#run.output + 1] = text
  run.kept = run.kept + #text
  if run.kept > 1 << 12 or core.clock() - run.written > 0.05 then witness.flush(run) end
end

--- What print writes.
local function line_of(...)
  local texts = table.pack(...)
  for i = 1, texts.n do
    texts[i] = tostring(texts[i])
  end
  return table.concat(texts, "\t") .. "\n"
end

--- Writes what was kept to output.txt.
function witness.flush(run)
  if #run.output == 0 then return end
  local text = table.concat(run.output)
  run.output, run.kept, run.written = {}, 0, core.clock()
  if not run.output_file then
    run.output_file = run.place:open "output.txt"
    if run.output_file then run.output_file:setvbuf "no" end
  end
  local ok, reason = nil, "it cannot be opened"
  if run.output_file then
    ok, reason = run.output_file:write(text)
  end
  if not ok then core.raise(("run: the output cannot be recorded: %s/output.txt: %s"):format(run.folder, reason)) end
end

--- How many bytes were printed, all written.
function witness.position(run)
  witness.flush(run)
  return run.output_file and run.output_file:seek "end" or 0
end

--- Goes on behind the first bytes of what was printed before.
function witness.go_on(run, bytes)
  local path = run.folder .. "/output.txt"
  if sources.exists(path) then core.cut_file(path, bytes) end
end

--- As it is in a cell, where a script has print and io.write alone.
local function watch_caged_output(run)
  local print, write = _G.print, _G.io.write
  local function keep_all(...)
    for i = 1, select("#", ...) do
      local text = select(i, ...)
      if type(text) == "string" or type(text) == "number" then keep(run, ("%s"):format(text)) end
    end
  end
  _G.print = function(...)
    local line = line_of(...)
    write(line)
    keep(run, line)
  end
  _G.io.write = function(...)
    keep_all(...)
    return write(...)
  end
  return function()
    _G.print, _G.io.write = print, write
    witness.flush(run)
  end
end

local function watch_output(run)
  run.output, run.kept, run.written = {}, 0, 0
  if core.settings.caged then return watch_caged_output(run) end
  local io, print = _G.io, _G.print
  local file_methods = getmetatable(io.stdout).__index
  local io_write, file_write = io.write, file_methods.write
  _G.print = function(...)
    local line = line_of(...)
    file_write(io.stdout, line)
    keep(run, line)
  end
  io.write = function(...) return io.output():write(...) end
  file_methods.write = function(file, ...)
    if file ~= io.stdout then return file_write(file, ...) end
    for i = 1, select("#", ...) do
      local text = select(i, ...)
      if type(text) ~= "string" and type(text) ~= "number" then return relay("write", file_write, file, ...) end
      keep(run, ("%s"):format(text))
    end
    return file_write(file, ...)
  end
  return function()
    _G.print, io.write, file_methods.write = print, io_write, file_write
    witness.flush(run)
    if run.output_file then run.output_file:close() end
  end
end

-- ---- All of it

--- Watches the script; on_module is told of each module. Returns a function that ends it.
function witness.install(run, on_module)
  local undo = { watch_modules(run.early, on_module), watch_files(), watch_output(run) }
  local exit = os.exit
  _G.os.exit = function(code, close)
    local fine = code == nil or code == true or code == 0
    require("gradus.recorder").finish(fine and "finished" or "failed", not fine and ("os.exit(%s)"):format(code) or nil)
    exit(code, close)
  end
  return function()
    _G.os.exit = exit
    for i = #undo, 1, -1 do
      undo[i]()
    end
  end
end

return witness

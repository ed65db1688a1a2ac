--- docs: what there is to know of every public name: the annotations of the library's sources (blocks.lua) and the rows of the
--- operator table, as one list of entries. help, the manual and the editors' types are made of it.
---
---   local docs = require "gradus.docs"
---   local entry = docs.find "nn.dense"      -- entry.summary, entry.options, entry.example ...
---
--- Public is what hangs off `gr`, and the methods of the objects that it gives. A function finds its block by the line on which it
--- is defined; else by its name in that file (`metrics.f1 = ...`); else by `---@entry`.
local blocks = require "gradus.blocks"
local core = require "gradus.core"
local entries = require "gradus.entries"

local docs = {}

--- Pages, as the manual has them; modules that are not listed come behind, by name.
local order = {
  "gr",
  "tensor",
  "random",
  "linalg",
  "nn",
  "nn.init",
  "optim",
  "data",
  "metrics",
  "check",
  "lab",
  "run",
  "assignment",
}

--- The pages of classes that are no pages themselves.
local homes = {
  generator = "random",
  bytes = "data",
  layer = "nn",
  net = "nn",
  history = "nn",
  loss = "nn",
  optimizer = "optim",
  schedule = "optim",
  work = "lab",
  fraction = "lab",
  gradientcheck = "check",
  draw = "assignment",
}

-- ---- Reading

--- Tables of options that are too long for a line: { [class] = its fields }.
local options_of_class = {}

--- Names for types: ---@alias gradus.Rate number|...
local type_aliases = {}

--- Whether a block tells of such a table: ---@class gradus.FitOptions.
local function is_options(block) return block.class and block.class:find "Options$" ~= nil end

--- All sources: of each file its blocks by the line behind them, by name, and in order.
local function read_sources()
  local sources, written = {}, {}
  options_of_class, type_aliases = {}, {}
  for _, file in ipairs(core.files()) do
    local text = file:match "^gradus/.*%.lua$" and core.file(file)
    if text then
      local source = { file = file, text = text, by_line = {}, by_name = {}, blocks = blocks.read(file, text) }
      local from = nil
      for _, block in ipairs(source.blocks) do
        from = block.source or from
        block.source = from or ("scripts/%s:%d"):format(file, block.line)
        source.by_line[block.line] = block
        local name = block.code:match "^function [%w_.]-[.:]?([%w_]+)%s*%(" or block.code:match "^[%w_]+%.([%w_]+) ="
        if name then source.by_name[name] = block end
        if is_options(block) then options_of_class[block.class] = block.fields end
        type_aliases[#type_aliases + 1] = block.alias
        if block.entry then written[block.entry:match "^[%w_.:]+"] = block end
      end
      sources[file] = source
      sources[#sources + 1] = source
    end
  end
  return sources, written
end

--- The block of a function, if it has one.
local function block_of(sources, name, f)
  local info = debug.getinfo(f, "S")
  local source = sources[info.source:sub(2)]
  if info.what == "C" or not source then return nil end
  return source.by_line[info.linedefined] or source.by_name[name:match "[%w_]+$"]
end

-- ---- Walking what is public

local function entry_of(name, page, kind, block) return entries.of_block(name, page, kind, block, options_of_class) end

--- Everything found so far.
local function new_index() return { list = {}, by_name = {}, by_value = {}, pages = {} } end

local function add(index, entry, value)
  if index.by_name[entry.name] then return index.by_name[entry.name] end
  entry.value = value
  index.list[#index.list + 1] = entry
  index.by_name[entry.name] = entry
  if value ~= nil and not index.by_value[value] then index.by_value[value] = entry end
  return entry
end

local function add_alias(index, entry, alias)
  if entry.name == alias or index.by_name[alias] then return end
  table.insert(entry.aliases, alias)
  index.by_name[alias] = entry
end

local function sorted_names(t)
  local names = {}
  for name in pairs(t) do
    if type(name) == "string" then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

--- The functions of a module, and of the modules in it.
local function add_module(index, sources, written, page, module)
  for _, name in ipairs(sorted_names(module)) do
    local value, full = module[name], ("%s.%s"):format(page, name)
    if type(value) == "function" then
      local known = page == "gr" and index.by_value[value]
      local block = written[full] or block_of(sources, name, value)
      if not known and not (block and block.private) then add(index, entry_of(full, page, "function", block), value) end
    elseif type(value) == "table" and page ~= "gr" then
      add_module(index, sources, written, full, value)
    end
  end
end

--- The block in front of `local Net = ...` makes a class of what is below it: function Net:fit(...).
local function add_class(index, source, block)
  local class, parent = block.class:match "^gradus%.(%u%w*):?%s*g?r?a?d?u?s?%.?(%w*)"
  if not class or block.private or is_options(block) then return end
  local name = class:lower()
  local page = homes[name] or name
  local entry = entry_of(name, page, "class", block)
  entry.signature, entry.class, entry.parent = name, class, parent ~= "" and parent:lower() or nil
  entry.params = {}
  if not index.by_name[name] then add(index, entry, nil) end
  index.classes[name] = entry
  local variable = block.code:match "^local (%w+) ="
  if not variable then return end
  local number = 0
  for line in (source.text .. "\n"):gmatch "(.-)\n" do
    number = number + 1
    local owner, method = line:match "^function (%w+)[:.](%a[%w_]*)%("
    local behind = source.by_line[number]
    if owner == variable and not (behind and behind.private) then
      local of_method = entry_of(("%s:%s"):format(name, method), page, "method", behind)
      of_method.file, of_method.line = source.file, number
      add(index, of_method, nil)
    end
  end
end

--- A net has the methods of a layer.
local function add_inherited(index)
  for _, class in pairs(index.classes) do
    for _, entry in ipairs(class.parent and index.list or {}) do
      local owner, method = entry.name:match "^(%w+):(.*)$"
      if owner == class.parent then add_alias(index, entry, ("%s:%s"):format(class.name, method)) end
    end
  end
end

local function add_classes(index, sources)
  index.classes = {}
  for _, source in ipairs(sources) do
    for _, block in ipairs(source.blocks) do
      if block.class then add_class(index, source, block) end
    end
  end
  add_inherited(index)
end

--- Methods written in C, of values of a kind: those that are functions of a module too are its entry's other names.
local function add_methods(index, written, class, methods)
  for _, name in ipairs(sorted_names(methods)) do
    local full, value = ("%s:%s"):format(class, name), methods[name]
    local operator = class == "tensor" and core[name] -- x.sum is another function than gr.sum
    local same = index.by_value[value]
      or index.by_value[operator]
      or index.by_name[("%s.%s"):format(homes[class] or class, name)]
    if written[full] then
      add(index, entry_of(full, homes[class] or class, "method", written[full]), value)
    elseif same then
      add_alias(index, same, full)
      index.by_value[value] = same
    else
      add(index, entry_of(full, homes[class] or class, "method", nil), value)
    end
  end
end

--- Methods that can only be found by what is written of them.
local function add_written(index, written)
  for _, name in ipairs(sorted_names(written)) do
    local class = name:match "^(%w+):"
    if class and index.classes[class] then
      add(index, entry_of(name, homes[class] or class, "method", written[name]), nil)
    end
  end
end

--- The first block of a module's file tells of all of it.
local function add_pages(index, sources, pages)
  for _, page in ipairs(pages) do
    local file = page == "gr" and "gradus/gradus.lua" or ("gradus/%s.lua"):format(page:match "[%w_]+$")
    local source = sources[file]
    local block = source and source.blocks[1]
    if block and block.first > 1 then block = nil end
    local class = index.classes[page]
    index.pages[#index.pages + 1] = {
      name = page,
      kind = "module",
      summary = block and blocks.summary(block.text):gsub("^[%w_]+: ", "") or class and class.summary or "",
      sections = block and blocks.sections(block.text) or class and class.sections or {},
      fields = class and class.fields or {},
      entries = {},
    }
    index.pages[page] = index.pages[#index.pages]
  end
  for _, entry in ipairs(index.list) do
    table.insert(index.pages[entry.page].entries, entry)
  end
end

--- The pages in their order: modules, and classes with pages of their own.
local function page_names(index, modules)
  local wanted, names = {}, {}
  for _, entry in ipairs(index.list) do
    wanted[entry.page] = true
  end
  for _, name in ipairs(order) do
    if wanted[name] then names[#names + 1] = name end
    wanted[name] = nil
  end
  for _, name in ipairs(sorted_names(wanted)) do
    names[#names + 1] = name
  end
  return names, modules
end

local function build()
  local gr = require "gradus"
  local index, sources, written = new_index(), read_sources()
  for _, op in ipairs(core.ops()) do
    local entry = entries.of_operator(op)
    add(index, entry, entry.value)
  end
  add_module(index, sources, written, "gr", gr)
  for _, name in ipairs(sorted_names(core.modules)) do
    local module = gr[name]
    index.by_value[module] = nil
    if type(module) == "function" then
      local entry = entry_of("gr." .. name, name, "function", written["gr." .. name] or block_of(sources, name, module))
      add(index, entry, module)
      if index.by_name["gr." .. name] then index.by_name["gr." .. name].page = name end
    else
      add_module(index, sources, written, name, module)
    end
  end
  add_classes(index, sources)
  local registry = debug.getregistry()
  add_methods(index, written, "tensor", core.methods)
  add_methods(index, written, "generator", registry["gradus.rng"].__index)
  add_methods(index, written, "fraction", registry["gradus.exact"].__index)
  add_written(index, written)
  for _, entry in ipairs(index.list) do
    if entry.line then index.by_value[("%s:%d"):format(entry.file, entry.line)] = entry end
  end
  add_pages(index, sources, page_names(index))
  index.options, index.aliases = options_of_class, type_aliases
  return index
end

-- ---- Asking

local index

--- Everything: list (entries), by_name, by_value, pages, classes, options (fields by class), aliases (of types);
--- put together when first asked for.
---@return table
function docs.index()
  index = index or build()
  return index
end

--- The entry of that full name, or of another name of the same function.
---@param name string   "nn.dense", "gr.sum", "tensor:sum"
---@return gradus.Entry?
function docs.find(name) return docs.index().by_name[name] end

--- The entry of a function.
---@param f function
---@return gradus.Entry?
function docs.of_function(f)
  local all = docs.index()
  local info = debug.getinfo(f, "S")
  return all.by_value[f] or all.by_value[("%s:%d"):format(info.source:sub(2), info.linedefined)]
end

return docs

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
local examples = require "gradus.op_examples"

local docs = {}

---@class gradus.Entry
---@private
---@field name string         "nn.dense", "net:fit", "gr.sum"
---@field kind string         function, method, operator, class or module
---@field page string         the module that it belongs to
---@field signature string
---@field summary string      its first sentence
---@field sections table[]    { kind, text }: text, shapes, options, raises, code
---@field params table[]      { name, optional, type, text }
---@field options table[]?    { name, optional, type, default, text }
---@field returns table[]     { type, text }
---@field fields table[]      of a class: as params
---@field formula string?     of an operator; so are gradient and shape
---@field example string?
---@field aliases string[]    other names of the same function
---@field source string
---@field value any           the function

--- Pages, as the manual has them; modules that are not listed come behind, by name.
local order = { "gr", "tensor", "random", "linalg", "nn", "nn.init", "optim", "data", "metrics", "check", "lab", "run" }

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
  local sources, entries = {}, {}
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
        if block.entry then entries[block.entry:match "^[%w_.:]+"] = block end
      end
      sources[file] = source
      sources[#sources + 1] = source
    end
  end
  return sources, entries
end

--- The block of a function, if it has one.
local function block_of(sources, name, f)
  local info = debug.getinfo(f, "S")
  local source = sources[info.source:sub(2)]
  if info.what == "C" or not source then return nil end
  return source.by_line[info.linedefined] or source.by_name[name:match "[%w_]+$"]
end

-- ---- Signatures

--- The names between the brackets of a function's first line.
local function params_of_code(code)
  local list = {}
  for name in (code:match "%(([^()]*)%)" or ""):gmatch "[%w_.]+" do
    if name ~= "given" then list[#list + 1] = { name = name, type = "any", text = "" } end -- takes no options, and says so
  end
  return list
end

--- The parameters of a type fun(x: any, given?: { ... }): any; and what it gives.
local function params_of_type(of_type)
  local inside, returned = of_type:match "^fun(%b()):?%s*(.*)$"
  local list = blocks.fields_of("{" .. inside:sub(2, -2) .. "}") or {}
  for _, param in ipairs(list) do
    param.text = ""
  end
  return list, returned ~= "" and { { type = returned, text = "" } } or {}
end

local function short_type(of_type) return (of_type:gsub("gradus%.", "")) end

--- "(inputs, outputs [, options])", from parameters.
local function brackets(params)
  local text, open = "", 0
  for i, param in ipairs(params) do
    local name = param.name == "given" and "options" or param.name
    local comma = i > 1 and ", " or ""
    if param.optional then
      text, open = ("%s%s[%s%s"):format(text, i > 1 and " " or "", comma, name), open + 1
    else
      text = text .. comma .. name
    end
  end
  return "(" .. text .. ("]"):rep(open) .. ")"
end

--- " -> Layer", where what comes is more than any value.
local function arrow(returns)
  local list = {}
  for i, one in ipairs(returns) do
    list[i] = short_type(one.type)
  end
  local text = table.concat(list, ", ")
  return (text == "" or text:find "any" or text:find "{") and "" or " -> " .. text
end

-- ---- Entries

local function entry_of(name, page, kind, block)
  block = block or { text = {}, params = {}, returns = {}, fields = {} }
  local params, returns = block.params, block.returns
  if block.type then
    params, returns = params_of_type(block.type)
  elseif #params == 0 and not block.entry then
    params = params_of_code(block.code or "")
  end
  local entry = {
    name = name,
    page = page,
    kind = kind,
    summary = blocks.summary(block.text),
    sections = blocks.sections(block.text),
    params = params,
    returns = returns,
    fields = block.fields,
    example = block.example,
    see = block.see,
    source = block.source,
    file = block.file,
    line = block.line,
    aliases = {},
  }
  local written = block.entry and block.entry:match "%(.*$"
  entry.signature = name .. (written or brackets(params)) .. arrow(returns)
  local sentence
  for _, section in ipairs(entry.sections) do
    if section.kind == "options" then sentence = section.text end
  end
  for _, param in ipairs(params) do
    local fields = options_of_class[param.type]
    local of_fields = fields and blocks.options_of_fields(fields)
    entry.options = entry.options or of_fields or blocks.options(param.type, sentence)
  end
  return entry
end

--- What the options of operators mean that several have.
local option_words = {
  axis = { "integer", "all", "which axis, from 1, or from the end: -1 is the last" },
  keep = { "boolean", "false", "true: the axis stays, with size 1" },
  sizes = { "integer...", nil, "one after the other or in a table" },
  dtype = { "string", nil, '"f64" or "f32"' },
  kernel = { "integer|integer[]", nil, "a number or {down, across}" },
  stride = { "integer|integer[]", nil, "a number or {down, across}" },
  padding = { "integer|integer[]", "0", "a number or {down, across}" },
  p = { "number", "0.5", "" },
}

local function operator_options(op)
  local list = {}
  for name in op.options:gmatch "%S+" do
    local known = option_words[name] or { "number", nil, "" }
    list[#list + 1] = { name = name, optional = name ~= "sizes", type = known[1], default = known[2], text = known[3] }
  end
  return #list > 0 and list or nil
end

--- How an operator is called: by its function and as a method.
local function operator_signature(op, name)
  local inputs = op.inputs:gsub("%.%.%.", ", ..."):gsub(" (%a)", ", %1")
  local first, others = inputs:match "^([%w_]+),?%s*(.*)$"
  local options = op.options:gsub(" ", ", ")
  local function join(list)
    local optional = options ~= "" and name ~= "gr.reshape" and name ~= "gr.to"
    if options == "" then return list end
    if optional then return list == "" and "[" .. options .. "]" or list .. " [, " .. options .. "]" end
    return list == "" and options or list .. ", " .. options
  end
  if op.name == "slice" then return "x[i]   x[{i, j}]   x[ranges]" end
  local as_method = ("%s:%s(%s)"):format(first, name:match "[%w_]+$", join(others))
  return ("%s(%s)   %s"):format(name, join(inputs), as_method)
end

local function operator_entry(op)
  local name = op.name == "cast" and "gr.to" or "gr." .. op.name
  if op.name == "slice" then name = "tensor:slice" end
  local lines = { op.doc }
  local params = {}
  for input in op.inputs:gmatch "%S+" do
    params[#params + 1] = { name = input:gsub("^(%a+)%.%.%.$", "..."), type = "any", text = "" }
  end
  return {
    name = name,
    page = name:match "^%w+",
    kind = "operator",
    signature = operator_signature(op, name),
    summary = blocks.summary(lines),
    sections = blocks.sections(lines),
    params = params,
    options = operator_options(op),
    returns = { { type = "any", text = "" } },
    fields = {},
    formula = op.formula,
    gradient = op.gradient,
    shape = op.shape,
    example = examples[op.name],
    source = ("core/ops.def, row %s"):format(op.name),
    aliases = {},
    value = core.methods[op.name == "cast" and "to" or op.name],
  }
end

-- ---- Walking what is public

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
local function add_module(index, sources, entries, page, module)
  for _, name in ipairs(sorted_names(module)) do
    local value, full = module[name], ("%s.%s"):format(page, name)
    if type(value) == "function" then
      local known = page == "gr" and index.by_value[value]
      local block = entries[full] or block_of(sources, name, value)
      if not known and not (block and block.private) then add(index, entry_of(full, page, "function", block), value) end
    elseif type(value) == "table" and page ~= "gr" then
      add_module(index, sources, entries, full, value)
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
local function add_methods(index, entries, class, methods)
  for _, name in ipairs(sorted_names(methods)) do
    local full, value = ("%s:%s"):format(class, name), methods[name]
    local same = index.by_value[value] or index.by_name[("%s.%s"):format(homes[class] or class, name)]
    if entries[full] then
      add(index, entry_of(full, homes[class] or class, "method", entries[full]), value)
    elseif same then
      add_alias(index, same, full)
      index.by_value[value] = same
    else
      add(index, entry_of(full, homes[class] or class, "method", nil), value)
    end
  end
end

--- Methods that can only be found by what is written of them.
local function add_written(index, entries)
  for _, name in ipairs(sorted_names(entries)) do
    local class = name:match "^(%w+):"
    if class and index.classes[class] then
      add(index, entry_of(name, homes[class] or class, "method", entries[name]), nil)
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
  local index, sources, entries = new_index(), read_sources()
  for _, op in ipairs(core.ops()) do
    local entry = operator_entry(op)
    add(index, entry, entry.value)
  end
  add_module(index, sources, entries, "gr", gr)
  for _, name in ipairs(sorted_names(core.modules)) do
    local module = gr[name]
    index.by_value[module] = nil
    if type(module) == "function" then
      local entry = entry_of("gr." .. name, name, "function", entries["gr." .. name] or block_of(sources, name, module))
      add(index, entry, module)
      if index.by_name["gr." .. name] then index.by_name["gr." .. name].page = name end
    else
      add_module(index, sources, entries, name, module)
    end
  end
  add_classes(index, sources)
  local registry = debug.getregistry()
  add_methods(index, entries, "tensor", core.methods)
  add_methods(index, entries, "generator", registry["gradus.rng"].__index)
  add_methods(index, entries, "fraction", registry["gradus.exact"].__index)
  add_written(index, entries)
  for _, entry in ipairs(index.list) do
    if entry.line then index.by_value[("%s:%d"):format(entry.file, entry.line)] = entry end
  end
  add_pages(index, sources, page_names(index))
  index.options, index.aliases = options_of_class, type_aliases
  return index
end

-- ---- Asking

local index

--- Everything: list (entries), by_name, by_value, pages, classes, options (fields by class), aliases (of types);--- put together when first asked for.
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

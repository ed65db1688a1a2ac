-- The annotations of all public names as one file for editors that know LuaLS (lua-language-server), made of what help shows.
-- Run: gradus scripts/tools/types.lua scripts/types/gradus.lua, or make types. A test fails when that file is stale.
local docs = require "gradus.docs"

local path = ...
local index = docs.index()
local lines = {}

local function add(format, ...) lines[#lines + 1] = select("#", ...) > 0 and format:format(...) or format end

-- ---- Text

local most_columns = 120

--- A paragraph as lines of comment.
local function add_text(text)
  local line = "---"
  for word in text:gmatch "%S+" do
    if #line + 1 + #word > most_columns then
      add(line)
      line = "---"
    end
    line = line .. " " .. word
  end
  if line ~= "---" then add(line) end
end

local openings = { shapes = "Shapes: ", options = "Options: ", raises = "Raises " }

local function add_sections(entry)
  for _, section in ipairs(entry.sections) do
    if section.kind == "code" then
      for line in (section.text .. "\n"):gmatch "(.-)\n" do
        add("---   %s", line)
      end
    else
      add_text((openings[section.kind] or "") .. section.text)
    end
  end
  if entry.formula then add_text("Formula: " .. entry.formula) end
  if entry.gradient and entry.gradient ~= "none" then add_text("Gradient: " .. entry.gradient) end
end

local function tail(text) return text ~= "" and "  " .. text or "" end

local function add_fields(fields)
  for _, field in ipairs(fields) do
    local of_type = field.type == "" and "any" or field.type
    add("---@field %s%s %s%s", field.name, field.optional and "?" or "", of_type, tail(field.text))
  end
end

-- ---- Functions

--- The parameters behind the object, which for a method is not written.
local function add_function(entry, owner, separator)
  local method = separator == ":"
  local params, names = {}, {}
  for i, param in ipairs(entry.params) do
    if not (method and entry.kind == "operator" and i == 1 and param.name ~= "...") then params[#params + 1] = param end
  end
  local open = #params > 0 and params[#params].name == "..." -- nothing can stand behind it
  for _, option in ipairs(entry.kind == "operator" and not open and entry.options or {}) do
    params[#params + 1] = option
  end
  add_sections(entry)
  for i, param in ipairs(params) do
    names[i] = param.name
    add("---@param %s%s %s%s", param.name, param.optional and "?" or "", param.type, tail(param.text))
  end
  for _, one in ipairs(entry.kind == "operator" and { { type = "gradus.Tensor", text = "" } } or entry.returns) do
    add("---@return %s%s", one.type, one.text ~= "" and " # " .. one.text or "")
  end
  add("function %s%s%s(%s) end", owner, separator, entry.name:match "[%w_]+$", table.concat(names, ", "))
  add ""
end

--- Names that are no names in Lua, and what is no function.
local function is_callable(entry) return entry.kind ~= "class" and entry.name ~= "tensor:slice" end

-- ---- Classes

local arithmetic = { "add", "sub", "mul", "div", "pow" }

local function add_class(class)
  add_sections(class)
  add("---@class gradus.%s%s", class.class, class.parent and ": gradus." .. index.classes[class.parent].class or "")
  add_fields(class.fields)
  if class.name == "tensor" then
    for _, name in ipairs(arithmetic) do
      add("---@operator %s(any): gradus.Tensor", name)
    end
    add "---@operator unm: gradus.Tensor"
  elseif class.name == "layer" or class.name == "net" then
    add "---@operator call(any): any"
  elseif class.name == "loss" then
    add "---@operator call(any): gradus.Tensor"
  elseif class.name == "schedule" then
    add "---@operator call(integer): number"
  end
  add("local %s = {}", class.class)
  add ""
  for _, entry in ipairs(index.list) do
    local owns = entry.name:match "^(%w+):" == class.name
    for _, alias in ipairs(entry.aliases) do
      owns = owns or alias:match "^(%w+):" == class.name and class.name ~= "net"
    end
    if owns and is_callable(entry) then add_function(entry, class.class, ":") end
  end
end

local function sorted(t)
  local names = {}
  for name in pairs(t) do
    names[#names + 1] = name
  end
  table.sort(names)
  return names
end

-- ---- Modules

--- nn.init is a field of nn; modules are fields of gr.
local function add_module(page)
  local variable = page.name:gsub("%.", "_")
  if page.name == "gr" or page.name == "tensor" or page.name == "run" then return end
  add_text(page.summary)
  add("---@class gradus.%s", page.name)
  for _, other in ipairs(index.pages) do
    local inner = other.name:match("^" .. page.name .. "%.([%w_]+)$")
    if inner then add("---@field %s gradus.%s", inner, other.name) end
  end
  add("local %s = {}", variable)
  add ""
  for _, entry in ipairs(page.entries) do
    if is_callable(entry) and not entry.name:find ":" then add_function(entry, variable, ".") end
  end
end

local function add_gr()
  add_text(index.pages.gr.summary)
  add "---@class gradus"
  add "---@field version string"
  for _, page in ipairs(index.pages) do
    local is_module = page.name ~= "gr" and page.name ~= "tensor" and page.name ~= "run" and not page.name:find "%."
    if is_module then add("---@field %s gradus.%s", page.name, page.name) end
  end
  add "local gr = {}"
  add ""
  for _, entry in ipairs(index.list) do
    if entry.name:find "^gr%." and is_callable(entry) then add_function(entry, "gr", ".") end
  end
end

-- ---- All of it

add "---@meta gradus"
add "-- luacheck: ignore"
add "-- Made by `make types` from the annotations in scripts/gradus and the rows of core/ops.def: change those."
add ""
for _, alias in ipairs(index.aliases) do
  add("---@alias %s", alias)
end
add ""
for _, name in ipairs(sorted(index.options)) do
  add("---@class %s", name)
  add_fields(index.options[name])
  add ""
end
for _, name in ipairs(sorted(index.classes)) do
  add_class(index.classes[name])
end
for _, page in ipairs(index.pages) do
  add_module(page)
end
add_gr()
add "return gr"

local f = assert(io.open(path, "w"))
f:write(table.concat(lines, "\n"), "\n")
f:close()

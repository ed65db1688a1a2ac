--- values: what the prompt shows of a value.
local core = require "gradus.core"
local history = require "gradus.history"
local width = require "gradus.width"

local values = {}

local most_entries = 20
local deepest = 2

-- ---- Names

local standard = { _ = true, arg = true, _G = true, _VERSION = true }
for name in
  ([[assert collectgarbage dofile error getmetatable ipairs load loadfile next pairs pcall print rawequal rawget rawlen
  rawset require select setmetatable tonumber tostring type warn xpcall coroutine debug io math os package string table
  utf8]]):gmatch "%w+"
do
  standard[name] = true
end

--- The names of the variables that are the script's own, sorted.
---@return string[]
function values.variables()
  local names = {}
  for name in next, _G do
    if type(name) == "string" and not standard[name] then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

--- The name under which a table holds a value, the shortest one; _ is the prompt's, and none.
local function key_of(t, value)
  local best
  for key, one in next, t do
    local is_name = rawequal(one, value) and type(key) == "string" and key ~= "_"
    if is_name and (not best or #key < #best or #key == #best and key < best) then best = key end
  end
  return best
end

--- Modules that a user sees, and what they are called.
local function modules()
  local list = {}
  for name, module in pairs(package.loaded) do
    local own = name:match "^gradus(.*)$"
    if own ~= ".core" and name ~= "_G" and type(module) == "table" then list[own and "gr" .. own or name] = module end
  end
  return list
end

--- What a value of the library or of Lua is called: "gr.nn.dense", "string.rep"; nil for one of the script's.
local function library_name(value)
  local best
  for name, module in pairs(modules()) do
    local key = not rawequal(module, value) and key_of(module, value)
    local full = rawequal(module, value) and name or key and name .. "." .. key
    if full and (not best or #full < #best or #full == #best and full < best) then best = full end
  end
  local name = not best and type(value) == "function" and key_of(_G, value)
  return best or standard[name] and name or nil
end

--- How a function of the library is called, as help has it; nil for others.
local function signature(f, name)
  local entry = name and name:find "^gr" and require("gradus.docs").of_function(f)
  return entry and entry.signature
end

--- A function as text: by its name, one of the library by how it is called, one of the script also by where it stands.
---@param f function
---@return string
function values.function_text(f)
  local info = debug.getinfo(f, "S")
  local ours = library_name(f)
  local name = signature(f, ours) or ours or key_of(_G, f)
  local place = not ours and info.what ~= "C" and (" (%s:%d)"):format(info.short_src, info.linedefined) or ""
  return ("function%s%s"):format(name and ": " .. name or "", place)
end

-- ---- Text

local escapes = { ["\n"] = "\\n", ["\t"] = "\\t", ["\r"] = "\\r", ['"'] = '\\"', ["\\"] = "\\\\" }

--- A string as it is written in a script; Korean stays readable.
local function quoted(text)
  local control = function(c) return ("\\x%02x"):format(c:byte()) end
  text = text:gsub('[\n\t\r"\\]', escapes):gsub("[%z\1-\31\127]", control)
  if not utf8.len(text) then text = text:gsub("[\128-\255]", control) end
  return '"' .. text .. '"'
end

--- A string inside a table: of a long one, or one of several lines, as much of the first line as fits, and how long it is.
local function quoted_short(text, columns)
  local whole, room = quoted(text), columns - 36 -- beside it stand a key and the length
  if not text:find "\n" and width.of(whole) <= columns - 16 then return whole end
  local _, lines = text:gsub("[^\n]+", "")
  local first = width.fit(text:match "^[^\n]*", math.max(room, 12), "...")
  local length = lines > 1 and ("%d lines"):format(lines) or ("%d bytes"):format(#text)
  return ("%s (%s)"):format(quoted(first), length)
end

local function entries_in(t)
  local n = 0
  for _ in next, t do
    n = n + 1
  end
  return n
end

local function comes_before(a, b)
  local kind, other = type(a), type(b)
  if kind == other and (kind == "number" or kind == "string") then return a < b end
  return kind < other
end

--- The first keys of a table in order, at most so many, and how many there are. All of two million would take long to sort.
local function first_keys(t, most)
  local keys, count = {}, 0
  for key in next, t do
    count = count + 1
    if #keys < most or comes_before(key, keys[most]) then
      local at = math.min(#keys + 1, most)
      while at > 1 and comes_before(key, keys[at - 1]) do
        keys[at] = keys[at - 1]
        at = at - 1
      end
      keys[at] = key
    end
  end
  return keys, count
end

--- How an entry's key is written: nothing for those of the list part.
local function key_text(key, listed)
  if math.type(key) == "integer" and key >= 1 and key <= listed then return "" end
  if type(key) == "string" and key:find "^[%a_][%w_]*$" then return key .. " = " end
  return ("[%s] = "):format(type(key) == "string" and quoted(key) or tostring(key))
end

local entry_text

--- { lr = 0.1, ... } on one line if it fits, else a line for each entry.
local function table_text(t, columns, depth, known)
  if known[t] then return "{ itself }" end
  if depth > deepest then return next(t) == nil and "{}" or "{ ... }" end
  known[t] = true
  local keys, count = first_keys(t, most_entries)
  local parts, listed, length = {}, rawlen(t), 4 + 2 * depth
  for i, key in ipairs(keys) do
    parts[i] = key_text(key, listed) .. entry_text(rawget(t, key), columns, depth + 1, known)
    length = length + width.of(parts[i]) + 2
  end
  if count > #keys then parts[#parts + 1] = ("... %d more"):format(count - #keys) end
  known[t] = nil
  if #parts == 0 then return "{}" end
  local whole = table.concat(parts, ", ")
  if length <= columns and not whole:find "\n" then return "{ " .. whole .. " }" end
  local indent = (" "):rep(2 * depth)
  return ("{\n%s  %s\n%s}"):format(indent, table.concat(parts, ",\n  " .. indent), indent)
end

local function tensor_label(t)
  local label = ("%s %s"):format(#t.shape == 0 and "number" or tostring(t.shape), t.dtype)
  return (t.name and t.name .. ": " or "") .. label .. (t.wants_grad and ", collects gradients" or "")
end

--- Names of a module, in lines that fit.
local function module_text(name, module, columns)
  local lines, line = {}, name .. ":"
  for _, key in ipairs((first_keys(module, math.huge))) do
    local one = type(key) == "string" and " " .. key or ""
    if width.of(line) + #one > columns then
      lines[#lines + 1], line = line, " "
    end
    line = line .. one
  end
  lines[#lines + 1] = line
  return table.concat(lines, "\n")
end

--- Inside a table: tensors by their shape alone.
function entry_text(value, columns, depth, known)
  local kind = type(value)
  if core.is_tensor(value) then
    if #value.shape == 0 or value.size <= 4 and #value.shape == 1 then return tostring(value) end
    return ("tensor %s %s"):format(value.shape, value.dtype)
  end
  if kind == "string" then return depth > 0 and quoted_short(value, columns) or quoted(value) end
  if kind == "function" then return values.function_text(value) end
  local meta = debug.getmetatable(value)
  if kind ~= "table" or type(meta) == "table" and rawget(meta, "__tostring") then return tostring(value) end
  local name = library_name(value)
  if name then return name end
  return table_text(value, columns, depth, known)
end

--- A value as text that fits into so many columns, and a second one that says what it is, or nil.
---@param value any
---@param columns integer
---@return string, string?
function values.text(value, columns)
  if core.is_tensor(value) then return core.text(value, columns), tensor_label(value) end
  local name = type(value) == "table" and library_name(value)
  if name then return module_text(name, value, columns) end
  return entry_text(value, columns, 0, {})
end

--- The method that shows a picture or a net in its own way, if the value has one, and its name.
---@param value any
---@return function?, string?
function values.show_of(value)
  local meta = debug.getmetatable(value)
  if type(value) ~= "table" or type(meta) ~= "table" then return nil end
  local methods = rawget(meta, "__index")
  for _, name in ipairs { "show", "summary" } do
    local show = rawget(meta, name) or type(methods) == "table" and rawget(methods, name)
    -- Ours alone: to look at a value must not run what its maker wrote.
    local ours = type(show) == "function" and debug.getinfo(show, "S").source:sub(1, 8) == "=gradus/"
    if ours then return show, name end
  end
end

-- ---- The variables

local function bytes_of(t) return t.size * (t.dtype == "f32" and 4 or 8) end

local function describe_layer(one)
  local count, bytes = 0, 0
  for _, p in ipairs(one:parameters()) do
    count, bytes = count + p.size, bytes + bytes_of(p)
  end
  return { one.kind, ("%d parameters"):format(count), "", bytes }
end

--- Kind, shape, type of number, bytes.
local function describe(value)
  if core.is_tensor(value) then
    return { "tensor", #value.shape == 0 and "1" or tostring(value.shape), value.dtype, bytes_of(value) }
  elseif core.is_bytes(value) then
    return { "byte set", tostring(value.shape), "", value.size }
  elseif type(value) == "table" and rawget(value, "kind") and values.show_of(value) then
    return describe_layer(value)
  elseif history.is(value) then
    return { "history", ("%d epochs"):format(#value.loss), "", "" }
  elseif type(value) == "string" then
    return { "string", "", "", #value }
  elseif type(value) == "table" then
    return { "table", ("%d entries"):format(entries_in(value)), "", "" }
  end
  local text = (type(value) == "number" or type(value) == "boolean") and tostring(value) or ""
  return { math.type(value) or type(value), text, "", "" }
end

--- The tensors that lie in the same memory as one before, by name: each has the name of that one.
local function shared(names)
  local first, of = {}, {}
  for _, name in ipairs(names) do
    local value = rawget(_G, name)
    local block = core.is_tensor(value) and core.block(value)
    if block then
      of[name] = first[block]
      first[block] = first[block] or name
    end
  end
  return of
end

--- A table of the script's variables: name, kind, shape, type of number, bytes.
---@return string
function values.table_of_variables()
  local names = values.variables()
  if #names == 0 then return "no variables" end
  local rows, of = { { "name", "kind", "shape", "type", "bytes", "" } }, shared(names)
  for i, name in ipairs(names) do
    rows[i + 1] = { name, table.unpack(describe(rawget(_G, name))) }
    rows[i + 1][6] = of[name] and ("in the memory of " .. of[name]) or ""
  end
  local widest = { 0, 0, 0, 0, 0, 0 }
  for _, row in ipairs(rows) do
    for i, cell in ipairs(row) do
      widest[i] = math.max(widest[i], width.of(tostring(cell)))
    end
  end
  for r, row in ipairs(rows) do
    local cells = {}
    for i, cell in ipairs(row) do
      cells[i] = width.pad(tostring(cell), widest[i], i == 5)
    end
    rows[r] = table.concat(cells, "  "):gsub(" +$", "")
  end
  return table.concat(rows, "\n")
end

return values

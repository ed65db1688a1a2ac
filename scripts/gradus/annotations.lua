--- annotations: what the comments above a function of the library say of its options, found without calling it.
local core = require "gradus.core"

local annotations = {}

local closing = { ["("] = ")", ["{"] = "}", ["["] = "]", ["<"] = ">" }

--- Names before a colon in "{ lr?: number, init?: any }", not those deeper inside.
local function names_in(text, names)
  local depth, at = 0, 1
  while at <= #text do
    local c = text:sub(at, at)
    if closing[c] then depth = depth + 1 end
    if c == ")" or c == "}" or c == "]" or c == ">" then
      depth = depth - 1
      if depth == 0 then return end
    end
    local name = depth == 1 and text:match("^[{,]%s*([%a_][%w_]*)%??:", at)
    if name then names[#names + 1] = name end
    at = at + 1
  end
end

local function lines_of(path)
  local lines = {}
  for line in ((core.file(path) or "") .. "\n"):gmatch "(.-)\n" do
    lines[#lines + 1] = line
  end
  return lines
end

--- The comment lines that end above line n.
local function comment_above(lines, n)
  local first = n
  while first > 1 and lines[first - 1]:find "^%s*%-%-%-" do
    first = first - 1
  end
  return { table.unpack(lines, first, n - 1) }
end

--- Where a module's table is given a function of that name, which another function made.
local function line_of(lines, name)
  for n, line in ipairs(lines) do
    local left = line:match "^function ([%w_.:]+)%(" or line:match "^([%w_.]+) = "
    if left and left:match "[%w_]+$" == name then return n end
  end
end

--- Names of a class's fields: ---@class gradus.FitOptions, then ---@field lines.
local function fields_of(lines, class, names)
  local inside = false
  for _, line in ipairs(lines) do
    local opened = line:match "^%-%-%-@class ([%w_.]+)"
    if opened then inside = opened == class end
    local name = inside and line:match "^%-%-%-@field ([%a_][%w_]*)"
    if name then names[#names + 1] = name end
    if not line:find "^%-%-%-" then inside = false end
  end
end

--- The names of the options that a function of the library takes in a table; none when it takes none.
---@param f function
---@param name string   what it is called, for a function that another one made
---@return string[]
function annotations.options(f, name)
  local info, names = debug.getinfo(f, "S"), {}
  local path = info.source:match "^=(gradus/.+)"
  if not path then return names end
  local lines = lines_of(path)
  local comment = comment_above(lines, info.linedefined)
  if #comment == 0 then comment = comment_above(lines, line_of(lines, name) or 1) end
  for _, line in ipairs(comment) do
    local kind = line:match "^%-%-%-@param [%w_]+%??%s+(.*)"
    if kind and kind:find "^{" then names_in(kind, names) end
    local class = kind and kind:match "^gradus%.%w+"
    if class then fields_of(lines, class, names) end
  end
  table.sort(names)
  return names
end

return annotations

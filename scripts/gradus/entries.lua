--- entries: what is known of one name, made of its block of annotations (blocks.lua) or of its row in the operator table.
local blocks = require "gradus.blocks"
local core = require "gradus.core"
local examples = require "gradus.op_examples"

local entries = {}

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

--- The entry of what a block is about; without a block, of something that nothing is said of.
---@param name string
---@param page string
---@param kind string
---@param block? table
---@param options_of_class? table   tables of options by the name of their class
---@return gradus.Entry
function entries.of_block(name, page, kind, block, options_of_class)
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
    local fields = options_of_class and options_of_class[param.type]
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
  ranges = { "string", nil, '"2:5" or ":, 3" or "1:100, -1": both ends are in' },
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

--- The entry of a row of the operator table.
---@param op table   as core.ops() gives it
---@return gradus.Entry
function entries.of_operator(op)
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
    value = core[name:match "[%w_]+$"] or core.methods[op.name],
  }
end

return entries

--- habits: how Lua writes what other languages write otherwise. A line of it stands behind the message of a syntax error, and
--- behind that of a name that there is not.
---
---   habits.of_syntax("prompt:1: syntax error near '+'", "x += 1")      Lua has no +=: x = x + 1
local tokens = require "gradus.tokens"

local habits = {}

-- ---- What is written otherwise

--- [1, 2] where a value stands; not t[1], and not the key in { [1] = 2 }.
local function has_list(line)
  for before, rest in line:gmatch "(.)%s*()%[" do
    if before:find "[=(,{+*/%-%s]" and not line:sub(rest):find "^%b[]%s*=[^=]" then return true end
  end
  return false
end

--- A pattern, or a function of the line, and what Lua says instead. Strings and comments are gone from the line, and it has a
--- space at both ends. The first row that holds counts: what is part of something longer stands behind it.
local rows = {
  { "%*%*=?", "Lua has no **: a power is a ^ b" },
  { "([-+*/%%])=[^=]", "Lua has no %s=: write x = x %s y" },
  { "[^.]%.%.=", "Lua has no ..=: write s = s .. t" },
  { "%+%+", "Lua has no ++: write x = x + 1" },
  { ":=", "Lua has no :=: a variable is set by x = 1" },
  { "!=", "not equal is written ~= in Lua" },
  { "=>", "Lua has no =>: a function is function(x) return x + 1 end, an entry of a table { a = 1 }" },
  { "%->", "Lua has no ->: a function is function f(x) ... end" },
  { "!", "not is written not in Lua" },
  { "&&", "&& is written and in Lua" },
  { "||", "|| is written or in Lua" },
  { "%?.-:", "c ? a : b is written c and a or b in Lua (where a is neither nil nor false)" },
  { "@", "a product of matrices is a:dot(b)" },
  { "^%s*#", "a comment begins with -- in Lua" },
  { "%s#%s", "a comment begins with -- in Lua" },
  { "^%s*//", "a comment begins with -- in Lua" },
  { "%f[%w]def%f[%W]", "a function is written function f(x) ... end in Lua" },
  { "^%s*class%f[%W]", "Lua has no classes; tables with functions do: local t = {} function t.f(x) ... end" },
  { "%f[%w]lambda%f[%W]", "a function without a name is written function(x) return x + 1 end in Lua" },
  { "^%s*import%f[%W]", 'a module is brought in by local gr = require "gradus"; at the prompt it is there' },
  { "^%s*from%f[%W]", 'a module is brought in by local gr = require "gradus"; at the prompt it is there' },
  { "^%s*try%f[%W]", "Lua has no try: ok, result = pcall(f, x) catches an error" },
  { "^%s*except%f[%W]", "Lua has no try: ok, result = pcall(f, x) catches an error" },
  { "^%s*raise%f[%W]", 'an error is raised by error "text" in Lua' },
  { "^%s*with%f[%W]", "Lua has no with: local file <close> = io.open(path)" },
  { "^%s*del%f[%W]", "a variable goes by x = nil in Lua" },
  { "%f[%w]elif%f[%W]", "elif is written elseif ... then in Lua" },
  { "^%s*let%f[%W]", "a variable is declared by local x = 1 in Lua" },
  { "^%s*var%f[%W]", "a variable is declared by local x = 1 in Lua" },
  { "^%s*const%f[%W]", "a variable is declared by local x <const> = 1 in Lua" },
  { "%f[%w]for%f[%W].*range%s*%(", "a loop over numbers is written for i = 1, n do ... end in Lua: n counts too" },
  { "^%s*for%s.+:%s", "a loop is written for i = 1, n do ... end in Lua" },
  { "^%s*while%s.+:%s", "a loop is written while c do ... end in Lua" },
  { "^%s*if%s.+:%s", "a choice is written if c then ... else ... end in Lua" },
  { "^%s*else%s*:", "a choice is written if c then ... else ... end in Lua" },
  { "^%s*while%s*%(.*%)%s*{", "a loop is written while c do ... end in Lua" },
  { "^%s*for%s*%(.*%)%s*{", "a loop is written for i = 1, n do ... end in Lua" },
  { "^%s*if%s*%(.*%)%s*{", "a choice is written if c then ... else ... end in Lua" },
  { "\xe2\x80[\x98-\x9f]", "quotes are straight in Lua: \"text\" or 'text'" },
  { "[\x80-\xff]", "names have letters of English, digits and _; others stand in texts and comments alone" },
  { "^%s*print%s+[%w_]", "a value is printed by print(x) in Lua" },
  { "%[[^%]]*:[^%]]*%]", 'rows and columns are taken by a text in gradus: t["2:5"], t[":, 3"]; both ends are in' },
  { "[%w_%])]%s*%[[^%[%](){}]*,", 'a place in a tensor stands in braces: x[{ 1, 2 }], or is a text: x[":, 2"]' },
  { "^%s*help%s+([%w_.][%w_. ]-)%s*$", 'help takes a text: help "%s"; so does ?, which needs no quotes: ? %s' },
  { "^%s*save%s+([%w_.][%w_./-]*)%s*$", 'save takes a text: save "%s"' },
  { "^%s*time%s+([%w_.]+)%s*$", "time takes a function: time(%s)" },
  { "{%s*%S+%s*:", "an entry of a table is { a = 1 } in Lua" },
  { "[%w_%])]:([%a_][%w_]*)%s*$", "a method is called with brackets: x:%s()" },
  { has_list, "a list is written { 1, 2 } in Lua, a tensor gr.tensor { 1, 2 }" },
}

--- Names, with what they are here.
local names = {
  True = "true",
  False = "false",
  None = "nil",
  null = "nil",
  NULL = "nil",
  undefined = "nil",
  len = "#t",
  range = "a loop, for i = 1, n do ... end, or gr.arange(from, to)",
  str = "tostring(x)",
  int = "math.floor(x)",
  list = "a table, { 1, 2 }",
  dict = "a table, { a = 1 }",
  input = "io.read()",
  open = "io.open(path)",
  np = "gr",
  numpy = "gr",
  torch = "gr",
  plt = "gr.plot",
  pd = "gr.data",
  sys = "os and io",
  Math = "math",
}

-- ---- Finding it

--- The line of a text with that number, without what stands in strings and comments.
local function bare_line(text, number)
  local bare = {}
  local last = 1
  for _, word in ipairs(tokens.of(text)) do
    bare[#bare + 1] = text:sub(last, word.from - 1)
    local hidden = word.kind == "string" or word.kind == "long string" or word.kind == "comment"
    bare[#bare + 1] = hidden and (word.kind == "comment" and "" or '""') .. word.text:gsub("[^\n]", "") or word.text
    last = word.to + 1
  end
  local at = 0
  for line in (table.concat(bare) .. "\n"):gmatch "(.-)\n" do
    at = at + 1
    if at == number then return " " .. line .. " " end
  end
  return ""
end

--- What is said of the first habit in a line; nil when there is none.
local function of_line(line)
  for _, row in ipairs(rows) do
    local sign, says = row[1], row[2]
    local found = type(sign) == "function" and sign(line) or type(sign) == "string" and line:match(sign)
    if found then return (says:gsub("%%s", (tostring(found):gsub("%%", "%%%%")))) end
  end
end

local openers = { ["if"] = true, ["for"] = true, ["while"] = true, try = true }

--- Whether the first line, after which Lua would read on, opens a block as Python or C do, or is a lambda: what would end it
--- in Lua is never going to come.
---@param text string
---@return boolean
function habits.is_foreign_block(text)
  local line = bare_line(text, 1)
  local opened = openers[line:match "^%s*(%a+)"] and (line:find ":%s" or line:find "%)%s*{%s*$")
  return opened ~= nil and opened ~= false or line:find "%f[%w]lambda%s+[%w_, ]*:" ~= nil
end

--- Lua's way of what a text has at the line that a syntax error names; nil when nothing is known.
---@param message string   "prompt:1: unexpected symbol near '['"
---@param text string      all that was read
---@return string?
function habits.of_syntax(message, text)
  local number = tonumber(message:match ":(%d+): ")
  if not number then return nil end
  if message:sub(-5) == "<eof>" then number = 1 end -- where the block that has no end may begin
  local unclosed = tonumber(message:match "at line (%d+)%)")
  return of_line(bare_line(text, unclosed or number))
end

--- The same for a script, by what its name or the code on the command line is.
---@param message string
---@param code? string   given to -e
---@param path? string   of a file
---@return string?
function habits.of_script(message, code, path)
  local file = not code and path and io.open(path, "rb")
  if not code and not file then return nil end
  local text = code or file:read "a" or ""
  if file then file:close() end
  return habits.of_syntax(message, text)
end

--- What a name of other languages is here.
---@param name string
---@return string?
function habits.of_name(name) return names[name] end

return habits

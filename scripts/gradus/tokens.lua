--- tokens: Lua text cut into its words, also where it ends in the middle: for the prompt, which completes lines that are
--- being typed.
local tokens = {}

local keywords = {}
for word in
  ([[and break do else elseif end false for function goto if in local nil not or repeat return then true until while]]):gmatch "%a+"
do
  keywords[word] = true
end
tokens.keywords = keywords

local symbols = { "...", "<<", ">>", "//", "==", "~=", "<=", ">=", "::", ".." }

--- Where a long bracket that opens at `from` ends; the text's end, and that it is open, if it does not. nil: none opens there.
local function long_bracket(text, from)
  local equals = text:match("^%[(=*)%[", from)
  if not equals then return nil end
  local _, to = text:find("]" .. equals .. "]", from + #equals + 2, true)
  return to or #text, to == nil
end

local function quoted(text, from)
  local quote, at = text:sub(from, from), from + 1
  while at <= #text do
    local c = text:sub(at, at)
    if c == quote then return at, false end
    if c == "\n" then return at - 1, true end
    at = at + (c == "\\" and 2 or 1)
  end
  return #text, true
end

local function comment(text, from)
  local to, open = long_bracket(text, from + 2)
  if to then return to, open end
  local stop = text:find("\n", from, true)
  return stop and stop - 1 or #text, stop == nil -- what is typed next belongs to it
end

local function number(text, from)
  local hexadecimal = text:match("^0[xX][%x.]*[pP][+-]?%d*()", from) or text:match("^0[xX][%x.]*()", from)
  return (hexadecimal or text:match("^[%d.]+[eE][+-]?%d*()", from) or text:match("^[%d.]+()", from)) - 1
end

local function symbol(text, from)
  for _, one in ipairs(symbols) do
    if text:sub(from, from + #one - 1) == one then return from + #one - 1 end
  end
  return from
end

--- The kind of what begins at `from`, where it ends, and whether it is open: a string or comment that goes on.
local function word(text, from)
  local rest = text:sub(from, from + 1)
  local name = text:match("^[%a_][%w_]*", from)
  if name then return keywords[name] and "keyword" or "name", from + #name - 1 end
  if rest == "--" then return "comment", comment(text, from) end
  if rest:find "^[\"']" then return "string", quoted(text, from) end
  if rest:find "^%d" or rest:find "^%.%d" then return "number", number(text, from) end
  local to, open = long_bracket(text, from)
  if to then return "long string", to, open end
  return "symbol", symbol(text, from)
end

--- The words of a text in order: kind ("name", "keyword", "number", "string", "long string", "comment" or "symbol"), text,
--- where it stands, and open: whether it is a string or a comment that the text does not end.
---@param text string
---@param most? integer   words at which it stops
---@return { kind: string, text: string, from: integer, to: integer, open: boolean? }[]
function tokens.of(text, most)
  local list, from = {}, text:find "%S"
  while from and #list < (most or math.huge) do
    local kind, to, open = word(text, from)
    list[#list + 1] = { kind = kind, text = text:sub(from, to), from = from, to = to, open = open or nil }
    from = text:find("%S", to + 1)
  end
  return list
end

--- The same without comments.
function tokens.without_comments(text, most)
  local list = {}
  for _, one in ipairs(tokens.of(text, most)) do
    if one.kind ~= "comment" then list[#list + 1] = one end
  end
  return list
end

return tokens

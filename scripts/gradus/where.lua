--- where: a condition on runs, as `gradus runs --where` takes it. A parser of its own: no text of a command line is run as a program.
---
---   local condition, reason = where.parse "accuracy > 0.9 and lr == 0.1"
---   condition.names                  names in it: { { name =, at = byte, compared = true behind another name's == }, ... }
---   condition.pairs                  names compared with values: { { name =, at = byte of the value, value = }, ... }
---   condition.holds(get)             whether it holds, where get(name) gives a value or nil
---
--- Names of settings and results, numbers, 'texts', true, false; == ~= != < <= > >=; and, or, not, parentheses. Names with other letters
--- than a-z, 0-9, _ and dots stand in backquotes, or in [" "]. A comparison with a name that a run lacks is neither true nor false: the run
--- does not match, unless the rest decides it (Kleene's logic of three values; nil is the third).
local width = require "gradus.width"

local where = {}

-- ---- Words

local keywords = { ["and"] = true, ["or"] = true, ["not"] = true, ["true"] = true, ["false"] = true }
local signs = { "==", "~=", "!=", "<=", ">=", "<", ">", "(", ")", "-" }

--- What other languages write.
local elsewhere = {
  ["="] = "to compare, write ==",
  ["&&"] = "to join conditions, write and",
  ["&"] = "to join conditions, write and",
  ["||"] = "to join conditions, write or",
  ["|"] = "to join conditions, write or",
  ["!"] = "to deny, write not",
}

--- Raises the place and the reason, for where.parse to catch.
local function stop(at, reason) error({ at = at, reason = reason }, 0) end

--- What a quoted text holds, and where it ends; a backslash takes the next letter as it is.
local function quoted(text, at, quote)
  local parts, i = {}, at + 1
  while i <= #text do
    local letter = text:sub(i, i)
    if letter == quote then return table.concat(parts), i + 1 end
    if letter == "\\" then
      i = i + 1
      letter = text:sub(i, i)
    end
    parts[#parts + 1], i = letter, i + 1
  end
  stop(at, ("the text that begins here has no closing %s"):format(quote))
end

--- A name in ["..."], and where it ends.
local function bracketed(text, at)
  local quote_at, quote = text:match("^%[%s*()(['\"])", at)
  if not quote then stop(at, [=[a name in brackets is written ["name"]]=]) end
  local name, behind = quoted(text, quote_at, quote)
  local close = text:match("^%s*%]()", behind)
  if not close then stop(behind, "a ] is expected behind the name") end
  return name, close
end

local function word_at(text, at)
  local letter = text:sub(at, at)
  local name, behind = text:match("^([%a_\x80-\xff][%w_.\x80-\xff]*)()", at)
  if name then return { kind = keywords[name] and name or "name", value = name }, behind end
  local digits, stopped = text:match("^(%.?%d[%w.]*)()", at)
  if digits then
    local sign = digits:match "[eE]$" and not digits:find "^0[xX]" and text:match("^[+-]%d+", stopped) or "" -- 1e-3
    local number = tonumber(digits .. sign)
    if not number then
      stop(at, ("'%s' is no number; names with such letters stand in backquotes"):format(digits .. sign))
    end
    return { kind = "value", value = number }, stopped + #sign
  end
  if letter == "'" or letter == '"' then
    local value, after = quoted(text, at, letter)
    return { kind = "value", value = value }, after
  elseif letter == "`" or letter == "[" then
    local read = letter == "`" and quoted or bracketed
    local value, after = read(text, at, letter)
    return { kind = "name", value = value }, after
  end
  for _, sign in ipairs(signs) do
    if text:sub(at, at + #sign - 1) == sign then return { kind = sign, value = sign }, at + #sign end
  end
  stop(at, elsewhere[text:sub(at, at + 1)] or elsewhere[letter] or "this letter has no meaning here")
end

--- All words of the text, with a last one of kind "end".
local function words_of(text)
  local words, at = {}, text:match "^%s*()"
  while at <= #text do
    local word, behind = word_at(text, at)
    word.at, word.text = at, text:sub(at, behind - 1)
    words[#words + 1] = word
    at = text:match("^%s*()", behind)
  end
  words[#words + 1] = { kind = "end", at = #text + 1 }
  return words
end

-- ---- Comparing

local function order(f)
  return function(a, b)
    if type(a) ~= type(b) or type(a) == "boolean" then return nil end
    return f(a, b)
  end
end

local function equal(a, b) return a == b end
local function different(a, b) return a ~= b end

local comparisons = {
  ["=="] = equal,
  ["~="] = different,
  ["!="] = different,
  ["<"] = order(function(a, b) return a < b end),
  ["<="] = order(function(a, b) return a <= b end),
  [">"] = order(function(a, b) return a > b end),
  [">="] = order(function(a, b) return a >= b end),
}

-- ---- Sentences: each reader takes words and gives a function of get

local deepest = 100 -- parentheses in parentheses

local Reader = {}
Reader.__index = Reader

function Reader:next() return self.words[self.place] end

--- The next word, if it is of that kind.
function Reader:take(kind)
  local word = self:next()
  if word.kind ~= kind then return nil end
  self.place = self.place + 1
  return word
end

function Reader:fail(expected)
  local word = self:next()
  stop(
    word.at,
    word.kind == "end" and ("%s is expected here"):format(expected)
      or ("%s is expected, not %s"):format(expected, word.text)
  )
end

--- A name, a number, a text, true or false; second: whether it can stand alone as a condition; third: what it is, and where it stands.
function Reader:operand()
  local name = self:take "name"
  if name then
    local about = { name = name.value, at = name.at }
    self.names[#self.names + 1] = about
    return function(get) return get(name.value) end, true, about
  end
  local minus = self:take "-"
  local word = self:take "value"
  if word and minus and type(word.value) ~= "number" then stop(minus.at, "a minus stands before numbers only") end
  if word then
    local value = minus and -word.value or word.value
    return function() return value end, false, { value = value, at = word.at }
  end
  word = not minus and (self:take "true" or self:take "false")
  if not word then self:fail "a name, a number or a 'text'" end
  return function() return word.kind == "true" end, true, { value = word.kind == "true", at = word.at }
end

--- Notes what is compared with what: two names, or a name and a value.
function Reader:note(left, right)
  if left.name and right.name then right.compared = true end
  local name, value = left.name or right.name, left
  if left.name then value = right end
  if name and not value.name then table.insert(self.pairs, { name = name, at = value.at, value = value.value }) end
end

function Reader:comparison()
  local start = self:next()
  local left, alone, first = self:operand()
  local compare = comparisons[self:next().kind]
  if not compare then
    if not alone then stop(start.at, "this alone is no condition: compare it with something") end
    return function(get)
      local value = left(get)
      if type(value) == "boolean" then return value end
      return nil
    end
  end
  self.place = self.place + 1
  local right, _, second = self:operand()
  self:note(first, second)
  if comparisons[self:next().kind] then stop(self:next().at, "comparisons are joined by and: 0 < x and x < 1") end
  return function(get)
    local a, b = left(get), right(get)
    if a == nil or b == nil then return nil end
    return compare(a, b)
  end
end

function Reader:part()
  self.depth = self.depth + 1
  if self.depth > deepest then
    stop(self:next().at, ("parentheses are nested deeper than %d levels"):format(deepest))
  end
  local result
  if self:take "not" then
    local inside = self:part()
    result = function(get)
      local value = inside(get)
      if value == nil then return nil end
      return not value
    end
  elseif self:take "(" then
    result = self:any()
    if not self:take ")" then self:fail "a )" end
  else
    result = self:comparison()
  end
  self.depth = self.depth - 1
  return result
end

--- Conditions joined by a word; `decides` is the value of one that decides the whole.
function Reader:joined(word, decides, read)
  local parts = { read(self) }
  while self:take(word) do
    parts[#parts + 1] = read(self)
  end
  if #parts == 1 then return parts[1] end
  return function(get)
    local result = not decides
    for _, part in ipairs(parts) do
      local value = part(get)
      if value == decides then return decides end
      if value == nil then result = nil end
    end
    return result
  end
end

function Reader:all() return self:joined("and", false, Reader.part) end

function Reader:any() return self:joined("or", true, Reader.all) end

-- ---- What is offered

--- A message with the text below it and a mark below the place.
---@param text string
---@param at integer     byte
---@param reason string
---@return string
function where.point(text, at, reason)
  local before = text:sub(1, at - 1):gsub("%c", " ")
  return ("%s\n  %s\n  %s^"):format(reason, (text:gsub("%c", " ")), (" "):rep(width.of(before)))
end

local function read_all(text)
  local reader = setmetatable({ words = words_of(text), place = 1, names = {}, pairs = {}, depth = 0 }, Reader)
  local holds = reader:any()
  if reader:next().kind ~= "end" then reader:fail "and, or, or the end" end
  return { names = reader.names, pairs = reader.pairs, holds = function(get) return holds(get) == true end }
end

--- Reads a condition. nil and what is wrong, with its place, when it is none.
---@param text string
---@return { names: table[], pairs: table[], holds: fun(get: fun(name: string): any): boolean }?, string?
function where.parse(text)
  local done, result = pcall(read_all, text)
  if done then return result end
  if type(result) ~= "table" then error(result, 0) end
  return nil, where.point(text, result.at, result.reason)
end

return where

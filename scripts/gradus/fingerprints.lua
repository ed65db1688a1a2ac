--- fingerprints: what a Lua text consists of, whatever its names, numbers, comments and layout are.
---
---   local found = fingerprints.of(text)
---   found.grams      a number for each run of `length` words, one after the other; the same words give the same number
---   found.chosen     positions in grams of those that stand for the text
---   found.exact      a hash of all words, by which two texts are the same but for what names are called
---
--- The choice is winnowing (Schleimer, Wilkerson and Aiken: Winnowing, SIGMOD 2003; the method of MOSS): of each `window` runs in a row
--- the one with the least number. Two texts that have length + window - 1 words in common have one of them in common for certain.
local core = require "gradus.core"
local tokens = require "gradus.tokens"

local fingerprints = {}

fingerprints.longest = 200000 -- bytes that are looked at

fingerprints.length = 10 -- words of a run: `for i = 1, n do` alone has 7, and is anybody's
fingerprints.window = 4

local most_words = 20000 -- of some 2000 lines
local most_printed = 40 -- words in the brackets of a print

-- ---- Words

local base =
  [[assert collectgarbage dofile error getmetatable ipairs load loadfile next pairs pcall print rawequal rawget rawlen rawset
  require select self setmetatable tonumber tostring type warn xpcall _G _ENV string table math utf8 coroutine os io gr]]

local plain, fields -- the library's names: those that stand alone, and those behind a dot or a colon

local function add_names(set, values)
  for name in pairs(type(values) == "table" and values or {}) do
    set[name] = true
  end
end

--- Names that say what is done: those of Lua's library and of gradus. All others are the author's choice.
local function learn_names()
  plain, fields = {}, {}
  for word in base:gmatch "%S+" do
    plain[word] = true
    add_names(fields, package.loaded[word])
  end
  local gr = require "gradus"
  add_names(plain, core.modules)
  add_names(fields, core.modules)
  for name in pairs(core.modules) do
    add_names(fields, gr[name])
  end
  add_names(fields, gr)
  add_names(fields, core.methods)
end

--- The place of the bracket that closes each opening one; none for those that stay open.
local function closing(list)
  local open, close = {}, {}
  for i, token in ipairs(list) do
    if token.text == "(" then
      open[#open + 1] = i
    elseif token.text == ")" and #open > 0 then
      close[table.remove(open)] = i
    end
  end
  return close
end

local is_text = { string = true, ["long string"] = true }

--- Whether what a call is given is short and holds no function: a whole answer may stand in a print, too.
local function is_plain_call(list, from, to)
  if not to or to - from > most_printed then return false end
  for i = from, to do
    if list[i].text == "function" then return false end
  end
  return true
end

--- Where a call that only prints ends; nil when none begins at i.
local function end_of_print(list, close, i)
  local function at(k) return list[k] and list[k].text or "" end
  local to = at(i) == "print" and i or at(i) == "io" and at(i + 1) == "." and at(i + 2) == "write" and i + 2
  if not to or i > 1 and (at(i - 1) == "." or at(i - 1) == ":" or at(i - 1) == "function") then return nil end
  if list[to + 1] and is_text[list[to + 1].kind] then return to + 1 end
  return is_plain_call(list, to + 1, close[to + 1]) and close[to + 1] or nil
end

--- Words that count, and which names are the author's `own`: without what only prints, and without what may stand there or not.
local function telling(text)
  local list, kept, i = tokens.without_comments(text:sub(1, fingerprints.longest), most_words), {}, 1
  local close = closing(list)
  while i <= #list do
    local stop = end_of_print(list, close, i)
    local token, before = list[i], i > 1 and list[i - 1].text
    if not stop and token.text ~= ";" and token.text ~= "local" then
      token.own = token.kind == "name" and not ((before == "." or before == ":") and fields or plain)[token.text]
      kept[#kept + 1] = token
    end
    i = (stop or i) + 1
  end
  return kept
end

--- What stands for a word: names of the author's are one, so are numbers, and texts.
local function class_of(token)
  if token.own then return "a name" end
  if token.kind == "number" then return "a number" end
  return is_text[token.kind] and "a text" or token.text
end

-- ---- Runs of words

local spread = 0x5851f42d4c957f2d -- Knuth's multiplier of MMIX: odd, with bits everywhere

local codes = {} -- of classes: bytes, keywords and the library's names are all there are

local function code_of(class)
  local code = codes[class]
  if not code then
    code = 0
    for i = 1, #class do
      code = (code ~ class:byte(i)) * spread + 1
    end
    codes[class] = code
  end
  return code
end

local function grams_of(list)
  local length, grams, own = fingerprints.length, {}, {}
  for i, token in ipairs(list) do
    own[i] = code_of(class_of(token))
  end
  for i = 1, #own - length + 1 do
    local sum = 0
    for j = i, i + length - 1 do
      sum = sum * spread + own[j]
    end
    sum = (sum ~ (sum >> 31)) * spread
    grams[i] = sum ~ (sum >> 29)
  end
  return grams
end

--- Positions of the least of each window, the last one where several are least; each once.
local function winnow(grams)
  local window, chosen = fingerprints.window, {}
  for from = 1, math.max(1, #grams - window + 1) do
    local least = from
    for i = from + 1, math.min(from + window - 1, #grams) do
      if grams[i] <= grams[least] then least = i end
    end
    if grams[least] and chosen[#chosen] ~= least then chosen[#chosen + 1] = least end
  end
  return chosen
end

--- All words as one text: names by the order in which they first come, numbers and texts as they are.
local function exact_of(list)
  local number, count, parts = {}, 0, {}
  for i, token in ipairs(list) do
    if token.own and not number[token.text] then
      count = count + 1
      number[token.text] = count
    end
    parts[i] = token.own and ("name %d"):format(number[token.text]) or token.text
  end
  return core.sha256_text(table.concat(parts, "\n"))
end

--- The line of each word.
local function lines_of(text, list)
  local lines, line, at = {}, 1, 1
  for i, token in ipairs(list) do
    for _ in text:sub(at, token.from - 1):gmatch "\n" do
      line = line + 1
    end
    lines[i], at = line, token.from
  end
  return lines
end

--- Of any text, also a broken one: of its first 200 KB and 20,000 words. lines(i): the first and the last line of the i-th run.
---@param text string
---@return { grams: integer[], chosen: integer[], exact: string, lines: function }
function fingerprints.of(text)
  if not plain then learn_names() end
  local list = telling(text)
  local grams, lines = grams_of(list), nil
  local function lines_at(i)
    lines = lines or lines_of(text, list)
    return lines[i], lines[i + fingerprints.length - 1]
  end
  return { grams = grams, chosen = winnow(grams), exact = exact_of(list), lines = lines_at }
end

return fingerprints

--- complete: what may stand where the cursor is: names, fields, methods, options of library calls, topics of
--- help, files.
---
--- Nothing of the script's is called for it: of what stands before a dot only plain chains (a.b[1].c) are looked up, by raw
--- access, and the library's own objects by what is known of them.
local core = require "gradus.core"
local options = require "gradus.options"
local tokens = require "gradus.tokens"
local width = require "gradus.width"

local complete = {}

local gr = require "gradus"

-- ---- What values hold

local properties = { shape = true, dtype = true, size = true, name = true, grad = true, wants_grad = true }

local function add_raw(found, t)
  for key, value in next, t do
    if type(key) == "string" and not key:find "^__" then found[key] = found[key] or { value } end
  end
end

--- Parameters and states, which a layer gives by their names.
local function add_tensors(found, t)
  for _, list in ipairs { rawget(t, "params") or {}, rawget(t, "state") or {} } do
    for _, one in ipairs(type(list) == "table" and list or {}) do
      local name = core.is_tensor(one) and one.name
      if name then found[name] = found[name] or { one } end
    end
  end
end

--- What a value has by itself: name -> { value }.
local function fields(value)
  local found = {}
  if core.is_tensor(value) then
    for name in pairs(properties) do
      found[name] = { value[name] }
    end
  elseif rawequal(value, gr) then
    for _, name in ipairs(core.names()) do
      found[name] = { rawget(gr, name) }
    end
  elseif type(value) == "table" then
    add_raw(found, value)
    local meta = debug.getmetatable(value)
    if type(meta) == "table" and options.is_ours(rawget(meta, "__index")) then add_tensors(found, value) end
  end
  return found
end

local function add_inherited(found, value, known)
  local meta = debug.getmetatable(value)
  if type(meta) ~= "table" or known[meta] then return end
  known[meta] = true
  local index = rawget(meta, "__index")
  if options.is_ours(index) then add_raw(found, meta) end -- a class that looks its methods up itself
  if type(index) ~= "table" then return end
  add_raw(found, index)
  add_inherited(found, index, known)
end

--- What may be called on a value with a colon: name -> { function }.
local function methods(value)
  local found, callable = {}, {}
  if core.is_tensor(value) then
    add_raw(found, core.methods)
  else
    if type(value) == "table" then add_raw(found, value) end
    add_inherited(found, value, {})
  end
  for name, box in pairs(found) do
    if type(box[1]) == "function" then callable[name] = box end
  end
  return callable
end

-- ---- Chains: a.b[1].c, as a list of steps

local function literal(word)
  if word.kind == "number" then return tonumber(word.text) end
  return word.kind == "string" and word.text:sub(2, -2) or nil
end

--- The chain whose last word is at i; nil when what stands there is none, or begins with a call.
local function chain_before(words, i)
  local steps = {}
  while words[i] do
    local word, before = words[i], words[i - 1]
    if word.text == "]" and before and words[i - 2] and words[i - 2].text == "[" and literal(before) ~= nil then
      table.insert(steps, 1, { key = literal(before) })
      i = i - 3
    elseif word.kind == "name" and before and (before.text == "." or before.text == ":") then
      table.insert(steps, 1, { key = word.text, method = before.text == ":" })
      i = i - 2
    else
      table.insert(steps, 1, { key = word.text })
      return word.kind == "name" and steps or nil
    end
  end
end

local function global(name)
  local value = rawget(_G, name)
  if value ~= nil then return value end
  if name == "gr" then return gr end
  return core.find(name)
end

local function look_up(value, step)
  if step.method then return (methods(value)[step.key] or {})[1] end
  if rawequal(value, gr) then return core.find(step.key) end
  if type(value) == "table" and type(step.key) == "number" then return rawget(value, step.key) end
  return (fields(value)[step.key] or {})[1]
end

local function evaluate(steps)
  local value = steps and global(steps[1].key)
  for i = 2, value ~= nil and #steps or 0 do
    value = look_up(value, steps[i])
    if value == nil then return nil end
  end
  return value
end

-- ---- Options

local openers = { ["("] = true, ["{"] = true, ["["] = true }
local closers = { [")"] = true, ["}"] = true, ["]"] = true }

--- The innermost bracket that is open behind word i.
local function open_bracket(words, i)
  local depth = 0
  for at = i, 1, -1 do
    if words[at].kind == "symbol" then
      if closers[words[at].text] then depth = depth + 1 end
      if openers[words[at].text] then
        if depth == 0 then return at end
        depth = depth - 1
      end
    end
  end
end

--- What is called with the table that opens at i: f{ or f(x, {.
local function callee(words, i)
  local before = words[i - 1]
  if not before then return nil end
  if before.text ~= "(" and before.text ~= "," then return chain_before(words, i - 1) end
  local bracket = open_bracket(words, i - 1)
  return bracket and words[bracket].text == "(" and chain_before(words, bracket - 1) or nil
end

--- The names of the options that a function of the library takes in a table, found without calling it; none for others.
---@param f function
---@return string[]
function complete.options(f)
  local names, entry = {}, require("gradus.docs").of_function(f)
  for i, option in ipairs(entry and entry.options or {}) do
    names[i] = option.name
  end
  table.sort(names)
  return names
end

--- The options that may stand behind word i, without those that the table has.
local function options_at(words, i)
  local before = words[i]
  if not before or before.text ~= "{" and before.text ~= "," and before.text ~= ";" then return {} end
  local bracket = open_bracket(words, i)
  local chain = bracket and words[bracket].text == "{" and callee(words, bracket)
  local f = chain and evaluate(chain)
  if type(f) ~= "function" then return {} end
  local given, list = {}, {}
  for at = bracket + 1, i do
    if words[at].text == "=" and open_bracket(words, at) == bracket then given[words[at - 1].text] = true end
  end
  for _, name in ipairs(complete.options(f)) do
    if not given[name] then list[#list + 1] = name .. " = " end
  end
  return list
end

-- ---- Names and files

--- What a name alone may be at the prompt, but for keywords: name -> something.
---@return table
function complete.globals()
  local found = {}
  add_raw(found, _G)
  for _, name in ipairs(core.names()) do
    found[name] = true
  end
  for _, names in ipairs { require("gradus.repl").words, { gr = true } } do
    for name in pairs(names) do
      found[name] = true
    end
  end
  return found
end

local function globals_and_keywords()
  local found = complete.globals()
  for name in pairs(tokens.keywords) do
    found[name] = true
  end
  return found
end

--- Those that begin with the prefix, sorted. Names that begin with a line or a dot are for who asks for them.
local function matching(names, prefix)
  local list = {}
  for name in pairs(names) do
    local hidden = name:find "^[_.]" and not prefix:find "^[_.]"
    if name:sub(1, #prefix) == prefix and not hidden then list[#list + 1] = name end
  end
  table.sort(list)
  return list
end

local function set_of(list)
  local set = {}
  for _, one in ipairs(list) do
    set[one] = true
  end
  return set
end

--- Files for a string that opens at `word`: only the part behind the last slash is replaced.
local function files(word)
  local quote, path = word.text:sub(1, 1), word.text:sub(2)
  local folder, prefix = path:match "^(.*/)([^/]*)$"
  folder, prefix = folder or "", prefix or path
  local place = folder == "" and "." or folder:gsub("^~/", (os.getenv "HOME" or "~") .. "/")
  local names = {}
  for _, name in ipairs(core.list_folder(place)) do
    -- A name with control characters would drive the terminal, and one that is no UTF-8 cannot be typed.
    if utf8.len(name) and not name:find "%c" then names[(name:gsub("\\", "\\\\"):gsub(quote, "\\" .. quote))] = true end
  end
  return word.to - #prefix + 1, matching(names, prefix)
end

--- What help knows, by full names and by last ones.
local function topics()
  local found = {}
  for name in pairs(require("gradus.docs").index().by_name) do
    found[name] = true
    found[name:match "[%w_]+$"] = true
  end
  for _, about in ipairs(require("gradus.docs").index().pages) do
    found[about.name] = true
  end
  return found
end

--- Whether the last of these words, a string, is what help is asked about.
local function is_topic(words)
  local before, further = words[#words - 1], words[#words - 2]
  if before and before.text == "(" then before = further end
  return before ~= nil and before.text == "help"
end

--- The words that may stand at the cursor, and where what they replace begins.
---@param text string
---@param cursor integer   how many bytes stand before it
---@return integer, string[]
function complete.words(text, cursor)
  local before = text:sub(1, cursor)
  local asked = before:match "^%s*%?%s*()[%w_.:]*$"
  if asked then return asked, matching(topics(), before:sub(asked)) end
  local words = tokens.of(before)
  local last, at = words[#words], #words
  if last and last.open then
    if last.kind == "string" and is_topic(words) then return last.from + 1, matching(topics(), last.text:sub(2)) end
    if last.kind == "string" and not last.text:find "\n" then return files(last) end
    return cursor + 1, {}
  end
  local start, prefix = cursor + 1, ""
  if last and last.to == cursor then
    if last.kind == "number" then return start, {} end
    if last.kind == "name" or last.kind == "keyword" then
      start, prefix, at = last.from, last.text, at - 1
    end
  end
  local link = words[at] and words[at].text
  if link == "." or link == ":" then
    local value = evaluate(chain_before(words, at - 1))
    local names = value == nil and {} or link == "." and fields(value) or methods(value)
    return start, matching(names, prefix)
  end
  local list = matching(set_of(options_at(words, at)), prefix)
  return start, #list > 0 and list or matching(globals_and_keywords(), prefix)
end

-- ---- The key

--- What all words begin with, in whole letters.
local function common(words)
  local shared = words[1]
  for _, word in ipairs(words) do
    while word:sub(1, #shared) ~= shared do
      shared = shared:sub(1, (utf8.offset(shared, -1) or #shared) - 1)
    end
  end
  return shared
end

--- Words in columns, downwards, as ls has them.
local function listed(words, columns)
  local most, widest = 150, 0
  for i = 1, math.min(#words, most) do
    widest = math.max(widest, width.of(words[i]) + 2)
  end
  local count = math.min(#words, most)
  local across = math.max(1, columns // math.max(widest, 1))
  local rows, lines = (count + across - 1) // across, {}
  for row = 1, rows do
    local cells = {}
    for i = row, count, rows do
      cells[#cells + 1] = width.pad(words[i], widest)
    end
    lines[row] = table.concat(cells):gsub(" +$", "")
  end
  if #words > most then lines[#lines + 1] = ("... and %d more"):format(#words - most) end
  return table.concat(lines, "\n")
end

--- What Tab does: how many letters before the cursor go, what comes in their place, and a list to show, or nil.
---@param before string    the line up to the cursor
---@param columns integer  of the terminal
---@return integer, string, string?
function complete.key(before, columns)
  local start, words = complete.words(before, #before)
  if #words == 0 then return 0, "" end
  local typed = before:sub(start)
  local shared = common(words)
  if shared == typed and #words > 1 then return 0, "", listed(words, columns) end
  local parts = tokens.of(before)
  local last = parts[#parts]
  local is_file = #words == 1 and last and last.open and shared:sub(-1) ~= "/"
  if is_file then shared = shared .. last.text:sub(1, 1) end -- the string ends there
  return utf8.len(typed) or #typed, shared
end

return complete

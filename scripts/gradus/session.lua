--- session: what was typed at the prompt, as a script.
---
--- Lines that failed are left out, one that Ctrl-C stopped stands in a comment with what needs it, and what was
--- printed is printed. Variables are global there as they were at the prompt: functions made earlier see them.
local core = require "gradus.core"
local omitted = require "gradus.omitted"
local options = require "gradus.options"
local tokens = require "gradus.tokens"

local session = {}

--- Names that the lines use, not those behind a dot or a colon.
local function names_used(lines)
  local used = {}
  for _, entry in ipairs(lines) do
    local words = tokens.without_comments(entry.text)
    for i, word in ipairs(words) do
      local before = words[i - 1] and words[i - 1].text
      if word.kind == "name" and before ~= "." and before ~= ":" then used[word.text] = true end
    end
  end
  return used
end

local function sorted(set)
  local list = {}
  for name in pairs(set) do
    list[#list + 1] = name
  end
  table.sort(list)
  return list
end

--- local a, b = gr.a, gr.b: in lines that are not too long.
local function bind(names, from, lines)
  local most = 8
  for first = 1, #names, most do
    local left, right = {}, {}
    for i = first, math.min(first + most - 1, #names) do
      left[#left + 1], right[#right + 1] = names[i], from .. "." .. names[i]
    end
    lines[#lines + 1] = ("local %s = %s"):format(table.concat(left, ", "), table.concat(right, ", "))
  end
end

local function head(used, words)
  local lines = { "-- A session at the prompt of gradus.", 'local gr = require "gradus"' }
  local of_library, of_prompt = {}, {}
  for name in pairs(used) do
    if words[name] then
      of_prompt[name] = true
    elseif name ~= "gr" and core.find(name) ~= nil then
      of_library[name] = true
    end
  end
  bind(sorted(of_library), "gr", lines)
  if next(of_prompt) then
    lines[#lines + 1] = 'local words = require("gradus.repl").words'
    bind(sorted(of_prompt), "words", lines)
  end
  lines[#lines + 1] = ""
  return lines
end

local function is_statement(text) return load(text, "=session", "t") ~= nil end

local function trimmed(text) return text:match "^%s*(.-)%s*$" end

--- An expression as statements: what the prompt showed is printed. Behind it on a line of its own, in case it ends in a comment.
local function expression(entry, remembers)
  local text = trimmed(entry.text)
  local close = text:find "%-%-[^\n]*$" and "\n)" or ")"
  if (entry.nothing or entry.hidden and not remembers) and is_statement(text) then return text end
  if entry.shown_by and not entry.hidden then return ("_ = (%s\n_:%s()"):format(text .. close, entry.shown_by) end
  if entry.hidden or entry.nothing then return ("_ = (%s"):format(text .. close) end
  if not remembers then return ("print(%s"):format(text .. close) end
  if entry.values > 1 then return ("_ = (%s\nprint(%s"):format(text .. close, text .. close) end
  return ("_ = (%s\nprint(_)"):format(text .. close)
end

local function commented(text, why) return ("-- Left out: %s:\n-- %s"):format(why, (text:gsub("\n", "\n-- "))) end

--- Whether a line only speaks to the prompt.
local function is_talk(text)
  local name = text:match "^%s*([%a_]+)"
  return name == "save" or name == "who" or name == "help" or name == "leave"
end

--- The script's text.
---@param entries table[]   as gradus.repl keeps them
---@param words table       names that only the prompt knows
---@return string
function session.text(entries, words)
  local kept = {}
  for _, entry in ipairs(entries) do
    if entry.text:find "%S" and not is_talk(entry.text) then kept[#kept + 1] = entry end
  end
  local used, reasons = names_used(kept), omitted.reasons(kept)
  local lines = head(used, words)
  for i, entry in ipairs(kept) do
    if reasons[i] then
      lines[#lines + 1] = commented(trimmed(entry.text), reasons[i])
    else
      lines[#lines + 1] = entry.is_expression and expression(entry, used._ ~= nil) or trimmed(entry.text)
    end
  end
  return table.concat(lines, "\n") .. "\n"
end

--- Writes them. Raises when the path is no string, is taken, or cannot be written.
---@param path string
---@param entries table[]
---@param words table
function session.save(path, entries, words)
  if type(path) ~= "string" then
    core.raise(('save: expected a file name, as in save "session.lua", got %s'):format(options.describe(path)))
  end
  local there = io.open(path, "rb")
  if there then
    local first = there:read "l"
    there:close()
    if first ~= "-- A session at the prompt of gradus." then
      core.raise(("save: %s is there already, and is no saved session: choose another name"):format(path))
    end
  end
  local file, reason = io.open(path, "wb")
  if not file then core.raise(("save: %s"):format(reason)) end
  local written, why = file:write(session.text(entries, words))
  local closed, late = file:close()
  if not written or not closed then core.raise(("save: %s: %s"):format(path, why or late)) end
end

return session

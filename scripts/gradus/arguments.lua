--- arguments: the words behind `gradus WORD`, told apart.
---
---   local given, wrong = arguments.read({ ... }, { json = "flag", sort = "value" })
---   given.json, given.sort, given[1] ...      --name=value and --name value; -o too, where it is known; all other words in order
local options = require "gradus.options"

local arguments = {}

local function dashed(name) return (#name == 1 and "-" or "--") .. name end

local function known_words(known)
  local words = {}
  for i, name in ipairs(options.sorted_keys(known)) do
    words[i] = dashed(name)
  end
  return words
end

local function unknown(word, known)
  local words = known_words(known)
  local near = options.nearest(word, words)
  local hint = near and (" (did you mean %s?)"):format(near) or ""
  return ("unknown option '%s'%s; known: %s"):format(word, hint, table.concat(words, " "))
end

--- The program's own options, wherever they stand on the command line: main.c reads them.
local of_program = {
  "--seed",
  "--threads",
  "--f32",
  "--portable",
  "--quiet",
  "--no-nan-check",
  "--no-record",
  "--runs",
  "--into",
  "--ends-with",
  "--resume",
  "--scripts",
  "--help",
  "--version",
}

--- The program's option that a word may mean, behind its message; "" when there is none.
---@param word string   "--thread", "--thread=2"
---@return string
function arguments.of_program(word)
  local near = options.nearest(word:match "^[^=]*", of_program)
  return near and (" (did you mean %s?)"):format(near) or ""
end

--- The name of an option and what stands behind its =; nil for a word that is none.
local function option(word)
  local name, value = word:match "^%-%-([%w-]+)=(.*)$"
  if name then return name, value end
  name, value = word:match "^%-(%a)=?(%d+)$" -- -j4
  if name then return name, value end
  return word:match "^%-%-([%w-]+)$" or word:match "^%-(%a)$"
end

--- Words by name and in order; nil and what is wrong. `known`: "flag" or "value" for each option's name, those of one letter with one dash.
---@param words string[]
---@param known table<string, string>
---@return table?, string?
function arguments.read(words, known)
  local given, i, ours = {}, 1, true
  while i <= #words do
    local word = words[i]
    local name, value = option(word)
    if ours and word == "--" then
      ours = false
    elseif not ours or word:sub(1, 1) ~= "-" then
      given[#given + 1] = word
    elseif not name or not known[name] then
      return nil, unknown(word:match "^[^=]*", known)
    elseif known[name] == "flag" then
      if value then return nil, ("%s takes no value"):format(dashed(name)) end
      given[name] = true
    else
      if not value then
        i = i + 1
        value = words[i]
      end
      if not value then return nil, ("%s wants a value"):format(dashed(name)) end
      given[name] = value
    end
    i = i + 1
  end
  return given
end

--- The words with --tolerance as a number; nil and what is wrong when it is none.
function arguments.tolerance(given)
  if given.tolerance == nil then return given end
  local value = tonumber(given.tolerance)
  if not value or value ~= value or value < 0 then
    return nil, ("--tolerance wants a number, got '%s'"):format(given.tolerance)
  end
  given.tolerance = value
  return given
end

--- The words with --seconds and --memory as numbers; nil and what is wrong.
function arguments.limits(given)
  local seconds, memory = given.seconds, given.memory
  given.seconds, given.memory = tonumber(seconds), math.tointeger(tonumber(memory))
  if seconds and not (given.seconds and given.seconds >= 0.001 and given.seconds <= 1e6) then
    return nil, ("--seconds wants a number of seconds, got '%s'"):format(seconds)
  end
  if memory and not (given.memory and given.memory >= 1 and given.memory <= 1 << 30) then
    return nil, ("--memory wants a whole number of megabytes, got '%s'"):format(memory)
  end
  return given
end

return arguments

--- omitted: which lines of a session cannot stand in a script that runs, and why.
---
--- What Ctrl-C stopped would run to its end there. So it is left out, and with it the lines behind it that need what it made:
--- a net's history, and variables that it alone gave a value.
local tokens = require "gradus.tokens"

local omitted = {}

local opens = { ["("] = true, ["{"] = true, ["["] = true }
local closes = { [")"] = true, ["}"] = true, ["]"] = true }

--- The names in front of the = at i: x, y = ...; not those of a loop.
local function names_before(words, i, found)
  local at = i - 1
  while words[at] and words[at].kind == "name" do
    local before = words[at - 1] and words[at - 1].text
    if before == "." or before == ":" or before == "for" then return end
    found[words[at].text] = true
    if before ~= "," then return end
    at = at - 2
  end
end

--- Names that a text gives values, but for those in brackets.
local function names_given(words)
  local found, depth = {}, 0
  for i, word in ipairs(words) do
    if opens[word.text] then depth = depth + 1 end
    if closes[word.text] then depth = depth - 1 end
    local following = words[i + 1]
    if word.text == "=" and depth == 0 then names_before(words, i, found) end
    if word.text == "function" and following and following.kind == "name" then found[following.text] = true end
  end
  return found
end

--- The first of its words that needs what is missing: a variable, or a field `history` when that is `lost`.
local function needed(words, given, missing, lost)
  for i, word in ipairs(words) do
    local before = words[i - 1] and words[i - 1].text
    local is_field = before == "." or before == ":"
    if is_field and lost and word.text == "history" then return "history" end
    local is_key = words[i + 1] and words[i + 1].text == "="
    local is_used = word.kind == "name" and not is_field and not is_key
    if is_used and missing[word.text] and not given[word.text] then return word.text end
  end
end

local function trains(words)
  for i, word in ipairs(words) do
    if word.text == "fit" and words[i - 1] and words[i - 1].text == ":" then return true end
  end
  return false
end

--- For each of the lines the reason why it is left out, or false.
---@param entries { text: string, interrupted: boolean? }[]
---@return (string|false)[]
function omitted.reasons(entries)
  local reasons, known, missing, lost = {}, {}, {}, false
  for i, entry in ipairs(entries) do
    local words = tokens.without_comments(entry.text)
    local given = names_given(words)
    local need = not entry.interrupted and needed(words, given, missing, lost)
    reasons[i] = entry.interrupted and "Ctrl-C stopped this, and a script would run it to its end"
      or need and ("this needs '%s', of what was left out"):format(need)
      or false
    if trains(words) then lost = entry.interrupted or reasons[i] ~= false end
    for name in pairs(given) do
      if not reasons[i] then known[name] = true end
      missing[name] = not known[name] or nil
    end
  end
  return reasons
end

return omitted

--- chunk: what is typed at the prompt, made into something that runs.
---
--- Each chunk is compiled alone, so a local variable would be gone with its line. As people paste lines of scripts, those that
--- are local to the chunk itself, not to a function or a block in it, become globals, and stay.
local tokens = require "gradus.tokens"

local chunk = {}

local opens = { ["function"] = true, ["do"] = true, ["then"] = true, ["repeat"] = true, ["("] = true, ["{"] = true }
local closes = { ["end"] = true, ["until"] = true, ["elseif"] = true, [")"] = true, ["}"] = true }
opens["["], closes["]"] = true, true

--- The names declared at i: where the last ends, the attributes among them as { from, to }, and whether values follow.
local function declaration(words, i)
  local at, last, attributes = i + 1, nil, {}
  while words[at] and words[at].kind == "name" do
    last, at = words[at].to, at + 1
    if words[at] and words[at].text == "<" and words[at + 2] and words[at + 2].text == ">" then
      attributes[#attributes + 1] = { words[at].from, words[at + 2].to }
      last, at = words[at + 2].to, at + 3
    end
    if not words[at] or words[at].text ~= "," then break end
    at = at + 1
  end
  return last, attributes, words[at] ~= nil and words[at].text == "="
end

--- What is taken out and put in, by position, for a declaration at i: `local x` has to become `x = nil`.
local function keep(words, i, edits)
  local following = words[i + 1]
  edits[#edits + 1] = { words[i].from, following.from - 1, "" }
  if following.text == "function" then return end
  local last, attributes, given = declaration(words, i)
  for _, place in ipairs(attributes) do
    edits[#edits + 1] = { place[1], place[2], "" }
  end
  if last and not given then edits[#edits + 1] = { last + 1, last, " = nil" } end
end

local function apply(text, edits)
  for i = #edits, 1, -1 do
    local from, to, put = table.unpack(edits[i])
    text = text:sub(1, from - 1) .. put .. text:sub(to + 1)
  end
  return text
end

local function closes_itself(words, i)
  for at = i + 1, #words do
    if words[at].text == "close" and words[at - 1].text == "<" then return true end
    if words[at].text == "=" then return false end
  end
  return false
end

--- The text with the chunk's own local variables as globals. One that is <close> stays, since it works at its block's end.
---@param text string
---@return string
function chunk.keep_locals(text)
  local words, depth, edits = tokens.without_comments(text), 0, {}
  for i, one in ipairs(words) do
    if one.kind == "keyword" or one.kind == "symbol" then
      if closes[one.text] then depth = depth - 1 end
      if one.text == "local" and depth == 0 and words[i + 1] and not closes_itself(words, i) then
        keep(words, i, edits)
      end
      if opens[one.text] then depth = depth + 1 end
    end
  end
  return apply(text, edits)
end

--- With a line's end, which ends a string whose quote is missing.
local function compile(text) return load(text .. "\n", "=prompt", "t") end

--- Not where a method's brackets were forgotten, x:mean: what is typed next would be taken for its arguments.
local function wants_more(message)
  return message ~= nil and message:sub(-5) == "<eof>" and not message:find "function arguments expected"
end

--- The text without a semicolon at its end, and whether there was one.
local function without_semicolon(text)
  local words = tokens.without_comments(text)
  local last = words[#words]
  if not last or last.text ~= ";" then return text, false end
  return text:sub(1, last.from - 1) .. text:sub(last.to + 1), true
end

--- The first name of a text that is a name or a path alone: x, t.a[1].b; nil for others.
local function root_of(text)
  local words = tokens.without_comments(text)
  local at = 2
  while words[at] do
    local following = words[at + 1] or {}
    if words[at].text == "." and following.kind == "name" then
      at = at + 2
    elseif words[at].text == "[" and (following.kind == "number" or following.kind == "string") then
      if not words[at + 2] or words[at + 2].text ~= "]" then return nil end
      at = at + 3
    else
      return nil
    end
  end
  return words[1] and words[1].kind == "name" and words[1].text or nil
end

--- `x = 1; x` on one line: statements, and behind the last semicolon an expression. Gives what runs both, and the
--- expression's root; nil: it is not that.
local function statements_and_value(text)
  local words = tokens.without_comments(text)
  for i = #words, 1, -1 do
    if words[i].text == ";" then
      local before, value = text:sub(1, words[i].from), text:sub(words[i].to + 1)
      if not value:find "%S" or not compile("return nil, " .. value) then return nil end
      return compile(before .. " return nil, " .. value), root_of(value)
    end
  end
  return nil
end

--- What a text is: run, a function that gives nil and then the values of an expression, or nothing; is_expression; hidden,
--- whether a semicolon says that the value shall not be shown; text, as it is run; root, the first name of a path that stands
--- alone. Otherwise unfinished, or the message of
--- what is wrong with it.
---@param typed string
---@return { run: function?, is_expression: boolean, hidden: boolean, text: string, root: string?, unfinished: boolean?, message: string? }
function chunk.read(typed)
  local bare, hidden = without_semicolon(typed)
  -- With a value in front: `return f(x)` would give the call the prompt's place, and leave an error in it none.
  local run = compile("return nil, " .. bare)
  if run and bare:find "%S" then
    return { run = run, is_expression = true, hidden = hidden, text = bare, root = root_of(bare) }
  end
  local text = chunk.keep_locals(typed)
  local statements, message = compile(text)
  if statements then return { run = statements, is_expression = false, hidden = hidden, text = text } end
  local root
  run, root = statements_and_value(text)
  if run then return { run = run, is_expression = true, hidden = hidden, text = text, root = root } end
  local _, reason = compile("return " .. typed)
  local habits = require "gradus.habits"
  local unfinished = (wants_more(message) or wants_more(reason)) and not habits.is_foreign_block(typed)
  local way = habits.of_syntax(message, typed)
  return { unfinished = unfinished, message = way and message .. "\n  " .. way or message, text = typed }
end

return chunk

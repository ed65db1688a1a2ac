--- assignment_text: the check gr.assignment.text.
local common = require "gradus.assignment_common"
local likeness = require "gradus.likeness"
local options = require "gradus.options"

local none = options.none

--- Words are what spaces part, of any language.
local function count_words(text) return select(2, text:gsub("%S+", "")) end

local function judge_text(o, _, answers)
  local value = answers[1].value
  if type(value) ~= "string" then return 0, ("%s is %s; a text is expected"):format(o.of, likeness.show(value)) end
  local count = count_words(value)
  if count >= o.words then return 1, ("%s has %d words"):format(o.of, count), nil, value end
  local said = ("%s has %d word%s; at least %d are expected"):format(o.of, count, count == 1 and "" or "s", o.words)
  return 0, said, nil, value
end

--- A check that a text is there, of so many words. What it says is for the teacher to read: `gradus grade` puts all of them on the page of
--- the class.
--- Options: of: the name in the answer file; words (1): at least so many; points (1); title; hint: a text, or a function of
--- (numbers, value), for who fails.
--- Example:
---   local check = gr.assignment.text { of = "explanation", words = 10 }
---   print(check.judge({}, { { is = "string", value = "It is so." } }).said)
---@param given { of: string, words?: integer, points?: number, title?: string, hint?: any }
---@return table
local function text(given)
  local o = options.read("assignment.text", given, { of = none, words = 1, points = 1, title = none, hint = none })
  common.needs("assignment.text", o, "of", { "string" })
  options.whole("assignment.text", "words", o.words, 1)
  local check = common.new("text", o, common.ask_once, judge_text)
  check.title = check.title or ("%s is written"):format(o.of)
  return check
end

return text

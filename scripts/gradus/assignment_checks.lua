--- assignment_checks: the checks of assignments, as plain tables in two halves that need not meet:
---
---   check.calls(numbers)                        what the answer is to be asked: { { name =, args =, times = }, ... } (answers.lua)
---   check.judge(numbers, answers, reference)    what the plain values that came are worth: { points, of, said, hint }
---
--- The first half goes to where untrusted code runs; what is expected stays in the second. `numbers` are those of the student for that
--- question; `reference` is what the reference solution defines, nil where there is none, as at a student's desk.
local answers_of = require "gradus.answers"
local core = require "gradus.core"
local likeness = require "gradus.likeness"
local options = require "gradus.options"

local checks = {}

local none = options.none

-- ---- What all of them have in common

--- A setting that may be a function of the numbers.
local function resolve(value, ...)
  if options.is_callable(value) then return value(...) end
  return value
end

--- What keeps an answer from being looked at; nil when nothing does.
local function trouble(name, answer)
  if not answer then return ("%s was not asked"):format(name) end
  if answer.stopped then return answer.error end
  if answer.error then return ("%s stopped with an error: %s"):format(name, answer.error) end
  if answer.is == "missing" then return ("%s is not defined: the file must return a table that has it"):format(name) end
  if answer.is == "function" then return ("%s is a function; a value is expected"):format(name) end
  if answer.is == "nil" then return ("%s gave nothing back"):format(name) end
  return nil
end

--- A check from its options: `calls` and `judge` are called with them. The judge gives a share from 0 to 1, what to say, and a hint.
local function new(kind, o, calls, judge)
  local what = "assignment." .. kind
  options.number(what, "points", o.points, 0)
  if o.of ~= nil then options.text(what, "of", o.of) end
  if o.title ~= nil then options.text(what, "title", o.title) end
  local check = { kind = kind, title = o.title, points = o.points, of = o.of }
  function check.calls(numbers) return calls(o, numbers) end
  function check.judge(numbers, answers, reference)
    local share, said, hint = 0, nil, nil
    for i, one in ipairs(check.calls(numbers)) do
      said = said or trouble(one.name, answers[i])
    end
    if not said then
      share, said, hint = judge(o, numbers, answers, reference)
    end
    local came = answers[1] and not answers[1].stopped
    if share < 1 and came and o.hint ~= nil then hint = resolve(o.hint, numbers, answers[1] and answers[1].value) end
    return { points = o.points * share, of = o.points, said = said, hint = share < 1 and hint or nil }
  end
  return check
end

--- The one call that most checks make.
local function ask_once(o, numbers)
  local args = resolve(o.args, numbers)
  return { { name = o.of, args = args } }
end

local function needs(what, o, name, kinds)
  for _, kind in ipairs(kinds) do
    if type(o[name]) == kind then return end
  end
  core.raise(
    ("%s: %s must be a %s, got %s"):format(what, name, table.concat(kinds, " or a "), options.describe(o[name]))
  )
end

--- A tolerance that is not the usual one has a reason, which those who miss it are told.
local function check_tolerance(what, o, usual)
  if o.tolerance == nil then
    o.tolerance = usual
    return
  end
  options.number(what, "tolerance", o.tolerance, 0)
  if type(o.reason) ~= "string" then
    core.raise(('%s: a tolerance wants its reason, as in reason = "prices are rounded to cents"'):format(what))
  end
end

local function with_reason(said, o)
  if not said or not o.reason then return said end
  return ("%s (within %g: %s)"):format(said, o.tolerance, o.reason)
end

local function plain(value) return answers_of.tell(value).value end

-- ---- Values and shapes

--- What is expected of a value: as it is written, or what the reference answers to the same.
local function expected_of(o, numbers, reference)
  if o.expected ~= nil then return plain(resolve(o.expected, answers_of.copy(numbers), reference)) end
  local said = answers_of.answer(reference or {}, ask_once(o, numbers)[1])
  if said.value == nil then
    core.raise(
      ("assignment.value: nothing is expected of '%s': %s"):format(o.of, said.error or "the reference lacks it")
    )
  end
  return said.value
end

local function judge_value(o, numbers, answers, reference)
  local expected, value = expected_of(o, numbers, reference), answers[1].value
  local found = likeness.compare(value, expected, o.tolerance)
  if not found.said then return 1, ("%s is right"):format(o.of) end
  local said = with_reason(("%s: %s"):format(o.of, found.said), o)
  return o.partial and found.share or 0, said, likeness.guess(value, expected, o.tolerance)
end

---@class gradus.ValueOptions
---@field of string         the name in the answer file
---@field args? any         of the function, a list or a function of the numbers; none: it is no function
---@field expected? any     a value, or a function of (numbers, reference); without it what the reference solution answers
---@field tolerance? number (1e-9) times the larger of 1 and the expected number
---@field reason? string    why that tolerance, in words for the student
---@field partial? boolean  (false) points for the entries that are right
---@field points? number    (1)
---@field title? string     what it says of itself
---@field hint? any         for who fails: a text, or a function of (numbers, value)

--- A check that a value, or what a function gives, is the one that is expected.
--- Raises when a tolerance has no reason.
--- Example:
---   local check = gr.assignment.value {
---     of = "area", args = { 3 }, expected = 28.27, tolerance = 0.005, reason = "two digits are asked for",
---   }
---   print(check.judge({}, { { is = "number", value = 28.3 } }).said)
---@param given gradus.ValueOptions
---@return table
function checks.value(given)
  local o = options.read("assignment.value", given, {
    of = none,
    args = none,
    expected = none,
    tolerance = none,
    reason = none,
    partial = false,
    points = 1,
    title = none,
    hint = none,
  })
  needs("assignment.value", o, "of", { "string" })
  check_tolerance("assignment.value", o, 1e-9)
  local check = new("value", o, ask_once, judge_value)
  check.needs_reference = o.expected == nil
  check.title = check.title or ("%s has the right value"):format(o.of)
  return check
end

local function judge_shape(o, numbers, answers)
  local wanted = table.concat(resolve(o.shape, numbers), " x ")
  local sizes = likeness.shape(answers[1].value)
  local shape = sizes and table.concat(sizes, " x ")
  if shape == wanted then return 1, ("%s is %s"):format(o.of, wanted == "" and "a number" or wanted) end
  local is = shape and shape ~= "" and shape or likeness.show(answers[1].value)
  return 0, ("%s is %s; %s is expected"):format(o.of, is, wanted == "" and "a number" or wanted)
end

--- A check that a value, or what a function gives, has the right shape: a tensor, or lists of numbers.
--- Options: of: the name in the answer file; args: of the function, a list or a function of the numbers; shape: { 3, 3 }, {} for a
--- number, or a function of the numbers; points (1); title; hint: a text, or a function of (numbers, value), for who fails.
--- Example:
---   local check = gr.assignment.shape { of = "inverse", args = { gr.eye(2) }, shape = { 2, 2 } }
---   print(check.judge({}, { { is = "tensor", value = { { 1, 0 } } } }).said)
---@param given { of: string, args?: any, shape: any, points?: number, title?: string, hint?: any }
---@return table
function checks.shape(given)
  local o = options.read(
    "assignment.shape",
    given,
    { of = none, args = none, shape = none, points = 1, title = none, hint = none }
  )
  needs("assignment.shape", o, "of", { "string" })
  needs("assignment.shape", o, "shape", { "table", "function" })
  local check = new("shape", o, ask_once, judge_shape)
  check.title = check.title or ("%s has the right shape"):format(o.of)
  return check
end

-- ---- Texts

--- Words are what spaces part, of any language.
local function count_words(text) return select(2, text:gsub("%S+", "")) end

local function judge_text(o, _, answers)
  local value = answers[1].value
  if type(value) ~= "string" then return 0, ("%s is %s; a text is expected"):format(o.of, likeness.show(value)) end
  local count = count_words(value)
  if count >= o.words then return 1, ("%s has %d words"):format(o.of, count) end
  return 0, ("%s has %d word%s; at least %d are expected"):format(o.of, count, count == 1 and "" or "s", o.words)
end

--- A check that a text is there, of so many words. What it says is for the teacher to read.
--- Options: of: the name in the answer file; words (1): at least so many; points (1); title; hint: a text, or a function of
--- (numbers, value), for who fails.
--- Example:
---   local check = gr.assignment.text { of = "explanation", words = 10 }
---   print(check.judge({}, { { is = "string", value = "It is so." } }).said)
---@param given { of: string, words?: integer, points?: number, title?: string, hint?: any }
---@return table
function checks.text(given)
  local o = options.read("assignment.text", given, { of = none, words = 1, points = 1, title = none, hint = none })
  needs("assignment.text", o, "of", { "string" })
  options.whole("assignment.text", "words", o.words, 1)
  local check = new("text", o, ask_once, judge_text)
  check.title = check.title or ("%s is written"):format(o.of)
  return check
end

-- ---- Gradients

local most_elements = 200

--- Copies of the arguments in which element i of the wanted one is changed by h.
local function moved(args, wrt, i, h)
  local copy = answers_of.copy(args)
  if type(copy[wrt]) == "number" then
    copy[wrt] = copy[wrt] + h
  else
    local flat = core.flatten(copy[wrt])
    flat[i] = flat[i] + h
    copy[wrt] = core.reshape(flat, table.unpack(args[wrt].shape))
  end
  return copy
end

--- The arguments, and how many elements the wanted one has.
local function point_of(o, numbers)
  local args = resolve(o.at, numbers)
  local one = args[o.wrt]
  local size = core.is_tensor(one) and one.size or type(one) == "number" and 1
  if not size or size > most_elements then
    local limit = "a number or a tensor of at most %d elements"
    core.raise(
      ("assignment.gradient: argument %d must be " .. limit .. ", got %s"):format(
        o.wrt,
        most_elements,
        options.describe(one)
      )
    )
  end
  return args, size
end

--- The gradient first; then the student's own function on both sides of every element.
local function ask_gradient(o, numbers)
  local args, size = point_of(o, numbers)
  local list = { { name = o.of, args = args } }
  for i = 1, type(o.f) == "string" and size or 0 do
    list[2 * i] = { name = o.f, args = moved(args, o.wrt, i, o.h) }
    list[2 * i + 1] = { name = o.f, args = moved(args, o.wrt, i, -o.h) }
  end
  return list
end

--- The teacher's function, or the student's where it has been asked.
local function value_at(o, answers, args, i, sign)
  local value
  if type(o.f) == "string" then
    value = answers[2 * i + (sign < 0 and 1 or 0)].value
  else
    value = plain(o.f(table.unpack(moved(args, o.wrt, i, sign * o.h))))
  end
  return type(value) == "number" and value or nil
end

local function differences(o, numbers, answers)
  local args, size = point_of(o, numbers)
  local list = {}
  for i = 1, size do
    local above, below = value_at(o, answers, args, i, 1), value_at(o, answers, args, i, -1)
    if not above or not below then return nil end
    list[i] = (above - below) / (2 * o.h)
  end
  if type(args[o.wrt]) == "number" then return list[1] end
  return core.reshape(core.tensor(list, "f64"), table.unpack(args[o.wrt].shape)):totable()
end

--- Whether a gradient is zero everywhere: an empty function has that one, and it is easily right.
local function is_flat(gradient)
  for _, slope in ipairs(likeness.flat(gradient)) do
    if slope ~= 0 then return false end
  end
  return true
end

local function judge_gradient(o, numbers, answers)
  local expected, value = differences(o, numbers, answers), answers[1].value
  local f = type(o.f) == "string" and o.f or "the function"
  if not expected then return 0, ("%s does not give one number"):format(f) end
  if is_flat(expected) then return 0, ("%s does not change with its argument %d"):format(f, o.wrt) end
  local found = likeness.compare(value, expected, o.tolerance)
  if not found.said then return 1, ("%s is the gradient of %s"):format(o.of, f) end
  local said = with_reason(("%s: %s, by central differences of %s"):format(o.of, found.said, f), o)
  return 0, said, likeness.guess(value, expected, math.max(o.tolerance, 1e-4))
end

---@class gradus.GradientOptions
---@field of string         the name of the function that gives the gradient
---@field f any             the name of the function in the answer file whose gradient it is, or a function of one's own
---@field at any            the arguments of both, a list or a function of the numbers
---@field wrt? integer      (1) which of them the gradient belongs to: a tensor of at most 200 elements, or a number
---@field h? number         (1e-5) step of the differences
---@field tolerance? number (1e-6) times the larger of 1 and the difference
---@field reason? string    why that tolerance, in words for the student
---@field points? number    (1)
---@field title? string     what it says of itself
---@field hint? any         for who fails: a text, or a function of (numbers, value)

--- A check that a function of the answer gives the right gradient: that of another function of the answer, by central differences
--- of its values, or that of the teacher's own.
--- Example:
---   local check = gr.assignment.gradient { of = "slope", f = function(x) return x ^ 3 end, at = { 2 } }
---   print(check.judge({}, { { is = "number", value = 6 } }).said)
---@param given gradus.GradientOptions
---@return table
function checks.gradient(given)
  local what = "assignment.gradient"
  local o = options.read(what, given, {
    of = none,
    f = none,
    at = none,
    wrt = 1,
    h = 1e-5,
    tolerance = none,
    reason = none,
    points = 1,
    title = none,
    hint = none,
  })
  needs(what, o, "of", { "string" })
  needs(what, o, "f", { "string", "function" })
  needs(what, o, "at", { "table", "function" })
  options.whole(what, "wrt", o.wrt, 1)
  options.number(what, "h", o.h, 1e-12)
  check_tolerance(what, o, 1e-6)
  local check = new("gradient", o, ask_gradient, judge_gradient)
  check.title = check.title or ("%s is the right gradient"):format(o.of)
  return check
end

-- ---- Training

--- Either a step that is called again and again from given weights, or a function that is told how many steps it has.
local function ask_to_train(o, numbers)
  local args = resolve(o.args, numbers) or {}
  local list = table.move(args, 1, #args, 1, {})
  if o.from == nil then
    list[#list + 1] = o.steps
    return { { name = o.of, args = list } }
  end
  table.insert(list, 1, (resolve(o.from, numbers)))
  return { { name = o.of, args = list, times = o.steps } }
end

--- Whether a figure is where it should be, and how that is said.
local function reaches(o, figure, name)
  if type(figure) ~= "number" then return false, ("%s is %s, not a number"):format(name, likeness.show(figure)) end
  local wanted = {}
  if o.at_most then wanted[#wanted + 1] = ("at most %g"):format(o.at_most) end
  if o.at_least then wanted[#wanted + 1] = ("at least %g"):format(o.at_least) end
  local ok = (not o.at_most or figure <= o.at_most) and (not o.at_least or figure >= o.at_least)
  local asked = table.concat(wanted, " and ")
  return ok, ("%s is %.6g; %s is asked for"):format(name, figure, asked)
end

local function judge_training(o, numbers, answers)
  local value = answers[1].value
  local ok, figure = pcall(function() return plain(o.figure(answers_of.copy(numbers), value)) end)
  if not ok then return 0, ("what %s gave cannot be used: %s"):format(o.of, tostring(figure)) end
  local reached, said = reaches(o, figure, ("after %d steps the figure"):format(o.steps))
  return reached and 1 or 0, said
end

local function check_range(what, o)
  for _, name in ipairs { "at_least", "at_most" } do
    if o[name] ~= nil then options.number(what, name, o[name]) end
  end
  if o.at_least == nil and o.at_most == nil then
    core.raise(("%s: at_least or at_most must say what is to be reached"):format(what))
  end
end

---@class gradus.TrainsOptions
---@field of string         the name of a function in the answer file
---@field from? any         starting weights, or a function of the numbers: `of` is then one step, called `steps` times as
---                         of(weights, args...), and gives the new weights; without it `of` is called once, with `steps` as its
---                         last argument
---@field args? any         a list or a function of the numbers
---@field steps integer     the budget
---@field figure function   of (numbers, what came back as plain numbers and lists)
---@field at_most? number   the figure may not be above it
---@field at_least? number  nor below this
---@field points? number    (1)
---@field title? string     what it says of itself
---@field hint? any         for who fails: a text, or a function of (numbers, value)

--- A check that a training reaches a figure within a budget of steps. The figure is computed from what comes back, such as weights or
--- predictions, by the teacher's function: a figure that an answer claims counts for nothing.
--- Raises when neither at_most nor at_least is given.
--- Example:
---   local check = gr.assignment.trains {
---     of = "step", from = 0, steps = 50, at_most = 0.01,
---     figure = function(_, w) return (w - 3) ^ 2 end,
---   }
---   print(check.judge({}, { { is = "number", value = 2.5 } }).said)
---@param given gradus.TrainsOptions
---@return table
function checks.trains(given)
  local what = "assignment.trains"
  local o = options.read(what, given, {
    of = none,
    from = none,
    args = none,
    steps = none,
    figure = none,
    at_most = none,
    at_least = none,
    points = 1,
    title = none,
    hint = none,
  })
  needs(what, o, "of", { "string" })
  needs(what, o, "figure", { "function" })
  o.steps = options.whole(what, "steps", o.steps, 1)
  check_range(what, o)
  local check = new("trains", o, ask_to_train, judge_training)
  check.title = check.title or ("%s trains"):format(o.of)
  return check
end

-- ---- Recorded runs

local function ask_to_replay(o) return { { name = ("run '%s'"):format(o.run), replay = o.run } } end

local function judge_replay(o, _, answers)
  local run = answers[1].value
  if run.differs then return 0, ("run '%s' does not replay: %s"):format(o.run, run.differs) end
  if o.result == nil then return 1, ("run '%s' replays"):format(o.run) end
  local reached, said = reaches(o, run.results[o.result], ("the run's %s"):format(o.result))
  return reached and 1 or 0, said
end

--- A check that a recorded run, handed in beside the answer file, replays: what it claims comes out again.
--- Options: run ("run"): its folder; result: the name of a result that counts; at_most; at_least: where that must be;
--- points (1); title; hint: a text, or a function of (numbers, value), for who fails.
--- Example:
---   local check = gr.assignment.replays { run = "run", result = "accuracy", at_least = 0.9 }
---   print(check.judge({}, { { is = "table", value = { results = { accuracy = 0.85 } } } }).said)
---@param given? { run?: string, result?: string, at_most?: number, at_least?: number, points?: number, title?: string, hint?: any }
---@return table
function checks.replays(given)
  local what = "assignment.replays"
  local o = options.read(
    what,
    given,
    { run = "run", result = none, at_most = none, at_least = none, points = 1, title = none, hint = none }
  )
  options.text(what, "run", o.run)
  if o.run == "" or o.run:find "^/" or ("/" .. o.run .. "/"):find("/../", 1, true) then
    core.raise(("%s: run must name a folder beside the answer file, got %q"):format(what, o.run))
  end
  if o.result ~= nil then check_range(what, o) end
  local check = new("replays", o, ask_to_replay, judge_replay)
  check.title = check.title or ("run '%s' replays"):format(o.run)
  return check
end

-- ---- Any other

local function ask_freely(o, numbers) return resolve(o.calls, numbers) end

local function judge_freely(o, numbers, answers, reference)
  local values = {}
  for i, answer in ipairs(answers) do
    values[i] = answer.value
  end
  local share, said, hint = o.judge(answers_of.copy(numbers), values, reference)
  if type(share) == "boolean" then share = share and 1 or 0 end
  options.number("assignment.check", "what judge gives", share, 0, 1)
  return share, said or (share == 1 and "it holds" or "it does not hold"), hint
end

--- A check of one's own: Lua that looks at the plain values of the answer.
--- Options: calls: what the answer is asked, a list { { name = "f", args = { 1 } }, { name = "x" } } or a function of the numbers; judge: a
--- function of (numbers, values, reference) that gives true, false or a share from 0 to 1, and what to say, and a hint; values[i] is
--- what came of call i, tensors as nested lists; points (1); title; hint: a text, or a function of (numbers, first value).
--- Example:
---   local check = gr.assignment.check {
---     title = "x solves x + x = 4",
---     calls = { { name = "x" } },
---     judge = function(_, values) return values[1] + values[1] == 4, "x + x is " .. values[1] + values[1] end,
---   }
---   print(check.judge({}, { { is = "number", value = 3 } }).said)
---@param given { calls: any, judge: function, points?: number, title: string, hint?: any }
---@return table
function checks.check(given)
  local what = "assignment.check"
  local o = options.read(what, given, { calls = none, judge = none, points = 1, title = none, hint = none })
  needs(what, o, "calls", { "table", "function" })
  needs(what, o, "judge", { "function" })
  needs(what, o, "title", { "string" })
  return new("check", o, ask_freely, judge_freely)
end

return checks

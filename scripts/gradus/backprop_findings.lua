--- backprop_findings: what is wrong in measured gradients, each finding with its mistake, where one is known, and the worst entry.
local core = require "gradus.core"
local mistakes = require "gradus.mistakes"
local model = require "gradus.backprop_model"
local search = require "gradus.backprop_search"
local student = require "gradus.backprop_student"

local findings = {}

-- ---- Which gradients are wrong

--- The names of all gradients that the student has to give, and those of them that are off.
local function compare(subject, cases, tolerance)
  local wanted, wrong, missing = {}, {}, {}
  local gives_dx = subject.kind ~= "network" and cases[1].found.dx
  local list = gives_dx and { "dx" } or {}
  if #subject.slots == 0 then list = { "dx" } end
  for i, slot in ipairs(subject.slots) do
    table.insert(list, i, slot.name)
  end
  for _, name in ipairs(list) do
    local off = false
    for _, case in ipairs(cases) do
      if not case.found[name] then
        missing[name] = true
      elseif not search.same(case.found[name], case.expected[name], tolerance) then
        off = true
      end
    end
    if not missing[name] then table.insert(wanted, name) end
    if off and not missing[name] then table.insert(wrong, name) end
  end
  return wanted, wrong, missing
end

-- ---- The worst entry

local function place_of(position, shape)
  local place, rest = {}, position - 1
  for i = #shape, 1, -1 do
    place[i] = math.tointeger(rest % shape[i]) + 1
    rest = rest // shape[i]
  end
  return #place > 0 and ("[%s]"):format(table.concat(place, ", ")) or ""
end

local function worst_entry(found, expected)
  local a, b = found:reshape(-1), expected:reshape(-1)
  local at, most = 1, -1
  for i = 1, b.size do
    local off = math.abs(a[i] - b[i])
    if off > most or off ~= off then
      at, most = i, off ~= off and math.huge or off
    end
  end
  return at, most / (1 + math.abs(b[at]))
end

--- { place, got, expected, m } of the entry that is off most; where the shapes differ, the shapes.
local function worst_of(cases, names_of)
  local worst, most = nil, -1
  for _, name in ipairs(names_of) do
    for _, case in ipairs(cases) do
      local found, expected = case.found[name], case.expected[name]
      if found.size ~= expected.size then
        local shapes = { place = name, got = tostring(found.shape), expected = tostring(expected.shape), m = case.m }
        return shapes
      end
      local at, off = worst_entry(found, expected)
      if off > most then
        most = off
        worst = {
          place = name .. place_of(at, expected.shape),
          got = found:reshape(-1)[at],
          expected = expected:reshape(-1)[at],
          m = case.m,
        }
      end
    end
  end
  return worst
end

-- ---- Findings

local function list_of(names_of) return table.concat(names_of, ", ") end

local function advise(name, gradients) return (mistakes.advice[name]:format(list_of(gradients))) end

local function finding(cases, gradients, name, others, explained)
  local one = {
    gradient = gradients[1],
    gradients = gradients,
    mistake = name,
    others = others,
    worst = worst_of(cases, gradients),
    explained = explained or (name and 1 or 0),
  }
  if name then
    one.advice = advise(name, gradients)
    for _, other in ipairs(others or {}) do
      one.advice = ("%s It could as well be '%s': both give these numbers."):format(one.advice, other)
    end
  else
    one.advice = ("%s is wrong, in no way that is known here: compare its formula, term by term, with the derivative."):format(
      list_of(gradients)
    )
  end
  return one
end

--- A finding for what the student's own code raised.
function findings.error(gradient, message)
  return {
    gradient = gradient,
    gradients = { gradient },
    message = message,
    explained = 0,
    advice = ("%s ends in an error: %s"):format(gradient, message),
  }
end

--- What is called otherwise in the other solutions.
local function other_titles(solutions)
  local others = {}
  for i = 2, #solutions do
    others[#others + 1] = solutions[i].title
  end
  return #others > 0 and others or nil
end

local function add_new(list, names_of)
  for _, name in ipairs(names_of) do
    local known = false
    for _, one in ipairs(list) do
      known = known or one == name
    end
    if not known then table.insert(list, name) end
  end
end

--- Findings that say the same of several gradients become one.
local function joined(list, cases)
  local result, known = {}, {}
  for _, one in ipairs(list) do
    local key = one.mistake and one.mistake .. "|" .. table.concat(one.others or {}, "|")
    local first = key and known[key]
    if first then
      add_new(first.gradients, one.gradients)
      first.worst, first.advice = worst_of(cases, first.gradients), advise(first.mistake, first.gradients)
    else
      table.insert(result, one)
      if key then known[key] = one end
    end
  end
  return result
end

local function add_set(list, recognised, cases, solutions, wrong, tolerance)
  local at, found = solutions[1].at, {}
  for i, one in ipairs(at) do
    local touched = search.touched(recognised, cases, one, wrong, tolerance)
    if #touched == 0 then touched = wrong end
    table.insert(found, finding(cases, touched, one.mistake, i == 1 and other_titles(solutions) or nil))
  end
  for _, one in ipairs(joined(found, cases)) do
    table.insert(list, one)
  end
end

--- How much of what is off a single mistake takes away, at best: 0 nothing, 1 all.
local function best_share(recognised, cases, name)
  local best = 0
  for _, one in ipairs(recognised and mistakes.of(recognised) or {}) do
    if search.is_late(recognised) then return best end
    local off, left = 0, 0
    for _, case in ipairs(cases) do
      local ok, gradients = pcall(recognised.gradients, recognised, case, { one })
      local guess = ok and gradients and gradients[name]
      local found, expected = case.found[name], case.expected[name]
      if guess and guess.size == found.size and expected.size == found.size then
        off = off + ((found:reshape(-1) - expected:reshape(-1)) ^ 2):sum()
        left = left + ((found:reshape(-1) - guess:reshape(-1)) ^ 2):sum()
      else
        left = math.huge
      end
    end
    if off > 0 then best = math.max(best, 1 - math.sqrt(left / off)) end
  end
  return best
end

local function is_bias(subject, name)
  for _, slot in ipairs(subject.slots) do
    if slot.name == name then return slot.is_bias end
  end
  return false
end

--- A gradient that is wrong, when time is up: a name could be one of several that have not been tried.
local function add_late(list, cases, name)
  local one = finding(cases, { name })
  one.advice = ("%s is wrong; there was no time to look for the mistake."):format(name)
  table.insert(list, one)
end

--- One gradient by itself, when no set of mistakes explains all.
local function add_single(list, subject, recognised, cases, name, tolerance)
  if search.is_late(subject) then return add_late(list, cases, name) end
  local solutions = recognised and search.sets(recognised, cases, { name }, tolerance) or {}
  if #solutions > 0 then
    for i, one in ipairs(solutions[1].at) do
      local told = one.mistake == "loss averaged, gradient not" and "missing 1/m" or one.mistake -- it is one gradient's
      table.insert(list, finding(cases, { name }, told, i == 1 and other_titles(solutions) or nil))
    end
    return
  end
  local plain = search.by_itself(cases, name, is_bias(subject, name), tolerance)
  if #plain > 0 then
    table.insert(list, finding(cases, { name }, plain[1], #plain > 1 and { table.unpack(plain, 2) } or nil))
  else
    table.insert(list, finding(cases, { name }, nil, nil, best_share(recognised, cases, name)))
  end
end

local function recognise(subject, cases, reading, wanted, tolerance)
  local found = model.recognise(subject, cases)
  if not found then return nil end
  found.averages = reading.averages
  local small_number_in_logarithm = 5e-3
  if not search.is_sound(found, cases, wanted, found.loose and small_number_in_logarithm or tolerance) then
    return nil
  end
  local last = cases[1].t
  found.outputs = last and last.shape[2]
  return found
end

local function add_missing(list, missing)
  local names_of = {}
  for name in pairs(missing) do
    table.insert(names_of, name)
  end
  table.sort(names_of)
  for _, name in ipairs(names_of) do
    table.insert(list, {
      gradient = name,
      gradients = { name },
      explained = 0,
      advice = ("no gradient of %s was found: return { %s = ... }, or set the field d%s."):format(name, name, name),
    })
  end
end

local function marked(cases, field)
  local set, list = {}, {}
  for _, case in ipairs(cases) do
    for name in pairs(case[field]) do
      if not set[name] then table.insert(list, name) end
      set[name] = true
    end
  end
  table.sort(list)
  return list
end

local function add_growing(list, cases)
  local grown = marked(cases, "grown")
  if #grown > 0 then table.insert(list, finding(cases, grown, "gradient accumulated")) end
  local unsteady = marked(cases, "unsteady")
  if #unsteady == 0 or #grown > 0 then return #grown > 0 end
  local one = finding(cases, unsteady, nil)
  one.advice = list_of(unsteady)
    .. " is another one when it is computed again from the same numbers: something is kept from the last call, or drawn."
  table.insert(list, one)
  return true
end

--- All findings of a measured student; an empty list when its gradients are right.
---@param subject table
---@param cases table[]
---@param reading table
---@param tolerance number
function findings.of(subject, cases, reading, tolerance)
  local list = {}
  local wanted, wrong, missing = compare(subject, cases, tolerance)
  add_missing(list, missing)
  local unsteady = add_growing(list, cases)
  local recognised = recognise(subject, cases, reading, wanted, tolerance)
  if recognised and recognised.shifted then
    table.insert(list, {
      gradient = "loss",
      gradients = { "loss" },
      mistake = "labels off by one",
      explained = 1,
      advice = advise("labels off by one", { "the loss" }),
    })
  end
  if #wrong > 0 and recognised and search.is_model(recognised, cases, wanted) then return list end
  if #wrong == 0 or unsteady and #list > 0 and not next(marked(cases, "grown")) then return list end
  local solutions = recognised and search.sets(recognised, cases, wanted, tolerance) or {}
  if #solutions > 0 then
    add_set(list, recognised, cases, solutions, wrong, tolerance)
    return list
  end
  local one_reading = subject.kind == "network" and reading.error_of_rows == nil -- others differ by m, which single rows do not show
  if recognised and one_reading and search.is_row_by_row(recognised, cases, wanted, tolerance) then
    table.insert(list, finding(cases, wrong, "updated too early"))
    return list
  end
  local singles = {}
  for _, name in ipairs(wrong) do
    add_single(singles, subject, recognised, cases, name, tolerance)
  end
  for _, one in ipairs(joined(singles, cases)) do
    local whole = #one.gradients == #wanted and (#wanted > 1 or subject.kind == "loss")
    local all = whole and one.mistake == "missing 1/m"
    table.insert(list, all and finding(cases, one.gradients, "loss averaged, gradient not", one.others) or one)
  end
  return list
end

-- ---- A reference

local function far(a, b, tolerance)
  a, b = core.is_tensor(a) and a or core.tensor(a), core.is_tensor(b) and b or core.tensor(b)
  return not search.same(a, b, tolerance)
end

local function add_forward(list, what, got, expected)
  local function text(value) return core.is_tensor(value) and tostring(value) or ("%.10g"):format(value) end
  local one = { gradient = what, gradients = { what }, explained = 0 }
  if not core.is_tensor(got) then one.worst = { place = what, got = got, expected = expected } end
  one.advice = ("%s is not that of the reference, before any gradient: %s, expected %s."):format(
    what,
    text(got),
    text(expected)
  )
  table.insert(list, 1, one)
end

--- Adds what differs between the forward passes of a student and a reference, given the same parameters.
function findings.against(list, subject, reference, form, tolerance)
  local forms = require "gradus.backprop_cases"
  local case = forms.make(form, form.first, 1)
  local ok, message = pcall(function()
    forms.prepare(subject, case)
    reference.put_back()
    forms.fill(reference, case)
    if subject.kind ~= "loss" and subject.forward and reference.forward then
      local got, expected = subject:outputs(case), reference:outputs(case)
      if far(got, expected, tolerance) then return add_forward(list, "forward", got, expected) end
    end
    if subject.kind == "layer" or subject.given_loss and subject.given_loss.of_reference then return end
    local got, expected = subject:value(case), reference:value(case)
    if far(got, expected, tolerance) then add_forward(list, "loss", got, expected) end
  end)
  reference.put_back()
  local told = not ok and student.message(message)
  if not ok and not told then error(message, 0) end
  if told then table.insert(list, 1, findings.error("forward, beside the reference,", told)) end
end

return findings

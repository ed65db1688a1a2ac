--- backprop_search: which known mistakes explain a student's gradients. A mistake is named only when the gradients that follow from it are
--- the student's own on every case; two that explain the same are both told.
local core = require "gradus.core"
local likeness = require "gradus.likeness"
local mistakes = require "gradus.mistakes"

local search = {}

--- Whether the time is up that a student, or the model of one, may be examined for: deadline is by core.clock; nil where there is none.
function search.is_late(one) return one.deadline ~= nil and core.clock() > one.deadline end

--- Whether two gradients are the same within the tolerance, by the largest number in them; a row may stand for a vector.
function search.same(a, b, tolerance)
  if a.size ~= b.size or likeness.sizes(a.shape) ~= likeness.sizes(b.shape) then return false end
  local x, y = a:reshape(-1), b:reshape(-1)
  local least = 1e-3 -- differences have an error of 1e-10 whatever the gradient's size
  local off = (x - y):abs():max()
  return off <= tolerance * math.max(x:abs():max(), y:abs():max(), least)
end

--- Whether the model with these mistakes gives what the student gives, for all of the names on all cases.
local function explains(model, cases, at, wanted, tolerance, source)
  for _, case in ipairs(cases) do
    local gradients = model:gradients(case, at)
    if not gradients then return false end
    for _, name in ipairs(wanted) do
      local expected = gradients[name]
      if not expected or not search.same(case[source or "found"][name], expected, tolerance) then return false end
    end
  end
  return true
end

--- Whether the model's gradients, without a mistake, are the differences.
function search.is_sound(model, cases, wanted, tolerance)
  local ok, yes = pcall(explains, model, cases, {}, wanted, tolerance, "expected")
  if not ok and core.stopped() then error(yes, 0) end
  return ok and yes
end

--- Whether a gradient is 0 to the last bit.
local function is_zero(cases, name)
  for _, case in ipairs(cases) do
    if not case.found[name] or case.found[name]:abs():max() > 0 then return false end
  end
  return true
end

--- Errors of softmax that are added up over all classes cancel, but leave rounding; one that was never computed is 0 to the last bit.
--- What a step of training leaves of rounding may be nothing, so that there the two cannot be told apart.
local function is_possible(one, cases)
  if one.mistake == "zero gradient" then return is_zero(cases, one.slot) end
  if one.mistake == "bias summed over classes" then return cases[1].by_steps or not is_zero(cases, one.slot) end
  return true
end

local function try(model, cases, at, wanted, tolerance)
  for _, one in ipairs(at) do
    if not is_possible(one, cases) then return false end
  end
  local ok, yes = pcall(explains, model, cases, at, wanted, tolerance)
  if not ok and core.stopped() then error(yes, 0) end
  return ok and yes
end

--- Whether the student's gradients are those of the model to the last digits.
function search.is_model(model, cases, wanted) return try(model, cases, {}, wanted, 1e-9) end

-- ---- One mistake, or two

local function group_of(one) return mistakes.group[one.mistake] or one.mistake end

--- What a set of mistakes is called, whatever their places.
local function title(at)
  local list = {}
  for i, one in ipairs(at) do
    list[i] = group_of(one)
  end
  table.sort(list)
  return table.concat(list, " + ")
end

local function collect(solutions, at)
  local name = title(at)
  for _, known in ipairs(solutions) do
    if known.title == name then return end
  end
  table.insert(solutions, { title = name, at = at })
end

local function singles(model, cases, list, wanted, tolerance)
  local solutions = {}
  for _, one in ipairs(list) do
    if search.is_late(model) then return {} end
    if try(model, cases, { one }, wanted, tolerance) then collect(solutions, { one }) end
  end
  return solutions
end

local function doubles(model, cases, list, wanted, tolerance)
  local solutions = {}
  for i, one in ipairs(list) do
    for j = i + 1, #list do
      if search.is_late(model) then return {} end
      local at = { one, list[j] }
      local same_place = one.stage == list[j].stage and one.part == list[j].part and group_of(one) == group_of(list[j])
      if not same_place and try(model, cases, at, wanted, tolerance) then collect(solutions, at) end
    end
  end
  return solutions
end

--- Least sets of mistakes that explain the named gradients: a list of { title, at }, of one mistake each, else of two, else empty; empty
--- where time is up, as others may then not have been tried.
function search.sets(model, cases, wanted, tolerance)
  local list = mistakes.of(model)
  local solutions = singles(model, cases, list, wanted, tolerance)
  if #solutions == 0 then solutions = doubles(model, cases, list, wanted, tolerance) end
  return solutions
end

local function changes_parameters(case)
  for name, value in pairs(case.after) do
    if not search.same(value, case.params[name], 1e-9) then return true end
  end
  return false
end

--- Whether a backward pass changes the weights while it goes from row to row: single rows are explained, batches are not.
function search.is_row_by_row(model, cases, wanted, tolerance)
  local rows, moved = {}, false
  for _, case in ipairs(cases) do
    if case.m == 1 then rows[#rows + 1] = case end
    moved = moved or case.m > 1 and changes_parameters(case)
  end
  if not moved or #rows == 0 or #rows == #cases or cases[1].by_steps or search.is_late(model) then return false end
  if try(model, rows, {}, wanted, tolerance) then return true end
  for _, one in ipairs(mistakes.of(model)) do
    if one.mistake == "updated too early" and try(model, rows, { one }, wanted, tolerance) then return true end
  end
  return false
end

--- The names of gradients that one mistake changes.
function search.touched(model, cases, one, wanted, tolerance)
  local list = {}
  for _, name in ipairs(wanted) do
    local changed = false
    for _, case in ipairs(cases) do
      local plain, with = model:gradients(case, {}), model:gradients(case, { one })
      changed = changed or not (with and search.same(plain[name], with[name], tolerance))
    end
    if changed then list[#list + 1] = name end
  end
  return list
end

-- ---- A network that is not recognised

local function always(cases, name, test)
  local told_apart = false -- on one row some mistakes make no difference
  for _, case in ipairs(cases) do
    local found, expected = case.found[name], case.expected[name]
    if not test(found, expected, case) then return false end
    told_apart = told_apart or not test(expected, expected, case)
  end
  return told_apart
end

local function sum_of_rows(found, expected, case, tolerance)
  if found.size ~= expected.size * case.m then return false end
  local rows = case.columns and found:reshape(expected.size, case.m):T():clone() or found:reshape(case.m, expected.size)
  return search.same(rows:sum(1), expected:reshape(-1), tolerance)
end

local function total(found, expected, tolerance)
  local sum = expected:sum()
  local far = (found:reshape(-1) - sum):abs():max()
  return (found.size == 1 or found.size == expected.size) and far <= tolerance * math.max(math.abs(sum), 1e-3)
end

--- Known mistakes of one gradient by itself, by the differences alone: a list of names.
function search.by_itself(cases, name, is_bias, tolerance)
  local list = {}
  for _, one in ipairs(mistakes.plain) do
    local hit = always(cases, name, function(found, expected, case)
      local changed = one.change(expected, case)
      return changed and search.same(found, changed, tolerance)
    end)
    if hit and (one.mistake ~= "zero gradient" or is_zero(cases, name)) then list[#list + 1] = one.mistake end
  end
  if #list == 0 and is_bias then
    if always(cases, name, function(f, e, case) return sum_of_rows(f, e, case, tolerance) end) then
      list[1] = "bias not summed over the batch"
    elseif always(cases, name, function(f, e) return total(f, e, tolerance) end) then
      list[1] = "bias summed over classes"
    end
  end
  return list
end

return search

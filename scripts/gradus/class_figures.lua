--- class_figures: the marks of a class in figures: how points are distributed, question by question, check by check.
---
---   local figures = class_figures.of(records)
---   figures.points       mean, median, std, least, most of those who handed in
---   figures.questions    { name, title, of, mean, share, full, part, none, count } each
---   figures.checks       { question, title, of, full, part, none, missed = { ids } } each, the one that most missed first
---
--- Questions and checks are counted over the answers that ran; one that was stopped says nothing of them.
local marks_parts = require "gradus.marks_parts"
local summary = require "gradus.summary"

local class_figures = {}

local most_bins = 12
local few_points = 3

local function is_figure(v) return type(v) == "number" and v == v and math.abs(v) < math.huge end

local function points_of(record) return is_figure(record.points) and record.points or 0 end

local function ran(record) return record.status == "marked" or points_of(record) > 0 end

-- ---- Points

local function handed_in(records)
  local list = {}
  for _, record in ipairs(records) do
    if record.status ~= "missing" then list[#list + 1] = record end
  end
  return list
end

--- Mean and the like of numbers; nil of none.
local function statistics(values)
  local n = #values
  if n == 0 then return nil end
  local sorted, found = table.move(values, 1, n, 1, {}), summary.statistics(values)
  table.sort(sorted)
  local median = (sorted[(n + 1) // 2] + sorted[n // 2 + 1]) / 2
  return { n = n, mean = found.mean, std = found.std, median = median, least = sorted[1], most = sorted[n] }
end

--- The least round number, of which few are as many as all points; a whole one, where there are some points: most checks give whole ones.
local function bin_width(of)
  local power = 10.0 ^ math.floor(math.log(of / most_bins, 10))
  for _, leading in ipairs { 1, 2, 5, 10 } do
    local width = leading * power
    if of / width <= most_bins + 1e-9 then return of >= few_points and math.max(1, width) or width end
  end
end

--- How many have from 0 to below one width, and so on; full points have a bin of their own.
local function distribution(values, of)
  if not is_figure(of) or of <= 0 then return nil end
  local width, bins = bin_width(of), {}
  local count = math.ceil(of / width - 1e-9)
  for i = 1, count + 1 do
    bins[i] = { from = i <= count and (i - 1) * width or of, count = 0 }
  end
  for _, points in ipairs(values) do
    local full = marks_parts.grade(points, of) == "full"
    local bin = full and count + 1 or math.max(1, math.min(count, math.floor(points / width + 1e-9) + 1))
    bins[bin].count = bins[bin].count + 1
  end
  return { width = width, bins = bins }
end

-- ---- Questions and checks

local function add(sum, one)
  sum.count, sum.points = sum.count + 1, sum.points + points_of(one)
  local grade = marks_parts.grade(points_of(one), one.of or 0)
  sum[grade] = sum[grade] + 1
  return grade
end

local function new_sum(one)
  return { title = one.title, of = one.of or 0, count = 0, points = 0, full = 0, part = 0, none = 0 }
end

local function finish(sum)
  sum.mean = sum.count > 0 and sum.points / sum.count or 0
  sum.share = sum.of > 0 and sum.mean / sum.of or 0
  sum.points = nil
end

--- The sum of that key, made when there is none.
local function sum_of(sums, key, one)
  if not sums[key] then
    sums[key] = new_sum(one)
    sums[#sums + 1] = sums[key]
  end
  return sums[key]
end

--- Checks have no names, so they are known by their place.
local function add_checks(checks, question, record)
  for i, result in ipairs(question.results or {}) do
    local check = sum_of(checks, ("%d %s"):format(i, question.name), result)
    check.question, check.visible, check.missed = question.name, result.visible, check.missed or {}
    if ran(record) and add(check, result) ~= "full" then table.insert(check.missed, record.student.id) end
  end
end

local function add_record(questions, checks, record)
  for _, question in ipairs(record.questions or {}) do
    local sum = sum_of(questions, "question " .. question.name, question)
    sum.name = question.name
    if ran(record) then add(sum, question) end
    add_checks(checks, question, record)
  end
end

local function in_order(list)
  local new = table.move(list, 1, #list, 1, {})
  for _, sum in ipairs(new) do
    finish(sum)
  end
  return new
end

--- The one that most missed first, else as they come in the assignment.
local function by_misses(checks)
  local place = {}
  for i, check in ipairs(checks) do
    place[check] = i
  end
  table.sort(checks, function(a, b)
    if #a.missed ~= #b.missed then return #a.missed > #b.missed end
    return place[a] < place[b]
  end)
  return checks
end

-- ---- All of it

local function count_statuses(records)
  local counts = { marked = 0, stopped = 0, failed = 0, refused = 0, missing = 0 }
  for _, record in ipairs(records) do
    counts[record.status] = (counts[record.status] or 0) + 1
  end
  return counts
end

--- The figures of a class, as class.json has them.
---@param records table[]   mark records
---@return table
function class_figures.of(records)
  local values, of, questions, checks, count = {}, 0, {}, {}, 0
  for i, record in ipairs(handed_in(records)) do
    values[i] = points_of(record)
  end
  for _, record in ipairs(records) do
    of = is_figure(record.of) and math.max(of, record.of) or of
    count = ran(record) and count + 1 or count
    add_record(questions, checks, record)
  end
  local figures = { students = #records, handed_in = #values, ran = count, of = of, counts = count_statuses(records) }
  figures.points, figures.distribution = statistics(values), distribution(values, of)
  figures.questions, figures.checks = in_order(questions), by_misses(in_order(checks))
  return figures
end

--- Ids that handed in the same personal numbers: { numbers = hash, ids = { "s001", "s002" } } each.
---@param records table[]
---@return { numbers: string, ids: string[] }[]
function class_figures.same_numbers(records)
  local groups, order, list = {}, {}, {}
  for _, record in ipairs(records) do
    local hash = record.same_numbers
    if hash then
      if not groups[hash] then
        groups[hash], order[#order + 1] = {}, hash
      end
      table.insert(groups[hash], record.student.id)
    end
  end
  for _, hash in ipairs(order) do
    if #groups[hash] > 1 then list[#list + 1] = { numbers = hash, ids = groups[hash] } end
  end
  return list
end

return class_figures

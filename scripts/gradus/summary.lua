--- summary: what came out of a sweep: mean and spread of each result over the seeds, by combination of the other settings.
---
---   local found = summary.of(plan.axes, plan.runs, { metric = "accuracy" })
---   found.groups[1]    the best: texts, count, failed, open, stats = { accuracy = { mean =, std =, n = } }
---
--- summary_text.lua writes it as a table, as CSV and as JSON.
---
--- The spread is the standard deviation of a sample, with n - 1: the seeds stand for all that could have been taken.
local options = require "gradus.options"
local plain = require "gradus.plain"

local summary = {}

-- ---- Figures

--- A recorded result as a number; nil where it is none.
local function number(value)
  local figure = plain.back(value)
  return type(figure) == "number" and figure or nil
end

--- Mean and spread; no spread of one value.
---@param values number[]
---@return { mean: number, std: number?, n: integer }
function summary.statistics(values)
  local n, sum = #values, 0
  for _, value in ipairs(values) do
    sum = sum + value
  end
  local mean, squares = sum / n, 0
  for _, value in ipairs(values) do
    squares = squares + (value - mean) ^ 2
  end
  return { mean = mean, std = n > 1 and math.sqrt(squares / (n - 1)) or nil, n = n }
end

--- Results of which less is better, by a word in their names.
local falling = { "loss", "error", "mse", "mae", "sse", "seconds", "time" }

--- "max" or "min": which way a result of that name gets better.
---@param name string
function summary.direction(name)
  for _, word in ipairs(falling) do
    if name:lower():find(word, 1, true) then return "min" end
  end
  return "max"
end

--- The name that is nearly this one, or the only one that begins so: accuracy for acc.
local function meant(name, names)
  local near = options.nearest(name, names)
  if near and options.distance(name, near) < #name then return near end -- not a word of which nothing is left
  local longer = {}
  for _, one in ipairs(names) do
    if one:sub(1, #name):lower() == name:lower() then longer[#longer + 1] = one end
  end
  return #longer == 1 and longer[1] or nil
end

--- The result that counts: the one that is asked for, the only one, accuracy, or loss. nil and why not.
---@param wanted? string
---@param names string[]   of all results that are numbers
function summary.metric(wanted, names)
  local there = {}
  for _, name in ipairs(names) do
    there[name] = true
  end
  local list = #names > 0 and table.concat(names, " ") or "none"
  if wanted then
    if there[wanted] or #names == 0 then return wanted end
    local near = meant(wanted, names)
    local hint = near and (" (did you mean '%s'?)"):format(near) or ""
    return nil, ("no run has a result '%s' that is a number%s; there are: %s"):format(wanted, hint, list)
  end
  if #names == 1 then return names[1] end
  if there.accuracy or there.loss then return there.accuracy and "accuracy" or "loss" end
  return nil, ("--metric NAME says which result counts: %s"):format(list)
end

--- Whether runs that have finished tell that the result which is asked for is not among theirs: true and why; false when one has it;
--- nil as long as none has finished.
---@param runs table[]
---@param wanted? string
---@return boolean?, string?
function summary.lacks(runs, wanted)
  local seen, finished = {}, false
  for _, run in ipairs(runs) do
    finished = finished or run.state == "finished"
    for name, value in pairs(run.state == "finished" and run.results or {}) do
      if number(value) then seen[name] = true end
    end
  end
  if not wanted or not finished then return nil end
  local names = options.sorted_keys(seen)
  local there, why = summary.metric(wanted, names)
  return not there, why
end

-- ---- Groups

--- The values of all settings but the seed.
local function without_seed(axes, texts)
  local rest = {}
  for i, name in ipairs(axes) do
    if name ~= "seed" then rest[#rest + 1] = texts[i] end
  end
  return rest
end

local function add_run(group, run, names)
  group.count = group.count + 1
  if run.state == "failed" then group.failed = group.failed + 1 end
  if run.state ~= "finished" then return end
  group.finished = group.finished + 1
  for name, value in pairs(run.results or {}) do
    local figure = number(value)
    if figure then
      names[name], group.values[name] = true, group.values[name] or {}
      table.insert(group.values[name], figure)
    end
  end
end

--- Groups in the order in which they first appear, and the names of all results that are numbers.
local function gather(axes, runs)
  local groups, by_key, names = {}, {}, {}
  for _, run in ipairs(runs) do
    local texts = without_seed(axes, run.texts)
    local key = table.concat(texts, "\0")
    local group = by_key[key]
    if not group then
      group = { number = #groups + 1, texts = texts, count = 0, finished = 0, failed = 0, values = {}, stats = {} }
      by_key[key], groups[#groups + 1] = group, group
    end
    add_run(group, run, names)
  end
  for _, group in ipairs(groups) do
    for name, values in pairs(group.values) do
      group.stats[name] = summary.statistics(values)
    end
  end
  return groups, options.sorted_keys(names)
end

--- Best first; then those without the figure, or with one that is no number, as they came.
local function sort(groups, metric, better)
  local function rank(group)
    local found = metric and group.stats[metric]
    local mean = found and found.mean
    if not mean or mean ~= mean then return nil end
    return better == "max" and -mean or mean
  end
  table.sort(groups, function(a, b)
    local one, other = rank(a), rank(b)
    if one == other then return a.number < b.number end
    return one ~= nil and (other == nil or one < other)
  end)
end

local function tally(runs)
  local counts = { all = #runs, finished = 0, failed = 0, working = 0, elsewhere = 0, waiting = 0 }
  for _, run in ipairs(runs) do
    counts[run.state] = counts[run.state] + 1
  end
  return counts
end

summary.tally = tally

--- What is known of these runs.
---@param axes string[]   names of the settings
---@param runs table[]    each with texts, state, results, message
---@param o? { metric?: string, better?: string }
function summary.of(axes, runs, o)
  o = o or {}
  local groups, names = gather(axes, runs)
  local found = { axes = without_seed(axes, axes), groups = groups, names = names, counts = tally(runs), failures = {} }
  found.metric, found.why = summary.metric(o.metric, names)
  found.better = o.better or found.metric and summary.direction(found.metric)
  sort(groups, found.metric, found.better)
  for _, run in ipairs(runs) do
    if run.state == "failed" then found.failures[#found.failures + 1] = run end
  end
  local first = found.metric and groups[1] and groups[1].stats[found.metric]
  if first and first.mean == first.mean then found.best = groups[1] end
  return found
end

return summary

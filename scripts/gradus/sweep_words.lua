--- sweep_words: the words behind `gradus sweep`, read and checked: the script, the settings' values, the options.
---
---   local o, axes = sweep_words.read { "net.lua", "--lr=0.1,1", "--seed=0..4", "-j", "2" }
---   o.script   o.j   o.random   o.task (a list: which, of how many)   o.metric   o.better ("max", "min")   o.name   o.show   ...
---   axes[1]    what grid.axis gives
local core = require "gradus.core"
local grid = require "gradus.grid"

local sweep_words = {}

--- Options with a value, and those without.
local valued = { j = true, random = true, ["random-seed"] = true, task = true, metric = true, name = true, show = true }
local flags = { max = true, min = true, ["again-failed"] = true, ["take-over"] = true }

--- Takes the option at words[i]: the place of the last word that belongs to it; nil when it is none of ours; nil and what is wrong.
local function take_option(words, i, o)
  local name, text = words[i]:match "^%-%-([%a-]+)=(.*)$"
  if not name then name = words[i]:match "^%-%-([%a-]+)$" end
  if words[i]:find "^%-j" then
    name, text = "j", words[i]:match "^%-j=?(.+)$"
  end
  if flags[name] and not text then
    o[name] = true
    return i
  elseif not valued[name] then
    return nil
  end
  if not text then
    i = i + 1
    text = words[i]
  end
  if not text or text == "" then return nil, ("%s wants a value"):format(words[i] or words[i - 1]) end
  o[name] = text
  return i
end

--- Whether that word can be the values of a setting in front of it: none begins with a dash but numbers, and the script is none.
local function is_values(word, o)
  if not word or word:find "^%-[^%d.]" or word == "-" then return false end
  return o.script ~= nil or not word:find "%.lua$"
end

--- Takes the setting at words[i], in the same way; --lr 0.1,1 is --lr=0.1,1, as it is where the script runs by itself.
local function take_setting(words, i, axes, o)
  local name, text = words[i]:match "^%-%-([%w_]+)=(.*)$"
  if not name then
    name, text = words[i]:match "^%-%-([%w_]+)$", "true"
  end
  if not name then return nil, ("'%s' is no setting: write --name=values"):format(words[i]) end
  if words[i] == "--" .. name and (name == "seed" or is_values(words[i + 1], o)) then
    i = i + 1
    text = words[i] or ""
  end
  for _, axis in ipairs(axes) do
    if axis.name == name then return nil, ("--%s is given twice"):format(name) end
  end
  local axis, wrong = grid.axis(name, text)
  axes[#axes + 1] = axis
  return axis and i, wrong
end

--- The script, the axes and the options; or nil and what is wrong.
local function read_words(words)
  local o, axes, all = {}, {}, false
  local i = 1
  while i <= #words do
    local last, wrong
    if not all then
      last, wrong = take_option(words, i, o)
    end
    if not last and not wrong then
      if words[i] == "--" and not all then
        all, last = true, i
      elseif not o.script and words[i]:sub(1, 1) ~= "-" then
        o.script, last = words[i], i
      else
        last, wrong = take_setting(words, i, axes, o)
      end
    end
    if wrong then return nil, wrong end
    i = last + 1
  end
  return o, axes
end

-- ---- What they mean

--- A whole number of at least `least`; nil and what is wrong.
local function whole(name, text, least)
  local n = text:find "^%d+$" and math.tointeger(tonumber(text))
  if n and n >= least then return n end
  return nil, ("%s wants a whole number of at least %d, got '%s'"):format(name, least, text)
end

--- Of a Slurm array: which task this is, from 1, and how many there are.
local function slurm_task()
  local function read(name, default) return tonumber(os.getenv("SLURM_ARRAY_TASK_" .. name) or default) end
  local id, count, least, step = read "ID", read "COUNT", read "MIN", read("STEP", 1)
  if not (id and count and least) then
    return nil, "--task slurm: SLURM_ARRAY_TASK_ID, _COUNT and _MIN are not set: this is no task of a Slurm array"
  end
  local i = math.tointeger((id - least) / step)
  if i and i >= 0 and i < count then return { i + 1, math.tointeger(count) } end
  return nil, ("--task slurm: task %d of an array with gaps: number its tasks one after the other"):format(id)
end

--- { i, n } of --task.
local function read_task(text)
  if text == "slurm" then return slurm_task() end
  local i, n = text:match "^(%d+)/(%d+)$"
  i, n = math.tointeger(tonumber(i)), math.tointeger(tonumber(n))
  if i and i >= 1 and i <= n then return { i, n } end
  return nil, ("--task wants i/n with i from 1 to n, or slurm; got '%s'"):format(text)
end

--- Turns the texts of options into what they mean; nil and what is wrong.
local function check_options(o)
  local wrong
  local function read(key, f, ...)
    if wrong or not o[key] then return end
    local value
    value, wrong = f(...)
    o[key] = value
  end
  read("j", whole, "-j", o.j, 1)
  read("random", whole, "--random", o.random, 1)
  read("random-seed", whole, "--random-seed", o["random-seed"], 0)
  read("task", read_task, o.task)
  if wrong then return nil, wrong end
  if o.max and o.min then return nil, "--max and --min contradict each other" end
  if o["random-seed"] and not o.random then return nil, "--random-seed says nothing without --random" end
  if o.name and not (utf8.len(o.name) and o.name:find "^[%w_\x80-\xff][%w_\x80-\xff-]*$") then
    return nil, ("--name has letters, digits, - and _, since a folder is called by it; got '%s'"):format(o.name)
  end
  o.better = o.max and "max" or o.min and "min" or nil
  return o
end

--- What cannot go with a sweep.
local function check_place(o)
  if not o.script then return nil, "say which script" end
  if o.script == "-" then return nil, "a script on standard input can be read once only: give a file" end
  if core.settings.into or core.settings.resume then return nil, "--into and --resume are for one run" end
  if not core.settings.record then return nil, "--no-record leaves a sweep nothing to sum up" end
  return o
end

--- Whether each seed is one.
local function check_seeds(axes)
  for _, axis in ipairs(axes) do
    if axis.name == "seed" and not axis.values then return nil, "--seed wants values, not a range to be drawn from" end
    for _, text in ipairs(axis.name == "seed" and axis.values or {}) do
      if not (text:find "^%d+$" and #text <= 10 and tonumber(text) < 1 << 32) then
        return nil, ("--seed: a seed is a whole number from 0 to 4294967295, got '%s'"):format(text)
      end
    end
  end
  return axes
end

--- Reads the words; nil and what is wrong with them.
---@param words string[]
---@return table?, table|string
function sweep_words.read(words)
  local o, axes = read_words(words)
  if not o then return nil, axes end
  local fits, wrong = check_options(o)
  if fits and o.show then
    if o.script or #axes > 0 then return nil, "--show DIR stands alone" end
    return o, axes
  end
  if fits then
    fits, wrong = check_place(o)
  end
  if fits then
    fits, wrong = check_seeds(axes)
  end
  if not fits then return nil, wrong end
  return o, axes
end

return sweep_words

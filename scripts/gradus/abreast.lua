--- abreast: several things that wait for cells, done side by side.
---
---   abreast.run(tasks, 2, function(task, wait) ... local result = wait(one_cell) ... end, function(task, result) ... end)
---
--- Each task is a coroutine that goes on when its cell has ended; the marker itself does one thing at a time.
local abreast = {}

local patience = 0.003 -- seconds that one of the cells is waited for before the others are looked at

--- Waits for a cell from inside a task.
local function wait(one)
  local result = one:wait(0)
  while not result do
    coroutine.yield(one)
    result = one:wait(0)
  end
  return result
end

--- Starts a task.
local function start(task, work)
  return { task = task, thread = coroutine.create(function() return work(task, wait) end) }
end

--- Lets a task go on until it waits again: false when it has ended. Its errors are ours.
local function go_on(running, ended)
  local ok, given = coroutine.resume(running.thread)
  if not ok then error(given, 0) end
  if coroutine.status(running.thread) ~= "dead" then
    running.cell = given
    return true
  end
  ended(running.task, given)
  return false
end

local function close_all(active)
  for _, running in ipairs(active) do
    coroutine.close(running.thread)
  end
end

--- Those that still wait, after each has gone on as far as it can.
local function round(active, ended)
  local still = {}
  for i, running in ipairs(active) do
    local ok, waits = pcall(go_on, running, ended)
    if not ok then
      table.move(active, i, #active, #still + 1, still)
      return still, waits
    end
    if waits then still[#still + 1] = running end
  end
  return still
end

--- Works on all tasks, at most `jobs` at a time, each by work(task, wait); `ended` gets each with what work gave. When one raises an error
--- all others are closed, and their cells ended.
---@param tasks table[]
---@param jobs integer
---@param work fun(task: table, wait: function): any
---@param ended fun(task: table, result: any)
function abreast.run(tasks, jobs, work, ended)
  local active, next_one = {}, 1
  local guard <close> = setmetatable({}, { __close = function() close_all(active) end }) -- luacheck: ignore guard
  repeat
    while #active < jobs and next_one <= #tasks do
      active[#active + 1] = start(tasks[next_one], work)
      next_one = next_one + 1
    end
    local wrong
    active, wrong = round(active, ended)
    if wrong then error(wrong, 0) end
    local full = #active == jobs or next_one > #tasks
    if full and active[1] then active[1].cell:wait(patience) end
  until #active == 0 and next_one > #tasks
end

return abreast

--- command_sweep: gradus sweep FILE.lua --lr=0.1,1 --seed=0..4 -j 2. Runs a script with every combination of settings, and sums up.
local core = require "gradus.core"
local digest = require "gradus.digest"
local grid = require "gradus.grid"
local outcome = require "gradus.outcome"
local processors = require "gradus.processors"
local summary = require "gradus.summary"
local summary_text = require "gradus.summary_text"
local sweep = require "gradus.sweep"
local sweep_plan = require "gradus.sweep_plan"
local sweep_view = require "gradus.sweep_view"
local sweep_words = require "gradus.sweep_words"

local fine, failed, usage_error, interrupted = 0, 1, 2, 130 -- exit statuses

local usage = [[
usage: gradus sweep FILE.lua --NAME=VALUES ... [options]     run FILE.lua with every combination of these settings
       gradus sweep --show DIR                               tell how the sweep in that folder stands

--NAME VALUES  is the same; --NAME alone is --NAME=true
VALUES         0.01,0.1,1   a,b   true,false   "64,32","64"   0..4   0..1..0.25   0.001..1:log4   0..1:lin5
               with --random also 0.001~1 (logarithm uniform) and 0~1:lin (uniform)
-j N           so many runs at once (one for each processor)
--random K     K combinations by chance, each with every --seed; --random-seed N draws others (0)
--task I/N     the I-th of N parts only; --task slurm takes it from a Slurm array
--metric NAME  the result that counts (the only one, accuracy, or loss); --max, --min: which way it gets better
--name NAME    the sweep's name (the script's)
--again-failed run failed ones once more
--take-over    take up at once what another machine has left
--             behind it all are settings, also --name=...
Options of gradus (--threads, --f32, --no-nan-check, ...) are passed on to every run. The same command once more goes on where it was.
exit status: 0 all fine, 1 some runs failed, 2 the command line is wrong, 130 interrupted]]

local function refuse(message)
  io.stderr:write(("gradus: sweep: %s\n%s\n"):format(message, usage))
  return usage_error
end

-- ---- Combinations

--- The seeds apart from the other axes.
local function split_seed(axes)
  local others, seeds = {}, nil
  for _, axis in ipairs(axes) do
    if axis.name == "seed" then
      seeds = axis
    else
      others[#others + 1] = axis
    end
  end
  return others, seeds
end

--- K combinations by chance, each with every seed: seeds behind the others.
local function draw(o, axes)
  local others, seeds = split_seed(axes)
  local drawn, wrong = grid.draw(others, o.random, o["random-seed"] or 0)
  if not drawn or not seeds then return drawn, drawn and others or wrong end
  local list = {}
  for _, texts in ipairs(drawn) do
    for _, seed in ipairs(seeds.values) do
      list[#list + 1] = table.move(texts, 1, #texts, 1, {})
      table.insert(list[#list], seed)
    end
  end
  others[#others + 1] = seeds
  return list, others
end

--- The words without those of --task: who goes on by hand means all that is left.
local function without_task(words)
  local rest, i = {}, 1
  while i <= #words do
    if words[i] == "--task" then
      i = i + 1
    elseif not words[i]:find "^%-%-task=" then
      rest[#rest + 1] = words[i]
    end
    i = i + 1
  end
  return rest
end

--- The command that was given, for who wants to go on, with what gradus itself has read.
local function command_of(words, plan)
  local all, rest = { "gradus" }, without_task(words)
  table.move(plan.options, 1, #plan.options, 2, all)
  if core.settings.runs then table.move({ "--runs", core.settings.runs }, 1, 2, #all + 1, all) end
  all[#all + 1] = "sweep"
  return sweep_plan.line(table.move(rest, 1, #rest, #all + 1, all))
end

--- The plan that the words ask for; nil and what is wrong, and the exit status for it.
local function make_plan(words, o, axes)
  if core.settings.seeded and not select(2, split_seed(axes)) then
    axes[#axes + 1] = { name = "seed", values = { tostring(core.settings.seed) } }
  end
  local combinations, used
  if o.random then
    combinations, used = draw(o, axes)
  else
    combinations, used = grid.product(axes)
  end
  if not combinations then return nil, used, usage_error end
  local name = o.name or o.script:match("([^/]+)$"):gsub("%.lua$", ""):gsub("[^%w_\x80-\xff-]", "-")
  local plan, reason =
    sweep_plan.new { script = o.script, name = name, axes = o.random and used or axes, combinations = combinations }
  if not plan then return nil, reason, failed end
  plan.metric, plan.better, plan.command = o.metric, o.better, command_of(words, plan)
  return plan
end

--- Every n-th run, from the i-th.
local function part_of(runs, task)
  if not task then return runs end
  local part = {}
  for i = task[1], #runs, task[2] do
    part[#part + 1] = runs[i]
  end
  return part
end

-- ---- The end

--- Holds the folder while the summary is read and written, so that of several programs the last one says all. A folder that cannot
--- be locked, as on some networks, is no reason not to.
local function lock(folder)
  for _ = 1, 50 do
    local ok, held = pcall(core.lock_folder, folder)
    if ok then return held end
    if not tostring(held):find "another program" then return nil end
    local nap <close> = core.child { "sleep", "0.1" }
    if nap then nap:wait(1) end
  end
  return nil
end

--- What others have done meanwhile.
local function look_at_others(plan)
  outcome.look_again()
  for _, run in ipairs(plan.runs) do
    if not run.began and run.state ~= "finished" then sweep.look(run) end
  end
end

--- Sums up, and writes summary.csv and summary.json.
local function sum_up(plan)
  local held <close> = lock(plan.folder) -- luacheck: ignore held
  look_at_others(plan)
  local found = summary.of(plan.axes, plan.runs, { metric = plan.metric, better = plan.better })
  core.write_file(plan.folder .. "/summary.csv", summary_text.csv(found))
  core.write_file(
    plan.folder .. "/summary.json",
    core.json_encode(summary_text.json(found, plan.axes, plan.runs), true) .. "\n"
  )
  return found
end

local function print_best(found)
  if found.why and found.counts.finished > 0 then return print(found.why) end
  if not found.best then return end
  local stats = found.best.stats[found.metric]
  local spread = stats.std and (" (spread %s, n %d)"):format(summary_text.show(stats.std), stats.n) or ""
  local way = found.better == "max" and "largest" or "smallest"
  local settings = summary_text.settings(found, found.best, true)
  print(("best, by the %s %s: %s: %s%s"):format(way, found.metric, settings, summary_text.show(stats.mean), spread))
end

local function print_failures(found)
  for _, run in ipairs(found.failures) do
    print(("failed: %s: %s"):format(run.text, (run.message or "no message"):gsub("\n", "\n  ")))
    print(("  again: %s"):format(run.command))
  end
end

--- Whether something is left to do.
local function is_open(runs)
  for _, run in ipairs(runs) do
    if run.state ~= "finished" and run.state ~= "failed" then return true end
  end
  return false
end

--- How it stands, and what to do next with these runs, in a line.
local function print_state(plan, found, runs)
  local c = found.counts
  local rest = c.all - c.finished - c.failed
  print(
    ("%d of %s finished, %d failed, %d open; %s/summary.csv"):format(
      c.finished,
      digest.count(c.all, "run"),
      c.failed,
      rest,
      plan.folder
    )
  )
  if rest > 0 and is_open(runs) then
    print(("to go on: %s"):format(plan.command))
  elseif rest == 0 and c.failed > 0 then
    print(("to run failed ones again: %s --again-failed"):format((plan.command:gsub(" %-%-again%-failed", ""))))
  end
end

local function print_summary(plan, found, runs)
  if #found.groups > 0 then print(table.concat(summary_text.lines(found), "\n")) end
  print_best(found)
  print_failures(found)
  print_state(plan, found, runs)
end

local function status_of(runs)
  for _, run in ipairs(runs) do
    if run.state == "failed" then return failed end
  end
  return fine
end

--- --show: how it stands; nothing is run, or written.
local function show(o)
  local plan, reason = sweep_plan.read(o.show)
  if not plan then
    io.stderr:write(("gradus: sweep: %s\n"):format(reason))
    return failed
  end
  look_at_others(plan)
  local lacks, why = summary.lacks(plan.runs, o.metric)
  if lacks then
    io.stderr:write(("gradus: sweep: --metric: %s\n"):format(why))
    return usage_error
  end
  local found = summary.of(plan.axes, plan.runs, { metric = o.metric or plan.metric, better = o.better or plan.better })
  print_summary(plan, found, plan.runs)
  return status_of(plan.runs)
end

local function run(plan, o)
  local written, wrong = pcall(sweep_plan.write, plan)
  if not written then
    wrong = wrong:gsub("^gradus/[^:]*:%d+: ", "")
    io.stderr:write(("gradus: sweep: %s\n  --runs DIR keeps its records elsewhere\n"):format(wrong))
    return failed
  end
  local runs = part_of(plan.runs, o.task)
  local view = sweep_view.new(plan, o)
  local jobs = o.j or processors()
  local task = o.task and (" (task %d of %d: %d of them)"):format(o.task[1], o.task[2], #runs) or ""
  view:tell("sweep %s: %s%s, %d at once", plan.folder, digest.count(#plan.runs, "run"), task, jobs)
  local s = sweep.new(
    plan,
    { jobs = jobs, runs = runs, view = view, again_failed = o["again-failed"], take_over = o["take-over"] }
  )
  local ended, message, stopped = s:work()
  if not ended and not stopped then
    io.stderr:write(("gradus: sweep: %s\n"):format(message))
    return s.refused and usage_error or failed
  end
  print_summary(plan, sum_up(plan), runs)
  return stopped and interrupted or status_of(runs)
end

return function(...)
  local words = { ... }
  local o, axes = sweep_words.read(words)
  if not o then return refuse(axes) end
  if o.show then return show(o) end
  local plan, reason, status = make_plan(words, o, axes)
  if plan then return run(plan, o) end
  if status == usage_error then return refuse(reason) end
  io.stderr:write(("gradus: sweep: %s\n"):format(reason))
  return status
end

--- sweep: runs the combinations of a plan, each in a process of its own, so many at once, and nothing twice.
---
---   local s = sweep.new(plan, { jobs = 2, runs = plan.runs, view = view })
---   local ended, message, stopped = s:work()      s.refused: the command line was wrong, which a run has shown
---   plan.runs[1].state       "finished", "failed", "working", "elsewhere" (somebody else is at it) or "waiting"
---
--- What is known of a run lies on the disk (outcome.lua); who works on it, too (claims.lua). So a sweep that was stopped, however that
--- happened, goes on by being started again: finished runs are passed over, failed ones too, unfinished ones are taken away and run
--- anew. Runs end with the sweep that has started them (--ends-with), also when it is killed.
local claims = require "gradus.claims"
local core = require "gradus.core"
local outcome = require "gradus.outcome"
local summary = require "gradus.summary"

local sweep = {}

local Sweep = {}
Sweep.__index = Sweep

--- What lies on the disk, for a run that is not ours to work on at this moment.
---@param run table
---@return table
function sweep.look(run)
  local found = outcome.read(run, true)
  local settled = found.state == "finished" or found.state == "failed"
  run.state = settled and found.state or found.state == "running" and "elsewhere" or "waiting"
  run.results, run.message, run.seconds = found.results, found.message, found.seconds
  return found
end

--- A sweep of these runs of the plan.
---@param plan table
---@param o { jobs: integer, runs: table[], view: table, again_failed?: boolean, take_over?: boolean }
function sweep.new(plan, o)
  local self = { plan = plan, jobs = o.jobs, runs = o.runs, view = o.view, again_failed = o.again_failed }
  self.waiting, self.elsewhere, self.working, self.looked = {}, {}, {}, core.clock()
  self.claims = claims.open(plan.folder, o.take_over)
  for _, run in ipairs(plan.runs) do
    sweep.look(run)
  end
  for i = #o.runs, 1, -1 do -- the first one is taken from the end
    local run = o.runs[i]
    if run.state == "failed" and self.again_failed then
      run.state, run.again = "waiting", true
    end
    if run.state ~= "finished" and run.state ~= "failed" then self.waiting[#self.waiting + 1] = run end
  end
  return setmetatable(self, Sweep)
end

-- ---- Starting

--- The next one to be tried. Those that somebody else was at are looked at again each second, when there are no others.
function Sweep:next()
  local again = 1 -- seconds
  if #self.waiting == 0 and core.clock() - self.looked > again then
    self.waiting, self.elsewhere, self.looked = self.elsewhere, self.waiting, core.clock()
    outcome.look_again()
  end
  return table.remove(self.waiting)
end

--- Notes what is known of it now; gives that, and whether there is something to do.
function Sweep:look(run)
  local found = sweep.look(run)
  if run.again and run.state == "failed" then run.state = "waiting" end
  return found, run.state == "waiting"
end

--- Leaves it to somebody else, for the time being.
function Sweep:leave(run, owner)
  run.state, run.owner = "elsewhere", owner or ""
  table.insert(self.elsewhere, 1, run)
end

function Sweep:start(run)
  outcome.clear(run)
  run.again, run.state, run.began = nil, "working", core.clock()
  local words = { core.program(), "--ends-with", claims.process() }
  table.move(run.words, 1, #run.words, #words + 1, words)
  local child, reason = core.child(words, "")
  if not child then return self:settle(run, "failed", "could not be started: " .. reason) end
  run.child = child
  self.working[#self.working + 1] = run
end

--- Notes of a run that it is at somebody else's, or settled.
function Sweep:pass_over(run)
  if run.state == "elsewhere" then
    self:leave(run)
  else
    self.view:ended(self, run)
  end
end

--- Takes up one run: starts it, unless it is settled, or others are at it. Before we had the claim they may have been.
function Sweep:try(run)
  local _, open = self:look(run)
  if not open then return self:pass_over(run) end
  local mine, owner = self.claims:take(run.id)
  if not mine then return self:leave(run, owner) end
  local found, still = self:look(run)
  if not still then
    self.claims:release(run.id)
    return self:pass_over(run)
  end
  if found.state == "stale" then self.view:tell("run anew: %s: %s has changed since", run.text, found.message) end
  self:start(run)
end

function Sweep:start_more()
  while #self.working < self.jobs do
    local run = self:next()
    if not run then return end
    self:try(run)
  end
end

-- ---- Ending

--- Ends the sweep: its command line was wrong.
function Sweep:refuse(message)
  self.refused = true
  error(message, 0)
end

local how_else =
  "to run all nevertheless, leave --metric away; gradus sweep --show DIR --metric NAME then sums up by another"

--- Refuses a --metric that the first run to finish has no result for: the others take their time for nothing.
function Sweep:check_metric()
  if self.metric_is_there then return end
  local lacks, why = summary.lacks(self.plan.runs, self.plan.metric)
  if lacks then self:refuse(("--metric: %s\n  %s"):format(why, how_else)) end
  self.metric_is_there = lacks == false
end

function Sweep:settle(run, state, message)
  run.state, run.message, run.child = state, message, nil
  self.claims:release(run.id)
  self.view:ended(self, run)
  if state == "finished" and self.plan.metric then self:check_metric() end
end

local kept_nothing = "it kept no record: a sweep's script calls gr.run"

--- How a run has ended, whose process gave that status and said that on standard error: a state and a message. A failure that would
--- come again is noted on the disk.
local function judge(run, found, status, said)
  if found.state == "finished" and status == 0 then return "finished" end
  local message = found.state == "failed" and found.message or said:gsub("%s+$", "")
  if found.state == "none" and status == 0 then message = kept_nothing end
  if status > 128 then return "failed", ("was ended by signal %d"):format(status - 128) end -- not its fault: run anew next time
  if message == "" then message = ("ended with status %d"):format(status) end
  outcome.fail(run, message)
  return "failed", message
end

--- Whether gr.run has refused the settings, which no record tells of: unknown names, and values of the wrong type.
local function is_refusal(found, status, said)
  return found.state == "none" and status ~= 0 and ("\n" .. said):find "\n[^\n]+:%d+: run: " ~= nil
end

--- Ends the sweep by a run whose settings gr.run has refused; nothing is noted of it.
function Sweep:refuse_run(run, said)
  run.began = nil
  outcome.clear(run)
  self:settle(run, "waiting")
  self:refuse(("%s: %s"):format(run.text, (said:gsub("%s+$", ""))))
end

function Sweep:end_run(run, status, said)
  local found = outcome.read(run)
  if is_refusal(found, status, said) then self:refuse_run(run, said) end
  run.results, run.seconds = found.results, core.clock() - run.began
  if found.script and found.script ~= self.plan.sha256 then
    outcome.clear(run)
    self:settle(run, "waiting")
    error(("%s was changed meanwhile: start again, which makes another sweep"):format(self.plan.script), 0)
  end
  self:settle(run, judge(run, found, status, said))
end

--- Waits a moment for what others are at, and says once for whom.
function Sweep:wait_for_others()
  local idle = "0.2" -- seconds
  local run = self.elsewhere[1] or self.waiting[1]
  if run and run.owner and run.owner ~= self.told then
    self.told = run.owner
    local who = run.owner ~= "" and claims.name(run.owner) or "a program of an earlier sweep"
    self.view:tell("waiting for %s, which is at work on %s", who, run.text)
  end
  local nap <close> = core.child { "sleep", idle }
  if nap then nap:wait(1) end
end

--- Waits a moment for those that run.
function Sweep:hear()
  local moment = 0.01 -- seconds
  if #self.working == 0 then return self:wait_for_others() end
  for i = #self.working, 1, -1 do
    local run = self.working[i]
    local status, said = run.child:wait(i == 1 and moment or 0)
    if status then
      table.remove(self.working, i)
      self:end_run(run, status, said)
    end
  end
end

--- Ends what still runs; all is left so that another start goes on.
function Sweep:close()
  for _, run in ipairs(self.working) do
    run.child:__close()
    run.child, run.began, run.state = nil, nil, "waiting" -- or finished, in the last moment: who sums up looks again
    self.claims:release(run.id)
  end
  self.working = {}
  self.claims:close()
  self.view:close()
end

local function loop(self)
  self:check_metric()
  while true do
    self:start_more()
    if #self.working == 0 and #self.waiting == 0 and #self.elsewhere == 0 then return end
    self:hear()
    self.claims:beat()
    self.view:draw(self)
  end
end

--- Does all there is to do. True; or false, the message, and whether Ctrl-C was the reason.
---@return boolean, string?, boolean?
function Sweep:work()
  local ended, message, stopped = core.attempt(loop, self)
  self:close()
  return ended, message, stopped
end

return sweep

--- assignment_replays: the check gr.assignment.replays.
local common = require "gradus.assignment_common"
local core = require "gradus.core"
local options = require "gradus.options"

local none = options.none

local function ask_to_replay(o) return { { name = ("run '%s'"):format(o.run), replay = o.run } } end

local function judge_replay(o, _, answers)
  local run = answers[1].value
  if run.differs then return 0, ("run '%s' does not replay: %s"):format(o.run, run.differs) end
  if o.result == nil then return 1, ("run '%s' replays"):format(o.run) end
  local reached, said = common.reaches(o, run.results[o.result], ("the run's %s"):format(o.result))
  return reached and 1 or 0, said
end

--- A check that a recorded run, handed in beside the answer file, replays: what it claims comes out again, in a cell, where there are
--- no files but the library's data sets. That says that the script says so again, not that it is true (`run:result { accuracy = 1 }`
--- does, too), and not whose run it is: for what counts take assignment.trains, or a check of saved weights, and look at the script.
--- Options: run ("run"): its folder; result: the name of a result that counts; at_most; at_least: where that must be;
--- points (1); title; hint: a text, or a function of (numbers, value), for who fails.
--- Example:
---   local check = gr.assignment.replays { run = "run", result = "accuracy", at_least = 0.9 }
---   print(check.judge({}, { { is = "table", value = { results = { accuracy = 0.85 } } } }).said)
---@param given? { run?: string, result?: string, at_most?: number, at_least?: number, points?: number, title?: string, hint?: any }
---@return table
local function replays(given)
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
  if o.result ~= nil then common.range(what, o) end
  local check = common.new("replays", o, ask_to_replay, judge_replay)
  check.title = check.title or ("run '%s' replays"):format(o.run)
  return check
end

return replays

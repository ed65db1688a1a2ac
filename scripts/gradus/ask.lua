--- ask: the one place where an answer file is run: calls go in, plain values come out (answers.lua says which).
---
---   local said, wrong = ask.here { folder = "s001", text = ..., name = "answer.lua", numbers = ..., calls = calls }
---   local said, wrong, ended = ask.cell { ..., seconds = 10, memory = 512, trust = false, groups = { { from = 1, to = 3 } } }
---
--- ask.here runs it in this very process, which suits the teacher's own reference and nothing else; ask.cell in a cell (cell.lua). What
--- comes from there is a stranger's word, so that its form is looked at before anyone judges it.
local answers = require "gradus.answers"
local cell = require "gradus.cell"
local guard = require "gradus.guard"
local packing = require "gradus.packing"
local replaying = require "gradus.replaying"

local ask = {}

--- What came of the calls that name a recorded run: it is replayed, in a cell of its own.
local function replay_runs(asked, said)
  for i, call in ipairs(asked.calls) do
    if call.replay then
      local limits = { name = call.replay, wait = asked.wait }
      limits.seconds, limits.memory, limits.trust = asked.seconds, asked.memory, asked.trust
      local ok, came = guard(replaying.said, ("%s/%s"):format(asked.folder, call.replay), limits)
      said[i] = ok and came or { error = ("it cannot be compared: %s"):format(tostring(came)) }
    end
  end
  return said
end

--- Runs the answer and makes the calls, in this process.
---@param asked { folder: string, text: string, name: string, numbers: table, calls: table[] }
---@return table[] said, string? wrong
function ask.here(asked)
  local said, wrong = answers.of(asked)
  return replay_runs(asked, said), wrong
end

-- ---- In a cell

--- numbers.lua requires gradus, so that tensors have all their methods wherever it is used.
local script = 'local asked = ... require "gradus" return require("gradus.answers").of_packed(asked)'

--- How a run in a cell ended that makes these calls. asked.wait gets the cell, and gives its result.
local function run(asked, calls)
  local inputs = { text = asked.text, name = asked.name, numbers = asked.numbers, calls = calls, prints = true }
  local one <close> = cell.start {
    name = asked.name,
    script = script,
    inputs = packing.pack(inputs, "asked"),
    seconds = asked.seconds,
    memory = math.floor(asked.memory * 2 ^ 20),
    trust = asked.trust,
  }
  return (asked.wait or one.await)(one)
end

local deepest, most = 20, 200000 -- levels of tables in an answer, and values in all that one run gives

--- Whether a value is no more than a judge should have to look at; what it holds is taken from room.left.
local function fits(value, room, depth)
  room.left = room.left - 1
  if room.left < 0 or depth > deepest then return false end
  for _, one in next, type(value) == "table" and value or {} do
    if not fits(one, room, depth + 1) then return false end
  end
  return true
end

--- What came of a call, in the form that answers.lua promises, whatever was sent. answers.lua has limits too, which who forges answers
--- goes round.
local function sound(one, room)
  if type(one) ~= "table" then return { error = "it gave no answer" } end
  if one.error ~= nil then return { error = type(one.error) == "string" and one.error or "it gave no answer" } end
  if not fits(one.value, room, 0) then return { error = "what it gave is too large, or nested too deep" } end
  if one.value ~= nil then return { is = one.is == "tensor" and "tensor" or type(one.value), value = one.value } end
  local bare = one.is == "function" or one.is == "missing"
  return { is = bare and one.is or "nil" }
end

--- Puts what came of `calls` into said, beginning at `from`.
local function put(said, from, calls, ended)
  local value = type(ended.value) == "table" and ended.value or {}
  local list = type(value.said) == "table" and value.said or {}
  local room = { left = most }
  for i = 1, #calls do
    said[from + i - 1] = ended.status == "finished" and sound(list[i], room) or { error = ended.reason, stopped = true }
  end
  return type(value.wrong) == "string" and value.wrong or nil
end

--- One group after the other, each in a cell of its own, so that one which goes too far costs no other; none when the file alone does.
local function ask_apart(asked, said)
  if run(asked, {}).status ~= "finished" then return end
  for _, group in ipairs(asked.groups) do
    local calls = table.move(asked.calls, group.from, group.to, 1, {})
    if #calls > 0 then put(said, group.from, calls, run(asked, calls)) end
  end
end

--- Runs the answer in a cell and makes the calls, all in one run. Where that run is stopped, each group of calls gets a run of its own.
--- `ended` says how the first run ended, as cell.run does.
--- Options: as ask.here; seconds, memory (MB), trust, as cell.run; groups: a list of { from, to }, of the calls that belong together;
--- wait: a function that waits for a gradus.Cell, or a gradus.Rerun, and gives its result.
--- Raises what cell.start raises: where walls are missing, nothing is run.
---@param asked table
---@return table[] said, string? wrong, table ended
function ask.cell(asked)
  local said, ended = {}, run(asked, asked.calls)
  local wrong = put(said, 1, asked.calls, ended)
  for _, one in ipairs(wrong and said or {}) do
    one.stopped = true -- not one call is to blame
  end
  if ended.status ~= "finished" and #asked.groups > 1 then ask_apart(asked, said) end
  return replay_runs(asked, said), wrong, ended
end

return ask

--- sweep_view: what is seen of a sweep while it goes on: a table on a terminal, drawn again at most ten times a second; elsewhere a
--- line for each run that has ended; nothing with --quiet.
---
---   local view = sweep_view.new(plan, { metric = "accuracy" })
---   view:draw(s)   view:ended(s, run)   view:tell("...")   view:close()
local core = require "gradus.core"
local progress = require "gradus.progress"
local summary = require "gradus.summary"
local summary_text = require "gradus.summary_text"
local width = require "gradus.width"

local sweep_view = {}

local View = {}
View.__index = View

local most_lines = 12 -- of runs that are at work

---@param plan table
---@param o { metric?: string, better?: string }
function sweep_view.new(plan, o)
  local loud = not core.settings.quiet
  local self = { plan = plan, o = o, began = core.clock(), last = core.clock(), drawn = 0, count = 0, spent = 0 }
  self.table, self.lines = loud and core.terminal(), loud and not core.terminal()
  return setmetatable(self, View)
end

--- Wipes the table.
function View:close()
  if self.drawn > 0 then io.stderr:write(("\27[%dA\r\27[J"):format(self.drawn)) end
  self.drawn = 0
end

--- A line that stays. Takes what string.format takes.
function View:tell(text, ...)
  if core.settings.quiet then return end
  self:close()
  io.stderr:write(text:format(...), "\n")
end

--- The first line of a message.
local function first_line(text) return (text or ""):match "^[^\n]*" end

--- The results of a run that are few and short enough to be shown in its line.
local function results_text(run)
  local parts, names = {}, {}
  for name, value in pairs(run.results or {}) do
    if type(value) == "number" then names[#names + 1] = name end
  end
  table.sort(names)
  for i = 1, math.min(#names, 3) do
    parts[i] = (" %s %s"):format(names[i], summary_text.show(run.results[names[i]]))
  end
  return table.concat(parts, " ")
end

--- A run has ended, or was found to be settled.
function View:ended(s, run)
  self.best = nil
  if run.began then
    self.count, self.spent = self.count + 1, self.spent + core.clock() - run.began
  end
  if run.state == "failed" and run.began then
    self:tell("failed: %s: %s", run.text, first_line(run.message))
  elseif self.lines and run.began then
    local counts = summary.tally(s.plan.runs)
    self:tell("%d of %d: %s: %s%s", counts.finished + counts.failed, counts.all, run.text, run.state, results_text(run))
  end
end

--- The best combination so far; found anew only after a run has ended.
function View:best_text()
  if not self.best then
    local found = summary.of(self.plan.axes, self.plan.runs, self.o)
    self.best = ""
    if found.best then
      local mean = summary_text.show(found.best.stats[found.metric].mean)
      self.best = ("best %s %s: %s"):format(found.metric, mean, summary_text.settings(found, found.best))
    end
  end
  return self.best
end

--- How long the rest may take, by what the runs so far took.
function View:left_text(s, counts)
  local rest = counts.waiting + counts.working
  if self.count == 0 or rest == 0 then return "" end
  return ("  %s left"):format(progress.clock(self.spent / self.count * rest / s.jobs))
end

--- The table, line by line.
function View:table_lines(s)
  local now, lines = core.clock(), {}
  for i, run in ipairs(s.working) do
    if i <= most_lines then lines[i] = ("  %s  %s"):format(progress.clock(now - run.began), run.text) end
  end
  if #s.working > most_lines then lines[#lines + 1] = ("  and %d more"):format(#s.working - most_lines) end
  local c = summary.tally(s.plan.runs)
  local text = ("%d of %d done  %d failed  %d running  %d waiting"):format(
    c.finished,
    c.all,
    c.failed,
    c.working,
    c.waiting
  )
  if c.elsewhere > 0 then text = text .. ("  %d at work elsewhere"):format(c.elsewhere) end
  lines[#lines + 1] = text .. self:left_text(s, c)
  lines[#lines + 1] = self:best_text()
  return lines
end

--- Draws the table, when it is due.
function View:draw(s)
  local interval = 0.1 -- seconds
  if not self.table or core.clock() - self.last < interval then return end
  local columns = (width.terminal() or 80) - 1
  local texts = { self.drawn > 0 and ("\27[%dA\r"):format(self.drawn) or "" }
  local lines = self:table_lines(s)
  for _, line in ipairs(lines) do
    texts[#texts + 1] = width.cut(line, columns) .. "\27[K\n"
  end
  texts[#texts + 1] = "\27[J"
  io.stderr:write(table.concat(texts))
  self.last, self.drawn = core.clock(), #lines
end

return sweep_view

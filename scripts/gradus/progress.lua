--- progress: a line on the terminal that says how far a work is. Never more than ten times a second.
local core = require "gradus.core"

local Line = {}
Line.__index = Line
local Bar = {}
Bar.__index = Bar

local progress = {}

--- A line that is drawn again and again; silent under --quiet, when it is not wanted, or without a terminal.
---@param wanted boolean
function progress.line(wanted)
  local shown = wanted and not core.settings.quiet and core.terminal()
  return setmetatable({ shown = shown, last = -1, drawn = false }, Line)
end

--- Draws it, unless that was done just before. Takes what string.format takes.
function Line:draw(text, ...)
  local interval = 0.1 -- seconds
  if not self.shown then return end
  local now = core.clock()
  if now - self.last < interval then return end
  self.last, self.drawn = now, true
  io.stderr:write("\r", text:format(...), " \27[K")
end

--- Wipes the line; draw brings it again.
function Line:close()
  if self.drawn then io.stderr:write "\r\27[K" end
  self.drawn = false
end

Line.__close = Line.close

local function length(o)
  if o.steps then return ("of %d steps"):format(o.steps) end
  return ("of %d epochs"):format(o.epochs)
end

--- A line for a fit with these options.
function progress.new(o)
  local line = progress.line(o.progress)
  return setmetatable({ line = line, shown = line.shown, length = length(o), by_steps = o.steps ~= nil }, Bar)
end

function Bar:show(epoch, steps, loss)
  self.line:draw("%d %s  loss %.6g", self.by_steps and steps or epoch, self.length, loss)
end

--- Wipes the line; show draws it again.
function Bar:close() self.line:close() end

Bar.__close = Bar.close

return progress

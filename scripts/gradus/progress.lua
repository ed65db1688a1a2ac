--- progress: a line on the terminal that says how far a training is. Never more than ten times a second.
local core = require "gradus.core"

local Bar = {}
Bar.__index = Bar

local progress = {}

local function length(o)
  if o.steps then return ("of %d steps"):format(o.steps) end
  return ("of %d epochs"):format(o.epochs)
end

--- A line for a fit with these options; silent under --quiet, progress = false, or without a terminal.
function progress.new(o)
  local shown = o.progress and not core.settings.quiet and core.terminal()
  return setmetatable({ shown = shown, length = length(o), by_steps = o.steps ~= nil, last = -1, drawn = false }, Bar)
end

function Bar:show(epoch, steps, loss)
  local interval = 0.1 -- seconds
  if not self.shown then return end
  local now = os.clock()
  if now - self.last < interval then return end
  self.last, self.drawn = now, true
  io.stderr:write(("\r%d %s  loss %.6g \27[K"):format(self.by_steps and steps or epoch, self.length, loss))
end

--- Wipes the line; show draws it again.
function Bar:close()
  if self.drawn then io.stderr:write "\r\27[K" end
  self.drawn = false
end

Bar.__close = Bar.close

return progress

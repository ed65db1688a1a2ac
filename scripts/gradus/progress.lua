--- progress: a line on the terminal that says how far a work is. Never more than ten times a second.
local core = require "gradus.core"
local width = require "gradus.width"

local Line = {}
Line.__index = Line
local Bar = {}
Bar.__index = Bar

local progress = {}

--- A line that is drawn again and again; silent under --quiet, when it is not wanted, without a terminal, and while there is nothing
--- to wait for yet.
---@param wanted boolean
function progress.line(wanted)
  local shown = wanted and not core.settings.quiet and core.terminal()
  return setmetatable({ shown = shown, last = core.clock(), drawn = false }, Line)
end

--- Whether it is shown, and was not drawn just before.
function Line:due()
  local interval = 0.1 -- seconds
  return self.shown and core.clock() - self.last >= interval
end

--- Draws it, if it is due. Takes what string.format takes.
function Line:draw(text, ...)
  if not self:due() then return end
  self.last, self.drawn = core.clock(), true
  io.stderr:write("\r", text:format(...), " \27[K")
end

--- Wipes the line; draw brings it again.
function Line:close()
  if self.drawn then io.stderr:write "\r\27[K" end
  self.drawn = false
end

Line.__close = Line.close

--- Minutes and seconds, with hours where there are some: 0:42.
---@param seconds number
---@return string
function progress.clock(seconds)
  local whole = math.floor(seconds + 0.5)
  if whole < 3600 then return ("%d:%02d"):format(whole // 60, whole % 60) end
  return ("%d:%02d:%02d"):format(whole // 3600, whole // 60 % 60, whole % 60)
end

--- What is said of a fit: epoch 3 of 17 [######    ] loss 0.312 accuracy 0.91 lr 0.1 0:42 left. Parts are left out from behind
--- where the line would be longer than `columns`.
---@param s { epoch: integer, epochs?: integer, done: integer, total?: integer, seconds: number, figures: { [1]: string, [2]: number }[] }
---@param columns integer
---@return string
function progress.text(s, columns)
  local parts = { s.epochs and ("epoch %d of %d"):format(s.epoch, s.epochs) or ("step %d"):format(s.done) }
  local left
  if s.total then
    local share = s.done / s.total
    parts[#parts + 1] = ("[%-10s]"):format(("#"):rep(math.floor(10 * share)))
    left = s.done > 0 and progress.clock(s.seconds / share - s.seconds) .. " left"
  end
  for _, figure in ipairs(s.figures) do
    parts[#parts + 1] = ("%s %.4g"):format(figure[1], figure[2])
  end
  while #parts > 1 and width.of(table.concat(parts, "  ")) + (left and #left + 2 or 0) > columns do
    parts[#parts] = nil
  end
  parts[#parts + 1] = left or nil
  return width.cut(table.concat(parts, "  "), columns)
end

--- A line for a fit with these options.
function progress.new(o)
  local line = progress.line(o.progress)
  return setmetatable({ line = line, shown = line.shown, started = core.clock() }, Bar)
end

function Bar:due() return self.line:due() end

--- Draws the line for what progress.text takes, but for the seconds, which it counts itself.
function Bar:show(s)
  local columns = math.min(78, width.to_fill() - 2)
  s.seconds = core.clock() - self.started
  self.line:draw("%s", progress.text(s, columns))
end

--- Wipes the line; show draws it again.
function Bar:close() self.line:close() end

Bar.__close = Bar.close

return progress

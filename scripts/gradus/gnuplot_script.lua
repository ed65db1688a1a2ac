--- gnuplot_script: commands for gnuplot as they grow: quoted texts, exact numbers, blocks of data, and the terminal.
---
--- Every text goes through quote: in single quotes gnuplot knows no escapes, no `commands` and no @macros. The terminal is told to
--- draw _ ^ { } as they stand.
local shortest = require "gradus.shortest"
local values = require "gradus.plot_values"

local script = {}

---@class gradus.gnuplot.Script
local Script = {}
Script.__index = Script

--- Sizes are in pixels as CSS has them, 96 an inch; a point is 1/72 inch.
local points_per_pixel <const> = 72 / 96

---@param ending string   "svg", "png" or "pdf"
---@param family string   of fonts
function script.new(ending, family)
  return setmetatable({ ending = ending, family = family, lines = {}, blocks = 0, labels = 0 }, Script)
end

--- A text as gnuplot reads it back unchanged. Its own quotes stand between the parts by their number: 'it'."\047".'s'. Doubled, as the
--- manual has it, gnuplot 5.4 loses track of one at the beginning and of two in a row; as "'" they make it look for @macros in the
--- rest. Figures have no text with line ends or control characters; this is the last door.
function script.quote(text)
  if text:find "[%c]" then error(("a text with control characters reached gnuplot: %q"):format(text)) end
  local parts = text:gsub("'+", function(quotes) return [['."]] .. ([[\047]]):rep(#quotes) .. [[".']] end)
  return ("'%s'"):format(parts)
end

--- Several lines as one text for gnuplot: 'first'."\n".'second'.
function script.lines(texts)
  local parts = {}
  for i, text in ipairs(texts) do
    parts[i] = script.quote(text)
  end
  return table.concat(parts, [[."\n".]])
end

--- A number as gnuplot reads it back unchanged; what pictures do not show is missing.
function script.number(value)
  if not values.finite(value) then return "NaN" end
  if math.tointeger(value) then return ("%d"):format(math.tointeger(value)) end
  return shortest(value)
end

--- "#0072B2"; with how much shines through, 0 to 255.
function script.colour(hex, through) return script.quote(through and ("#%02X%s"):format(through, hex) or "#" .. hex) end

--- Adds a command, formatted.
function Script:add(format, ...) self.lines[#self.lines + 1] = select("#", ...) > 0 and format:format(...) or format end

--- Adds a block of numbers and returns its name. rows: lists of numbers; an empty one is an empty line.
function Script:block(rows)
  local number, texts = script.number, {}
  for i, row in ipairs(rows) do
    local words = {}
    for j, v in ipairs(row) do
      words[j] = number(v)
    end
    texts[i] = table.concat(words, " ")
  end
  return self:text_block(texts)
end

--- The same, of lines that hold numbers already.
function Script:text_block(texts)
  self.blocks = self.blocks + 1
  local name = "$d" .. self.blocks
  self.lines[#self.lines + 1] = name .. " << END\n" .. table.concat(texts, "\n") .. "\nEND"
  return name
end

--- A font of that size in pixels.
function Script:font(pixels)
  local size = self.ending == "svg" and pixels or pixels * points_per_pixel
  return script.quote(("%s,%s"):format(self.family, script.number(size)))
end

--- How long one is that stands in a pattern of dashes, in pixels: measured in pictures of gnuplot 5.4 with lines two pixels wide.
local dash_unit <const> = { svg = 1, png = 0.55, pdf = 0.367 }

--- The dashes of a line: as long in each kind of file.
function Script:dashes()
  local on, off, unit = 8, 5, dash_unit[self.ending] -- pixels
  return ("dashtype (%.1f,%.1f)"):format(on / unit, off / unit)
end

--- Starts a picture of that many pixels. A PNG has twice as many, for sharp letters, unless it is large.
function Script:open(w, h)
  local large = 2000
  self.width, self.height = w, h
  self:add "set encoding utf8"
  if self.ending == "svg" then
    self:add("set terminal svg size %d,%d fixed noenhanced font %s background '#FFFFFF'", w, h, self:font(13))
  elseif self.ending == "png" then
    local k = math.max(w, h) > large and 1 or 2
    local scale = ("fontscale %d linewidth %d pointscale %d"):format(k, k, k)
    self:add(
      "set terminal pngcairo size %d,%d noenhanced font %s %s background '#FFFFFF'",
      k * w,
      k * h,
      self:font(13),
      scale
    )
  else
    local size = ("%s,%s"):format(script.number(w / 96), script.number(h / 96))
    self:add("set terminal pdfcairo size %s noenhanced font %s fontscale 1 background '#FFFFFF'", size, self:font(13))
  end
end

--- A text at a place that gnuplot's words describe. o: size, align ("left", "center", "right"), rotate (degrees), colour.
function Script:label(text, place, o)
  self.labels = self.labels + 1
  local rotate = o.rotate and (" rotate by %d"):format(o.rotate) or ""
  self.lines[#self.lines + 1] = ("set label %d %s at %s %s%s font %s textcolor rgb %s front"):format(
    self.labels,
    script.quote(text),
    place,
    o.align or "center",
    rotate,
    self:font(o.size),
    script.colour(o.colour or "000000")
  )
end

function Script:text() return table.concat(self.lines, "\n") .. "\n" end

return script

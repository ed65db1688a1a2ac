--- canvas: the area of a picture in a terminal, made of cells. A cell is 2 x 4 braille dots, or 1 x 2 pixels (half blocks), or a letter.
---
---   local area = canvas.new(40, 10, style)      -- 80 x 40 dots, counted from 0 at the top left
---   area:look({ 0, 1 }, { -1, 1 })              -- what x and y its edges stand for
---   area:segment(0, 0, 79, 39, { ink = 0x0072B2 })
---   area:onto(page, 3, 8)
---
--- A pen is { ink = colour, mark = letter, on = dots drawn, off = dots left out }. With a mark it writes letters in place of dots.
local inks = require "gradus.inks"

local Canvas = {}
Canvas.__index = Canvas

local canvas = {}

local shades = " .:-=+*#%@" -- from dark to bright, where there is no colour

--- The braille letters' bit for a dot, by row and column in the cell (Unicode block 2800).
local bits = { [0] = { [0] = 0x01, 0x08 }, { [0] = 0x02, 0x10 }, { [0] = 0x04, 0x20 }, { [0] = 0x40, 0x80 } }

---@param columns integer
---@param rows integer
---@param style { unicode: boolean, colour: boolean|integer }
function canvas.new(columns, rows, style)
  local self = { columns = columns, rows = rows, style = style, wide = 2 * columns, high = 4 * rows }
  self.dots, self.glyph, self.ink, self.paper, self.pixel, self.shade = {}, {}, {}, {}, {}, {}

  setmetatable(self, Canvas):look({ 0, 1 }, { 0, 1 })
  return self
end

--- Says which x its left and right edges, and which y its lower and upper edges stand for.
function Canvas:look(x, y)
  self.x, self.y = x, y
  self.x_scale = (self.wide - 1) / (x[2] - x[1])
  self.y_scale = (self.high - 1) / (y[2] - y[1])
end

--- Where a point lies, in dots.
function Canvas:place(x, y) return (x - self.x[1]) * self.x_scale, (self.y[2] - y) * self.y_scale end

--- Sets a dot; coordinates are whole numbers inside the canvas.
local function set_dot(self, i, j, pen)
  local cell = (j >> 2) * self.columns + (i >> 1)
  self.ink[cell] = pen.ink
  if pen.mark then
    self.glyph[cell] = pen.mark
  else
    self.glyph[cell] = nil
    self.dots[cell] = (self.dots[cell] or 0) | bits[j & 3][i & 1]
  end
end

--- A dot, if it lies on the canvas.
function Canvas:dot(px, py, pen)
  local i, j = (px + 0.5) // 1, (py + 0.5) // 1
  if i >= 0 and i < self.wide and j >= 0 and j < self.high then set_dot(self, i | 0, j | 0, pen) end
end

--- A letter in the cell of a dot, if that lies on the canvas.
function Canvas:letter(px, py, glyph, ink)
  local i, j = px // 2, py // 4
  if i < 0 or i >= self.columns or j < 0 or j >= self.rows then return end
  local cell = (j * self.columns + i) | 0
  self.glyph[cell], self.ink[cell] = glyph, ink
end

--- The part of start + t * step, t from `from` to `to`, that lies between 0 and most. nil when none does.
local function clip(start, step, most, from, to)
  if step == 0 then
    if start < 0 or start > most then return nil end
    return from, to
  end
  local a, b = -start / step, (most - start) / step
  if a > b then
    a, b = b, a
  end
  from, to = math.max(from, a), math.min(to, b)
  if from > to then return nil end
  return from, to
end

--- A straight line between two places, in dots, as far as it lies on the canvas (Liang & Barsky 1984). A dashed pen goes on
--- where it stopped.
function Canvas:segment(x1, y1, x2, y2, pen)
  local dx, dy = x2 - x1, y2 - y1
  local from, to = clip(x1, dx, self.wide - 1, 0, 1)
  if from then
    from, to = clip(y1, dy, self.high - 1, from, to)
  end
  if not from then return end
  -- Far from the canvas the digits of t do not suffice; the bound then keeps the steps few.
  local steps = math.min(self.wide + self.high, math.ceil(math.max(math.abs(dx), math.abs(dy)) * (to - from)))
  steps = math.max(1, steps)
  local off, period = pen.off or 0, (pen.on or 1) + (pen.off or 0)
  for k = 0, steps do
    local t = from + (to - from) * k / steps
    if off == 0 or (pen.used or 0) % period < pen.on then self:dot(x1 + dx * t, y1 + dy * t, pen) end
    pen.used = (pen.used or 0) + (k > 0 and 1 or 0)
  end
end

--- Colours a pixel (columns x 2 rows of them, from 0). t, 0 to 1, is its shade where there is no colour.
function Canvas:tint(i, j, colour, t)
  local at = j * self.columns + i
  self.pixel[at], self.shade[at] = colour, t
end

--- The shade of a cell without colour: of its two pixels together.
local function shade_letter(a, b)
  if not a and not b then return nil end
  local t = ((a or b) + (b or a)) / 2
  local i = math.min(#shades, 1 + (t * #shades) // 1) | 0
  return shades:sub(i, i)
end

--- What a cell without dots and letters shows of its pixels: a letter, and the colours of its two halves.
local function pixels(self, column, row)
  local upper = 2 * row * self.columns + column
  local lower = upper + self.columns
  if not self.style.colour then return shade_letter(self.shade[upper], self.shade[lower]) end
  local a, b = self.pixel[upper], self.pixel[lower]
  if a == b then return a and " ", nil, a end
  if not self.style.unicode then return " ", nil, inks.mix(a or b, b or a, 0.5) end
  if not a then return "▄", b, nil end
  return "▀", a, b
end

local function cell_of(self, column, row)
  local cell = row * self.columns + column
  local dots, glyph, paper = self.dots[cell], self.glyph[cell], self.paper[cell]
  if not glyph and dots then glyph = utf8.char(0x2800 + dots) end
  local under, upper, lower = pixels(self, column, row)
  if not under then return glyph or (paper and " "), self.ink[cell], paper end
  if not glyph then return under, upper, lower end
  return glyph, self.ink[cell], paper or lower or upper
end

--- Copies it onto a sheet.
function Canvas:onto(page, row, column)
  for j = 0, self.rows - 1 do
    for i = 0, self.columns - 1 do
      local glyph, ink, paper = cell_of(self, i, j)
      if glyph then page:set(row + j, column + i, glyph, ink, paper) end
    end
  end
end

return canvas

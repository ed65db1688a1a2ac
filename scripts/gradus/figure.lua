--- figure: what gr.plot makes: a plain table that says what is drawn (numbers, texts and layers), and what can be done with it.
---
---   local figure = gr.plot.line({ 3, 2, 1 }, { title = "loss" })
---   figure:save "loss.svg"     -- or .png, .pdf; .json holds the numbers
---   figure:show()              -- in the terminal
---
--- A figure has kind, title, xlabel, ylabel, xlim, ylim, xticks, yticks, equal (one unit is as long across as down), and layers, drawn
--- in their order, or panels, figures in a grid of `columns`. A layer has a mark:
---
---   line, points   x, y, name, series (its colour); dashed            bars      x (centres), height, width, name, series
---   cells          value (rows from the top), colour, lo, hi, text    region    value (class numbers), x and y { lo, hi }
---   arrows         x, y, dx, dy, scale                                contour   value, x and y { lo, hi }, levels
---   surface        value, x and y { lo, hi }                          graph     nodes { label, lines, inputs }
---
--- In region, contour and surface the first row of value lies at the lower end of y. NaN is a gap.
local core = require "gradus.core"

--- A picture as data: what the functions of gr.plot give. Printed, it is a sentence; at the prompt it draws itself.
---@class gradus.Figure
---@field kind string
---@field title string?
---@field layers table[]
---@field panels gradus.Figure[]?
local Figure = {}
Figure.__index = Figure

local figure = {}

--- Colours of the series, which colour-blind readers can tell apart (Okabe & Ito 2008, Color Universal Design), black last.
figure.colours = { "0072B2", "D55E00", "009E73", "CC79A7", "E69F00", "56B4E9", "F0E442", "000000" }

--- The colour of a series; after the eighth they begin anew.
---@param series integer
---@return string   six hexadecimal digits
function figure.colour(series) return figure.colours[(series - 1) % #figure.colours + 1] end

--- Makes a figure of a table.
---@param parts table
---@return gradus.Figure
function figure.new(parts) return setmetatable(parts, Figure) end

---@return boolean
function figure.is_figure(value) return getmetatable(value) == Figure end

-- ---- As data

--- The value as JSON can hold it: nil for numbers that are not finite, which a list then writes as null.
local function plain(value)
  if type(value) == "number" then return value - value == 0 and value or "nan" end
  if type(value) ~= "table" then return value end
  local copy = {}
  for key, item in pairs(value) do
    copy[key] = plain(item)
  end
  return copy
end

--- The figure's numbers and texts as JSON; "nan" stands for what is not a finite number.
--- Example:
---   print(gr.plot.line({ 3, 2, 1 }, { title = "loss" }):data())
---@return string
function Figure:data() return core.json_encode(plain(self)) .. "\n" end

-- ---- Saving

local function write_data(self, path) core.write_file(path, self:data()) end

--- The figure's data goes beside a picture that cannot be drawn, so that nothing is lost.
local function refuse(self, path, reason)
  local data = path:gsub("%.%w+$", "") .. ".data.json"
  write_data(self, data)
  core.raise(("save: %s could not be drawn: %s The figure's data is in %s."):format(path, reason, data))
end

--- Writes the figure to a file; the ending says how: .svg and .pdf stay sharp at any size, .png has pixels, .json is the data alone.
--- The file is there whole or, after a failure, as it was before. The same figure gives the same bytes, by one version of gnuplot.
--- Raises for another ending; where the file cannot be written; and without gnuplot (for graph: without dot and gnuplot), after
--- the figure's data has been written to NAME.data.json; for a figure that a script has changed so that it is none.
--- Example:
---   local path = os.tmpname() .. ".json"
---   gr.plot.line({ 3, 2, 1 }, { title = "loss" }):save(path)
---   os.remove(path)
---@param path string
function Figure:save(path)
  local ending = type(path) == "string" and path:match "%.(%w+)$"
  ending = ending and ending:lower()
  if ending == "json" then
    write_data(self, path)
    return
  elseif ending ~= "svg" and ending ~= "png" and ending ~= "pdf" then
    local got = type(path) == "string" and ("%q"):format(path) or type(path)
    core.raise(
      ("save: a figure is saved as .svg, .png, .pdf or .json (its data), by the file's name: got %s"):format(got)
    )
  end
  require("gradus.figure_check").figure("save", self)
  local bytes, reason = require("gradus.gnuplot").render(self, ending)
  if not bytes then refuse(self, path, reason) end
  core.write_file(path, bytes)
end

--- Draws the figure in the terminal: in pixels where that can, else in letters, as wide as it is.
--- Example:
---   gr.plot.line({ 3, 2, 1 }, { title = "loss" }):show()
function Figure:show()
  require("gradus.figure_check").figure("show", self)
  require("gradus.terminal").show(self)
end

-- ---- As text

local sizes = {
  line = function(l) return ("%d points"):format(#(l.x or {})) end,
  points = function(l) return ("%d points"):format(#(l.x or {})) end,
  bars = function(l) return ("%d bars"):format(#(l.x or {})) end,
  arrows = function(l) return ("%d arrows"):format(#(l.x or {})) end,
  graph = function(l) return ("%d nodes"):format(#(l.nodes or {})) end,
}

local function describe(layer)
  if sizes[layer.mark] then return ("%s (%s)"):format(layer.mark, sizes[layer.mark](layer)) end
  local rows = layer.value or {}
  return ("%s (%d x %d)"):format(layer.mark, #rows, #(rows[1] or {}))
end

--- What it shows, in a line.
function Figure:__tostring()
  local parts = {}
  for i, layer in ipairs(self.layers or {}) do
    parts[i] = describe(layer)
  end
  if self.panels then parts[1] = ("%d images"):format(#self.panels) end
  if #parts > 4 then parts = { table.concat(parts, ", ", 1, 3), ("and %d more layers"):format(#parts - 3) } end
  local title = self.title and (" '%s'"):format(self.title) or ""
  return ("figure %s%s: %s"):format(self.kind, title, table.concat(parts, ", "))
end

return figure

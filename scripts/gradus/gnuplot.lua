--- gnuplot: a figure as the bytes of a picture, drawn by gnuplot (computation graphs: by dot). No shell is started, no name of a file
--- is given to anybody: the program reads its commands and numbers from us, and gives us the picture.
local cells = require "gradus.gnuplot_cells"
local core = require "gradus.core"
local dot = require "gradus.dot"
local plane = require "gradus.gnuplot_plane"
local script = require "gradus.gnuplot_script"

local gnuplot = {}

-- ---- Fonts

local hangul_font = "NanumGothic"
local fonts -- families on this machine that have Hangul: looked for once

--- Runs a program; its output, or nil, its exit status (nil when it did not start) and what it said.
local function filter(words, input)
  local child <close>, reason = core.child(words, input)
  if not child then return nil, nil, reason end
  local status, said
  repeat
    status, said = child:wait(0.2)
  until status
  if status ~= 0 then return nil, status, said end
  return child:result()
end

--- The families that have Hangul, sorted; nil when nobody can say.
local function hangul_families()
  local text = filter({ "fc-list", ":lang=ko", "family" }, "")
  if not text then return nil end
  local families = {}
  for line in text:gmatch "[^\n]+" do
    local family = line:match "^[^,]*"
    if family:match "^[%w ]+$" then families[#families + 1] = family end
  end
  table.sort(families)
  return families
end

--- The font that pictures are drawn with: NanumGothic, or the first other one that has Hangul.
local function font()
  fonts = fonts or hangul_families() or { hangul_font }
  for _, family in ipairs(fonts) do
    if family == hangul_font then return family end
  end
  return fonts[1] or "sans"
end

local warned = false

--- Says once that a text has Hangul and the machine no font for it.
local function warn_without_font(text)
  if warned or fonts[1] or not text:find "[\xEA-\xED][\x80-\xBF][\x80-\xBF]" then return end
  warned = true
  io.stderr:write "warning: plot: no font on this machine has Korean letters, so they come out as boxes: apt-get install fonts-nanum\n"
end

-- ---- Drawing

--- Nothing in the file may change from one time to the next.
local function steady(bytes, ending)
  if ending == "pdf" then
    return (bytes:gsub("/CreationDate %(D:%d+", function(date) return date:gsub("%d", "0") end))
  elseif ending ~= "svg" then
    return bytes
  end
  -- Browsers smooth enlarged pixels unless told otherwise, and may have other fonts. Within a tag only: texts have no "<".
  bytes = bytes:gsub("<image ", "<image style='image-rendering:pixelated' ")
  local family = ([[font-family="%s, 'Malgun Gothic', 'Apple SD Gothic Neo', sans-serif"]]):format(hangul_font)
  return (bytes:gsub(('(<g [^<>]*)font%%-family="%s"'):format(hangul_font), function(tag) return tag .. family end))
end

--- One locale for all, so that a decimal point is a point; one time zone, which a PDF names; no files of the user's own that
--- gnuplot or dot would read first.
local function program(...) return { "env", "LC_ALL=C.UTF-8", "TZ=UTC", "SOURCE_DATE_EPOCH=0", ... } end

local missing = 127 -- env's exit status when there is no such program

local function explain(status, said)
  if status == nil or status == missing then
    return "gnuplot is not on this machine (on Debian: apt-get install gnuplot-nox)."
  end
  local last = said:match "([^\n]*)\n*$"
  return ("gnuplot ended with status %d and said: %s."):format(status, last)
end

--- The commands that draw the figure, as gnuplot reads them.
---@param figure gradus.Figure
---@param ending string   "svg", "png" or "pdf"
---@return string
function gnuplot.script(figure, ending)
  local family = ending == "svg" and hangul_font or font()
  local s = script.new(ending, family)
  local draw = (figure.panels or figure.layers[1].mark == "cells") and cells.draw or plane.draw
  if figure.kind == "graph" then draw = cells.draw_text end
  draw(s, figure)
  return s:text()
end

--- Runs the first program that is there; the bytes, or nil and how the last one failed.
local function draw(figure, ending)
  if figure.kind == "graph" then
    local text = dot.script(figure, ending == "svg" and hangul_font or font())
    warn_without_font(text)
    local bytes = filter(program("dot", "-T" .. ending, ending == "png" and "-Gdpi=192" or "-Gdpi=72"), text)
    if bytes then return bytes end
  end
  local text = gnuplot.script(figure, ending)
  warn_without_font(text)
  return filter(program("gnuplot", "--default-settings"), text)
end

--- The picture's bytes; or nil and why there is none, a sentence.
---@param figure gradus.Figure
---@param ending string   "svg", "png" or "pdf"
function gnuplot.render(figure, ending)
  font() -- looked for before the first warning
  local bytes, status, said = draw(figure, ending)
  if not bytes then return nil, explain(status, said) end
  return steady(bytes, ending)
end

return gnuplot

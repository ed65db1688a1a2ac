--- inks: the colours of pictures, in files as in a terminal, as numbers 0xRRGGBB; and a terminal's escape codes that choose them.
local figure = require "gradus.figure"

local inks = {}

--- The colour of series i as a number.
local function of_series(i) return tonumber(figure.colour(i), 16) end

--- Stops of the heat scale, from cold to hot: viridis, whose brightness rises evenly (Smith & van der Walt 2015).
local stops = { 0x440154, 0x3B528B, 0x21918C, 0x5DC863, 0xFDE725 }

local function split(colour) return colour >> 16, colour >> 8 & 255, colour & 255 end

local function join(r, g, b)
  local function byte(v) return math.max(0, math.min(255, v)) // 1 | 0 end
  return byte(r) << 16 | byte(g) << 8 | byte(b)
end

--- The colour in red, green and blue, 0 to 255.
inks.split = split

--- The colour as files have it: six hexadecimal digits.
function inks.hex(colour) return ("%06X"):format(colour) end

--- Of what is not a number.
inks.missing = 0xFFDDCC

--- The colour at `share` (0 to 1) of the way from one to the other.
function inks.mix(from, to, share)
  local r, g, b = split(from)
  local r2, g2, b2 = split(to)
  return join(r + (r2 - r) * share + 0.5, g + (g2 - g) * share + 0.5, b + (b2 - b) * share + 0.5)
end

--- The colour of series i. nil for black, which a dark terminal would not show: its own letter colour stands for it.
function inks.series(i)
  local colour = of_series(i)
  return colour ~= 0 and colour or nil
end

--- A light shade of a series colour, for areas under points.
function inks.light(i) return inks.mix(of_series(i), 0xFFFFFF, 0.7) end

--- Black to white, for t from 0 to 1.
function inks.gray(t) return inks.mix(0x000000, 0xFFFFFF, t) end

--- Cold to hot, for t from 0 to 1.
function inks.heat(t)
  local at = t * (#stops - 1)
  local i = math.min(#stops - 1, 1 + at // 1 | 0)
  return inks.mix(stops[i], stops[i + 1], at - (i - 1))
end

--- The same for lines, which must be seen on white as on black paper: without the darkest and the lightest.
function inks.line(t) return inks.heat(0.15 + 0.65 * t) end

--- v's place between lo and hi, 0 to 1; in the middle where all are equal.
function inks.share(v, lo, hi)
  if hi <= lo then return 0.5 end
  return math.max(0, math.min(1, (v - lo) / (hi - lo)))
end

--- The colour of red, green and blue from 0 to 1.
function inks.rgb(r, g, b) return join(255 * r + 0.5, 255 * g + 0.5, 255 * b + 0.5) end

--- How bright a colour is, 0 to 1 (Rec. 709's weights).
function inks.brightness(colour)
  local r, g, b = split(colour)
  return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255
end

--- The colour of a cell's number (or of its { r, g, b }) in an image or a heat map whose scale goes from lo to hi.
---@param layer table   of mark "cells": its colour says "gray", "heat" or "rgb"
function inks.cell(layer, value, lo, hi)
  if type(value) == "table" then return inks.rgb(value[1], value[2], value[3]) end
  if value ~= value then return inks.missing end
  local scale = layer.colour == "heat" and inks.heat or inks.gray
  return scale(inks.share(value, lo, hi))
end

--- Black or white letters, whichever are read better on a colour: on grays they are equal at 46 % (WCAG 2.2's contrast ratio).
function inks.on(colour) return inks.brightness(colour) > 0.46 and 0x000000 or 0xFFFFFF end

local levels = { 0, 95, 135, 175, 215, 255 } -- of the 6 x 6 x 6 colours that terminals with 256 have from number 16

local function nearest_level(v)
  local best = 1
  for i, level in ipairs(levels) do
    if math.abs(level - v) < math.abs(levels[best] - v) then best = i end
  end
  return best
end

local numbers = {}

--- The nearest of a terminal's 256 colours: of the cube or, where nearer, of the 24 grays from number 232.
local function number_of(colour)
  local known = numbers[colour]
  if known then return known end
  local r, g, b = split(colour)
  local i, j, k = nearest_level(r), nearest_level(g), nearest_level(b)
  local gray = math.min(23, math.max(0, ((r + g + b) / 3 - 3) // 10)) | 0
  local function off(r2, g2, b2) return (r - r2) ^ 2 + (g - g2) ^ 2 + (b - b2) ^ 2 end
  local shade = 8 + 10 * gray
  local cube = 16 + 36 * (i - 1) + 6 * (j - 1) + k - 1
  local nearer = off(shade, shade, shade) < off(levels[i], levels[j], levels[k])
  numbers[colour] = nearer and 232 + gray or cube
  return numbers[colour]
end

local function code(kind, colour, depth)
  if not colour then return "" end
  if depth == 256 then return (";%d;5;%d"):format(kind, number_of(colour)) end
  return (";%d;2;%d;%d;%d"):format(kind, split(colour))
end

--- The escape sequence for letters in `ink` on `paper`; nil is the terminal's own. depth: 256 colours, or true for all.
function inks.escape(ink, paper, depth) return ("\27[0%s%sm"):format(code(38, ink, depth), code(48, paper, depth)) end

return inks

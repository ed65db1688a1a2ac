--- ticks: where an axis has its marks, and what is written at them.
local width = require "gradus.width"

local ticks = {}

--- The least of 1, 2, 5, 10, 20 ... (times a power of ten) that is no smaller than `least`, and its power of ten.
local function nice_step(least)
  local exponent = math.floor(math.log(least, 10) + 1e-9)
  for _, leading in ipairs { 1, 2, 5 } do
    local step = leading * 10.0 ^ exponent
    if step >= least * (1 - 1e-9) then return step, exponent end
  end
  return 10.0 ^ (exponent + 1), exponent + 1
end

--- 1.50e+07 as 1.5e7.
local function short_power(text)
  local mantissa, sign, exponent = text:match "^(.-)e([+-])0*(%d+)$"
  if mantissa:find(".", 1, true) then mantissa = mantissa:gsub("%.?0+$", "") end
  return ("%s%s%s%s"):format(mantissa, "e", sign == "-" and "-" or "", exponent)
end

local function in_digits(values, decimals)
  local format, texts = ("%%.%df"):format(decimals), {}
  for i, v in ipairs(values) do
    texts[i] = format:format(v)
  end
  return texts
end

local function in_powers(values, exponent)
  local texts, largest = {}, 0
  for _, v in ipairs(values) do
    largest = math.max(largest, math.abs(v))
  end
  local digits = largest > 0 and math.floor(math.log(largest, 10) + 1e-9) - exponent or 0
  local format = ("%%.%de"):format(math.min(15, math.max(0, digits)))
  for i, v in ipairs(values) do
    texts[i] = v == 0 and "0" or short_power(format:format(v))
  end
  return texts
end

--- Multiples of 10^exponent as texts of the fewest digits that tell them apart; powers of ten where digits would be many.
local function texts_of(values, exponent)
  local many = 7 -- letters: 0.00001, 1000000
  local decimals = math.max(0, -exponent)
  local plain = decimals <= 12 and in_digits(values, decimals)
  if plain and width.widest(plain) <= many then return plain end
  local powers = in_powers(values, exponent)
  return plain and width.widest(plain) <= width.widest(powers) and plain or powers
end

--- The multiples of a nice step, at least `least`, of which about `most` lie between lo and hi; and the step's power of ten.
local function multiples(lo, hi, most, least)
  local step, exponent = nice_step(math.max(least, (hi - lo) / most))
  local values = {}
  for k = math.ceil(lo / step - 1e-9), math.floor(hi / step + 1e-9) do
    values[#values + 1] = k == 0 and 0.0 or k * step
  end
  return values, exponent
end

--- Round numbers between lo and hi for an axis: about `most`, but two at least.
---@param whole? boolean   whole numbers, where at least two lie there
---@return table[]   { position, text }
function ticks.nice(lo, hi, most, whole)
  local least = whole and hi - lo >= 2 and 1 or 0
  most = math.max(1, most)
  local values, exponent = multiples(lo, hi, most, least)
  while #values < 2 do
    most = most + 1
    values, exponent = multiples(lo, hi, most, least)
  end
  local texts, result = texts_of(values, exponent), {}
  for i, v in ipairs(values) do
    result[i] = { v, texts[i] }
  end
  return result
end

--- A number for a label, in at most four digits.
function ticks.number(v)
  local text = ("%.4g"):format(v)
  return text:find "e[+-]" and short_power(text) or text
end

return ticks

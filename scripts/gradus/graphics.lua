--- graphics: pictures in terminals that can show pixels: which can, and in what form they take them.
local core = require "gradus.core"
local screen = require "gradus.screen"

local graphics = {}

-- ---- What a terminal can

local limit = 1 -- seconds that it has to answer: over a slow line it takes its time

--- A picture of one pixel in kitty's protocol, not to be shown, only answered; then what every terminal answers: its attributes.
local question = "\27_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\27\\\27[c"

--- What a terminal that we run in may be asked, to learn how it shows pictures; nil when that is known.
---@return string?
function graphics.question()
  local known = (os.getenv "GRADUS_GRAPHICS" or "") ~= "" or not screen.has_colours() or os.getenv "TERM" == "linux"
  return not known and question or nil -- these terminals would print it
end

--- What an answer says: "kitty", "sixel" (attribute 4), or "blocks".
function graphics.understand(answer)
  if answer:find("\27_Gi=31;OK", 1, true) then return "kitty" end
  local attributes = answer:match "\27%[%?([%d;]*)c"
  if attributes and (";" .. attributes .. ";"):find(";4;", 1, true) then return "sixel" end
  return "blocks"
end

--- An editor reads what comes from the terminal, at a prompt: it gets the keys that are pressed while an answer is awaited, and
--- drops an answer that comes late.
graphics.edited = false

local known -- the whole answer

--- How this terminal shows pictures: "kitty", "sixel" or "blocks", also while it has not answered.
function graphics.ability()
  if known then return known end
  local asks = graphics.question()
  local answer, whole
  if asks then
    answer, whole = core.terminal_answer(asks, limit, graphics.edited)
  end
  local form = answer and graphics.understand(answer) or "blocks"
  if whole then known = form end
  return form
end

--- Waits for an answer that is under way, so that it does not come when the program has ended.
function graphics.settle() core.terminal_answer(nil, limit) end

-- ---- kitty's protocol

local digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

--- Base 64 (RFC 4648).
function graphics.base64(bytes)
  local out = {}
  for at = 1, #bytes, 3 do
    local a, b, c = bytes:byte(at, at + 2)
    local n = a << 16 | (b or 0) << 8 | (c or 0)
    local letters = {}
    for k = 1, 4 do
      local d = (n >> (24 - 6 * k) & 63) + 1
      letters[k] = digits:sub(d, d)
    end
    if not c then letters[4] = "=" end
    if not b then letters[3] = "=" end
    out[#out + 1] = table.concat(letters)
  end
  return table.concat(out)
end

--- A PNG picture, shown at the cursor in that many columns and rows, in pieces as the protocol wants them. q=2: it shall not answer.
---@param png string
---@param columns integer
---@param rows integer
function graphics.kitty(png, columns, rows)
  local text, piece, parts = graphics.base64(png), 4096, {}
  for at = 1, #text, piece do
    local head = at == 1 and ("a=T,f=100,q=2,c=%d,r=%d,"):format(columns, rows) or ""
    local more = at + piece <= #text and 1 or 0
    parts[#parts + 1] = ("\27_G%sm=%d;%s\27\\"):format(head, more, text:sub(at, at + piece - 1))
  end
  return table.concat(parts)
end

-- ---- sixel

local colours = 64

--- The 15 bits, five of each colour, that stand for a sample's shade.
local function bin_of(r, g, b)
  local function five(v) return (31 * v + 0.5) // 1 | 0 end
  return five(r) << 10 | five(g) << 5 | five(b)
end

local function apart(a, b)
  local r, g, c = (a >> 10) - (b >> 10), (a >> 5 & 31) - (b >> 5 & 31), (a & 31) - (b & 31)
  return r * r + g * g + c * c
end

--- The most frequent shades, at most 64, and for each shade that occurs the number of the nearest of them.
local function palette_of(bins)
  local count, shades = {}, {}
  for _, bin in ipairs(bins) do
    if not count[bin] then shades[#shades + 1] = bin end
    count[bin] = (count[bin] or 0) + 1
  end
  table.sort(shades, function(a, b) return count[a] > count[b] or (count[a] == count[b] and a < b) end)
  local chosen, number = table.move(shades, 1, math.min(colours, #shades), 1, {}), {}
  for _, bin in ipairs(shades) do
    local best = 1
    for i = 2, #chosen do
      if apart(bin, chosen[i]) < apart(bin, chosen[best]) then best = i end
    end
    number[bin] = best
  end
  return chosen, number
end

--- Repeats of a letter as sixel writes them.
local function run(letter, n)
  if n > 3 then return ("!%d%s"):format(n, letter) end
  return letter:rep(n)
end

--- One colour of a band of six rows: in each column the letter's six bits say which rows have it.
local function band_line(bits, width)
  local parts, letter, n = {}, nil, 0
  for x = 1, width do
    local this = string.char(63 + (bits[x] or 0))
    if this ~= letter then
      if letter then parts[#parts + 1] = run(letter, n) end
      letter, n = this, 0
    end
    n = n + 1
  end
  parts[#parts + 1] = run(letter, n)
  return table.concat(parts)
end

local function band(pixels, top, width, height)
  local lines, order = {}, {}
  for y = top, math.min(top + 5, height - 1) do
    for x = 1, width do
      local colour = pixels[y * width + x]
      if not lines[colour] then
        lines[colour] = {}
        order[#order + 1] = colour
      end
      lines[colour][x] = (lines[colour][x] or 0) | 1 << (y - top)
    end
  end
  for i, colour in ipairs(order) do
    order[i] = ("#%d%s"):format(colour - 1, band_line(lines[colour], width))
  end
  return table.concat(order, "$") .. "-"
end

--- A picture as sixels (DEC STD 070), in its 64 most frequent colours.
---@param samples number[]   red, green, blue, 0 to 1, of each pixel, row by row from the top
---@param width integer
---@param height integer
function graphics.sixel(samples, width, height)
  local pixels = {}
  for i = 1, width * height do
    pixels[i] = bin_of(samples[3 * i - 2], samples[3 * i - 1], samples[3 * i])
  end
  local chosen, number = palette_of(pixels)
  for i, bin in ipairs(pixels) do
    pixels[i] = number[bin]
  end
  local parts = { ('\27P0;1q"1;1;%d;%d'):format(width, height) }
  for i, bin in ipairs(chosen) do
    local function percent(v) return (v * 100 / 31 + 0.5) // 1 | 0 end
    parts[#parts + 1] = ("#%d;2;%d;%d;%d"):format(i - 1, percent(bin >> 10), percent(bin >> 5 & 31), percent(bin & 31))
  end
  for top = 0, height - 1, 6 do
    parts[#parts + 1] = band(pixels, top, width, height)
  end
  parts[#parts + 1] = "\27\\"
  return table.concat(parts)
end

return graphics

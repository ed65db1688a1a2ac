-- What a terminal shows of figures: by eye (golden texts), and that no size, number or title breaks it.
local harness = require "harness"
local figures = require "terminal_figures"
local terminal = require "gradus.terminal"
local width = require "gradus.width"

local case, same, check = harness.suite "terminal", harness.same, harness.check

local folder = debug.getinfo(1, "S").source:match "^@(.*)/[^/]*$"

--- The golden texts by name: golden["line, 80 columns"].
local function read_golden()
  local golden, name = {}, nil
  for line in io.lines(folder .. "/golden/terminal.txt") do
    local title = line:match "^==== (.*)$"
    if title then
      name = title
      golden[name] = {}
    else
      table.insert(golden[name], line)
    end
  end
  return golden
end

local function plain(text) return (text:gsub("\27%[[%d;]*m", "")) end

local function each_line(text) return (text .. "\n"):gmatch "([^\n]*)\n" end

--- Fails unless a drawn figure keeps what is promised of every one.
local function check_promises(text, o, what)
  for line in each_line(text) do
    local columns = width.of(plain(line))
    check(columns <= o.columns, ("%s: a line takes %d of %d columns: %s"):format(what, columns, o.columns, line))
    local last
    for codes in line:gmatch "\27%[([%d;]*)m" do
      last = codes
    end
    check(not last or last == "0", what .. ": a line leaves its colour to the next one")
  end
  check(o.colour or not text:find "\27", what .. ": an escape sequence without colour")
  check(o.unicode or not plain(text):find "[\128-\255]", what .. ": a letter that is not ASCII")
  check(not plain(text):find "[\1-\9\11-\31\127]", what .. ": a control character")
end

for _, columns in ipairs { 80, 40 } do
  for _, one in ipairs(figures) do
    local name = ("%s, %d columns"):format(one.name, columns)
    case(name .. " looks otherwise than it did when it was right", function()
      local golden = read_golden()[name]
      same(terminal.draw(one.figure, { columns = columns }), table.concat(golden, "\n"))
    end)
  end
end

case("a figure is wider than the terminal, or its colours run on", function()
  for _, one in ipairs(figures) do
    for _, columns in ipairs { 1, 2, 3, 5, 8, 12, 20, 33, 61, 120, 300 } do
      for k, colour in ipairs { false, true, 256 } do
        local o = { columns = columns, rows = 4 + columns // 3, colour = colour, unicode = columns % 2 == k % 2 }
        check_promises(terminal.draw(one.figure, o), o, ("%s at %d"):format(one.name, columns))
      end
    end
  end
end)

-- ---- Figures at random

local state = 7

--- A whole number from 1 to n, of a generator of our own, so that a failure comes again.
local function draw(n)
  state = (state * 6364136223846793005 + 1442695040888963407) & math.maxinteger
  return (state >> 33) % n + 1
end

local odd =
  { 0, -0.0, 1, -1, 0 / 0, 1 / 0, -1 / 0, 1e308, -1e308, 5e-324, 1e-160, 1e15, 1e15 + 1, 0.1, 123456.789, 2 ^ 53 }

local function number()
  if draw(3) == 1 then return odd[draw(#odd)] end
  return (draw(2000001) - 1000001) * 10.0 ^ (draw(25) - 16)
end

local function numbers(n)
  local list = {}
  for i = 1, n do
    list[i] = number()
  end
  return list
end

local words = {
  "",
  "손실",
  "loss",
  "e\u{301}",
  "아주 긴 제목입니다 ",
  "\xff",
  "a very long title that goes on and on ",
  "😀",
  "%d",
}

local function text()
  if draw(3) == 1 then return nil end
  return words[draw(#words)]:rep(draw(8))
end

local function matrix(columns)
  local value = {}
  for i = 1, draw(12) do
    value[i] = numbers(columns)
  end
  return value
end

local function range()
  local lo = draw(100) - 50
  return { lo, lo + draw(10) }
end

local make = {
  function()
    local n = draw(40) - 1
    return { mark = draw(2) == 1 and "line" or "points", x = numbers(n), y = numbers(n), dashed = draw(2) == 1 }
  end,
  function()
    local n = draw(20) - 1
    return { mark = "bars", x = numbers(n), height = numbers(n), width = draw(9) / 4 }
  end,
  function() return { mark = "cells", value = matrix(draw(12)), colour = ({ false, "gray", "heat" })[draw(3)] } end,
  function() return { mark = "region", value = matrix(draw(12)), x = range(), y = range() } end,
  function()
    local n = draw(30) - 1
    return { mark = "arrows", x = numbers(n), y = numbers(n), dx = numbers(n), dy = numbers(n) }
  end,
  function() return { mark = "contour", value = matrix(draw(12)), x = range(), y = range(), levels = draw(9) } end,
  function() return { mark = "surface", value = matrix(draw(12)), x = range(), y = range() } end,
}

local function names(n)
  if draw(2) == 1 then return nil end
  local list = {}
  for i = 1, draw(n) do
    list[i] = { i, words[draw(#words)] }
  end
  return list
end

local function any_figure()
  local figure = { title = text(), xlabel = text(), ylabel = text(), layers = {}, equal = draw(3) == 1 }
  for i = 1, draw(4) - 1 do
    figure.layers[i] = make[draw(#make)]()
    figure.layers[i].name, figure.layers[i].series = text(), draw(10)
  end
  if draw(4) == 1 then figure.xlim = { number(), number() } end
  if draw(4) == 1 then figure.ylim = { number(), number() } end
  figure.xticks, figure.yticks = names(12), names(12)
  local first = figure.layers[1]
  if first and first.mark == "cells" and draw(2) == 1 then
    first.text = {}
    for i, row in ipairs(first.value) do
      first.text[i] = {}
      for j in ipairs(row) do
        first.text[i][j] = tostring(draw(10 ^ draw(6) // 1 | 0))
      end
    end
  end
  return figure
end

case("some numbers, titles or sizes break a figure", function()
  for i = 1, 600 do
    local o = { columns = draw(i % 2 == 1 and 40 or 200), rows = draw(60), unicode = draw(2) == 1 }
    o.colour = ({ false, true, 256 })[draw(3)]
    check_promises(terminal.draw(any_figure(), o), o, ("random figure %d"):format(i))
  end
end)

-- ---- Particular ones

local function line_of(y, o)
  local x = {}
  for i = 1, #y do
    x[i] = i
  end
  return terminal.draw({ layers = { { mark = "line", x = x, y = y, series = 1 } } }, o or { columns = 40 })
end

case("one number, equal numbers or none have no picture", function()
  check(line_of({ 5 }):find "6┤" and line_of({ 5 }):find "\u{28e4}") -- four dots
  check(line_of({ 0.25, 0.25, 0.25 }):find "⠒⠒⠒" or line_of({ 0.25, 0.25, 0.25 }):find "⠤⠤⠤")
  check(line_of({}):find "└")
  check(line_of({ 0 / 0, 1 / 0 }):find "└")
  check(terminal.draw({ layers = {} }):find "└")
end)

case("a series' colour is not its own", function()
  local text24 = line_of({ 1, 2 }, { columns = 40, colour = true })
  check(text24:find("\27[0;38;2;0;114;178m", 1, true))
  check(line_of({ 1, 2 }, { columns = 40, colour = 256 }):find("\27[0;38;5;25m", 1, true))
end)

case("limits do not cut the picture off", function()
  local figure =
    { xlim = { 2, 4 }, ylim = { 0, 1 }, layers = { { mark = "line", x = { 1, 2, 3, 9 }, y = { 0, 0, 1, 50 } } } }
  local drawn = terminal.draw(figure, { columns = 40 })
  check(drawn:find "1.0┤" and drawn:find " 3 " and not drawn:find "50")
end)

case("the labels of an axis have more digits than they need, or repeat", function()
  local ticks = require "gradus.ticks"
  local function texts(lo, hi, most)
    local list = {}
    for i, tick in ipairs(ticks.nice(lo, hi, most)) do
      list[i] = tick[2]
    end
    return table.concat(list, " ")
  end
  same(texts(0, 1, 5), "0.0 0.2 0.4 0.6 0.8 1.0")
  same(texts(-3, 17, 4), "0 5 10 15")
  same(texts(0.6, 1.9, 1), "1.0 1.5")
  same(texts(0, 4e7, 5), "0 1e7 2e7 3e7 4e7")
  same(texts(1e-6, 3e-6, 3), "1e-6 2e-6 3e-6")
  same(texts(1000000, 1000004, 3), "1000000 1000002 1000004")
  same(ticks.nice(1, 5, 8, true)[2][2], "2")
  same(texts(100000000, 100000004, 3), "100000000 100000002 100000004")
end)

case("100,000 points are drawn one by one", function()
  local marks, canvas = require "gradus.marks", require "gradus.canvas"
  local area, strokes = canvas.new(80, 20, { unicode = true, colour = false }), 0
  area:look({ 1, 100000 }, { -1, 1 })
  local x, y = {}, {}
  for i = 1, 100000 do
    x[i], y[i] = i, math.sin(i * 7.1)
  end
  area.segment = function() strokes = strokes + 1 end
  marks.line(area, { mark = "line", x = x, y = y }, {})
  same(strokes, 2 * 160 - 1) -- one down each column of dots, and one to the next
end)

case("an unknown option is taken", function()
  harness.raises("unknown option 'color' %(did you mean 'colour'%?%)", function()
    local drawn = terminal.draw({ layers = {} }, { color = true })
    return drawn
  end)
end)

-- ---- The terminal that we run in

--- The style for a size by these environment variables.
local function style(set, columns, rows)
  return terminal.style(function(name) return set[name] end, columns, rows)
end

case("colour, size or letters are not as the environment says", function()
  local all = { TERM = "xterm-256color", COLORTERM = "truecolor", LANG = "ko_KR.UTF-8" }
  same(style(all, 120, 40), { columns = 120, rows = 40, colour = true, unicode = true })
  same(style(all), { columns = 80, rows = 24, colour = false, unicode = true }) -- no terminal
  same(style(all, 0, 0), { columns = 80, rows = 24, colour = true, unicode = true }) -- one that does not tell its size
  same(style({ TERM = "xterm", LANG = "C" }, 300, 30), { columns = 120, rows = 30, colour = 256, unicode = false })
  same(style({ TERM = "dumb" }, 80, 24).colour, false)
  same(style({}, 80, 24).colour, false)
  same(style({ TERM = "xterm", NO_COLOR = "1" }, 80, 24).colour, false)
  same(style({ TERM = "xterm", NO_COLOR = "" }, 80, 24).colour, 256)
  same(style({ LC_ALL = "C", LANG = "en_US.UTF-8" }, 80, 24).unicode, false)
  same(style({ TERM = "linux", LANG = "en_US.utf8" }, 80, 24).unicode, false)
end)

local screen = require "gradus.screen"

case("help, prompt and pictures differ in what a terminal can", function()
  local function of(set)
    local function getenv(name) return set[name] end
    return { screen.is_able(getenv), screen.has_colours(getenv) }
  end
  same(of { TERM = "xterm" }, { true, true })
  same(of { TERM = "xterm", NO_COLOR = "" }, { true, true })
  same(of { TERM = "xterm", NO_COLOR = "0" }, { true, false })
  same(of { TERM = "dumb" }, { false, false })
  same(of { TERM = "" }, { false, false })
  same(of {}, { false, false })
end)

local graphics = require "gradus.graphics"

case("a terminal's answer is misread", function()
  same(graphics.understand "\27_Gi=31;OK\27\\\27[?62;22c", "kitty")
  same(graphics.understand "\27[?62;4;22c", "sixel")
  same(graphics.understand "\27[?4c", "sixel")
  same(graphics.understand "\27[?64;14;44c", "blocks")
  same(graphics.understand "\27_Gi=31;ENOTSUPPORTED\27\\\27[?1;2c", "blocks")
  same(graphics.understand "", "blocks")
end)

case("base 64 or its pieces are wrong", function()
  same(graphics.base64 "", "") -- RFC 4648, section 10
  same(graphics.base64 "f", "Zg==")
  same(graphics.base64 "fo", "Zm8=")
  same(graphics.base64 "foobar", "Zm9vYmFy")
  same(graphics.kitty("foobar", 7, 3), "\27_Ga=T,f=100,q=2,c=7,r=3,m=0;Zm9vYmFy\27\\")
  local long = graphics.kitty(("x"):rep(4000), 80, 24)
  check(long:find "^\27_Ga=T,f=100,q=2,c=80,r=24,m=1;" and long:find "\27\\\27_Gm=0;[%w+/=]+\27\\$")
end)

case("sixels show another picture", function()
  local red, white = { 1, 0, 0 }, { 1, 1, 1 }
  local samples = {}
  for i = 1, 5 * 7 do -- seven rows of five: white, the last row red
    table.move(i > 30 and red or white, 1, 3, #samples + 1, samples)
  end
  same(graphics.sixel(samples, 5, 7), '\27P0;1q"1;1;5;7#0;2;100;100;100#1;2;100;0;0#0!5~-#1!5@-\27\\')
end)

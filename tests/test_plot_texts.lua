-- Texts in pictures: what a figure holds reaches gnuplot and dot quoted, so that the file has it as it stands; what no picture can
-- show is refused.
local core = require "gradus.core"
local dot = require "gradus.dot"
local gnuplot = require "gradus.gnuplot"
local gr = require "gradus"
local harness = require "harness"
local pictures = require "pictures"
local script = require "gradus.gnuplot_script"
local width = require "gradus.width"
local plot = gr.plot

local case = harness.suite "plot_texts"
local check, raises = harness.check, harness.raises
local saved, needs_gnuplot = pictures.saved, pictures.needs_gnuplot

local function exists(path)
  local f <close> = io.open(path, "rb")
  return f ~= nil
end

local function refuses(name, pattern, f)
  case(name, function() raises(pattern, f) end)
end

-- ---- What cannot be drawn

refuses(
  "a title has two lines",
  'plot.line: title must be one line without control characters, but has U%+000A: "a',
  function() plot.line({ 1 }, { title = "a\nset output 'x'" }) end
)
for _, bad in ipairs { "\0", "\27[2J", "\r", "\u{85}", "\u{2028}", "\u{FFFE}" } do
  refuses(
    ("a legend has U+%04X"):format(utf8.codepoint(bad)),
    "plot.line: legend%[1%] must be one line",
    function() plot.line({ 1 }, { legend = { bad } }) end
  )
end
refuses(
  "broken text is drawn",
  "plot.line: xlabel is not text in UTF%-8",
  function() plot.line({ 1 }, { xlabel = "\xff" }) end
)

case("a program's word is cut at a zero byte", function()
  raises(
    "word 2 must be one line without control characters, but has U%+0000: 'a",
    function() core.child { "true", "a\0b" } end
  )
end)

-- ---- What gnuplot might obey

local mark = "/tmp/gradus-plot-" .. math.random(1 << 40)
local hostile = {
  ("'; set output '%s"):format(mark),
  ("`touch %s`"):format(mark),
  ('"; system("touch %s"); "'):format(mark),
  ("'.system('touch %s').'"):format(mark),
  ("$(touch %s) ; | touch %s"):format(mark, mark),
  [[ends in \]],
  [[' ''two'' '''three'''' \' \n @macro A_1^{2} %s %d 100 % # comment]],
  "it's @GPVAL_TERM @undefined",
  "<b>&amp;</b> <image > ]]>",
  "한글 '따옴표' \u{1F600}",
}

--- The script without what gnuplot takes for strings: '...', where nothing has a meaning, and, in "...", quotes by their number and
--- line ends.
local function outside_quotes(text)
  local rest, at = {}, 1
  while at <= #text do
    local from, last = text:find("^'[^'\n]*'", at)
    if not from then
      from, last = text:find('^"[\\047n]+"', at)
    end
    if not from then rest[#rest + 1] = text:sub(at, at) end
    at = (last or at) + 1
  end
  return table.concat(rest)
end

--- A figure of each family with the text at every place that takes one.
local function with_texts(t)
  local o = { title = t, xlabel = t, ylabel = t, legend = { t }, xticks = { { 1, t } }, yticks = { { 1, t } } }
  return {
    plot.line({ 1, 2 }, o),
    plot.bar({ 1, 2 }, { labels = { t, t }, title = t }),
    plot.heatmap({ { 1, 2 }, { 3, 4 } }, { xlabels = { t, t }, ylabels = { t, t }, title = t, xlabel = t, ylabel = t }),
    plot.images({ gr.eye(2), gr.eye(2) }, { captions = { t, t }, title = t }),
    plot.confusion({ { 1, 0 }, { 0, 1 } }, { classes = { t, t } }),
    plot.contour(gr.eye(3), { path = { { 1, 2 }, { 1, 2 } }, legend = { t }, title = t }),
    plot.surface(gr.eye(3), { title = t, xlabel = t, ylabel = t }),
  }
end

case("a user's text leaves its quotes", function()
  for _, text in ipairs(hostile) do
    for _, figure in ipairs(with_texts(text)) do
      for _, ending in ipairs { "svg", "png", "pdf" } do
        local rest = outside_quotes(gnuplot.script(figure, ending))
        for _, part in ipairs { "touch", "system", "`", "@", "\\", '"', "#", mark } do
          check(not rest:find(part, 1, true), ("%s of %s stands outside quotes: %s"):format(part, text, rest))
        end
      end
    end
  end
end)

case("a control character is quoted", function()
  local ok, message = pcall(script.quote, "a\nb")
  check(not ok and message:find "control characters", message)
end)

case("a text is obeyed, or drawn otherwise than it stands", function()
  needs_gnuplot()
  for _, text in ipairs(hostile) do
    local function in_file(t) return t:gsub("&", "&amp;"):gsub("<", "&lt;"):match "^ *(.-) *$" end
    local shown, tick = in_file(text), in_file(width.fit(text, 40))
    local first = shown:match "%S+"
    for _, figure in ipairs(with_texts(text)) do
      local svg = saved(figure, "svg")
      check(svg:find(first, 1, true), ("%s is not in the picture of %s"):format(first, text))
      check(not svg:find("<b>", 1, true), "a tag of the user's")
    end
    if #width.fit(text, 40) > 48 then tick = tick:gsub("%%", "％") end -- gnuplot would cut it
    check(saved(plot.bar({ 1, 2 }, { labels = { text, "b" } }), "svg"):find(tick, 1, true), "a tick: " .. text)
    check(
      saved(plot.line({ 1, 2 }, { legend = text }), "svg"):find(in_file(width.fit(text, 60)), 1, true),
      "a legend: " .. text
    )
  end
  check(not exists(mark), "a title was obeyed")
end)

case("long names leave no room for the picture, or none at all as PNG", function()
  needs_gnuplot()
  local long = ("이름 name "):rep(400)
  for _, figure in ipairs(with_texts(long)) do
    local wide, high = string.unpack(">I4I4", saved(figure, "png"), 17)
    check(wide <= 2400 and high <= 2400, ("%s is %d x %d"):format(figure.kind, wide, high))
    check(saved(figure, "svg"):find("…</text>", 1, true), figure.kind .. " does not say that something is missing")
  end
end)

case("an axis's label runs out of the picture", function()
  local label = "the mean of the loss over all samples of an epoch, each before its update, " .. ("word "):rep(20)
  for _, figure in ipairs { plot.line({ 1, 2 }, { xlabel = label }), plot.surface(gr.eye(3), { xlabel = label }) } do
    local first, second = gnuplot.script(figure, "svg"):match [[set xlabel '([^']*)'%."\n"%.'([^']*)']]
    check(first and second and width.of(first) < 90, first)
  end
  local lines = select(2, gnuplot.script(plot.heatmap(gr.eye(3), { ylabel = label }), "svg"):gsub("rotate by 90", ""))
  check(lines > 2, lines)
end)

case("a name in a computation leaves its box", function()
  local figure = plot.graph(gr.param(gr.tensor { 1 }, [[w"]; x [label="y\]]) * 2, { title = [["]; a -> b; \]] })
  local text = dot.script(figure, "NanumGothic")
  local rest = text:gsub('\\[\\"]', ""):gsub('"[^"\n]*"', "")
  check(not rest:find("a -> b", 1, true) and not rest:find("label=y", 1, true), rest)
  if pictures.has_dot then
    check(saved(figure, "svg"):find("w&quot;]; x [label=&quot;y\\", 1, true), "the name is drawn otherwise")
  end
end)

-- Widths are those of the names in NanumGothic of 12 pixels; gnuplot 5.4 makes room for so many pixels a column.
case("a legend's names stand out of its box, or are lost in it", function()
  for name, wide in pairs { Random = 47, ["validation loss"] = 83, ["훈련 데이터"] = 60, WORLD = 47, fill = 19 } do
    for ending, unit in pairs { svg = 8.39, png = 7.5, pdf = 7.5 } do
      local text = gnuplot.script(plot.line({ { 1, 2 }, { 2, 1 } }, { legend = { "a", name } }), ending)
      local room = unit * (width.of(name) + tonumber(text:match "set key .- width (%-?[%d.]+)"))
      check(room >= wide + 2 and room <= wide + 26, ("%s, %s: %g pixels for %d"):format(name, ending, room, wide))
    end
  end
end)

case("dashes are of another length in another kind of file", function()
  local figure = plot.line({ 1, 2 }, { dashed = true })
  check(gnuplot.script(figure, "svg"):find("dashtype (8.0,5.0)", 1, true))
  check(gnuplot.script(figure, "png"):find("dashtype (14.5,9.1)", 1, true))
end)

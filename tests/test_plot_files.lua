-- Pictures as files: every kind is drawn, with the parts it should have, the same bytes each time, and whole or not at all.
local core = require "gradus.core"
local extents = require "gradus.extents"
local gnuplot = require "gradus.gnuplot"
local gr = require "gradus"
local harness = require "harness"
local inks = require "gradus.inks"
local pictures = require "pictures"
local script = require "gradus.gnuplot_script"
local terminal = require "gradus.terminal"
local thin = require "gradus.thin"
local plot = gr.plot

local case = harness.suite "plot_files"
local same, close, check, raises = harness.same, harness.close, harness.check, harness.raises
local saved, pixels_of, needs_gnuplot, read = pictures.saved, pictures.pixels, pictures.needs_gnuplot, pictures.read

--- How often a plain text stands in another.
local function count(text, part)
  local n, from = 0, 1
  while true do
    local at = text:find(part, from, true)
    if not at then return n end
    n, from = n + 1, at + #part
  end
end

-- ---- Numbers

case("a number changes on its way", function()
  for _, v in ipairs { 0.1, 1 / 3, 1e-300, 123456789012, -2.5e17, 5e-324, 0 } do
    same(tonumber(script.number(v)), v)
  end
  for _, v in ipairs { 0 / 0, 1 / 0, -1 / 0, 1e308 } do
    same(script.number(v), "NaN")
  end
end)

case("a contour without a finite number cannot be drawn", function()
  local nan = 0 / 0
  local text = gnuplot.script(gr.plot.contour { { nan, nan }, { nan, nan } }, "svg")
  check(not text:find "datablock" and not text:find "%$contour", text)
end)

-- ---- Files

--- One figure of each kind, small.
local function every_kind()
  local x, y = gr.tensor { { 0, 0 }, { 1, 1 }, { 0, 1 } }, gr.tensor { 0, 1, 1 }
  local w = gr.param(gr.tensor { 1, 2 }, "w")
  return {
    plot.line({ { 3, 2, 0 / 0, 1 }, { 1, 2, 3, 4 } }, { legend = { "훈련", "b" }, title = "손실 곡선" }),
    plot.scatter({ 1, 2, 3 }, { 2, 3, 5 }, { fit = true, title = "손실 곡선" }),
    plot.hist({ 1, 2, 2, 3 }, { bins = 3, title = "손실 곡선" }),
    plot.bar({ 1, 2 }, { labels = { "가", "나" }, title = "손실 곡선" }),
    plot.image(gr.eye(4), { title = "손실 곡선" }),
    plot.images(gr.zeros(3, 2, 2), { captions = { "a", "b", "c" }, title = "손실 곡선" }),
    plot.heatmap({ { 1, 2 }, { 3, 0 / 0 } }, { title = "손실 곡선" }),
    plot.confusion({ { 1, 2 }, { 3, 4 } }, { title = "손실 곡선" }),
    plot.quiver({ 0, 1 }, { 0, 1 }, { 1, 1 }, { 1, 0 }, { title = "손실 곡선" }),
    plot.contour(
      function(a, b) return a * a + b * b end,
      { path = { { 1, 0 }, { 1, 0 } }, grid = 9, title = "손실 곡선" }
    ),
    plot.surface(function(a, b) return a * b end, { grid = 5, title = "손실 곡선" }),
    plot.boundary(function(p) return p[":, 1"]:gt(0.5) end, x, y, { grid = 9, title = "손실 곡선" }),
    plot.graph((w * w):sum(), { title = "손실 곡선" }),
  }
end

case("a kind of picture is not drawn, or differently a second time", function()
  needs_gnuplot()
  for _, figure in ipairs(every_kind()) do
    for ending, start in pairs { svg = "<?xml", png = "\x89PNG", pdf = "%PDF" } do
      local bytes = saved(figure, ending)
      same(bytes:sub(1, #start), start, figure.kind)
      check(bytes == saved(figure, ending), ("%s has other bytes as %s a second time"):format(figure.kind, ending))
      if ending == "svg" then check(bytes:find("손실 곡선", 1, true), figure.kind .. " has no Korean title") end
    end
  end
end)

-- What stands in the SVG of gnuplot 5.4: counted in pictures that were looked at.
case("a picture has other parts", function()
  needs_gnuplot()
  local bars = saved(plot.bar { 1, 2, 3 }, "svg")
  same(count(bars, "<polygon fill = 'rgb(  0, 114, 178)'"), 3)
  local points = saved(plot.scatter({ 1, 2, 3, 0 / 0 }, { 2, 3, 5, 1 }), "svg")
  same(count(points, "<use xlink:href='#gpPt6'"), 3)
  local grid = saved(plot.images(gr.zeros(7, 3, 3), { captions = { 11, 12, 13, 14, 15, 16, 17 } }), "svg")
  same(count(grid, "<image style='image-rendering:pixelated'"), 7)
  same(count(grid, "<text>1"), 7)
  local confusion = saved(plot.confusion({ { 5, 6 }, { 7, 8 } }, { classes = { "a", "b" } }), "svg")
  same({ count(confusion, "<image "), count(confusion, "<text>") }, { 1, 10 })
end)

-- A cell of 2 x 2 is 60 pixels at most, drawn twice as large; 12 around.
case("the pixels of an image are smeared or turned", function()
  needs_gnuplot()
  local t = pixels_of(plot.image { { 0, 1 }, { 0.5, 0 } })
  same(t.shape, gr.zeros(288, 288).shape)
  local function cell(i, j) -- without the frame's line
    local top, left = 24 + 120 * (i - 1), 24 + 120 * (j - 1)
    return t[("%d:%d, %d:%d"):format(top + 4, top + 117, left + 4, left + 117)]
  end
  for place, value in pairs { ["1 1"] = 0, ["1 2"] = 1, ["2 1"] = 128 / 255, ["2 2"] = 0 } do
    local i, j = place:match "(%d) (%d)"
    close({ cell(i, j):min(), cell(i, j):max() }, { value, value }, 1e-9)
  end
  local edge = t["80:100, 143:146"] -- two pixels of each cell at their common edge
  close({ edge[1][1], edge[1][2], edge[1][3], edge[1][4] }, { 0, 0, 1, 1 }, 1e-9)
end)

case("single cells, rows and constants are not drawn", function()
  needs_gnuplot()
  for _, figure in ipairs {
    plot.image { { 5 } },
    plot.image { { 1, 2, 3 } },
    plot.heatmap { { 1 }, { 2 } },
    plot.heatmap { { 0 / 0 } },
    plot.contour(gr.ones(3, 3)),
    plot.surface(gr.ones(3, 3)),
    plot.line { 0 / 0, 0 / 0 },
    plot.line({ { 0 / 0 }, { 1, 2 } }, { legend = { "a", "b" } }),
    plot.line({ { 0 / 0 } }, { legend = "a" }),
    plot.line { 1e308, -1e308, 1 },
    plot.line { 3 },
    plot.scatter({ 2, 2 }, { 1, 1 }),
    plot.hist { 3 },
    plot.bar { 0, 0 },
    plot.bar { -1, 2 },
    plot.quiver({ 0 }, { 0 }, { 0 }, { 0 }),
  } do
    check(saved(figure, "svg"):find("</svg>", 1, true), tostring(figure))
  end
end)

case("two hundred thousand points take for ever", function()
  needs_gnuplot()
  local y = gr.random.new(1):normal(0, 1, 200000)
  check(#saved(plot.line(y), "png") > 1000)
end)

--- n points at 1, 2, 3 ... of height 0 but for those given.
local function flat(n, given)
  local layer = { mark = "line", x = {}, y = {} }
  for i = 1, n do
    layer.x[i], layer.y[i] = i, given[i] or 0
  end
  return layer
end

case("of many points the highest and lowest, a gap, or their order is lost", function()
  local layer = flat(100000, { [5004] = 9, [5002] = -7, [70000] = 0 / 0, [100000] = 3 })
  local x, y = thin.line(layer, { 0, 100000 }, 100) -- 500 points for each of 200 columns
  check(#x < 4 * 200 and #x == #y, #x)
  local kept, gaps = {}, 0
  for i = 1, #x do
    check(i == 1 or x[i] > x[i - 1], "another order")
    if y[i] ~= y[i] then gaps = gaps + 1 end
    kept[x[i]] = y[i]
  end
  same({ kept[5002], kept[5004], kept[100000], kept[1], gaps }, { -7, 9, 3, 0, 1 })
end)

case("few points are thinned out, or those of a stretch that is looked at", function()
  local few = flat(1000, {})
  same(select("#", thin.line(few, { 0, 1000 }, 640)), 2)
  check(thin.line(few, { 0, 1000 }, 640) == few.x)
  local x = thin.line(flat(100000, {}), { 499.5, 599.5 }, 100)
  same({ #x, x[1], x[2], x[3], x[102], x[#x] }, { 104, 1, 499, 500, 599, 100000 })
end)

case("crowds of points are all drawn, or lone ones are not", function()
  local layer = flat(400001, {})
  for i = 1, 400000 do
    layer.x[i] = 1 + i % 2 / 1000 -- two crowds in one pixel
  end
  layer.x[400001] = 7
  local x, y = thin.points(layer, { x = { 0, 10 }, y = { -1, 1 } }, { 100, 100 })
  same({ #x, #y, x[#x] }, { 2, 2, 7 })
  same(#thin.points(layer, { x = { 20, 30 }, y = { -1, 1 } }, { 100, 100 }), 1)
end)

case("a picture of a million points takes minutes, or its data has fewer", function()
  local figure = plot.line(gr.random.new(1):normal(0, 1, 1000000))
  check(#gnuplot.script(figure, "png") < 200000)
  same(#figure.layers[1].y, 1000000)
end)

case("a file and a terminal have other colours for the same number", function()
  local layer = { mark = "cells", colour = "heat", value = { { 0, 0.3 }, { 0.7, 1 } }, lo = 0, hi = 1 }
  local figure = gr.plot.heatmap(layer.value, { values = false })
  local text = gnuplot.script(figure, "svg")
  local shown = terminal.draw(figure, { colour = true, columns = 20 })
  for _, v in ipairs { 0, 1 } do
    local red, green, blue = inks.split(inks.heat(v))
    check(text:find((" %d %d %d\n"):format(red, green, blue), 1, true), "gnuplot")
    check(shown:find(("2;%d;%d;%d"):format(red, green, blue), 1, true), "terminal")
  end
  local cell = plot.confusion { { 9, 0 }, { 0, 9 } }
  local on_high, on_low = inks.hex(inks.on(inks.heat(1))), inks.hex(inks.on(inks.heat(0)))
  same({ on_high, on_low }, { "000000", "FFFFFF" })
  check(gnuplot.script(cell, "svg"):find("set label %d+ '9' [^\n]*'#" .. on_high), "letters on the highest")
  check(gnuplot.script(cell, "svg"):find("set label %d+ '0' [^\n]*'#" .. on_low), "letters on the lowest")
end)

case("the scale of colours has crooked numbers, or none", function()
  local function texts(values)
    local list = {}
    local script_text = gnuplot.script(gr.plot.heatmap(values, { values = false, xticks = {}, yticks = {} }), "svg")
    for text in script_text:gmatch "set label %d+ '([^']*)'" do
      list[#list + 1] = text
    end
    return table.concat(list, " ")
  end
  same(texts { { -1.433, 0.2, 0.4 }, { 0.1, 0.9387, 0.3 } }, "-1 0")
  check(texts({ { 3, 3 } }) ~= "", "a scale of one number has none")
end)

case("the front of a surface's box crosses it, or numbers collide in its corner", function()
  local text = gnuplot.script(plot.surface { { 1, 2 }, { 3, 4 } }, "svg")
  local edges = tonumber(text:match "set border (%d+)")
  same({ edges & 128, edges & 1024, edges & 2048 }, { 0, 0, 0 })
  check(text:find("set xtics offset", 1, true))
end)

case("a file and a terminal show another part of the plane", function()
  local figure = plot.line({ 1, 2, 3, 4 }, { 5, 7, 6, 1000 }, { xlim = { 1, 3 } })
  local x, y = extents.of(figure, 0.04)
  same({ x, y }, { { 1, 3 }, { 4.92, 7.08 } }) -- what lies beside xlim does not count
  check(gnuplot.script(figure, "svg"):find("set xrange [1:3]; set yrange [4.92:7.08]", 1, true))
end)

case("a failure leaves half a file, or takes the old one", function()
  needs_gnuplot()
  local figure, path = plot.line { 1, 2 }, os.tmpname()
  raises("/nowhere/x.svg: could not be written: No such file", function() figure:save "/nowhere/x.svg" end)
  core.write_file(path .. ".svg", "old")
  figure:save(path .. ".svg")
  check(read(path .. ".svg"):find("<svg", 1, true))
  os.remove(path)
  os.remove(path .. ".svg")
  core.make_folder(path .. ".png")
  raises("png: is a folder, not a file", function() figure:save(path .. ".png") end)
  os.remove(path .. ".png")
end)

case("the data of a figure is lost", function()
  local path = os.tmpname() .. ".json"
  plot.line({ 1, 0 / 0 }, { title = "가" }):save(path)
  same(
    core.json_decode(read(path)),
    { kind = "line", title = "가", layers = { { mark = "line", series = 1, x = { 1, 2 }, y = { 1, "nan" } } } }
  )
  os.remove(path)
  os.remove((path:gsub("%.json$", "")))
end)

-- Pictures: each call makes the figure that it says, and what does not fit is refused with both sizes.
local gr = require "gradus"
local harness = require "harness"
local plot = gr.plot

local case = harness.suite "plot"
local same, close, check, raises = harness.same, harness.close, harness.check, harness.raises

-- ---- What the calls take

case("one vector has other x than 1, 2, 3", function()
  local f = plot.line { 5, 6, 7 }
  same(f.kind, "line")
  same(f.layers, { { mark = "line", x = { 1, 2, 3 }, y = { 5, 6, 7 }, series = 1 } })
  same(plot.line(gr.tensor { 5, 6, 7 }).layers[1].y, { 5, 6, 7 })
  same(plot.line(gr.tensor({ 5, 6, 7 }, "f32"):reshape(3, 1)).layers[1].y, { 5, 6, 7 })
end)

case("series are lost, or share an x that is not theirs", function()
  local x = gr.tensor { 0, 1 }
  same(#plot.line({ { 1, 2 }, gr.tensor { 3, 4, 5 } }).layers, 2)
  same(plot.line(x, { { 1, 2 }, { 3, 4 } }).layers[2].x, { 0, 1 })
  same(plot.line({ { 1, 2 }, { 7, 8 } }, { { 1, 2 }, { 3, 4 } }).layers[2].x, { 7, 8 })
  local pairs_of = plot.line({ { { 1, 2 }, { 3, 4 } }, { { 5, 6, 7 }, { 8, 9, 9 } } }, { legend = { "a", "b" } })
  same(pairs_of.layers[2], { mark = "line", x = { 5, 6, 7 }, y = { 8, 9, 9 }, series = 2, name = "b" })
  same(plot.line(gr.tensor { { 1, 2 }, { 3, 4 }, { 5, 6 } }).layers[2].y, { 2, 4, 6 }) -- columns
  same(plot.line({ 1, 4 }, { math.sqrt, function(v) return gr.tensor(v) end }).layers[1].y, { 1, 2 })
  same(plot.line({ 1, 4 }, math.sqrt).layers[1].y, { 1, 2 })
  same(plot.line({ gr.param(gr.tensor { 1, 2 }):sum(), gr.tensor { 4 } }).layers[1].y, { 3, 4 })
end)

case("options of a line are lost", function()
  local f = plot.line({ { 1, 2 }, { 3, 4 } }, {
    title = "손실",
    xlabel = "x",
    ylabel = "y",
    legend = { 0.1, "b" },
    xlim = { 0, 3 },
    ylim = gr.tensor { -1, 1 },
    xticks = { 0, { 1, "one" } },
    dashed = { 2 },
    marks = true,
  })
  same({ f.title, f.xlabel, f.ylabel, f.xlim, f.ylim }, { "손실", "x", "y", { 0, 3 }, { -1, 1 } })
  same(f.xticks, { { 0, "0" }, { 1, "one" } })
  same({ f.layers[1].name, f.layers[1].dashed, f.layers[2].dashed, #f.layers }, { "0.1", nil, true, 4 })
  same(f.layers[4].mark, "points")
end)

case("a scatter's line is another one", function()
  local f = plot.scatter({ 0, 1, 2 }, { 1, 3, 5 }, { fit = true })
  same({ f.layers[1].mark, f.layers[2].mark, f.layers[2].x }, { "points", "line", { 0, 2 } })
  close(f.layers[2].y, { 1, 5 }, 1e-12)
  same(f.layers[2].name, "y = 2 x + 1")
  same(plot.scatter({ 0, 2 }, { 1, 3 }, { line = { 3, -1 } }).layers[2].y, { -1, 5 })
  same(plot.scatter({ 0, 2 }, { 1, 3 }, { line = { { -1, 4 }, { 7, 8 } } }).layers[2].x, { -1, 4 })
  local w, b = gr.tensor { { 3 } }, gr.tensor { 1 }
  same(plot.scatter({ 0, 2 }, { 1, 3 }, { line = { w, b } }).layers[2].y, { 1, 7 })
  same(#plot.scatter({ 0, 2 }, { 1, 3 }, { line = { 1, 0 }, fit = true }).layers, 3)
end)

case("points get the colour of another class", function()
  local f = plot.scatter(gr.tensor { { 1, 2 }, { 3, 4 }, { 5, 6 } }, { classes = gr.tensor { 2, 0, 2 } })
  same(f.layers[1], { mark = "points", x = { 3 }, y = { 4 }, series = 1, name = "0" })
  same(f.layers[2], { mark = "points", x = { 1, 5 }, y = { 2, 6 }, series = 3, name = "2" })
  local one_hot = gr.tensor { { 0, 1 }, { 1, 0 }, { 0, 1 } }
  same(plot.scatter({ 1, 2, 3 }, { 1, 2, 3 }, { classes = one_hot, legend = { "a", "b" } }).layers[2].name, "b")
end)

-- numpy.histogram([1, 2, 1, 4, 3, 2.5], bins=3) gives [2, 2, 2] with edges 1, 2, 3, 4.
case("a histogram counts otherwise than NumPy", function()
  local f = plot.hist({ 1, 2, 1, 4, 3, 2.5 }, { bins = 3 })
  same({ f.layers[1].height, f.layers[1].x, f.layers[1].width }, { { 2, 2, 2 }, { 1.5, 2.5, 3.5 }, 1.0 })
  local tenths = {}
  for i = 0, 10 do
    tenths[i + 1] = i / 10
  end
  same(plot.hist(tenths).layers[1].height, { 1, 1, 2, 0, 1, 2, 1, 0, 1, 2 }) -- NumPy's rounding too
  same(plot.hist({ 1, 2, 3, 4, 0 / 0, 1 / 0 }, { bins = 2, density = true }).layers[1].height, { 1 / 3, 1 / 3 })
  same(plot.hist(gr.tensor { { 7, 7 }, { 7, 7 } }, { bins = 2 }).layers[1].height, { 0, 4 })
  same(plot.hist({ 1, 2, 3 }, { bins = 2, range = { 0, 2 } }).layers[1].height, { 0, 2 })
end)

case("bars stand elsewhere than their names", function()
  local f = plot.bar({ 3, 1 }, { labels = { "가", "나" } })
  same({ f.layers[1].x, f.layers[1].height, f.xticks }, { { 1, 2 }, { 3, 1 }, { { 1, "가" }, { 2, "나" } } })
  local two = plot.bar { { 3, 1 }, { 2, 2 } }
  close({ two.layers[1].x[1], two.layers[2].x[1], two.layers[1].width }, { 0.8, 1.2, 0.4 }, 1e-12)
end)

case("an image is turned, or scaled otherwise", function()
  local f = plot.image(gr.tensor { { 0, 1 }, { 2, 4 } })
  same({ f.kind, f.equal, #f.layers }, { "image", true, 1 })
  same(f.layers[1], { mark = "cells", value = { { 0, 1 }, { 2, 4 } }, colour = "gray", lo = 0, hi = 4 })
  local rgb = plot.image(gr.tensor { { { 0, 0.5, 2 } } }).layers[1]
  same({ rgb.colour, rgb.value }, { "rgb", { { { 0, 0.5, 1 } } } })
end)

case("a grid of images loses one, or its caption", function()
  local f = plot.images(
    gr.arange(0, 24):reshape(6, 4),
    { size = { 2, 2 }, captions = { 1, 2, 3, 4, 5, "여섯" }, columns = 4 }
  )
  same({ f.kind, #f.panels, f.columns, f.panels[6].title }, { "images", 6, 4, "여섯" })
  same(f.panels[6].layers[1].value, { { 20, 21 }, { 22, 23 } })
  same(plot.images({ gr.eye(2), { { 1, 2, 3 } } }).panels[2].layers[1].value, { { 1, 2, 3 } })
  same(plot.images(gr.zeros(3, 2, 5)).columns, 3)
  same(plot.images(gr.zeros(30, 2, 2)).columns, 6)
  same(plot.images(gr.zeros(2, 2, 2, 3)).panels[1].layers[1].colour, "rgb")
end)

case("a heat map or a confusion matrix shows other numbers", function()
  local f = plot.heatmap({ { 1, -0.25 }, { 1e7, 0 / 0 } }, { xlabels = { "a", "b" } })
  same(f.layers[1].text, { { "1", "-0.25" }, { "1e7", "nan" } })
  same({ f.xticks, f.yticks, f.layers[1].lo, f.layers[1].hi }, { { { 1, "a" }, { 2, "b" } }, nil, -0.25, 1e7 })
  same(plot.heatmap(gr.zeros(13, 2)).layers[1].text, nil)
  local c = plot.confusion(gr.tensor { 0, 1, 1 }, gr.tensor { 0, 0, 1 }, { classes = { "아니오", "예" } })
  same(c.layers[1].text, { { "1", "0" }, { "1", "1" } })
  same({ c.yticks[2], c.xlabel, c.ylabel }, { { 2, "예" }, "predicted", "true" })
  same(plot.confusion({ { 3, 0 }, { 1, 2 } }).layers[1].text[2], { "1", "2" })
end)

case("arrows are mixed up or cross each other", function()
  local f = plot.quiver({ 0, 1, 0, 1 }, { 0, 0, 1, 1 }, { 2, 2, 0, 0 }, gr.tensor { { 1, 0 }, { 0, 4 } })
  same({ f.layers[1].dx, f.layers[1].dy, f.layers[1].scale }, { { 2, 2, 0, 0 }, { 1, 0, 0, 4 }, 0.25 })
  same(plot.quiver({ 0 }, { 0 }, { 0 }, { 0 }).layers[1].scale, 1)
end)

case("a function's rows lie at other places", function()
  local f = plot.contour(function(x, y) return x + 10 * y end, { xlim = { 0, 2 }, ylim = { 0, 1 }, grid = 3 })
  same(f.layers[1].value, { { 0, 1, 2 }, { 5, 6, 7 }, { 10, 11, 12 } })
  local path =
    plot.contour(gr.zeros(3, 3), { path = { { { 1, 2 }, { 1, 2 } }, { { 3 }, { 3 } } }, legend = { "a", "b" } })
  same(
    { #path.layers, path.layers[3].name, path.layers[3].series, path.xlim, path.equal },
    { 5, "b", 3, { 1, 3 }, true }
  )
  same(#plot.contour(gr.zeros(2, 2), { path = { { 1, 2 }, { 1, 2 } } }).layers, 3)
  same(plot.surface(gr.tensor { { 1, 2 }, { 3, 4 } }).layers[1].value, { { 1, 2 }, { 3, 4 } })
end)

case("a decision is drawn where another was made", function()
  local x, y = gr.tensor { { 0, 0 }, { 1, 1 } }, gr.tensor { 0, 1 }
  local f = plot.boundary(
    function(p) return p[":, 2"]:gt(0.5) end,
    x,
    y,
    { xlim = { 0, 1 }, ylim = { 0, 1 }, grid = 3, classes = { "a", "b" } }
  )
  same(f.layers[1], { mark = "region", value = { { 0, 0, 0 }, { 0, 0, 0 }, { 1, 1, 1 } }, x = { 0, 1 }, y = { 0, 1 } })
  same({ f.layers[2].name, f.layers[3].x, f.layers[3].series }, { "a", { 1 }, 2 })
  local net = gr.nn.sequential { gr.nn.dense(2, 3) }
  same(#plot.boundary(net, x:to "f32", y, { grid = 5 }).layers[1].value, 5)
end)

case("a graph's box has no value or gradient", function()
  local w = gr.param(gr.tensor { 1, 2 }, "w")
  local y = (w * 3):sum()
  y:backward()
  local nodes = plot.graph(y).layers[1].nodes
  same(nodes[1].lines, { "param 'w'  2", "= [1 2]", "grad [3 3]" })
  same(nodes[#nodes].inputs, { #nodes - 1 })
  check(nodes[1].label:find("#1 param 'w'", 1, true), nodes[1].label)
end)

case("a training's curves are missing", function()
  local x = gr.tensor { { 0 }, { 1 }, { 2 } }
  local net = gr.nn.sequential { gr.nn.dense(1, 1) }
  local options = {
    loss = gr.nn.mse(),
    optimizer = gr.optim.sgd { lr = 0.1 },
    epochs = 3,
    validation = { x, x },
    metrics = { "mse" },
  }
  local losses, metrics = net:fit(x, x, options):plot { title = "t" }
  same(
    { #losses.layers, losses.layers[2].name, losses.layers[2].dashed, #losses.layers[1].y },
    { 2, "val_loss", true, 3 }
  )
  same({ losses.xlabel, losses.ylabel, losses.title, metrics.layers[1].name }, { "epoch", "loss", "t", "mse" })
  options.validation, options.metrics = nil, nil
  local history = net:fit(x, x, options)
  same(select("#", history:plot()), 1)
  same({ history:plot().legend }, {})
  raises("history:plot: unknown option 'colour'", function() history:plot { colour = 1 } end)
end)

case("a figure is printed as a table's address", function()
  same(tostring(plot.line({ 1, 2 }, { title = "손실" })), "figure line '손실': line (2 points)")
  same(tostring(plot.images(gr.zeros(3, 2, 2))), "figure images: 3 images")
  same(tostring(plot.image(gr.zeros(3, 2))), "figure image: cells (3 x 2)")
end)

-- ---- What they refuse

local function refuses(name, pattern, f)
  case(name, function() raises(pattern, f) end)
end

refuses(
  "an unknown option is taken",
  "plot.line: unknown option 'titel' %(did you mean 'title'%?%); known: dashed legend",
  function() plot.line({ 1 }, { titel = "x" }) end
)
refuses(
  "an unknown picture is nil",
  "gr.plot has no 'sctter' %(did you mean 'scatter'%?%)",
  function() plot.sctter() end
)
refuses("nothing is drawn", "plot.line: y is empty: there is nothing to draw", function() plot.line {} end)
refuses(
  "nil is drawn",
  "plot.line: y must be a vector: a tensor or a list of numbers, got nil",
  function() plot.line(nil) end
)
refuses(
  "lengths differ",
  "plot.line: x has 3 numbers but y has 2: there must be as many",
  function() plot.line({ 1, 2, 3 }, { 1, 2 }) end
)
refuses(
  "a second series is longer",
  "plot.line: x%[2%] has 2 numbers but y%[2%] has 3",
  function() plot.line({ 1, 2 }, { { 1, 2 }, { 1, 2, 3 } }) end
)
refuses(
  "three arguments are drawn",
  "plot.line: expected %(y%), %(x, y%) or lists of them, got 3 arguments: several series",
  function() plot.line({ 1 }, { 1 }, { 1 }) end
)
refuses(
  "options stand among the data",
  "plot.line: y has a field 'title' among its positions: options come behind",
  function() plot.line { 1, 2, title = "x" } end
)
refuses("a text is a number", 'plot.line: y%[2%] must be a number, got "b"', function() plot.line { 1, "b" } end)
refuses(
  "legend and series differ",
  "plot.line: legend has 1 texts for 2 series",
  function() plot.line({ { 1 }, { 2 } }, { legend = "a" }) end
)
refuses(
  "limits are swapped",
  "plot.line: ylim must be { lo, hi } with lo < hi, got { 2, 1 }",
  function() plot.line({ 1 }, { ylim = { 2, 1 } }) end
)
refuses(
  "a series that is not there is dashed",
  "plot.line: dashed names series 2 of 1",
  function() plot.line({ 1 }, { dashed = { 2 } }) end
)
refuses(
  "a matrix of three columns is scattered",
  "plot.scatter: expected x and y, or a tensor of 2 columns, got a tensor %(4 x 3%)",
  function() plot.scatter(gr.zeros(4, 3)) end
)
refuses(
  "a vertical cloud is fitted",
  "plot.scatter: fit needs at least two different x",
  function() plot.scatter({ 1, 1 }, { 1, 2 }, { fit = true }) end
)
refuses(
  "a class is no class",
  "plot.scatter: classes%[2%] is 0.5: classes are whole numbers and count from 0",
  function() plot.scatter({ 1, 2 }, { 1, 2 }, { classes = { 0, 0.5 } }) end
)
refuses(
  "classes are fewer",
  "plot.scatter: classes has 1 numbers but x has 2",
  function() plot.scatter({ 1, 2 }, { 1, 2 }, { classes = { 0 } }) end
)
refuses("no number is counted", "plot.hist: none of the 2 values is finite", function() plot.hist { 0 / 0, 1 / 0 } end)
refuses(
  "bins are a fraction",
  "plot.hist: bins must be a whole number of at least 1, got 2.5",
  function() plot.hist({ 1 }, { bins = 2.5 }) end
)
refuses(
  "names of bars are fewer",
  "plot.bar: labels has 1 texts for 2 bars",
  function() plot.bar({ 1, 2 }, { labels = { "a" } }) end
)
refuses(
  "a row of pixels is an image",
  "plot.image: pixels must be a matrix .* got a vector %(784%): pixels:reshape%(28, 28%) makes it one",
  function() plot.image(gr.zeros(784)) end
)
refuses(
  "a matrix of one row is an image",
  "plot.image: .* got a tensor %(1 x 784%): pixels:reshape%(28, 28%)",
  function() plot.image(gr.zeros(1, 784)) end
)
refuses(
  "rows of pixels are images",
  "plot.images: images%[1%] must be a matrix .* got a vector %(784%): images%[1%]:reshape%(28, 28%)",
  function() plot.images(gr.zeros(3, 784)) end
)
refuses(
  "a size does not fit",
  "plot.images: size must be { height, width } with as many pixels as an image has %(784%), got { 28, 27 }",
  function() plot.images(gr.zeros(3, 784), { size = { 28, 27 } }) end
)
refuses(
  "captions are fewer",
  "plot.images: captions has 1 texts for 3 images",
  function() plot.images(gr.zeros(3, 2, 2), { captions = { "a" } }) end
)
refuses(
  "thousands of images are drawn",
  "plot.images: 1001 images are too many",
  function() plot.images(gr.zeros(1001, 2, 2)) end
)
refuses("counts are not square", "plot.confusion: counts is 2 x 3", function() plot.confusion(gr.zeros(2, 3)) end)
refuses(
  "a column has no name",
  "plot.heatmap: xlabels has 1 texts for 3 columns",
  function() plot.heatmap(gr.zeros(2, 3), { xlabels = { "a" } }) end
)
refuses(
  "arrows are fewer",
  "plot.quiver: dy has 1 numbers but x has 2",
  function() plot.quiver({ 1, 2 }, { 1, 2 }, { 1, 2 }, { 1 }) end
)
refuses(
  "a function gives nothing",
  "plot.contour: what the function gives for %(%-1.*%) must be a number, got nil",
  function()
    plot.contour(function() end)
  end
)
refuses("a model has three inputs", "plot.boundary: x is 4 x 3, but a plane has points of 2 columns", function()
  plot.boundary(function(p) return p end, gr.zeros(4, 3), gr.zeros(4))
end)
refuses(
  "a model answers with less",
  "plot.boundary: the model must give a class for each of 9 rows, got a tensor %(2%)",
  function()
    plot.boundary(function() return gr.zeros(2) end, gr.zeros(4, 2), gr.zeros(4), { grid = 3 })
  end
)
refuses("a number has a graph", "plot.graph: y must be a tensor, got 3", function() plot.graph(3) end)
refuses(
  "a file has no picture's ending",
  'save: a figure is saved as .svg, .png, .pdf or .json .*: got "x.gif"',
  function() plot.line({ 1 }):save "x.gif" end
)

-- ---- Limits and figures that cannot be drawn

for _, one in ipairs {
  {
    "no picture reaches",
    { 0, 1e301 },
    "xlim must be { lo, hi } with lo < hi, between %-1e150 and 1e150, got { 0, 1e%+301 }",
  },
  {
    "no ticks can be told apart",
    { 0, 1e-310 },
    "with lo < hi, at least 1e%-140 apart %(1e%-10 of the larger one, and 1e%-140%)",
  },
  { "lie in the last digits", { 1, 1 + 1e-12 }, "with lo < hi, at least 1e%-10 apart" },
} do
  refuses(
    "limits that " .. one[1] .. " are gnuplot's matter",
    one[3],
    function() plot.line({ 1 }, { xlim = one[2] }) end
  )
end

--- A figure that a script has changed, and what is said of it.
local function refuses_changed(name, pattern, figure, change)
  refuses(name, "save: the figure's " .. pattern .. ".* but it was changed", function()
    change(figure)
    check(type(tostring(figure)) == "string")
    figure:save "refused.svg"
  end)
end

refuses_changed(
  "a figure without layers fails within",
  "layers must be a list of at least one layer, got a table without %[1%]",
  plot.line { 1, 2 },
  function(f) f.layers[1] = nil end
)
refuses_changed(
  "a layer without data fails within",
  "layers%[1%].y must be a list of numbers, got nil",
  plot.line { 1, 2 },
  function(f) f.layers[1].y = nil end
)
refuses_changed(
  "a list that was cut fails within",
  "layers%[1%].y must be as long as its x %(2%), got a table of 1",
  plot.line { 1, 2 },
  function(f) f.layers[1].y[2] = nil end
)
refuses_changed(
  "an unknown mark fails within",
  'layers%[1%].mark must be one of arrows, bars, cells, .*, got "dots"',
  plot.line { 1, 2 },
  function(f) f.layers[1].mark = "dots" end
)
refuses_changed(
  "a text with two lines fails within",
  "title must be a text of one line without control characters, got",
  plot.line { 1, 2 },
  function(f) f.title = "a\nb" end
)
refuses_changed(
  "swapped limits fail within",
  "ylim must be { lo, hi } with lo < hi, got a table of 2",
  plot.line { 1, 2 },
  function(f) f.ylim = { 2, 1 } end
)
refuses_changed(
  "uneven rows fail within",
  "layers%[1%].value must be a list of rows of numbers, all of one length",
  plot.image(gr.eye(3)),
  function(f) f.layers[1].value[2] = { 1 } end
)
refuses_changed(
  "a panel that is none fails within",
  "panels%[2%].layers must be a list",
  plot.images(gr.zeros(3, 2, 2)),
  function(f) f.panels[2].layers = nil end
)

case("class labels of a tensor are drawn as 0.0 1.0 2.0", function()
  local figure = plot.images(gr.zeros(3, 2, 2), { captions = gr.tensor { 0, 1, 2 } })
  same({ figure.panels[1].title, figure.panels[3].title }, { "0", "2" })
  figure = plot.images(gr.zeros(2, 2, 2), { captions = gr.tensor { 0.5, 1 } })
  same({ figure.panels[1].title, figure.panels[2].title }, { "0.5", "1.0" })
end)

-- The contact sheet of gr.plot: every kind of picture, with Korean and hostile titles, tiny and large data, on one HTML page.
-- Run:     gradus scripts/tools/gallery.lua --out=build/gallery     (`make gallery` does)
-- Expect:  index.html, and for each picture an SVG, a PNG and a PDF, in about ten seconds.
local core = require "gradus.core"
local gr = require "gradus"
local plot, nn = gr.plot, gr.nn
local run = gr.run { name = "gallery", seed = 0, out = "build/gallery" }

local sheet = {} -- { name, words, figure }, in order
local function add(name, words, figure) sheet[#sheet + 1] = { name = name, words = words, figure = figure } end

-- ---- Lines

local x = gr.linspace(-5, 5, 101)
add(
  "line",
  "functions, with a legend",
  plot.line(x, { x:sigmoid(), x:gt(0) }, {
    title = "시그모이드와 계단 함수",
    legend = { "시그모이드", "계단" },
    xlabel = "x",
    ylabel = "y",
    ylim = { -0.1, 1.1 },
  })
)
local slopes = {}
for i, at in ipairs { 5, 10 } do
  slopes[i] = function(v) return (0.02 * at + 0.1) * (v - at) + 0.01 * at ^ 2 + 0.1 * at end
end
add(
  "tangents",
  "a function and its tangents",
  plot.line(gr.linspace(0, 20, 81), { function(v) return 0.01 * v ^ 2 + 0.1 * v end, slopes[1], slopes[2] }, {
    title = "f(x) = 0.01x^2 + 0.1x",
    xlabel = "x",
    ylabel = "f(x)",
    legend = { "f", "x = 5", "x = 10" },
    dashed = { 2, 3 },
  })
)
add(
  "hostile",
  "what a shell or gnuplot might obey",
  plot.line({ 1, 3, 2 }, {
    title = [["'; set output '/tmp/x'; system("date") `date` @x A_1^{2} \n %d %s $HOME <b>&amp;</b>]],
    xlabel = [[`id` it's 100 % "quoted"]],
    legend = { [[</title><script>alert(1)</script> 'a']] },
  })
)
local walk = gr.random.normal(0, 1, 100000):totable()
for i = 2, #walk do
  walk[i] = walk[i - 1] + walk[i]
end
add("large", "100,000 points, a gap", plot.line(walk, { title = "십만 개의 점" }))
add("tiny", "one point; eight series", plot.line({ 2 }, { title = "점 하나", marks = true }))
local eight, names = {}, {}
for i = 1, 8 do
  eight[i], names[i] = (x * (i / 4)):tanh() * i, ("tanh %d"):format(i)
end
add("eight", "eight series", plot.line(x, eight, { legend = names, title = "여덟 개의 계열" }))

-- ---- Points and bars

local diabetes = gr.data.diabetes()
local bmi = diabetes.x[":, 3"]
add(
  "scatter",
  "a fitted line",
  plot.scatter(
    bmi,
    diabetes.y,
    { title = "당뇨병: 체질량 지수와 진행도", xlabel = "bmi", ylabel = "진행도", fit = true }
  )
)
local iris = gr.data.iris()
add(
  "classes",
  "points by class",
  plot.scatter(iris.x[":, 3"], iris.x[":, 4"], {
    classes = iris.y,
    legend = iris.classes,
    title = "붓꽃",
    xlabel = "꽃잎 길이",
    ylabel = "꽃잎 너비",
  })
)
add(
  "hist",
  "a histogram",
  plot.hist(
    gr.random.normal(0, 1, 5000),
    { bins = 40, title = "표준 정규 분포", xlabel = "x", ylabel = "개수" }
  )
)
local clothes = {
  "티셔츠/윗도리",
  "바지",
  "스웨터",
  "드레스",
  "코트",
  "샌들",
  "셔츠",
  "스니커즈",
  "가방",
  "앵클부츠",
}
add(
  "bar",
  "bars with names",
  plot.bar({ 1, 3, 2, 5, 4, 7, 6, 9, 8, 10 }, { labels = clothes, title = "종류별 개수" })
)
add(
  "bars",
  "side by side",
  plot.bar(
    { { 0.9, 0.8, 0.7 }, { 0.8, 0.75, 0.5 } },
    { labels = { "sgd", "adam", "rmsprop" }, legend = { "훈련", "시험" }, ylim = { 0, 1 } }
  )
)

-- ---- Cells

local digits = gr.data.digits()
local cup = gr.data.sample_image().x
add("image", "one image", plot.image(cup, { title = "컵" }))
add(
  "pixels",
  "eight by eight, with its scale",
  plot.image(digits.x[1]:reshape(8, 8), { title = "숫자 0", scale = true })
)
local red_to_blue = {}
for i = 1, 12 do
  red_to_blue[i] = {}
  for j = 1, 24 do
    red_to_blue[i][j] = { j / 24, i / 12, 1 - j / 24 }
  end
end
add("colours", "red, green, blue", plot.image(gr.tensor(red_to_blue), { title = "색" }))
local captions = {}
for i = 1, 25 do
  captions[i] = ("숫자 %d"):format(digits.y[i])
end
add(
  "images",
  "a grid with captions",
  plot.images(digits.x["1:25"], { size = { 8, 8 }, captions = captions, title = "손글씨 숫자" })
)
add("many", "two hundred images", plot.images(digits.x["1:200"], { size = { 8, 8 }, columns = 20 }))
add(
  "heatmap",
  "numbers in their cells",
  plot.heatmap(gr.random.normal(0, 1, 5, 7), { title = "가중치", xlabel = "출력", ylabel = "입력" })
)
add(
  "heat",
  "a larger matrix",
  plot.heatmap((gr.random.normal(0, 1, 60, 4):dot(gr.random.normal(0, 1, 4, 90))), { title = "60 x 90" })
)
local guess = digits.y:clone()
for i = 1, #guess, 7 do
  guess[i] = (guess[i] + i) % 10
end
add("confusion", "counts", plot.confusion(digits.y, guess, { title = "혼동 행렬" }))
add(
  "names",
  "with names",
  plot.confusion(gr.metrics.confusion(digits.y, guess), { classes = clothes, xlabel = "예측", ylabel = "정답" })
)

-- ---- Planes

local gx, gy, dx, dy = {}, {}, {}, {}
for i = -2, 2, 0.25 do
  for j = -2, 2, 0.25 do
    gx[#gx + 1], gy[#gy + 1], dx[#dx + 1], dy[#dy + 1] = i, j, -2 * i, -2 * j
  end
end
add(
  "quiver",
  "a gradient field",
  plot.quiver(gx, gy, dx, dy, { title = "기울기", xlabel = "x0", ylabel = "x1", xlim = { -2, 2 }, ylim = { -2, 2 } })
)

local function f(a, b) return a ^ 2 / 20 + b ^ 2 end
local function descent(rate)
  local px, py = { -7 }, { 2 }
  for i = 1, 30 do
    px[i + 1], py[i + 1] = px[i] - rate * px[i] / 10, py[i] - rate * 2 * py[i]
  end
  return { px, py }
end
add(
  "contour",
  "descent at three rates",
  plot.contour(f, {
    xlim = { -10, 10 },
    ylim = { -5, 5 },
    path = { descent(0.1), descent(0.5), descent(0.95) },
    legend = { "학습률 0.1", "학습률 0.5", "학습률 0.95" },
    title = "경사 하강법",
  })
)
add(
  "surface",
  "the same from the side",
  plot.surface(
    f,
    { xlim = { -10, 10 }, ylim = { -5, 5 }, title = "f(x, y) = x^2/20 + y^2", xlabel = "x", ylabel = "y" }
  )
)

local points = gr.random.normal(0, 1, 200, 2)
local inside = (points * points):sum(2):lt(1.2)
local net = nn.sequential { nn.dense(2, 8), nn.tanh(), nn.dense(8, 1) }
local history = net:fit(points, inside:reshape(-1, 1), {
  loss = nn.logistic(),
  optimizer = gr.optim.adam { lr = 0.05 },
  epochs = 200,
  validation = { points, inside:reshape(-1, 1) },
  metrics = { "accuracy" },
})
add(
  "boundary",
  "what a net decides",
  plot.boundary(net, points, inside, { classes = { "밖", "안" }, title = "결정 경계" })
)
local losses, accuracies = history:plot()
add("losses", "history:plot(), first", losses)
add("accuracies", "history:plot(), second", accuracies)

local w, b = gr.param(gr.tensor { { 0.5 }, { -1 } }, "가중치 w"), gr.param(gr.tensor { 0.1 }, "b")
local loss = nn.mse()(gr.tensor({ { 1, 2 }, { 3, 4 } }):dot(w) + b, gr.tensor { { 1 }, { 0 } })
loss:backward()
add("graph", "a computation, with gradients", plot.graph(loss, { title = "계산 그래프" }))

-- ---- The page

local function escaped(text)
  return (text:gsub('[&<>"]', { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

local page = {
  '<!DOCTYPE html>\n<html lang="ko"><head><meta charset="utf-8"><title>gradus: gr.plot</title>',
  "<style>body { font-family: NanumGothic, 'Malgun Gothic', 'Apple SD Gothic Neo', sans-serif; margin: 2em; }",
  ".sheet { display: flex; flex-wrap: wrap; gap: 1.5em; } figure { margin: 0; border: 1px solid #ddd; padding: 0.5em; }",
  "img { max-width: 640px; } figcaption { font-size: 90%; color: #444; }</style></head>",
  '<body><h1>gr.plot</h1><div class="sheet">',
}
core.make_folder(run.out)
for _, entry in ipairs(sheet) do
  local links = {}
  for i, ending in ipairs { "svg", "png", "pdf" } do
    local file = ("%s.%s"):format(entry.name, ending)
    entry.figure:save(("%s/%s"):format(run.out, file))
    links[i] = ('<a href="%s">%s</a>'):format(file, ending)
  end
  local caption = ("%s: %s &nbsp; %s"):format(entry.figure.kind, escaped(entry.words), table.concat(links, " "))
  page[#page + 1] = ('<figure><img src="%s.svg" alt="%s"><figcaption>%s</figcaption></figure>'):format(
    entry.name,
    escaped(entry.figure.title or entry.words),
    caption
  )
end
page[#page + 1] = "</div></body></html>\n"
core.write_file(run.out .. "/index.html", table.concat(page, "\n"))
print(("%d pictures in %s/index.html"):format(#sheet, run.out))

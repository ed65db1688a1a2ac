-- Reports of runs: no text of a record becomes part of the page but as text; curves over epochs; tables for a terminal.
local columns = require "gradus.columns"
local core = require "gradus.core"
local csv_field = require "gradus.csv_field"
local curve_svg = require "gradus.curve_svg"
local curves = require "gradus.curves"
local digest = require "gradus.digest"
local harness = require "harness"
local hexadecimal = require "gradus.hexadecimal"
local html = require "gradus.html"
local report_page = require "gradus.report_page"
local shortest = require "gradus.shortest"

local case = harness.suite "report"
local same, check = harness.same, harness.check
local e = html.element

-- ---- Escaping

local function text_of(...) return tostring(e("p", nil, ...)) end

case("a text becomes a tag", function()
  same(text_of "</p><script>alert(1)</script>", "<p>&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;</p>")
  same(text_of "a & b &amp; ]]>", "<p>a &amp; b &amp;amp; ]]&gt;</p>")
end)

case(
  "a value ends its attribute",
  function()
    same(
      tostring(e("img", { alt = [["><script>'x' & y]], src = "x" })),
      [[<img alt="&quot;&gt;&lt;script&gt;&#39;x&#39; &amp; y" src="x">]]
    )
  end
)

case("bytes that a page cannot hold are put into it", function()
  same(text_of "a\0b\27[31m\127", "<p>a\u{fffd}b\u{fffd}[31m\u{fffd}</p>")
  same(text_of "\xff\xfe<", "<p>\u{fffd}\u{fffd}&lt;</p>")
  same(text_of "한글\t\n", "<p>한글\t\n</p>")
end)

case(
  "elements are escaped twice, or lists are left out",
  function()
    same(text_of(e("b", nil, "<"), { 1, { " ", e("i", nil, "&") } }, nil, 0.5), "<p><b>&lt;</b>1 <i>&amp;</i>0.5</p>")
  end
)

case(
  "a table that looks like an element is taken for one",
  function() same(text_of { text = "<script>" }, "<p></p>") end
)

case("an element of SVG stays open, and what follows is not drawn", function()
  same(tostring(e("svg", nil, e("line", { x1 = 1 }), e("rect"))), '<svg><line x1="1"></line><rect></rect></svg>')
  same(tostring(e("br")), "<br>")
end)

case("JSON in a page ends its element, or comes back as something else", function()
  local value = { ["</script><!--"] = "\u{2028}&'\"<![CDATA[ ]]>", list = { 1, 0.1, false } }
  local text = tostring(html.json("data", value))
  local inside = text:match '^<script type="application/json" id="data">(.*)</script>$'
  check(inside and not inside:find "[<>&\u{2028}]", "it has letters that mean something to a page")
  same(core.json_decode(inside), value)
end)

case("a page lets a script run that is not its own", function()
  local page = html.page { title = "</title>", style = "b{}", script = "f('</script><!--')", body = "<b>" }
  check(page:find("<title>&lt;/title&gt;</title>", 1, true) and page:find("<body>&lt;b&gt;", 1, true), page)
  check(page:find("<script>f('<\\/script><\\!--')</script>", 1, true), "its own script ends too early")
  check(
    page:find("default-src &#39;none&#39;; img-src data:; style-src &#39;sha256-", 1, true),
    "it may load something"
  )
  check(not page:find "unsafe", "it runs any script")
  check(
    html.page({ title = "", style = "", body = "" }):find("script-src &#39;none&#39;", 1, true),
    "it may run scripts"
  )
end)

case("the hash in a page's policy is not that of its script", function()
  -- echo -n 'alert(1)' | openssl dgst -sha256 -binary | base64
  local page = html.page { title = "", style = "", script = "alert(1)", body = "" }
  check(page:find("script-src &#39;sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI=&#39;", 1, true), page)
end)

case("a text of a record speaks to the terminal", function()
  same(digest.line "a\27[31m\n\tb\u{9b}31m\u{202e}c\127", "a?[31m??b?31m?c?")
  same(digest.line "\xff\xc0한", "?????")
  same(digest.line "a\u{2028}b\u{2029}c\u{200f}d", "a?b?c?d")
  same(digest.lines "a\n\tb\27[2J", "a\n\tb?[2J")
end)

-- ---- Values

case("values of a record come out otherwise", function()
  same(digest.text(0.1 + 0.2), "0.30000000000000004")
  same(digest.text { number = "nan" }, "nan")
  same(digest.text { bytes = "4142ff" }, "AB?")
  same(digest.text { tensor = "2", values = { 1.5, 2 }, sha256 = "ab" }, "[1.5,2]")
  same(digest.text { tensor = "784 x 50", sha256 = ("a"):rep(64) }, "tensor 784 x 50 aaaaaaaaaaaa")
  same(digest.cell(1 / 3), "0.333333")
  same(digest.flat { a = { b = { c = 1 }, list = { 1, 2 } }, d = { number = "inf" } }, {
    ["a.b.c"] = 1,
    ["a.list"] = { 1, 2 },
    d = math.huge,
  })
end)

case("a long value that is cut inside a letter loses all its letters", function()
  for extra = 0, 2 do
    local text = digest.text { ("a"):rep(extra) .. ("한"):rep(100) }
    check(text:find "한한" and not text:find("?", 1, true), text)
  end
end)

case("the beginning of a text ends in half a letter, or lacks one that fits", function()
  for most, fits in pairs {
    [0] = 0,
    [2] = 0,
    [3] = 3,
    [5] = 3,
    [6] = 6,
    [7] = 7,
    [10] = 7,
    [11] = 11,
    [12] = 12,
    [13] = 12,
  } do
    local text, left_out = digest.first("한글a\u{1f600}z", most)
    same({ #text, left_out, utf8.len(text) ~= nil }, { fits, 12 - fits, true })
  end
  same({ digest.first(("\xb0"):rep(9), 6) }, { ("\xb0"):rep(6), 3 }) -- no UTF-8: as it is
end)

case("a number of bytes is not told in the largest unit that fits", function()
  local told = { [0] = "0 bytes", [1] = "1 byte", [1023] = "1023 bytes", [1024] = "1 KB", [1536] = "1.5 KB" }
  told[20 << 20], told[1 << 30] = "20 MB", "1 GB"
  for bytes, text in pairs(told) do
    same(digest.bytes(bytes), text)
  end
end)

case("a number does not read back equal, or has digits that it does not need", function()
  same(shortest(0.1), "0.1")
  same(shortest(0.1 + 0.2), "0.30000000000000004")
  for _, value in ipairs { 1 / 3, 2 / 3, 1e-300, 5e-324, 1.7976931348623157e308, -123456789.12345678 } do
    same(tonumber(shortest(value)), value)
  end
end)

case("a field of a CSV file does not come out as RFC 4180 has it", function()
  same(csv_field "a b", "a b")
  same(csv_field 'a, "b"', '"a, ""b"""')
  same(csv_field "a\nb", '"a\nb"')
  same(csv_field "a\rb", '"a\rb"')
end)

case("bytes do not come back from their digits", function()
  local bytes = "\0\1\x7f\xffA\n"
  same(hexadecimal.of(bytes), "00017fff410a")
  same(hexadecimal.bytes(hexadecimal.of(bytes)), bytes)
end)

case("seconds are written in powers of ten", function()
  same(digest.seconds(0.0456), "0.0456 s")
  same(digest.seconds(12345.6), "12346 s")
  same(digest.seconds(nil), "")
end)

case("a command line comes out so that a shell would run something else", function()
  same(digest.quote "runs/2026_손실_a1b2c3", "runs/2026_손실_a1b2c3")
  same(digest.quote "a b; rm -rf 'x'", [['a b; rm -rf '\''x'\''']])
  same(digest.quote "", "''")
end)

-- ---- Curves

--- A record of epochs and of lines that run:log was given.
local function run_of(losses, logged)
  local lines = { { kind = "fit", fit = 1 } }
  for i, loss in ipairs(losses) do
    lines[#lines + 1] = {
      kind = "epoch",
      fit = 1,
      epoch = i,
      values = { loss = loss, val_loss = type(loss) == "number" and 2 * loss or nil, accuracy = 0.5 },
    }
  end
  for _, values in ipairs(logged or {}) do
    lines[#lines + 1] = { kind = "log", values = values }
  end
  return { lines = lines, about = { settings = {} }, results = {} }
end

case("a training's figures are not drawn with those of the held-out data", function()
  local charts = curves.of({ run_of { 3, 2 } }, { "a" })
  same({ charts[1].title, charts[1].x, #charts, #charts[1].series }, { "loss", "epoch", 2, 2 })
  local held = charts[1].series[2]
  same({ held.label, held.held, held.x, held.y }, { "val_loss", true, { 1, 2 }, { 6, 4 } })
end)

case("runs are not drawn over each other", function()
  local charts = curves.of({ run_of { 3, 2 }, run_of { 5 } }, { "lr=1", "lr=2" })
  same(#charts[1].series, 4)
  same(charts[1].series[3].label, "lr=2 loss")
  same(curves.columns(charts[1]), { { 1, 2 }, { 3, 2 }, { 6, 4 }, { 5, false }, { 10, false } })
  same({ curves.colour(charts[1], 2, 2), curves.colour(charts[1], 3, 2), curves.colour(charts[1], 2, 1) }, { 1, 2, 2 })
end)

case("figures of run:log are not drawn over the epoch that they tell", function()
  local charts = curves.of(
    { run_of({}, { { epoch = 5, error = 3 }, { epoch = 10, error = 2, text = "no figure" } }) },
    { "a" }
  )
  same({ #charts, charts[1].title, charts[1].x, charts[1].series[1].x }, { 1, "run:log: error", "epoch", { 5, 10 } })
  charts = curves.of({ run_of({}, { { error = 3 }, { error = 2 } }) }, { "a" })
  same({ charts[1].x, charts[1].series[1].x }, { "line", { 1, 2 } })
end)

case("figures that no axis has room for stop the drawing", function()
  local odd = { { number = "nan" }, { number = "inf" }, 1e308, -1e308, 2, 2 }
  local chart = curves.of({ run_of(odd) }, { "a" })[1]
  same(chart.series[1].y, { 2, 2 })
  check(tostring(curve_svg(chart, 1)):find "<polyline", "nothing is drawn")
  for _, losses in ipairs { { 5 }, { 0, 0 }, { 1, 1 + 2 ^ -52 }, { 1e299, -1e299 }, { 1e-300, 2e-300 } } do
    local text = tostring(curve_svg(curves.of({ run_of(losses) }, { "a" })[1], 1))
    check(not text:find "nan" and not text:find "inf", text)
  end
end)

case("a peak is lost where points are left out", function()
  local x, y = {}, {}
  for i = 1, 100000 do
    x[i], y[i] = i, 0
  end
  y[54321], y[54322] = 7, -7
  local less_x, less_y = curves.thin({ x = x, y = y }, 1000)
  check(#less_x <= 1000 and #less_x == #less_y, #less_x)
  same({ math.max(table.unpack(less_y)), math.min(table.unpack(less_y)) }, { 7, -7 })
  for i = 2, #less_x do
    check(less_x[i] > less_x[i - 1], "x goes back")
  end
end)

case("a hostile name stands in a drawing as it is", function()
  local run = run_of({}, { { ["</svg><script>"] = 1 }, { ["</svg><script>"] = 2 } })
  local text = tostring(curve_svg(curves.of({ run }, { "a" })[1], 1))
  check(not text:find "<script" and text:find("&lt;/svg&gt;&lt;script&gt;", 1, true), text)
end)

-- ---- Tables for a terminal

local titles = { { title = "id", whole = true }, { title = "name" }, { title = "a.long.title", right = true } }
local rows = { { "a1b2c3", "이름이 긴 실험", "0.5" }, { "d", "x", "12" } }

case(
  "a table is not laid out in columns",
  function()
    same(columns.lay_out(titles, rows), {
      "id      name            a.long.title",
      "a1b2c3  이름이 긴 실험           0.5",
      "d       x                         12",
    })
  end
)

case("a table is wider than the terminal", function()
  local lines, left_out = columns.lay_out(titles, rows, 32)
  same(lines, {
    "id      name            …g.title",
    "a1b2c3  이름이 긴 실험       0.5",
    "d       x                     12",
  })
  same(left_out, {})
  lines, left_out = columns.lay_out(titles, rows, 18)
  same({ lines[2], left_out }, { "a1b2c3  이름이 …", { "a.long.title" } })
end)

-- ---- What runs are called beside each other

--- Labels of runs that are given as { id, name, settings }.
local function labels(...)
  local runs = {}
  for i, one in ipairs { ... } do
    runs[i] = { folder = "runs/x_" .. one[1], about = { name = one[2], settings = one[3] } }
  end
  return report_page.labels(runs)
end

case(
  "a run of another script hides what tells the others apart",
  function()
    same(
      labels(
        { "aa", "wine", { lr = 0.1, act = "tanh", k = 1 } },
        { "bb", "wine", { lr = 0.2, act = "tanh", k = 1 } },
        { "cc", "digits", { lr = 0.5, act = "relu", k = 2, epochs = 3, seed = 1 } }
      ),
      { "lr=0.1", "lr=0.2", "digits" }
    )
  end
)

case("two runs have one heading, or runs of one name are called in different ways", function()
  same(labels({ "aa", "a", { lr = 1 } }, { "bb", "a", { lr = 1 } }), { "aa", "bb" })
  same(
    labels({ "aa", "a", { lr = 1 } }, { "bb", "a", { lr = 1 } }, { "cc", "a", { lr = 2 } }),
    { "lr=1 (aa)", "lr=1 (bb)", "lr=2" }
  )
  same(
    labels({ "aa", "a", { lr = 1 } }, { "bb", "a", { lr = 2 } }, { "cc", "b", { lr = 1 } }, { "dd", "b", { lr = 3 } }),
    { "a lr=1", "a lr=2", "b lr=1", "b lr=3" }
  )
  same(
    labels({ "aa", "a", { a = 1, b = 1, c = 1, d = 1 } }, { "bb", "a", { a = 2, b = 2, c = 2, d = 2 } }),
    { "aa", "bb" }
  )
end)

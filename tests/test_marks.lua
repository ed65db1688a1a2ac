-- What marking writes for people: a table for spreadsheets, a page for each student, one for the class. No text of a submission becomes
-- anything but text.
local alike_page = require "gradus.alike_page"
local class_figures = require "gradus.class_figures"
local class_page = require "gradus.class_page"
local core = require "gradus.core"
local excerpt = require "gradus.excerpt"
local harness = require "harness"
local marks_csv = require "gradus.marks_csv"
local marks_page = require "gradus.marks_page"
local marks_words = require "gradus.marks_words"
local options = require "gradus.options"
local roster = require "gradus.roster"

local case = harness.suite "marks"
local same, check = harness.same, harness.check

local questions = { { name = "q1" }, { name = "q2" } }

--- A record with the points of its checks, by question.
local function record_of(id, points, more)
  local record = {
    format = 1,
    engine = "0.1.0",
    assignment = { name = "inverse", title = "A matrix and a neuron" },
    student = { id = id, name = "김민수" },
    submission = { path = id .. ".zip", kind = "zip", file = "answer.lua", sha256 = ("a"):rep(64) },
    status = "marked",
    walls = { "user", "namespaces" },
    seconds = 0.031,
    output = "printed",
    points = 0,
    of = 0,
    questions = {},
  }
  for i, list in ipairs(points) do
    local question = { name = "q" .. i, title = "Question " .. i, points = 0, of = 2 * #list, results = {} }
    for k, one in ipairs(list) do
      question.results[k] = {
        title = ("check %d.%d"):format(i, k),
        points = one,
        of = 2,
        said = "said " .. k,
        hint = "look",
        visible = k == 1,
      }
      question.points = question.points + one
    end
    record.questions[i] = question
    record.points, record.of = record.points + question.points, record.of + question.of
  end
  for name, value in pairs(more or {}) do
    record[name] = value
  end
  return record
end

local function has(text, part)
  if not text:find(part, 1, true) then
    error(("'%s' is not in:\n%s"):format(part, text:gsub("<style>.-</style>", "")))
  end
end

local function lacks(text, part) check(not text:find(part, 1, true), ("'%s' is there"):format(part)) end

-- ---- The table

local function rows_of(records)
  local text = marks_csv.text(records, questions)
  same(text:sub(1, 3), "\u{feff}")
  return text:sub(4)
end

case("marks.csv has other columns, or numbers in other words", function()
  local head = "id,name,status,points,of,q1,q2,reason,submission,sha256\n"
  local one = record_of("s001", { { 2, 2 }, { 1 / 3 } })
  local sum = ("a"):rep(64)
  same(
    rows_of { one },
    head .. ("s001,김민수,marked,4.333333333333333,6,4,0.3333333333333333,,s001.zip,%s\n"):format(sum)
  )
  one = record_of("s002", {}, { status = "missing", of = 6.0, points = 1e15 })
  one.submission = nil
  same(rows_of { one }, head .. "s002,김민수,missing,1000000000000000,6,,,,,\n")
  same(rows_of { record_of("s003", {}, { points = 0 / 0, of = math.huge }) }:match "marked,[^,]*,[^,]*,", "marked,,,")
end)

case("a spreadsheet runs a cell of marks.csv", function()
  for _, text in ipairs { "=1+1", "+1", "-1", "@SUM(A1)", "＝1", "＋1", " =1", "\t=1", "\r\n=1" } do
    local row = rows_of({ record_of("s001", {}, { status = "failed", reason = text }) }):match "failed,0,0,,,(.-),s001"
    check(row:find "^'", ("%q is %q"):format(text, row))
  end
  same(rows_of({ record_of("s001", {}, { points = -1 }) }):match "marked,(.-),", "-1")
end)

case("a comma, a quote or a line end breaks a row of marks.csv", function()
  local reason = 'answer.lua:3: "a", b\nsecond\r\n=line\0\27[31m'
  local text = rows_of { record_of("s001", {}, { status = "failed", reason = reason }) }
  same(select(2, text:gsub("\n", "")), 2)
  has(text, [["answer.lua:3: ""a"", b second =line??[31m",s001.zip]])
end)

case("names of marks.csv come back otherwise", function()
  local named = record_of("s001", {})
  named.student.name = 'Kim, "M" 민수'
  local students = roster.parse(marks_csv.text({ named }, questions))
  same(students, { { id = "s001", name = named.student.name } })
end)

-- ---- A student's page

case("the page does not say what a check was worth and why", function()
  local page = marks_page.html(record_of("s001", { { 2, 1 }, { 0 } }))
  has(page, '<html lang="en">')
  has(page, "<title>A matrix and a neuron: s001</title>")
  has(page, "김민수 (s001)")
  has(page, "3 of 6 points")
  has(page, "Your file ran")
  has(page, '<tr class="part"><td aria-label="partly right" class="sign" title="partly right">◐</td><td>check 1.2')
  has(
    page,
    '<td class="worth">1 of 2</td><td><div class="said">said 2</div><div class="said hint">Hint: look</div></td>'
  )
  has(page, '<tr class="none">')
  has(page, "not among the checks that you could run")
  has(page, '<pre class="output">printed</pre>')
  has(page, "Marked by gradus 0.1.0. Your file ran in the cell: user, namespaces. It took 0.031 s.")
  has(page, "script-src &#39;none&#39;")
end)

--- What is filled into a text, in order: "%s%d".
local function slots(text)
  local list = {}
  for slot in text:gmatch "%%%l" do
    list[#list + 1] = slot
  end
  return table.concat(list)
end

case("a page in Korean has English words, or a word is missing", function()
  local page = marks_page.html(record_of("s001", { { 2, 1 } }), { language = "ko" })
  has(page, '<html lang="ko">')
  has(page, "3점 / 4점")
  lacks(page, "What your script printed")
  local keys = options.sorted_keys(marks_words.en)
  same(options.sorted_keys(marks_words.ko), keys)
  for _, key in ipairs(keys) do
    same(slots(marks_words.ko[key]), slots(marks_words.en[key]))
  end
  harness.raises('marks_page.html: language must be "en" or "ko", got "de"', function()
    local html = marks_page.html(record_of("s001", {}), { language = "de" })
    return #html
  end)
end)

case("a page does not say why there are no points", function()
  for status, text in pairs {
    stopped = "and was ended",
    failed = "ended with an error",
    refused = "could not be read",
    missing = "Nothing was handed in",
  } do
    local page = marks_page.html(record_of("s001", { { 0 } }, { status = status, reason = "at answer.lua:7" }))
    has(page, ('<span class="status %s">%s</span>'):format(status, status))
    has(page, text)
    has(page, '<pre class="error">at answer.lua:7</pre>')
  end
  local silent = record_of("s001", { { 0 } }, { status = "failed", reason = "said 1" })
  lacks(marks_page.html(silent), '<div class="said">said 1')
  has(marks_page.html(record_of("s001", {}, { missing_walls = "landlock" })), "Walls that did not stand: landlock.")
end)

local teachers =
  { notes = { "secret-note" }, same_numbers = "secret-hash", alike = { "secret-pair" }, other = "secret-other" }

case("a student sees what is the teacher's", function()
  local record = record_of("s001", { { 2, 1 } }, teachers)
  lacks(marks_page.html(record), "secret")
  lacks(core.json_encode(marks_page.for_student(record)), "secret")
  record.notes, record.same_numbers, record.alike, record.other = nil, nil, nil, nil
  for _, result in ipairs(record.questions[1].results) do
    result.kind = "value"
  end
  same(marks_page.for_student(record), record)
end)

case("hidden checks show more than points", function()
  local record = record_of("s001", { { 2, 1 } }, { hide_hidden = true })
  record.questions[1].results[2].said, record.questions[1].results[2].title = "secret said", "secret title"
  record.questions[1].results[2].hint = "secret hint"
  local given = marks_page.for_student(record)
  same(given.questions[1].results[2], { points = 1, of = 2, visible = false })
  lacks(core.json_encode(given), "secret")
  for _, page in ipairs { marks_page.html(record), marks_page.html(given) } do
    lacks(page, "secret")
    has(page, "a check that is not shown")
    has(page, "check 1.1")
    has(page, "3 of 4 points")
  end
end)

-- ---- The class

local function class_of()
  return {
    record_of("s001", { { 2, 2 }, { 2 } }),
    record_of(
      "s002",
      { { 2, 1 }, { 0 } },
      { same_numbers = "abc", notes = { "numbers.lua is not as it was handed out" } }
    ),
    record_of("s003", { { 2, 0 }, { 1 } }, { same_numbers = "abc" }),
    record_of("s004", { { 0, 0 }, { 0 } }, { status = "stopped", reason = "stopped: took longer than 10 s" }),
    record_of("s005", { { 0, 0 }, { 0 } }, { status = "missing" }),
  }
end

case("figures of a class are other than they are", function()
  local figures = class_figures.of(class_of())
  same({ figures.students, figures.handed_in, figures.ran, figures.of }, { 5, 4, 3, 6 })
  same(figures.counts, { marked = 3, stopped = 1, failed = 0, refused = 0, missing = 1 })
  -- points 6 3 3 0
  same({ figures.points.mean, figures.points.median, figures.points.least, figures.points.most }, { 3.0, 3.0, 0, 6 })
  harness.close(figures.points.std, math.sqrt(18 / 3), 1e-15)
  local q1, q2 = figures.questions[1], figures.questions[2]
  same({ q1.full, q1.part, q1.none, q1.count }, { 1, 2, 0, 3 })
  harness.close({ q1.mean, q1.share, q2.share }, { 3, 0.75, 0.5 }, 1e-15)
  same(figures.checks[1].missed, { "s002", "s003" })
  same({ figures.checks[1].question, figures.checks[1].title, figures.checks[2].question }, { "q1", "check 1.2", "q2" })
  same({ #figures.checks, #figures.checks[3].missed }, { 3, 0 })
  check(core.json_encode(figures), "it is no JSON")
end)

case("full points are counted among others, or a bin is lost", function()
  local function counts(points, of)
    local records = {}
    for i, one in ipairs(points) do
      records[i] = record_of("s" .. i, {}, { points = one, of = of })
    end
    local bins = {}
    for i, bin in ipairs(class_figures.of(records).distribution.bins) do
      bins[i] = bin.count
    end
    return bins
  end
  same(counts({ 0, 0.5, 1, 2.999, 3, 3.0 }, 3), { 2, 1, 1, 2 })
  same(counts({ 99.99, 100, 9.99, 10, -1 }, 100), { 2, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1 })
  same(counts({ 0.1 + 0.2, 0.7, 1 }, 1), { 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1 })
  same(#counts({ 7.5 }, 7.5), 9)
end)

case("a class of nobody has no page", function()
  for _, records in ipairs { {}, { record_of("s001", {}, { status = "missing", of = 0 }) } } do
    has(class_page.html { assignment = { title = "T" }, records = records }, "Nobody has handed in.")
    check(core.json_encode(class_figures.of(records)), "it is no JSON")
  end
end)

case("the page of a class leaves out what a teacher looks for", function()
  local alike = {
    { a = "s001", b = "s003", share = 0.912, lines = { a = { { 3, 20 }, { 25, 25 } }, b = { { 5, 22 } } } },
    { a = "s002", b = "s003", share = 1, lines = { a = {}, b = {} }, short = true, page = true },
  }
  local page = class_page.html {
    assignment = { title = "A matrix and a neuron" },
    records = class_of(),
    alike = alike,
    problems = { "foto.jpg is nobody's", { path = "x.zip", reason = "unpacks to too much" } },
    seconds = 12.3,
  }
  has(page, "mean 3, median 3, spread 2.45, least 0, most 6, of 6 points; 4 students handed in")
  has(page, '<b>3</b> <span class="status marked">marked</span>')
  has(page, " 2 of 3</div></td>")
  has(page, '<a href="students/s002.html">s002</a> <a href="students/s003.html">s003</a>')
  has(page, "<td>91 %</td>")
  has(page, "<td>3–20, 25</td>")
  has(page, '<a href="alike/s002+s003.html">100 %</a>')
  has(page, "short: may be chance")
  has(page, "The same personal numbers handed in twice")
  has(page, "foto.jpg is nobody&#39;s")
  has(page, "x.zip: unpacks to too much")
  has(page, "stopped: took longer than 10 s")
  has(page, "numbers.lua is not as it was handed out")
  has(page, "Answers ran in the cell: user, namespaces.")
  has(page, "Marking took 12.3 s.")
  has(page, '<rect class="bin')
end)

case("what students wrote cannot be read where the class is", function()
  local one, other = record_of("s001", { { 2, 1 } }), record_of("s002", { { 2, 1 } })
  one.questions[1].results[2].text = "The derivative\ncancels <b>."
  other.questions[1].results[2].text = "여러 단어로 된 설명"
  local page = class_page.html { assignment = one.assignment, records = { one, other } }
  has(page, "<summary>q1: check 1.2 (2)</summary>")
  has(page, "The derivative\ncancels &lt;b&gt;.")
  has(page, "여러 단어로 된 설명")
  has(marks_page.html(one), "cancels &lt;b&gt;.")
  one.hide_hidden = true
  lacks(marks_page.html(one), "cancels")
  lacks(class_page.html { assignment = one.assignment, records = { record_of("s001", { { 2 } }) } }, "Texts to read")
end)

case("the same file of many is not seen on the page of the class", function()
  local one = record_of("s001", { { 2 } })
  local page =
    class_page.html { assignment = one.assignment, records = { one }, identical = { { "s001", "s002", "s003" } } }
  has(page, "The same file")
  has(page, "s003")
end)

case("who has another's values is not seen on the page of the class", function()
  local one = record_of("s001", { { 2 } })
  local page = class_page.html {
    assignment = one.assignment,
    records = { one },
    copied = { { id = "s001", name = "<i>", whose = { "s002", "s003" } } },
  }
  has(page, "Right for another student")
  has(page, "<code>&lt;i&gt;</code> is what is right for ")
  has(page, "s003")
  lacks(class_page.html { assignment = one.assignment, records = { one }, copied = {} }, "Right for another")
end)

case("walls that were missing are not told", function()
  local records = class_of()
  records[1].missing_walls, records[2].missing_walls = "landlock", "landlock"
  local page = class_page.html { assignment = { title = "T" }, records = records }
  has(page, '<p class="wrong">2 answers ran without these walls: landlock.</p>')
  page = class_page.html { assignment = { title = "T" }, records = records, walls = {} }
  has(page, '<p class="wrong">Answers ran without a cell.</p>')
end)

case("two answers are not seen side by side", function()
  local pair = { a = "s001", b = "s-2", share = 0.5, lines = { a = { { 2, 2 } }, b = {} } }
  same(alike_page.path(pair), "alike/s001+s-2.html")
  same(alike_page.path { a = "../x", b = "s001" }, nil)
  local page = alike_page.html(pair, "local a\nlocal b\n", "x")
  has(page, '<span class="line">local a\n</span><span class="line shared">local b\n</span></code>')
  has(page, '<a href="../students/s-2.html">s-2</a>')
end)

-- ---- Texts of strangers

local hostile = {
  "</title></style></script><script>document.title='RAN'</script>",
  [["><img src=x onerror='document.title="RAN"'>]],
  "' onmouseover='alert(1)' & &lt;script&gt; <!-- ]]> --> <![CDATA[",
  "a\0b\27[31m\127\u{9b}31m\u{202e}\r\n\t\1",
  "\xff\xfe\xc0\x80\xed\xa0\x80 half a letter \xed\x95",
  "javascript:alert(1)",
  "../../etc/passwd",
  ("<b>한"):rep(200000),
}

--- A copy in which every text is that one, but for those that say how to read the record.
local function poisoned(value, text, key)
  if type(value) == "string" then return (key == "status" or key == "same_numbers") and value or text end
  if type(value) ~= "table" then return value end
  local new = {}
  for name, one in pairs(value) do
    new[name] = poisoned(one, text, name)
  end
  return new
end

local tags = {}
for tag in
  (
    "html head meta title style body main header footer section h1 h2 p span div ul li b a pre code table thead tbody tr th td svg rect "
    .. "line text figure details summary blockquote"
  ):gmatch "%S+"
do
  tags[tag] = true
end

--- Fails unless all tags are the page's own, attributes whole, letters those of a text, and links lead to pages beside it.
local function is_clean(page)
  check(utf8.len(page), "it is no UTF-8")
  check(not page:find "[%z\1-\8\11-\31\127]", "there is a control character")
  check(not page:find "\u{202e}" and not page:find "\u{9b}", "there is a letter that nobody sees")
  local body = page:gsub("^<!DOCTYPE html>\n", ""):gsub("<style>[^<]*</style>", "", 1)
  for tag in body:gmatch "<([^>]*)>?" do
    local name, attributes = tag:match "^/?(%l+%d?)(.*)$"
    check(tags[name], ("there is a tag <%s>"):format(tag:sub(1, 100)))
    local rest = attributes:gsub(' [%w-]+="[^"<>]*"', "")
    same(rest, "")
    check(not attributes:find " on%l+=", attributes)
    local link = attributes:match 'href="(.-)"'
    check(not link or link:find "^students/[%w_][%w_.-]*%.html$" or link:find "^%.%./students/[%w_.-]+%.html$", link)
  end
  check(#page < 1000000, ("it has %d bytes"):format(#page))
end

for i, text in ipairs(hostile) do
  case(("a hostile text of kind %d comes through unescaped"):format(i), function()
    local bad =
      poisoned(record_of("s001", { { 2, 1 }, { 0 } }, { notes = { "n" }, reason = "r", missing_walls = "w" }), text)
    bad.same_numbers = "abc"
    local other = poisoned(bad, text)
    is_clean(marks_page.html(bad))
    bad.status = "failed"
    is_clean(marks_page.html(bad, { language = "ko" }))
    bad.status = text
    is_clean(marks_page.html(bad))
    local pair = { a = text, b = text, share = 1, page = true, lines = { a = { { 1, 2 } }, b = { { 1, 2 } } } }
    local pages = {
      class_page.html {
        assignment = { title = text },
        records = { bad, other },
        alike = { pair },
        problems = { text, { path = text, reason = text } },
        walls = { text },
      },
      alike_page.html(pair, text, text),
    }
    for _, page in ipairs(pages) do
      is_clean(page)
    end
    local csv = rows_of { bad, other }
    same({ utf8.len(csv) ~= nil, select(2, csv:gsub("\n", "")), csv:find "[%z\1-\9\11-\31]" }, { true, 3 })
  end)
end

case("a letter is cut in two", function()
  for most = 1, 12 do
    local text, left_out = excerpt.lines("한글a\u{1f600}z", most)
    check(not text:find("?", 1, true), ("%d: %q"):format(most, text))
    same(#text + left_out, 12)
  end
  same(excerpt.line("한글 two\n lines", 8), "한글 t ...")
  same(excerpt.line(nil), "")
  same(excerpt.line { bytes = "41ff" }, "A?")
end)

case("a class of two hundred has no readable page, or one of megabytes", function()
  local records, alike = {}, {}
  for i = 1, 200 do
    records[i] = record_of(("s%03d"):format(i), { { i % 3, i % 2 }, { 1, 2, 0 } })
    alike[2 * i - 1] = { a = "s001", b = ("s%03d"):format(i), share = 0.9, lines = { a = {}, b = {} } }
    alike[2 * i] = alike[2 * i - 1]
  end
  local page = class_page.html { assignment = { title = "T" }, records = records, alike = alike }
  has(page, "200 pairs more in class.json")
  has(page, "<summary>200 students</summary>")
  check(#page < 200000, #page)
end)

-- Near-identical answers: copies are found in their disguises, answers that were written apart are not taken for copies.
local answers = require "similar_answers"
local fingerprints = require "gradus.fingerprints"
local harness = require "harness"
local similar = require "gradus.similar"

local case = harness.suite "similar"
local same, check = harness.same, harness.check

-- ---- The answers themselves

local function defined(text)
  local function quiet() end
  local env = setmetatable({ print = quiet, io = { write = quiet } }, { __index = _G })
  package.loaded.numbers = {}
  local answer = assert(load(text, "=answer", "t", env))() or env
  package.loaded.numbers = nil
  return answer
end

local function is_right(text)
  local answer = defined(text)
  harness.close(answer.inverse { { 0, 2 }, { 4, 1 } }, { { -0.125, 0.25 }, { 0.5, 0 } }, 1e-12)
  harness.close(answer.neuron({ 1, 2 }, { 0.5, -1 }, 0.25), 1 / (1 + math.exp(1.25)), 1e-12)
end

local disguises = {
  { "other names and layout", answers.renamed },
  { "prints", function(text) return answers.with_lines(text, 2, 'print("here", 1)') end },
  { "useless lines", function(text) return answers.renamed(answers.with_lines(text, 3, "local unused = 1")) end },
  {
    "functions in another order",
    function(text) return answers.renamed(answers.reordered(answers.with_lines(text, 2, 'io.write("here", (1))'))) end,
  },
  {
    "a useless line behind each",
    function(text) return answers.renamed(answers.with_lines(text, 1, "local no = 1")) end,
  },
}

case("an answer of the test data is wrong", function()
  for _, text in ipairs(answers.texts) do
    is_right(text)
  end
  is_right(answers.by_hand)
end)

case("a disguise changes what an answer computes", function()
  for k = 1, 3 do
    for _, text in ipairs(answers.texts) do
      is_right(disguises[k][2](text))
    end
  end
end)

-- ---- Copies, and answers written apart

local function class_of(texts)
  local list = {}
  for i, text in ipairs(texts) do
    list[i] = { id = ("s%03d"):format(i), text = text, base = { answers.starter } }
  end
  return list
end

local function share_of(one, other)
  local threshold = similar.threshold
  similar.threshold = 1e-9
  local found = similar.pairs(class_of { one, other })
  similar.threshold = threshold
  return found[1] and found[1].share or 0
end

-- Of ten answers to one small task two have 36 % in common at most, 30 % in the class of ten; of the copies the least, with a useless line
-- behind each assignment, has 56 % in common with what it was made from, and 75 % or more in the other disguises.
case("answers that were written apart are taken for copies, or nearly", function()
  same(similar.pairs(class_of(answers.texts)), {})
  for i, one in ipairs(answers.texts) do
    for j = i + 1, #answers.texts do
      local share = share_of(one, answers.texts[j])
      check(share < 0.4, ("answers %d and %d have %.2f in common"):format(i, j, share))
    end
  end
end)

for _, disguise in ipairs(disguises) do
  case(("a copy hides behind %s"):format(disguise[1]), function()
    for i, text in ipairs(answers.texts) do
      local share = share_of(text, disguise[2](text))
      check(share > 0.55, ("answer %d and its copy have %.2f in common"):format(i, share))
    end
  end)
end

case("a copy that was changed by hand is not found among the others", function()
  local texts = table.move(answers.texts, 1, #answers.texts, 1, {})
  texts[#texts + 1] = answers.by_hand
  local found = similar.pairs(class_of(texts))
  same({ #found, found[1].a, found[1].b }, { 1, "s001", "s011" })
  check(found[1].share > 0.7, found[1].share)
end)

case("an answer hides inside a print", function()
  local hidden = ("print((function() %s end)())"):format(answers.renamed(answers.texts[3]))
  check(share_of(answers.texts[3], hidden) > 0.9, "it does")
end)

case("lines that two have in common are told elsewhere", function()
  local first = answers.texts[5]
  local found = similar.pairs(class_of { first, ("\n"):rep(100) .. answers.texts[5] })
  local a, b = found[1].lines.a, found[1].lines.b
  same({ found[1].share, #a, b[1][1] - a[1][1], b[1][2] - a[1][2] }, { 1, 1, 100, 100 })
  check(a[1][2] <= select(2, first:gsub("\n", "")), "beyond the end")
end)

-- ---- What says nothing of who wrote it

case("the starter file counts as copied", function()
  same(similar.pairs(class_of { answers.starter, answers.starter, answers.starter .. "\n-- s003" }), {})
  same(similar.pairs(class_of { answers.starter .. answers.texts[2], answers.starter .. answers.texts[4] }), {})
end)

case("what most of a class writes counts as copied", function()
  local texts = {}
  for i, text in ipairs(answers.texts) do
    texts[i] = i <= 7 and answers.by_hand:gsub("return %b{}", "") .. text or text
  end
  same(similar.pairs(class_of(texts)), {})
end)

local short =
  "return { neuron = function(x, w, b) local z = b + x[1] * w[1] + x[2] * w[2] return 1 / (1 + math.exp(-z)) end }"

case("short answers that agree by chance are no hint, or word for word ones not one", function()
  local renamed = short:gsub("%f[%w]z%f[%W]", "sum"):gsub(" local", " -- mine\n local")
  local found = similar.pairs(class_of { short, renamed, (short:gsub("x%[2%] %* w%[2%]", "w[2] * x[2]")) })
  same({ #found, found[1].a, found[1].b, found[1].short }, { 1, "s001", "s002", true })
  same(similar.pairs(class_of { "return { f = 1 }", "return { f = 1 }" }), {})
end)

case("a short answer that many have is a copy", function()
  local texts = {}
  for i = 1, 10 do
    texts[i] = i <= 5 and short or answers.texts[i]
  end
  same(similar.pairs(class_of(texts)), {})
end)

case("the order in which answers are listed matters", function()
  local texts = table.move(answers.texts, 1, #answers.texts, 1, {})
  for _, text in ipairs(answers.texts) do
    texts[#texts + 1] = answers.renamed(text)
  end
  local list, turned = class_of(texts), {}
  for i, one in ipairs(list) do
    turned[#list + 1 - i] = one
  end
  local found = similar.pairs(list)
  same(found, similar.pairs(turned))
  same({ #found, found[1].a < found[1].b }, { 10, true })
end)

-- ---- Texts of strangers

case("a text that is no Lua takes for ever, or stops the marking", function()
  local noise = {}
  for i = 1, 300000 do
    noise[i] = string.char((i * 7919 + i // 13 * 31) % 256)
  end
  local texts = { "", "\0\0\0", ("a"):rep(1000000), table.concat(noise) }
  for _, piece in ipairs {
    "(",
    "print(",
    "[=",
    "--[[",
    '"',
    "\\",
    "0x",
    "1",
    ".",
    "io.write(",
    "\n",
    " ",
    "a ",
    "[[",
    "]]",
  } do
    texts[#texts + 1] = piece:rep(1000000 // #piece)
  end
  for _, text in ipairs(texts) do
    fingerprints.of(text)
  end
  same(similar.pairs(class_of(texts)), {})
end)

case("a class of two hundred takes for ever", function()
  local texts = {}
  for i = 1, 200 do
    local rest = answers.renamed(answers.texts[i % 10 + 1]):gsub("my_", ("n%d_"):format(i))
    texts[i] = rest .. answers.texts[i // 10 % 10 + 1]
  end
  check(#similar.pairs(class_of(texts)) > 0, "it finds none")
end)

case("files that are the same are told only where few have them, or the starter is", function()
  local list, text = {}, "return { x = 1 }\n"
  for i = 1, 12 do
    list[i] =
      { id = ("s%02d"):format(i), text = i <= 9 and text or ("return { x = %d }"):format(i), base = { "return {}" } }
  end
  list[9].text = "return { x = 1 }  \r\n\r\n"
  list[10].text, list[11].text = "return {}\n", "return {}"
  harness.same(similar.identical(list), { { "s01", "s02", "s03", "s04", "s05", "s06", "s07", "s08", "s09" } })
end)

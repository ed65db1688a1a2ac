--- draw: what an assignment draws for a student: whole numbers, matrices, systems, rows of data, weights, seeds.
---
--- The same text gives the same draws, on every machine: numbers come from SHA-256 of the text and a counter, and nothing else is
--- computed than sums, products, quotients and roots, which IEEE 754 rounds exactly (weights by exp and the like are rounded to digits).
local core = require "gradus.core"
local options = require "gradus.options"
local puzzles = require "gradus.puzzles"

local draw = {}

--- What `draw` in a question of gr.assignment is given. Equal questions get different numbers that are equally hard.
---@class gradus.Draw
local Draw = {}
Draw.__index = Draw

local digits, range = 13, 1 << 52 -- of a block of 64 hexadecimal digits, thirteen make one number

--- Numbers 0 .. 2^52 - 1, one at a call.
local function new_source(text)
  local block, at, count = "", 1, 0
  return function()
    if at + digits - 1 > #block then
      block, at, count = core.sha256_text(("%s %d"):format(text, count)), 1, count + 1
    end
    at = at + digits
    return tonumber(block:sub(at - digits, at - 1), 16)
  end
end

--- The draws that belong to a text.
---@param text string
---@return gradus.Draw
function draw.new(text) return setmetatable({ source = new_source(options.text("draw", "the text", text)) }, Draw) end

-- ---- Numbers

--- A whole number lo, lo + 1, ..., hi; each is equally likely.
--- Example:
---   local draw = gr.assignment.draw "anything"
---   print(draw:whole(1, 6), draw:whole(1, 6))
---@param lo integer
---@param hi integer
---@return integer
function Draw:whole(lo, hi)
  lo = options.whole("draw:whole", "lo", lo, -range)
  hi = options.whole("draw:whole", "hi", hi, lo)
  local count = hi - lo + 1
  local raw = self.source()
  while raw >= range - range % count do -- what is left over would make small numbers likelier
    raw = self.source()
  end
  return lo + raw % count
end

--- A seed for gr.random.seed or another generator.
--- Example:
---   print(gr.assignment.draw("anything"):seed())
---@return integer
function Draw:seed() return self:whole(0, (1 << 32) - 1) end

--- A number lo <= x <= hi with so many decimals, as a price has two.
--- Example:
---   print(gr.assignment.draw("anything"):decimal(0.5, 2, 1))
---@param lo number
---@param hi number
---@param places? integer   decimals, 2 unless given
---@return number
function Draw:decimal(lo, hi, places)
  places = options.whole("draw:decimal", "places", places or 2, 0)
  local scale = 1
  for _ = 1, places do
    scale = scale * 10
  end
  local least = options.number("draw:decimal", "lo", lo)
  options.number("draw:decimal", "hi", hi, lo)
  local from, to = math.ceil(least * scale - 1e-6), math.floor(hi * scale + 1e-6)
  if from > to then
    core.raise(("draw:decimal: no number of %d decimals lies between %s and %s"):format(places, lo, hi))
  end
  return self:whole(from, to) / scale
end

--- One of a list.
--- Example:
---   print(gr.assignment.draw("anything"):choose { "relu", "tanh", "sigmoid" })
---@param list any[]
---@return any
function Draw:choose(list)
  if type(list) ~= "table" or #list == 0 then
    core.raise(("draw:choose: expected a list with something in it, got %s"):format(options.describe(list)))
  end
  return list[self:whole(1, #list)]
end

--- 0 < u <= 1
local function uniform(self) return (self.source() + 1) / range end

--- Starting weights from a normal distribution around 0, rounded to `places` decimals, so that they can be written down.
--- Options: std (1): standard deviation; places (4).
--- Example:
---   print(gr.assignment.draw("anything"):weights({ 2, 3 }, { std = 0.1 }))
---@param sizes integer[]   { rows, columns }, or { n } for a vector
---@param given? { std?: number, places?: integer }
---@return gradus.Tensor
function Draw:weights(sizes, given)
  local o = options.read("draw:weights", given, { std = 1, places = 4 })
  options.number("draw:weights", "std", o.std, 0)
  local scale, count, values = 10.0 ^ options.whole("draw:weights", "places", o.places, 0), 1, {}
  for _, size in ipairs(options.table_of("draw:weights", "sizes", sizes)) do
    count = count * options.whole("draw:weights", "a size", size, 1)
  end
  for i = 1, count do
    local normal = math.sqrt(-2 * math.log(uniform(self))) * math.cos(2 * math.pi * uniform(self)) -- Box and Muller
    values[i] = math.floor(normal * o.std * scale + 0.5) / scale
  end
  return core.reshape(core.tensor(values, "f64"), table.unpack(sizes))
end

-- ---- Puzzles

--- A matrix of small whole numbers with an inverse of whole numbers (determinant 1 or -1) and a condition number from 2/3 to 3/2 of the
--- one that is asked for; each row and column has two entries or more other than zero. Elimination by hand meets whole numbers only
--- and needs no exchange of rows. Of size 2 there are few: students will share them.
--- Options: size (3): rows; condition (10): largest singular value through the smallest; largest (9): no entry is further from 0.
--- Raises when there seems to be no such matrix. Of size 3, conditions from 8 to 60 are easily found.
--- Example:
---   local A = gr.assignment.draw("anything"):matrix { size = 3, condition = 10 }
---   print(A, A:inv(), gr.linalg.cond(A))
---@param given? { size?: integer, condition?: number, largest?: integer }
---@return gradus.Tensor
function Draw:matrix(given)
  local o = options.read("draw:matrix", given, { size = 3, condition = 10, largest = 9 })
  return core.tensor(puzzles.matrix(self, o, "draw:matrix"), "f64")
end

--- A system A x = b of such a matrix, whose solution is of whole numbers other than 0. The solution is not given away.
--- Options: size (3): unknowns; condition (10); largest (9): no entry of A or x is further from 0.
--- Example:
---   local system = gr.assignment.draw("anything"):system { size = 2, condition = 6 }
---   print(system.A, system.b, gr.linalg.solve(system.A, system.b))
---@param given? { size?: integer, condition?: number, largest?: integer }
---@return { A: gradus.Tensor, b: gradus.Tensor }
function Draw:system(given)
  local o = options.read("draw:system", given, { size = 3, condition = 10, largest = 9 })
  local A = puzzles.matrix(self, o, "draw:system")
  local b = puzzles.right_side(self, A, o.largest)
  return { A = core.tensor(A, "f64"), b = core.tensor(b, "f64") }
end

-- ---- Data

--- The list 1 .. n in an order by chance (Fisher and Yates).
local function shuffled(self, n)
  local list = {}
  for i = 1, n do
    local j = self:whole(1, i)
    list[i] = i
    list[i], list[j] = list[j], list[i]
  end
  return list
end

--- Positions by label, in the order in which labels first appear; without labels all of them.
local function by_label(what, labels, n)
  local groups, of_label = {}, {}
  labels = core.is_tensor(labels) and core.flatten(labels):totable() or labels
  if labels and #labels ~= n then core.raise(("%s: there are %d labels, but %d rows"):format(what, #labels, n)) end
  for i = 1, n do
    local label = labels and labels[i] or 0
    if not of_label[label] then
      of_label[label] = {}
      groups[#groups + 1] = of_label[label]
    end
    table.insert(of_label[label], i)
  end
  return groups
end

--- How many come from each group: its share rounded down, and one more for the largest remainders, earlier groups first.
local function shares(groups, n, count)
  local list, left = {}, count
  for i, group in ipairs(groups) do
    list[i] = { i = i, share = #group * count // n, rest = #group * count % n }
    left = left - list[i].share
  end
  table.sort(list, function(a, b)
    if a.rest ~= b.rest then return a.rest > b.rest end
    return a.i < b.i
  end)
  for k = 1, left do
    list[k].share = list[k].share + 1
  end
  table.sort(list, function(a, b) return a.i < b.i end)
  return list
end

--- `count` positions of n, each label in its share, sorted.
local function pick(self, what, n, count, labels)
  local groups, rows = by_label(what, labels, n), {}
  for i, share in ipairs(shares(groups, n, count)) do
    local order = shuffled(self, #groups[i])
    for k = 1, share.share do
      rows[#rows + 1] = groups[i][order[k]]
    end
  end
  table.sort(rows)
  return rows
end

--- Positions of some of n rows, sorted: other rows of the same data for each student, each label in its share.
--- Options: labels: of all rows, a tensor or a list; without them all rows are alike.
--- Example:
---   local iris = gr.data.iris()
---   local rows = gr.assignment.draw("anything"):rows(150, 30, { labels = iris.y })
---   print(iris.x:take(rows).shape)
---@param n integer       rows that there are
---@param count integer   rows that are wanted
---@param given? { labels?: any }
---@return integer[]
function Draw:rows(n, count, given)
  local o = options.read("draw:rows", given, { labels = options.none })
  n = options.whole("draw:rows", "n", n, 1)
  count = options.whole("draw:rows", "count", count, 1)
  if count > n then core.raise(("draw:rows: %d rows are wanted, but there are only %d"):format(count, n)) end
  return pick(self, "draw:rows", n, count, o.labels)
end

--- Positions for training and for testing, sorted, each label in its share.
--- Options: test (0.2): the part for testing, or how many rows; labels: of all rows, a tensor or a list.
--- Example:
---   local part = gr.assignment.draw("anything"):split(20, { test = 5 })
---   print(#part.train, table.concat(part.test, " "))
---@param n integer   rows
---@param given? { test?: number, labels?: any }
---@return { train: integer[], test: integer[] }
function Draw:split(n, given)
  local o = options.read("draw:split", given, { test = 0.2, labels = options.none })
  n = options.whole("draw:split", "n", n, 2)
  local count = options.number("draw:split", "test", o.test, 0)
  if count < 1 then count = math.ceil(count * n) end
  count = options.whole("draw:split", "the number of rows for testing", count, 1)
  if count >= n then core.raise(("draw:split: %d of %d rows for testing leave none for training"):format(count, n)) end
  local part, is_test = { train = {}, test = pick(self, "draw:split", n, count, o.labels) }, {}
  for _, row in ipairs(part.test) do
    is_test[row] = true
  end
  for row = 1, n do
    if not is_test[row] then table.insert(part.train, row) end
  end
  return part
end

return draw

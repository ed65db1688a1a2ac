--- similar_answers: ten answers to one small task, each written for itself, and copies in disguise: what similar.lua is measured on.
---
--- The task: inverse(A), the inverse of a square matrix of rows by Gauss and Jordan, and neuron(x, w, b), the sigmoid of x w + b.
local tokens = require "gradus.tokens"

local similar_answers = {}

--- What every student was given.
similar_answers.starter = [[
-- Write your answer here. gradus check tells how far you are.
local numbers = require "numbers"

local function inverse(A)
  -- your code
end

local function neuron(x, w, b)
  -- your code
end

return { inverse = inverse, neuron = neuron }
]]

similar_answers.texts = {
  -- The augmented matrix, a new table for each row.
  [[
local numbers = require "numbers"

-- put the identity matrix to the right of A
local function augment(A)
  local n = #A
  local aug = {}
  for i = 1, n do
    aug[i] = {}
    for j = 1, n do
      aug[i][j] = A[i][j]
      aug[i][n + j] = (i == j) and 1 or 0
    end
  end
  return aug
end

local function inverse(A)
  local n = #A
  local M = augment(A)
  for col = 1, n do
    -- largest pivot
    local best = col
    for row = col + 1, n do
      if math.abs(M[row][col]) > math.abs(M[best][col]) then best = row end
    end
    M[col], M[best] = M[best], M[col]
    local p = M[col][col]
    for j = 1, 2 * n do
      M[col][j] = M[col][j] / p
    end
    for row = 1, n do
      if row ~= col then
        local f = M[row][col]
        for j = 1, 2 * n do
          M[row][j] = M[row][j] - f * M[col][j]
        end
      end
    end
  end
  local result = {}
  for i = 1, n do
    result[i] = {}
    for j = 1, n do
      result[i][j] = M[i][n + j]
    end
  end
  return result
end

local function neuron(x, w, b)
  local z = b
  for i = 1, #x do
    z = z + x[i] * w[i]
  end
  return 1 / (1 + math.exp(-z))
end

return { inverse = inverse, neuron = neuron }
]],
  -- Two matrices side by side, small functions.
  [[
local function copy(m)
  local c = {}
  for i, row in ipairs(m) do
    c[i] = { table.unpack(row) }
  end
  return c
end

local function identity(n)
  local e = {}
  for i = 1, n do
    e[i] = {}
    for j = 1, n do e[i][j] = 0 end
    e[i][i] = 1
  end
  return e
end

local function scale(row, s)
  for j = 1, #row do row[j] = row[j] * s end
end

local function subtract(row, other, s)
  for j = 1, #row do row[j] = row[j] - s * other[j] end
end

local function pivot_row(a, k)
  local at = k
  for i = k, #a do
    if math.abs(a[i][k]) > math.abs(a[at][k]) then at = i end
  end
  return at
end

local function inverse(A)
  local a, e = copy(A), identity(#A)
  for k = 1, #a do
    local at = pivot_row(a, k)
    a[k], a[at], e[k], e[at] = a[at], a[k], e[at], e[k]
    local s = 1 / a[k][k]
    scale(a[k], s)
    scale(e[k], s)
    for i = 1, #a do
      if i ~= k then
        local f = a[i][k]
        subtract(a[i], a[k], f)
        subtract(e[i], e[k], f)
      end
    end
  end
  return e
end

local function sigmoid(z) return 1 / (1 + math.exp(-z)) end

local function neuron(x, w, b)
  local sum = 0
  for i, value in ipairs(x) do sum = sum + value * w[i] end
  return sigmoid(sum + b)
end

return { inverse = inverse, neuron = neuron }
]],
  -- Down, then up.
  [[
function inverse(A)
  local size = #A
  local left, right = {}, {}
  for r = 1, size do
    left[r], right[r] = {}, {}
    for c = 1, size do
      left[r][c] = A[r][c]
      if r == c then
        right[r][c] = 1.0
      else
        right[r][c] = 0.0
      end
    end
  end
  -- forward elimination
  for step = 1, size do
    local r = step
    while r <= size and math.abs(left[r][step]) < 1e-12 do
      r = r + 1
    end
    if r > size then error("the matrix is singular") end
    if r ~= step then
      left[r], left[step] = left[step], left[r]
      right[r], right[step] = right[step], right[r]
    end
    for below = step + 1, size do
      local ratio = left[below][step] / left[step][step]
      for c = 1, size do
        left[below][c] = left[below][c] - ratio * left[step][c]
        right[below][c] = right[below][c] - ratio * right[step][c]
      end
    end
  end
  -- backward
  for step = size, 1, -1 do
    for c = 1, size do
      right[step][c] = right[step][c] / left[step][step]
    end
    for above = 1, step - 1 do
      local ratio = left[above][step]
      for c = 1, size do
        right[above][c] = right[above][c] - ratio * right[step][c]
      end
    end
  end
  return right
end

function neuron(x, w, b)
  local net = b
  for k = 1, #w do net = net + w[k] * x[k] end
  local out = 1 / (1 + math.exp(-net))
  return out
end
]],
  -- Cofactors.
  [[
local function minor(A, r, c)
  local M = {}
  for i = 1, #A do
    if i ~= r then
      local line = {}
      for j = 1, #A do
        if j ~= c then table.insert(line, A[i][j]) end
      end
      table.insert(M, line)
    end
  end
  return M
end

local function det(A)
  if #A == 1 then return A[1][1] end
  local total = 0
  for j = 1, #A do
    total = total + (-1) ^ (1 + j) * A[1][j] * det(minor(A, 1, j))
  end
  return total
end

local function inverse(A)
  local d = det(A)
  local inv = {}
  for i = 1, #A do inv[i] = {} end
  if #A == 1 then
    inv[1][1] = 1 / d
    return inv
  end
  for i = 1, #A do
    for j = 1, #A do
      inv[j][i] = (-1) ^ (i + j) * det(minor(A, i, j)) / d
    end
  end
  return inv
end

local function neuron(x, w, b)
  local s = 0
  for i = 1, #x do s = s + x[i] * w[i] end
  s = s + b
  return 1 / (1 + math.exp(-s))
end

return { inverse = inverse, neuron = neuron }
]],
  -- LU, then a solution for each unit vector.
  [[
-- A = P L U; each column of the inverse solves A x = e
local function decompose(A)
  local n = #A
  local LU, order = {}, {}
  for i = 1, n do
    order[i] = i
    LU[i] = {}
    for j = 1, n do LU[i][j] = A[i][j] end
  end
  for k = 1, n - 1 do
    local p = k
    for i = k + 1, n do
      if math.abs(LU[i][k]) > math.abs(LU[p][k]) then p = i end
    end
    LU[k], LU[p] = LU[p], LU[k]
    order[k], order[p] = order[p], order[k]
    for i = k + 1, n do
      LU[i][k] = LU[i][k] / LU[k][k]
      for j = k + 1, n do
        LU[i][j] = LU[i][j] - LU[i][k] * LU[k][j]
      end
    end
  end
  return LU, order
end

local function solve(LU, order, e)
  local n, y, x = #LU, {}, {}
  for i = 1, n do
    y[i] = order[i] == e and 1 or 0
    for j = 1, i - 1 do y[i] = y[i] - LU[i][j] * y[j] end
  end
  for i = n, 1, -1 do
    x[i] = y[i]
    for j = i + 1, n do x[i] = x[i] - LU[i][j] * x[j] end
    x[i] = x[i] / LU[i][i]
  end
  return x
end

local answer = {}

function answer.inverse(A)
  local LU, order = decompose(A)
  local B = {}
  for i = 1, #A do B[i] = {} end
  for e = 1, #A do
    local x = solve(LU, order, e)
    for i = 1, #A do B[i][e] = x[i] end
  end
  return B
end

function answer.neuron(x, w, b)
  for i = 1, #x do b = b + w[i] * x[i] end
  return 1 / (1 + math.exp(-b))
end

return answer
]],
  -- The augmented matrix once more, by another hand.
  [[
local function inverse(A)
  local N = #A
  local B = {}
  for i = 1, N do
    local row = {}
    for j = 1, N do row[#row + 1] = A[i][j] end
    for j = 1, N do row[#row + 1] = i == j and 1 or 0 end
    B[i] = row
  end

  for i = 1, N do
    if B[i][i] == 0 then
      for k = i + 1, N do
        if B[k][i] ~= 0 then
          local tmp = B[i]
          B[i] = B[k]
          B[k] = tmp
          break
        end
      end
    end
    local d = B[i][i]
    for j = i, 2 * N do B[i][j] = B[i][j] / d end
    for k = 1, N do
      if k ~= i then
        local m = B[k][i]
        for j = i, 2 * N do B[k][j] = B[k][j] - B[i][j] * m end
      end
    end
  end

  local R = {}
  for i = 1, N do
    R[i] = table.move(B[i], N + 1, 2 * N, 1, {})
  end
  return R
end

local function neuron(x, w, b)
  local a = 0
  for i, xi in ipairs(x) do
    a = a + xi * w[i]
  end
  a = a + b
  local y = 1 / (1 + math.exp(-a))
  return y
end

return { inverse = inverse, neuron = neuron }
]],
  -- An object, and rows that know what to do.
  [[
local Row = {}
Row.__index = Row

function Row.new(values)
  return setmetatable({ v = values }, Row)
end

function Row:divide(by)
  for k, value in ipairs(self.v) do
    self.v[k] = value / by
  end
end

function Row:clear(other, column)
  local times = self.v[column]
  if times == 0 then return end
  for k, value in ipairs(other.v) do
    self.v[k] = self.v[k] - times * value
  end
end

local function rows_of(A)
  local rows = {}
  for i, given in ipairs(A) do
    local values = {}
    for _, value in ipairs(given) do values[#values + 1] = value end
    for j = 1, #A do values[#values + 1] = j == i and 1 or 0 end
    rows[i] = Row.new(values)
  end
  return rows
end

return {
  inverse = function(A)
    local rows = rows_of(A)
    for c = 1, #rows do
      table.sort(rows, function(a, b)
        local ra, rb = a.done or 0, b.done or 0
        if ra ~= rb then return ra ~= 0 and (rb == 0 or ra < rb) end
        return math.abs(a.v[c]) > math.abs(b.v[c])
      end)
      rows[c].done = c
      rows[c]:divide(rows[c].v[c])
      for i, row in ipairs(rows) do
        if i ~= c then row:clear(rows[c], c) end
      end
    end
    local out = {}
    for i, row in ipairs(rows) do
      out[i] = { select(#A + 1, table.unpack(row.v)) }
    end
    return out
  end,
  neuron = function(x, w, b)
    local sum = b
    for i in pairs(x) do sum = sum + x[i] * w[i] end
    return 1 / (1 + math.exp(-sum))
  end,
}
]],
  -- With the library's tensors.
  [[
local gr = require "gradus"

local function inverse(A)
  local a = gr.tensor(A)
  local n = a.shape[1]
  local work = gr.zeros(n, 2 * n):totable()
  local values = a:totable()
  for i = 1, n do
    for j = 1, n do work[i][j] = values[i][j] end
    work[i][i + n] = 1
  end
  local k = 1
  while k <= n do
    local top, where = -1, nil
    for i = k, n do
      local size = math.abs(work[i][k])
      if size > top then top, where = size, i end
    end
    assert(top > 0, "singular")
    local line = table.remove(work, where)
    table.insert(work, k, line)
    local first = line[k]
    for j, value in ipairs(line) do line[j] = value / first end
    for i, other in ipairs(work) do
      local factor = other[k]
      if i ~= k and factor ~= 0 then
        for j, value in ipairs(line) do other[j] = other[j] - factor * value end
      end
    end
    k = k + 1
  end
  for i = 1, n do
    for _ = 1, n do table.remove(work[i], 1) end
  end
  return work
end

local function neuron(x, w, b)
  local z = (gr.tensor(x) * gr.tensor(w)):sum():item() + b
  return gr.sigmoid(gr.tensor { z }):item()
end

return { inverse = inverse, neuron = neuron }
]],
  -- Recursion, and functions of functions.
  [[
local function map(list, f)
  local new = {}
  for i, v in ipairs(list) do new[i] = f(v, i) end
  return new
end

local function unit(n, k)
  local e = {}
  for i = 1, n do e[i] = i == k and 1 or 0 end
  return e
end

local function zip(a, b, f)
  return map(a, function(v, i) return f(v, b[i]) end)
end

local function reduce(pairs_of_rows, k)
  local n = #pairs_of_rows
  if k > n then return pairs_of_rows end
  local p = k
  for i = k + 1, n do
    if math.abs(pairs_of_rows[i].left[k]) > math.abs(pairs_of_rows[p].left[k]) then p = i end
  end
  pairs_of_rows[k], pairs_of_rows[p] = pairs_of_rows[p], pairs_of_rows[k]
  local d = pairs_of_rows[k].left[k]
  local function over(v) return v / d end
  local pivot = { left = map(pairs_of_rows[k].left, over), right = map(pairs_of_rows[k].right, over) }
  return reduce(map(pairs_of_rows, function(row, i)
    if i == k then return pivot end
    local m = row.left[k]
    local function minus(u, v) return u - m * v end
    return { left = zip(row.left, pivot.left, minus), right = zip(row.right, pivot.right, minus) }
  end), k + 1)
end

local function inverse(A)
  local start = map(A, function(row, i) return { left = row, right = unit(#A, i) } end)
  return map(reduce(start, 1), function(row) return row.right end)
end

local function neuron(x, w, b)
  local total = b
  for _, product in ipairs(zip(x, w, function(u, v) return u * v end)) do total = total + product end
  return 1 / (1 + math.exp(-total))
end

return { inverse = inverse, neuron = neuron }
]],
  -- In place, the way of the old books.
  [[
-- 가우스-조던 소거법으로 역행렬을 구한다
local function swap_rows(M, i, j)
  local t = M[i]
  M[i] = M[j]
  M[j] = t
end

local function inverse(A)
  local n = #A
  local M, I = {}, {}
  for i = 1, n do
    M[i] = {}
    I[i] = {}
    for j = 1, n do
      M[i][j] = A[i][j]
      I[i][j] = 0
    end
    I[i][i] = 1
  end

  for i = 1, n do
    local max, maxrow = math.abs(M[i][i]), i
    for k = i + 1, n do
      if math.abs(M[k][i]) > max then
        max = math.abs(M[k][i])
        maxrow = k
      end
    end
    swap_rows(M, i, maxrow)
    swap_rows(I, i, maxrow)

    local pivot = M[i][i]
    for j = 1, n do
      M[i][j] = M[i][j] / pivot
      I[i][j] = I[i][j] / pivot
    end

    for k = 1, n do
      if k ~= i then
        local factor = M[k][i]
        for j = 1, n do
          M[k][j] = M[k][j] - factor * M[i][j]
          I[k][j] = I[k][j] - factor * I[i][j]
        end
      end
    end
  end
  return I
end

-- 시그모이드
local function sigmoid(x)
  return 1 / (1 + math.exp(-x))
end

local function neuron(x, w, b)
  local u = 0
  for i = 1, #x do
    u = u + x[i] * w[i]
  end
  return sigmoid(u + b)
end

return { inverse = inverse, neuron = neuron }
]],
}

-- ---- Copies in disguise

--- By hand: the first answer, its functions in another order, its names and a loop changed, prints and a useless variable put in.
similar_answers.by_hand = [[
local gr = require "gradus"

--[=[ my neuron: weighted sum, then the sigmoid ]=]
local function node(inputs, weights, bias)
  local total = bias
  for index = 1, #inputs do
    total = total + inputs[index] * weights[index]
  end
  print("sum", total)
  return 1.0 / (1.0 + math.exp(-total))
end

local function gauss_jordan(matrix)
  local size = #matrix
  local wide = attach_identity(matrix)
  for k = 1, size do
    -- look for the biggest
    local top = k
    for line = k + 1, size do
      if math.abs(wide[line][k]) > math.abs(wide[top][k]) then
        top = line
      end
    end
    wide[k], wide[top] = wide[top], wide[k]
    io.write("pivot ", k, "\n")
    local divisor = wide[k][k]
    for c = 1, 2 * size do wide[k][c] = wide[k][c] / divisor end
    local line = 1
    while line <= size do
      if line ~= k then
        local times = wide[line][k]
        for c = 1, 2 * size do wide[line][c] = wide[line][c] - times * wide[k][c] end
      end
      line = line + 1
    end
  end
  local unused = 42
  local back = {}
  for r = 1, size do
    back[r] = {}
    for c = 1, size do back[r][c] = wide[r][size + c] end
  end
  return back
end

-- the unit matrix beside the given one
function attach_identity(matrix)
  local size = #matrix
  local wide = {}
  for r = 1, size do
    wide[r] = {}
    for c = 1, size do
      wide[r][c] = matrix[r][c]
      wide[r][size + c] = (r == c) and 1 or 0
    end
  end
  return wide
end

return { neuron = node, inverse = gauss_jordan }
]]

--- Names that stay: those that the task asks for, fields of the answers' tables, and those of the language.
local kept = { inverse = true, neuron = true, self = true, v = true, left = true, right = true, done = true }

local function stays(name) return kept[name] or _G[name] ~= nil end

--- The text with every local name changed, no comment but its own, and all of it on other lines.
function similar_answers.renamed(text)
  local parts, number, count, before = {}, {}, 0, nil
  for i, token in ipairs(tokens.without_comments(text)) do
    local word = token.text
    local field = before and (before.text == "." or before.text == ":")
    if token.kind == "name" and not field and not stays(word) then
      count = number[word] and count or count + 1
      number[word] = number[word] or count
      word = ("my_%d"):format(number[word])
    end
    parts[#parts + 1] = word .. (i % 7 == 0 and " -- " .. i .. "\n" or " ")
    before = token
  end
  return table.concat(parts)
end

--- The text with a line more behind every n-th plain assignment.
function similar_answers.with_lines(text, n, line)
  local count = 0
  return (
    text:gsub("\n(%s+[%w_%[%]., ]+ = [^\n{}]*[%w%])])\n", function(statement)
      count = count + 1
      if count % n ~= 0 or statement:find "=%s*function" then return nil end
      return ("\n%s\n%s\n"):format(statement, line)
    end)
  )
end

--- The text with its parts, which empty lines part, in another order, the last one staying; where each is a function of its own.
function similar_answers.reordered(text)
  local parts = {}
  for part in (text .. "\n"):gmatch "(.-\n)\n" do
    parts[#parts + 1] = part
  end
  local last, turned = table.remove(parts), {}
  for i = #parts, 1, -1 do
    turned[#turned + 1] = parts[i]
  end
  return table.concat(turned, "\n") .. last
end

return similar_answers

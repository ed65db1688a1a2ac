--- elimination: Gauss and Jordan's method on rows of exact fractions, with every step kept to be shown.
local core = require "gradus.core"
local matrices = require "gradus.matrices"

local elimination = {}

local function copy(rows) return matrices.columns(rows, 1, #rows[1]) end

local zero, one = core.exact(0, "zero"), core.exact(1, "one")

--- "row 2", "5 row 2", "-3/4 row 2": a factor as it stands in front of what it multiplies.
local function times(factor, what)
  if factor == one then return what end
  return factor == -one and "-" .. what or ("%s %s"):format(factor, what)
end

--- "2 row 1 - row 3", of the terms { factor, what } whose factor is not 0; "0" when there are none.
function elimination.sum_text(terms)
  local text = ""
  for _, term in ipairs(terms) do
    local factor, what = term[1], term[2]
    if factor ~= zero then
      if text == "" then
        text = times(factor, what)
      else
        text = text .. (factor < zero and " - " or " + ") .. times(factor < zero and -factor or factor, what)
      end
    end
  end
  return text == "" and "0" or text
end

local function row_name(i) return ("row %d"):format(i) end

--- The first row from `from` on whose entry in the column is not 0. Fractions need not look for the largest, as rounded
--- numbers do: none is closer to 0 than it should be.
local function find_pivot(rows, column, from)
  for i = from, #rows do
    if rows[i][column] ~= zero then return i end
  end
end

local function swap(work, i, j)
  local rows = work.rows
  rows[i], rows[j] = rows[j], rows[i]
  work.det = -work.det
  work:keep { [i] = ("swap rows %d and %d"):format(i, j) }
end

--- "row 3 / -2", "4/3 row 3": what makes an entry 1.
local function division_text(pivot, i)
  local inverse = one / pivot
  if tostring(pivot):find "/" then return times(inverse, row_name(i)) end
  return ("row %d / %s"):format(i, pivot)
end

local function divide(work, i, column)
  local row, pivot = work.rows[i], work.rows[i][column]
  work.det = work.det * pivot
  if pivot == one then return end
  for j, entry in ipairs(row) do
    row[j] = entry / pivot
  end
  work:keep { [i] = ("row %d <- %s"):format(i, division_text(pivot, i)) }
end

--- Takes row i, whose entry in the column is 1, as often from the others as makes theirs 0.
local function clear(work, i, column)
  local operations = {}
  for k, row in ipairs(work.rows) do
    local factor = row[column]
    if k ~= i and factor ~= zero then
      for j, entry in ipairs(work.rows[i]) do
        row[j] = row[j] - factor * entry
      end
      local change = elimination.sum_text { { one, row_name(k) }, { -factor, row_name(i) } }
      operations[k] = ("row %d <- %s"):format(k, change)
    end
  end
  if next(operations) then work:keep(operations) end
end

local Work = {}
Work.__index = Work

--- Keeps a step: what was done, by row, and the rows after it.
function Work:keep(operations)
  local texts = {}
  for i = 1, #self.rows do
    texts[#texts + 1] = operations[i]
  end
  local step = { text = table.concat(texts, ", "), operations = operations, matrix = copy(self.rows) }
  self.steps[#self.steps + 1] = step
end

--- Brings the first `columns` columns to reduced row echelon form: in each column the first row that has a pivot gets the 1,
--- and all others get 0. `rows` stays as it is.
---@param rows table      lists of fractions, all of one length
---@param columns integer
---@return table          rows (after all steps), steps ({ text =, operations = by row, matrix = }), pivots (columns that
---                       have one, in order), missing (columns that have none), det (of the first columns, when square)
function elimination.reduce(rows, columns)
  local work = setmetatable({ rows = copy(rows), steps = {}, pivots = {}, missing = {}, det = one }, Work)
  for column = 1, columns do
    local i = #work.pivots + 1
    local found = find_pivot(work.rows, column, i)
    if found then
      if found ~= i then swap(work, i, found) end
      divide(work, i, column)
      clear(work, i, column)
      work.pivots[i] = column
    else
      work.missing[#work.missing + 1] = column
    end
  end
  if #work.missing > 0 then work.det = zero end
  return work
end

--- Which rows of the matrix depend on others, from the rows of its reduction that were left without a pivot. Columns from + 1,
--- from + 2, ... were the identity, and now tell how often each row went into what became 0.
---@return string[]   "row 3 = 2 row 1 + row 2", "row 2 is all zero"
function elimination.dependences(work, from)
  local texts, n = {}, #work.rows
  for i = #work.pivots + 1, n do
    local sum = table.move(work.rows[i], from + 1, from + n, 1, {})
    local last, terms = n, {}
    while sum[last] == zero do
      last = last - 1
    end
    for j = 1, last - 1 do
      terms[j] = { -sum[j] / sum[last], row_name(j) }
    end
    local others = elimination.sum_text(terms)
    texts[#texts + 1] = others == "0" and row_name(last) .. " is all zero" or row_name(last) .. " = " .. others
  end
  return texts
end

--- Solutions of A x = 0: one for each column without a pivot, with a 1 there and 0 in the others.
---@return table[]   lists of fractions
function elimination.null_space(work, columns)
  local vectors = {}
  for k, free in ipairs(work.missing) do
    local vector = {}
    for j = 1, columns do
      vector[j] = j == free and one or zero
    end
    for i, column in ipairs(work.pivots) do
      vector[column] = -work.rows[i][free]
    end
    vectors[k] = vector
  end
  return vectors
end

elimination.zero, elimination.one = zero, one
return elimination

--- lab: linear algebra with the work shown, in exact fractions, beside LAPACK's answer.
---
---   gr.lab.inverse { { 1, 1 }, { 2, 3 } }                   -- prints each step
---   local r = gr.lab.solve(A, b, { quiet = true })          -- prints nothing; print(r) does
---   print(r.exact[1], r.x, r.lapack, r.residual, r.steps[1].text)
local core = require "gradus.core"
local elimination = require "gradus.elimination"
local matrices = require "gradus.matrices"
local options = require "gradus.options"
local worksheet = require "gradus.worksheet"
require "gradus.linalg" -- it sets core.digits_left

local lab = {}

--- What gr.lab.inverse and gr.lab.solve give; printed, it is the whole page. Tensors have A's type. A field without a value is
--- nil: exact, inverse, x and difference for a singular A; lapack, residual, rcond and difference where LAPACK refuses.
---@class gradus.Work
---@field exact table           fractions: rows of the inverse; x as a list, or as rows when b is a matrix
---@field inverse any           of inverse: the exact one, rounded
---@field x any                 of solve: the exact one, rounded
---@field lapack any            LAPACK's answer
---@field difference number     largest |exact - LAPACK|
---@field residual number       largest |A X - I| or |A x - b| of LAPACK's answer
---@field refused string        why LAPACK gave none
---@field det_exact any         determinant, a fraction
---@field det number            LAPACK's
---@field rcond number          reciprocal condition number; gr.linalg warns where it is below 2.2e-16
---@field singular boolean
---@field rank integer
---@field dependence string[]   "row 3 = 2 row 1 + row 2", when singular
---@field solutions number      of solve: 1, 0, or math.huge
---@field contradictions table[] of solve, when singular: { row =, column = of b, value = }: rows that read 0 = value
---@field particular table      of solve, when they are infinitely many: one, in the form of exact
---@field null_space table      and lists of fractions: any multiple of each may be added to it
---@field steps table[]         { text = "row 2 <- row 2 - 2 row 1", operations = the same by row, matrix = rows of [A | I] or
---                              [A | b] after it }
local Work = {}
Work.__index = Work

function Work:__tostring() return self.text end

-- ---- Beside LAPACK

local function largest(t) return core.max(core.abs(t)) end

--- A message without the place in the script that stands in front.
local function without_place(message)
  local where = core.where()
  return message:sub(1, #where) == where and message:sub(#where + 1) or message
end

--- What LAPACK makes of the same numbers, rounded as the machine holds them.
local function ask_lapack(problem, result)
  local A = matrices.rounded(problem.A, problem.dtype)
  local b = matrices.rounded(problem.right, problem.dtype, problem.vector)
  A.name, b.name = problem.name, problem.right_name
  local has_det, det = pcall(core.linalg.det, A)
  result.det = has_det and det or nil
  local ok, x, rcond = pcall(problem.lapack, A, b)
  if not ok then
    result.refused = without_place(x):gsub("^%l+: ", "")
    return
  end
  result.lapack, result.rcond, result.residual = x, rcond, largest(core.dot(A, x) - b)
end

-- ---- Gauss and Jordan

--- Where a row reads 0 = something else.
local function find_contradictions(work, n, columns)
  local found = {}
  for i = #work.pivots + 1, n do
    for j = 1, columns do
      local value = work.rows[i][n + j]
      if value ~= elimination.zero then found[#found + 1] = { row = i, column = j, value = value } end
    end
  end
  return found
end

--- The values of the unknowns that have a pivot, and 0 for the others.
local function particular_solution(work, n, columns)
  local rows = {}
  for j = 1, n do
    rows[j] = {}
    for k = 1, columns do
      rows[j][k] = elimination.zero
    end
  end
  for i, column in ipairs(work.pivots) do
    rows[column] = table.move(work.rows[i], n + 1, n + columns, 1, {})
  end
  return rows
end

--- [A | right | I] reduced: the I, which is not shown, tells which rows depend on each other.
local function eliminate(problem)
  local n, columns = #problem.A, #problem.right[1]
  local work = elimination.reduce(matrices.beside(problem.shown, matrices.identity(n)), n)
  local rank = #work.pivots
  local result = setmetatable({ rank = rank, singular = rank < n, det_exact = work.det, steps = {} }, Work)
  for i, step in ipairs(work.steps) do
    local matrix = matrices.columns(step.matrix, 1, n + columns)
    result.steps[i] = { text = step.text, operations = step.operations, matrix = matrix }
  end
  if result.singular then
    result.dependence = elimination.dependences(work, n + columns)
    result.contradictions = find_contradictions(work, n, columns)
  end
  return result, particular_solution(work, n, columns), work
end

--- A vector's one column as a list.
local function unwrapped(rows, vector) return vector and matrices.turned(rows)[1] or rows end

local function finish(problem, result, quiet)
  if result.lapack and not result.singular then
    result.difference = largest((result.inverse or result.x) - result.lapack)
  end
  result.text = worksheet.page(problem, result)
  if not quiet then print(result.text) end
  return result
end

local function name_of(value, otherwise)
  return core.is_tensor(value) and value.name or core.variable(value) or otherwise
end

local function read_options(what, given)
  local o = options.read(what, given, { quiet = false })
  return options.choice(what, "quiet", o.quiet, { true, false })
end

--- The inverse of a matrix of whole numbers and short decimals, by Gauss and Jordan in exact fractions: prints [A | I], each
--- step with the matrix after it, the inverse, and beside it LAPACK's, their largest difference, LAPACK's residual, both
--- determinants, rcond and how many digits that leaves. The pivot of a column is its first entry other than 0, from the diagonal down.
--- 0.1 is taken for 1/10, as it is written; thirds are given as "1/3". A singular matrix raises nothing: the page shows how far
--- the elimination comes and which rows depend on each other, and `singular` is true.
--- Raises when A is not square, larger than 8 x 8, or has an entry that is no finite number of at most 40 digits.
--- Example:
---   lab.inverse { { 1, 1 }, { 2, 3 } }
---@param A any                       (n, n), a tensor, or a nested table of numbers, fractions and texts like "1/3"
---@param given? { quiet?: boolean }   quiet: prints nothing
---@return gradus.Work
function lab.inverse(A, given)
  local quiet, name = read_options("lab.inverse", given), name_of(A, "A")
  local problem = {
    dtype = core.is_tensor(A) and A.dtype or core.settings.dtype,
    name = name,
    right_name = "I",
    title = ("The inverse of %s: what turns %s into I turns I into the inverse."):format(name, name),
    answer = "The inverse of " .. name,
    call = "gr.linalg.inv",
    lapack = function(a) return core.linalg.inv(a) end,
    residual = name .. " X - I",
  }
  problem.A, problem.note = matrices.square("lab.inverse", name, A)
  problem.right = matrices.identity(#problem.A)
  problem.shown = matrices.beside(problem.A, problem.right)
  local result, exact = eliminate(problem)
  if not result.singular then
    result.exact, result.inverse = exact, matrices.rounded(exact, problem.dtype)
  end
  ask_lapack(problem, result)
  return finish(problem, result, quiet)
end

--- Solves A x = b as gr.lab.inverse inverts: prints [A | b], each step, x, and LAPACK's beside it. Where A is singular it says
--- whether there is no solution, and which row shows that, or infinitely many, and gives them all: one, and the null space.
--- Raises as gr.lab.inverse does, and when b does not have as many rows as A, or more than 8 columns.
--- Example:
---   local work = lab.solve({ { 1, 1 }, { 2, 4 } }, { 3, 10 })
---   print(work.x)
---@param A any                       (n, n)
---@param b any                       (n) or (n, k)
---@param given? { quiet?: boolean }   quiet: prints nothing
---@return gradus.Work
function lab.solve(A, b, given)
  local quiet, name, b_name = read_options("lab.solve", given), name_of(A, "A"), name_of(b, "b")
  local problem = {
    dtype = core.is_tensor(A) and A.dtype or core.settings.dtype,
    name = name,
    right_name = b_name,
    title = ("%s x = %s: row operations change no solution, and I x = x."):format(name, b_name),
    answer = "The solution",
    call = "gr.linalg.solve",
    lapack = core.linalg.solve,
    residual = ("%s x - %s"):format(name, b_name),
  }
  problem.A, problem.note = matrices.square("lab.solve", name, A)
  problem.right, problem.vector = matrices.right_side("lab.solve", b_name, b, #problem.A)
  problem.shown = matrices.beside(problem.A, problem.right)
  local result, exact, work = eliminate(problem)
  local listed = unwrapped(exact, problem.vector)
  if not result.singular then
    result.solutions, result.exact = 1, listed
    result.x = matrices.rounded(exact, problem.dtype, problem.vector)
  elseif #result.contradictions > 0 then
    result.solutions = 0
  else
    result.solutions, result.particular = math.huge, listed
    result.null_space = elimination.null_space(work, #problem.A)
  end
  ask_lapack(problem, result)
  return finish(problem, result, quiet)
end

--- A fraction to compute with: + - * / and comparisons, with numbers too, lose nothing; tostring gives "5/2", f:item() the
--- nearest number. Raises for what is no finite number of at most 40 digits, and when a result goes beyond 65,536 bits.
--- Example:
---   local f = lab.fraction(0.1) + "1/3"
---   print(f, f:item(), f > 0.4)
---@param value any   a number, taken as it is written (0.1 is 1/10), or a text like "1/3"
---@return any
function lab.fraction(value) return core.exact(value, "lab.fraction") end

return options.strict("gr.lab", lab)

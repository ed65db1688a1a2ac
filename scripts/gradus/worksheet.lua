--- worksheet: an elimination in exact fractions as a page of text.
local core = require "gradus.core"
local matrices = require "gradus.matrices"

local worksheet = {}

-- ---- Tables

--- Cells in columns, set to the right; a bar behind column `bar`, and behind each row its note.
---@param cells table                     lists of values, each shown by tostring
---@param bar? integer
---@param notes? table<integer, string>   by row
---@return string
function worksheet.table(cells, bar, notes)
  local widths, lines = {}, {}
  for _, row in ipairs(cells) do
    for j, cell in ipairs(row) do
      widths[j] = math.max(widths[j] or 0, #tostring(cell))
    end
  end
  for i, row in ipairs(cells) do
    local parts = {}
    for j, cell in ipairs(row) do
      parts[#parts + 1] = (" "):rep(widths[j] - #tostring(cell)) .. tostring(cell)
      if j == bar then parts[#parts + 1] = "|" end
    end
    local note = notes and notes[i]
    lines[i] = "  " .. table.concat(parts, "  ") .. (note and "    " .. note or "")
  end
  return table.concat(lines, "\n")
end

local function indented(t) return "  " .. tostring(t):gsub("\n", "\n  ") end

--- One line for each unknown: the exact value, the nearest number, LAPACK's.
local function unknowns_table(result)
  local cells = { { "", "exactly", "as a number", result.lapack and "by LAPACK" or nil } }
  for i, value in ipairs(result.exact) do
    cells[i + 1] = { "x" .. i, value, result.x[i], result.lapack and result.lapack[i] }
  end
  return worksheet.table(cells)
end

--- "p1", "p2", ... above the columns of one matrix, "v1", "v2", ... above those of the other, and a bar between.
local function solutions_table(particular, null_space)
  local heads = {}
  for j = 1, #particular[1] do
    heads[j] = #particular[1] == 1 and "p" or "p" .. j
  end
  for j = 1, #null_space do
    heads[#heads + 1] = "v" .. j
  end
  local rows = matrices.beside(particular, matrices.turned(null_space))
  table.insert(rows, 1, heads)
  return worksheet.table(rows, #particular[1])
end

-- ---- Paragraphs

local function steps(problem, result)
  local bar = #problem.A
  local pages = { ("[%s | %s]\n%s"):format(problem.name, problem.right_name, worksheet.table(problem.shown, bar)) }
  for i, step in ipairs(result.steps) do
    pages[#pages + 1] = ("step %d\n%s"):format(i, worksheet.table(step.matrix, bar, step.operations))
  end
  return table.concat(pages, "\n\n")
end

local function answer(problem, result)
  if problem.vector then return "The solution:\n" .. unknowns_table(result) end
  local rounded = result.inverse or result.x
  local parts =
    { ("%s, exactly:"):format(problem.answer), worksheet.table(result.exact), "as numbers:", indented(rounded) }
  if result.lapack then parts[#parts + 1] = ("by LAPACK, %s:\n%s"):format(problem.call, indented(result.lapack)) end
  return table.concat(parts, "\n")
end

--- "Row 3 reads 0 = 5": the rows that no x can satisfy.
local function contradictions(problem, result)
  local texts = {}
  for i, at in ipairs(result.contradictions) do
    local column = #problem.right[1] > 1 and (" (column %d)"):format(at.column) or ""
    texts[i] = ("row %d reads 0 = %s%s"):format(at.row, at.value, column)
  end
  return table.concat(texts, ", ")
end

local function multiples(null_space)
  local terms = {}
  for j = 1, #null_space do
    terms[j] = ("s%d v%d"):format(j, j)
  end
  return table.concat(terms, " + ")
end

local function what_singular_means(problem, result)
  if not result.solutions then return ("%s has no inverse: its left side cannot become I."):format(problem.name) end
  if result.solutions == 0 then
    return ("There is no solution: %s, whatever x is."):format(contradictions(problem, result))
  end
  local particular = problem.vector and matrices.turned { result.particular } or result.particular
  return ("There are infinitely many solutions, x = p + %s, with any numbers for s:\n%s"):format(
    multiples(result.null_space),
    solutions_table(particular, result.null_space)
  )
end

local function singular(problem, result)
  local why = ("%s is singular: %s. Its rank is %d of %d."):format(
    problem.name,
    table.concat(result.dependence, ", "),
    result.rank,
    #problem.A
  )
  return why .. "\n" .. what_singular_means(problem, result)
end

-- ---- How far LAPACK can be trusted

local function plural(n, word) return ("%d %s%s"):format(n, word, n == 1 and "" or "s") end

local function trust(rcond, dtype)
  local all, left = dtype == "f32" and 7 or 16, core.digits_left(rcond, dtype)
  if left == 0 then return "at worst no digit of LAPACK's answer can be trusted" end
  return ("about %s of %d can be trusted"):format(plural(left, "digit"), all)
end

--- Below half of its digits an answer is worth a sentence.
local function magnifies(problem, result)
  local all = problem.dtype == "f32" and 7 or 16
  if result.singular or not result.rcond or 2 * core.digits_left(result.rcond, problem.dtype) > all then return nil end
  local text =
    "%s is nearly singular: it magnifies errors up to %.1g times, and numbers are rounded to %d digits before"
  return (text .. " LAPACK begins."):format(problem.name, 1 / result.rcond, all)
end

local function figures(problem, result)
  local rows = {}
  local function line(label, text) rows[#rows + 1] = ("%-22s %s"):format(label, text) end
  if result.refused then line(problem.call, "refuses: " .. result.refused) end
  if result.lapack and result.singular then
    line(problem.call, "answers all the same: with its entries rounded, " .. problem.name .. " is another matrix")
  end
  if result.difference then line("largest difference", ("%.3g"):format(result.difference)) end
  if result.residual then
    line("residual of LAPACK", ("%.3g, the largest |%s|"):format(result.residual, problem.residual))
  end
  line("determinant", ("%s exactly, %s by LAPACK"):format(result.det_exact, result.det or "too large"))
  if result.rcond then line("rcond", ("%.3g: %s"):format(result.rcond, trust(result.rcond, problem.dtype))) end
  rows[#rows + 1] = magnifies(problem, result)
  return table.concat(rows, "\n")
end

--- How the pivot is chosen, which books do in different ways.
local pivots =
  "\nPivots are the first entries that are not 0: fractions need no search for the largest, as rounded numbers do."

--- All of it.
---@param problem table        as lab.lua makes it
---@param result gradus.Work
---@return string
function worksheet.page(problem, result)
  local parts = { problem.title .. pivots .. (problem.note and "\n" .. problem.note or ""), steps(problem, result) }
  parts[#parts + 1] = result.singular and singular(problem, result) or answer(problem, result)
  parts[#parts + 1] = figures(problem, result)
  return table.concat(parts, "\n\n") .. "\n"
end

return worksheet

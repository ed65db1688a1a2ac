--- linalg: linear algebra through LAPACK. Everything takes tensors and gives tensors; nothing is recorded.
---
---   local x = gr.linalg.solve(A, b)
---   local u, s, vt = gr.linalg.svd(A)
local core = require "gradus.core"
local options = require "gradus.options"
local lapack = core.linalg

local linalg = {}
local warned = {}

--- Between 1 and the next number above. No matrix is nearly singular by either type's when its rcond is above this one.
local epsilon_f32 = 2.0 ^ -23

for name, f in pairs(lapack) do
  linalg[name] = f
end

local function epsilon_of(dtype) return dtype == "f32" and epsilon_f32 or 2.0 ^ -52 end

--- Digits that a solution can be trusted to: those of the type, less what the condition costs.
function core.digits_left(rcond, dtype)
  return rcond > 0 and math.max(0, math.floor(math.log(rcond / epsilon_of(dtype), 10) + 0.5)) or 0
end

local function as_tensor(A) return core.is_tensor(A) and A or core.tensor(A) end

local function warn_if_nearly_singular(what, A, rcond)
  A = as_tensor(A)
  if rcond >= epsilon_of(A.dtype) then return end
  local where = core.where()
  if warned[where .. what] then return end
  warned[where .. what] = true
  local name = A.name or core.variable(A) or "the matrix"
  io.stderr:write(
    ("%swarning: %s: %s (%s) is nearly singular: rcond %.2g, about %d digits left to trust\n"):format(
      where,
      what,
      name,
      A.shape,
      rcond,
      core.digits_left(rcond, A.dtype)
    )
  )
end

--- Inverse of a square matrix. Raises when it is singular, and says which rows depend on each other;
--- warns once when it is nearly so.
--- Example:
---   local A = gr.tensor { { 2, 1 }, { 1, 1 } }
---   print(linalg.inv(A), linalg.inv(A):dot(A))
---@param A any   (n, n)
---@return any    (n, n)
function linalg.inv(A)
  local x, rcond = lapack.inv(A)
  if rcond < epsilon_f32 then warn_if_nearly_singular("inv", A, rcond) end
  return x
end

--- Solves A x = b. Raises when A is singular; warns once when it is nearly so.
--- Example:
---   print(linalg.solve({ { 1, 1 }, { 2, 4 } }, { 3, 10 }))
---@param A any   (n, n)
---@param b any   (n) or (n, k)
---@return any    x, in the shape of b
function linalg.solve(A, b)
  local x, rcond = lapack.solve(A, b)
  if rcond < epsilon_f32 then warn_if_nearly_singular("solve", A, rcond) end
  return x
end

--- Eigenvalues w and eigenvectors (columns of v) of a square matrix. When some are complex, the imaginary
--- parts follow as two more results.
--- Example:
---   local w, v = linalg.eig { { 2, 0 }, { 1, 3 } }
---   print(w, v)
---@param A any   (n, n)
---@return any w, any v, any? w_imaginary, any? v_imaginary
function linalg.eig(A)
  local w, w_imaginary, v, v_imaginary = lapack.eig(A)
  if w_imaginary:abs():max() == 0 then return w, v end
  return w, v, w_imaginary, v_imaginary
end

return options.strict("gr.linalg", linalg)

-- Why does a second gradient_descent of document 002 not begin where it is told to?
-- 4.4.1, cell 46: x = init_x makes a second name, not a copy, and x -= lr * grad changes the array in place: the
-- caller's init_x ends at the lowest point, and the next call starts there. Cells 50 and 51 set init_x anew each
-- time, and so hide it.
-- Noticed: print init_x after the call. Mended: x = init_x.copy(), in gradus init_x:clone(); a tensor is a reference
-- too.
-- And 4.4, cell 41: numerical_gradient writes x + h into x. In an array of whole numbers (np.array([3, 4])) NumPy
-- drops what stands behind the point, and the slope becomes nonsense (cell 45's float(tmp_val) does not help: it is x
-- that drops it); np.array([3.0, 4.0]) is right. Tensors always hold real numbers.
-- Run:     gradus experiments/32_fault_shared_array.lua
-- Expect:  -6.11e-10 8.15e-10 after 100 steps; with the fault a rate of 1e-10 "ends" there too, without at
--          -2.99999994 3.99999992; 25000 35000 from whole numbers in place of 6 8. At once.
local gr = require "gradus"
local run = gr.run { name = "fault: shared array" }

local function function_2(x) return x[1] ^ 2 + x[2] ^ 2 end

-- A starting point that is overwritten. --------------------------------------------------------

local function descend(x, lr, step_num)
  for _ = 1, step_num do
    x:sub_(lr * gr.numerical_gradient(function_2, x))
  end
  return x
end

local function gradient_descent_as_printed(init_x, lr, step_num) return descend(init_x, lr, step_num) end

local function gradient_descent(init_x, lr, step_num) return descend(init_x:clone(), lr, step_num) end

local function two_calls(label, method)
  local init_x = gr.tensor { -3.0, 4.0 }
  print(label .. "rate 0.1", method(init_x, 0.1, 100), "init_x is now", init_x)
  local slow = method(init_x, 1e-10, 100)
  print(label .. "then rate 1e-10", slow, "init_x is now", init_x)
  return slow
end

local shared = two_calls("fault:  x = init_x: ", gradient_descent_as_printed)
local copied = two_calls("mend:   init_x:clone(): ", gradient_descent)

-- The library steps on a parameter of its own; gr.param shares memory with what it is given, so give it a clone as
-- well.
local function by_library(init_x, lr, step_num)
  local x = gr.param(init_x:clone(), "x")
  local sgd = gr.optim.sgd { lr = lr }
  sgd:add { x }
  for _ = 1, step_num do
    sgd:zero_grad()
    function_2(x):backward()
    sgd:step()
  end
  return x:detach()
end

local start = gr.tensor { -3.0, 4.0 }
print("mend:   optim.sgd: rate 0.1", by_library(start, 0.1, 100), "init_x is now", start)

-- An array of whole numbers. -------------------------------------------------------------------

--- What storing into NumPy's integer array leaves of a number.
local function stored_whole(value) return math.tointeger(value > 0 and math.floor(value) or math.ceil(value)) end

local function stored_real(value) return value end

local function numerical_gradient(f, x, store)
  local h, grad = 1e-4, {}
  for i = 1, #x do
    local kept = x[i]
    x[i] = store(kept + h)
    local high = f(x)
    x[i] = store(kept - h)
    grad[i] = store((high - f(x)) / (2 * h))
    x[i] = kept
  end
  return table.unpack(grad)
end

print("fault:  gradient at (3, 4) in whole numbers", numerical_gradient(function_2, { 3, 4 }, stored_whole))
print("mend:   in real numbers", numerical_gradient(function_2, { 3.0, 4.0 }, stored_real))
print(
  "mend:   gr.tensor { 3, 4 } is " .. gr.tensor({ 3, 4 }).dtype,
  gr.numerical_gradient(function_2, gr.tensor { 3, 4 })
)
run:result { second_call_shared = shared, second_call_copied = copied }

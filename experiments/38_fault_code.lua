-- What does one see when code from a page cannot run as it stands there?
-- Documents 004 (0050, 0077, 0080) and 001 (1.2.1 and the chain of matrices): six slips, each made again in Lua as a line of text,
-- run by pcall, so that its message is printed and the next one follows; then the line mended, with what it gives.
--   004 0050  W2 and W3 lack their outer brackets: np.array takes the second row for a type of number
--   004 0050  identity_function takes no argument, returns an x that it does not have, and is called by a misspelt name
--   004 0077  numerical_diff writes 1e-4 over f, so that h is missing and f is a number
--   004 0080  "기울기가 가리키는 쪽은 ... 가장 크게 줄이는 방향": the gradient points where f grows most; its negative is meant
--   001 1.2.1 invA is used a line before it is computed (in the text of the slide as we have it: two columns may have run together)
--   001       N3 for W3, in a product that also closes a bracket too many
-- Notice:  Lua names what is nil and where; a wrong direction gives no message at all: look at f one step each way.
-- Run:     gradus experiments/38_fault_code.lua
-- Expect:  fault: with its message, mend: with its result: the network gives 0.31682708 0.69627909, the slope 0.1999999999990898,
--          a step along the gradient 36 from 25, against it 16, the fruit 500 and 600, the chain -3 0 -2. At once.
local gr = require "gradus"
local run = gr.run { name = "code as printed", seed = 0 }

local function sigmoid(z) return 1 / (1 + (-z):exp()) end
local function square_sum(x) return (x ^ 2):sum() end

-- What a line of text gives, or the message that it ends in.
local function try(text, known)
  local chunk, message = load(text, "=line", "t", setmetatable(known or {}, { __index = { gr = gr } }))
  if not chunk then return message end
  return select(2, pcall(chunk))
end
local function show(title, wrong, right, known)
  print(title)
  print("  fault:", wrong)
  print("", try(wrong, known))
  local value = try(right, known)
  print("  mend: ", right)
  print("", value)
  return value
end

-- 004, 0050: the 2-3-2-2 network. -------------------------------------------------------------------

local w2 = show(
  "W2 without outer brackets",
  "return gr.tensor({0.1, 0.4}, {0.2, 0.5}, {0.3, 0.6})",
  "return gr.tensor{{0.1, 0.4}, {0.2, 0.5}, {0.3, 0.6}}"
)
local w3 = gr.tensor { { 0.1, 0.3 }, { 0.2, 0.4 } }
local z1 =
  sigmoid(gr.tensor({ 1.0, 0.5 }):dot(gr.tensor { { 0.1, 0.3, 0.5 }, { 0.2, 0.4, 0.6 } }) + gr.tensor { 0.1, 0.2, 0.3 })
local a3 = sigmoid(z1:dot(w2) + gr.tensor { 0.1, 0.2 }):dot(w3) + gr.tensor { 0.1, 0.2 }
local y = show(
  "identity_function() and identity_fuction",
  "function identity_function() return x end  return identity_fuction(a3)",
  "function identity_function(x) return x end  return identity_function(a3)",
  { a3 = a3 }
)
print(
  "  mended only where it is called:",
  try("function f() return x end  return f(a3)", { a3 = a3 }),
  "(no error: y is lost)"
)

-- 004, 0077 and 0080: derivatives. ------------------------------------------------------------------

local slope = show(
  "f = 1e-4 in place of h = 1e-4, at x = 5 of 0.01 x^2 + 0.1 x",
  "local f, x = f, 5.0  f = 1e-4  return (f(x + h) - f(x - h)) / (2 * h)",
  "local h, x = 1e-4, 5.0  return (f(x + h) - f(x - h)) / (2 * h)",
  { f = function(x) return 0.01 * x ^ 2 + 0.1 * x end }
)
print("where the gradient points: x0^2 + x1^2 at (3, 4), a step of 0.1 each way")
local x = gr.tensor { 3.0, 4.0 }
local gradient = gr.numerical_gradient(square_sum, x)
print("  fault:", "f(x), f(x + 0.1 gradient)", square_sum(x), square_sum(x + 0.1 * gradient))
print("  mend: ", "f(x), f(x - 0.1 gradient)", square_sum(x), square_sum(x - 0.1 * gradient))

-- 001: matrices. ------------------------------------------------------------------------------------

local prices = show(
  "invA before it is there",
  "local p = invA:dot(B)  invA = A:inv()  return p",
  "local invA = A:inv()  return invA:dot(B)",
  { A = gr.tensor { { 1, 1 }, { 2, 3 } }, B = gr.tensor { { 1100 }, { 2800 } } }
)
local chain = {
  W1 = gr.tensor { { 2, 2, -1 }, { 2, 2, 0 }, { 0, -1, -1 } },
  W2 = gr.tensor { { 2, 2, -1 }, { -1, 0, 0 }, { 2, -1, 2 } },
  W3 = gr.tensor { { 2, -1, 0 }, { -1, -1, 0 }, { 2, 0, 0 } },
  X = gr.tensor { 0, 0, 1 },
}
show(
  "a bracket too many",
  "return gr.dot(gr.dot(gr.dot(W3, W2), W1)), X)",
  "return gr.dot(gr.dot(gr.dot(W3, W2), W1), X)",
  chain
)
show("N3 for W3", "return N3:dot(W2):dot(W1):dot(X)", "return W3:dot(W2):dot(W1):dot(X)", chain)
run:result { network = y, slope = slope, prices = prices }

-- Recurrent operators against PyTorch's figures (tests/golden/recurrent.lua), and recurrent layers.
local gr = require "gradus"
local golden = require "golden.recurrent"
local harness = require "harness"

--- Sums of a few dozen terms, and another library's tanh and exp.
local f64_roundings, f32_roundings = 1e-14, 5e-6

--- A figure's inputs in order, as parameters of that type.
local function inputs_of(entry, dtype)
  local list, names = {}, { "x", "w", "u", "b", entry.c and "c" }
  for i, name in ipairs(names) do
    list[i] = gr.param(gr.tensor(entry[name], dtype), name)
  end
  return list
end

local function check_gradients(list, entry, within)
  for _, p in ipairs(list) do
    harness.close(p.grad, entry["d" .. p.name], within, "d" .. p.name)
  end
end

local function try_figures(entry, dtype, within)
  local list = inputs_of(entry, dtype)
  local y = gr[entry.op](table.unpack(list))
  harness.close(y, entry.y, within, "y");
  (y * gr.tensor(entry.dy, dtype)):sum():backward()
  check_gradients(list, entry, within)
end

local figures = harness.suite("recurrent", function(case)
  try_figures(case.entry, "f64", f64_roundings)
  try_figures(case.entry, "f32", f32_roundings)
end)

local case = harness.suite "recurrent"

for _, entry in ipairs(golden) do
  local what = ("%s of %d sequences of %d steps"):format(entry.op, entry.batch, entry.time)
  figures { what .. " is not PyTorch's", entry = entry }

  case(what .. " has a second backward that differs from the first", function()
    local list = inputs_of(entry, "f64")
    local loss = (gr[entry.op](table.unpack(list)) * gr.tensor(entry.dy)):sum()
    loss:backward()
    for _, p in ipairs(list) do
      p:zero_grad()
    end
    loss:backward()
    check_gradients(list, entry, f64_roundings)
  end)
end

case("sizes that BLAS cannot count are not refused", function()
  local x, w, u, b = gr.zeros(1, 2 ^ 21, 1), gr.zeros(1, 256), gr.zeros(256, 256), gr.zeros(256)
  harness.raises(
    "rnn: x %(1 x 2097152 x 1%) is too large for BLAS, which counts to 2147483647: batch times time, and time times 4 hidden,",
    function() x:rnn(w, u, b) end
  )
end)

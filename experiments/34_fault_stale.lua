-- How does one find out that figures on a page come from different runs?
-- Document 002, 4.4.2, simpleNet: W is printed by cell 57, p = net.predict(x) by cell 8, of an earlier session with
-- other random weights. The second gradient (cell 66) is no result at all: its numbers are typed into the cell; and
-- the text below reads it as if it were dW.
-- Noticed: recompute. p must be x W. In dW = x^T (softmax(p) - t) the rows are in the ratio 0.9 : 0.6 of x, and each
-- adds to 0, so even a gradient without a W tells which softmax it came from. np.argmax(p) is 0 in both runs, which
-- hides the slip.
-- Mended: seed the weights and run the page from the top; print what is computed, and nothing else.
-- Run:     gradus experiments/34_fault_stale.lua
-- Expect:  x W = 0.66983593 0.66638126 0.48980556, not the printed -0.26 -0.62 -0.97; losses agree with W to 3e-9. At
--          once.
local gr = require "gradus"
local nn = gr.nn
local run = gr.run { name = "fault: stale output", seed = 0 }

local x = gr.tensor { 0.6, 0.9 }
local w = gr.param(gr.tensor { { 0.94205491, 2.00218723, -0.44365259 }, { 0.11622554, -0.59436786, 0.83999679 } }, "W")
local printed_p = gr.tensor { -0.26373067, -0.61762066, -0.97157332 }
local printed_loss = { [0] = 1.0409111886878426, [2] = 1.2209415606587606 } -- by label
local printed_dw = gr.tensor { { -0.38812034, 0.21114895, 0.17697139 }, { -0.58218051, 0.31672342, 0.26545709 } }
local typed_dw = gr.tensor { { -0.24718447, 0.05855661, 0.18862786 }, { -0.3707767, 0.08783491, 0.28294179 } }

-- Does p belong to W? --------------------------------------------------------------------------

local p = x:dot(w):detach()
print("fault:  printed p", printed_p, "argmax (from 0)", printed_p:argmax() - 1)
print("mend:   x W", p, "argmax (from 0)", p:argmax() - 1)

-- The printed losses tell which of the two the rest of the page used: they agree to the eight printed places of W.
for _, label in ipairs { 2, 0 } do
  local loss = nn.cross_entropy()
  print(("label %d: printed loss"):format(label), printed_loss[label])
  print("  fault:  by the printed p, off by", loss(printed_p, label):item() - printed_loss[label])
  print("  mend:   by x W, off by", loss(p, label):item() - printed_loss[label])
end

-- Does a gradient belong to x, and to W? -------------------------------------------------------

--- Largest |row 2 - 1.5 row 1|, and largest |sum of a row|: both 0 but for rounding in a true gradient.
local function consistency(dw) return { (dw[2] - 1.5 * dw[1]):abs():max(), dw:sum(2):abs():max() } end

--- What dW = x^T (y - t) says of the softmax y that it was computed from.
local function softmax_behind(dw, label) return dw[1] / 0.6 + gr.data.one_hot({ label }, 3)[1] end

local function gradient(label)
  w:zero_grad()
  nn.cross_entropy()(x:dot(w), label):backward()
  return w.grad
end

for _, label in ipairs { 2, 0 } do
  print(
    ("printed dW against backward, label %d: largest difference"):format(label),
    (printed_dw - gradient(label)):abs():max()
  )
end
local label_0 = gradient(0):clone()
local numerical = gr.numerical_gradient(function(values) return nn.cross_entropy()(x:dot(values), 0):item() end, w)
print("mend:   dW by backward", label_0)
print("        and by numerical_gradient, largest difference", (numerical - label_0):abs():max())

print("rows in ratio, rows add to 0: printed dW", table.unpack(consistency(printed_dw)))
print("                              typed dW", table.unpack(consistency(typed_dw)))
print("softmax of x W", p:softmax())
print("  behind the printed dW", softmax_behind(printed_dw, 0))
print("softmax of the printed p", printed_p:softmax())
print("fault:  behind the typed dW: a third run", softmax_behind(typed_dw, 0))

-- Seeded, all of it comes from one net, every time.
gr.random.seed(run.seed)
local net = nn.sequential { nn.dense(2, 3, { init = nn.init.normal() }) }
print("mend:   seed 0: W", net.layers[1].w:detach(), "p", net:scores(x:reshape(1, 2)))
run:result {
  ["002.simplenet.p_stale"] = p, -- of the printed W, in place of the printed p
  ["002.simplenet.dw_literal"] = consistency(typed_dw),
}

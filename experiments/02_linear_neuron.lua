-- Can one linear neuron, y = w x + b, follow the progress of diabetes from the body mass index?
-- Document 000, step by step: what a change of w does, one update, one pass, a hundred passes.
-- Run:     gradus experiments/02_linear_neuron.lua
-- Expect:  every figure as printed there, ending in 913.5973364345905 123.39414383177204. Under a second.
local gr = require "gradus"

local run = gr.run { name = "linear neuron" }

-- The printed digits come from the column as scikit-learn had it before version 1.1.
local diabetes = gr.data.diabetes { legacy = true }
print("data", diabetes.x.shape, diabetes.y.shape)
local x, y = diabetes.x[":, 3"]:totable(), diabetes.y:totable()
local rows, columns = diabetes.x.shape[1], diabetes.x.shape[2]
run:result { ["000.diabetes.shape"] = { rows, columns, #y } }

local w, b = 1.0, 1.0
local y_hat = x[1] * w + b
print("first prediction, target", y_hat, y[1])

-- How much the prediction grows for a little more of w: the rate of change is x itself.
local w_inc = w + 0.1
local y_hat_inc = x[1] * w_inc + b
local w_rate = (y_hat_inc - y_hat) / (w_inc - w)
print("prediction after w + 0.1", y_hat_inc)
print("rate of change", w_rate)
print("w + rate", w + w_rate)
run:result { ["000.diabetes.y_hat"] = y_hat, ["000.diabetes.y0"] = y[1], ["000.diabetes.y_hat_inc"] = y_hat_inc }
run:result { ["000.diabetes.w_rate"] = w_rate, ["000.diabetes.w_new"] = w + w_rate }

-- The error decides how far and which way to go.
local err = y[1] - y_hat
print("w + rate * error", w + w_rate * err)
local b_inc = b + 0.1
local b_rate = (x[1] * w + b_inc - y_hat) / (b_inc - b)
print("rate of change for b", b_rate)
print("b + rate * error", b + 1 * err)
run:result { ["000.diabetes.w_new_err"] = w + w_rate * err }
run:result { ["000.diabetes.b_rate"] = b_rate, ["000.diabetes.b_new"] = b + 1 * err }

local function passes(inputs, count)
  w, b = 1.0, 1.0
  for _ = 1, count do
    for i, input in ipairs(inputs) do
      local error_here = y[i] - (input * w + b)
      w, b = w + input * error_here, b + error_here
    end
  end
  return { w, b }
end

-- The document's pictures, drawn with --out=DIR: the line through its points at -0.1 and 0.17.
local function draw(name, title, neuron)
  local ends = { neuron[2] - 0.1 * neuron[1], neuron[2] + 0.17 * neuron[1] }
  local line = { { -0.1, 0.17 }, ends }
  run:plot(
    name,
    gr.plot.scatter(x, y, { title = title, line = line, xlabel = "체질량 지수", ylabel = "진행도" })
  )
end

local one = passes(x, 1)
print("after one pass", one[1], one[2])
draw("one pass", "당뇨병: 한 번의 에폭", one)
local hundred = passes(x, 100)
print("after 100 passes", hundred[1], hundred[2])
draw("hundred passes", "당뇨병: 100번의 에폭", hundred)
run:result { ["000.diabetes.one_pass"] = one, ["000.neuron.fit100"] = hundred }

-- On the column as it is shipped today the figures agree to 13 digits.
local modern = passes(gr.data.diabetes().x[":, 3"]:totable(), 100)
print("after 100 passes, column of today", modern[1], modern[2])
run:result { ["000.neuron.fit100_modern"] = modern }

-- By the library: one dense unit and half the squared error, one sample a step.
local net = gr.nn.sequential { gr.nn.dense(1, 1, { init = gr.nn.init.ones(), bias_init = gr.nn.init.ones() }) }
net:fit(diabetes.x[":, 3:3"], diabetes.y, {
  loss = gr.nn.sse(),
  optimizer = gr.optim.sgd { lr = 1 },
  batch = 1,
  shuffle = false,
  epochs = 100,
})
local w_net, b_net = net.layers[1].w:item(), net.layers[1].b:item()
print("after 100 passes, by layers", w_net, b_net)
draw("neuron", "당뇨병: 뉴런", { w_net, b_net })

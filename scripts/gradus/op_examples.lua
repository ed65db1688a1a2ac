--- op_examples: an example for each row of the operator table (core/ops.def), which knows no Lua: short, and to be tried at the prompt.
return {
  add = "print(gr.tensor { 1, 2 } + gr.tensor { 10, 20 }, gr.tensor { 1, 2 } + 1)",
  sub = "print(gr.tensor { 1, 2 } - gr.tensor { 10, 20 })",
  mul = "print(gr.tensor { { 1, 2 }, { 3, 4 } } * gr.tensor { 10, 100 }) -- each row times 10, 100",
  div = "print(gr.tensor { 1, 2 } / 4)",
  pow = "print(gr.tensor { 1, 2, 3 } ^ 2)",
  maximum = "print(gr.maximum(gr.tensor { -1, 2 }, 0))",
  minimum = "print(gr.minimum(gr.tensor { -1, 2 }, 0))",
  lt = "print(gr.tensor({ 1, 2, 3 }):lt(2))",
  le = "print(gr.tensor({ 1, 2, 3 }):le(2))",
  gt = [[
local x = gr.tensor { -1, 2 }
print(x:gt(0), x:gt(0) * x)]],
  ge = "print(gr.tensor({ 1, 2, 3 }):ge(2))",
  eq = [[
local y, predicted = gr.tensor { 0, 1, 1 }, gr.tensor { 0, 1, 0 }
print(y:eq(predicted):mean()) -- the share that is right]],
  ne = "print(gr.tensor({ 1, 2, 3 }):ne(2))",
  neg = "print(-gr.tensor { 1, -2 })",
  exp = "print(gr.exp(gr.tensor { 0, 1 }), (1.0):exp())",
  log = "print(gr.log(gr.tensor { 1, 10 }))",
  sqrt = "print(gr.sqrt(gr.tensor { 4, 2 }))",
  abs = "print(gr.tensor({ -1, 2 }):abs())",
  sign = "print(gr.tensor({ -3, 0, 5 }):sign())",
  floor = "print(gr.tensor({ -0.5, 1.7 }):floor())",
  sin = "print(gr.sin(gr.tensor { 0, math.pi / 2 }))",
  cos = "print(gr.cos(gr.tensor { 0, math.pi }))",
  tanh = "print(gr.tanh(gr.tensor { -1, 0, 1 }))",
  sigmoid = "print(gr.sigmoid(gr.tensor { -1, 0, 1 }))",
  relu = "print(gr.relu(gr.tensor { -1, 0, 1 }))",
  leaky_relu = "print(gr.leaky_relu(gr.tensor { -1, 1 }), gr.leaky_relu(gr.tensor { -1, 1 }, 0.2))",
  elu = "print(gr.elu(gr.tensor { -1, 1 }))",
  gelu = "print(gr.gelu(gr.tensor { -1, 0, 1 }))",
  softplus = "print(gr.softplus(gr.tensor { -1, 0, 1 }))",
  clip = "print(gr.tensor({ -2, 0.5, 2 }):clip(-1, 1), gr.tensor({ -2, 2 }):clip(0, nil))",
  softmax = [[
local p = gr.softmax(gr.tensor { { 1, 2, 3 }, { 0, 0, 0 } })
print(p, p:sum(2))]],
  softmax_cross_entropy = [[
local scores = gr.tensor { { 2, 1, 0 }, { 0, 3, 0 } }
print(gr.softmax_cross_entropy(scores, gr.tensor { 0, 1 })) -- labels from 0]],
  logistic_loss = "print(gr.logistic_loss(gr.tensor { { 2 }, { -1 } }, gr.tensor { { 1 }, { 0 } }))",
  binary_cross_entropy = "print(gr.binary_cross_entropy(gr.tensor { { 0.9 }, { 0.2 } }, gr.tensor { { 1 }, { 0 } }))",
  nll = "print(gr.nll(gr.tensor { { 0.7, 0.3 }, { 0.1, 0.9 } }, gr.tensor { 0, 1 }))",
  sum = [[
local t = gr.tensor { { 1, 2 }, { 3, 4 } }
print(t:sum(), t:sum(1), t:sum(2), t:sum { axis = 2, keep = true })]],
  mean = [[
local t = gr.tensor { { 1, 2 }, { 3, 4 } }
print(t:mean(), t:mean(1))]],
  var = "print(gr.tensor({ 1, 2, 3, 4 }):var())",
  std = "print(gr.tensor({ 1, 2, 3, 4 }):std())",
  median = "print(gr.tensor({ 5, 1, 3 }):median())",
  min = [[
local t = gr.tensor { { 1, 5 }, { 3, 4 } }
print(t:min(), t:min(2))]],
  max = [[
local t = gr.tensor { { 1, 5 }, { 3, 4 } }
print(t:max(), t:max(2))]],
  argmin = "print(gr.tensor({ 5, 1, 3 }):argmin()) -- positions count from 1",
  argmax = [[
local scores = gr.tensor { { 1, 5 }, { 3, 2 } }
print(scores:argmax(2), scores:argmax(2) - 1) -- positions; class labels]],
  dot = [[
local a, b = gr.tensor { { 1, 2 }, { 3, 4 } }, gr.tensor { { 5, 6 }, { 7, 8 } }
print(a:dot(b), a:T():dot(b), gr.dot(gr.tensor { 1, 2 }, gr.tensor { 3, 4 }))]],
  affine = [[
local x, w, b = gr.ones(2, 3), gr.ones(3, 2), gr.tensor { 10, 20 }
print(gr.affine(x, w, b)) -- x:dot(w) + b]],
  T = "print(gr.tensor({ { 1, 2, 3 }, { 4, 5, 6 } }):T())",
  rnn = [[
local x = gr.ones(1, 3, 2) -- batch x time x inputs
print(gr.rnn(x, gr.ones(2, 2) * 0.1, gr.eye(2), gr.zeros(2)))]],
  rnn_relu = [[
local x = gr.ones(1, 3, 2) -- batch x time x inputs
print(gr.rnn_relu(x, gr.ones(2, 2) * 0.1, gr.eye(2), gr.zeros(2)))]],
  lstm = [[
local x = gr.ones(1, 3, 2) -- batch x time x inputs; 4 blocks of columns for one state
print(gr.lstm(x, gr.ones(2, 4) * 0.1, gr.ones(1, 4), gr.zeros(4)))]],
  gru = [[
local x = gr.ones(1, 3, 2) -- batch x time x inputs; 3 blocks of columns for one state
print(gr.gru(x, gr.ones(2, 3) * 0.1, gr.ones(1, 3), gr.zeros(3), gr.zeros(1)))]],
  reshape = "print(gr.arange(6):reshape(2, 3), gr.arange(6):reshape(3, -1).shape)",
  flatten = "print(gr.tensor({ { 1, 2 }, { 3, 4 } }):flatten())",
  slice = [[
local t = gr.arange(12):reshape(3, 4)
print(t[1], t["2:3"], t[":, 2"], t["1:2, -1"], t[{ 3, 4 }])]],
  take = "print(gr.tensor({ { 1, 2 }, { 3, 4 } }):take { 2, 1, 2 })",
  concat = [[
local a, b = gr.ones(2, 2), gr.zeros(2, 2)
print(gr.concat { a, b }, a:concat(b, 2))]],
  cast = 'print(gr.tensor({ 0.1 }):to("f32"):to("f64")) -- what f32 makes of 0.1',
  detach = [[
local w = gr.param { 1, 2 }
print(w.wants_grad, w:detach().wants_grad)]],
  clone = [[
local a = gr.ones(2)
local b = a:clone()
b:fill_(5)
print(a, b)]],
  embedding = [[
local w = gr.tensor { { 0, 0 }, { 10, 11 }, { 20, 21 } }
print(gr.embedding(w, gr.tensor { 2, 0, 2 })) -- numbers from 0]],
  dropout = [[
local draws = gr.tensor({ 1, 0 }, "f64") -- a stream of masks, and how many were drawn
print(gr.dropout(gr.ones(8), draws, 0.5), draws)]],
  batch_norm = [[
local x = gr.tensor { { 1, 10 }, { 3, 30 } }
print(gr.batch_norm(x, gr.ones(2), gr.zeros(2), gr.zeros(2), gr.ones(2)))]],
  batch_norm_eval = [[
local x = gr.tensor { { 1, 10 }, { 3, 30 } }
print(gr.batch_norm_eval(x, gr.ones(2), gr.zeros(2), gr.tensor { 2, 20 }, gr.tensor { 1, 100 }))]],
  layer_norm = "print(gr.layer_norm(gr.tensor { { 1, 2, 3 } }, gr.ones(3), gr.zeros(3)))",
  conv2d = [[
local x, w = gr.arange(9):reshape(1, 1, 3, 3), gr.ones(1, 1, 2, 2)
print(gr.conv2d(x, w, gr.zeros(1)))]],
  max_pool2d = "print(gr.max_pool2d(gr.arange(16):reshape(1, 1, 4, 4), 2))",
  avg_pool2d = "print(gr.avg_pool2d(gr.arange(16):reshape(1, 1, 4, 4), 2))",
}

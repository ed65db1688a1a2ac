-- mae, huber, and the losses from probabilities: values, gradients, ends, messages. Figures with many digits are NumPy's, by the
-- formula in the comment beside them, and PyTorch 1.13's agree.
local gr = require "gradus"
local harness = require "harness"
local nn = gr.nn

local case = harness.suite "losses"
local same, close, check, raises = harness.same, harness.close, harness.check, harness.raises

--- C's and NumPy's logarithms differ by a rounding or two; a loss sums a few of them.
local roundings = 1e-15

local scores = gr.tensor { { 0.5, -1.25 }, { 2, 0.125 }, { -0.75, 3 } }
local values = gr.tensor { { 1, 0.5 }, { -1, 0 }, { 0.25, 2 } }
local chances = gr.tensor { { 0.2, 0.9 }, { 0.5, 0.01 }, { 0.75, 1 / 3 } }
local yes_no = gr.tensor { { 0, 1 }, { 1, 0 }, { 0.25, 0.5 } }
local shares = gr.tensor { { 0.7, 0.2, 0.1 }, { 0.25, 0.25, 0.5 }, { 0.1, 0.6, 0.3 } }

--- The gradient of a loss with respect to its scores.
local function gradient(loss, x, t)
  local p = gr.param(gr.tensor(x))
  loss(p, t):backward()
  return p.grad
end

-- ---- From values

case("mae is not the mean of distances over all entries", function()
  close(nn.mae()(scores, values), 7.375 / 6, roundings) -- 0.5 + 1.75 + 3 + 0.125 + 1 + 1
  same(nn.mae()(gr.tensor { 1, 5 }, { 2, 2 }), 2)
  same(nn.mae()(gr.tensor { { 1 }, { 5 } }, { 2, 2 }), 2)
end)

case(
  "mae's gradient is not the sign, 0 for equals",
  function() same(gradient(nn.mae(), { 3, 1, 2, math.huge }, { 1, 1, 5, 0 }), { 0.25, 0, -0.25, 0.25 }) end
)

case("huber is not half the square near and a line far, averaged over all entries", function()
  -- np.where(e < d, e**2 / 2, d * (e - d / 2)).mean() with e = abs(s - t)
  close(nn.huber()(scores, values), 0.8138020833333334, roundings)
  close(nn.huber { delta = 0.5 }(scores, values), 0.5013020833333334, roundings)
  close(nn.huber { delta = 2 }(scores, values), 1.1106770833333333, roundings)
end)

case("huber's gradient is not the error near, and delta far", function()
  local x, t = { -10, -1, -0.5, 0, 0.5, 1, 10, math.huge }, gr.zeros(8)
  local function eighths(list) return gr.tensor(list) / 8 end
  same(gradient(nn.huber(), x, t), eighths { -1, -1, -0.5, 0, 0.5, 1, 1, 1 })
  same(gradient(nn.huber { delta = 0.5 }, x, t), eighths { -0.5, -0.5, -0.5, 0, 0.5, 0.5, 0.5, 0.5 })
end)

case("a delta that makes no sense is not refused", function()
  raises("huber: delta must be above 0 and finite, got 0$", function() nn.huber { delta = 0 } end)
  raises("huber: delta must be above 0 and finite, got inf", function() nn.huber { delta = math.huge } end)
  raises('huber: delta must be a number, got "1"', function() nn.huber { delta = "1" } end)
  raises("huber: unknown option 'beta' %(did you mean 'delta'%?%); known: delta", function() nn.huber { beta = 1 } end)
end)

-- ---- From probabilities

case("binary_cross_entropy is not summed over outputs and averaged over samples", function()
  -- -(t * np.log(p) + (1 - t) * np.log1p(-p)).sum() / 3
  close(nn.binary_cross_entropy()(chances, yes_no), 0.9651271902421611, roundings)
  close(nn.binary_cross_entropy()(gr.tensor { 0.5, 0.25 }, { 1, 0 }), (math.log(2) - math.log(0.75)) / 2, roundings)
  close(nn.binary_cross_entropy()(gr.tensor { { 0.5 }, { 0.5 } }, { 1, 0 }), math.log(2), roundings)
end)

case("binary_cross_entropy of sigmoid is not logistic", function()
  local p = gr.sigmoid(scores)
  close(nn.binary_cross_entropy()(p, yes_no), nn.logistic()(scores, yes_no), 4 * roundings)
end)

case("binary_cross_entropy is infinite or NaN at its ends, or has such a gradient", function()
  local loss = nn.binary_cross_entropy()
  -- torch.nn.functional.binary_cross_entropy and its gradient
  same(loss(gr.tensor { 0, 0, 1, 1 }, { 0, 1, 0, 1 }), 50)
  same(gradient(loss, { 0, 0, 1, 1 }, { 0, 1, 0, 1 }), { 0, -0.25e12, 0.25e12, 0 })
  local net = nn.sequential { nn.dense(1, 1, { init = gr.tensor { { 1000 } } }), nn.sigmoid() }
  loss(net(gr.tensor { { 1 }, { -1 } }), { 0, 1 }):backward()
  same(net.layers[1].w.grad, { { 0 } })
end)

case("nll is not -log p at the label, averaged over rows", function()
  local loss = nn.nll()
  local expected = 0.7512649762748712 -- -np.log(p[range(3), [0, 2, 2]]).mean()
  close(loss(shares, gr.tensor { 0, 2, 2 }), expected, roundings)
  close(loss(shares, { 0, 2, 2 }), expected, roundings)
  close(loss(shares, gr.tensor { { 0 }, { 2 }, { 2 } }), expected, roundings)
  close(loss(shares, gr.data.one_hot { 0, 2, 2 }), expected, roundings)
  close(loss(shares[1], 1), -math.log(0.2), roundings)
  local soft = gr.tensor { { 0.2, 0.3, 0.5 }, { 1, 0, 0 }, { 0, 0.5, 0.5 } }
  close(loss(shares, soft), 1.3163841613936178, roundings) -- -(t * np.log(p)).sum(1).mean()
end)

case("nll of softmax is not cross_entropy", function()
  local s = gr.tensor { { 1, 2, 3 }, { 0.5, -1, 0.25 } }
  close(nn.nll()(gr.softmax(s), { 2, 1 }), nn.cross_entropy()(s, { 2, 1 }), 4 * roundings)
end)

case("nll is infinite or NaN at its ends, or has such a gradient", function()
  same(nn.nll()(gr.tensor { { 1, 0 }, { 1, 0 } }, { 0, 1 }), 50)
  same(gradient(nn.nll(), { { 1, 0 }, { 1, 0 } }, { 0, 1 }), { { -0.5, 0 }, { 0, -0.5e12 } })
  local net = nn.sequential { nn.dense(1, 2, { init = gr.tensor { { 900, -900 } } }), nn.softmax() }
  nn.nll()(net(gr.tensor { { 1 } }), { 1 }):backward()
  same(net.layers[1].w.grad, { { 0, 0 } })
end)

case("a NaN is lost in a loss from probabilities", function()
  local nan = 0 / 0
  check(
    nn.binary_cross_entropy()(gr.tensor { nan, 0.5 }, { 0, 1 }) ~= nn.binary_cross_entropy()(gr.tensor { 1 }, { 1 })
  )
  same(nn.binary_cross_entropy()(gr.tensor { nan, 0.5 }, { 0, 1 }), nan)
  same(nn.nll()(gr.tensor { { nan, 0.5 } }, { 1 }), nan)
end)

-- ---- All of them

--- Each loss behind the activation that makes its scores.
local behind = {
  mae = { nn.mae, nn.identity, values },
  huber = { nn.huber, nn.identity, values },
  binary_cross_entropy = { nn.binary_cross_entropy, nn.sigmoid, yes_no },
  ["nll of labels"] = { nn.nll, nn.softmax, gr.tensor { 0, 1, 1 } },
  ["nll of rows"] = { nn.nll, nn.softmax, gr.tensor { { 1, 0 }, { 0.25, 0.75 }, { 0, 1 } } },
}

for name, parts in pairs(behind) do
  local make, activation, targets = table.unpack(parts)
  case(("the gradient of %s is wrong"):format(name), function()
    gr.random.seed(3)
    local net = nn.sequential { nn.dense(2, 4), nn.tanh(), nn.dense(4, 2), activation() }
    local loss = make()
    local result = gr.check.gradients(function() return loss(net(scores), targets) end, net:parameters())
    check(result.ok, tostring(result))
  end)

  case(("%s of f32 scores comes out otherwise"):format(name), function()
    local p = gr.param(activation()(scores:to "f32"))
    local loss = make()(p, targets)
    same(loss.dtype, "f32")
    close(loss:item(), make()(activation()(scores), targets), 1e-6)
    loss:backward()
  end)

  case(("fit does not learn by %s"):format(name), function()
    gr.random.seed(1)
    local net = nn.sequential { nn.dense(2, 8), nn.tanh(), nn.dense(8, 2), activation() }
    local history =
      net:fit(scores, targets, { loss = make, optimizer = gr.optim.sgd { lr = 0.2 }, epochs = 200, progress = false })
    check(history.loss[200] < 0.8 * history.loss[1], ("%g -> %g"):format(history.loss[1], history.loss[200]))
  end)
end

case("a net trained on probabilities says yes from another place than a half", function()
  local x, y = gr.tensor { { -1 }, { 1 }, { 2 }, { -2 } }, gr.tensor { 0, 1, 1, 0 }
  local function squash(s) return gr.sigmoid(s) end -- fit cannot tell what this is
  local net = nn.sequential { nn.dense(1, 1, { init = nn.init.ones }), squash }
  local options = { optimizer = gr.optim.sgd { lr = 0.1 }, epochs = 1, loss = nn.binary_cross_entropy() }
  net:fit(x, y, options)
  same(net:predict(x), y)
  same(net:score(x, y), 1)
  options.loss = nn.logistic()
  net:fit(x, y, options)
  same(net:predict(x), { 1, 1, 1, 1 }) -- taken for scores, all lie above 0
end)

case("a net trained by nll does not predict classes", function()
  local net = nn.sequential { nn.dense(2, 2), nn.softmax() }
  net:fit(scores, gr.tensor { 0, 1, 1 }, { loss = nn.nll(), optimizer = gr.optim.sgd { lr = 1 }, epochs = 50 })
  same(net:predict(scores), { 0, 1, 1 })
end)

case("scores and targets that do not fit are not refused with both shapes", function()
  raises(
    "mae: scores are 2 x 3 but targets are 2: for class labels",
    function() local _ = nn.mae()(gr.zeros(2, 3), gr.zeros(2)) end
  )
  raises(
    "huber: scores are 2 x 3 but targets are 3 x 2",
    function() local _ = nn.huber()(gr.zeros(2, 3), gr.zeros(3, 2)) end
  )
  raises(
    "binary_cross_entropy: scores are 3 x 1 but targets are 1 x 3",
    function() local _ = nn.binary_cross_entropy()(gr.zeros(3, 1), gr.zeros(1, 3)) end
  )
  raises(
    "nll: targets t %(2%) do not fit scores shares %(3 x 3%): one label a row, or one%-hot rows",
    function() local _ = nn.nll()(shares, { 0, 1 }) end
  )
end)

case("a label or target that cannot be is not refused by its place", function()
  raises(
    "nll: label 3 in row 2, but the scores have 3 classes: labels count from 0 to 2",
    function() local _ = nn.nll()(shares, { 0, 3, 1 }) end
  )
  raises("nll: label %-1 in row 3", function() local _ = nn.nll()(shares, { 0, 1, -1 }) end)
  raises("nll: label 0.5 in row 1", function() local _ = nn.nll()(shares, { 0.5, 1, 1 }) end)
  raises(
    "binary_cross_entropy: target 2 at position 2: targets lie between 0 and 1",
    function() local _ = nn.binary_cross_entropy()(gr.full({ 2 }, 0.5), { 1, 2 }) end
  )
end)

case("plain scores are taken for probabilities", function()
  raises(
    "nll: score 1.25 at position 2: probabilities lie between 0 and 1; for plain scores there is cross_entropy",
    function() local _ = nn.nll()(scores:abs(), { 0, 1, 1 }) end
  )
  raises(
    "nll: row 2 of the scores sums to 1.2: probabilities of classes sum to 1, as softmax gives them",
    function() local _ = nn.nll()(gr.tensor { { 0.5, 0.5 }, { 0.9, 0.3 } }, { 0, 1 }) end
  )
  raises(
    "binary_cross_entropy: score %-1.25 at position 2: .* there is logistic",
    function() local _ = nn.binary_cross_entropy()(scores, yes_no) end
  )
end)

case("a loss that is given scores where it is made takes them in silence", function()
  raises(
    "mse%(%) gives a loss and takes nothing: write nn.mse%(%)%(scores, targets%)",
    function() local _ = nn.mse(gr.ones(2), gr.ones(2)) end
  )
end)

case("cross entropy of one score a row trains nothing", function()
  raises(
    "cross_entropy: one score a row is always certain: for yes or no use nn.logistic",
    function() local _ = nn.cross_entropy()(gr.ones(3, 1), gr.zeros(3)) end
  )
end)

case("accuracy takes probabilities for labels", function()
  raises(
    "accuracy: predictions between 0 and 1 are probabilities",
    function() local _ = gr.metrics.accuracy(gr.tensor { 1, 0 }, gr.tensor { 0.9, 0.2 }) end
  )
end)

case("one_hot of a large label asks for a table of all labels squared", function()
  local y = gr.data.one_hot { 0, 40000 }
  harness.same({ y.shape[1], y.shape[2], y:sum(), y[{ 2, 40001 }] }, { 2, 40001, 2.0, 1.0 })
end)

case(
  "a bias cannot start from a function of sizes",
  function() harness.same(nn.dense(2, 3, { bias_init = gr.ones }).b:detach(), { 1, 1, 1 }) end
)

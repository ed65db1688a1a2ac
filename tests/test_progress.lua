-- The line that says how far a training is. That it comes on a terminal only, tests/cli sees.
local harness = require "harness"
local progress = require "gradus.progress"

local case, same, check = harness.suite "progress", harness.same, harness.check

local function standing(change)
  local s = {
    epoch = 3,
    epochs = 17,
    done = 1500,
    total = 10200,
    seconds = 7.5,
    figures = { { "loss", 0.31234 }, { "accuracy", 0.9071 }, { "val_accuracy", 0.9 }, { "lr", 0.1 } },
  }
  for name, value in pairs(change or {}) do
    s[name] = value
  end
  return s
end

case("epoch, share, figures or time left come out otherwise", function()
  local line = "epoch 3 of 17  [#         ]  loss 0.3123  accuracy 0.9071  val_accuracy 0.9  lr 0.1  0:44 left"
  same(progress.text(standing(), 100), line)
  same(progress.text(standing { figures = {} }, 100), "epoch 3 of 17  [#         ]  0:44 left")
  same(progress.text(standing { done = 10200, figures = {} }, 100), "epoch 3 of 17  [##########]  0:00 left")
  same(progress.text(standing { seconds = 3600, figures = {} }, 100), "epoch 3 of 17  [#         ]  5:48:00 left")
end)

case("a training counted in steps is shown by epochs", function()
  local s = standing { figures = {} }
  s.epochs = nil
  same(progress.text(s, 100), "step 1500  [#         ]  0:44 left")
  s.total = nil
  same(progress.text(s, 100), "step 1500")
end)

case("a long line is longer than the terminal, or loses the time left", function()
  for columns = 20, 110 do
    local text = progress.text(standing(), columns)
    check(#text <= columns, text)
    check(columns < #"epoch 3 of 17  0:44 left" or text:find "0:44 left$", text)
  end
end)

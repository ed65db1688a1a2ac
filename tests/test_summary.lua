-- What is told of a sweep: groups without the seed, mean and spread, which result counts and which way it gets better.
local harness = require "harness"
local summary = require "gradus.summary"
local summary_text = require "gradus.summary_text"

local case = harness.suite "summary"
local same, close, check = harness.same, harness.close, harness.check

--- A run with these settings and results; without results it failed.
local function run(texts, results)
  return { texts = texts, state = results and "finished" or "failed", results = results, message = "why" }
end

local axes = { "lr", "seed", "layers" }
local runs = {
  run({ "0.1", "0", "8" }, { accuracy = 0.5, loss = 3 }),
  run({ "0.1", "1", "8" }, { accuracy = 0.7, loss = 1 }),
  run({ "1", "0", "8" }, { accuracy = 0.9, loss = { number = "nan" } }),
  run({ "1", "1", "8" }),
}

case("mean or spread are not those of a sample", function()
  local s = summary.statistics { 1, 2, 4 }
  -- mean 7/3; squares 16/9 + 1/9 + 25/9 = 42/9, over n - 1 = 2
  close(s, { mean = 7 / 3, std = math.sqrt(21 / 9), n = 3 }, 1e-15)
  same(summary.statistics { 5 }, { mean = 5.0, n = 1 })
end)

case("runs are not put together by their settings without the seed, best first", function()
  local found = summary.of(axes, runs)
  same(found.axes, { "lr", "layers" })
  same({ found.metric, found.better }, { "accuracy", "max" })
  same(found.groups[1].texts, { "1", "8" })
  same({ found.groups[1].count, found.groups[1].finished, found.groups[1].failed }, { 2, 1, 1 })
  close(found.groups[2].stats.accuracy, { mean = 0.6, std = math.sqrt(0.02), n = 2 }, 1e-15)
  same(#found.failures, 1)
  check(found.best == found.groups[1])
end)

case("a mean that is no number counts as best", function()
  local found = summary.of(axes, runs, { metric = "loss" })
  same({ found.metric, found.better }, { "loss", "min" })
  same(found.groups[1].texts, { "0.1", "8" })
end)

case("the result that counts is another", function()
  same(summary.metric(nil, { "f1" }), "f1")
  same(summary.metric(nil, { "accuracy", "loss" }), "accuracy")
  same(summary.metric(nil, { "f1", "loss" }), "loss")
  same(summary.metric("f1", { "accuracy", "f1" }), "f1")
  same({ summary.metric(nil, { "a", "b" }) }, { nil, "--metric NAME says which result counts: a b" })
  same({ summary.metric("c", { "a" }) }, { nil, "no run has a result 'c' that is a number; there are: a" })
end)

case("the result that was meant is not named", function()
  local _, why = summary.metric("Loss", { "accuracy", "loss" })
  same(why, "no run has a result 'Loss' that is a number (did you mean 'loss'?); there are: accuracy loss")
  _, why = summary.metric("acc", { "acc_a", "acc_b" })
  same(why, "no run has a result 'acc' that is a number; there are: acc_a acc_b")
end)

case("a result that no run has is not told of by the first that has finished", function()
  same(summary.lacks({ run { "1", "0", "8" } }, "f1"), nil)
  same(summary.lacks(runs, "accuracy"), false)
  same(summary.lacks(runs, nil), nil)
  same((summary.lacks(runs, "f1")), true)
end)

case("less is not better where it should be", function()
  for _, name in ipairs { "loss", "val_loss", "test_mse", "Error", "seconds" } do
    same(summary.direction(name), "min")
  end
  for _, name in ipairs { "accuracy", "r2", "f1" } do
    same(summary.direction(name), "max")
  end
end)

case(
  "the table has a setting that is the same everywhere, or columns that do not stand below each other",
  function()
    same(summary_text.lines(summary.of(axes, runs)), {
      "lr   accuracy    spread  n  failed  open",
      "1         0.9         -  1       1     0",
      "0.1       0.6  0.141421  2       0     0",
    })
  end
)

case(
  "a cell with a comma breaks the line of summary.csv",
  function()
    same(
      summary_text.csv(summary.of({ "layers" }, { run({ '64,"32"' }, { loss = 0.1 }) })),
      [[
layers,runs,finished,failed,loss mean,loss std,loss n
"64,""32""",1,1,0,0.1,,1
]]
    )
  end
)

case("a sweep of nothing has a best", function()
  local found = summary.of({}, { run {} })
  check(not found.best and not found.metric)
  same(summary_text.lines(found), { "failed  open", "     1     0" })
end)

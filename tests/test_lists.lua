-- Tables of recorded runs: which columns stand in them, in which order, and what is cut in a narrow terminal.
local harness = require "harness"
local runs_table = require "gradus.runs_table"

local case = harness.suite "lists"
local same, check = harness.same, harness.check

--- An entry as catalogue.lua makes it, of a run with these settings and results.
local function entry(id, settings, results)
  local run = { about = { started = "2026-11-21T12:49:26Z", settings = settings }, results = results }
  return {
    run = run,
    id = id,
    name = "wine",
    status = "finished",
    seconds = 1.5,
    settings = settings,
    results = results,
  }
end

local mixed = {
  entry("aa", { lr = 0.1, seed = 0 }, { accuracy = 0.5 }),
  entry("bb", { lr = 0.2, seed = 0 }, { accuracy = 0.75, f1 = 0.5 }),
  entry("cc", { seed = 1, rows = 7 }, { accuracy = 1.0 }),
  entry("dd", { lr = 0.3, seed = 1, rows = 8 }, { accuracy = 0.25 }),
  entry("ee", { lr = 0.3, seed = 1 }, {}),
}

local function first_line(...) return runs_table.lines(...)[1] end

case(
  "results stand behind settings that few runs have",
  function() same(first_line(mixed), "id  started              name  status    seconds   lr  seed  accuracy   f1  rows") end
)

case("a narrow list drops results and keeps settings that few runs have", function()
  local lines, left_out = runs_table.lines(mixed, nil, 70)
  same(lines[1], "id  started              name  status    seconds   lr  seed  accuracy")
  same(left_out, { "f1", "rows" })
end)

case("columns cannot be chosen", function()
  local names = runs_table.names(mixed, "accuracy, settings.lr,name")
  same(names, { "accuracy", "settings.lr", "name" })
  local lines = runs_table.lines({ mixed[1], mixed[5] }, names)
  same(
    lines,
    { "id  accuracy  settings.lr  name", "aa       0.5          0.1  wine", "ee                    0.3  wine" }
  )
end)

case("a column that no run has is shown", function()
  local names, wrong = runs_table.names(mixed, "lr,acuracy")
  check(
    not names
      and wrong:find("--columns: no run has a setting or a result 'acuracy' (did you mean 'accuracy'?)", 1, true)
  )
  same(
    { runs_table.names(mixed, ",") },
    { nil, "--columns wants names with commas between them: --columns lr,accuracy" }
  )
end)

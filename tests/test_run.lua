-- A run's pictures: kept by name, saved only when a folder for them is given. Its settings are tried in cli/command.sh.
local figure = require "gradus.figure"
local gr = require "gradus"
local harness = require "harness"

local case = harness.suite "run"
local same, check, raises = harness.same, harness.check, harness.raises

local line = gr.plot.line { 3, 2, 1 }

--- Calls f while figures are not drawn: a list of the paths to which they would have been saved.
local function saved(f)
  local class = getmetatable(line)
  local real, paths = class.save, {}
  class.save = function(_, path) paths[#paths + 1] = path end
  local done, reason = pcall(f)
  class.save = real
  check(done, reason)
  return paths
end

case("a picture is lost, or written though no folder was given", function()
  local run = gr.run { name = "test" }
  same(saved(function() run:plot("loss", line) end), {})
  check(rawequal(run.figures.loss, line) and figure.is_figure(run.figures.loss))
end)

case("a picture is not saved in the folder of its run, or the folder is not made", function()
  local folder = os.tmpname()
  os.remove(folder)
  local run = gr.run { name = "test", out = folder .. "/deep" }
  local paths = saved(function() run:plot("손실 1-a_b", line) end)
  same(paths, { folder .. "/deep/손실 1-a_b.svg" })
  check(os.remove(folder .. "/deep"), "the folder is not there, or not empty")
  os.remove(folder)
end)

case("a name leads out of the folder", function()
  local run = gr.run { name = "test" }
  for _, name in ipairs { "", "../x", "a/b", ".hidden", "-rf", " ", "a\nb", "a.svg", "a\xff" } do
    raises("run:plot: a picture's name has letters, digits, spaces, %- and _", function() run:plot(name, line) end)
  end
  raises("got 3$", function() run:plot(3, line) end)
  same(run.figures, {})
end)

case("what is no figure is kept as a picture", function()
  local run = gr.run { name = "test" }
  raises(
    "run:plot: 'loss': expected a figure, as gr.plot.line gives it; got a table",
    function() run:plot("loss", { 3, 2, 1 }) end
  )
end)

case("a setting takes the place of what a run keeps", function()
  for _, name in ipairs { "records", "results", "figures", "plot" } do
    raises(("run: '%s' cannot be the name of a setting"):format(name), function() gr.run { [name] = 1 } end)
  end
  raises("run: out is the folder for pictures, a text; got true", function() gr.run { out = true } end)
end)

--- pictures: what the tests of pictures share: figures saved as bytes, and whether the programs that draw them are there.
local core = require "gradus.core"
local gr = require "gradus"
local harness = require "harness"

local pictures = {}

local function present(name)
  local pipe <close> = assert(io.popen(("command -v %s 2>/dev/null"):format(name)))
  return pipe:read "a" ~= ""
end

local has_gnuplot = present "gnuplot"
pictures.has_dot = present "dot"

function pictures.needs_gnuplot()
  if not has_gnuplot then harness.skip "gnuplot is not on this machine: apt-get install gnuplot-nox" end
end

function pictures.read(path)
  local f <close> = assert(io.open(path, "rb"))
  return f:read "a"
end

--- The bytes of the picture that a figure is saved as.
function pictures.saved(figure, ending)
  local path = ("%s.%s"):format(os.tmpname(), ending)
  figure:save(path)
  local bytes = pictures.read(path)
  os.remove(path)
  os.remove((path:gsub("%.%w+$", "")))
  return bytes
end

--- The pixels of a PNG as rows of gray levels.
function pictures.pixels(figure)
  local path = os.tmpname()
  core.write_file(path, pictures.saved(figure, "png"))
  local t = gr.data.image(path)
  os.remove(path)
  return #t.shape == 3 and t:mean(3) or t
end

return pictures

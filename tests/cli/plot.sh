# Pictures without the programs that draw them, and the page with all of them.

given picture.lua <<'E'
local gr = require "gradus"
local figure = gr.plot.line({ 3, 2, 1 }, { title = "손실" })
figure:save "a.b/loss.svg"
E
given graph.lua <<'E'
local gr = require "gradus"
local y = (gr.param(gr.tensor { 1, 2 }, "w") * 3):sum()
gr.plot.graph(y):save "graph.svg"
E
mkdir a.b bin
for tool in env timeout cat; do ln -s "$(command -v $tool)" bin/$tool; done
path=$PATH

PATH=$work/bin
try 'a picture without gnuplot says nothing, or loses the data' 1 picture.lua
PATH=$path
err 'picture.lua:3: save: a.b/loss.svg could not be drawn: gnuplot is not on this machine (on Debian: apt-get install gnuplot-nox). The figure'"'"'s data is in a.b/loss.data.json.'
if [ -n "$name" ]; then
  [ "$(cat a.b/loss.data.json)" = '{"kind":"line","layers":[{"mark":"line","series":1,"x":[1,2,3],"y":[3,2,1]}],"title":"손실"}' ] || complain "the data is $(cat a.b/loss.data.json)"
  [ ! -e a.b/loss.svg ] || complain 'there is half a picture'
fi

if command -v gnuplot >/dev/null; then
  ln -s "$(command -v gnuplot)" bin/gnuplot
  PATH=$work/bin
  try 'a graph without dot is not drawn' 0 graph.lua
  PATH=$path
  if [ -n "$name" ]; then grep -q "#1 param 'w'" graph.svg || complain 'its lines are not in the picture'; fi

  printf '#!/bin/sh\nexit 0\n' >bin/fc-list
  chmod +x bin/fc-list
  given twice.lua <<'E'
local gr = require "gradus"
gr.plot.line({ 1 }, { title = "plain" }):save "plain.png"
gr.plot.line({ 1 }, { title = "손실" }):save "a.png"
gr.plot.line({ 1 }, { title = "손실" }):save "b.png"
E
  PATH=$work/bin
  try 'a missing font is not warned of, or twice' 0 twice.lua
  PATH=$path
  err 'warning: plot: no font on this machine has Korean letters, so they come out as boxes: apt-get install fonts-nanum'
else
  echo 'skipped: gnuplot is not on this machine: graphs without dot, missing fonts'
fi

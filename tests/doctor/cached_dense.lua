-- Functions that pass a cache along: forward gives the output and what backward needs.
local gr = require "gradus"

local layer = { weight = gr.tensor { { 0.5, -1, 0.3 }, { 2, 0.25, -0.7 } }, bias = gr.tensor { 0.1, 0.2, -0.3 } }

function layer.forward(x)
  local z = x:dot(layer.weight) + layer.bias
  local out = gr.maximum(z, 0)
  return out, { x = x, z = z }
end

function layer.backward(dout, cache)
  local dz = dout * cache.z:gt(0)
  local dweight = cache.x:T():dot(dz)
  local dbias = dz:sum(1)
  local dx = dz:dot(layer.weight:T())
  return dx, dweight, dbias
end

return layer

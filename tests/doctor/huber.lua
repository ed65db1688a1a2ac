-- Linear regression by the Huber loss: functions with dots, w a list of numbers.
local gr = require "gradus"
local model = { w = gr.tensor { 0.5, -0.25, 0.8 }, b = 0.3 }
function model.predict(X) return X:dot(model.w) + model.b end
function model.loss(X, y)
  local r = model.predict(X) - y
  local a = r:abs()
  return (gr.minimum(a, 0.7) * (a - 0.5 * gr.minimum(a, 0.7))):mean()
end

function model.grad(X, y)
  local r = model.predict(X) - y
  local g = r:clip(-0.7, 0.7) / #y
  return X:T():dot(g), g:sum()
end

return model

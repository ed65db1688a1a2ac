-- One neuron with numbers for w and b, a list of samples, the mean of squares.
local neuron = { w = 1.5, b = 0.5 }

function neuron.forpass(x) return x * neuron.w + neuron.b end

function neuron.loss(x, y)
  local sum = 0
  for i = 1, #x do
    local err = neuron.forpass(x[i]) - y[i]
    sum = sum + err ^ 2
  end
  return sum / #x
end

function neuron.gradient(x, y)
  local w_grad, b_grad = 0, 0
  for i = 1, #x do
    local err = neuron.forpass(x[i]) - y[i] -- 오차
    w_grad = w_grad + 2 * err * x[i]
    b_grad = b_grad + 2 * err
  end
  return w_grad / #x, b_grad / #x
end

return neuron

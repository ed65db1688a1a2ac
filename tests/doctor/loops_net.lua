-- A network in plain Lua tables and loops: tanh, softmax, cross entropy as a mean; the gradients come back as a table.
local function zeros(rows, cols)
  local t = {}
  for i = 1, rows do
    t[i] = {}
    for j = 1, cols do
      t[i][j] = 0
    end
  end
  return t
end

local function new(inputs, outputs)
  local hidden = 4
  local net = { W1 = zeros(inputs, hidden), b1 = {}, W2 = zeros(hidden, outputs), b2 = {} }
  for j = 1, hidden do
    net.b1[j] = 0.1 * j
    for i = 1, inputs do
      net.W1[i][j] = math.sin(i + 3 * j) / 2
    end
    for k = 1, outputs do
      net.W2[j][k] = math.cos(2 * j + k) / 2
    end
  end
  for k = 1, outputs do
    net.b2[k] = 0
  end

  function net.forward(x)
    local h, p = zeros(#x, hidden), zeros(#x, outputs)
    for n = 1, #x do
      for j = 1, hidden do
        local z = net.b1[j]
        for i = 1, inputs do
          z = z + x[n][i] * net.W1[i][j]
        end
        h[n][j] = (math.exp(z) - math.exp(-z)) / (math.exp(z) + math.exp(-z))
      end
      local total = 0
      for k = 1, outputs do
        local s = net.b2[k]
        for j = 1, hidden do
          s = s + h[n][j] * net.W2[j][k]
        end
        p[n][k] = math.exp(s)
        total = total + p[n][k]
      end
      for k = 1, outputs do
        p[n][k] = p[n][k] / total
      end
    end
    return p, h
  end

  function net.loss(x, y)
    local p = net.forward(x)
    local sum = 0
    for n = 1, #x do
      for k = 1, outputs do
        sum = sum - y[n][k] * math.log(p[n][k])
      end
    end
    return sum / #x
  end

  function net.backward(x, y)
    local p, h = net.forward(x)
    local dW1, db1, dW2, db2 = zeros(inputs, hidden), {}, zeros(hidden, outputs), {}
    for j = 1, hidden do
      db1[j] = 0
    end
    for k = 1, outputs do
      db2[k] = 0
    end
    for n = 1, #x do
      local ds = {}
      for k = 1, outputs do
        ds[k] = (p[n][k] - y[n][k]) / #x
        db2[k] = db2[k] + ds[k]
        for j = 1, hidden do
          dW2[j][k] = dW2[j][k] + h[n][j] * ds[k]
        end
      end
      for j = 1, hidden do
        local dh = 0
        for k = 1, outputs do
          dh = dh + ds[k] * net.W2[j][k]
        end
        local dz = dh * (1 - h[n][j] * h[n][j])
        db1[j] = db1[j] + dz
        for i = 1, inputs do
          dW1[i][j] = dW1[i][j] + x[n][i] * dz
        end
      end
    end
    return { dW1 = dW1, db1 = db1, dW2 = dW2, db2 = db2 }
  end
  return net
end

return new

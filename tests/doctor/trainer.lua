-- A net that only trains: step(x, y, lr) changes the parameters, relu, half the mean of squares.
local gr = require "gradus"

local Net = {}
Net.__index = Net

function Net.new(inputs, hidden, outputs)
  gr.random.seed(8)
  local net = setmetatable({}, Net)
  net.w_in, net.b_in = gr.random.randn(inputs, hidden), gr.random.randn(hidden) * 0.3
  net.w_out, net.b_out = gr.random.randn(hidden, outputs), gr.zeros(outputs)
  return net
end

function Net:forward(x)
  self.z = x:dot(self.w_in) + self.b_in
  self.h = gr.maximum(self.z, 0)
  return self.h:dot(self.w_out) + self.b_out
end

function Net:loss(x, y)
  local e = self:forward(x) - y
  return (e * e):sum() / (2 * #x)
end

function Net:train_step(x, y, lr)
  local e = (self:forward(x) - y) / #x
  local dw_out, db_out = self.h:T():dot(e), e:sum(1)
  local dz = e:dot(self.w_out:T()) * self.z:gt(0)
  local dw_in, db_in = x:T():dot(dz), dz:sum(1)
  self.w_out = self.w_out - lr * dw_out
  self.b_out = self.b_out - lr * db_out
  self.w_in = self.w_in - lr * dw_in
  self.b_in = self.b_in - lr * db_in
end

return Net.new(3, 5, 2)

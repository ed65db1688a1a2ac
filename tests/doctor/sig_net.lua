-- Sigmoid twice and squares; parameters with words for names, gradients in a field; a maker that takes three sizes.
local gr = require "gradus"
local Net = {}
Net.__index = Net
local function s(z) return 1 / (1 + (-z):exp()) end
local function ds(z) return s(z) * (1 - s(z)) end

function Net.new(a, b, c)
  gr.random.seed(21)
  return setmetatable({
    w_hidden = gr.random.randn(a, b),
    b_hidden = gr.random.randn(b),
    w_output = gr.random.randn(b, c),
    b_output = gr.random.randn(c),
  }, Net)
end

function Net:predict(x)
  self.zh = x:dot(self.w_hidden) + self.b_hidden
  self.ah = s(self.zh)
  self.zo = self.ah:dot(self.w_output) + self.b_output
  return s(self.zo)
end

function Net:loss(x, t)
  local y = self:predict(x)
  return 0.5 * ((y - t) * (y - t)):sum() / #x
end

function Net:gradient(x, t)
  local y = self:predict(x)
  local delta_o = (y - t) * ds(self.zo) / #x
  local delta_h = delta_o:dot(self.w_output:T()) * ds(self.zh)
  self.grads = {}
  self.grads.w_output = self.ah:T():dot(delta_o)
  self.grads.b_output = delta_o:sum(1)
  self.grads.w_hidden = x:T():dot(delta_h)
  self.grads.b_hidden = delta_h:sum(1)
  return self.grads
end

return Net.new

-- What does it cost to open a cafe, and how does that follow each price and each number?
-- Document 001, 계산 그래프 (computation graphs): addition and multiplication nodes (덧셈노드, 곱셈노드) as classes,
-- the cafe problem (카페창업) by them and by gr.param and backward, and the chain rule (체인룰) through a sigmoid. The
-- document draws these graphs; the only figures that it prints are those of 200 + 25.
-- Run:     gradus experiments/18_cafe.lua
-- Expect:  225; 290 before tax, 319.0 with it (3,190,000 won); the cost grows by 2.2 for each 만원 more that a machine
--          costs and by 110.00000000000001 for another machine, by hand and by the library alike. Under a second.
local gr = require "gradus"
local run = gr.run { name = "cafe", seed = 0, x = 0.5 }

-- By hand: a node computes forward, and backward hands the gradient of its result on to its inputs. ----

local function new(class) return setmetatable({}, class) end

local AddNode = {}
AddNode.__index = AddNode

function AddNode:forward(x, y)
  self.x, self.y = x, y
  return x + y
end

function AddNode.backward(_, dout) return dout, dout end -- d(x + y)/dx = d(x + y)/dy = 1: what was kept is not needed

local MultiplyNode = {}
MultiplyNode.__index = MultiplyNode

function MultiplyNode:forward(x, y)
  self.x, self.y = x, y
  return x * y
end

function MultiplyNode:backward(dout) return dout * self.y, dout * self.x end -- d(x y)/dx = y: the inputs change places

local plus = new(AddNode)
local sum = plus:forward(200, 25)
print("덧셈노드   200 + 25, and its gradients", sum, plus:backward(1))

local names = { "커피머신", "테이블", "의자", "컵" } -- machine, table, chair, cup
local prices, counts, tax = { 100, 5, 3, 1 }, { 2, 5, 15, 20 }, 1.1 -- 만원: units of 10,000 won
local buy = { new(MultiplyNode), new(MultiplyNode), new(MultiplyNode), new(MultiplyNode) }
local gather = { new(AddNode), new(AddNode), new(AddNode) }
local taxed = new(MultiplyNode)

local function forward(price, count)
  local subtotal = buy[1]:forward(price[1], count[1])
  for i = 2, 4 do
    subtotal = gather[i - 1]:forward(subtotal, buy[i]:forward(price[i], count[i]))
  end
  return taxed:forward(subtotal, tax), subtotal
end

-- The same way in the other direction, from the gradient 1 of the total by itself.
local function backward()
  local dprice, dcount = {}, {}
  local dsubtotal, dtax = taxed:backward(1)
  for i = 4, 2, -1 do
    local dcost
    dsubtotal, dcost = gather[i - 1]:backward(dsubtotal)
    dprice[i], dcount[i] = buy[i]:backward(dcost)
  end
  dprice[1], dcount[1] = buy[1]:backward(dsubtotal)
  return dprice, dcount, dtax
end

local total_won = forward({ 1000000, 50000, 30000, 10000 }, counts)
local total, subtotal = forward(prices, counts)
local dprice, dcount, dtax = backward()
print("카페창업   before tax, with tax, in won", subtotal, total, total_won)
for i, name in ipairs(names) do
  print("by hand    d total / d price, d total / d count", dprice[i], dcount[i], name)
end
print("by hand    d total / d tax", dtax)

-- By the library: the operators remember their inputs, and backward goes the same way. -----------------

local p, n = {}, {}
for i, name in ipairs { "machine", "table", "chair", "cup" } do
  p[i], n[i] = gr.param(gr.tensor(prices[i]), name .. " price"), gr.param(gr.tensor(counts[i]), name .. "s")
end
local t = gr.param(gr.tensor(tax), "tax")
local cost = (p[1] * n[1] + p[2] * n[2] + p[3] * n[3] + p[4] * n[4]) * t
cost:backward()
print "by gr.param and backward:"
gr.graph(cost)
run:plot("cafe", gr.plot.graph(cost, { title = "카페창업" }))

-- Chain rule: 1 / (1 + e^-x) node by node. Each gradient is the one after it times the node's own slope. ------

local minus_x = -1 * run.x
local e = math.exp(minus_x)
local below = 1 + e
local y = 1 / below
local gradients = { 1, -y ^ 2, -y ^ 2, -y ^ 2 * e, y ^ 2 * e } -- of y, 1 + e^-x, e^-x, -x and x
print("시그모이드 x, y, and y(1 - y)", run.x, y, y * (1 - y))
print("by hand    back through 1/u, +1, exp, times -1", table.unpack(gradients, 2))
local x = gr.param(gr.tensor(run.x), "x")
local sigmoid = 1 / (1 + (-1 * x):exp())
sigmoid:backward()
gr.graph(sigmoid)
run:plot("sigmoid", gr.plot.graph(sigmoid, { title = "시그모이드" }))

run:result { ["001.graph.add"] = sum, ["001.cafe.subtotal"] = subtotal, ["001.cafe.total"] = cost:item() }
run:result { ["001.cafe.total_won"] = total_won, ["001.cafe.grad_tax"] = t.grad:item() }
run:result { ["001.cafe.grad_price"] = dprice, ["001.cafe.grad_count"] = dcount }

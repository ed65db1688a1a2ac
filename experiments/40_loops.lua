-- How does a program come past every element, every sample and every code, and how often does it go round?
-- Documents 001 (numpy nditer: one loop, 이중 반복문, 멀티인덱스; 양자화's codes; 게임 캐릭터; 배치, 에포크, 이터레이션),
-- 002 (4.2.4, y[np.arange(batch_size), t]; the note on 에폭), 003 (50,000 images in batches of 10). Positions count from 1.
-- Run:     gradus experiments/40_loops.lua
-- Expect:  600 and 5000 iterations an epoch; 002's own condition is met only every 1875 steps with batches of 128; the
--          same five outputs picked in three ways; six partial derivatives. Under a second.
local gr = require "gradus"
local run = gr.run { name = "loops", seed = 0 }

print "1. numpy nditer (001): one loop, a loop in a loop, positions"
for _, fruit in ipairs { "apple", "strawberry", "grape" } do
  print("  " .. fruit)
end
local market = { { "apple", "strawberry", "grape" }, { "water", "cola", "orangejuice" } }
for _, category in ipairs(market) do
  for _, item in ipairs(category) do
    io.write("  ", item)
  end
end
print()

-- np.nditer by hand, from (1, 1) on: the last index runs fastest; past its end it begins again, and the one before moves.
local nditer = {}
nditer.__index = nditer

local function new_nditer(shape)
  local first = gr.ones(#shape):totable()
  return setmetatable({ shape = shape, multi_index = first, finished = false }, nditer)
end

function nditer:iternext()
  for axis = #self.shape, 1, -1 do
    self.multi_index[axis] = self.multi_index[axis] % self.shape[axis] + 1
    if self.multi_index[axis] > 1 then return end
  end
  self.finished = true
end

local it = new_nditer { 2, 3 }
while not it.finished do
  local i, j = table.unpack(it.multi_index)
  print(("  market[%d][%d], in Python market[%d, %d]"):format(i, j, i - 1, j - 1), market[i][j])
  it:iternext()
end

print "2. The elements of a 2 x 2 x 3 tensor: by positions, and by their order in t:flatten()"
local t = gr.arange(1, 13):reshape(2, 2, 3) ^ 2
local flat, place = t:flatten(), 0
it = new_nditer { 2, 2, 3 }
while not it.finished do
  local i, j, k = table.unpack(it.multi_index)
  place = place + 1
  assert(t[it.multi_index] == flat[place] and place == ((i - 1) * 2 + j - 1) * 3 + k)
  io.write(("  (%d %d %d) %g"):format(i, j, k, t[it.multi_index]), place % 6 == 0 and "\n" or "")
  t[it.multi_index] = -t[it.multi_index] -- what 001's flag 'readwrite' allows
  it:iternext()
end
print("  after -t[multi_index], element by element, and by tensors", t:sum(), (-flat):sum())
run:result { visited = place, sum = t:sum() }

print "3. y[np.arange(5), t] for the labels t = [2, 7, 0, 9, 4] (002, 4.2.4)"
gr.random.seed(run.seed)
local y, labels = gr.softmax(gr.random.randn(5, 10)), gr.tensor { 2, 7, 0, 9, 4 }
local picked = {}
for i, label in ipairs(labels:totable()) do
  picked[i] = y[i][label + 1] -- class 0 stands in column 1; 002's [0, 2] is row 1, column 3
end
local rows = gr.arange(0, 5)
print("  by hand                   ", gr.tensor(picked))
print("  one_hot: the others are 0 ", (y * gr.data.one_hot(labels, 10)):sum(2))
print("  take from all 50 in a row ", y:flatten():take(rows * 10 + labels + 1))
local cee = -gr.tensor(picked):log():mean()
print("  cross entropy, by hand, nn.nll()", cee, gr.nn.nll()(y, labels):item())
run:result { picked = picked, cross_entropy = cee }

print "4. 배치, 에포크, 이터레이션: an epoch is one pass over all samples, an iteration one batch of it"
for _, case in ipairs { { 60000, 100 }, { 10000, 100 }, { 50000, 10 }, { 60000, 128 } } do
  local samples, batch = table.unpack(case)
  local count = 0
  for _ in gr.data.batches(gr.zeros(samples, 1), gr.zeros(samples), batch) do
    count = count + 1
  end
  local line = "  %d samples in batches of %-3d: %g divided, %d counted by gr.data.batches"
  print(line:format(samples, batch, samples / batch, count))
  run:result { [("iterations.%d.%d"):format(samples, batch)] = count }
end
local met = 1
while met % math.max(60000 / 128, 1) ~= 0 do
  met = met + 1
end
print("  002's `i % iter_per_epoch == 0` with batches of 128: after step 0 first met at step", met)

print "5. Codes of 1, 2 and 3 bits (001, 양자화): each bit more doubles them; tonumber(code, 2) reads one"
local function code(level, bits) return bits == 0 and "" or code(level // 2, bits - 1) .. level % 2 end

for bits = 1, 3 do
  for level = 0, (1 << bits) - 1 do
    local bit_code = code(level, bits)
    io.write(("  %d [%s]"):format(tonumber(bit_code, 2), bit_code))
  end
  print(("  %d bit%s"):format(bits, bits > 1 and "s" or ""))
end

print "6. 게임 캐릭터 (001): six variables, six partial derivatives; the formula of its strength is ours"
local names = { "힘", "민첩", "지능", "체력", "마력", "정신력" }
local function strength(c) return c[1] * c[2] + c[3] ^ 2 / 10 + 3 * c[4] + c[5] * c[6] / 2 end

local character = gr.tensor { 18, 12, 15, 40, 9, 14 }
local h, exact = 1e-4, gr.param(character, "character")
local numeric = gr.numerical_gradient(strength, character)
strength(exact):backward()
print("  strength, then slopes by hand, by gr.numerical_gradient, by backward", strength(character))
for i, name in ipairs(names) do
  local more, less = character:clone(), character:clone()
  more[i], less[i] = more[i] + h, less[i] - h
  local slope = (strength(more) - strength(less)) / (2 * h)
  print(("  %.6f %.6f %-5g of %s"):format(slope, numeric[i], exact.grad[i], name))
end
run:result { strength = strength(character), slopes = exact.grad }

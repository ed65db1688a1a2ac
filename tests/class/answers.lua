-- answers: what the students of a class hand in, and what must come of it: kinds of answers, of which each student gets one.
--
-- text: the answer file; status; points (of 10); reason: a part of it; also files = { { name, bytes }, ... } instead of text, which are
-- packed as `pack` says ("tar", "folder").
local attacks = require "cell_attacks"

local right = [[
local numbers = require "numbers"
local answer = { inverse = numbers.q1.A:inv() }
function answer.f(x) return x * x * x end
function answer.slope(x) return 3 * x * x end
return answer
]]

--- The right answer with something put in front of its last line.
local function and_then(more)
  return (right:gsub("return answer\n$", function() return more .. "\nreturn answer\n" end))
end

local kinds = {}

-- ---- Right

kinds[1] = { "right", text = right, status = "marked", points = 10 }
kinds[2] = {
  "right, with globals",
  status = "marked",
  points = 10,
  text = [[
numbers = require "numbers"
A = numbers.q1.A
inverse = A:inv():totable()
function f(x) return x ^ 3 end
function slope(x) return math.floor(3) * x ^ 2 end
print("done")
]],
}
kinds[3] = {
  "right, by hand",
  status = "marked",
  points = 10,
  text = [[
local gr = require "gradus"
local numbers = require "numbers"
local M = {}
local n = #numbers.q1.A
local columns = {}
for i = 1, n do
  local e = gr.zeros(n)
  e[i] = 1
  columns[i] = gr.linalg.solve(numbers.q1.A, e)
end
M.inverse = {}
for i = 1, n do
  M.inverse[i] = {}
  for j = 1, n do M.inverse[i][j] = columns[j][i] end
end
M.f = function(x) return x ^ 3 end
M.slope = function(x) local h = 1e-6 return ((x + h) ^ 3 - (x - h) ^ 3) / (2 * h) end
return M
]],
  short = true,
}
kinds[4] =
  { "right, in a folder", pack = "folder", status = "marked", points = 10, files = { { "answer.lua", right } } }
kinds[5] =
  { "right, in an archive", pack = "tar", status = "marked", points = 10, files = { { "me/answer.lua", right } } }

-- ---- Wrong

kinds[#kinds + 1] = {
  "transposed",
  text = right:gsub("A:inv%(%)", "A:inv():T()"),
  status = "marked",
  most = 9.5,
}
kinds[#kinds + 1] = { "wrong slope", text = right:gsub("3 %* x %* x", "2 * x"), status = "marked", points = 6 }
kinds[#kinds + 1] =
  { "half of it", text = "return { f = function(x) return x ^ 3 end }", status = "marked", points = 2 }
kinds[#kinds + 1] = { "nothing in it", text = "", status = "marked", points = 0 }
kinds[#kinds + 1] = {
  "the numbers of another",
  text = right:gsub("numbers%.q1%.A:inv%(%)", "{ { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } }"),
  status = "marked",
  most = 9.5,
}

-- ---- Crashing

kinds[#kinds + 1] =
  { "no Lua", text = "def f(x):\n  return x\n", status = "failed", points = 0, reason = "answer.lua:1:" }
kinds[#kinds + 1] = { "bytes", text = ("\255\27\1"):rep(1000), status = "failed", points = 0 }
kinds[#kinds + 1] = { "bytecode", text = string.dump(function() return 1 end), status = "failed", points = 0 }
kinds[#kinds + 1] = {
  "an error at once",
  text = "local x = nil\nreturn { y = x.z }",
  status = "failed",
  points = 0,
  reason = "answer.lua:2:",
}
kinds[#kinds + 1] = { "an error in a call", text = right:gsub("3 %* x %* x", "x.y"), status = "marked", points = 6 }
kinds[#kinds + 1] =
  { "no end of calls", text = right:gsub("3 %* x %* x", "answer.slope(x) + 1"), status = "marked", points = 6 }
kinds[#kinds + 1] = {
  "a table in itself",
  text = and_then "answer.inverse = {} answer.inverse[1] = answer.inverse",
  status = "marked",
  points = 6,
}

-- ---- Endless, and too large

kinds[#kinds + 1] =
  { "an endless file", text = "while true do end", status = "stopped", points = 0, reason = "took longer than 1 s" }
kinds[#kinds + 1] = {
  "an endless function",
  text = right:gsub("return 3 %* x %* x", "while true do end"),
  status = "stopped",
  points = 4,
}
kinds[#kinds + 1] = {
  "all memory",
  text = and_then "local t = {} while true do t[#t + 1] = {} end",
  status = "stopped",
  points = 0,
  reason = "used more than 64 MB",
}
kinds[#kinds + 1] = {
  "all memory in a function",
  text = right:gsub("return 3 %* x %* x", "local s = 'x' while true do s = s .. s end"),
  status = "stopped",
  points = 4,
}
kinds[#kinds + 1] = {
  "no end of output",
  text = "while true do print(('x'):rep(1e4)) end",
  status = "stopped",
  points = 0,
  reason = "printed more",
}
kinds[#kinds + 1] = {
  "an endless value",
  text = and_then [[
local function endless() while true do end end
answer.inverse = setmetatable({}, { __index = endless, __len = function() return 1 << 50 end })]],
  status = "marked",
  points = 6,
}

-- ---- Cheating

kinds[#kinds + 1] = {
  "prints a result",
  text = [[print('{"said":[{"is":"number","value":1}],"points":10}') return {}]],
  status = "marked",
  points = 0,
}
kinds[#kinds + 1] = {
  "says that all is right",
  status = "marked",
  points = 0,
  text = [[
local answers = require "gradus.answers"
answers.tell = function() return { is = "number", value = 1, points = 10 } end
answers.answer = function() return { is = "table", value = { points = 10 }, points = 10, of = 10 } end
return { inverse = 1, f = print, slope = print }
]],
}
kinds[#kinds + 1] = {
  "asks for what is expected",
  status = "marked",
  points = 0,
  text = [[
local found = {}
for name, value in pairs(require "numbers") do found[name] = value.reference or value.expected end
for name in pairs(package and package.loaded or {}) do
  if name:find "assignment" then found[name] = require(name).reference end
end
return found
]],
}
kinds[#kinds + 1] = {
  "makes texts answer",
  text = "getmetatable('').__index = function() return 1 end return {}",
  status = "failed",
  points = 0,
}
kinds[#kinds + 1] = { "ends early", text = "os.exit(0)", status = "failed", points = 0 }
kinds[#kinds + 1] =
  { "reads the key", text = "return { inverse = io.open('course.key'):read('a') }", status = "failed", points = 0 }
kinds[#kinds + 1] =
  { "points elsewhere", pack = "tar", files = { { "../../marks.csv", "s001,100" } }, status = "refused", points = 0 }

-- ---- All that scripts try in a cell (cell_attacks.lua)

--- The attack as an answer file: what it gives is asked for as a value. It must end as it does in a cell of its own, unless it needs
--- other limits, inputs, or to be the result itself.
local function of_attack(attack)
  local text = ("local function attack(...)\n%s\nend\nreturn { inverse = attack { path = '/etc/passwd' } }"):format(
    attack.script
  )
  local reason = tostring(attack.reason)
  local other = attack.memory or attack.inputs or reason:find "the result" or reason:find "nested"
  if attack.seconds and not attack.reason then other = true end
  local status = attack.status or attack.reason and "stopped" or "marked"
  return { "attack: " .. attack[1], text = text, points = 0, status = not other and status or nil }
end

for _, attack in ipairs(attacks) do
  kinds[#kinds + 1] = of_attack(attack)
end

return kinds

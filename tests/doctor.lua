-- doctor: what the tests of gr.check.backprop share: a case is a maker of a student, options of the doctor, and the mistakes it names.
--
--   local wrong, right = doctor.suites "layers"
--   wrong { "a sign", student = maker, named = "sign", at = "w1 b1" }      at: the gradients of the first finding
--   right { "a layer", student = maker, loss = "logistic" }
local gr = require "gradus"
local harness = require "harness"

local doctor = {}

--- The mistakes of a report, sorted, in one line.
function doctor.names(report)
  local list = {}
  for i, one in ipairs(report.findings) do
    list[i] = one.mistake or "unknown"
  end
  table.sort(list)
  return table.concat(list, ", ")
end

local own = { student = true, named = true, at = true }

local function options_of(c)
  local o = {}
  for key, value in pairs(c) do
    if type(key) == "string" and not own[key] then o[key] = value end
  end
  return o
end

local function is_named(c)
  local report = gr.check.backprop(c.student(), options_of(c))
  local found = doctor.names(report)
  harness.check(found == c.named, ("named '%s', expected '%s'\n%s"):format(found, c.named, report))
  local at = c.at and table.concat(report.findings[1].gradients, " ")
  harness.check(at == c.at, ("at '%s', expected '%s'\n%s"):format(at, c.at, report))
end

local function is_right(c)
  local report = gr.check.backprop(c.student(), options_of(c))
  harness.check(report.ok, tostring(report))
end

--- Functions that take wrong students, and right ones.
---@param of string   "layers"
function doctor.suites(of)
  return harness.suite("backprop names, of " .. of, is_named),
    harness.suite("backprop has something to say of right " .. of, is_right)
end

--- A class of methods: objects find them in it.
function doctor.class(methods)
  methods.__index = methods
  return methods
end

function doctor.sigmoid(z) return 1 / (1 + (-z):exp()) end

return doctor

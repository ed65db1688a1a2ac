-- gr.check.backprop on students that it was not made by. The files in doctor/ are right as they stand; each entry of doctor/slips.txt
-- puts a wrong line into one of them, which must be named; each of doctor/variants.txt another right one, on which nothing may be said.
local gr = require "gradus"
local harness = require "harness"

local folder = arg[0]:match "^(.*)/[^/]*$" .. "/doctor/"

local function lines_of(name)
  local list = {}
  for line in io.lines(folder .. name) do
    list[#list + 1] = line
  end
  return list
end

local function trimmed(line) return line:match "^%s*(.-)%s*$" end

local function place_of(lines, wanted, from)
  for i = from, #lines do
    if trimmed(lines[i]) == wanted then return i end
  end
  error(("there is no line '%s' from line %d on"):format(wanted, from))
end

--- What a file gives with changes in it, "- line" and "+ line" in their order: a student, and options of the doctor.
local function student(file, changes)
  local lines, at = lines_of(file .. ".lua"), 1
  for _, change in ipairs(changes) do
    local sign, line = change:match "^([-+]) ?(.*)$"
    if sign == "-" then
      at = place_of(lines, line, at)
      table.remove(lines, at)
    else
      table.insert(lines, at, line)
      at = at + 1
    end
  end
  return assert(load(table.concat(lines, "\n"), ("=%s.lua"):format(file), "t"))()
end

--- The entries of a list: { file =, title =, changes }.
local function entries(name)
  local list = {}
  for _, line in ipairs(lines_of(name)) do
    local file, title = line:match "^([%w_]+): (.+)$"
    if file then
      list[#list + 1] = { file = file, title = title }
    elseif line:find "^[-+]" then
      table.insert(list[#list], line)
    end
  end
  return list
end

local silent = harness.suite("the doctor has something to say of what is right", function(c)
  local report = gr.check.backprop(student(c.file, c.changes))
  harness.check(report.ok, tostring(report))
end)

local named = harness.suite("the doctor does not name", function(c)
  local report = gr.check.backprop(student(c.file, c.changes))
  harness.check(#report.findings > 0, "nothing was found")
  for _, one in ipairs(report.findings) do
    harness.check((one.mistake or "unknown") == c.mistake, tostring(report))
  end
end)

local files = "bce_loss batch_of_lists cached_dense columns_net deep dense dense_loops elu_layer huber label_loss "
  .. "layered linear_outputs_first logistic logistic_step loops_net loss_and_grads mse_object multi_class "
  .. "neuron neuron_class neuron_rows nielsen param_objects per_sample regression residual sig_net "
  .. "sigmoid_layer smoothed softmax_layer softmax_loss tanh_layer trainer two_layer"

for file in files:gmatch "%S+" do
  silent { file .. " as it stands", file = file, changes = {} }
end

for _, one in ipairs(entries "variants.txt") do
  silent { ("%s, in %s"):format(one.title, one.file), file = one.file, changes = one }
end

for _, one in ipairs(entries "slips.txt") do
  local title = ("%s, in %s: %s"):format(one.title, one.file, one[#one])
  named { title, file = one.file, mistake = one.title, changes = one }
end

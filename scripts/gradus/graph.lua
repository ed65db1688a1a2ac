--- graph: a recorded computation as text.
local core = require "gradus.core"
local width = require "gradus.width"

local graph = {}

local function short(t)
  if t.size == 1 then return tostring(t:item()) end
  local flat = t:detach():flatten()
  local shown = {}
  for i = 1, math.min(3, t.size) do
    shown[i] = ("%.6g"):format(flat[i])
  end
  return ("[%s%s]"):format(table.concat(shown, " "), t.size > 3 and " ..." or "")
end

--- The tensors that y was made from, and y, each after its inputs.
---@return table[]   { tensor =, op =, inputs = { numbers of lines } }
function graph.nodes(y)
  local nodes, number = {}, {}
  local pending = { { tensor = y } }
  while #pending > 0 do
    local entry = pending[#pending]
    local id = core.id(entry.tensor)
    if number[id] then
      pending[#pending] = nil
    elseif entry.inputs then
      nodes[#nodes + 1] = entry
      number[id] = #nodes
      for i, input in ipairs(entry.inputs) do
        entry.inputs[i] = number[core.id(input)]
      end
      pending[#pending] = nil
    else
      local op, inputs = core.history(entry.tensor)
      entry.op, entry.inputs = op, inputs or {}
      for i = #entry.inputs, 1, -1 do
        pending[#pending + 1] = { tensor = entry.inputs[i] }
      end
    end
  end
  return nodes
end

--- What a node is: its operator, or that it is a parameter or a value; and its name, where it has one.
local function what_of(node)
  local made = node.op or (node.tensor.wants_grad and "param" or "value")
  return made, node.tensor.name and (" '%s'"):format(node.tensor.name) or ""
end

--- A node as the lines of a box: what it is, value, gradient.
---@return string[]
function graph.box(node)
  local t = node.tensor
  local made, name = what_of(node)
  local lines = { ("%s%s  %s"):format(made, name, t.shape), "= " .. short(t) }
  if t.size == 1 then lines[1] = made .. name end
  if t.grad then lines[3] = "grad " .. short(t.grad) end
  return lines
end

--- The i-th node as a line.
---@return string
function graph.line(i, node)
  local t = node.tensor
  local made, name = what_of(node)
  local from = {}
  for j, n in ipairs(node.inputs) do
    from[j] = "#" .. n
  end
  local text = ("#%d %s%s"):format(i, made, #from > 0 and ("(%s)"):format(table.concat(from, ", ")) or "")
  text = ("%s %-10s = %s"):format(width.pad(text .. name, 28), tostring(t.shape), short(t))
  return t.grad and ("%s   grad %s"):format(text, short(t.grad)) or text
end

function graph.show(y)
  if not core.is_tensor(y) then core.raise(("graph: expected a tensor, got %s"):format(type(y))) end
  for i, node in ipairs(graph.nodes(y)) do
    print(graph.line(i, node))
  end
end

return graph

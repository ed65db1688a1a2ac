--- shift: values with one of their numbers moved a little, for central differences: numbers, lists of them, tensors.
---
---   shift.by({ { 1, 2 }, { 3, 4 } }, 3, 0.5)      { { 1, 2 }, { 3.5, 4 } }
local core = require "gradus.core"

local shift = {}

--- A value as a tensor: its own where it is one already.
---@param value any
---@return gradus.Tensor
function shift.tensor(value)
  if core.is_tensor(value) then return value end
  return core.tensor(type(value) == "number" and { value } or value)
end

--- A copy in which number i, counted row by row, is larger by step; in the form that the value has.
---@param value any
---@param i integer
---@param step number
---@return any
function shift.by(value, i, step)
  if type(value) == "number" then return value + step end
  local tensor = shift.tensor(value):detach():clone()
  local flat = tensor:reshape(-1)
  flat[i] = flat[i] + step
  return core.is_tensor(value) and tensor or tensor:totable()
end

return shift

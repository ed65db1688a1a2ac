--- shortest: a number as text with the fewest digits that read back equal, of at least 15: fewer save little, and take long to find.
---
---   shortest(0.1)            "0.1"
---   shortest(0.1 + 0.2)      "0.30000000000000004"

--- For finite numbers; whole ones may come out without a point.
---@param value number
---@return string
return function(value)
  for digits = 15, 16 do
    local text = ("%%.%dg"):format(digits):format(value)
    if tonumber(text) == value then return text end
  end
  return ("%.17g"):format(value)
end

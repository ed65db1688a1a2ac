-- tanh over nested tables, in a closure; nothing is kept in fields.
local function make()
  local kept_in, kept_out
  local function map(t, f)
    local out = {}
    for i = 1, #t do
      out[i] = {}
      for j = 1, #t[i] do
        out[i][j] = f(t[i][j], i, j)
      end
    end
    return out
  end
  local function tanh(v)
    local e = math.exp(2 * v)
    return (e - 1) / (e + 1)
  end
  return {
    forward = function(x)
      kept_in = x
      kept_out = map(x, tanh)
      return kept_out
    end,
    backward = function(dout)
      return map(dout, function(d, i, j)
        local y = kept_out[i][j]
        return d * (1 - y * y)
      end)
    end,
    input_of_last_call = function() return kept_in end,
  }
end

return make()

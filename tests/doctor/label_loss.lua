-- Softmax cross entropy for class labels from 0, with loops over rows of plain tables.
local criterion = {}

function criterion.forward(scores, labels)
  local probs, total = {}, 0
  for n = 1, #scores do
    local biggest = math.max(table.unpack(scores[n]))
    local e, sum = {}, 0
    for k, s in ipairs(scores[n]) do
      e[k] = math.exp(s - biggest)
      sum = sum + e[k]
    end
    for k = 1, #e do
      e[k] = e[k] / sum
    end
    probs[n] = e
    total = total - math.log(e[labels[n] + 1])
  end
  criterion.probs, criterion.labels = probs, labels
  return total / #scores
end

function criterion.backward()
  local grad = {}
  local m = #criterion.labels
  for n, p in ipairs(criterion.probs) do
    grad[n] = {}
    for k = 1, #p do
      grad[n][k] = p[k] / m
    end
    local right = criterion.labels[n] + 1
    grad[n][right] = grad[n][right] - 1 / m
  end
  return grad
end

return criterion, { labels = "classes" }

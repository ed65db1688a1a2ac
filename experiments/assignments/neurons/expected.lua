-- What each flawed submission gets: points by question, and words of the hints that its author reads.
return {
  no_mean = {
    status = "marked",
    q1 = { points = 6 },
    q2 = { points = 6, hints = { "It is m times too large", "the mean (평균) of both" } },
  },
  squared_error = {
    status = "marked",
    q1 = { points = 3, hints = { "after every single row" } },
    q2 = { points = 6, hints = { "The derivative of the sigmoid, a (1 - a), is one too many" } },
  },
  bias_asleep = {
    status = "marked",
    q1 = { points = 0, hints = { "b (절편) has not moved", "w and b (절편) must both move" } },
    q2 = { points = 9, hints = { "this parameter would never learn", "b = b - rate * b_grad" } },
  },
  -- What it claims counts for nothing: it gets what the checks that everyone sees give for their own numbers, and no more.
  claims = {
    status = "marked",
    q1 = { points = 1, hints = { "These are the document's figures" } },
    q2 = { points = 4, hints = { "Each step must give new weights back" } },
  },
  counts_from_zero = {
    status = "marked",
    q1 = { points = 0, said = "position 0 on axis 1" },
    q2 = { points = 10, hints = { "The threshold (임계값) of 0.5 belongs to a = sigmoid(z)" } },
  },
}

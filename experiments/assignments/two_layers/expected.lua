-- What each flawed submission gets: points by question, and words of the hints that its author reads.
return {
  hidden_slope = {
    status = "marked",
    q1 = { points = 7 },
    q2 = { points = 5, hints = { "derivative taken of the input" } },
    q3 = { points = 1, hints = { "A loss that rises or leaps" } },
  },
  labels_shifted = {
    status = "marked",
    q1 = { points = 3, hints = { "Labels are off by one" } },
    q2 = { points = 0, said = "mend the forward pass first" },
    q3 = { points = 1, hints = { "A loss that rises or leaps" } },
  },
  as_printed = {
    status = "marked",
    q1 = { points = 6, hints = { "Subtract each row's largest score first" } },
    q2 = { points = 6, hints = { "bias summed over classes" } },
    q3 = { points = 5 },
  },
  too_fast = {
    status = "marked",
    q1 = { points = 7 },
    q2 = { points = 9 },
    q3 = { points = 3, hints = { "the rate (학습률) is too large" } },
  },
  misspelt = {
    status = "failed",
    q1 = { points = 0, said = "a name that is misspelt" },
    q2 = { points = 0, said = "a name that is misspelt" },
    q3 = { points = 0, said = "a name that is misspelt" },
  },
}

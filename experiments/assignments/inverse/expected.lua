-- What each flawed submission gets: points by question, and words of the hints that its author reads.
return {
  transposed = {
    status = "marked",
    q1 = { points = 0, hints = { "Rows and columns are exchanged (전치)" } },
    q2 = { points = 4, hints = { "Rows and columns are exchanged (전치)" } },
    q3 = { points = 4 },
  },
  no_division = {
    status = "marked",
    q1 = { points = 0, hints = { "Divide by the determinant (행렬식)" } },
    q2 = { points = 2, hints = { "Divide the pivot's row by the pivot", "divide each row by its pivot (피벗)" } },
    q3 = { points = 4 },
  },
  signs = {
    status = "marked",
    q1 = { points = 0, hints = { "Cofactors (여인수) have signs like a chessboard" } },
    q2 = { points = 4, hints = { "inf and nan come of dividing by 0", "return false" } },
    q3 = { points = 4 },
  },
  elementwise = {
    status = "marked",
    q1 = { points = 0, hints = { "This is 1/a for each entry by itself" } },
    q2 = { points = 1, hints = { "This is 1/a for each entry by itself", "return false" } },
    q3 = { points = 1, hints = { "A:inv() * b multiplies entry by entry", "A:dot(x) - b" } },
  },
  -- The question that never ends costs no other.
  endless = {
    status = "stopped",
    q1 = { points = 4 },
    q2 = { points = 0, said = "took longer than" },
    q3 = { points = 4 },
  },
}

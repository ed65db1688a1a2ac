--- assignment_checks: the checks of assignments, each in a file of its own, as plain tables in two halves that need not meet:
---
---   check.calls(numbers)                        what the answer is to be asked: { { name =, args =, times = }, ... } (answers.lua)
---   check.judge(numbers, answers, reference)    what the plain values that came are worth: { points, of, said, hint }
---
--- The first half goes to where untrusted code runs; what is expected stays in the second. `numbers` are those of the student for that
--- question; `reference` is what the reference solution defines, nil where there is none, as at a student's desk.
return {
  value = require "gradus.assignment_value",
  shape = require "gradus.assignment_shape",
  text = require "gradus.assignment_text",
  gradient = require "gradus.assignment_gradient",
  backprop = require "gradus.assignment_backprop",
  trains = require "gradus.assignment_trains",
  replays = require "gradus.assignment_replays",
  check = require "gradus.assignment_free",
}

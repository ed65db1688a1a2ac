-- Conditions on runs (gradus runs --where): what they mean, and what is said of those that mean nothing.
local harness = require "harness"
local where = require "gradus.where"

local run = {
  accuracy = 0.94,
  lr = 0.1,
  epochs = 17,
  status = "finished",
  started = "2026-11-21T12:49:26Z",
  bias = true,
  ["001.fruit2.price"] = 650,
  ["test.accuracy"] = 0.9,
  ["학습률"] = 0.5,
  ["odd ` name"] = 1,
  loss = 0 / 0,
}

local case = harness.suite("where", function(c)
  local condition, reason = where.parse(c.text)
  if c.wrong then
    harness.check(not condition, "it was understood")
    harness.same(reason, c.wrong)
    return
  end
  harness.check(condition, reason)
  harness.same(condition.holds(function(name) return run[name] end), c.holds)
end)

local function holds(name, text) case { name, text = text, holds = true } end
local function fails(name, text) case { name, text = text, holds = false } end
local function wrong(name, text, message) case { name, text = text, wrong = message } end

-- ---- What they mean

holds("a larger figure is not larger", "accuracy > 0.9")
fails("a smaller figure is larger", "accuracy > 0.95")
holds("and joins no two conditions", "accuracy > 0.9 and lr == 0.1")
fails("one of two is enough for and", "accuracy > 0.9 and lr == 0.2")
holds("one of two is not enough for or", "accuracy > 0.95 or lr == 0.1")
holds("or binds as strongly as and", "lr == 0.1 or accuracy > 2 and accuracy > 3")
fails("parentheses do not bind", "(lr == 0.1 or accuracy > 2) and accuracy > 3")
holds("not does not turn round", "not accuracy > 0.95 and not (lr == 3)")
holds("not not is not", "not not lr == 0.1")
holds("~= and != differ", "lr ~= 0.2 and lr != 0.2")
holds("<= or >= leave the limit out", "lr <= 0.1 and lr >= 0.1 and not (lr < 0.1 or lr > 0.1)")
holds("a text is not compared", "status == 'finished' and status ~= \"failed\"")
holds("times are not ordered as texts", "started >= '2026-11-21' and started < '2026-11-22'")
holds("the name has to come first", "0.9 < accuracy")
holds(
  "a number with an exponent or a sign is not read",
  "lr > -1 and lr == 1e-1 and lr == 1E-01 and lr < .2 and epochs == 0x11"
)
holds("a truth needs a comparison", "bias and bias == true and not (bias == false)")
holds("a name with dots is cut", "test.accuracy == 0.9")
holds("a name with digits in front is not read in brackets", "[\"001.fruit2.price\"] == 650 and [ 'lr' ] == 0.1")
holds("a Korean name needs quotes", "학습률 == 0.5 and `학습률` == 0.5")
holds("a backslash is no way to a backquote", "`odd \\` name` == 1")
holds("nan is equal to itself", "loss ~= loss")

-- ---- Names that a run lacks

fails("a run that lacks the name matches", "precision > 0")
fails("a run that lacks the name matches a difference", "precision ~= 0")
fails("a run that lacks the name matches a denial", "not (precision > 0)")
holds("a missing name outweighs what is true without it", "precision > 0 or lr == 0.1")
fails("a missing name is true beside a truth", "precision > 0 and lr == 0.1")
fails("a text is ordered among numbers", "status > 3 or status <= 3")
fails("a number is equal to its text", "lr == '0.1'")
fails("a figure alone is a truth", "accuracy")

-- ---- What means nothing

wrong("an empty condition matches", "", "a name, a number or a 'text' is expected here\n  \n  ^")
wrong(
  "a missing value is overlooked",
  "accuracy > ",
  "a name, a number or a 'text' is expected here\n  accuracy > \n             ^"
)
wrong(
  "a misplaced word is overlooked",
  "accuracy > and lr",
  "a name, a number or a 'text' is expected, not and\n  accuracy > and lr\n             ^"
)
wrong("one = is not explained", "lr = 0.1", "to compare, write ==\n  lr = 0.1\n     ^")
wrong("an open parenthesis is overlooked", "(lr == 1", "a ) is expected here\n  (lr == 1\n          ^")
wrong(
  "a closing parenthesis is overlooked",
  "lr == 1)",
  "and, or, or the end is expected, not )\n  lr == 1)\n         ^"
)
wrong(
  "an open text is overlooked",
  "status == 'x",
  "the text that begins here has no closing '\n  status == 'x\n            ^"
)
wrong(
  "a number alone is a condition",
  "1 and lr",
  "this alone is no condition: compare it with something\n  1 and lr\n  ^"
)
wrong(
  "a chain of comparisons is taken",
  "0 < lr < 1",
  "comparisons are joined by and: 0 < x and x < 1\n  0 < lr < 1\n         ^"
)
wrong("&& is not explained", "lr > 0 && lr < 1", "to join conditions, write and\n  lr > 0 && lr < 1\n         ^")
wrong("|| is not explained", "lr > 0 || bias", "to join conditions, write or\n  lr > 0 || bias\n         ^")
wrong("! is not explained", "!bias", "to deny, write not\n  !bias\n  ^")
wrong("Lua's own operators are run", "lr .. 'x'", "this letter has no meaning here\n  lr .. 'x'\n     ^")
wrong("a call is run", "os.exit(3)", "and, or, or the end is expected, not (\n  os.exit(3)\n         ^")
wrong("a bracket without quotes is a name", "[lr] > 1", 'a name in brackets is written ["name"]\n  [lr] > 1\n  ^')
wrong(
  "the mark stands beside the place behind Korean",
  "학습률 = 1",
  "to compare, write ==\n  학습률 = 1\n         ^"
)
wrong("a minus turns a text", "-'x' == lr", "a minus stands before numbers only\n  -'x' == lr\n  ^")
wrong(
  "a word of digits and letters is a number",
  "3x > 1",
  "'3x' is no number; names with such letters stand in backquotes\n  3x > 1\n  ^"
)
case("parentheses without end overflow the stack", function()
  local condition, reason = where.parse(("("):rep(200000))
  harness.check(not condition and reason:find "^parentheses are nested deeper than 100 levels", "they were taken")
end)

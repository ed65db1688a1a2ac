--- op_cases: what each operator of the table must give. tests/test_ops.lua tries every case.
---
---   case { "relu keeps what is above zero", op = "relu", x = { -1, 2 }, y = { 0, 2 } }
---
--- op is the operator's name; inputs stand under the names that the table has for them (several, for concat, in a
--- list), options likewise; sizes and ranges under those words. Then one of
---
---   y =         the value, compared exactly unless within = says how far off it may be, and why
---   gradient =  true, or a list of inputs: their gradients against central differences (of step h = 1e-5 unless given).
---               No input may lie where the function has a corner.
---   dx = ...    (da, db, dw, dt): the exact gradient of the sum of y
---   raises =    a Lua pattern found in the error's message
---
--- Inputs listed in changes = are changed by the operator, and copied for each call; those in f64 = keep that type always.
--- Cases with y are computed in f32 as well, and must agree to f32 = (1e-6 unless given; false: not comparable).
--- Values with many digits are NumPy's (np.exp and so on, printed with repr).
local gr = require "gradus"
local norm = require "golden.norm"

local inf, nan = math.huge, 0 / 0

--- Different C libraries and NumPy's own loops round the last bit of exp and its kin differently.
local last_bit = 2.3e-16

local cases = {}

local function case(c) cases[#cases + 1] = c end

--- Numbers of which no two that are near each other are equal, in the sizes given.
local function series(sizes)
  local size = 1
  for _, d in ipairs(sizes) do
    size = size * d
  end
  local list = {}
  for i = 1, size do
    list[i] = (i * 37 % 101 - 50) / 32
  end
  return gr.tensor(list, "f64"):reshape(sizes)
end

-- stylua: ignore start

case { "std of equal numbers has no slope, not NaN", op = "std", x = { 2, 2, 2 }, y = 0, dx = { 0, 0, 0 } }

-- ---- Two inputs, element by element (broadcasting has its own tests in test_ops.lua)

case { "add sums pairs", op = "add", a = { 1, -2, 0.5 }, b = { 10, 20, 30 }, y = { 11, 18, 30.5 } }
case { "add passes the gradient to both", op = "add", a = { 1, -2 }, b = { 3, 5 }, gradient = true }
case { "add of infinities of both signs is NaN", op = "add", a = { inf, inf }, b = { 1, -inf }, y = { inf, nan } }
case { "add names both shapes", op = "add", a = { { 1, 2, 3 }, { 4, 5, 6 } }, b = { 1, 2 },
  raises = "add: a %(2 x 3%) and b %(2%) do not fit" }
case { "add refuses words", op = "add", a = { 1 }, b = "one",
  raises = "add: b must be a tensor or a number, got string" }
case { "add of f64 and f32 is refused", op = "add", a = gr.ones(2), b = gr.ones(2, "f32"),
  raises = "add: a %(2%) is f64 but b %(2%) is f32: convert one with :to%(\"f64\"%)" }

case { "sub takes the second from the first", op = "sub", a = { 1, -2, 0.5 }, b = { 10, 20, 0.25 },
  y = { -9, -22, 0.25 } }
case { "sub turns the sign of the second gradient", op = "sub", a = { 1, -2 }, b = { 3, 5 }, gradient = true,
  da = { 1, 1 }, db = { -1, -1 } }
case { "sub names both shapes", op = "sub", a = { { 1 }, { 2 } }, b = { { 1 }, { 2 }, { 3 } },
  raises = "sub: a %(2 x 1%) and b %(3 x 1%)" }

case { "mul is element by element", op = "mul", a = { { 1, 2 }, { 3, 4 } }, b = { { 5, 6 }, { 7, 8 } },
  y = { { 5, 12 }, { 21, 32 } } }
case { "mul crosses the gradients", op = "mul", a = { 2, 3 }, b = { 5, 7 }, gradient = true, da = { 5, 7 },
  db = { 2, 3 } }
case { "mul of zero and infinity is NaN", op = "mul", a = { 0, 2 }, b = { inf, -inf }, y = { nan, -inf } }
case { "mul names both shapes", op = "mul", a = { 1, 2, 3 }, b = { 1, 2 },
  raises = "mul: a %(3%) and b %(2%) do not fit: matched from the last axis, sizes must be equal or 1" }

case { "div divides the first by the second", op = "div", a = { 1, -6, 7 }, b = { 4, 3, -2 }, y = { 0.25, -2, -3.5 } }
case { "div by zero gives infinity or NaN", op = "div", a = { 1, -1, 0 }, b = { 0, 0, 0 }, y = { inf, -inf, nan } }
case { "div has both gradients", op = "div", a = { 1, -6, 0.7 }, b = { 4, 3, -2 }, gradient = true }
case { "div names both shapes", op = "div", a = { 1, 2, 3 }, b = { 1, 2 }, raises = "div: a %(3%) and b %(2%)" }

case { "pow with whole exponents is exact, negative bases too", op = "pow", a = { 2, -3, -2, 10 },
  b = { 3, 2, 3, -1 }, y = { 8, 9, -8, 0.1 } }
case { "pow with broken exponents", op = "pow", a = { 0.5, 1.5, 2, 3 }, b = { 3, -1.5, 0.3, 2.5 },
  y = { 0.125, 0.5443310539518174, 1.2311444133449163, 15.588457268119896 }, within = last_bit }
case { "pow at zero and of negative bases follows C and NumPy", op = "pow", a = { 0, 0, 0, -2, -2 },
  b = { 0, 1, -1, 0.5, 0 }, y = { 1, 0, inf, nan, 1 } }
case { "pow by two is the product, to the last bit", op = "pow", a = { 0.1, 1 / 3, -1e-170 }, b = 2,
  y = { 0.1 * 0.1, (1 / 3) * (1 / 3), 0 } }
case { "pow has both gradients", op = "pow", a = { 0.5, 1.5, 2, 3 }, b = { 3, -1.5, 0.3, 2 }, gradient = true }
case { "pow of negative bases has a gradient for the base", op = "pow", a = { -3, -0.5, 2 }, b = { 3, 2, -2 },
  gradient = { "a" } }
case { "pow gives a base of zero its slope, and its exponent none", op = "pow", a = { 0, 0, 0 }, b = { 1, 2, 0 },
  da = { 1, 0, 0 }, db = { 0, 0, 0 } }
case { "pow names both shapes", op = "pow", a = { 1, 2, 3 }, b = { 1, 2 }, raises = "pow: a %(3%) and b %(2%)" }

case { "maximum takes the larger", op = "maximum", a = { 1, 5, -2 }, b = { 3, 4, -2 }, y = { 3, 5, -2 } }
case { "maximum is NaN if either is", op = "maximum", a = { nan, 1, 2 }, b = { 1, nan, 3 }, y = { nan, nan, 3 } }
case { "maximum sends the gradient to the larger", op = "maximum", a = { 1, 5, -2 }, b = { 3, 4, -7 },
  gradient = true }
case { "maximum halves the gradient of equals", op = "maximum", a = { 1, 2 }, b = { 1, 3 }, da = { 0.5, 0 },
  db = { 0.5, 1 } }
case { "maximum names both shapes", op = "maximum", a = { 1, 2, 3 }, b = { 1, 2 },
  raises = "maximum: a %(3%) and b %(2%)" }

case { "minimum takes the smaller", op = "minimum", a = { 1, 5, -2 }, b = { 3, 4, -2 }, y = { 1, 4, -2 } }
case { "minimum is NaN if either is", op = "minimum", a = { nan, 1, 2 }, b = { 1, nan, 3 }, y = { nan, nan, 2 } }
case { "minimum sends the gradient to the smaller", op = "minimum", a = { 1, 5, -2 }, b = { 3, 4, -7 },
  gradient = true }
case { "minimum halves the gradient of equals", op = "minimum", a = { 1, 2 }, b = { 1, 3 }, da = { 0.5, 1 },
  db = { 0.5, 0 } }
case { "minimum names both shapes", op = "minimum", a = { 1, 2, 3 }, b = { 1, 2 },
  raises = "minimum: a %(3%) and b %(2%)" }

-- Each comparison sees less, equal, more, and NaN on either side.
local left, right = { 1, 2, 3, nan, 1, -inf }, { 2, 2, 2, 1, nan, inf }
case { "lt is 1 for less only", op = "lt", a = left, b = right, y = { 1, 0, 0, 0, 0, 1 } }
case { "le is 1 for less or equal", op = "le", a = left, b = right, y = { 1, 1, 0, 0, 0, 1 } }
case { "gt is 1 for more only", op = "gt", a = left, b = right, y = { 0, 0, 1, 0, 0, 0 } }
case { "ge is 1 for more or equal", op = "ge", a = left, b = right, y = { 0, 1, 1, 0, 0, 0 } }
case { "eq is 1 for equals, NaN equals nothing", op = "eq", a = left, b = right, y = { 0, 1, 0, 0, 0, 0 } }
case { "ne is 1 for all but equals", op = "ne", a = left, b = right, y = { 1, 0, 1, 1, 1, 1 } }
for _, name in ipairs { "lt", "le", "gt", "ge", "eq", "ne" } do
  case { name .. " names both shapes", op = name, a = { 1, 2, 3 }, b = { 1, 2 },
    raises = name .. ": a %(3%) and b %(2%)" }
end

-- ---- One input, element by element

local some = { -2.5, -0.5, 0.25, 1.5, 3 }

case { "neg turns the sign, of NaN and infinity too", op = "neg", x = { 1, -2, inf, nan }, y = { -1, 2, -inf, nan } }
case { "neg turns the gradient", op = "neg", x = { 1, -2 }, gradient = true, dx = { -1, -1 } }

case { "exp of common numbers", op = "exp", x = some,
  y = { 0.0820849986238988, 0.6065306597126334, 1.2840254166877414, 4.481689070338065, 20.085536923187668 },
  within = last_bit }
case { "exp overflows to infinity and underflows to zero", op = "exp", x = { 0, 710, -800, inf, -inf, nan },
  y = { 1, inf, 0, inf, 0, nan } }
case { "exp is its own gradient", op = "exp", x = some, gradient = true }

-- 1e300 is infinite in f32
case { "log is natural", op = "log", x = { 0.1, 0.5, 1, 2, 10, 1e300 },
  y = { -2.3025850929940455, -0.6931471805599453, 0, 0.6931471805599453, 2.3025850929940455, 690.7755278982137 },
  within = last_bit, f32 = false }
case { "log of zero is -inf, below it NaN", op = "log", x = { 0, -1, inf, nan }, y = { -inf, nan, inf, nan } }
case { "log has the gradient 1 / x", op = "log", x = { 0.5, 1, 2, 10 }, gradient = true, dx = { 2, 1, 0.5, 0.1 } }

case { "sqrt is rounded correctly", op = "sqrt", x = { 0, 1, 2, 3, 10, 144 },
  y = { 0, 1, 1.4142135623730951, 1.7320508075688772, 3.1622776601683795, 12 } }
case { "sqrt below zero is NaN", op = "sqrt", x = { -1, inf, nan }, y = { nan, inf, nan } }
case { "sqrt has the gradient 1 / 2y", op = "sqrt", x = { 0.25, 1, 4 }, gradient = true, dx = { 1, 0.5, 0.25 } }

case { "abs drops the sign", op = "abs", x = { -2, 0, 3, -inf, nan }, y = { 2, 0, 3, inf, nan } }
case { "abs has the gradient of the sign, 0 at 0", op = "abs", x = { -2, 0, 3 }, dx = { -1, 0, 1 } }
case { "abs agrees with differences away from 0", op = "abs", x = some, gradient = true }

case { "sign is -1, 0 or 1, and NaN stays", op = "sign", x = { -7, 0, 0.5, -inf, nan }, y = { -1, 0, 1, -1, nan } }
case { "sign is flat", op = "sign", x = some, gradient = true, dx = { 0, 0, 0, 0, 0 } }

case { "floor is the next whole number below", op = "floor", x = { -0.5, -2, 0, 1.75, 3, -inf, nan },
  y = { -1, -2, 0, 1, 3, -inf, nan } }
case { "floor is flat", op = "floor", x = { -0.5, 0.25, 1.75 }, gradient = true, dx = { 0, 0, 0 } }

case { "sin takes radians", op = "sin", x = some,
  y = { -0.5984721441039564, -0.47942553860420295, 0.24740395925452296, 0.9974949866040544, 0.1411200080598672 },
  within = last_bit }
case { "sin of infinity is NaN", op = "sin", x = { 0, inf }, y = { 0, nan } }
case { "sin has the gradient cos", op = "sin", x = some, gradient = true }

-- 1.5 lies near a zero of cos
case { "cos takes radians", op = "cos", x = some,
  y = { -0.8011436155469338, 0.8775825618903725, 0.968912421710645, 0.0707372016677029, -0.9899924966004454 },
  within = last_bit, f32 = 1e-5 }
case { "cos of infinity is NaN", op = "cos", x = { 0, inf }, y = { 1, nan } }
case { "cos has the gradient -sin", op = "cos", x = some, gradient = true }

case { "tanh of common numbers", op = "tanh", x = some,
  y = { -0.9866142981514303, -0.46211715726000974, 0.24491866240370913, 0.9051482536448665, 0.9950547536867305 },
  within = last_bit }
case { "tanh saturates", op = "tanh", x = { -800, 0, 800, nan }, y = { -1, 0, 1, nan } }
case { "tanh has the gradient 1 - y^2", op = "tanh", x = some, gradient = true }

case { "sigmoid of common numbers", op = "sigmoid", x = some,
  y = { 0.07585818002124355, 0.3775406687981454, 0.5621765008857981, 0.8175744761936437, 0.9525741268224334 },
  within = last_bit }
case { "sigmoid saturates without overflow", op = "sigmoid", x = { -800, 0, 800, nan }, y = { 0, 0.5, 1, nan } }
case { "sigmoid has the gradient y (1 - y)", op = "sigmoid", x = some, gradient = true }
case { "sigmoid has no NaN in its gradient where it saturates", op = "sigmoid", x = { -800, 0, 800 },
  dx = { 0, 0.25, 0 } }

case { "relu keeps what is above zero", op = "relu", x = { -1, 0, 2, inf, -inf, nan }, y = { 0, 0, 2, inf, 0, nan } }
case { "relu passes the gradient above zero only", op = "relu", x = { -1, 0, 2 }, dx = { 0, 0, 1 } }
case { "relu agrees with differences away from 0", op = "relu", x = some, gradient = true }

case { "leaky_relu lets a hundredth through unless told otherwise", op = "leaky_relu", x = some,
  y = { -0.025, -0.005, 0.25, 1.5, 3 } }
case { "leaky_relu takes its slope", op = "leaky_relu", x = { -4, 0, 3, -800 }, slope = 0.25, y = { -1, 0, 3, -200 } }
case { "leaky_relu of infinities and NaN", op = "leaky_relu", x = { inf, -inf, nan }, y = { inf, -inf, nan } }
case { "leaky_relu passes 1 above zero and slope elsewhere", op = "leaky_relu", x = { -800, 0, 2, inf, -inf },
  slope = 0.25, dx = { 0.25, 0.25, 1, 1, 0.25 } }
case { "leaky_relu agrees with differences away from 0", op = "leaky_relu", x = some, gradient = true }
case { "leaky_relu agrees with differences for another slope", op = "leaky_relu", x = some, slope = -0.5,
  gradient = true }
case { "leaky_relu refuses an infinite slope", op = "leaky_relu", x = { 1 }, slope = inf,
  raises = "leaky_relu: slope must be finite, got inf" }
case { "leaky_relu refuses a slope that is no number", op = "leaky_relu", x = { 1 }, slope = "steep",
  raises = "leaky_relu: option 1 must be a number, got string" }

-- np.where(x > 0, x, np.expm1(x))
case { "elu bends to -1 unless told otherwise", op = "elu", x = some,
  y = { -0.9179150013761012, -0.3934693402873666, 0.25, 1.5, 3 }, within = last_bit }
case { "elu bends to -alpha", op = "elu", x = { -800, -inf, 0, 800, inf, nan }, alpha = 2,
  y = { -2, -2, 0, 800, inf, nan } }
case { "elu keeps the digits of small numbers", op = "elu", x = { -1e-18 }, y = { -1e-18 } }
case { "elu passes 1 above zero, alpha at it, and nothing far below", op = "elu", x = { -800, -inf, 0, 800, inf },
  alpha = 2, dx = { 0, 0, 2, 1, 1 } }
case { "elu agrees with differences away from 0", op = "elu", x = some, gradient = true }
case { "elu agrees with differences for another alpha", op = "elu", x = some, alpha = 0.5, gradient = true }
case { "elu refuses a negative alpha", op = "elu", x = { 1 }, alpha = -1,
  raises = "elu: alpha must be a finite number of at least 0, got %-1" }
case { "elu refuses an infinite alpha", op = "elu", x = { 1 }, alpha = inf,
  raises = "elu: alpha must be a finite number of at least 0, got inf" }

-- x * scipy.special.ndtr(x)
case { "gelu is x times the chance of less", op = "gelu", x = some,
  y = { -0.01552416331444033, -0.15426876936299344, 0.14967658142073093, 1.399789198096713, 2.99595030590511 },
  within = 3 * last_bit }
case { "gelu keeps its digits far below zero", op = "gelu", x = { -5, -30 },
  y = { -1.4332578593959663e-06, -1.4720141781443724e-196 }, within = { rel = 1e-12 } } -- a rounding of x counts x^2 times
case { "gelu ends in 0 and in x", op = "gelu", x = { -800, 0, 800, inf, -inf, nan }, y = { 0, 0, 800, inf, 0, nan } }
case { "gelu has no NaN in its gradient at the ends", op = "gelu", x = { -800, 0, 800, inf, -inf },
  dx = { 0, 0.5, 1, 1, 0 } }
case { "gelu agrees with differences", op = "gelu", x = some, gradient = true }

-- np.logaddexp(0, x)
case { "softplus is smooth", op = "softplus", x = some,
  y = { 0.07888973429254963, 0.4740769841801067, 0.8259394198788436, 1.7014132779827524, 3.048587351573742 },
  within = 2 * last_bit }
case { "softplus keeps its digits far below zero", op = "softplus", x = { -40 }, y = { 4.248354255291589e-18 },
  within = { rel = 1e-15 } }
case { "softplus does not overflow", op = "softplus", x = { -800, 800, inf, -inf, nan },
  y = { 0, 800, inf, 0, nan } }
case { "softplus has no NaN in its gradient at the ends", op = "softplus", x = { -800, 0, 800, inf, -inf },
  dx = { 0, 0.5, 1, 1, 0 } }
case { "softplus agrees with differences", op = "softplus", x = some, gradient = true }

case { "clip holds values between both bounds", op = "clip", x = { -5, -1, 0.5, 1, 5, nan }, lo = -1, hi = 1,
  y = { -1, -1, 0.5, 1, 1, nan } }
case { "clip without hi is open above", op = "clip", x = { -5, 5, inf }, lo = -1, y = { -1, 5, inf } }
case { "clip without lo is open below", op = "clip", x = { -5, 5, -inf }, hi = 1, y = { -5, 1, -inf } }
case { "clip passes the gradient between its bounds, ends included", op = "clip", x = { -5, -1, 0.5, 1, 5 }, lo = -1,
  hi = 1, dx = { 0, 1, 1, 1, 0 } }
case { "clip agrees with differences away from its bounds", op = "clip", x = some, lo = -1, hi = 2, gradient = true }
case { "clip refuses bounds the wrong way round", op = "clip", x = { 1 }, lo = 2, hi = 1,
  raises = "clip: lo %(2%) is larger than hi %(1%)" }
case { "clip refuses a bound that is no number", op = "clip", x = { 1 }, lo = "low",
  raises = "clip: option 1 must be a number, got string" }

case { "detach changes the values", op = "detach", x = { { 1, 2 }, { 3, nan } }, y = { { 1, 2 }, { 3, nan } } }
case { "clone copies", op = "clone", x = { { 1, 2 }, { 3, nan } }, y = { { 1, 2 }, { 3, nan } } }
case { "clone passes the gradient", op = "clone", x = { 1, 2 }, gradient = true, dx = { 1, 1 } }

-- ---- Softmax and losses

local scores = { { 1, 2, 3 }, { 0.5, -1, 0.25 } }

case { "softmax works along each row", op = "softmax", x = scores,
  y = { { 0.09003057317038043, 0.24472847105479767, 0.6652409557748218 }, { 0.4995177298132149, 0.11145747105020275,
  0.3890247991365822 } }, within = 4 * last_bit }
case { "softmax of a vector is over the whole", op = "softmax", x = { 1010, 1000, 990 },
  y = { 0.999954600070331, 4.539786860886666e-05, 2.061060046209062e-09 }, within = { rel = 1e-14 } }
case { "softmax leaves minus infinity out", op = "softmax", x = { -inf, 0, 0 }, y = { 0, 0.5, 0.5 } }
case { "softmax with a NaN is all NaN", op = "softmax", x = { { 1, nan }, { 2, 2 } },
  y = { { nan, nan }, { 0.5, 0.5 } } }
case { "softmax has its gradient", op = "softmax", x = scores, gradient = true }
case { "softmax has its gradient in three axes", op = "softmax", x = { scores, { { 0, 1, 0 }, { 2, -2, 1 } } },
  gradient = true }
case { "softmax refuses one number", op = "softmax", x = 3,
  raises = "softmax: x is one number: a vector or rows of them are needed" }

local three = { { 1, 2, 3 }, { 0.5, -1, 0.25 }, { 2, 2, -4 } }
local shares = { { 0.2, 0.3, 0.5 }, { 1, 0, 0 }, { 0.1, 0.8, 0.1 } }

case { "softmax_cross_entropy takes labels from 0", op = "softmax_cross_entropy", x = three, t = { 2, 0, 1 },
  y = 0.5987013133673408, within = 1e-15 }
case { "softmax_cross_entropy takes one-hot rows", op = "softmax_cross_entropy", x = three,
  t = { { 0, 0, 1 }, { 1, 0, 0 }, { 0, 1, 0 } }, y = 0.5987013133673408, within = 1e-15 }
case { "softmax_cross_entropy takes shares of classes", op = "softmax_cross_entropy", x = three, t = shares,
  y = 1.032034646700674, within = 1e-15 }
case { "softmax_cross_entropy of sure and wrong scores is their distance", op = "softmax_cross_entropy",
  x = { { 1000, 0 } }, t = { 1 }, y = 1000 }
case { "softmax_cross_entropy does not let a class without weight spoil the loss", op = "softmax_cross_entropy",
  x = { { 0, -inf } }, t = { { 1, 0 } }, y = 0 }
case { "softmax_cross_entropy has its gradient from labels", op = "softmax_cross_entropy", x = three, t = { 2, 0, 1 },
  gradient = { "x" } }
case { "softmax_cross_entropy has both gradients from one-hot rows", op = "softmax_cross_entropy", x = three,
  t = { { 0, 0, 1 }, { 1, 0, 0 }, { 0, 1, 0 } }, gradient = true }
case { "softmax_cross_entropy has both gradients from weights that sum to 2", op = "softmax_cross_entropy", x = three,
  t = { { 1, 1, 0 }, { 2, 0, 0 }, { 0.5, 0.5, 1 } }, gradient = true }
case { "softmax_cross_entropy has a finite gradient for the weight of a hopeless class", op = "softmax_cross_entropy",
  x = { { 1000, 0 } }, t = { { 1, 0 } }, dt = { { 0, 1000 } } }
case { "softmax_cross_entropy wants rows of scores", op = "softmax_cross_entropy", x = { 1, 2 }, t = { 1 },
  raises = "cross_entropy: scores x %(2%) must be rows x classes" }
case { "softmax_cross_entropy names both shapes", op = "softmax_cross_entropy", x = three, t = { 0, 1 },
  raises = "cross_entropy: targets t %(2%) do not fit scores x %(3 x 3%)" }
case { "softmax_cross_entropy refuses one-hot rows of another width", op = "softmax_cross_entropy", x = three,
  t = gr.zeros(3, 4), raises = "targets t %(3 x 4%) do not fit scores x %(3 x 3%)" }
case { "softmax_cross_entropy says that labels count from 0", op = "softmax_cross_entropy", x = three,
  t = { 1, 2, 3 },
  raises = "cross_entropy: label 3 in row 3, but the scores have 3 classes: labels count from 0 to 2" }
case { "softmax_cross_entropy refuses negative labels", op = "softmax_cross_entropy", x = three, t = { 1, -1, 2 },
  raises = "label %-1 in row 2" }
case { "softmax_cross_entropy refuses broken labels", op = "softmax_cross_entropy", x = three, t = { 0.5, 1, 2 },
  raises = "label 0%.5 in row 1" }
case { "softmax_cross_entropy refuses NaN for a label", op = "softmax_cross_entropy", x = three, t = { 0, 1, nan },
  raises = "label nan in row 3" }

case { "logistic_loss is the mean over rows", op = "logistic_loss", x = { { -2 }, { 0.5 }, { 3 } },
  t = { { 0 }, { 1 }, { 0.25 } }, y = 0.9665307822656071, within = 1e-15 }
case { "logistic_loss sums over outputs", op = "logistic_loss", x = { { -2, 1 }, { 0.5, 0 }, { 3, -1 } },
  t = { { 0, 1 }, { 1, 1 }, { 0.25, 0 } }, y = 1.4064209674644041, within = 1e-15 }
case { "logistic_loss does not overflow", op = "logistic_loss", x = { 800, -800, -800 }, t = { 0, 1, 0 },
  y = 1600 / 3 }
case { "logistic_loss has both gradients", op = "logistic_loss", x = { { -2, 1 }, { 0.5, 0 }, { 3, -1 } },
  t = { { 0.1, 0.9 }, { 0.5, 0.75 }, { 0.25, 0.125 } }, gradient = true }
case { "logistic_loss has no NaN in the gradient of sure scores", op = "logistic_loss", x = { 800, -800 },
  t = { 0, 0 }, dx = { 0.5, 0 } }
case { "logistic_loss names both shapes", op = "logistic_loss", x = { { 1 }, { 2 } }, t = { 0, 1 },
  raises = "logistic: scores x %(2 x 1%) and targets t %(2%) must have the same shape" }
case { "logistic_loss refuses targets outside 0..1", op = "logistic_loss", x = { 1, 2 }, t = { 0, 2 },
  raises = "logistic: target 2 at position 2: targets lie between 0 and 1" }

local chances, yes_no = { { 0.2, 0.9 }, { 0.5, 0.01 }, { 0.75, 0.3 } }, { { 0.1, 1 }, { 1, 0 }, { 0.25, 0.5 } }

-- -(t * np.log(x) + (1 - t) * np.log1p(-x)).sum() / 3
case { "binary_cross_entropy sums over outputs", op = "binary_cross_entropy", x = chances, t = yes_no,
  y = 1.0207653941942232, within = 1e-15 }
case { "binary_cross_entropy holds the logarithm of 0 at -100", op = "binary_cross_entropy", x = { 0, 1, 0, 1 },
  t = { 0, 1, 1, 0 }, y = 50 }
case { "binary_cross_entropy has both gradients", op = "binary_cross_entropy", x = { { 0.2, 0.9 }, { 0.5, 0.4 }, { 0.75, 0.3 } },
  t = { { 0.1, 0.9 },
  { 0.9, 0.2 }, { 0.25, 0.5 } }, gradient = true }
case { "binary_cross_entropy has PyTorch's gradient at the ends", op = "binary_cross_entropy", x = { 0, 1, 0, 1 },
  t = { 0, 1, 1, 0 }, dx = { 0, 0, -0.25e12, 0.25e12 }, dt = { 25, -25, 25, -25 } }
case { "binary_cross_entropy names both shapes", op = "binary_cross_entropy", x = { { 1 }, { 0 } }, t = { 0, 1 },
  raises = "binary_cross_entropy: scores x %(2 x 1%) and targets t %(2%) must have the same shape" }
case { "binary_cross_entropy refuses targets outside 0..1", op = "binary_cross_entropy", x = { 1, 0 }, t = { 0, 2 },
  raises = "binary_cross_entropy: target 2 at position 2: targets lie between 0 and 1" }
case { "binary_cross_entropy refuses scores that are no probabilities", op = "binary_cross_entropy", x = { 1, 1.5 },
  t = { 0, 1 }, raises = "binary_cross_entropy: score 1.5 at position 2: probabilities lie between 0 and 1" }

local rows_of_one = { { 0.7, 0.2, 0.1 }, { 0.25, 0.25, 0.5 }, { 0.1, 0.6, 0.3 } }

-- -np.log(x[range(3), [0, 2, 2]]).mean(), -(t * np.log(x)).sum(1).mean()
case { "nll takes labels from 0", op = "nll", x = rows_of_one, t = { 0, 2, 2 }, y = 0.7512649762748712, within = 1e-15 }
case { "nll takes shares of classes", op = "nll", x = rows_of_one, t = { { 0.2, 0.3, 0.5 }, { 1, 0, 0 },
  { 0, 0.5, 0.5 } }, y = 1.3163841613936178, within = 1e-15 }
case { "nll holds the logarithm of 0 at -100", op = "nll", x = { { 1, 0 }, { 1, 0 } }, t = { 0, 1 }, y = 50 }
case { "nll has its gradient from labels", op = "nll", x = rows_of_one, t = { 0, 2, 2 }, gradient = { "x" } }
case { "nll has both gradients from rows", op = "nll", x = rows_of_one, t = { { 0.2, 0.3, 0.5 }, { 1, 0, 0 },
  { 0, 0.5, 0.5 } }, gradient = true }
case { "nll has no NaN in its gradient at the ends", op = "nll", x = { { 1, 0 }, { 1, 0 } }, t = { { 1, 0 }, { 0, 1 } },
  dx = { { -0.5, 0 }, { 0, -0.5e12 } }, dt = { { 0, 50 }, { 0, 50 } } }
case { "nll says that labels count from 0", op = "nll", x = rows_of_one, t = { 1, 2, 3 },
  raises = "nll: label 3 in row 3, but the scores have 3 classes: labels count from 0 to 2" }
case { "nll wants rows of probabilities", op = "nll", x = { 0.5, 0.5 }, t = { 1 },
  raises = "nll: scores x %(2%) must be rows x classes" }
case { "nll refuses one number for a target", op = "nll", x = rows_of_one, t = 1,
  raises = "nll: targets t %(one number%) do not fit scores x %(3 x 3%)" }
case { "nll refuses rows that do not sum to 1", op = "nll", x = { { 0.5, 0.5 }, { 0.5, 0.75 } }, t = { 0, 1 },
  raises = "nll: row 2 of the scores sums to 1.25: probabilities of classes sum to 1" }
case { "nll refuses scores that are no probabilities", op = "nll", x = { { 2, -1 } }, t = { 0 },
  raises = "nll: score 2 at position 1: probabilities lie between 0 and 1; for plain scores there is cross_entropy" }

-- ---- Sums and their kin

local table_ = { { 1, 4, 2.5 }, { 3, -1, 0.125 } }
local cube = { { { 1, 2 }, { 3, 4 }, { 5, 6 } }, { { 7, 8 }, { 9, 10 }, { 11, 12 } } }

case { "sum of everything is one number", op = "sum", x = table_, y = 9.625 }
case { "sum over axis 1 goes down the columns", op = "sum", x = table_, axis = 1, y = { 4, 3, 2.625 } }
case { "sum over axis 2 goes along the rows", op = "sum", x = table_, axis = 2, y = { 7.5, 2.125 } }
case { "sum over axis -1 is over the last", op = "sum", x = table_, axis = -1, y = { 7.5, 2.125 } }
case { "sum over axis -2 is over the one before", op = "sum", x = table_, axis = -2, y = { 4, 3, 2.625 } }
case { "sum keeps a reduced axis on demand", op = "sum", x = table_, axis = 2, keep = true,
  y = { { 7.5 }, { 2.125 } } }
case { "sum keeps all axes of a total on demand", op = "sum", x = table_, keep = true, y = { { 9.625 } } }
case { "sum over the middle axis", op = "sum", x = cube, axis = 2, y = { { 9, 12 }, { 27, 30 } } }
case { "sum over the first of three axes", op = "sum", x = cube, axis = 1, y = { { 8, 10 }, { 12, 14 }, { 16, 18 } } }
case { "sum over the last of three axes", op = "sum", x = cube, axis = 3, y = { { 3, 7, 11 }, { 15, 19, 23 } } }
case { "sum of one number is that number", op = "sum", x = 7, y = 7 }
case { "sum with a NaN is NaN, of infinities of both signs too", op = "sum",
  x = { { 1, nan }, { inf, -inf }, { inf, 1 } }, axis = 2, y = { nan, nan, inf } }
case { "sum spreads the gradient over everything", op = "sum", x = table_, gradient = true,
  dx = { { 1, 1, 1 }, { 1, 1, 1 } } }
case { "sum spreads the gradient along axis 1", op = "sum", x = table_, axis = 1, gradient = true }
case { "sum spreads the gradient along axis 2 that was kept", op = "sum", x = table_, axis = 2, keep = true,
  gradient = true }
case { "sum spreads the gradient along the middle axis", op = "sum", x = cube, axis = 2, gradient = true }
case { "sum says that axes count from 1", op = "sum", x = table_, axis = 0,
  raises = "axis 0: axes count from 1, and there are 2" }
case { "sum refuses an axis that is not there", op = "sum", x = table_, axis = 3,
  raises = "axis 3: axes count from 1, and there are 2" }
case { "sum refuses a negative axis that is not there", op = "sum", x = { 1, 2 }, axis = -2,
  raises = "axis %-2: axes count from 1, and there is 1" }
case { "sum refuses a tensor for an axis, and names its shape", op = "sum", x = table_, axis = gr.ones(2, 2),
  raises = "axis a tensor %(2 x 2%): axes count from 1, and there are 2" }
case { "sum refuses a broken axis", op = "sum", x = table_, axis = 1.5, raises = "axis 1%.5" }

case { "mean of everything", op = "mean", x = table_, y = 1.6041666666666667 }
case { "mean over axis 1", op = "mean", x = table_, axis = 1, y = { 2, 1.5, 1.3125 } }
case { "mean over axis 2", op = "mean", x = table_, axis = 2, y = { 2.5, 0.7083333333333334 } }
case { "mean divides a pairwise sum", op = "mean", x = { 1.3, 2.7, -0.4, 5.1, 2.2, 0.9, -3.3, 4.8, 1.1 },
  y = 1.5999999999999999 }
case { "mean spreads the gradient in equal parts", op = "mean", x = table_, gradient = true }
case { "mean spreads the gradient along an axis", op = "mean", x = cube, axis = 2, gradient = true }
case { "mean refuses an axis that is not there", op = "mean", x = table_, axis = 3,
  raises = "axis 3: axes count from 1, and there are 2" }

case { "var divides by n, not n - 1", op = "var", x = table_, y = 2.9709201388888893 }
case { "var over axis 1", op = "var", x = table_, axis = 1, y = { 1, 6.25, 1.41015625 } }
case { "var over axis 2", op = "var", x = table_, axis = 2, keep = true, y = { { 1.5 }, { 2.836805555555556 } } }
case { "var of nine numbers has NumPy's last bit", op = "var", x = { 1.3, 2.7, -0.4, 5.1, 2.2, 0.9, -3.3, 4.8, 1.1 },
  y = 0x1.782d82d82d82ep+2 }
case { "var of one number is 0", op = "var", x = { 5 }, y = 0 }
case { "var has its gradient", op = "var", x = table_, gradient = true }
case { "var has its gradient along an axis", op = "var", x = cube, axis = 2, gradient = true }
case { "var refuses an axis that is not there", op = "var", x = table_, axis = 3,
  raises = "axis 3: axes count from 1, and there are 2" }

case { "std is the root of var", op = "std", x = table_, y = 1.723635732656088 }
case { "std over axis 1", op = "std", x = table_, axis = 1, y = { 1, 2.5, 1.1875 } }
case { "std over axis 2", op = "std", x = table_, axis = 2, y = { 1.224744871391589, 1.6842819109506448 } }
case { "std of nine numbers has NumPy's last bit", op = "std", x = { 1.3, 2.7, -0.4, 5.1, 2.2, 0.9, -3.3, 4.8, 1.1 },
  y = 0x1.3653293854604p+1 }
case { "std has its gradient", op = "std", x = table_, gradient = true }
case { "std has its gradient along an axis", op = "std", x = table_, axis = 1, keep = true, gradient = true }
case { "std refuses an axis that is not there", op = "std", x = table_, axis = 3,
  raises = "axis 3: axes count from 1, and there are 2" }

case { "median of an even count is the mean of the two middle values", op = "median", x = table_, y = 1.75 }
case { "median of an odd count is the middle value", op = "median", x = { 9, 1, 4 }, y = 4 }
case { "median over axis 1", op = "median", x = table_, axis = 1, y = { 2, 1.5, 1.3125 } }
case { "median over axis 2", op = "median", x = table_, axis = 2, y = { 2.5, 0.125 } }
case { "median with a NaN is NaN", op = "median", x = { { 3, nan, 1 }, { 1, inf, -inf } }, axis = 2, y = { nan, 1 } }
case { "median sends the gradient to the middle", op = "median", x = { 9, 1, 4 }, gradient = true, dx = { 0, 0, 1 } }
case { "median halves the gradient between two middle values", op = "median", x = table_, gradient = true,
  dx = { { 0.5, 0, 0.5 }, { 0, 0, 0 } } }
case { "median has its gradient along an axis", op = "median", x = cube, axis = 2, gradient = true }
case { "median refuses an axis that is not there", op = "median", x = table_, axis = 3,
  raises = "axis 3: axes count from 1, and there are 2" }

case { "min of everything", op = "min", x = table_, y = -1 }
case { "min over axis 1", op = "min", x = table_, axis = 1, y = { 1, -1, 0.125 } }
case { "min over axis 2", op = "min", x = table_, axis = 2, y = { 1, -1 } }
case { "min with a NaN is NaN wherever it stands", op = "min", x = { { nan, 1, 2 }, { 1, nan, 2 }, { 1, 2, nan } },
  axis = 2, y = { nan, nan, nan } }
case { "min of infinities", op = "min", x = { inf, -inf, 0 }, y = -inf }
case { "min sends the gradient to the smallest", op = "min", x = table_, gradient = true,
  dx = { { 0, 0, 0 }, { 0, 1, 0 } } }
case { "min sends the gradient to the first of equals", op = "min", x = { 2, 1, 1 }, dx = { 0, 1, 0 } }
case { "min has its gradient along the middle axis", op = "min", x = cube, axis = 2, gradient = true }
case { "min refuses an axis that is not there", op = "min", x = table_, axis = 3,
  raises = "axis 3: axes count from 1, and there are 2" }

case { "max of everything", op = "max", x = table_, y = 4 }
case { "max over axis 1", op = "max", x = table_, axis = 1, y = { 3, 4, 2.5 } }
case { "max over axis 2", op = "max", x = table_, axis = 2, y = { 4, 3 } }
case { "max with a NaN is NaN wherever it stands", op = "max", x = { { nan, 1, 2 }, { 1, nan, 2 }, { 1, 2, nan } },
  axis = 2, y = { nan, nan, nan } }
case { "max sends the gradient to the largest", op = "max", x = table_, gradient = true,
  dx = { { 0, 1, 0 }, { 0, 0, 0 } } }
case { "max sends the gradient to the first of equals", op = "max", x = { 1, 2, 2 }, dx = { 0, 1, 0 } }
case { "max has its gradient along axis 1", op = "max", x = table_, axis = 1, gradient = true }
case { "max refuses an axis that is not there", op = "max", x = table_, axis = 3,
  raises = "axis 3: axes count from 1, and there are 2" }

case { "argmin counts from 1 through all rows", op = "argmin", x = table_, y = 5 }
case { "argmin over axis 1", op = "argmin", x = table_, axis = 1, y = { 1, 2, 2 } }
case { "argmin gives the first of equals", op = "argmin", x = { 2, 1, 1 }, y = 2 }
case { "argmin gives the first NaN", op = "argmin", x = { 2, nan, 1, nan }, y = 2 }
case { "argmin refuses an axis that is not there", op = "argmin", x = table_, axis = 3,
  raises = "axis 3: axes count from 1, and there are 2" }

case { "argmax counts from 1 through all rows", op = "argmax", x = table_, y = 2 }
case { "argmax over axis 2", op = "argmax", x = table_, axis = 2, y = { 2, 1 } }
case { "argmax over axis 2 that is kept", op = "argmax", x = table_, axis = 2, keep = true, y = { { 2 }, { 1 } } }
case { "argmax gives the first of equals", op = "argmax", x = { 1, 2, 2 }, y = 2 }
case { "argmax gives the first NaN", op = "argmax", x = { 2, nan, 3 }, y = 2 }
case { "argmax refuses an axis that is not there", op = "argmax", x = table_, axis = 3,
  raises = "axis 3: axes count from 1, and there are 2" }

-- ---- Products (transposed inputs have their own tests in test_ops.lua)

local m23, m32 = { { 1, 2, 3 }, { 4, 5, 6 } }, { { 1, -1 }, { 0, 2 }, { 3, 1 } }

case { "dot of two matrices", op = "dot", a = m23, b = m32, y = { { 10, 6 }, { 22, 12 } } }
case { "dot of a matrix and a vector", op = "dot", a = m23, b = { 1, 0, -1 }, y = { -2, -2 } }
case { "dot of a vector and a matrix", op = "dot", a = { 1, 2 }, b = m23, y = { 9, 12, 15 } }
case { "dot of two vectors is one number", op = "dot", a = { 1, 2, 3 }, b = { 4, 5, 6 }, y = 32 }
case { "dot of a row and a column is 1 x 1", op = "dot", a = { { 1, 2, 3 } }, b = { { 4 }, { 5 }, { 6 } },
  y = { { 32 } } }
case { "dot of a column and a row is every product", op = "dot", a = { { 1 }, { 2 } }, b = { { 3, 4, 5 } },
  y = { { 3, 4, 5 }, { 6, 8, 10 } } }
case { "dot of a row and a matrix", op = "dot", a = { { 1, 2 } }, b = m23, y = { { 9, 12, 15 } } }
case { "dot of a matrix and a column", op = "dot", a = m23, b = { { 1 }, { 0 }, { -1 } }, y = { { -2 }, { -2 } } }
case { "dot of two matrices has both gradients", op = "dot", a = m23, b = m32, gradient = true }
case { "dot of a matrix and a vector has both gradients", op = "dot", a = m23, b = { 1, 0, -1 }, gradient = true }
case { "dot of a vector and a matrix has both gradients", op = "dot", a = { 1, 2 }, b = m23, gradient = true }
case { "dot of two vectors has both gradients", op = "dot", a = { 1, 2, 3 }, b = { 4, 5, 6 }, gradient = true,
  da = { 4, 5, 6 }, db = { 1, 2, 3 } }
case { "dot of a row and a column has both gradients", op = "dot", a = { { 1, 2, 3 } }, b = { { 4 }, { 5 }, { 6 } },
  gradient = true }
case { "dot of a column and a row has both gradients", op = "dot", a = { { 1 }, { 2 } }, b = { { 3, 4, 5 } },
  gradient = true }
case { "dot names both shapes and the sizes that must agree", op = "dot", a = gr.zeros(32, 100),
  b = gr.zeros(784, 50),
  raises = "dot: a %(32 x 100%) and b %(784 x 50%) do not fit: columns of a %(100%) must equal rows of b %(784%)" }
case { "dot of vectors of unequal size", op = "dot", a = { 1, 2 }, b = { 1, 2, 3 },
  raises = "dot: a %(2%) and b %(3%) do not fit: size of a %(2%) must equal size of b %(3%)" }
case { "dot refuses three axes", op = "dot", a = cube, b = m32,
  raises = "dot: a %(2 x 3 x 2%) must be a vector or a matrix" }
case { "dot refuses a number and says what to write", op = "dot", a = m23, b = 2,
  raises = "dot: b %(one number%) must be a vector or a matrix; for numbers write %*" }
case { "dot of f32 and f64 is refused", op = "dot", a = gr.ones(2), b = gr.ones(2, "f32"),
  raises = "dot: a %(2%) is f64 but b %(2%) is f32" }

local layer_x, layer_w, layer_b = { { 0.1, 0.2, -0.3 }, { 1.5, -2.5, 0.7 } }, { { 1, 2 }, { 3, 4 }, { 5, 6 } }, { 0.5, -0.5 }
-- BLAS may fuse products and sums
case { "affine adds b to every row of x w", op = "affine", x = layer_x, w = layer_w, b = layer_b,
  y = { { -0.2999999999999998, -1.2999999999999998 }, { -2, -3.3000000000000003 } }, within = 1e-15 }
case { "affine of one vector", op = "affine", x = { 1, 0, -1 }, w = layer_w, b = layer_b, y = { -3.5, -4.5 } }
case { "affine with one output", op = "affine", x = m23, w = { { 1 }, { 2 }, { 3 } }, b = { 10 },
  y = { { 24 }, { 42 } } }
case { "affine has all three gradients", op = "affine", x = layer_x, w = layer_w, b = layer_b, gradient = true }
case { "affine of one vector has all three gradients", op = "affine", x = { 1, 0, -1 }, w = layer_w, b = layer_b,
  gradient = true }
case { "affine with one input and one output has all three gradients", op = "affine", x = { { 1 }, { 2 } },
  w = { { 3 } }, b = { 1 }, gradient = true, dw = { { 3 } }, db = { 2 } }
case { "affine names both sizes", op = "affine", x = gr.zeros(2, 3), w = gr.zeros(4, 5), b = gr.zeros(5),
  raises = "affine: x %(2 x 3%) and w %(4 x 5%) do not fit: columns of x %(3%) must equal rows of w %(4%)" }
case { "affine wants a number in b for each column of w", op = "affine", x = layer_x, w = layer_w, b = { 1, 2, 3 },
  raises = "affine: b %(3%) does not fit w %(3 x 2%): b needs a number for each column of w %(2%)" }
case { "affine wants a matrix for w", op = "affine", x = { 1, 2 }, w = { 1, 2 }, b = { 1 },
  raises = "affine: w %(2%) must be a matrix" }

case { "T turns rows into columns", op = "T", x = m23, y = { { 1, 4 }, { 2, 5 }, { 3, 6 } } }
case { "T leaves a vector as it is", op = "T", x = { 1, 2, 3 }, y = { 1, 2, 3 } }
case { "T turns the gradient back", op = "T", x = m23, gradient = true }
case { "T of a vector passes the gradient", op = "T", x = { 1, 2, 3 }, gradient = true }
case { "T refuses three axes", op = "T", x = cube, raises = "T: x %(2 x 3 x 2%) must be a matrix or a vector" }

-- ---- Recurrent layers (against PyTorch: test_recurrent.lua)

-- A product and two such functions, one after the other.
local few_bits = 1e-15

-- Two sequences of three steps of two numbers.
local sequences = { { { 0.5, -1 }, { 0.25, 0.75 }, { -0.5, 1.5 } }, { { 1, 0 }, { -0.25, -0.75 }, { 0.125, 0.5 } } }
local in1 = { { 0.5, -0.25 }, { 0.75, 1 } }
local state1 = { { 0.5, 0.25 }, { -0.75, 0.5 } }
local in4 = { { 0.5, -0.25, 1, 0.125, -0.5, 0.75, 0.25, -1 }, { 0.75, 1, -0.5, 0.5, 1.25, -0.75, 0.5, 0.25 } }
local state4 = { { 0.25, 0.5, -0.75, 1, 0.5, -0.25, 0.75, 0.5 }, { -1, 0.5, 0.25, -0.5, 0.75, 1, -0.25, 0.125 } }
local bias4 = { 0.25, -0.5, 1, 0.75, 0.125, -0.25, 0.5, -0.125 }
local in3 = { { 0.5, -0.25, 1, 0.125, -0.5, 0.75 }, { 0.75, 1, -0.5, 0.5, 1.25, -0.75 } }
local state3 = { { 0.25, 0.5, -0.75, 1, 0.5, -0.25 }, { -1, 0.5, 0.25, -0.5, 0.75, 1 } }
local bias3 = { 0.25, -0.5, 1, 0.75, 0.125, -0.25 }

-- One unit, one input: tanh(1 + 0.5), tanh(-1 + 0.5 + 2 tanh 1.5).
case { "rnn feeds its state back", op = "rnn", x = { { { 1 }, { -1 } } }, w = { { 1 } }, u = { { 2 } }, b = { 0.5 },
  y = { { { 0.9051482536448664 }, { 0.8643504182723193 } } }, within = few_bits }
case { "rnn has all four gradients", op = "rnn", x = sequences, w = in1, u = state1, b = { 0.25, -0.5 }, gradient = true }
case { "rnn of one step has all four gradients", op = "rnn", x = { { { 0.5, -1 } }, { { 0.25, 2 } } }, w = in1, u = state1,
  b = { 0.25, -0.5 }, gradient = true, du = { { 0, 0 }, { 0, 0 } } }
case { "rnn of one number a step has all four gradients", op = "rnn", x = { { { 0.5 }, { -1 }, { 0.75 } } }, w = { { 0.5 } },
  u = { { -1.5 } }, b = { 0.25 }, gradient = true }
case { "rnn of few inputs has the gradients asked for", op = "rnn", x = sequences, w = in1, u = state1, b = { 0.25, -0.5 },
  gradient = { "u" } }
case { "rnn wants sequences", op = "rnn", x = { { 1, 2 } }, w = in1, u = state1, b = { 1, 2 },
  raises = "rnn: x %(1 x 2%) must have three axes, batch x time x inputs: x:reshape%(batch, time, inputs%) gives it them" }
case { "rnn wants a square u", op = "rnn", x = sequences, w = in1, u = in4, b = { 1, 2 },
  raises = "rnn: u %(2 x 8%) must be hidden x 1 hidden: one square block for each gate" }
case { "rnn wants a row of w for each input", op = "rnn", x = sequences, w = { { 1, 2 } }, u = state1, b = { 1, 2 },
  raises = "rnn: w %(1 x 2%) does not fit: rows of w must equal the last axis of x %(2%), and its columns those of u %(2 x 2%)" }
case { "rnn wants a number in b for each column", op = "rnn", x = sequences, w = in1, u = state1, b = { 1, 2, 3 },
  raises = "rnn: b %(3%) does not fit u %(2 x 2%): b needs a number for each column of u %(2%)" }
case { "rnn of f64 and f32 is refused", op = "rnn", x = sequences, w = in1, u = gr.ones(2, 2, "f32"), b = { 1, 2 },
  raises = "rnn: x %(2 x 3 x 2%) is f64 but u %(2 x 2%) is f32" }

case { "rnn_relu cuts at zero at each step", op = "rnn_relu", x = { { { 1 }, { -1 }, { -9 } } }, w = { { 1 } }, u = { { 2 } },
  b = { 0.5 }, y = { { { 1.5 }, { 2.5 }, { 0 } } }, dx = { { { 3 }, { 1 }, { 0 } } } }
case { "rnn_relu has all four gradients", op = "rnn_relu", x = sequences, w = in1, u = state1, b = { 0.25, -0.5 },
  gradient = true }
case { "rnn_relu lets NaN through", op = "rnn_relu", x = { { { nan } } }, w = { { 1 } }, u = { { 2 } }, b = { 0.5 },
  y = { { { nan } } } }
case { "rnn_relu wants sequences", op = "rnn_relu", x = { 1 }, w = { { 1 } }, u = { { 2 } }, b = { 0.5 },
  raises = "rnn_relu: x %(1%) must have three axes" }

-- Gates i f o open by sums of 800, g is 1: c counts the steps.
case { "lstm saturates without overflow", op = "lstm", x = { { { 1 }, { 1 } } }, w = { { 800, 800, 800, 800 } },
  u = { { 0, 0, 0, 0 } }, b = { 0, 0, 0, 0 }, y = { { { 0.7615941559557649 }, { 0.9640275800758169 } } }, within = few_bits }
case { "lstm has all four gradients", op = "lstm", x = sequences, w = in4, u = state4, b = bias4, gradient = true }
case { "lstm of one step has all four gradients", op = "lstm", x = { { { 0.5, -1 } }, { { 0.25, 2 } } }, w = in4, u = state4,
  b = bias4, gradient = true, du = { { 0, 0, 0, 0, 0, 0, 0, 0 }, { 0, 0, 0, 0, 0, 0, 0, 0 } } }
case { "lstm of one sequence has all four gradients", op = "lstm", x = { sequences[1] }, w = in4, u = state4, b = bias4,
  gradient = true }
case { "lstm wants four blocks in u", op = "lstm", x = sequences, w = in4, u = state3, b = bias4,
  raises = "lstm: u %(2 x 6%) must be hidden x 4 hidden: one square block for each gate" }
case { "lstm wants four blocks in w", op = "lstm", x = sequences, w = in3, u = state4, b = bias4,
  raises = "lstm: w %(2 x 6%) does not fit: .* its columns those of u %(2 x 8%)" }

-- Gates r and z half open, c comes in by half: tanh(1 + 4 / 2) / 2.
case { "gru resets what its own bias brings", op = "gru", x = { { { 1 } } }, w = { { 0, 0, 1 } }, u = { { 0, 0, 0 } },
  b = { 0, 0, 0 }, c = { 4 }, y = { { { 0.49752737684336523 } } }, within = few_bits }
case { "gru has all five gradients", op = "gru", x = sequences, w = in3, u = state3, b = bias3, c = { 0.5, -0.25 },
  gradient = true }
case { "gru of one step has all five gradients", op = "gru", x = { { { 0.5, -1 } }, { { 0.25, 2 } } }, w = in3, u = state3,
  b = bias3, c = { 0.5, -0.25 }, gradient = true }
case { "gru of one sequence has all five gradients", op = "gru", x = { sequences[2] }, w = in3, u = state3, b = bias3,
  c = { 0.5, -0.25 }, gradient = true }
case { "gru wants a number in c for each hidden unit", op = "gru", x = sequences, w = in3, u = state3, b = bias3,
  c = { 1, 2, 3 }, raises = "gru: c %(3%) does not fit u %(2 x 6%): c needs a number for each row of u %(2%)" }

-- ---- Moving elements

case { "reshape goes on in row order", op = "reshape", x = m23, sizes = { 3, 2 },
  y = { { 1, 2 }, { 3, 4 }, { 5, 6 } } }
case { "reshape fills in the size -1", op = "reshape", x = m23, sizes = { -1, 1 },
  y = { { 1 }, { 2 }, { 3 }, { 4 }, { 5 }, { 6 } } }
case { "reshape makes three axes", op = "reshape", x = m23, sizes = { 1, -1, 2 },
  y = { { { 1, 2 }, { 3, 4 }, { 5, 6 } } } }
case { "reshape passes the gradient", op = "reshape", x = m23, sizes = { 3, 2 }, gradient = true }
case { "reshape counts the elements", op = "reshape", x = m23, sizes = { 4, 2 },
  raises = "reshape: x %(2 x 3%) has 6 elements, which do not fill the sizes asked for %(8%)" }
case { "reshape wants -1 to come out even", op = "reshape", x = m23, sizes = { -1, 4 },
  raises = "reshape: x %(2 x 3%) has 6 elements, which do not fill the sizes asked for %(4 times a rest%)" }
case { "reshape fills in one size only", op = "reshape", x = m23, sizes = { -1, -1 },
  raises = "reshape: only one size may be %-1" }
case { "reshape refuses a size of 0", op = "reshape", x = m23, sizes = { 0, 6 },
  raises = "size 1 is 0: sizes are whole numbers of at least 1" }
case { "reshape wants sizes", op = "reshape", x = m23, raises = "reshape: sizes are missing" }

case { "flatten lines up the rows", op = "flatten", x = cube, y = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 } }
case { "flatten of one number is a vector of it", op = "flatten", x = 5, y = { 5 } }
case { "flatten passes the gradient", op = "flatten", x = m23, gradient = true }

case { "slice of rows", op = "slice", x = m32, ranges = "2:3", y = { { 0, 2 }, { 3, 1 } } }
case { "slice of a column", op = "slice", x = m32, ranges = ":, 2", y = { -1, 2, 1 } }
case { "slice of a block", op = "slice", x = m23, ranges = "1:2, 2:3", y = { { 2, 3 }, { 5, 6 } } }
case { "slice of one element", op = "slice", x = m23, ranges = { 2, 3 }, y = 6 }
case { "slice from the end", op = "slice", x = m23, ranges = "-1, -2:-1", y = { 5, 6 } }
case { "slice through three axes", op = "slice", x = cube, ranges = ":, 2:3, 1", y = { { 3, 5 }, { 9, 11 } } }
case { "slice of rows passes the gradient", op = "slice", x = m32, ranges = "2:3", gradient = true }
case { "slice of a column passes the gradient", op = "slice", x = m32, ranges = ":, 2", gradient = true }
case { "slice of a block passes the gradient", op = "slice", x = m23, ranges = "2, 2:3", gradient = true,
  dx = { { 0, 0, 0 }, { 0, 1, 1 } } }
case { "slice of one element passes the gradient", op = "slice", x = m23, ranges = { 2, 3 }, gradient = true,
  dx = { { 0, 0, 0 }, { 0, 0, 1 } } }
case { "slice through three axes passes the gradient", op = "slice", x = cube, ranges = ":, 2:3, 1", gradient = true }
case { "slice says how far positions go", op = "slice", x = m23, ranges = "1:4",
  raises = "position 4 on axis 1 of .*%(2 x 3%): positions count from 1 to 2" }
case { "slice refuses more ranges than axes", op = "slice", x = m23, ranges = "1, 1, 1",
  raises = "%(2 x 3%) has 2 axes: there is no position for axis 3" }

case { "take gathers rows in the order given", op = "take", x = m32, rows = { 3, 1 }, y = { { 3, 1 }, { 1, -1 } } }
case { "take repeats rows", op = "take", x = m32, rows = { 2, 2, 2 }, y = { { 0, 2 }, { 0, 2 }, { 0, 2 } } }
case { "take from a vector", op = "take", x = { 10, 20, 30 }, rows = { 3, 3, 1 }, y = { 30, 30, 10 } }
case { "take whole blocks", op = "take", x = cube, rows = { 2 }, y = { cube[2] } }
case { "take adds up the gradient of repeated rows", op = "take", x = m32, rows = { 2, 1, 2 }, gradient = { "x" },
  dx = { { 1, 1 }, { 2, 2 }, { 0, 0 } } }
case { "take from a vector passes the gradient", op = "take", x = { 10, 20, 30 }, rows = { 3, 3, 1 },
  gradient = { "x" }, dx = { 1, 0, 2 } }
case { "take says that positions count from 1", op = "take", x = m32, rows = { 1, 0 },
  raises = "take: position 0 %(number 2 of the list%) in x %(3 x 2%): positions count from 1 to 3" }
case { "take refuses positions behind the end", op = "take", x = m32, rows = { 4 },
  raises = "take: position 4 %(number 1 of the list%) in x %(3 x 2%)" }
case { "take refuses broken positions", op = "take", x = m32, rows = { 1.5 }, raises = "take: position 1%.5" }
case { "take wants a vector of positions", op = "take", x = m32, rows = { { 1 }, { 2 } },
  raises = "take: x %(3 x 2%) needs at least one axis, and positions a vector" }

case { "concat joins rows", op = "concat", x = { { { 1, 2 } }, { { 3, 4 }, { 5, 6 } } },
  y = { { 1, 2 }, { 3, 4 }, { 5, 6 } } }
case { "concat joins columns", op = "concat", x = { { { 1 }, { 2 } }, { { 3, 4 }, { 5, 6 } } }, axis = 2,
  y = { { 1, 3, 4 }, { 2, 5, 6 } } }
case { "concat joins vectors", op = "concat", x = { { 1 }, { 2, 3 }, { 4 } }, y = { 1, 2, 3, 4 } }
case { "concat takes an axis from the end", op = "concat", x = { { { 1 }, { 2 } }, { { 3 }, { 4 } } }, axis = -1,
  y = { { 1, 3 }, { 2, 4 } } }
case { "concat of one is a copy", op = "concat", x = { { 1, 2 } }, y = { 1, 2 } }
case { "concat joins many", op = "concat", x = { { 1 }, { 2 }, { 3 }, { 4 }, { 5 }, { 6 }, { 7 }, { 8 }, { 9 },
  { 10 }, { 11 } }, y = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 } }
case { "concat joins many along an axis", op = "concat",
  x = { { { 1 } }, { { 2 } }, { { 3 } }, { { 4 } }, { { 5 } }, { { 6 } }, { { 7 } }, { { 8 } }, { { 9 } } }, axis = 2,
  y = { { 1, 2, 3, 4, 5, 6, 7, 8, 9 } } }
case { "concat of rows splits the gradient", op = "concat", x = { { { 1, 2 } }, { { 3, 4 }, { 5, 6 } } },
  gradient = true }
case { "concat of columns splits the gradient", op = "concat", x = { { { 1 }, { 2 } }, { { 3, 4 }, { 5, 6 } } },
  axis = 2, gradient = true }
case { "concat names the one that does not fit", op = "concat", x = { m23, m23, m32 },
  raises = "concat: x %(2 x 3%) and x %(3 x 2%) %(number 3%) do not fit: only axis 1 may differ" }
case { "concat refuses another number of axes", op = "concat", x = { { 1, 2 }, { { 1, 2 } } },
  raises = "concat: x %(2%) and x %(1 x 2%) %(number 2%)" }
case { "concat refuses an axis that is not there", op = "concat", x = { { 1 }, { 2 } }, axis = 2,
  raises = "axis 2: axes count from 1, and there is 1" }

case { "cast to f32 rounds", op = "cast", x = { 1, 0.1, 1e300 }, dtype = "f32", y = { 1, 0x1.99999ap-4, inf } }
case { "cast to f64 keeps", op = "cast", x = gr.tensor({ 0.5, 0.1 }, "f32"), dtype = "f64",
  y = { 0.5, 0x1.99999ap-4 } }
-- In f32 a difference is exact only where x + h is: the step is a power of two.
case { "cast passes the gradient", op = "cast", x = { 0.5, 2 }, dtype = "f32", gradient = true, h = 2 ^ -10,
  dx = { 1, 1 } }
case { "cast knows two types", op = "cast", x = { 1 }, dtype = "f16",
  raises = "unknown type of number 'f16': there are \"f64\" and \"f32\"" }
case { "cast wants a type", op = "cast", x = { 1 }, raises = "to: say which type: \"f64\" or \"f32\"" }

-- ---- Layers

case { "embedding gives a row for each number", op = "embedding", w = m32, x = { 2, 0 }, y = { { 3, 1 }, { 1, -1 } } }
case { "embedding of a matrix has an axis more", op = "embedding", w = m32, x = { { 1, 1 }, { 2, 0 } },
  y = { { { 0, 2 }, { 0, 2 } }, { { 3, 1 }, { 1, -1 } } } }
case { "embedding of one number is a vector", op = "embedding", w = m32, x = 2, y = { 3, 1 } }
case { "embedding adds up the gradient of repeated rows", op = "embedding", w = m32, x = { { 1, 0 }, { 1, 1 } },
  gradient = { "w" }, dw = { { 1, 1 }, { 3, 3 }, { 0, 0 } } }
case { "embedding says that its numbers count from 0", op = "embedding", w = m32, x = { { 0, 1 }, { 2, 3 } },
  raises = "embedding: 3 at position %[2, 2%] of x %(2 x 2%), but w %(3 x 2%) has 3 rows: whole numbers that count from 0 to 2" }
case { "embedding refuses negative numbers", op = "embedding", w = m32, x = { 0, -1 },
  raises = "embedding: %-1 at position 2 of x %(2%)" }
case { "embedding refuses broken numbers", op = "embedding", w = m32, x = 0.5,
  raises = "embedding: 0%.5 at the only position of x" }
case { "embedding refuses NaN", op = "embedding", w = m32, x = { nan }, raises = "embedding: nan at position 1" }
case { "embedding refuses infinity", op = "embedding", w = m32, x = { inf }, raises = "embedding: inf at position 1" }
case { "embedding wants a matrix of rows", op = "embedding", w = { 1, 2 }, x = { 0 },
  raises = "embedding: w %(2%) must be a matrix" }
case { "embedding wants room for its axis", op = "embedding", w = m32, x = gr.zeros(1, 1, 1, 1, 1, 1, 1, 1),
  raises = "embedding: x %(1 x 1 x 1 x 1 x 1 x 1 x 1 x 1%) has no axis to spare" }

local function dropout_case(c)
  c.op, c.changes, c.f64 = "dropout", { "draws" }, { "draws" }
  case(c)
end

dropout_case { "dropout of nothing keeps all", x = { 1, -2, nan, inf }, draws = { 7, 0 }, p = 0, y = { 1, -2, nan, inf } }
dropout_case { "dropout draws the mask of key and count", x = gr.ones(11), draws = { 7, 0 }, p = 0.5, y = norm.masks[1] }
dropout_case { "dropout has another mask for each count", x = gr.ones(11), draws = { 7, 1 }, p = 0.5, y = norm.masks[2] }
dropout_case { "dropout has another mask for each key", x = gr.ones(11), draws = { 8, 0 }, p = 0.5, y = norm.masks[3] }
dropout_case { "dropout scales what is kept by 1 / (1 - p)", x = gr.ones(3, 2), draws = { 2 ^ 53 - 1, 3 }, p = 0.25,
  y = norm.quarter }
dropout_case { "dropout passes the gradient through its mask", x = gr.ones(3, 5), draws = { 7, 3 }, p = 0.25,
  gradient = { "x" } }
dropout_case { "dropout refuses to drop everything", x = { 1 }, draws = { 7, 0 }, p = 1,
  raises = "dropout: p must be at least 0 and below 1, got 1" }
dropout_case { "dropout refuses a negative share", x = { 1 }, draws = { 7, 0 }, p = -0.5, raises = "got %-0.5" }
dropout_case { "dropout refuses a key that is not whole", x = { 1 }, draws = { 0.5, 0 }, p = 0.5,
  raises = "dropout: the key of draws is 0.5: it must be a whole number from 0 to 2^53 %- 1" }
dropout_case { "dropout refuses a count that is too large", x = { 1 }, draws = { 0, 2 ^ 53 }, p = 0.5,
  raises = "dropout: the count of draws is 9007199254740992: it must be" }
dropout_case { "dropout refuses a count that is NaN", x = { 1 }, draws = { 0, nan }, p = 0.5, raises = "the count of draws is nan" }
dropout_case { "dropout wants a key and a count", x = { 1 }, draws = { 1, 2, 3 }, p = 0.5,
  raises = "dropout: draws %(3%) is f64: draws must be two numbers of f64" }
dropout_case { "dropout wants all digits of a key", x = { 1 }, draws = gr.tensor({ 1, 2 }, "f32"), p = 0.5,
  raises = "dropout: draws %(2%) is f32: draws must be two numbers of f64" }

--- NumPy and PyTorch sum in other orders.
local few_roundings = 1e-13

for _, c in ipairs(norm.batch_norm) do
  local stats = { running_mean = c.mean, running_var = c.var, gamma = c.gamma, beta = c.beta, x = c.x }
  local function batch_norm_case(name, op, more)
    more[1], more.op, more.eps = op .. name .. c.name, op, c.eps
    more.changes = { "running_mean", "running_var" }
    if op == "batch_norm" then more.momentum = c.momentum end
    for key, value in pairs(stats) do
      more[key] = value
    end
    case(more)
  end
  batch_norm_case(" is PyTorch's: ", "batch_norm", { y = c.train, within = few_roundings, f32 = 1e-5 })
  batch_norm_case(" has its gradient: ", "batch_norm", { gradient = { "x", "gamma", "beta" } })
  batch_norm_case(" is PyTorch's: ", "batch_norm_eval", { y = c.eval, within = few_roundings, f32 = 1e-5 })
  batch_norm_case(" has its gradient: ", "batch_norm_eval", { gradient = { "x", "gamma", "beta" } })
end

local function norm_refusal(name, op, raises, more)
  local ones = gr.ones(2)
  local c = { name, op = op, x = gr.ones(3, 2), gamma = ones, beta = ones, running_mean = ones, running_var = ones }
  for key, value in pairs(more) do
    c[key] = value
  end
  c.raises = raises
  case(c)
end

norm_refusal("batch_norm refuses one value a feature", "batch_norm",
  "batch_norm: x %(1 x 2%) has one value for each feature, and one value has no spread to divide by: train on batches of two",
  { x = { { 1, 2 } } })
norm_refusal("batch_norm refuses a momentum above 1", "batch_norm", "momentum must lie between 0 and 1, got 1.5",
  { momentum = 1.5 })
norm_refusal("batch_norm refuses a negative eps", "batch_norm", "eps must be a finite number of at least 0, got %-1",
  { eps = -1 })
norm_refusal("batch_norm refuses three axes", "batch_norm",
  "batch_norm: x %(2 x 2 x 2%) must be %(batch, features%) or %(batch, features, height, width%)", { x = gr.ones(2, 2, 2) })
norm_refusal("batch_norm refuses statistics of other features", "batch_norm",
  "batch_norm: running_var %(3%) does not fit x %(3 x 2%): it needs a number for each feature %(2%)",
  { running_var = gr.ones(3) })
norm_refusal("batch_norm refuses mixed types", "batch_norm", "x %(3 x 2%) is f64 but beta %(2%) is f32",
  { beta = gr.ones({ 2 }, "f32") })
norm_refusal("batch_norm does not write into a transposed reading", "batch_norm", "batch_norm: .* is a transposed reading",
  { running_mean = gr.ones(2):T() })
norm_refusal("batch_norm_eval refuses other features", "batch_norm_eval", "batch_norm_eval: gamma %(2%) does not fit x %(3 x 4%)",
  { x = gr.ones(3, 4) })
norm_refusal("layer_norm refuses an infinite eps", "layer_norm", "layer_norm: eps must be a finite", { eps = inf })
norm_refusal("layer_norm refuses other features", "layer_norm", "layer_norm: gamma %(2%) does not fit x %(2 x 3%)",
  { x = gr.ones(2, 3) })
norm_refusal("layer_norm refuses one number", "layer_norm", "layer_norm: x is one number", { x = 3 })
norm_refusal("layer_norm refuses mixed types", "layer_norm", "x %(3 x 2%) is f64 but gamma %(2%) is f32",
  { gamma = gr.ones({ 2 }, "f32") })

for _, c in ipairs(norm.layer_norm) do
  case { "layer_norm is PyTorch's: " .. c.name, op = "layer_norm", x = c.x, gamma = c.gamma, beta = c.beta, eps = c.eps,
    y = c.y, within = few_roundings, f32 = 1e-5 }
  case { "layer_norm has its gradient: " .. c.name, op = "layer_norm", x = c.x, gamma = c.gamma, beta = c.beta,
    eps = c.eps, gradient = true }
end
-- ---- Images (PyTorch's figures for more shapes are in golden/conv.lua)

local image = { { { { 1, 2, 3 }, { 4, 5, 6 }, { 7, 8, 9 } } } } -- 1 x 1 x 3 x 3
local images = series { 2, 2, 5, 6 }
local one_kernel = { { { { 1, 10 }, { 100, 1000 } } } }

case { "conv2d does not turn the kernel round", op = "conv2d", x = image, w = one_kernel, b = { 0.5 },
  y = { { { { 5421.5, 6532.5 }, { 8754.5, 9865.5 } } } } }
case { "conv2d pads with zeros", op = "conv2d", x = { { { { 1, 2 } } } }, w = one_kernel, b = { 0 }, padding = 1,
  y = { { { { 1000, 2100, 200 }, { 10, 21, 2 } } } } }
case { "conv2d drops what the stride leaves over", op = "conv2d", x = image, w = one_kernel, b = { 0 }, stride = 2,
  y = { { { { 5421 } } } } }
case { "conv2d takes stride and padding down and across", op = "conv2d", x = image, w = one_kernel, b = { 0 },
  stride = { 1, 2 }, padding = { 0, 1 }, y = { { { { 4010, 6532 }, { 7040, 9865 } } } } }
case { "conv2d of single pixels mixes channels", op = "conv2d", x = { { { { 1, 2 } }, { { 3, 4 } } } },
  w = { { { { 1 } }, { { 10 } } }, { { { 2 } }, { { 0 } } }, { { { 0 } }, { { -1 } } } }, b = { 0, 1, 0 },
  y = { { { { 31, 42 } }, { { 3, 5 } }, { { -3, -4 } } } } }
case { "conv2d of NaN is NaN in its windows alone", op = "conv2d", x = { { { { nan, 1, 2 } } } }, w = { { { { 1, 1 } } } },
  b = { 0 }, y = { { { { nan, 3 } } } } }
case { "conv2d has all gradients", op = "conv2d", x = images, w = series { 3, 2, 2, 3 }, b = { 1, 2, 3 }, gradient = true }
case { "conv2d has all gradients with stride, padding and rests", op = "conv2d", x = images, w = series { 3, 2, 3, 4 },
  b = { 1, 2, 3 }, stride = { 2, 3 }, padding = { 1, 2 }, gradient = true }
case { "conv2d of single pixels has all gradients", op = "conv2d", x = images, w = series { 3, 2, 1, 1 }, b = { 1, 2, 3 },
  gradient = true }
case { "conv2d has a gradient for the weights alone", op = "conv2d", x = images, w = series { 3, 2, 2, 2 }, b = { 1, 2, 3 },
  gradient = { "w" } }
case { "conv2d has a gradient for the images alone", op = "conv2d", x = images, w = series { 3, 2, 2, 2 }, b = { 1, 2, 3 },
  stride = 2, gradient = { "x" } }
case { "conv2d adds up the gradient of the bias", op = "conv2d", x = image, w = one_kernel, b = { 0 }, db = { 4 },
  dw = { { { { 12, 16 }, { 24, 28 } } } }, dx = { { { { 1, 11, 10 }, { 101, 1111, 1010 }, { 100, 1100, 1000 } } } } }
case { "conv2d wants images", op = "conv2d", x = { { 1, 2, 3, 4 } }, w = one_kernel, b = { 0 },
  raises = "conv2d: x %(1 x 4%) must be images, batch x channels x height x width: reshape .* x:reshape%(%-1, 1, 28, 28%)" }
case { "conv2d wants kernels", op = "conv2d", x = image, w = { { 1 } }, b = { 0 },
  raises = "conv2d: w %(1 x 1%) must be channels out x channels in x height x width" }
case { "conv2d names both shapes where channels differ", op = "conv2d", x = image, w = gr.zeros(2, 3, 2, 2), b = { 0, 0 },
  raises = "conv2d: x %(1 x 1 x 3 x 3%) and w %(2 x 3 x 2 x 2%) do not fit: .* channels of x %(1%) and of w %(3%)" }
case { "conv2d wants a bias for each channel", op = "conv2d", x = image, w = one_kernel, b = { 0, 0 },
  raises = "conv2d: b %(2%) does not fit w %(1 x 1 x 2 x 2%): b needs a number for each channel that comes out %(1%)" }
case { "conv2d refuses a kernel larger than the padded image", op = "conv2d", x = image, w = gr.zeros(1, 1, 2, 6),
  b = { 0 }, padding = 1,
  raises = "conv2d: w %(1 x 1 x 2 x 6%) is larger than the images of x %(1 x 1 x 3 x 3%), which are 5 x 5 with padding 1 x 1" }
case { "conv2d refuses a stride of 0", op = "conv2d", x = image, w = one_kernel, b = { 0 }, stride = { 1, 0 },
  raises = "conv2d: stride must be at least 1, got 1 x 0" }
case { "conv2d refuses a negative padding", op = "conv2d", x = image, w = one_kernel, b = { 0 }, padding = -1,
  raises = "conv2d: padding must be a whole number of at least 0, or two of them, {down, across}, got %-1" }
case { "conv2d refuses a broken stride", op = "conv2d", x = image, w = one_kernel, b = { 0 }, stride = { 1, 1.5 },
  raises = "conv2d: stride must be a whole number of at least 0, .* got 1.5" }
case { "conv2d refuses three strides", op = "conv2d", x = image, w = one_kernel, b = { 0 }, stride = { 1, 1, 1 },
  raises = "conv2d: stride must be a whole number .* got table" }
case { "conv2d refuses a padding whose sizes overflow", op = "conv2d", x = image, w = one_kernel, b = { 0 },
  padding = math.maxinteger, raises = "conv2d: x %(1 x 1 x 3 x 3%) with padding 9223372036854775807 x .* is too large" }
case { "conv2d refuses a padding that BLAS cannot count", op = "conv2d", x = image, w = one_kernel, b = { 0 },
  padding = 2 ^ 20, raises = "conv2d: x .* is too large: a padded channel may have 2147483647 pixels" }
case { "conv2d takes any stride", op = "conv2d", x = image, w = one_kernel, b = { 0 }, stride = math.maxinteger,
  y = { { { { 5421 } } } }, gradient = true }
case { "conv2d of f64 and f32 is refused", op = "conv2d", x = image, w = gr.ones({ 1, 1, 2, 2 }, "f32"), b = { 0 },
  raises = "conv2d: x .* is f64 but w .* is f32" }

case { "max_pool2d takes the largest", op = "max_pool2d", x = { { { { 1, 5, 2, 0 }, { 3, 4, 8, -1 } } } }, kernel = 2,
  y = { { { { 5, 8 } } } }, dx = { { { { 0, 1, 0, 0 }, { 0, 0, 1, 0 } } } } }
case { "max_pool2d gives the first of equals the gradient", op = "max_pool2d", x = { { { { 2, 2 }, { 2, 2 } } } },
  kernel = 2, y = { { { { 2 } } } }, dx = { { { { 1, 0 }, { 0, 0 } } } } }
case { "max_pool2d adds up where windows overlap", op = "max_pool2d", x = image, kernel = 2, stride = 1,
  y = { { { { 5, 6 }, { 8, 9 } } } }, dx = { { { { 0, 0, 0 }, { 0, 1, 1 }, { 0, 1, 1 } } } } }
case { "max_pool2d adds up where windows share their largest", op = "max_pool2d", x = { { { { 1, 7, 3 } } } },
  kernel = { 1, 2 }, stride = 1, y = { { { { 7, 7 } } } }, dx = { { { { 0, 2, 0 } } } } }
case { "max_pool2d is NaN where one is, wherever it stands", op = "max_pool2d", kernel = 2,
  x = { { { { nan, 1, 1, nan, 1, 1, 1, 1, 1, 1 }, { 2, 3, 2, 3, nan, 2, 2, nan, inf, 2 } } } },
  y = { { { { nan, nan, nan, nan, inf } } } } }
case { "max_pool2d never takes the padding", op = "max_pool2d", x = { { { { -1, -2 }, { -3, -inf } } } }, kernel = 2,
  padding = 1, y = { { { { -1, -2 }, { -3, -inf } } } }, dx = { { { { 1, 1 }, { 1, 1 } } } } }
case { "max_pool2d agrees with differences", op = "max_pool2d", x = images, kernel = { 2, 3 }, stride = { 2, 1 },
  gradient = true }
case { "max_pool2d with padding agrees with differences", op = "max_pool2d", x = images, kernel = 3, stride = 2,
  padding = 1, gradient = true }
case { "max_pool2d wants a kernel", op = "max_pool2d", x = image, raises = "max_pool2d: say how large the kernel is" }
case { "max_pool2d wants images", op = "max_pool2d", x = { { 1 } }, kernel = 1,
  raises = "max_pool2d: x %(1 x 1%) must be images" }
case { "max_pool2d refuses a kernel larger than the image", op = "max_pool2d", x = image, kernel = { 4, 1 },
  raises = "max_pool2d: the kernel %(4 x 1%) is larger than the images of x %(1 x 1 x 3 x 3%), which are 3 x 3" }
case { "max_pool2d refuses a kernel or a stride of 0", op = "max_pool2d", x = image, kernel = 0,
  raises = "max_pool2d: the kernel must be at least 1, got 0 x 0" }
case { "max_pool2d refuses padding that a window could lie in", op = "max_pool2d", x = image, kernel = 3, padding = 2,
  raises = "max_pool2d: padding 2 x 2 is more than half the kernel %(3 x 3%)" }

case { "avg_pool2d takes the mean", op = "avg_pool2d", x = { { { { 1, 5, 2, 0 }, { 3, 4, 8, -1 } } } }, kernel = 2,
  y = { { { { 3.25, 2.25 } } } }, dx = { { { { 0.25, 0.25, 0.25, 0.25 }, { 0.25, 0.25, 0.25, 0.25 } } } } }
case { "avg_pool2d counts the zeros of the padding", op = "avg_pool2d", x = { { { { 1, 2 }, { 3, 4 } } } }, kernel = 2,
  padding = 1, y = { { { { 0.25, 0.5 }, { 0.75, 1 } } } } }
case { "avg_pool2d is NaN where one is", op = "avg_pool2d", x = { { { { 1, nan, 2, 2 } } } }, kernel = { 1, 2 },
  y = { { { { nan, 2 } } } } }
case { "avg_pool2d agrees with differences", op = "avg_pool2d", x = images, kernel = { 2, 3 }, stride = { 2, 1 },
  gradient = true }
case { "avg_pool2d with padding agrees with differences", op = "avg_pool2d", x = images, kernel = 3, stride = 2,
  padding = 1, gradient = true }
case { "avg_pool2d refuses a kernel larger than the image", op = "avg_pool2d", x = image, kernel = 4,
  raises = "avg_pool2d: the kernel %(4 x 4%) is larger than the images of x %(1 x 1 x 3 x 3%)" }

-- stylua: ignore end

return cases

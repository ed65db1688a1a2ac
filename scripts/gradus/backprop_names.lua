--- backprop_names: what students call things: parameters, gradients, arguments and methods, read so that most need no options.
local names = {}

--- A name without what writing differs in: case, underscores, words for letters. "Weight_1" and "W1" are "w1".
---@param name any
---@return string
function names.plain(name)
  local text = tostring(name):lower():gsub("_", "")
  return (text:gsub("weights?", "w"):gsub("bias[es]*", "b"))
end

local function set(words)
  local known = {}
  for word in words:gmatch "%S+" do
    known[word] = true
  end
  return known
end

-- ---- Parameters

local other_parameters = set "theta kernel gamma beta"

--- Whether a field of that name holds a parameter; a bare number must be called w or b, as lr is one too.
function names.is_parameter(name, value_is_number)
  local text = names.plain(name)
  if text:find "grad" or text:find "vel" or text:find "mom" or text:find "delta" then return false end
  if value_is_number then return text:find "^[wb]%d*$" ~= nil end
  return other_parameters[text] or text:find "^[wb]%d*$" ~= nil or text:find "^[wb]%a%a?%a?%a?%a?%a?$" ~= nil
end

--- Whether a field or key of that name holds the gradient of the parameter.
function names.is_gradient_of(field, parameter)
  local text, p = names.plain(field), names.plain(parameter)
  for _, form in ipairs { "d%s", "grad%s", "%sgrad", "delta%s", "dl%s", "dld%s", "g%s", "%sg", "gradient%s" } do
    if text == form:format(p) then return true end
  end
  return false
end

--- Whether a parameter of that name is a bias: b, b1, bias[2], layers.1.b.
function names.is_bias(name) return names.plain(name):match "([^.]*)$":find "^b" ~= nil end

--- Orders names as layers stand: by the number in them, weights before biases.
function names.before(a, b)
  local first, second = names.plain(a), names.plain(b)
  local i, j = tonumber(first:match "%d+") or 0, tonumber(second:match "%d+") or 0
  if i ~= j then return i < j end
  local is_bias, other_is = first:match "b%[?%d*%]?$" ~= nil, second:match "b%[?%d*%]?$" ~= nil
  if is_bias ~= other_is then return other_is end
  return first < second
end

-- ---- Arguments

local roles = {
  self = set "self this net network layer model me obj _",
  x = set "x xs input inputs data xb xbatch features images inp x1",
  y = set "y ys t ts target targets label labels truth ytrue yb tb ybatch tbatch answers onehot",
  up = set "dout dy dz da dl delta upstream gradoutput gradout dnext dscores dh d douts outputdelta",
  err = set "err error errors e",
  scores = set "scores score z zs out output outputs pred preds prediction predictions logits yhat ypred p probs a",
  lr = set "lr rate eta learningrate alpha",
  m = set "m n batch batchsize",
  cache = set "cache caches ctx context memory saved stored kept state intermediates tape fwd",
}

local function role_of(name)
  local text = tostring(name):lower():gsub("_", "")
  local bare = text:gsub("%d+$", "") -- a2, z1
  for role, known in pairs(roles) do
    if known[text] or known[bare] or role == "self" and name == "_" then return role end
  end
  return nil
end

local short_for_self = set "s o l n"

--- Whether the first argument is the object: called self, or by a letter before inputs or an error.
local function is_self(f)
  local first, second = debug.getlocal(f, 1), debug.getlocal(f, 2)
  if not first then return false end
  local follower = second and role_of(second)
  return role_of(first) == "self" or short_for_self[first:lower()] and (follower == "x" or follower == "up")
end

--- What the arguments of a function written in Lua are for: a list of roles, or false where the name tells nothing, without a first
--- `self`; and whether there is one.
---@param f function
---@return table, boolean
function names.arguments(f)
  local list, takes_self = {}, false
  for i = 1, debug.getinfo(f, "u").nparams do
    local role = role_of(debug.getlocal(f, i)) or false
    if i == 1 and is_self(f) then
      takes_self = true
    else
      list[#list + 1] = role
    end
  end
  return list, takes_self
end

-- ---- Methods

names.forward = { "forward", "forpass", "scores", "predict", "logits", "call", "fw", "value", "loss_function", "f" }
names.loss = { "loss", "cost", "compute_loss", "compute_cost", "objective", "loss_fn" }
names.backward = {
  "gradient",
  "gradients",
  "backward",
  "backprop",
  "compute_gradients",
  "compute_gradient",
  "grad",
  "derivative",
  "loss_derivative",
  "bw",
  "back",
}
names.training = { "training", "train_step", "train_batch", "step", "update", "train" }
names.is_step = set "training train_step train_batch step"
names.clearing = { "zero_grad", "zero_grads", "clear", "clear_grads", "clear_deltas", "reset", "reset_grads" }
names.updating = { "update_params", "update_param", "update", "step", "apply" }

return names

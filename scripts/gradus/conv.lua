--- conv: layers for images (batch, channels, height, width), a part of nn.
---
---   nn.sequential{ nn.conv2d(1, 6, 5, { padding = 2 }), nn.relu(), nn.max_pool2d(2), nn.flatten(), nn.dense(1176, 10) }
local core = require "gradus.core"
local init = require "gradus.init"
local layer = require "gradus.layer"
local options = require "gradus.options"
local sequential = require "gradus.sequential"

local conv = {}

-- ---- Reading sizes

local function is_whole(value, least) return type(value) == "number" and math.tointeger(value) and value >= least end

--- {down, across} from a whole number of at least `least`, or from a table of two.
local function pair(what, name, value, least)
  local two = type(value) == "table" and value or { value, value }
  if core.is_tensor(value) or #two ~= 2 or not is_whole(two[1], least) or not is_whole(two[2], least) then
    local rule = "%s: %s must be a whole number of at least %d, or two of them, {down, across}, got %s"
    core.raise(rule:format(what, name, least, options.describe(value)))
  end
  return { math.tointeger(two[1]), math.tointeger(two[2]) }
end

local function text_of(two) return ("%d x %d"):format(two[1], two[2]) end

local function short_text(two) return two[1] == two[2] and tostring(two[1]) or text_of(two) end

--- ", stride 2, padding 1 x 0": what is not as it is when nothing is said.
local function extras(stride, usual, padding)
  local text = ""
  if stride[1] ~= usual[1] or stride[2] ~= usual[2] then text = ", stride " .. short_text(stride) end
  if padding[1] + padding[2] > 0 then text = text .. ", padding " .. short_text(padding) end
  return text
end

-- ---- What the layers say of an input that does not fit

--- How to make images of x, as far as its shape shows.
local function way_to_images(x, channels)
  local shape, down, across = x.shape, "height", "width"
  if #shape == 2 then
    local side = math.sqrt(shape[2] / channels)
    if side == math.floor(side) then
      down = ("%d"):format(side)
      across = down
    end
  elseif #shape == 3 and channels == 1 then
    down, across = shape[2], shape[3]
  end
  local call = ("x:reshape(-1, %d, %s, %s)"):format(channels, down, across)
  return ("%s makes them so, as a layer: function(x) return %s end"):format(call, call)
end

--- Refuses what is no images, and images smaller than the kernel.
local function check_images(self, x, channels, kernel, padding)
  local is_tensor = core.is_tensor(x)
  if not is_tensor or #x.shape ~= 4 then
    local way = is_tensor and #x.shape > 0 and ": " .. way_to_images(x, channels or 1) or ""
    local needed = "but images are needed, batch x %s x height x width%s"
    sequential.refuse(self, x, needed:format(channels or "channels", way))
  end
  if x.shape[3] + 2 * padding[1] < kernel[1] or x.shape[4] + 2 * padding[2] < kernel[2] then
    local fits = "but the kernel is %s: it is larger than the images, with padding %s"
    sequential.refuse(self, x, fits:format(text_of(kernel), text_of(padding)))
  end
end

-- ---- The layers

--- Convolution of images: each output channel sums all input channels, weighed by a kernel that moves over them, plus a bias. As
--- every library has it the kernel is not turned round: a cross-correlation (LeCun, Bottou, Bengio & Haffner 1998; Dumoulin &
--- Visin 2016).
--- Shapes: x (batch, in_channels, h, w) -> y (batch, out_channels, h', w'), h' = (h + 2 padding - kernel) / stride + 1 rounded down:
--- what the stride leaves over is dropped. w is (out_channels, in_channels, kh, kw), as in PyTorch, and starts Glorot-uniform
--- with in_channels kh kw inputs and out_channels kh kw outputs; b starts at zero.
--- Options: stride (1); padding (0): zeros on each side; name; init and bias_init, from nn.init or tensors; bias (true).
--- kernel, stride and padding are a number or {down, across}.
--- Raises when a size is not a whole number, and, when called, if x is no images, has other channels, or is too small.
--- Example:
---   local layer = nn.conv2d(1, 6, 5, { padding = 2 })
---   print(layer(gr.zeros(10, 1, 28, 28)).shape)
---@param in_channels integer
---@param out_channels integer
---@param kernel integer|integer[]
---@param given? { stride?: integer|integer[], padding?: integer|integer[], name?: string, init?: any, bias_init?: any, bias?: boolean }
---@return gradus.Layer
function conv.conv2d(in_channels, out_channels, kernel, given)
  in_channels = options.whole("conv2d", "in_channels", in_channels, 1)
  out_channels = options.whole("conv2d", "out_channels", out_channels, 1)
  kernel = pair("conv2d", "kernel", kernel, 1)
  local o = options.read("conv2d", given, {
    name = options.none,
    init = init.glorot_uniform,
    bias_init = init.zeros,
    bias = true,
    stride = 1,
    padding = 0,
  })
  local stride, padding = pair("conv2d", "stride", o.stride, 1), pair("conv2d", "padding", o.padding, 0)
  local area = kernel[1] * kernel[2]
  local sizes = { out_channels, in_channels, kernel[1], kernel[2] }
  local w = core.param(init.values("conv2d", o.init, in_channels * area, out_channels * area, sizes), "w")
  local b = o.bias and core.param(init.values("conv2d", o.bias_init, out_channels), "b") or nil
  local none = not b and core.zeros(out_channels, w.dtype)
  local function forward(x, self)
    check_images(self, x, in_channels, kernel, padding)
    if x.shape[2] ~= in_channels then
      local fits = "but w is %s: channels of x (its second size) must be %d"
      sequential.refuse(self, x, fits:format(w.shape, in_channels))
    end
    if none and none.dtype ~= w.dtype then none = core.zeros(out_channels, w.dtype) end
    return core.conv2d(x, w, b or none, stride, padding)
  end
  return layer.new {
    kind = "conv2d",
    name = o.name,
    params = { w, b },
    text = ("conv2d(%d -> %d, %s%s)"):format(
      in_channels,
      out_channels,
      text_of(kernel),
      extras(stride, { 1, 1 }, padding)
    ),
    args = {
      in_channels,
      out_channels,
      kernel,
      { stride = stride, padding = padding, bias = o.bias and true or false },
    },
    forward = forward,
  }
end

--- A layer that makes one number of each window.
local function pool(kind, operator)
  return function(kernel, given)
    kernel = pair(kind, "kernel", kernel, 1)
    local o = options.read(kind, given, { name = options.none, stride = kernel, padding = 0 })
    local stride, padding = pair(kind, "stride", o.stride, 1), pair(kind, "padding", o.padding, 0)
    if 2 * padding[1] > kernel[1] or 2 * padding[2] > kernel[2] then
      local rule = "%s: padding %s is more than half the kernel (%s)"
      core.raise(rule:format(kind, text_of(padding), text_of(kernel)))
    end
    return layer.new {
      kind = kind,
      name = o.name,
      text = ("%s(%s%s)"):format(kind, text_of(kernel), extras(stride, kernel, padding)),
      args = { kernel, { stride = stride, padding = padding } },
      forward = function(x, self)
        check_images(self, x, nil, kernel, padding)
        return operator(x, kernel, stride, padding)
      end,
    }
  end
end

--- The largest pixel of each window, channel by channel; NaN if there is one. The first of equals gets the gradient.
--- Shapes: x (batch, channels, h, w) -> y (batch, channels, h', w'), h' = (h + 2 padding - kernel) / stride + 1 rounded down.
--- Options: stride (the kernel); padding (0), at most half the kernel: never the largest; name. kernel, stride and padding are a
--- number or {down, across}.
--- Raises as conv2d does.
--- Example:
---   print(nn.max_pool2d(2)(gr.arange(16):reshape(1, 1, 4, 4)))
---@type fun(kernel: integer|integer[], given?: { stride?: integer|integer[], padding?: integer|integer[], name?: string }): gradus.Layer
conv.max_pool2d = pool("max_pool2d", core.max_pool2d)

--- The mean of each window, channel by channel (LeCun et al. 1998). Zeros of the padding count, as in PyTorch unless told otherwise.
--- Shapes and options: as max_pool2d.
--- Example:
---   print(nn.avg_pool2d(2)(gr.arange(16):reshape(1, 1, 4, 4)))
---@type fun(kernel: integer|integer[], given?: { stride?: integer|integer[], padding?: integer|integer[], name?: string }): gradus.Layer
conv.avg_pool2d = pool("avg_pool2d", core.avg_pool2d)

--- Each sample as one row: (batch, ...) -> (batch, rest), on the same memory. (t:flatten() makes a vector of a whole tensor.)
--- Options: name. Raises, when called, for what is no tensor of at least one axis.
--- Example:
---   print(nn.flatten()(gr.zeros(10, 6, 4, 4)).shape)
---@param given? { name?: string }
---@return gradus.Layer
function conv.flatten(given)
  local o = options.read("flatten", given, { name = options.none })
  local function forward(x, self)
    if not core.is_tensor(x) or #x.shape == 0 then
      sequential.refuse(self, x, "but samples are needed, a tensor whose first axis is the batch")
    end
    return core.reshape(x, #x, -1)
  end
  return layer.new { kind = "flatten", name = o.name, args = {}, forward = forward }
end

return conv

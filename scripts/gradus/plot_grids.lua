--- plot_grids: pictures of cells: images, heat maps, confusion matrices. Its functions are gr.plot's: gr.plot.image and so on.
local core = require "gradus.core"
local metrics = require "gradus.metrics"
local options = require "gradus.options"
local values = require "gradus.plot_values"
local figure = require "gradus.figure"

local grids = {}

-- ---- Images

local function refuse_flat(what, name, t)
  local n = core.size(t, -1)
  local side = math.tointeger(math.sqrt(n))
  local example = side and ("%d, %d"):format(side, side) or "height, width"
  local hint = #t.shape == 1 and (": %s:reshape(%s) makes it one"):format(name, example)
    or (": %s:reshape(%s) makes it one; gr.plot.images shows many"):format(name, example)
  core.raise(
    ("%s: %s must be a matrix height x width, or height x width x 3, got a %s (%s)%s"):format(
      what,
      name,
      #t.shape == 1 and "vector" or "tensor",
      t.shape,
      hint
    )
  )
end

--- Whether a matrix is an image laid out as one row.
local function is_row(t) return #t.shape == 2 and core.size(t, 1) == 1 and core.size(t, 2) > 16 end

local function clamped(v) return v - v == 0 and math.max(0.0, math.min(1.0, v)) or 0.0 end

--- Rows of { r, g, b } in 0..1.
local function colours_of(t)
  local rows = t:detach():totable()
  for _, row in ipairs(rows) do
    for _, pixel in ipairs(row) do
      for k = 1, 3 do
        pixel[k] = clamped(pixel[k])
      end
    end
  end
  return rows
end

--- The least and the greatest of all cells, for a scale; a single value has some room below it.
local function cell_range(what, rows, o)
  local range
  for _, row in ipairs(rows) do
    range = values.range(row, range)
  end
  range = range or { 0, 1 }
  local lo = o.lo ~= nil and values.number(what, "lo", o.lo) or range[1]
  local hi = o.hi ~= nil and values.number(what, "hi", o.hi) or range[2]
  if o.lo ~= nil and o.hi ~= nil and (lo ~= lo or hi ~= hi or lo >= hi) then
    core.raise(("%s: lo must be less than hi, got %s and %s"):format(what, tostring(lo), tostring(hi)))
  end
  return lo, hi
end

--- The layer of cells that shows t: a matrix, or height x width x 3 in 0..1.
local function image_layer(what, name, t, o)
  if core.is_bytes(t) then t = t:tensor() end
  if core.is_tensor(t) then
    local in_colour = #t.shape == 3 and core.size(t, 3) == 3
    if t.size > 0 and not in_colour and (#t.shape ~= 2 or is_row(t)) then refuse_flat(what, name, t) end
    if in_colour and t.size > 0 then return { mark = "cells", value = colours_of(t), colour = "rgb" } end
  end
  local rows = values.matrix(what, name, t)
  local lo, hi = cell_range(what, rows, o)
  return { mark = "cells", value = rows, colour = o.colour, lo = lo, hi = hi }
end

local colours = { "gray", "heat" }

---@class gradus.ImageOptions
---@field colour? string
---@field hi? number
---@field lo? number
---@field scale? any
---@field title? string
---@field xlabel? string
---@field ylabel? string
---@field legend? string[]
---@field xlim? number[]
---@field ylim? number[]
---@field xticks? any[]
---@field yticks? any[]

--- One image: a pixel for each number, row 1 on top.
---
---   gr.plot.image(train.x[1]:reshape(28, 28), { title = "발목 부츠" })
---
--- pixels: a matrix (height x width), dark for its least number and bright for its greatest, as imshow has it with cmap "gray"; or
--- height x width x 3, red, green and blue from 0 to 1. A list of rows will do. Options: title, xlabel, ylabel; lo, hi: the numbers that
--- are black and white; colour ("gray", or "heat"); scale (false): the colours with their numbers beside it.
--- Raises for a vector or a row of pixels, with the reshape that helps, and for unknown options.
--- Example:
---   print(gr.plot.image(gr.data.digits().x[1]:reshape(8, 8), { title = "0" }))
---@param data any          see above
---@param given? gradus.ImageOptions
---@return gradus.Figure
function grids.image(...)
  local what = "plot.image"
  local data, given = values.arguments(...)
  local o = values.options(what, given, { lo = options.none, hi = options.none, colour = "gray", scale = false })
  if data.n ~= 1 then core.raise(("%s: expected one image, got %d arguments"):format(what, data.n)) end
  options.choice(what, "colour", o.colour, colours)
  options.choice(what, "scale", o.scale, { true, false })
  local layer = image_layer(what, "pixels", data[1], o)
  local result = values.figure("image", o, { layer })
  result.equal, result.scale = true, o.scale and layer.colour ~= "rgb" or nil
  return result
end

local most_images = 1000

--- The images in a tensor or a list, each something that image_layer takes.
local function read_images(what, images, size)
  if core.is_bytes(images) then images = images[("1:%d"):format(math.min(#images, most_images + 1))] end
  local tensor = core.is_tensor(images)
  if not tensor and type(images) ~= "table" then
    values.refuse(what, "images", "a tensor or a list of images", images)
  end
  if tensor and #images.shape < 2 then
    values.refuse(what, "images", "n x height x width, or a list of matrices", images)
  end
  if #images == 0 then core.raise(("%s: images is empty: there is nothing to draw"):format(what)) end
  if #images > most_images then
    core.raise(
      ('%s: %d images are too many for one picture; at most %d: images["1:100"]'):format(what, #images, most_images)
    )
  end
  local list = {}
  for i = 1, #images do
    list[i] = images[i]
    if size and core.is_tensor(list[i]) then list[i] = core.reshape(list[i], table.unpack(size)) end
  end
  return list
end

local function read_size(what, size, images)
  if size == nil then return nil end
  local list = values.vector(what, "size", size)
  local pixels = (math.tointeger(list[1]) or 0) * (math.tointeger(list[2]) or 0) * (math.tointeger(list[3] or 1) or 0)
  local has = (core.is_tensor(images) or core.is_bytes(images)) and #images.shape > 1 and images.shape
  local each = has and 1
  for d = 2, has and #has or 0 do
    each = each * has[d]
  end
  if #list < 2 or #list > 3 or pixels < 1 or each and each ~= pixels then
    core.raise(
      ("%s: size must be { height, width } with as many pixels as an image has%s, got { %s }"):format(
        what,
        each and (" (%d)"):format(each) or "",
        table.concat(list, ", ")
      )
    )
  end
  for i, v in ipairs(list) do
    list[i] = math.tointeger(v)
  end
  return list
end

---@class gradus.ImagesOptions
---@field captions? string[]
---@field colour? string
---@field columns? integer
---@field hi? number
---@field lo? number
---@field size? integer[]
---@field title? string
---@field xlabel? string
---@field ylabel? string
---@field legend? string[]
---@field xlim? number[]
---@field ylim? number[]
---@field xticks? any[]
---@field yticks? any[]

--- Many images in a grid, row by row, each with its caption below it.
---
---   gr.plot.images(test.x["1:25"], { size = { 28, 28 }, captions = names, columns = 5 })
---
--- images: n x height x width, n x height x width x 3, n x pixels with size = { height, width }; or a list of matrices, also of
--- different sizes. Each has its own range from black to white unless lo and hi are given. Options: title; captions: a text for each;
--- columns (all in one row up to 5, else a square); size; lo, hi; colour ("gray", or "heat").
--- Raises when captions has another number of texts, for sizes that do not fit, for more than 1000 images, and for unknown options.
--- Example:
---   local digits = gr.data.digits()
---   print(gr.plot.images(digits.x["1:4"], { size = { 8, 8 }, captions = { "0", "1", "2", "3" } }))
---@param data any          see above
---@param given? gradus.ImagesOptions
---@return gradus.Figure
function grids.images(...)
  local what = "plot.images"
  local data, given = values.arguments(...)
  local o = values.options(what, given, {
    captions = options.none,
    columns = options.none,
    size = options.none,
    lo = options.none,
    hi = options.none,
    colour = "gray",
  })
  if data.n ~= 1 then core.raise(("%s: expected the images, got %d arguments"):format(what, data.n)) end
  options.choice(what, "colour", o.colour, colours)
  local list = read_images(what, data[1], read_size(what, o.size, data[1]))
  local captions = values.texts(what, "captions", o.captions, #list, "images") or {}
  local columns = o.columns and options.whole(what, "columns", o.columns, 1)
  local panels = {}
  for i, pixels in ipairs(list) do
    local layer = image_layer(what, ("images[%d]"):format(i), pixels, o)
    panels[i] = figure.new { kind = "image", title = captions[i], equal = true, layers = { layer } }
  end
  local result = values.figure("images", o, {})
  result.panels = panels
  result.columns = math.min(#list, columns or math.max(5, math.ceil(math.sqrt(#list))))
  return result
end

-- ---- Matrices

--- A number in few characters.
local function short(v)
  if v ~= v then return "nan" end
  if v - v ~= 0 then return v > 0 and "inf" or "-inf" end
  if math.tointeger(v) and math.abs(v) < 1e6 then return ("%d"):format(math.tointeger(v)) end
  return (
    ("%.3g")
      :format(v)
      :gsub("e([+-])0*(%d)", function(sign, digits) return "e" .. (sign == "-" and "-" or "") .. digits end)
  )
end

local function cell_texts(rows)
  local texts = {}
  for i, row in ipairs(rows) do
    texts[i] = {}
    for j, v in ipairs(row) do
      texts[i][j] = short(v)
    end
  end
  return texts
end

--- A tick at the middle of each cell.
local function cell_ticks(texts)
  if not texts then return nil end
  local ticks = {}
  for i, text in ipairs(texts) do
    ticks[i] = { i, text }
  end
  return ticks
end

---@class gradus.HeatmapOptions
---@field colour? string
---@field hi? number
---@field lo? number
---@field values? boolean
---@field xlabels? string[]
---@field ylabels? string[]
---@field title? string
---@field xlabel? string
---@field ylabel? string
---@field legend? string[]
---@field xlim? number[]
---@field ylim? number[]
---@field xticks? any[]
---@field yticks? any[]

--- A matrix in colours, pale for its least number and dark for its greatest, row 1 on top.
---
---   gr.plot.heatmap(net.layers[1].w, { xlabels = names, values = true })
---
--- matrix: a tensor or a list of rows. Options: title, xlabel, ylabel; xlabels, ylabels: a text for each column and each row; values: the
--- numbers in their cells (true up to 12 x 12); lo, hi: the numbers at the ends of the colours; colour ("heat", or "gray").
--- Raises when xlabels or ylabels have another number of texts, and for unknown options.
--- Example:
---   print(gr.plot.heatmap({ { 1, 2 }, { 3, 4 } }, { xlabels = { "a", "b" } }))
---@param data any          see above
---@param given? gradus.HeatmapOptions
---@return gradus.Figure
function grids.heatmap(...)
  local what = "plot.heatmap"
  local data, given = values.arguments(...)
  local o = values.options(what, given, {
    xlabels = options.none,
    ylabels = options.none,
    values = options.none,
    lo = options.none,
    hi = options.none,
    colour = "heat",
  })
  if data.n ~= 1 then core.raise(("%s: expected one matrix, got %d arguments"):format(what, data.n)) end
  options.choice(what, "colour", o.colour, colours)
  local rows, most = values.matrix(what, "matrix", data[1]), 12
  local lo, hi = cell_range(what, rows, o)
  local shown = o.values
  if shown == nil then shown = #rows <= most and #rows[1] <= most end
  options.choice(what, "values", shown, { true, false })
  o.xticks = cell_ticks(values.texts(what, "xlabels", o.xlabels, #rows[1], "columns")) or o.xticks
  o.yticks = cell_ticks(values.texts(what, "ylabels", o.ylabels, #rows, "rows")) or o.yticks
  local layer =
    { mark = "cells", value = rows, colour = o.colour, lo = lo, hi = hi, text = shown and cell_texts(rows) or nil }
  local result = values.figure("heatmap", o, { layer })
  result.scale = true
  return result
end

local function class_names(what, classes, count)
  local names = values.texts(what, "classes", classes, count, "classes")
  if names then return names end
  names = {}
  for i = 1, count do
    names[i] = tostring(i - 1)
  end
  return names
end

---@class gradus.ConfusionOptions
---@field classes? any
---@field title? string
---@field xlabel? string
---@field ylabel? string
---@field legend? string[]
---@field xlim? number[]
---@field ylim? number[]
---@field xticks? any[]
---@field yticks? any[]

--- Which classes were taken for which: true classes downwards, predicted ones across, with counts.
---
---   gr.plot.confusion(test.y, net:predict(test.x), { classes = data.classes })
---   gr.plot.confusion(gr.metrics.confusion(y, guess))
---
--- One argument: the counts, a square matrix. Two: true labels and guesses, as gr.metrics.confusion takes them. Options: title, xlabel,
--- ylabel; classes: a name for each class (their numbers).
--- Raises when the matrix is not square, when classes has another number of names, and for unknown options.
--- Example:
---   print(gr.plot.confusion({ 0, 1, 1, 0 }, { 0, 1, 0, 0 }, { classes = { "no", "yes" } }))
---@param data any          see above
---@param given? gradus.ConfusionOptions
---@return gradus.Figure
function grids.confusion(...)
  local what = "plot.confusion"
  local data, given = values.arguments(...)
  local o = values.options(what, given, { classes = options.none })
  local counts = data[1]
  if data.n == 2 then
    local k = type(o.classes) == "table" and #o.classes or nil
    counts = metrics.confusion(data[1], data[2], k)
  elseif data.n ~= 1 then
    core.raise(("%s: expected counts, or true labels and guesses, got %d arguments"):format(what, data.n))
  end
  local rows = values.matrix(what, "counts", counts)
  if #rows ~= #rows[1] then
    core.raise(("%s: counts is %d x %d, but must have a row and a column for each class"):format(what, #rows, #rows[1]))
  end
  local names = class_names(what, o.classes, #rows)
  o.xticks, o.yticks = cell_ticks(names), cell_ticks(names)
  o.xlabel, o.ylabel = o.xlabel or "predicted", o.ylabel or "true"
  local _, hi = cell_range(what, rows, {})
  local layer = { mark = "cells", value = rows, colour = "heat", lo = 0, hi = math.max(hi, 1), text = cell_texts(rows) }
  return values.figure("confusion", o, { layer })
end

return grids

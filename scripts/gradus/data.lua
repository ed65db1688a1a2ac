--- data: data sets, files, and getting data ready.
---
---   local cancer = gr.data.breast_cancer()
---   local train, test = gr.data.split(cancer.x, cancer.y, { test = 0.2, seed = 0 })
---   local xs, ts = gr.data.standardize(train.x, test.x)
local core = require "gradus.core"
local options = require "gradus.options"
local prepare = require "gradus.prepare"
local sets = require "gradus.sets"
local sources = require "gradus.sources"

local data = {}

-- ---- Sets that come with the program

local function embedded(name)
  local file = ("data/%s.csv"):format(name)
  local text = core.file(file) or core.raise(("data: the program lacks %s"):format(file))
  sources.inside(name, text)
  return core.csv_text(text, file)
end

--- The last column is the target.
local function set(name, classes)
  local table_, names = embedded(name)
  local columns = core.size(table_, 2)
  names[columns] = nil
  return {
    x = table_[(":, 1:%d"):format(columns - 1)],
    y = table_[(":, %d"):format(columns)],
    names = names,
    classes = classes,
    about = core.file(("data/%s.txt"):format(name)),
  }
end

--- Ten measurements of 442 patients, and the progress of their diabetes a year later.
--- Options: legacy (false): the bmi column with the digits that older files had; printed course figures need it.
--- Example:
---   local diabetes = data.diabetes()
---   print(diabetes.x.shape, diabetes.names[3], diabetes.y["1:5"])
---@param given? { legacy?: boolean }
---@return { x: any, y: any, names: string[], about: string }
function data.diabetes(given)
  local o = options.read("diabetes", given, { legacy = false })
  local diabetes = set "diabetes"
  if o.legacy then diabetes.x[":, 3"] = embedded("diabetes_bmi_legacy")[":, 1"] end
  return diabetes
end

--- Thirty measurements of 569 tumours: 0 malignant, 1 benign.
--- Example:
---   local cancer = data.breast_cancer()
---   print(cancer.x.shape, cancer.classes[1], cancer.y["1:5"])
function data.breast_cancer(given)
  options.read("breast_cancer", given, {})
  return set("breast_cancer", { "malignant", "benign" })
end

--- Four measurements of 150 irises of three species.
--- Example:
---   local iris = data.iris()
---   print(iris.x.shape, table.concat(iris.classes, " "))
function data.iris(given)
  options.read("iris", given, {})
  return set("iris", { "setosa", "versicolor", "virginica" })
end

--- Thirteen measurements of 178 wines of three growers.
--- Example:
---   local wine = data.wine()
---   print(wine.x.shape, wine.names[1])
function data.wine(given)
  options.read("wine", given, {})
  return set("wine", { "class_0", "class_1", "class_2" })
end

--- 1797 handwritten digits of 8 x 8 pixels, 0..16.
--- Example:
---   local digits = data.digits()
---   print(digits.x[1]:reshape(8, 8), digits.y[1])
function data.digits(given)
  options.read("digits", given, {})
  return set("digits", { "0", "1", "2", "3", "4", "5", "6", "7", "8", "9" })
end

--- A small gray picture to try things on: a lit cup and its shadow on a table, 64 x 64 pixels from 0 (black) to 1 (white).
--- Example:
---   print(data.sample_image().x.shape)
---@return { x: any, about: string }
function data.sample_image(given)
  options.read("sample_image", given, {})
  local file = "data/cup.png"
  local bytes = core.file(file) or core.raise(("data: the program lacks %s"):format(file))
  sources.inside("sample_image", bytes)
  return { x = core.image_text(bytes, file), about = core.file "data/cup.txt" }
end

-- ---- Sets that lie on the machine

--- Pixels as the file holds them, a byte each, for data sets that would fill the memory as numbers. Rows are numbers when they are
--- read, to the bit those that the tensor would hold: x[5], x["1:100"] and x:take(rows) give tensors, and x:tensor() all of it.
--- A net's fit, predict, score and scores take a byte set for x, split keeps it one, kfold and batches know it; x:subset(rows),
--- x:reshape(m, n, ...) and x:to("f32") are byte sets too. There is no arithmetic on it.
---@class gradus.Bytes
---@field shape integer[]
---@field dtype string      type of the tensors that it gives
---@field size integer
---@field scale number      what each byte is divided by

--- The paths of the four files, or an error that says where they were looked for and what to do.
local function find_images(known)
  local folder, paths, missing = sets.find(known)
  if paths then return paths end
  if core.settings.caged then
    core.raise(known.folder .. ": in a cell there are no data sets but those that were given to it")
  end
  if folder then core.raise(("%s: %s has no %s. %s"):format(known.folder, folder, missing, known.advice)) end
  core.raise(
    ("%s: its files are on none of these places: %s. %s"):format(
      known.folder,
      table.concat(sets.folders(known), ", "),
      known.advice
    )
  )
end

local function image_set(known, given)
  local name = known.folder
  local o = options.read(name, given, { scale = 255, bytes = false })
  options.number(name, "scale", o.scale, 1)
  options.choice(name, "bytes", o.bytes, { true, false })
  local images = { train = {}, test = {}, names = {}, about = known.about }
  images.classes = table.move(known.classes, 1, #known.classes, 1, {})
  for i, path in ipairs(find_images(known)) do
    local part, field = known.files[i].part, known.files[i].field
    sources.file(path, sets.title(known, known.files[i]))
    if field == "x" then
      local x = (o.bytes and core.idx_bytes or core.idx)(path, nil, o.scale)
      images[part].x = x:reshape(#x, -1)
    else
      images[part].y = core.idx(path)
    end
  end
  return images
end

--- Fashion-MNIST: 60,000 and 10,000 pictures of clothes, 28 x 28 pixels in a row of 784, with labels 0..9.
--- Options: scale (255): what pixels are divided by; 1 leaves them 0..255; bytes (false): x is a byte set, an eighth of the memory.
--- Example:
---   local clothes = data.fashion_mnist { bytes = true }
---   print(clothes.train.x, clothes.classes[clothes.train.y[1] + 1])
---@param given? { scale?: number, bytes?: boolean }
---@return { train: { x: any, y: any }, test: { x: any, y: any }, classes: string[], about: string }
function data.fashion_mnist(given) return image_set(sets.fashion_mnist, given) end

--- MNIST: 60,000 and 10,000 handwritten digits, 28 x 28 pixels in a row of 784, with labels 0..9.
--- Options: scale (255): what pixels are divided by; 1 leaves them 0..255; bytes (false): x is a byte set, an eighth of the memory.
--- Example:
---   local mnist = data.mnist { bytes = true }
---   print(mnist.train.x, mnist.train.y["1:5"])
---@param given? { scale?: number, bytes?: boolean }
---@return { train: { x: any, y: any }, test: { x: any, y: any }, classes: string[], about: string }
function data.mnist(given) return image_set(sets.mnist, given) end

-- ---- Files

--- Numbers of a CSV file, and its column names (nil without a header).
--- Options: separator (","); header (true, false; found out unless given); dtype.
--- Raises for missing values, words and uneven rows, naming line and column.
--- Example:
---   local path = os.tmpname()
---   local f = io.open(path, "w")
---   f:write("size,price\n50,120\n80,190\n")
---   f:close()
---   local t, names = data.csv(path)
---   print(t, names[2])
---   os.remove(path)
---@param path string
---@param given? { separator?: string, header?: boolean, dtype?: string }
---@return any, string[]?
function data.csv(path, given)
  local o = options.read("csv", given, { separator = ",", header = options.none, dtype = options.none })
  if o.header ~= nil then options.choice("csv", "header", o.header, { true, false }) end
  sources.file(path)
  return core.csv(path, o.separator, o.header, o.dtype)
end

--- An IDX file (MNIST's format), plain or gzipped, in the shape that it states. Pixels come as 0..1 when scale is 255.
--- Options: dtype; scale (1): what each number is divided by; bytes (false): unsigned bytes come as a byte set, of which scale is
--- 255 unless given. dtype and scale may also stand by themselves: gr.data.idx(path, "f32", 255).
--- Example:
---   local path = os.tmpname()
---   local f = io.open(path, "wb")
---   f:write("\0\0\8\2", "\0\0\0\2", "\0\0\0\3", "\0\51\102\153\204\255") -- 2 rows of 3 bytes
---   f:close()
---   print(data.idx(path), data.idx(path, { scale = 255 }))
---   os.remove(path)
---@param path string
---@param dtype? string|{ dtype?: string, scale?: number, bytes?: boolean }
---@param scale? number
---@return any
function data.idx(path, dtype, scale)
  local given = type(dtype) == "table" and dtype or { dtype = dtype, scale = scale }
  local o = options.read("idx", given, { dtype = options.none, scale = options.none, bytes = false })
  if o.scale ~= nil then options.number("idx", "scale", o.scale, 1) end
  options.choice("idx", "bytes", o.bytes, { true, false })
  sources.file(path)
  if o.bytes then return core.idx_bytes(path, o.dtype, o.scale or 255) end
  return core.idx(path, o.dtype, o.scale)
end

--- A picture, PNG, PGM or PPM: a tensor of height x width when it is gray, height x width x 3 (red, green, blue) when coloured.
--- Black is 0 and white is 1, however many bits its file gives a pixel; of what lies between, a byte b is b / 255.
--- Transparency and gamma are left out of account: pixels come as they are stored.
--- Options: scale (255): what bytes are divided by; 1 makes white 255; gray (false): true turns colours into their luminance,
--- (299 red + 587 green + 114 blue) / 1000 (ITU-R BT.601; not rounded to bytes); dtype.
--- Raises for files that end early or are damaged, for other formats, and for more than 2^28 pixels.
--- Example:
---   local path = os.tmpname()
---   local f = io.open(path, "wb")
---   f:write("P5 3 2 255\n", "\0\51\102\153\204\255") -- a gray picture, 2 x 3
---   f:close()
---   print(data.image(path))
---   os.remove(path)
---@param path string
---@param given? { scale?: number, gray?: boolean, dtype?: string }
---@return any
function data.image(path, given)
  local o = options.read("image", given, { scale = 255, gray = false, dtype = options.none })
  options.number("image", "scale", o.scale, 1)
  options.choice("image", "gray", o.gray, { true, false })
  sources.file(path)
  return core.image(path, o.gray, o.scale, o.dtype)
end

--- Writes a picture of 8 bits a sample: height x width or height x width x 3 to a .png, the first also to a .pgm, the second to a
--- .ppm file. An old file stays as it is if that fails.
--- Options: scale (255): what values are multiplied by before they are rounded; 1 takes values from 0 to 255.
--- Raises for values that make no byte, naming the pixel.
--- Example:
---   local path = os.tmpname()
---   data.save_image(path .. ".png", data.sample_image().x)
---   print(data.image(path .. ".png").shape)
---   os.remove(path .. ".png")
---   os.remove(path)
---@param path string
---@param t any
---@param given? { scale?: number }
function data.save_image(path, t, given)
  local o = options.read("save_image", given, { scale = 255 })
  options.number("save_image", "scale", o.scale, 1)
  core.save_image(path, options.tensor("save_image", "t", t), o.scale)
end

--- A NumPy .npy file.
--- Example:
---   local path = os.tmpname()
---   data.save_npy(path, gr.eye(2))
---   print(data.npy(path))
---   os.remove(path)
---@param path string
---@return any
function data.npy(path)
  local t = core.npy(path)
  sources.file(path)
  return t
end

--- Writes a tensor to a NumPy .npy file. An old file stays as it is if that fails.
--- Example:
---   local path = os.tmpname()
---   data.save_npy(path, gr.arange(3)) -- numpy.load reads it
---   print(data.npy(path))
---   os.remove(path)
---@param path string
---@param t any
function data.save_npy(path, t) core.save_npy(path, options.tensor("save_npy", "t", t)) end

--- The arrays of a NumPy .npz file by name, as numpy.savez and savez_compressed write them: gr.data.npz(path).x. Members that are
--- no .npy files are passed over.
--- Raises for whatever is wrong with the file, naming the member: an array of objects or of text is refused.
--- Example:
---   local path = os.tmpname()
---   data.save_npz(path, { x = gr.eye(2), y = gr.tensor { 0, 1 } })
---   print(data.npz(path).y)
---   os.remove(path)
---@param path string
---@return table<string, any>
function data.npz(path)
  local tensors = {}
  for _, one in ipairs(core.npz(path)) do
    tensors[one[1]] = one[2]
  end
  sources.file(path)
  return tensors
end

--- Writes tensors to a NumPy .npz file, { name = tensor }, uncompressed. An old file stays as it is if that fails.
--- Example:
---   local path = os.tmpname()
---   data.save_npz(path, { w = gr.eye(2), b = gr.zeros(2) })
---   print(data.npz(path).b)
---   os.remove(path)
---@param path string
---@param tensors table<string, any>
function data.save_npz(path, tensors) core.save_npz(path, options.named_tensors("save_npz", tensors)) end

--- Writes a matrix, or a vector as one column, to a CSV file, each number with the fewest digits that read back equal.
--- Options: names: of the columns, a header. NaN and infinities are written as nan and inf, which gr.data.csv refuses.
--- An old file stays as it is if that fails.
--- Example:
---   local path = os.tmpname()
---   data.save_csv(path, gr.tensor { { 50, 120 }, { 80, 190 } }, { names = { "size", "price" } })
---   for line in io.lines(path) do
---     print(line)
---   end
---   os.remove(path)
---@param path string
---@param t any
---@param given? { names?: string[] }
function data.save_csv(path, t, given)
  local names = options.read("save_csv", given, { names = options.none }).names
  if names ~= nil and type(names) ~= "table" then
    core.raise(('save_csv: names must be a list like { "size", "price" }, got %s'):format(options.describe(names)))
  end
  core.save_csv(path, options.tensor("save_csv", "t", t), names)
end

--- The tensors of a safetensors file by name (PyTorch's users write such files), and its notes, { key = text }.
--- F64 comes as f64; F32, F16 and BF16 as f32; whole numbers as f64.
--- Raises for whatever is wrong with the file, naming the tensor.
--- Example:
---   local path = os.tmpname()
---   data.save_safetensors(path, { w = gr.eye(2) })
---   print(data.safetensors(path).w)
---   os.remove(path)
---@param path string
---@return table<string, any>, table<string, string>
function data.safetensors(path)
  local tensors = {}
  local list, notes = core.safetensors(path)
  sources.file(path)
  for _, one in ipairs(list) do
    tensors[one[1]] = one[2]
  end
  return tensors, notes
end

--- Writes tensors to a safetensors file, { name = tensor }. An old file stays as it is if that fails.
--- Example:
---   local path = os.tmpname()
---   data.save_safetensors(path, { w = gr.eye(2), b = gr.zeros(2) })
---   print(data.safetensors(path).b)
---   os.remove(path)
---@param path string
---@param tensors table<string, any>
function data.save_safetensors(path, tensors)
  core.save_safetensors(path, options.named_tensors("save_safetensors", tensors))
end

for name, f in pairs(prepare) do
  data[name] = f
end

return options.strict("gr.data", data)

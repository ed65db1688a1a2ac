--- data: data sets, files, and getting data ready.
---
---   local cancer = gr.data.breast_cancer()
---   local train, test = gr.data.split(cancer.x, cancer.y, { test = 0.2, seed = 0 })
---   local xs, ts = gr.data.standardize(train.x, test.x)
local core = require "gradus.core"
local options = require "gradus.options"

local data = {}

-- ---- Sets that come with the program

local function embedded(name)
  local file = ("data/%s.csv"):format(name)
  local text = core.file(file) or core.raise(("data: the program lacks %s"):format(file))
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
---@param given? { legacy?: boolean }
---@return { x: any, y: any, names: string[], about: string }
function data.diabetes(given)
  local o = options.read("diabetes", given, { legacy = false })
  local diabetes = set "diabetes"
  if o.legacy then diabetes.x[":, 3"] = embedded("diabetes_bmi_legacy")[":, 1"] end
  return diabetes
end

--- Thirty measurements of 569 tumours: 0 malignant, 1 benign.
function data.breast_cancer() return set("breast_cancer", { "malignant", "benign" }) end

--- Four measurements of 150 irises of three species.
function data.iris() return set("iris", { "setosa", "versicolor", "virginica" }) end

--- Thirteen measurements of 178 wines of three growers.
function data.wine() return set("wine", { "class_0", "class_1", "class_2" }) end

--- 1797 handwritten digits of 8 x 8 pixels, 0..16.
function data.digits() return set("digits", { "0", "1", "2", "3", "4", "5", "6", "7", "8", "9" }) end

-- ---- Sets that lie on the machine

local fashion_classes = {
  "T-shirt/top",
  "Trouser",
  "Pullover",
  "Dress",
  "Coat",
  "Sandal",
  "Shirt",
  "Sneaker",
  "Bag",
  "Ankle boot",
}

local function exists(path)
  local f = io.open(path, "rb")
  if f then f:close() end
  return f ~= nil
end

local function user_folder()
  local home = os.getenv "XDG_DATA_HOME"
  if not home or home == "" then home = (os.getenv "HOME" or ".") .. "/.local/share" end
  return home .. "/gradus"
end

--- Folders that may hold a set, in the order in which they are tried.
local function folders(name)
  local list = {}
  local own = os.getenv "GRADUS_DATA"
  if own and own ~= "" then
    list[1] = own .. "/" .. name
    list[2] = own
  end
  list[#list + 1] = user_folder() .. "/" .. name
  for _, system in ipairs { "/usr/local/share", "/usr/share" } do
    list[#list + 1] = system .. "/datasets/" .. name
  end
  return list
end

local function find(folder, file)
  for _, ending in ipairs { "", ".gz" } do
    local path = folder .. "/" .. file .. ending
    if exists(path) then return path end
  end
  return nil
end

local idx_files = {
  { "train", "x", "train-images-idx3-ubyte" },
  { "train", "y", "train-labels-idx1-ubyte" },
  { "test", "x", "t10k-images-idx3-ubyte" },
  { "test", "y", "t10k-labels-idx1-ubyte" },
}

--- The paths of the four files, or an error that says where they were looked for and what to do.
local function find_images(name, advice)
  for _, folder in ipairs(folders(name)) do
    if find(folder, idx_files[1][3]) then
      local paths = {}
      for i, file in ipairs(idx_files) do
        paths[i] = find(folder, file[3]) or core.raise(("%s: %s has no %s"):format(name, folder, file[3]))
      end
      return paths
    end
  end
  core.raise(
    ("%s: its files are on none of these places: %s. %s"):format(name, table.concat(folders(name), ", "), advice)
  )
end

local function image_set(name, advice, classes, about, given)
  local o = options.read(name, given, { scale = 255 })
  options.number(name, "scale", o.scale, 1)
  local images = { train = {}, test = {}, classes = classes, names = {}, about = about }
  for i, path in ipairs(find_images(name, advice)) do
    local part, field = idx_files[i][1], idx_files[i][2]
    local t = core.idx(path)
    if field == "x" then
      t = core.reshape(t, core.size(t, 1), -1)
      if o.scale ~= 1 then t:div_(o.scale) end
    end
    images[part][field] = t
  end
  return images
end

--- Fashion-MNIST: 60,000 and 10,000 pictures of clothes, 28 x 28 pixels in a row of 784, with labels 0..9.
--- Options: scale (255): what pixels are divided by; 1 leaves them 0..255.
---@param given? { scale?: number }
---@return { train: { x: any, y: any }, test: { x: any, y: any }, classes: string[], about: string }
function data.fashion_mnist(given)
  return image_set(
    "fashion-mnist",
    "On Debian: apt-get install dataset-fashion-mnist; elsewhere put the four IDX files into "
      .. user_folder()
      .. "/fashion-mnist.",
    fashion_classes,
    "Fashion-MNIST, Zalando Research (Xiao, Rasul, Vollgraf 2017), MIT licence.",
    given
  )
end

--- MNIST: 60,000 and 10,000 handwritten digits, 28 x 28 pixels in a row of 784, with labels 0..9.
--- Options: scale (255): what pixels are divided by; 1 leaves them 0..255.
---@param given? { scale?: number }
---@return { train: { x: any, y: any }, test: { x: any, y: any }, classes: string[], about: string }
function data.mnist(given)
  return image_set(
    "mnist",
    "Put the four IDX files (train-images-idx3-ubyte and so on, .gz or not) into " .. user_folder() .. "/mnist.",
    { "0", "1", "2", "3", "4", "5", "6", "7", "8", "9" },
    "MNIST, LeCun, Cortes, Burges (1998).",
    given
  )
end

-- ---- Files

--- Numbers of a CSV file, and its column names (nil without a header).
--- Options: separator (","); header (true, false; found out unless given); dtype.
--- Raises for missing values, words and uneven rows, naming line and column.
---@param path string
---@param given? { separator?: string, header?: boolean, dtype?: string }
---@return any, string[]?
function data.csv(path, given)
  local o = options.read("csv", given, { separator = ",", header = options.none, dtype = options.none })
  return core.csv(path, o.separator, o.header, o.dtype)
end

--- An IDX file (MNIST's format), plain or gzipped, in the shape that it states.
---@param path string
---@param dtype? string
---@return any
function data.idx(path, dtype) return core.idx(path, dtype) end

--- A NumPy .npy file.
---@param path string
---@return any
function data.npy(path) return core.npy(path) end

-- ---- Getting ready

local function rows_of(what, name, t)
  options.tensor(what, name, t)
  if #t.shape == 0 then core.raise(("%s: %s is one number, it has no rows"):format(what, name)) end
  return #t
end

--- How many rows are for testing: a share is rounded up, as scikit-learn does.
local function test_rows(n, test)
  options.number("split", "test", test, 0)
  local count = test < 1 and math.ceil(test * n) or options.whole("split", "test", test, 1)
  if count < 1 or count >= n then
    core.raise(("split: %d of %d rows for testing leaves nothing on one side"):format(count, n))
  end
  return count
end

--- Splits rows at random into a training and a test part: the very rows of scikit-learn's train_test_split.
--- Options: test (0.2): share below 1, or number of rows; seed (0), scikit-learn's random_state; shuffle (true).
---@param x any
---@param y? any
---@param given? { test?: number, seed?: integer, shuffle?: boolean }
---@return { x: any, y: any }, { x: any, y: any }   training and test part
function data.split(x, y, given)
  if given == nil and type(y) == "table" then
    y, given = nil, y
  end
  local o = options.read("split", given, { test = 0.2, seed = 0, shuffle = true })
  local n = rows_of("split", "x", x)
  if y ~= nil and rows_of("split", "y", y) ~= n then core.raise(("split: x has %d rows but y has %d"):format(n, #y)) end
  local count = test_rows(n, o.test)
  local train, test
  if o.shuffle then
    local order = core.rng(options.whole("split", "seed", o.seed, 0)):permutation(n)
    test, train = order[("1:%d"):format(count)], order[("%d:"):format(count + 1)]
  else
    train, test = core.arange(1, n - count + 1), core.arange(n - count + 1, n + 1)
  end
  return { x = x:take(train), y = y and y:take(train) }, { x = x:take(test), y = y and y:take(test) }
end

--- Applies a scaling that `fit` learns from the first tensor's columns to all of them.
local function scale_all(what, fit, ...)
  local tensors = table.pack(...)
  for i = 1, tensors.n do
    rows_of(what, "argument " .. i, tensors[i])
  end
  if tensors.n == 0 then core.raise(("%s: expected the training data first"):format(what)) end
  local function as_columns(t) return #t.shape == 1 and core.reshape(t, -1, 1) or t end
  local apply = fit(as_columns(tensors[1]))
  for i = 1, tensors.n do
    tensors[i] = core.reshape(apply(as_columns(tensors[i])), tensors[i].shape)
  end
  return table.unpack(tensors, 1, tensors.n)
end

--- Mean and deviation of each column as scikit-learn's StandardScaler computes them: the variance corrected for
--- the rounding of the mean, and columns that do not vary left as they are.
local function standard_scale(x)
  local n, epsilon = #x, x.dtype == "f32" and 2.0 ^ -23 or 2.0 ^ -52
  local mean = core.sum(x, 1) / n
  local centred = x - mean
  local rest = core.sum(centred, 1)
  local var = (core.sum(centred ^ 2, 1) - rest ^ 2 / n) / n
  local constant = core.le(var, var * (n * epsilon) + (mean * (n * epsilon)) ^ 2)
  return mean, core.sqrt(var) * (1 - constant) + constant
end

--- Takes the mean of `train` from each column and divides by its population deviation; the other tensors are
--- scaled by the same numbers. Columns that do not vary are only centred.
---@param train any   (m, n)
---@param ... any     (any, n)
---@return any ...    all of them, scaled
function data.standardize(train, ...)
  return scale_all("standardize", function(x)
    local mean, deviation = standard_scale(x)
    return function(t) return (t - mean) / deviation end
  end, train, ...)
end

--- Maps each column of `train` to 0..1, and the other tensors by the same numbers.
---@param train any
---@param ... any
---@return any ...
function data.minmax(train, ...)
  return scale_all("minmax", function(x)
    local low = core.min(x, 1)
    local range = core.max(x, 1) - low
    local scale = 1 / (range + core.eq(range, 0))
    return function(t) return t * scale - low * scale end
  end, train, ...)
end

--- Labels as rows with a single 1: class c in column c + 1.
---@param y any          labels 0..k-1, a vector
---@param k? integer     number of classes; the largest label and 1 unless given
---@return any           (m, k)
function data.one_hot(y, k)
  y = type(y) == "table" and core.tensor(y) or y
  rows_of("one_hot", "y", y)
  y = core.flatten(y)
  local most = core.max(y)
  k = k and options.whole("one_hot", "k", k, 1) or math.tointeger(most + 1)
  local whole = core.max(core.abs(y - core.to(y + 0, y.dtype))) == 0
  for i = 1, y.size do
    local label = y[i]
    if not whole or not k or label < 0 or label >= k or label % 1 ~= 0 then
      core.raise(
        ("one_hot: label %s at position %d%s: labels are whole numbers and count from 0"):format(
          label,
          i,
          k and (", with %d classes"):format(k) or ""
        )
      )
    end
  end
  return core.take(core.eye(k, y.dtype), y + 1)
end

--- Goes through x and y in batches of `size` rows, in order; the last may be smaller.
---
---   for xb, yb in gr.data.batches(x, y, 100) do ... end
---@param x any
---@param y any
---@param size integer
---@return function
function data.batches(x, y, size)
  local n = rows_of("batches", "x", x)
  options.whole("batches", "size", size, 1)
  if rows_of("batches", "y", y) ~= n then core.raise(("batches: x has %d rows but y has %d"):format(n, #y)) end
  local from = 1
  return function()
    if from > n then return nil end
    local range = ("%d:%d"):format(from, math.min(from + size - 1, n))
    from = from + size
    return x[range], y[range]
  end
end

return data

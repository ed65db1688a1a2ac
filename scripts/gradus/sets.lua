--- sets: the data sets that go by a name: what they hold, where they lie, and how their files are known.
local core = require "gradus.core"

local sets = {}

--- Those inside the program, in the order in which they are listed.
sets.inside = { "diabetes", "breast_cancer", "iris", "wine", "digits" }

--- Those that lie on the machine, or are fetched.
sets.outside = { "mnist", "fashion_mnist" }

-- ---- The four files

--- part and field: where gr.data puts what a file holds; bytes: its size, unpacked.
local four_files = {
  { part = "train", field = "x", name = "train-images-idx3-ubyte", bytes = 16 + 60000 * 28 * 28 },
  { part = "train", field = "y", name = "train-labels-idx1-ubyte", bytes = 8 + 60000 },
  { part = "test", field = "x", name = "t10k-images-idx3-ubyte", bytes = 16 + 10000 * 28 * 28 },
  { part = "test", field = "y", name = "t10k-labels-idx1-ubyte", bytes = 8 + 10000 },
}

--- The files with what is known of each: the SHA-256 of its content, and SHA-256 and size of the .gz that is published.
local function files(known)
  local list = {}
  for i, one in ipairs(four_files) do
    local file = { sha256 = known[i][1], gz_sha256 = known[i][2], gz_bytes = known[i][3] }
    for key, value in pairs(one) do
      file[key] = value
    end
    list[i] = file
  end
  return list
end

--- The published .gz files: TensorFlow Datasets, tensorflow_datasets/url_checksums/mnist.txt. What is compared in the end is the
--- content, so that a mirror which packs anew, or not at all, is as good.
sets.mnist = {
  name = "mnist",
  folder = "mnist",
  title = "handwritten digits, 28 x 28 pixels",
  about = "MNIST, LeCun, Cortes, Burges (1998).",
  classes = { "0", "1", "2", "3", "4", "5", "6", "7", "8", "9" },
  advice = "`gradus data mnist` fetches them.",
  addresses = {
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
  },
  files = files {
    {
      "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
      "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
      9912422,
    },
    {
      "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
      "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
      28881,
    },
    {
      "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
      "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
      1648877,
    },
    {
      "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
      "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
      4542,
    },
  },
}

--- The published .gz files: tensorflow_datasets/url_checksums/fashion_mnist.txt. Debian's package has the same content, packed anew.
sets.fashion_mnist = {
  name = "fashion_mnist",
  folder = "fashion-mnist",
  title = "pictures of clothes, 28 x 28 pixels",
  about = "Fashion-MNIST, Zalando Research (Xiao, Rasul, Vollgraf 2017), MIT licence.",
  classes = {
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
  },
  advice = "`gradus data fashion_mnist` fetches them; on Debian also: apt-get install dataset-fashion-mnist.",
  package = "dataset-fashion-mnist", -- of Debian
  addresses = { "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/" },
  files = files {
    {
      "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
      "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
      26421880,
    },
    {
      "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
      "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
      29515,
    },
    {
      "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
      "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
      4422102,
    },
    {
      "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
      "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
      5148,
    },
  },
}

--- What a record calls one of the files: "mnist train x".
function sets.title(set, file) return ("%s %s %s"):format(set.name, file.part, file.field) end

-- ---- Where they lie

--- In a cell: the names of a set's files by its own, of the sets that were given to it; nil elsewhere.
sets.given = nil

--- The size of the file in bytes; nil where there is none.
---@param path string
---@return integer?
function sets.size(path)
  local f = io.open(path, "rb")
  local bytes = f and f:seek "end"
  if f then f:close() end
  return bytes
end

local function user_folder()
  local home = os.getenv "XDG_DATA_HOME"
  if not home or home == "" then home = (os.getenv "HOME" or ".") .. "/.local/share" end
  return home .. "/gradus"
end

--- Folders that may hold a set, in the order in which they are tried. The first is where it is fetched to.
---@return string[]
function sets.folders(set)
  local list = {}
  local own = os.getenv "GRADUS_DATA"
  if own and own ~= "" then
    list[1] = own .. "/" .. set.folder
    list[2] = own
  end
  list[#list + 1] = user_folder() .. "/" .. set.folder
  -- build/release/gradus: what make fetched lies in build/data. Who says where data lies means that.
  local build = #list == 1 and core.program():match "^(.*/build)/[^/]+/[^/]+$"
  if build then list[#list + 1] = ("%s/data/%s"):format(build, set.folder) end
  for _, system in ipairs { "/usr/local/share", "/usr/share" } do
    list[#list + 1] = system .. "/datasets/" .. set.folder
  end
  return list
end

--- The path of a set's file in the folder, plain or gzipped; nil when it is not there.
function sets.path(folder, file)
  for _, ending in ipairs { "", ".gz" } do
    local path = ("%s/%s%s"):format(folder, file.name, ending)
    if core.is_file(path) then return path end
  end
  return nil
end

--- The paths of all files of a set in the folder; nil and the name of the first that is missing.
---@return string[]?, string?
function sets.paths(set, folder)
  local paths = {}
  for i, file in ipairs(set.files) do
    paths[i] = sets.path(folder, file)
    if not paths[i] then return nil, file.name end
  end
  return paths
end

--- The first folder that holds all files of the set, and their paths. Where there is none: the first that holds one of them, nil,
--- and the name of one that is missing there; or nil.
---@return string?, string[]?, string?
function sets.find(set)
  local incomplete, missing
  if sets.given then return nil, sets.given[set.name] end
  for _, folder in ipairs(sets.folders(set)) do
    local paths, lacks = sets.paths(set, folder)
    if paths then return folder, paths end
    for _, file in ipairs(set.files) do
      if not incomplete and sets.path(folder, file) then
        incomplete, missing = folder, lacks
      end
    end
  end
  return incomplete, nil, missing
end

return sets

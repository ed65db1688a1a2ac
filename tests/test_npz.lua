-- NumPy's .npz files: what NumPy wrote is read, archives that lie are refused, and what is written comes back.
local gr = require "gradus"
local archives = require "archives"
local golden = require "golden.npz"
local files = require "files"
local harness = require "harness"
local data = gr.data

local case = harness.suite "npz"
local same, check, raises = harness.same, harness.check, harness.raises

local file = files.made

local function read(bytes) return files.read(data.npz, bytes) end

--- A case: reading these bytes raises a message with the path and the pattern behind it.
local function refuses(name, bytes, pattern)
  case(name, function() files.refused(data.npz, bytes, pattern) end)
end

-- ---- NumPy's own

for _, kind in ipairs { "stored", "deflated" } do
  case(("what NumPy wrote is read wrongly: %s"):format(kind), function()
    local set = read(golden[kind])
    same(set.arr_0, { { 0.1, -2, 3 }, { 4, 5, 1e300 } })
    same(set.y, { 3, -1 })
    same({ set["a/b"]:item(), set["a/b"].dtype, set.y.dtype }, { 0.5, "f32", "f64" })
    local names = {}
    for name in pairs(set) do
      names[#names + 1] = name
    end
    same(#names, 3)
  end)
end

case("an archive without arrays is refused", function() same(next(read(golden.empty)), nil) end)

-- ---- Archives made by hand (PKWARE, APPNOTE.TXT)

local zip, deflated = archives.zip, archives.deflated

--- A .npy file of a vector.
local function npy(...)
  local dictionary = ("{'descr': '<f8', 'fortran_order': False, 'shape': (%d,), }"):format(select("#", ...))
  local header = dictionary .. (" "):rep(117 - #dictionary) .. "\n"
  return "\x93NUMPY\1\0" .. string.pack("<I2", #header) .. header .. string.pack(("<d"):rep(select("#", ...)), ...)
end

local one = npy(7)

case("an archive made by hand is read wrongly", function()
  same(read(zip { { "x.npy", npy(1, 2) }, { "y.npy", one, method = 8, packed = deflated(one) } }).x, { 1, 2 })
  same(read(zip { { "x.npy", npy(1, 2) }, { "y.npy", one, method = 8, packed = deflated(one) } }).y, { 7 })
  same(read(zip { { "x..y.npy", one } })["x..y"], { 7 })
  same(read(zip { { "\u{D55C}.npy", one, flags = 0x800 } })["\u{D55C}"], { 7 })
  same(read(zip { { "\x81.npy", one } })["\u{FC}"], { 7 }) -- code page 437, as NumPy takes it
end)

case("members that are no arrays are not passed over", function()
  local set = read(zip { { "folder/", "" }, { "x.npy", one }, { "x", "text" }, { "x.npy.txt", "text" } })
  same(set.x, { 7 })
  set.x = nil
  same(next(set), nil)
end)

local function lies(name, member, pattern) refuses(name, zip { member }, pattern) end

refuses("an empty file is read", "", "this is no .npz file")
refuses("text is read", "1,2\n3,4\n", "this is no .npz file")
refuses("a .npy file is taken for an archive", one, "this is no .npz file")
refuses("a cut archive is read", golden.stored:sub(1, -30), "this is no .npz file")
lies("a name that climbs is read", { "../x.npy", one }, "'../x': a name with the part '..' is refused")
lies("a name that climbs inside is read", { "a/../x.npy", one }, "'a/../x': a name with the part '..' is refused")
lies("a name that climbs at its end is read", { "a/...npy", one }, "'a/..': a name with the part '..' is refused")
lies(
  "a name that climbs in other systems is read",
  { "..\\x.npy", one },
  "'..\\x': a name with the part '..' is refused"
)
lies("an array without a name is read", { ".npy", one }, "the name of an array is empty")
lies("a name of two lines is read", { "a\nb.npy", one }, "the name of an array holds characters that control")
refuses(
  "of two arrays of one name one is read",
  zip { { "x.npy", one }, { "x.npy", npy(8) } },
  "the name 'x' stands there twice"
)
lies("a wrong checksum is accepted", { "x.npy", one, crc = 5 }, "x.npy: is damaged %(.*%)")
lies(
  "a stored size that cannot be is believed",
  { "x.npy", one, size = 0xFFFFFFF0 },
  "x.npy: is said to have 4294967280 bytes, which 136 in the archive cannot hold"
)
lies(
  "a deflated size that cannot be is believed",
  { "x.npy", one, method = 8, packed = deflated(one), size = 1000000 },
  "x.npy: is said to have 1000000 bytes, which 141 in the archive cannot hold"
)
lies(
  "more bytes than stated are unpacked",
  { "x.npy", one, method = 8, packed = deflated(one .. ("x"):rep(5000)), size = #one },
  "x.npy: "
)
lies(
  "fewer bytes than stated are accepted",
  { "x.npy", one, method = 8, packed = deflated(one), size = 140 },
  "x.npy: "
)
lies(
  "a damaged stream is read",
  { "x.npy", one, method = 8, packed = "\7" .. deflated(one) },
  "x.npy: is damaged %(.*%)"
)
lies("another method is tried", { "x.npy", one, method = 12 }, "x.npy: is compressed by method 12: stored and deflated")
lies("an encrypted member is read", { "x.npy", one, flags = 1 }, "x.npy: is encrypted")
lies("text is taken for an array", { "x.npy", "text" }, "x.npy: this is no .npy file")
lies(
  "an array that ends early is read",
  { "x.npy", one:sub(1, -2) },
  "x.npy: ends early: 1 takes 8 bytes, and there are 7"
)
lies(
  "Python objects are read",
  { "x.npy", (one:gsub("'<f8'", "'|O' ")) },
  "x.npy: holds Python objects: they are refused, because reading them would run the code in them"
)

--- Entries of the directory that all point to one member: each unpacks the same bytes once more.
case("members that overlap are unpacked", function()
  local many = {}
  for i = 1, 3 do
    many[i] = { ("%d.npy"):format(i), one, method = 8, packed = deflated(one) }
  end
  many[2].compressed, many[3].compressed = 400, 400
  local path = file(zip(many))
  local ok, message = pcall(
    raises,
    "%d.npy: the members are said to have more bytes than the file",
    function() data.npz(path) end
  )
  os.remove(path)
  check(ok, message)
end)

case("what is no file is read as one", function()
  raises("/nowhere/x.npz: No such file or directory", function() data.npz "/nowhere/x.npz" end)
  raises("/tmp: is a folder, not a file", function() data.npz "/tmp" end)
  raises("/dev/null: is a pipe or a device", function() data.npz "/dev/null" end)
  raises("a file name must be a string, got nil", function() data.npz() end)
end)

-- ---- Writing

--- What save_npz leaves in a file, and what npz makes of it.
local function written(tensors)
  local path = os.tmpname()
  local ok, result = pcall(function()
    data.save_npz(path, tensors)
    return data.npz(path)
  end)
  local f = assert(io.open(path, "rb"))
  local bytes = f:read "a"
  f:close()
  os.remove(path)
  check(ok, result)
  return result, bytes
end

case("tensors do not come back", function()
  local t = gr.random.new(1):normal(0, 1, 200, 300)
  local tensors = {
    t = t,
    turned = t:T(),
    ["a/b"] = t["3:7, 2:9"]:to "f32",
    ["\u{D55C}\u{AD6D}"] = gr.tensor { 1, 2 },
    one = gr.tensor(0.1),
    deep = gr.arange(0, 24):reshape(1, 2, 3, 4),
  }
  local back = written(tensors)
  for name, expected in pairs(tensors) do
    check(back[name] == expected and back[name].dtype == expected.dtype, name)
    check(back[name].shape == expected.shape, name)
    back[name] = nil
  end
  same(next(back), nil)
end)

case("a member is not the .npy file that save_npy writes, or is compressed", function()
  local _, bytes = written { x = gr.tensor { 7 } }
  same(bytes:sub(1, 4), "PK\3\4")
  same(select(2, bytes:gsub("x%.npy", "")), 2) -- once with the member, once in the directory
  check(bytes:find(one, 1, true))
end)

case("what cannot be written is, or an old file goes with it", function()
  local path = file "old"
  local t = gr.zeros(2)
  local ok, message = pcall(function()
    raises("save_npz: expected a table { name = tensor }, got a tensor", function() data.save_npz(path, t) end)
    raises('save_npz: expected a table { name = tensor }, got 1 at "x"', function() data.save_npz(path, { x = 1 }) end)
    raises("there are no tensors to write", function() data.save_npz(path, {}) end)
    raises("'../x': a name with the part '..' is refused", function() data.save_npz(path, { ["../x"] = t }) end)
    raises("the name of an array is empty", function() data.save_npz(path, { [""] = t }) end)
    raises("the name of an array holds characters", function() data.save_npz(path, { ["a\nb"] = t }) end)
    raises("could not be written: ", function() data.save_npz(path, { ["a\xFFb"] = t }) end)
    raises(
      "/nowhere/t.npz: could not be written: No such file",
      function() data.save_npz("/nowhere/t.npz", { t = t }) end
    )
    local f <close> = assert(io.open(path, "rb"))
    same(f:read "a", "old")
  end)
  os.remove(path)
  if not ok then error(message, 0) end
end)

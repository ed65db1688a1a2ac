-- Data sets, files that the test writes, splitting, scaling, one-hot rows and batches. Figures of data sets, splits and
-- scalings are scikit-learn 1.2.1's.
local core = require "gradus.core"
local gr = require "gradus"
local files = require "files"
local harness = require "harness"
local data = gr.data

local case = harness.suite "data"
local same, close, check, raises = harness.same, harness.close, harness.check, harness.raises

-- ---- Sets that come with the program

--- sum: x.sum(); target_sum: y.sum(); counts: np.bincount(y).
-- stylua: ignore
local sets = {
  diabetes = {
    rows = 442, columns = 10, sum = 0, targets = { 151, 75, 141, 206, 135 }, target_sum = 67243, names = { "age", "s6" },
    first = { 0.038075906433423026, 0.05068011873981862, 0.061696206518683294, 0.0218723855140367, -0.04422349842444599,
              -0.03482076283769895, -0.04340084565202491, -0.002592261998183278, 0.019907486170462722, -0.01764612515980379 },
  },
  breast_cancer = {
    rows = 569, columns = 30, sum = 1056474.4596356, targets = { 0, 0, 0, 0, 0 }, target_sum = 357, counts = { 212, 357 },
    classes = { "malignant", "benign" }, names = { "mean_radius", "worst_fractal_dimension" },
    first = { 17.99, 10.38, 122.8, 1001.0, 0.1184, 0.2776, 0.3001, 0.1471, 0.2419, 0.07871, 1.095, 0.9053, 8.589, 153.4, 0.006399,
              0.04904, 0.05373, 0.01587, 0.03003, 0.006193, 25.38, 17.33, 184.6, 2019.0, 0.1622, 0.6656, 0.7119, 0.2654, 0.4601,
              0.1189 },
  },
  iris = {
    rows = 150, columns = 4, sum = 2078.7, targets = { 0, 0, 0, 0, 0 }, target_sum = 150, counts = { 50, 50, 50 },
    classes = { "setosa", "versicolor", "virginica" }, names = { "sepal_length_cm", "petal_width_cm" },
    first = { 5.1, 3.5, 1.4, 0.2 },
  },
  wine = {
    rows = 178, columns = 13, sum = 159975.295999, targets = { 0, 0, 0, 0, 0 }, target_sum = 167, counts = { 59, 71, 48 },
    classes = { "class_0", "class_1", "class_2" }, names = { "alcohol", "proline" },
    first = { 14.23, 1.71, 2.43, 15.6, 127.0, 2.8, 3.06, 0.28, 2.29, 5.64, 1.04, 3.92, 1065.0 },
  },
  digits = {
    rows = 1797, columns = 64, sum = 561718, targets = { 0, 1, 2, 3, 4 }, target_sum = 8070,
    counts = { 178, 182, 177, 183, 181, 182, 181, 179, 174, 180 },
    classes = { "0", "1", "2", "3", "4", "5", "6", "7", "8", "9" }, names = { "pixel_0_0", "pixel_7_7" },
    first = { 0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0, 0, 3, 15, 2, 0, 11, 8, 0, 0, 4, 12, 0, 0, 8, 8, 0, 0, 5, 8, 0,
              0, 9, 8, 0, 0, 4, 11, 0, 1, 12, 7, 0, 0, 2, 14, 5, 10, 12, 0, 0, 0, 0, 6, 13, 10, 0, 0, 0 },
  },
}

for name, expected in pairs(sets) do
  case(("%s differs from scikit-learn's"):format(name), function()
    local set = data[name]()
    check(set.x.shape == { expected.rows, expected.columns } and set.y.shape == { expected.rows })
    same(set.x[1], expected.first)
    same(set.y["1:5"], expected.targets)
    close(set.x:sum(), expected.sum, { abs = 1e-9, rel = 1e-12 }) -- another order of adding
    same(set.y:sum(), expected.target_sum)
    same(set.classes, expected.classes)
    for class, count in ipairs(expected.counts or {}) do
      same(set.y:eq(class - 1):sum(), count, "class " .. class - 1)
    end
  end)

  case(("%s has no column names, or no notice of creator, source and terms"):format(name), function()
    local set = data[name]()
    same(#set.names, expected.columns)
    same({ set.names[1], set.names[expected.columns] }, expected.names)
    for _, word in ipairs { "Creator", "Source", "Terms" } do
      check(set.about:find("\n" .. word), word .. " is missing")
    end
  end)
end

case("diabetes in the older digits differs elsewhere than in bmi", function()
  local plain, legacy = data.diabetes(), data.diabetes { legacy = true }
  same(legacy.x["1:2, 3"], { 0.0616962065186885, -0.0514740612388061 })
  check(legacy.x[":, 3"] ~= plain.x[":, 3"])
  close(legacy.x[":, 3"], plain.x[":, 3"], 1e-13) -- the older file has 15 digits
  same(legacy.x[":, 4:10"], plain.x[":, 4:10"])
  same(legacy.y, plain.y)
  raises(
    "diabetes: unknown option 'legcy' %(did you mean 'legacy'%?%); known: legacy",
    function() data.diabetes { legcy = true } end
  )
end)

case("changing a data set changes what the next call gives", function()
  data.iris().x:fill_(0)
  same(data.iris().x[1], { 5.1, 3.5, 1.4, 0.2 })
end)

-- ---- Files

local function file(bytes)
  local path = os.tmpname()
  local f = assert(io.open(path, "wb"))
  f:write(bytes)
  f:close()
  return path
end

--- The path as it may stand in a pattern.
local function quoted(path) return (path:gsub("%p", "%%%0")) end

--- read(path of a file with these bytes, ...), and the file is gone again.
local function from(read, bytes, ...)
  local path = file(bytes)
  local results = table.pack(pcall(read, path, ...))
  os.remove(path)
  check(results[1], results[2])
  return table.unpack(results, 2, results.n)
end

--- A case: reading these bytes raises a message with the path and the pattern behind it.
local function refuses(read, name, bytes, pattern, options)
  case(name, function()
    local path = file(bytes)
    local ok, message = pcall(raises, quoted(path) .. pattern, function() local _ = read(path, options) end)
    os.remove(path)
    if not ok then error(message, 0) end
  end)
end

-- ---- CSV

local function csv(bytes, options) return from(data.csv, bytes, options) end

case("a table is read otherwise than it is written", function()
  local t, names = csv "1,2.5,-3\n4e2,.5,+6.\n"
  same(t, { { 1, 2.5, -3 }, { 400, 0.5, 6 } })
  same(names, nil)
  same(csv "7", { { 7 } })
  same(csv "7\n8", { { 7 }, { 8 } })
end)

case("a header is not found, or not kept", function()
  local t, names = csv "size,price\n1,2\n3,4\n"
  same(t, { { 1, 2 }, { 3, 4 } })
  same(names, { "size", "price" })
  t, names = csv("1,2\n3,4\n", { header = true })
  same({ t:totable(), names }, { { { 3, 4 } }, { "1", "2" } })
  t, names = csv("1,2\n3,4\n", { header = false })
  same({ t:totable(), names }, { { { 1, 2 }, { 3, 4 } } })
end)

case("quotes, spaces, blank lines, a byte-order mark or Windows lines spoil a table", function()
  local t, names = csv '\xef\xbb\xbf"a ""b"", c", d \r\n\r\n "1" , 2\r\n  \r\n3,\t4 \r\n\r\n'
  same(names, { 'a "b", c', "d" })
  same(t, { { 1, 2 }, { 3, 4 } })
  same(csv '"1","2"\n', { { 1, 2 } })
end)

case("another separator or type is not taken", function()
  same(csv("1;2\n3;4", { separator = ";" }), { { 1, 2 }, { 3, 4 } })
  same(csv("a\tb\n3\t4", { separator = "\t" }), { { 3, 4 } })
  local t = csv("0.1,2", { dtype = "f32" })
  same(t.dtype, "f32")
  same(t[1], gr.tensor({ 0.1, 2 }, "f32"))
end)

--- Python's float() of the same text.
case("a number is not rounded to the nearest double", function()
  local texts = {
    ["0.1"] = 0.1,
    ["0.30000000000000004"] = 0.30000000000000004,
    ["123456789012345678"] = 123456789012345680.0,
    ["9007199254740993"] = 9007199254740992.0, -- halfway: to even
    ["9007199254740993.00000000000000000000001"] = 9007199254740994.0,
    ["2.2250738585072014e-308"] = 2.2250738585072014e-308,
    ["4.9e-324"] = 5e-324,
    ["2e-324"] = 0.0,
    ["1.7976931348623157e308"] = 1.7976931348623157e308,
    ["1e-400"] = 0.0,
    ["0.000000000000000000000000000000000000001e39"] = 1.0,
    ["8.41e21"] = 8.41e21,
    ["6.0221407623e23"] = 6.0221407623e23,
  }
  for text, value in pairs(texts) do
    same(csv(text)[1][1], value, text)
    same(csv("-" .. text)[1][1], -value, "-" .. text)
  end
end)

case("a random double does not come back from 17 digits", function()
  local t = gr.random.new(1):normal(0, 1, 100, 3)
  local lines = {}
  for i, row in ipairs(t:totable()) do
    lines[i] = ("%.17g,%.17g,%.17g"):format(row[1], row[2], row[3])
  end
  same(csv(table.concat(lines, "\n")), t)
end)

local function refuses_csv(...) refuses(data.csv, ...) end

refuses_csv(
  "a word among numbers is not refused by line and column",
  "a,b\n1,2\n3,four\n",
  ':3: column 2 %("b"%): "four" is not a number$'
)
refuses_csv(
  "a word without a header is not refused by line and column",
  "1,2\n3,4x\n",
  ':2: column 2: "4x" is not a number$'
)
refuses_csv(
  "a missing value is not refused",
  "a,b\n1,2\n\n3,\n",
  ':4: column 2 %("b"%) is empty: missing values are not allowed$'
)
refuses_csv(
  "a blank in front is no missing value",
  "1,2\n ,4\n",
  ":2: column 1 is empty: missing values are not allowed$"
)
refuses_csv(
  "NA is taken for a number",
  "a,b\n1,NA\n",
  ':2: column 2 %("b"%): "NA" is not a number: missing values are not allowed$'
)
refuses_csv(
  "nan is taken for a number",
  "1,nan\n",
  ':1: column 2: "nan" is not a number: missing values are not allowed$'
)
refuses_csv("inf is taken for a number", "1,inf\n", ':1: column 2: "inf" is not a number$')
refuses_csv("hexadecimal is taken for a number", "1,0x10\n", ':1: column 2: "0x10" is not a number$')
refuses_csv(
  "a decimal comma is taken for two columns of another table",
  "1;2\n3,5;4\n",
  ':2: column 1: "3,5" is not a number$',
  { separator = ";" }
)
refuses_csv("a short row is not refused by its line", "1,2,3\n4,5\n", ":2: 2 fields where line 1 has 3$")
refuses_csv("a long row is not refused by its line", "1\n2\n3,4\n", ":3: 2 fields where line 1 has 1$")
refuses_csv("a row shorter than the header is not refused", "a,b\n1\n", ":2: 1 field where line 1 has 2$")
refuses_csv(
  "an open quote is not refused by where it opens",
  'a,b\n1,"2\n3,4\n',
  ":2: column 2: a quote is opened and never closed$"
)
refuses_csv("text behind a quote is not refused", '1,"2"3\n', ":1: column 2: there is text behind the closing quote$")
refuses_csv(
  "a line within quotes shifts the lines of messages",
  '"a\nb",c\n1,x\n',
  ':3: column 2 %("c"%): "x" is not a number$'
)
refuses_csv("a number too large is taken for infinity", "1,1e999\n", ':1: column 2: "1e999" is too large for f64$')
refuses_csv(
  "a number too large for f32 is taken for infinity",
  "1,1e39\n",
  ':1: column 2: "1e39" is too large for f32$',
  { dtype = "f32" }
)
refuses_csv("an empty file is not refused", "", ": has no rows of numbers$")
refuses_csv("a header without rows is not refused", "a,b\n", ": has no rows of numbers$")
refuses_csv("blank lines alone are not refused", "\n \n\n", ": has no rows of numbers$")
refuses_csv("a file that is no text is not refused", "1,2\n3,\0\n", ": has a zero byte: this is no text file$")
refuses_csv(
  "a long word fills the message",
  ("x"):rep(500) .. ",1\n",
  ':1: column 1: "x+%.%.%." is not a number$',
  { header = false }
)

case("a file that is not there, or a folder, is not refused", function()
  raises("/nowhere/at/all.csv: No such file or directory", function() data.csv "/nowhere/at/all.csv" end)
  raises("/: is a folder, not a file", function() data.csv "/" end)
  raises("a file name must be a string, got nil", function() data.csv() end)
end)

case("options of csv that make no sense are not refused", function()
  raises(
    "csv: unknown option 'seperator' %(did you mean 'separator'%?%); known: dtype header separator",
    function() data.csv("x", { seperator = ";" }) end
  )
  raises("csv: the separator must be one character", function() data.csv("x", { separator = ", " }) end)
  raises("csv: the separator must be one character", function() data.csv("x", { separator = "e" }) end)
  raises("unknown type of number 'f16'", function() data.csv("x", { dtype = "f16" }) end)
end)

-- ---- IDX

local function idx_bytes(type, sizes, numbers)
  local parts = { string.pack(">BBBB", 0, 0, type, #sizes) }
  for _, size in ipairs(sizes) do
    parts[#parts + 1] = string.pack(">I4", size)
  end
  return table.concat(parts) .. numbers
end

case("an IDX file of some type of number is read wrongly", function()
  local types = {
    { 0x08, ">BBBB", { 0, 7, 128, 255 } },
    { 0x09, ">i1i1i1i1", { 0, 7, -128, -1 } },
    { 0x0B, ">i2i2i2i2", { 0, 300, -32768, -2 } },
    { 0x0C, ">i4i4i4i4", { 0, 70000, -2147483648, -3 } },
    { 0x0D, ">ffff", { 0, 0.5, -1.25, 2 ^ 33 } },
    { 0x0E, ">dddd", { 0, 0.1, -1e300, 3 } },
  }
  for _, type in ipairs(types) do
    local bytes = idx_bytes(type[1], { 4 }, string.pack(type[2], table.unpack(type[3])))
    same(from(data.idx, bytes), type[3], ("type 0x%02X"):format(type[1]))
  end
end)

case("an IDX file does not keep its shape, or its bytes are not taken in the wanted type", function()
  local bytes = idx_bytes(8, { 2, 1, 3 }, "\1\2\3\4\5\6")
  same(from(data.idx, bytes), { { { 1, 2, 3 } }, { { 4, 5, 6 } } })
  same(from(data.idx, bytes, "f32").dtype, "f32")
  same(from(data.idx, bytes, "f32"), { { { 1, 2, 3 } }, { { 4, 5, 6 } } })
end)

case("an IDX file that is longer than a lot is read wrongly where lots meet", function()
  local n = 300001
  for _, type in ipairs { { 0x08, ">B", 251 }, { 0x0B, ">i2", 30011 } } do
    local bytes, numbers = {}, {}
    for i = 1, n do
      numbers[i] = i % type[3]
      bytes[i] = string.pack(type[2], numbers[i])
    end
    check(from(data.idx, idx_bytes(type[1], { n }, table.concat(bytes))) == gr.tensor(numbers))
  end
end)

case("numbers of an IDX file are scaled otherwise than by a division", function()
  local all = {}
  for i = 0, 255 do
    all[i + 1] = string.char(i)
  end
  local bytes = idx_bytes(0x08, { 256 }, table.concat(all))
  for _, dtype in ipairs { "f64", "f32" } do
    check(from(data.idx, bytes, dtype, 255) == from(data.idx, bytes, dtype) / 255)
  end
  same(from(data.idx, idx_bytes(0x0D, { 2 }, string.pack(">ff", 0.5, -3)), nil, 4), { 0.125, -0.75 })
  raises("idx: scale must be a number of at least 1, got 0", function() data.idx("x", nil, 0) end)
end)

local function refuses_idx(...) refuses(data.idx, ...) end

refuses_idx("an empty file is taken for IDX", "", ": this is no IDX file$")
refuses_idx("text is taken for IDX", "1,2\n3,4\n", ": this is no IDX file$")
refuses_idx("an unknown type of IDX is read", "\0\0\10\1\0\0\0\1\5", ": this is no IDX file$")
refuses_idx("an IDX file without axes is read", "\0\0\8\0", ": has 0 axes: from 1 to 8 can be read$")
refuses_idx(
  "an IDX file of nine axes is read",
  "\0\0\8\9" .. ("\0\0\0\1"):rep(9) .. "x",
  ": has 9 axes: from 1 to 8 can be read$"
)
refuses_idx("an IDX file that ends in its header is read", "\0\0\8\2\0\0\0\2\0", ": ends within its header$")
refuses_idx(
  "an IDX file that ends early is read",
  idx_bytes(8, { 2, 3 }, "12345"),
  ": ends early: 2 x 3 takes 6 bytes, and there are 5$"
)
refuses_idx(
  "an IDX file that goes on is read",
  idx_bytes(8, { 2, 3 }, "1234567"),
  ": goes on after its end: 2 x 3 takes 6 bytes, and there are 7$"
)
refuses_idx("an IDX file with a size of 0 is read", idx_bytes(8, { 2, 0 }, ""), ": size 2 is 0$")
refuses_idx(
  "a promise of endless sizes is believed",
  idx_bytes(8, { 2 ^ 31 | 0, 2 ^ 31 | 0, 4 }, "x"),
  ": its sizes are more than this machine can address$"
)
refuses_idx(
  "a promise of much memory is believed",
  idx_bytes(8, { 2 ^ 31 | 0, 1000 }, "x"),
  ": ends early: 2147483648 x 1000 takes 2147483648000 bytes, and there are 1$"
)

-- ---- Gzip

local crc32 = files.crc32

--- A gzip file with one stored block (RFC 1951, section 3.2.4).
local function gzip(bytes)
  local block = string.pack("<BI2I2", 1, #bytes, ~#bytes & 0xFFFF) .. bytes
  return "\x1f\x8b\8\0\0\0\0\0\0\3" .. block .. string.pack("<I4I4", crc32(bytes), #bytes)
end

local packed = gzip(idx_bytes(8, { 2, 3 }, "\1\2\3\4\5\6"))

case("a gzipped file is not read as what it holds", function()
  same(from(data.idx, packed), { { 1, 2, 3 }, { 4, 5, 6 } })
  same(from(data.csv, gzip "1,2\n3,4\n"), { { 1, 2 }, { 3, 4 } })
end)

refuses_idx("a gzip file cut in its data is read", packed:sub(1, -12), ": the compressed data ends early$")
refuses_idx("a gzip file cut in its checksum is read", packed:sub(1, -3), ": the compressed data ends early$")
refuses_idx("a gzip file cut in its header is read", packed:sub(1, 12), ": the compressed data ends early$")
refuses_idx(
  "a gzip file with a wrong checksum is read",
  packed:sub(1, -9) .. "\0\0\0\0" .. packed:sub(-4),
  ": the compressed data is damaged %(.*%)$"
)
refuses_idx(
  "a gzip file with a damaged block is read",
  packed:sub(1, 12) .. "\7" .. packed:sub(14),
  ": the compressed data is damaged %(.*%)$"
)
refuses_idx("a gzipped file that is no IDX is read", gzip "1,2\n", ": this is no IDX file$")

-- ---- NPY

--- A .npy file, laid out as numpy.save does.
local function npy_bytes(descr, order, shape, numbers, version)
  local header = ("{'descr': '%s', 'fortran_order': %s, 'shape': %s, }"):format(descr, order, shape)
  local fixed = version == 1 and 10 or 12
  header = header .. (" "):rep(-(fixed + #header + 1) % 64) .. "\n"
  return "\x93NUMPY" .. string.pack(version == 1 and "<BBI2" or "<BBI4", version, 0, #header) .. header .. numbers
end

case("a .npy file of some type of number is read wrongly", function()
  local types = {
    { "<f8", "<ddd", { 0.1, -1e300, 3 }, "f64" },
    { ">f8", ">ddd", { 0.1, -1e300, 3 }, "f64" },
    { "<f4", "<fff", { 0.5, -1.25, 3 }, "f32" },
    { ">f4", ">fff", { 0.5, -1.25, 3 }, "f32" },
    { "|i1", "<i1i1i1", { 1, -128, 127 }, "f64" },
    { "|u1", "<BBB", { 1, 128, 255 }, "f64" },
    { "<i2", "<i2i2i2", { 1, -300, 32767 }, "f64" },
    { ">u2", ">I2I2I2", { 1, 300, 65535 }, "f64" },
    { "<i4", "<i4i4i4", { 1, -70000, 2147483647 }, "f64" },
    { "<u4", "<I4I4I4", { 1, 70000, 4294967295 }, "f64" },
    { "<i8", "<i8i8i8", { 1, -2 ^ 40 | 0, 9007199254740992 }, "f64" },
    { "<u8", "<I8I8I8", { 1, 2, 2 ^ 53 | 0 }, "f64" },
    { "|b1", "<BBB", { 1, 0, 1 }, "f64" },
  }
  for _, type in ipairs(types) do
    local descr, format, numbers, dtype = table.unpack(type)
    local t = from(data.npy, npy_bytes(descr, "False", "(3,)", string.pack(format, table.unpack(numbers)), 1))
    same(t, numbers, descr)
    same(t.dtype, dtype, descr)
  end
end)

case("a .npy file's shape, order or version is read wrongly", function()
  local six = string.pack("<dddddd", 1, 2, 3, 4, 5, 6)
  same(from(data.npy, npy_bytes("<f8", "False", "(2, 3)", six, 1)), { { 1, 2, 3 }, { 4, 5, 6 } })
  same(from(data.npy, npy_bytes("<f8", "True", "(2, 3)", six, 1)), { { 1, 3, 5 }, { 2, 4, 6 } })
  same(from(data.npy, npy_bytes("<f8", "True", "(1, 2, 3)", six, 2)), { { { 1, 3, 5 }, { 2, 4, 6 } } })
  same(from(data.npy, npy_bytes("<f8", "False", "(6, 1)", six, 3)), { { 1 }, { 2 }, { 3 }, { 4 }, { 5 }, { 6 } })
  local one = from(data.npy, npy_bytes("<f8", "False", "()", string.pack("<d", 2.5), 1))
  check(one.shape == {} and one:item() == 2.5)
end)

local function refuses_npy(...) refuses(data.npy, ...) end
local three = string.pack("<ddd", 1, 2, 3)

refuses_npy("text is taken for .npy", "1,2\n3,4\n5,6\n", ": this is no %.npy file$")
refuses_npy("an unknown version is read", "\x93NUMPY\4\0\0\0\0\0", ": is of version 4: versions 1 to 3 can be read$")
refuses_npy(
  "a .npy file cut in its header is read",
  npy_bytes("<f8", "False", "(3,)", "", 1):sub(1, 40),
  ": ends within its header$"
)
refuses_npy(
  "a .npy file that ends early is read",
  npy_bytes("<f8", "False", "(3,)", three:sub(1, 23), 1),
  ": ends early: 3 takes 24 bytes, and there are 23$"
)
refuses_npy(
  "a .npy file that goes on is read",
  npy_bytes("<f8", "False", "(2,)", three, 1),
  ": goes on after its end: 2 takes 16 bytes, and there are 24$"
)
refuses_npy(
  "complex numbers are read",
  npy_bytes("<c16", "False", "(3,)", three, 1),
  ": its numbers are of type '<c16'"
)
refuses_npy(
  "Python objects are read",
  npy_bytes("|O", "False", "(3,)", three, 1),
  ": holds Python objects: they are refused"
)
refuses_npy("a damaged dictionary is read", npy_bytes("<f8", "Maybe", "(3,)", three, 1), ": its header cannot be read")
refuses_npy("a shape without end is read", npy_bytes("<f8", "False", "(3,", three, 1), ": its header cannot be read")
refuses_npy("an empty array is read", npy_bytes("<f8", "False", "(0,)", "", 1), ": size 1 is 0$")
refuses_npy(
  "a shape that overflows is believed",
  npy_bytes("<f8", "False", "(4294967296, 4294967296)", three, 1),
  ": its sizes are more than this machine can address$"
)

-- ---- Splitting

local function rows(t) return t[":, 1"]:totable() end

--- train_test_split(range(1, 13), ...); the rows for testing are those at the beginning of the permutation.
case("a split takes other rows than scikit-learn", function()
  local x = gr.arange(1, 13):reshape(12, 1)
  local y = x:flatten() * 10
  local train, test = data.split(x, y, { test = 0.25, seed = 3 })
  same({ rows(train.x), rows(test.x) }, { { 3, 12, 7, 8, 1, 4, 10, 9, 11 }, { 6, 5, 2 } })
  same({ train.y:totable(), test.y:totable() }, { (train.x[":, 1"] * 10):totable(), { 60, 50, 20 } })
  train, test = data.split(x, y, { test = 5, seed = 1 })
  same({ rows(train.x), rows(test.x) }, { { 7, 1, 8, 12, 10, 9, 6 }, { 3, 4, 5, 11, 2 } })
  train, test = data.split(x, y, { test = 0.25, shuffle = false })
  same({ rows(train.x), rows(test.x) }, { { 1, 2, 3, 4, 5, 6, 7, 8, 9 }, { 10, 11, 12 } })
end)

case("a split without options is not a fifth with seed 0, rounded up", function()
  local x = gr.arange(1, 13):reshape(12, 1)
  local train, test = data.split(x, x)
  same({ rows(train.x), rows(test.x) }, { { 11, 3, 9, 2, 8, 10, 4, 1, 6 }, { 7, 12, 5 } })
end)

case("a split of inputs alone makes targets, or fails", function()
  local train, test = data.split(gr.arange(1, 13), { test = 3 })
  same({ #train.x, #test.x, train.y, test.y }, { 9, 3 })
  same(#data.split(gr.zeros(10, 2)).x, 8)
end)

case("a split that cannot be is not refused", function()
  local x = gr.zeros(10, 2)
  raises("split: x has 10 rows but y has 9", function() data.split(x, gr.zeros(9)) end)
  raises("split: 10 of 10 rows for testing leaves nothing on one side", function() data.split(x, x, { test = 10 }) end)
  raises("split: 0 of 10 rows for testing leaves nothing on one side", function() data.split(x, x, { test = 0 }) end)
  raises(
    "split: test must be a share below 1 or a whole number of rows, got 1.5",
    function() data.split(x, x, { test = 1.5 }) end
  )
  raises("split: test must be a number of at least 0, got %-1", function() data.split(x, x, { test = -1 }) end)
  raises("split: seed must be a whole number of at least 0, got %-1", function() data.split(x, x, { seed = -1 }) end)
  raises("split: x must be a tensor, got a table", function() data.split({ 1, 2 }, x) end)
  raises("split: unknown option 'sed' %(did you mean 'seed'%?%)", function() data.split(x, x, { sed = 1 }) end)
end)

-- ---- Scaling

local train = gr.tensor { { 1, 10, 5, 0.1 }, { 2, 20, 5, 0.1 }, { 4, 35, 5, 0.1 }, { 8, 5, 5, 0.1 } }
local test = gr.tensor { { 3, 0, 6, 0.2 }, { -1, 40, 5, 0.1 } }

--- StandardScaler().fit(train): constant columns, the third and fourth, are centred and left at their size.
case("standardize differs from scikit-learn's", function()
  local a, b = data.standardize(train, test)
  same(a, {
    { -1.025755289064345, -0.6546536707079772, 0.0, 0.0 },
    { -0.6527533657682196, 0.2182178902359924, 0.0, 0.0 },
    { 0.09325048082403138, 1.5275252316519468, 0.0, 0.0 },
    { 1.5852581740085334, -1.091089451179962, 0.0, 0.0 },
  })
  same(
    b,
    { { -0.27975144247209416, -1.5275252316519468, 1.0, 0.1 }, { -1.7717591356565963, 1.9639610121239315, 0.0, 0.0 } }
  )
  same(train[1], { 1, 10, 5, 0.1 }, "the data itself")
end)

--- StandardScaler().fit_transform([[1e9 + 1], [1e9 + 2], [1e9 + 3], [1e9 + 7]])
case("standardize loses the digits of a column with a large mean", function()
  local x = gr.tensor { 1, 2, 3, 7 } + 1e9
  same(data.standardize(x), { -0.9878783399072131, -0.5488212999484517, -0.10976425998969035, 1.6464638998453551 })
end)

case("standardize blows up the rounding of a constant column", function()
  local x = gr.full({ 100, 1 }, 1 / 3)
  check(data.standardize(x):abs():max() < 1e-15)
  check(data.standardize(x:to "f32"):abs():max() < 1e-6)
end)

--- MinMaxScaler().fit(train)
case("minmax differs from scikit-learn's", function()
  local a, b = data.minmax(train, test)
  same(a, {
    { 0.0, 0.16666666666666666, 0.0, 0.0 },
    { 0.14285714285714285, 0.5, 0.0, 0.0 },
    { 0.42857142857142855, 1.0, 0.0, 0.0 },
    { 1.0, 0.0, 0.0, 0.0 },
  })
  same(
    b,
    { { 0.2857142857142857, -0.16666666666666666, 1.0, 0.1 }, { -0.2857142857142857, 1.1666666666666665, 0.0, 0.0 } }
  )
end)

case("scaling of vectors, of f32 or of many tensors changes shape, type or number", function()
  local a, b, c = data.minmax(gr.tensor { 1, 3 }, gr.tensor { 2, 5 }, gr.tensor { 1 })
  same({ a:totable(), b:totable(), c:totable() }, { { 0, 1 }, { 0.5, 2 }, { 0 } })
  same(data.standardize(train:to "f32").dtype, "f32")
  same(select("#", data.standardize(train, test, test)), 3)
end)

case("scaling of what does not fit is not refused", function()
  raises("standardize: argument 2 must be a tensor, got a table", function() data.standardize(train, { 1 }) end)
  raises("standardize: argument 1 must be a tensor, got nil", function() data.standardize() end)
  raises(
    "standardize: tensor 2 has 3 columns where the first has %d",
    function() data.standardize(train, gr.zeros(2, 3)) end
  )
  raises("minmax: tensor 2 has 3 columns", function() data.minmax(train, gr.zeros(2, 3)) end)
end)

-- ---- One-hot rows

case("class c does not stand in column c + 1", function()
  same(data.one_hot { 0, 2, 1 }, { { 1, 0, 0 }, { 0, 0, 1 }, { 0, 1, 0 } })
  same(data.one_hot({ 1 }, 4), { { 0, 1, 0, 0 } })
  same(data.one_hot(gr.tensor { { 1 }, { 0 } }), { { 0, 1 }, { 1, 0 } })
  same(data.one_hot(gr.tensor({ 1, 0 }, "f32")).dtype, "f32")
end)

case("a label that cannot be is not refused by its place", function()
  raises(
    "one_hot: label 3 at position 2, with 3 classes: labels are whole numbers and count from 0",
    function() data.one_hot({ 0, 3 }, 3) end
  )
  raises("one_hot: label %-1 at position 3: labels", function() data.one_hot { 0, 1, -1 } end)
  raises("one_hot: label 1.5 at position 2: labels", function() data.one_hot { 0, 1.5, 2 } end)
  raises("one_hot: label %-?nan at position 3: labels", function() data.one_hot { 0, 1, 0 / 0 } end)
  raises("one_hot: label inf at position 2: labels", function() data.one_hot { 0, math.huge } end)
  raises("one_hot: k must be a whole number of at least 1, got 0", function() data.one_hot({ 0 }, 0) end)
  raises('one_hot: y must be a tensor, got "x"', function() data.one_hot "x" end)
end)

-- ---- Batches

case("batches leave rows out, repeat them or tear pairs apart", function()
  local x = gr.arange(1, 8):reshape(7, 1)
  local seen = {}
  for xb, yb in data.batches(x, x * 2, 3) do
    same(yb, xb * 2)
    seen[#seen + 1] = rows(xb)
  end
  same(seen, { { 1, 2, 3 }, { 4, 5, 6 }, { 7 } })
end)

case("batches that cannot be are not refused", function()
  raises(
    "batches: size must be a whole number of at least 1, got 0",
    function() data.batches(gr.zeros(3), gr.zeros(3), 0) end
  )
  raises("batches: x has 3 rows but y has 2", function() data.batches(gr.zeros(3), gr.zeros(2), 1) end)
end)

-- ---- Sets on the machine

case("Fashion-MNIST's labels are read wrongly", function()
  local path = "/usr/share/datasets/fashion-mnist/t10k-labels-idx1-ubyte.gz"
  local f = io.open(path, "rb")
  if not f then return harness.skip("there is no " .. path) end
  f:close()
  local labels = data.idx(path)
  check(labels.shape == { 10000 })
  same(labels["1:10"], { 9, 2, 1, 1, 6, 1, 4, 6, 5, 7 }) -- the first ten of the published file
  for class = 0, 9 do
    same(labels:eq(class):sum(), 1000)
  end
end)

-- ---- Writing

local function bytes_of(path)
  local f <close> = assert(io.open(path, "rb"))
  return f:read "a"
end

--- What a writer leaves in a file, and what the reader makes of it.
local function written(save, read, ...)
  local path = os.tmpname()
  local results = table.pack(pcall(save, path, ...))
  local bytes = bytes_of(path)
  if results[1] and read then results = table.pack(pcall(read, path)) end
  os.remove(path)
  check(results[1], results[2])
  return bytes, table.unpack(results, 2, results.n)
end

--- np.save(f, np.array([[1., -2.], [3., 4.], [5., 6.]])), up to the numbers.
case("a .npy file differs from NumPy's", function()
  local t = gr.tensor { { 1, -2 }, { 3, 4 }, { 5, 6 } }
  local dictionary = "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }"
  local expected = "\x93NUMPY\1\0\x76\0" .. dictionary .. (" "):rep(117 - #dictionary) .. "\n"
  same(written(data.save_npy, nil, t), expected .. string.pack("<dddddd", 1, -2, 3, 4, 5, 6))
end)

case("a tensor does not come back from .npy", function()
  for _, sizes in ipairs { { 1 }, { 7 }, { 2, 3 }, { 2, 1, 3, 1, 2, 1, 1, 2 }, { 100, 100 } } do
    for _, dtype in ipairs { "f64", "f32" } do
      local t = gr.random.new(1):normal(0, 1, sizes):to(dtype)
      local _, back = written(data.save_npy, data.npy, t)
      same(back, t)
      same(back.dtype, dtype)
    end
  end
  local _, one = written(data.save_npy, data.npy, gr.tensor(0.1))
  same({ one:item(), #one.shape }, { 0.1, 0 })
  local t = gr.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
  same(select(2, written(data.save_npy, data.npy, t:T())), t:T():totable())
end)

case("bytes packed in memory are not those of the file", function()
  local w, b = gr.random.new(1):normal(0, 1, 300, 50), gr.tensor({ 1, 2 }, "f32")
  same(core.packed_npy(w), (written(data.save_npy, nil, w)))
  local list, notes = { { "b", b }, { "w", w } }, { about = "tést" }
  same(core.packed_safetensors(list, notes), (written(core.save_safetensors, nil, list, notes)))
  raises("'b' must be a tensor, got 1", function() core.packed_safetensors { { "b", 1 } } end)
end)

case("a CSV file has more digits than needed, or fewer", function()
  local t = gr.tensor { { 1, 0.1 }, { -0.0, 1e300 }, { 5e-324, 0.1 + 0.2 }, { 1e16, 123456789 } }
  same(written(data.save_csv, nil, t), "1,0.1\n-0,1e+300\n5e-324,0.30000000000000004\n1e+16,123456789\n")
  same(written(data.save_csv, nil, gr.tensor({ 0.1, 16777216 }, "f32")), "0.1\n16777216\n")
  same(written(data.save_csv, nil, gr.tensor { 0 / 0, math.huge, -math.huge }), "nan\ninf\n-inf\n")
  local many = gr.random.new(2):normal(0, 1, 200, 5)
  same(select(2, written(data.save_csv, data.csv, many)), many)
end)

case("names of columns do not come back", function()
  local names = { "size", 'a "b", c', "x y", "line\nend", "" }
  local bytes, t, back = written(data.save_csv, data.csv, gr.tensor { { 1, 2, 3, 4, 5 } }, { names = names })
  same(bytes, 'size,"a ""b"", c",x y,"line\nend",""\n1,2,3,4,5\n')
  same(t, { { 1, 2, 3, 4, 5 } })
  same(back, names)
end)

case("what cannot be written is, or an old file goes with it", function()
  local path = file "old"
  local ok, message = pcall(function()
    raises("save_npy: t must be a tensor, got a table", function() data.save_npy(path, { 1 }) end)
    raises("save_csv: t must be a tensor, got 1", function() data.save_csv(path, 1) end)
    raises(
      ": a tensor of 2 x 3 x 4 cannot be written: a CSV file has rows and columns only",
      function() data.save_csv(path, gr.zeros(2, 3, 4)) end
    )
    raises(
      ": 1 names for 2 columns %(the tensor is 3 x 2%)",
      function() data.save_csv(path, gr.zeros(3, 2), { names = { "a" } }) end
    )
    raises(
      "a column's name must be a string without zero bytes, got 1",
      function() data.save_csv(path, gr.zeros(3), { names = { 1 } }) end
    )
    raises(
      'save_csv: names must be a list like .*, got "a"',
      function() data.save_csv(path, gr.zeros(3), { names = "a" }) end
    )
    raises(
      "save_csv: unknown option 'name' %(did you mean 'names'%?%)",
      function() data.save_csv(path, gr.zeros(3), { name = {} }) end
    )
    raises(
      "/nowhere/t.npy: could not be written: No such file",
      function() data.save_npy("/nowhere/t.npy", gr.zeros(2)) end
    )
    same(bytes_of(path), "old")
  end)
  os.remove(path)
  if not ok then error(message, 0) end
end)

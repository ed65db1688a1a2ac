-- Pictures: PNG files of every kind, made here byte by byte, and PGM and PPM files are read; damage is refused; what is written
-- comes back.
local gr = require "gradus"
local files = require "files"
local harness = require "harness"
local data = gr.data

local case = harness.suite "image"
local same, close, check, raises = harness.same, harness.close, harness.check, harness.raises

local file = files.made

local function read(bytes, given) return files.read(data.image, bytes, given) end

--- A case: reading these bytes raises a message with the path and the pattern behind it.
local function refuses(name, bytes, pattern)
  case(name, function() files.refused(data.image, bytes, pattern) end)
end

-- ---- PNG files made by hand (ISO/IEC 15948)

local crc32 = files.crc32

local function adler32(bytes)
  local a, b = 1, 0
  for i = 1, #bytes do
    a = (a + bytes:byte(i)) % 65521
    b = (b + a) % 65521
  end
  return b << 16 | a
end

local function chunk(kind, body)
  return string.pack(">I4", #body) .. kind .. body .. string.pack(">I4", crc32(kind .. body))
end

--- The bytes as a zlib stream of one stored block.
local function zlib(bytes)
  return "\x78\x01" .. string.pack("<BI2I2", 1, #bytes, ~#bytes & 0xFFFF) .. bytes .. string.pack(">I4", adler32(bytes))
end

--- A PNG file: p.rows are strings of packed samples without their filter bytes; for an interlaced one, those of its passes.
local function png(p)
  local parts = { "\x89PNG\r\n\x1a\n" }
  local interlaced = p.interlaced and 1 or 0
  parts[#parts + 1] = chunk("IHDR", string.pack(">I4I4BBBBB", p.width, p.height, p.depth, p.type, 0, 0, interlaced))
  for _, extra in ipairs(p.extra or {}) do
    parts[#parts + 1] = chunk(table.unpack(extra))
  end
  local rows = "\0" .. table.concat(p.rows, "\0")
  return table.concat(parts) .. chunk("IDAT", zlib(rows)) .. chunk("IEND", "")
end

local GRAY, RGB, PALETTE, GRAY_ALPHA, RGBA = 0, 2, 3, 4, 6
local palette = { "PLTE", "\0\0\0\xFF\0\0\0\x80\0\xFF\xFF\xFF" } -- black, red, green, white

--- Each is 2 rows of 3 pixels; x in bytes of 0..255.
-- stylua: ignore
local kinds = {
  { "gray of 1 bit", depth = 1, type = GRAY, rows = { "\xA0", "\x40" }, x = { { 255, 0, 255 }, { 0, 255, 0 } } },
  { "gray of 2 bits", depth = 2, type = GRAY, rows = { "\x1B", "\xE4" }, x = { { 0, 85, 170 }, { 255, 170, 85 } } },
  { "gray of 4 bits", depth = 4, type = GRAY, rows = { "\x01\xF0", "\x8A\x20" }, x = { { 0, 17, 255 }, { 136, 170, 34 } } },
  { "gray of 8 bits", depth = 8, type = GRAY, rows = { "\0\1\2", "\x80\xFE\xFF" }, x = { { 0, 1, 2 }, { 128, 254, 255 } } },
  { "gray of 16 bits", depth = 16, type = GRAY, rows = { "\0\0\1\1\xFF\xFF", "\0\1\1\0\x80\0" },
    x = { { 0, 1, 255 }, { 1 / 257, 256 / 257, 32768 / 257 } } },
  { "gray with a transparent shade", depth = 8, type = GRAY, extra = { { "tRNS", "\0\1" } }, rows = { "\0\1\2", "\3\4\5" },
    x = { { 0, 1, 2 }, { 3, 4, 5 } } },
  { "gray with alpha", depth = 8, type = GRAY_ALPHA, rows = { "\1\0\2\x80\3\xFF", "\4\0\5\0\6\0" },
    x = { { 1, 2, 3 }, { 4, 5, 6 } } },
  { "gray of 16 bits with alpha", depth = 16, type = GRAY_ALPHA, rows = { "\1\1\0\0\2\2\0\0\3\3\0\0", "\4\4\0\0\5\5\0\0\6\6\0\0" },
    x = { { 1, 2, 3 }, { 4, 5, 6 } } },
  { "gray with a gamma", depth = 8, type = GRAY, extra = { { "gAMA", "\0\0\xB1\x8F" } }, rows = { "\1\2\3", "\4\5\6" },
    x = { { 1, 2, 3 }, { 4, 5, 6 } } },
  { "colours of 8 bits", depth = 8, type = RGB, rows = { "\1\2\3\4\5\6\7\8\9", "\xFF\xFE\xFD\0\0\0\xFF\xFF\xFF" },
    x = { { { 1, 2, 3 }, { 4, 5, 6 }, { 7, 8, 9 } }, { { 255, 254, 253 }, { 0, 0, 0 }, { 255, 255, 255 } } } },
  { "colours of 16 bits", depth = 16, type = RGB, rows = { ("\1\1\2\2\3\3"):rep(3), ("\xFF\xFF\0\0\0\1"):rep(3) },
    x = { { { 1, 2, 3 }, { 1, 2, 3 }, { 1, 2, 3 } }, { { 255, 0, 1 / 257 }, { 255, 0, 1 / 257 }, { 255, 0, 1 / 257 } } } },
  { "colours with alpha", depth = 8, type = RGBA, rows = { ("\1\2\3\0"):rep(3), ("\4\5\6\x80"):rep(3) },
    x = { { { 1, 2, 3 }, { 1, 2, 3 }, { 1, 2, 3 } }, { { 4, 5, 6 }, { 4, 5, 6 }, { 4, 5, 6 } } } },
  { "a palette of 2 bits", depth = 2, type = PALETTE, extra = { palette }, rows = { "\x18", "\xC0" },
    x = { { { 0, 0, 0 }, { 255, 0, 0 }, { 0, 128, 0 } }, { { 255, 255, 255 }, { 0, 0, 0 }, { 0, 0, 0 } } } },
  { "a palette of 8 bits with transparency", depth = 8, type = PALETTE, extra = { palette, { "tRNS", "\0\x80" } },
    rows = { "\0\1\2", "\3\3\1" },
    x = { { { 0, 0, 0 }, { 255, 0, 0 }, { 0, 128, 0 } }, { { 255, 255, 255 }, { 255, 255, 255 }, { 255, 0, 0 } } } },
  -- Adam7 of 3 x 2: pass 1 has pixel (1, 1), pass 4 (1, 3), pass 6 (1, 2), pass 7 row 2.
  { "an interlaced one", depth = 8, type = GRAY, interlaced = true, rows = { "\1", "\3", "\2", "\4\5\6" },
    x = { { 1, 2, 3 }, { 4, 5, 6 } } },
}

for _, kind in ipairs(kinds) do
  kind.width, kind.height = 3, 2
  case(("a PNG file is read wrongly: %s"):format(kind[1]), function()
    local x = read(png(kind), { scale = 1 })
    same(x, gr.tensor(kind.x))
    same(read(png(kind), { scale = 1, gray = true }).shape == { 2, 3 }, true)
    close(read(png(kind)), gr.tensor(kind.x) / 255, 1e-15) -- 16 bits are divided by 65535, once
    same(x.dtype, "f64")
  end)
end

case("white is not 1, or a byte not byte / 255, whatever its bits", function()
  for _, kind in ipairs { kinds[1], kinds[2], kinds[3], kinds[4], kinds[5], kinds[10] } do
    same(read(png(kind)):max(), 1, kind[1])
    same(read(png(kind)):min(), 0, kind[1])
  end
  same(read(png(kinds[4]))[1], { 0, 1 / 255, 2 / 255 })
  same(read(png(kinds[5]))[2], { 1 / 65535, 256 / 65535, 32768 / 65535 })
end)

case("colours get another luminance than ITU-R BT.601's", function()
  local gray = read(png(kinds[10]), { gray = true, scale = 1 })
  same(
    gray[1],
    { (299 + 587 * 2 + 114 * 3) / 1000, (299 * 4 + 587 * 5 + 114 * 6) / 1000, (299 * 7 + 587 * 8 + 114 * 9) / 1000 }
  )
  same(gray[2], { (299 * 255 + 587 * 254 + 114 * 253) / 1000, 0, 255 })
  same(read(png(kinds[10]), { gray = true })[{ 2, 3 }], 1)
  same(read(png(kinds[4]), { gray = true }), read(png(kinds[4])))
end)

case("the type that is asked for does not come", function()
  local x = read(png(kinds[4]), { dtype = "f32" })
  same(x.dtype, "f32")
  same(x, (gr.tensor(kinds[4].x, "f32") / 255))
end)

case("text and other notes in a PNG file hide the picture", function()
  local extra = { { "tEXt", "Title\0cup" }, { "tIME", "\x07\xE9\1\1\0\0\0" }, { "abCd", "unknown" } }
  same(
    read(
      png { width = 3, height = 2, depth = 8, type = GRAY, extra = extra, rows = { "\1\2\3", "\4\5\6" } },
      { scale = 1 }
    )[2],
    { 4, 5, 6 }
  )
end)

-- ---- PNG files that lie

refuses(
  "a PNG file that promises more than it holds is believed",
  png { width = 16384, height = 16384, depth = 8, type = GRAY, rows = { "\0" } },
  "is said to be 16384 x 16384 pixels, which the %d+ bytes of the file cannot hold"
)
refuses(
  "a PNG file with too few rows is read",
  png { width = 3, height = 3, depth = 8, type = GRAY, rows = { "\1\2\3" } },
  "this PNG file cannot be read %(.+%)"
)
refuses(
  "a PNG file without a palette is read",
  png { width = 3, height = 1, depth = 8, type = PALETTE, rows = { "\1\2\3" } },
  "this PNG file cannot be read %(.*PLTE.*%)"
)
refuses(
  "a PNG file of depth 3 is read",
  png { width = 3, height = 1, depth = 3, type = GRAY, rows = { "\1\2" } },
  "this PNG file cannot be read %(.*IHDR.*%)"
)
refuses(
  "a PNG file of width 0 is read",
  png { width = 0, height = 1, depth = 8, type = GRAY, rows = { "" } },
  "this PNG file cannot be read %(.*IHDR.*%)"
)
refuses(
  "a wrong checksum goes unseen",
  png(kinds[4]):sub(1, -17) .. "\0\0\0\0" .. png(kinds[4]):sub(-12),
  "this PNG file cannot be read %(.*CRC.*%)"
)
refuses("a file without an end is read", (png(kinds[4]):sub(1, -13)), "this PNG file cannot be read %(it ends early%)")

--- Every beginning of these bytes is refused, and every damaged byte is refused or read: the sanitizers see all else.
local function survives(name, bytes)
  local path = os.tmpname()
  local function try(content)
    local f = assert(io.open(path, "wb"))
    f:write(content)
    f:close()
    return pcall(data.image, path)
  end
  for n = 0, #bytes - 1 do
    if try(bytes:sub(1, n)) then
      os.remove(path)
      error(("%s: %d of %d bytes are read as a picture"):format(name, n, #bytes), 0)
    end
  end
  for i = 1, #bytes do
    for _, change in ipairs { 0x01, 0x08, 0x20, 0x80, 0xFF } do
      try(bytes:sub(1, i - 1) .. string.char(bytes:byte(i) ~ change) .. bytes:sub(i + 1))
    end
  end
  local whole = try(bytes)
  os.remove(path)
  check(whole, name .. ": the whole is refused")
end

case("a damaged PNG file does harm", function()
  for _, kind in ipairs(kinds) do
    survives(kind[1], png(kind))
  end
end)

-- ---- PGM and PPM

-- stylua: ignore
local maps = {
  { "P2", "P2\n3 2\n255\n0 1 2\n128 254 255\n", x = { { 0, 1, 2 }, { 128, 254, 255 } } },
  { "P2 with comments, and no line end at the end", "P2 # plain\n#a\n3# width\n\t2 # height\n255\n0 1 2 # row\n128\r\n254 255",
    x = { { 0, 1, 2 }, { 128, 254, 255 } } },
  { "P2 of white 15", "P2 2 1 15 15 3", x = { { 255, 51 } } },
  { "P2 of white 65535", "P2 2 1 65535 65535 257", x = { { 255, 1 } } },
  { "P3", "P3 1 2 255 1 2 3 4 5 6", x = { { { 1, 2, 3 } }, { { 4, 5, 6 } } } },
  { "P5", "P5\n3 1\n255\n\n \xFF", x = { { 10, 32, 255 } } },
  { "P5 with a comment behind white", "P5 3 1 255# white\nabc", x = { { 97, 98, 99 } } },
  { "P5 of 16 bits", "P5 2 1 65535 \1\1\xFF\xFF", x = { { 1, 255 } } },
  { "P5 of white 300", "P5 2 1 300 \0\0\1\x2C", x = { { 0, 255 } } },
  { "P5, and another behind it", "P5 1 1 255 aP5 1 1 255 b", x = { { 97 } } },
  { "P6", "P6 2 1 255 abcABC", x = { { { 97, 98, 99 }, { 65, 66, 67 } } } },
  { "P6 of 16 bits", "P6 1 1 65535 \1\1\2\2\xFF\xFF", x = { { { 1, 2, 255 } } } },
}

for _, map in ipairs(maps) do
  case(("a Netpbm file is read wrongly: %s"):format(map[1]), function()
    close(read(map[2], { scale = 1 }), gr.tensor(map.x), 1e-15) -- sample / (white / 255)
    close(read(map[2]), gr.tensor(map.x) / 255, 1e-15)
  end)
end

case("white of 100 or 15 levels is not exactly 1", function()
  for white = 1, 300 do
    same(read(("P2 1 1 %d %d"):format(white, white)):item(), 1)
  end
end)

case("a damaged Netpbm file does harm", function()
  survives("P2", "P2 #\n3 2\n15\n0 1 2\n12 14 5")
  survives("P3", "P3 1 1 255 1 2 3")
  survives("P5", "P5\n3 2\n255\nabcdef")
  survives("P6", "P6 1 1 65535 abcdef")
end)

refuses(
  "P5 that ends early is read",
  "P5 3 2 255 abcde",
  "ends early: 2 x 3 pixels take at least 6 bytes, and there are 5"
)
refuses(
  "P2 that promises more than it holds is believed",
  "P2 30000 30000 255 1 2 3",
  "ends early: 30000 x 30000 pixels take"
)
refuses("P2 of too large sizes is believed", "P2 99999999999999999999 1 255 1", "the width is larger than")
refuses("P2 of height 0 is read", "P2 3 0 255 ", "is 0 x 3: a picture has at least one pixel")
refuses("P2 with a sample above white is read", "P2 2 1 15 3 16", "sample 2 is larger than 15")
refuses("P5 with a sample above white is read", "P5 2 1 15 \1\x10", "sample 2 is 16, but white is 15")
refuses("white of 0 is taken", "P2 1 1 0 0", "the value of white is 0: it should be from 1 to 65535")
refuses("white above 65535 is taken", "P2 1 1 65536 0", "the value of white is larger than 65535")
refuses("P2 with a word in it is read", "P2 2 1 255 1 x", "sample 2 should be a whole number, but there is byte 0x78")
refuses("P2 with a negative number is read", "P2 2 1 255 -1 2", "sample 1 should be a whole number")
refuses("P5 without a space behind white is read", "P5 1 1 255", "a space or a new line should follow")

-- ---- Other files

refuses("an empty file is read", "", "is empty: pictures in PNG, PGM and PPM can be read")
refuses("a JPEG file is not named", "\xFF\xD8\xFF\xE0", "is a JPEG file: pictures in PNG, PGM and PPM can be read")
refuses("a bitmap is not named", "P4 8 1 a", "is a PBM file")
refuses("text is taken for a picture", "hello", "is something else")

case("a file that is not there, or a folder, gets another message", function()
  raises("/nowhere/a%.png: No such file", function() data.image "/nowhere/a.png" end)
  raises("/tmp: is a folder", function() data.image "/tmp" end)
end)

case("wrong options are taken", function()
  raises(
    "image: unknown option 'grey' %(did you mean 'gray'%?%); known: dtype gray scale",
    function() data.image("a.png", { grey = true }) end
  )
  raises("image: scale must be a number of at least 1, got 0", function() data.image("a.png", { scale = 0 }) end)
  raises("image: gray must be one of true, false, got 1", function() data.image("a.png", { gray = 1 }) end)
  raises("a file name must be a string, got nil", function() data.image() end)
end)

-- ---- Writing

local function saved(t, ending, given, reading)
  local path = file("", ending)
  local ok, result = pcall(data.save_image, path, t, given)
  if ok then result = data.image(path, reading) end
  os.remove(path)
  return ok and result or error(result, 0)
end

case("what is written does not come back", function()
  local gray = gr.arange(0, 256):reshape(8, 32)
  local colours = gr.arange(0, 255):reshape(5, 17, 3)
  for _, one in ipairs { { gray, ".png" }, { gray, ".pgm" }, { colours, ".png" }, { colours, ".ppm" } } do
    local t, ending = one[1], one[2]
    same(saved(t, ending, { scale = 1 }, { scale = 1 }), t, ending)
    same(saved(t / 255, ending), t / 255, ending)
    same(saved((t / 255):to "f32", ending, nil, { dtype = "f32" }), (t / 255):to "f32", ending)
  end
end)

case("values are not rounded to the nearest byte", function()
  same(
    saved(gr.tensor { { -0.4, 0.4, 0.5, 254.6, 255.4 } }, ".png", { scale = 1 }, { scale = 1 }),
    { { 0, 0, 1, 255, 255 } }
  )
  same(saved(gr.tensor { { 0.5, 1 } }, ".pgm", nil, { scale = 1 }), { { 128, 255 } })
end)

case("what is no picture is written, or destroys an old file", function()
  local path = file("old", ".png")
  local function refused(pattern, t, given)
    raises(pattern, function() data.save_image(path, t, given) end)
  end
  refused(
    "the pixel in row 2, column 1 is 1.5, outside 0 to 1: clip%(0, 1%) cuts it off; scale = 1 takes",
    gr.tensor { { 0, 1 }, { 1.5, 1 } }
  )
  refused(
    "row 1, column 2 is 300, outside 0 to 255: clip%(0, 255%) cuts it off$",
    gr.tensor { { 0, 300 } },
    { scale = 1 }
  )
  refused("row 1, column 2 is %-?nan", gr.tensor { { 0, 0 / 0 } })
  refused("got a tensor of 784: reshape it first", gr.zeros(784))
  refused("got a tensor of 2 x 2 x 4", gr.zeros(2, 2, 4))
  refused("save_image: t must be a tensor, got a table", { { 1 } })
  refused("save_image: scale must be a number", gr.zeros(2, 2), { scale = "1" })
  local f = assert(io.open(path, "rb"))
  local content = f:read "a"
  f:close()
  os.remove(path)
  same(content, "old")
end)

case("the ending of a name does not choose the format", function()
  raises("the name of a picture ends in %.png, %.pgm or %.ppm", function() data.save_image("a.jpg", gr.zeros(2, 2)) end)
  raises(
    "coloured ones %(height x width x 3%) to %.ppm: this one is gray",
    function() data.save_image("a.ppm", gr.zeros(2, 2)) end
  )
  raises("this one is coloured", function() data.save_image("a.pgm", gr.zeros(2, 2, 3)) end)
  raises("/nowhere/a%.png: could not be written", function() data.save_image("/nowhere/a.png", gr.zeros(2, 2)) end)
end)

-- ---- The picture inside the program

case("the sample picture is no gray picture from 0 to 1 with a notice", function()
  local picture = data.sample_image()
  check(picture.x.shape == { 64, 64 })
  check(picture.x:min() >= 0 and picture.x:max() <= 1 and picture.x:std() > 0.1)
  for _, word in ipairs { "Creator", "Source", "Terms" } do
    check(picture.about:find("\n" .. word), word .. " is missing")
  end
  raises("sample_image: unknown option 'size'", function() data.sample_image { size = 2 } end)
end)

-- What is a picture to a computer?  Numbers: as many as samples were taken, each with as many levels as its bits allow.
-- Document 001, 영상의 이해: quantising to 8, 6, 4, 3, 2 and 1 bits (양자화), sampling (샘플링), sub-sampling (서브샘플링).
-- Pixel by pixel, as the document describes it, and by whole tensors; on a picture that comes with the program and on a digit.
-- Run:     gradus experiments/09_pictures.lua
-- Expect:  256 64 16 8 4 2 levels; the largest error of a pixel grows from 0 to 127 of 255. Under a second. The digit needs
--          MNIST, and is left out without it.
local gr = require "gradus"
local run = gr.run { name = "pictures", seed = 0 }

-- Pictures as characters, side by side, two for each pixel: the brighter, the more ink.
local shades = " .:-=+*#%@"
local function show(...)
  for i = 1, #(...) do
    local line = {}
    for _, picture in ipairs { ... } do
      for _, v in ipairs(picture[i]:totable()) do
        local k = math.min(math.floor(v * #shades), #shades - 1) + 1
        line[#line + 1] = shades:sub(k, k):rep(2)
      end
    end
    print((table.concat(line):gsub(" +$", "")))
  end
end

local cup = gr.data.sample_image().x
print("the picture: rows x columns, darkest, brightest", cup.shape, cup:min(), cup:max())
local bytes = cup * 255 -- the numbers of its file: 0 is black, 255 white
print "a corner of it, 4 x 8 pixels at the cup's rim:"
print(bytes["15:18, 9:16"])

-- 양자화. Of n bits the upper ones are kept: 2^n levels, of which the first is black and the last white. ------------------

local depths = { 8, 6, 4, 3, 2, 1 }

-- By hand, pixel by pixel: the level, and the brightness that stands for it.
local function quantised_pixel(v, n)
  local level = v >> 8 - n
  return level * 255 / ((1 << n) - 1)
end

-- By tensors, in one go; v from 0 to 255.
local function quantised(v, n)
  local level = (v / 2 ^ (8 - n)):floor()
  return level * 255 / (2 ^ n - 1)
end

print "the first row of that corner, by hand and by tensors, rounded for print:"
for _, n in ipairs(depths) do
  local row = {}
  for j, v in ipairs(bytes["15:15, 9:16"]:flatten():totable()) do
    row[j] = quantised_pixel(math.tointeger(v), n)
  end
  local same = gr.tensor(row) == quantised(bytes["15:15, 9:16"], n):flatten()
  print(("  bits: %d"):format(n), (gr.tensor(row) + 0.5):floor(), same and "the same" or "different")
end

local every, levels, kept, captions = gr.arange(0, 256), {}, {}, {}
print "bits, levels, largest and mean error of all 256 values; mean error of the cup"
for i, n in ipairs(depths) do
  local off, of_cup = (quantised(every, n) - every):abs(), (quantised(bytes, n) - bytes):abs()
  levels[i] = quantised(every, n):unique().size
  kept[i], captions[i] = quantised(bytes, n), ("%d 비트"):format(n)
  print(("  %d\t%3d\t%6.2f\t%6.2f\t%6.2f"):format(n, levels[i], off:max(), off:mean(), of_cup:mean()))
end
run:result { ["001.quantise.levels"] = levels }
run:plot("picture", gr.plot.image(cup, { title = "영상", lo = 0, hi = 1 }))
run:plot("quantised", gr.plot.images(kept, { title = "양자화", captions = captions, columns = 3, lo = 0, hi = 255 }))

-- 샘플링: values at regular steps stand for all. --------------------------------------------------------------------------

local row, step, samples = bytes[40], 8, {}
for i = 1, #row, step do
  samples[#samples + 1] = row[i]
end
print("every 8th value of row 40, by hand", gr.tensor(samples))
print("by tensors", row:take(gr.arange(1, #row + 1, step)))

-- 서브샘플링: rows and columns are skipped. For contrast, the mean of each block of pixels. --------------------------------

local function skipped(picture, k)
  local rows, columns = gr.arange(1, #picture + 1, k), gr.arange(1, picture.shape[2] + 1, k)
  return picture:take(rows):T():take(columns):T()
end

local function averaged(picture, k)
  local m, n = #picture, picture.shape[2]
  return gr.nn.avg_pool2d(k)(picture:reshape(1, 1, m, n)):reshape(m // k, n // k)
end

local by_hand = {}
for i = 1, #cup, 2 do
  local line = {}
  for j = 1, #cup[i], 2 do
    line[#line + 1] = cup[i][j]
  end
  by_hand[#by_hand + 1] = line
end
print("by hand and by tensors the same", gr.tensor(by_hand) == skipped(cup, 2))
print "every 2nd row and column:"
show(skipped(cup, 2))
print "every 4th; means of 4 x 4:"
show(skipped(cup, 4), averaged(cup, 4))
local sampled, names = { cup, skipped(cup, 2), skipped(cup, 4) }, { "원본", "1/2", "1/4" }
run:plot(
  "subsampled",
  gr.plot.images(sampled, { title = "서브샘플링", captions = names, columns = 3, lo = 0, hi = 1 })
)
print "means of 4 x 4 in 2 bits; in 1 bit:"
local small = (averaged(cup, 4) * 255):floor()
show(quantised(small, 2) / 255, quantised(small, 1) / 255)

-- What lies between the samples is lost without a trace: of black and white columns in turn only the black ones stay.
local stripes = gr.tensor { { 0, 1, 0, 1, 0, 1 }, { 0, 1, 0, 1, 0, 1 } }
print("stripes, a row of them", stripes[1])
print("every 2nd column; means", skipped(stripes, 2)[1], averaged(stripes, 2)[1])

-- The same on a digit. ----------------------------------------------------------------------------------------------------

local there, mnist = pcall(gr.data.mnist, { bytes = true })
if there then
  local digit = mnist.train.x[1]:reshape(28, 28)
  print("the first digit of MNIST, a", mnist.train.y[1])
  show(digit)
  print "every 2nd row and column; the same in 1 bit:"
  show(skipped(digit, 2), quantised(skipped(digit, 2) * 255, 1) / 255)
else
  print("no digit is shown:", mnist)
end

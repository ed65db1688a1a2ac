-- How many columns a terminal takes for a text.
local harness = require "harness"
local width = require "gradus.width"

local case, same = harness.suite "width", harness.same

case("Korean letters, accents or broken text take other columns", function()
  same(width.of "", 0)
  same(width.of "dense", 5)
  same(width.of "신경망", 6)
  same(width.of "티셔츠/윗도리", 13)
  same(width.of "e\u{301}t\u{e9}", 3)
  same(width.of "\u{1112}\u{1161}\u{11ab}", 2) -- a syllable in its three letters
  same(width.of "😀", 2)
  same(width.of "\xff\xfe", 2)
end)

case("a padded text has other columns", function()
  same(width.pad("바지", 6), "바지  ")
  same(width.pad("바지", 6, true), "  바지")
  same(width.pad("바지", 3), "바지")
end)

case("a cut text is too long, or cut within a letter", function()
  same(width.cut("신경망", 5), "신경")
  same(width.cut("신경망", 6), "신경망")
  same(width.cut("a신", 2), "a")
  same(width.cut("abc", 2), "ab")
  same(width.cut("abc", 0), "")
  same(width.cut("e\u{301}t", 1), "e\u{301}")
  same(width.cut("\xff\xfe\xfd", 2), "\xff\xfe")
end)

case("a text that is too long loses its sign, or has it without need", function()
  same(width.fit("신경망 학습", 8), "신경망 …")
  same(width.fit("신경망", 6), "신경망")
  same(width.fit("abcdef", 5, "..."), "ab...")
  same(width.fit("abcdef", 2, "..."), "ab")
end)

case("lines are too long, or broken within a word without need", function()
  same(width.wrap("one two  three", 7), { "one two", "three" })
  same(width.wrap("one  two", 8), { "one  two" }) -- spaces within a line stay
  same(width.wrap("one two", 7, 3), { "one", "two" })
  same(width.wrap("three", 7, 3), { "", "three" })
  same(width.wrap("abcdefgh ij", 5), { "abcde", "fgh", "ij" })
  same(width.wrap("신경망을 배운다", 8), { "신경망을", "배운다" })
  same(width.wrap("신경망", 5), { "신경", "망" })
  same(width.wrap("신경망", 1), { "신", "경", "망" })
  same(width.wrap("", 5), { "" })
end)

-- What students hand in: found by their ids, read whichever way it is packed, and refused when it reaches beyond itself or swells.
local archives = require "archives"
local core = require "gradus.core"
local harness = require "harness"
local submissions = require "gradus.submissions"

local case = harness.suite "submissions"
local same, check = harness.same, harness.check
local zip, tar, tar_gz, gzip, pax = archives.zip, archives.tar, archives.tar_gz, archives.gzip, archives.pax

local answer = "return { inverse = 1 }\n"

-- ---- A folder of submissions

--- Calls f with a folder of these files, { [path] = bytes }, which is gone afterwards. A path with a slash behind is a folder.
local function within(files, f)
  local folder = os.tmpname()
  os.remove(folder)
  core.make_folder(folder)
  local ok, message = pcall(function()
    for path, bytes in pairs(files) do
      core.make_folder(("%s/%s"):format(folder, path):match "^(.*)/")
      if path:sub(-1) ~= "/" then core.write_file(("%s/%s"):format(folder, path), bytes) end
    end
    f(folder)
  end)
  core.remove_folder(folder)
  if not ok then error(message, 0) end
end

local function shell(command) check(os.execute(command), command .. " failed") end

local kinds = { lua = "file", zip = "zip", gz = "tar.gz", tgz = "tar.gz" }

--- What reading one of the things in the folder gives.
local function read_at(folder, name, kind)
  return submissions.read(
    { path = folder .. "/" .. name, kind = kind or kinds[name:match "%w*$"] or "folder" },
    "answer.lua"
  )
end

--- What reading an archive, or a file, of these bytes gives.
local function read(name, bytes)
  local result
  within({ [name] = bytes }, function(folder) result = table.pack(read_at(folder, name)) end)
  return table.unpack(result)
end

local function reads(name, bytes, files, note)
  local got, reason = read(name, bytes)
  check(got, reason)
  same(got.files, files)
  same(got.text, files[got.file])
  check((got.notes[1] or ""):find(note or "^$"), got.notes[1])
  return got
end

local function refused(got, reason, pattern)
  check(got == nil, "it was read")
  check(
    type(reason) == "string" and reason:find(pattern),
    ("the reason is '%s', expected '%s'"):format(reason, pattern)
  )
  check(not reason:find "%c" and not reason:find "\xC2[\x80-\x9F]" and utf8.len(reason), reason)
end

--- A case: a submission of these bytes is refused with a reason that has the pattern.
local function refuses(title, name, bytes, pattern)
  case(title, function()
    local got, reason = read(name, type(bytes) == "function" and bytes() or bytes)
    refused(got, reason, pattern)
  end)
end

-- ---- Whose it is

local function owners(title, name, ids, expected)
  case(title, function() same(submissions.owners(name, ids), expected) end)
end

owners("a bare id is not found", "s001", { "s001", "s002" }, { "s001" })
owners("an id between others is not found", "Kim Minsu_s001_answer", { "s001", "s002" }, { "s001" })
owners("an id in capitals is not found", "S001 late", { "s001" }, { "s001" })
owners("an id in capitals of the roster is changed", "a-s001", { "S001" }, { "S001" })
owners("Moodle's folders are not understood", "Kim Minsu_12345_assignsubmission_file_", { "12345" }, { "12345" })
owners("an id with a name in Korean beside it is not found", "2026001김민수", { "2026001" }, { "2026001" })
owners("a longer number is taken for the id in it", "s0012", { "s001", "s01" }, {})
owners("an id inside a word is found", "class001", { "s001" }, {})
owners("the shorter of two ids wins", "Kim_s001_2_answer", { "s001", "s001_2" }, { "s001_2" })
owners("two students' ids are told as one", "s001 and s002", { "s001", "s002" }, { "s001", "s002" })
owners("a longer id elsewhere hides another", "a1 and s001", { "s001", "a1" }, { "a1", "s001" })
owners("points and dashes of ids are patterns", "2026-1.5", { "2026-1.5", "2026x1y5" }, { "2026-1.5" })
owners("an id that comes twice is two", "s001_s001", { "s001" }, { "s001" })
owners("a name without an id has an owner", "readme", { "s001" }, {})

case("a class is not listed by its ids, or what is no submission is not told of", function()
  local there = {
    ["s003.zip"] = "",
    ["Kim_s001_answer.LUA"] = "",
    ["s002/answer.lua"] = answer,
    ["x_s004_y.tar.gz"] = "",
    ["S005.TGZ"] = "",
    [".DS_Store"] = "",
    ["._s001.lua"] = "",
    ["__MACOSX/s001.lua"] = "",
    ["Thumbs.db"] = "",
    ["readme.txt"] = "",
    ["s001_with_s002.lua"] = "",
    ["s006.rar"] = "",
  }
  within(there, function(folder)
    local entries, problems = submissions.list(folder, { "s006", "s005", "s004", "s003", "s002", "s001" })
    local lines = {}
    for i, entry in ipairs(entries) do
      lines[i] = ("%s %s %s"):format(entry.id, entry.kind, entry.path:sub(#folder + 2))
    end
    local listed = {
      "s001 file Kim_s001_answer.LUA",
      "s002 folder s002",
      "s003 zip s003.zip",
      "s004 tar.gz x_s004_y.tar.gz",
      "s005 tar.gz S005.TGZ",
    }
    same(lines, listed)
    same(#problems, 3)
    same(problems[1].path, folder .. "/readme.txt")
    check(problems[1].reason:find "no known student id")
    check(problems[2].reason:find "more than one student id: s001 s002")
    same(problems[3].id, "s006")
    check(problems[3].reason:find "none of what is read")
  end)
end)

case("of two submissions the older is taken, or nobody hears of it", function()
  within({ ["s001.lua"] = "", ["s001.zip"] = "", ["s001_b.lua"] = "" }, function(folder)
    shell(("touch -d 2026-01-01 %s/s001.lua; touch -d 2026-01-03 %s/s001.zip"):format(folder, folder))
    shell(("touch -d 2026-01-02 %s/s001_b.lua"):format(folder))
    local entries, problems = submissions.list(folder, { "s001" })
    same(#entries, 1)
    same(entries[1].path, folder .. "/s001.zip")
    same({ problems[1].path, problems[2].path }, { folder .. "/s001.lua", folder .. "/s001_b.lua" })
    check(
      problems[1].reason:find(
        "s001 handed in " .. folder:gsub("%p", "%%%0") .. "/s001.zip, too, which is taken: it is newer"
      )
    )
  end)
end)

case("of two submissions of one moment chance takes one", function()
  within({ ["s001.lua"] = "", ["s001.zip"] = "" }, function(folder)
    shell(("touch -d 2026-01-01 %s/*"):format(folder))
    local entries, problems = submissions.list(folder, { "s001" })
    same(entries[1].path, folder .. "/s001.lua")
    check(problems[1].reason:find "both are of the same time")
  end)
end)

case("numbers that were handed in beside the answer count as the newer answer", function()
  within({ ["Kim_s001_answer.lua"] = "", ["Kim_s001_numbers.lua"] = "" }, function(folder)
    shell(("touch -d 2026-01-01 %s/*answer.lua"):format(folder))
    local entries, problems = submissions.list(folder, { "s001" })
    same(entries[1].path, folder .. "/Kim_s001_answer.lua")
    check(problems[1].reason:find "students were given")
  end)
end)

case("a folder that is not there is an empty class", function()
  local entries, reason = submissions.list("/nowhere/at/all", { "s001" })
  same(entries, nil)
  check(reason:find "/nowhere/at/all: No such file or directory")
end)

-- ---- What can be read

local both = { ["answer.lua"] = answer, ["run/run.json"] = "{}" }

case("a file alone is not read", function()
  local got = reads("Kim_s001_hand-in.lua", answer, { ["answer.lua"] = answer })
  same(got.file, "answer.lua")
end)

case("numbers alone are taken for an answer", function()
  local got, reason = read("s001_numbers.lua", "return {}")
  refused(got, reason, "there is no answer.lua: it holds 's001_numbers.lua'")
end)

case("the same files have another sum when they are packed otherwise", function()
  local members = { { "answer.lua", answer }, { "run/run.json", "{}" } }
  local turned = { { "hw/", "" }, { "hw/run/run.json", "{}" }, { "hw/answer.lua", answer } }
  local sum = reads("a.zip", zip(members), both).sha256
  same(reads("a.zip", zip(turned), both).sha256, sum)
  same(reads("a.tgz", tar_gz(members), both).sha256, sum)
  within(
    { ["s001/hw/answer.lua"] = answer, ["s001/hw/run/run.json"] = "{}" },
    function(folder) same(read_at(folder, "s001").sha256, sum) end
  )
  check(
    reads(
      "a.zip",
      zip { { "answer.lua", answer }, { "run/run.jso", "n{}" } },
      { ["answer.lua"] = answer, ["run/run.jso"] = "n{}" }
    ).sha256 ~= sum
  )
end)

case("what Finder and editors leave is not passed over", function()
  local members = {
    { "hw/answer.lua", answer },
    { "hw/.DS_Store", "x" },
    { "__MACOSX/hw/._answer.lua", "x" },
    { "hw/.#answer.lua", "", mode = 0xA1FF, kind = "2" },
    { ".git/config", "x" },
    { "./hw/run/run.json", "{}" },
  }
  reads("a.zip", zip(members), both)
  reads("a.tar.gz", tar_gz(members), both)
  within({ ["s001/answer.lua"] = answer, ["s001/.git/config"] = "x", ["s001/run/run.json"] = "{}" }, function(folder)
    shell(("ln -s nobody '%s/s001/.#answer.lua'"):format(folder))
    same(read_at(folder, "s001").files, both)
  end)
end)

case("deflated members are read wrongly", function()
  local long = ("x"):rep(100000)
  local members = {
    { "answer.lua", answer, method = 8, packed = archives.deflated(answer) },
    { "x", long, method = 8, packed = archives.deflated(long) },
    { "empty", "", method = 8, packed = archives.deflated "" },
  }
  reads("a.zip", zip(members), { ["answer.lua"] = answer, x = long, empty = "" })
end)

case("an archive by another name, or of several gzip streams, is refused", function()
  reads("a.tar.gz", zip { { "answer.lua", answer } }, { ["answer.lua"] = answer })
  reads("a.zip", tar_gz { { "answer.lua", answer } }, { ["answer.lua"] = answer })
  local bytes = tar { { "answer.lua", answer } }
  reads("a.tgz", gzip(bytes:sub(1, 700)) .. gzip(bytes:sub(701)) .. ("\0"):rep(512), { ["answer.lua"] = answer })
end)

case("names of GNU, pax and ustar are read wrongly", function()
  local long = ("d"):rep(120) .. "/" .. ("f"):rep(120)
  local expected = { ["answer.lua"] = answer, [long] = "1" }
  local function both_of(...) reads("a.tgz", tar_gz { { "answer.lua", answer }, ... }, expected) end
  both_of({ "././@LongLink", long .. "\0", kind = "L", magic = "ustar  \0" }, { "cut", "1", magic = "ustar  \0" })
  both_of({ "PaxHeaders/x", pax("path", long) .. pax("mtime", "1.5"), kind = "x" }, { "cut", "1" })
  local global = { "global", pax("comment", "a commit"), kind = "g" } -- git archive writes one
  reads("a.tgz", tar_gz { global, { "answer.lua", answer } }, { ["answer.lua"] = answer })
end)

case("an older tar is read wrongly", function()
  local members = { { "hw/", "", kind = "\0", magic = "" }, { "hw/answer.lua", answer, kind = "\0", magic = "" } }
  reads("a.tgz", tar_gz(members), { ["answer.lua"] = answer })
  local prefixed = { { "answer.lua", answer, prefix = "hw/deep" }, { "b", "", prefix = "hw" } }
  same(read("a.tgz", tar_gz(prefixed)).files, { ["deep/answer.lua"] = answer, b = "" })
end)

case("a pax size or a binary size is read wrongly", function()
  local sized = { { "h", pax("size", tostring(#answer)), kind = "x" }, { "answer.lua", answer, size = 0 } }
  reads("a.tgz", tar_gz(sized), { ["answer.lua"] = answer })
  local binary = { { "answer.lua", answer, size = "\x80\0\0\0" .. string.pack(">I8", #answer) } }
  reads("a.tgz", tar_gz(binary), { ["answer.lua"] = answer })
end)

case("a folder in code page 949 hides the answer", function()
  local name = "\xB0\xFA\xC1\xA6" -- two Korean letters
  reads("a.zip", zip { { name .. "/answer.lua", answer } }, { ["answer.lua"] = answer }, "not in UTF%-8")
  reads(
    "a.tgz",
    tar_gz { { "answer.lua", answer }, { name, "1" } },
    { ["answer.lua"] = answer, ["%B0%FA%C1%A6"] = "1" },
    "not in UTF%-8"
  )
  reads("a.zip", zip { { "과제/answer.lua", answer } }, { ["answer.lua"] = answer })
end)

case("a script by another name is not taken", function()
  local files = { ["hw1.lua"] = answer, ["numbers.lua"] = "return 1", ["visible.lua"] = "return {}" }
  local members = {}
  for name, bytes in pairs(files) do
    members[#members + 1] = { name, bytes }
  end
  same(
    reads("a.zip", zip(members), files, "there is no answer.lua; hw1.lua, the only script, is taken").file,
    "hw1.lua"
  )
end)

case("an archive alone in a student's folder is not opened", function()
  within(
    { ["Kim_s001_file_/hw.zip"] = zip { { "hw/answer.lua", answer } } },
    function(folder) same(read_at(folder, "Kim_s001_file_").files, { ["answer.lua"] = answer }) end
  )
end)

refuses(
  "archives in archives are opened",
  "a.zip",
  zip { { "b.zip", zip { { "answer.lua", answer } } } },
  "there is no answer.lua: it holds 'b.zip'"
)
refuses("an empty archive has an answer", "a.zip", zip {}, "there is no answer.lua: it holds nothing")
refuses(
  "one of two scripts is taken",
  "a.zip",
  zip { { "a.lua", "1" }, { "b.lua", "2" } },
  "there is no answer.lua: it holds 'a.lua', 'b.lua'$"
)
refuses("a list of what is there has no end", "a.zip", function()
  local many = {}
  for i = 1, 300 do
    many[i] = { ("%03d.txt"):format(i), "" }
  end
  return zip(many)
end, "'010.txt', and 290 more$")

-- ---- Texts

refuses("UTF-16 of Notepad is run", "a.lua", "\xFF\xFEr\0e\0t\0", "answer.lua is UTF%-16 text: save it as UTF%-8")
refuses("UTF-16 without a mark is run", "a.lua", "r\0e\0t\0", "answer.lua is UTF%-16 text")
refuses("an answer of 5 MB is read", "a.lua", ("-"):rep(5 << 20), "has 5242880 bytes; at most 4194304 are read")
refuses(
  "an answer of 5 MB in an archive is read",
  "a.tgz",
  function() return tar_gz { { "answer.lua", ("-"):rep(5 << 20) } } end,
  "'answer.lua' has more than 4 MB"
)

-- ---- What reaches beyond itself

--- The same member in a zip and a tar archive.
local function refuses_member(title, member, pattern)
  refuses(title .. ", in a zip archive", "a.zip", zip { { "answer.lua", answer }, member }, pattern)
  refuses(title .. ", in a tar archive", "a.tgz", tar_gz { { "answer.lua", answer }, member }, pattern)
end

refuses_member("a name climbs out", { "hw/../../x", "1" }, "'hw/../../x' leads out of the submission")
refuses_member("a name that is .. alone climbs out", { "..", "1" }, "'..' leads out")
refuses_member("a hidden folder lets a name climb out", { ".git/../../x", "1" }, "leads out")
refuses_member("an absolute name is read", { "/etc/passwd", "1" }, "'/etc/passwd' begins at the root")
refuses_member("a Windows disk is read", { "C:x", "1" }, "'C:x' begins at the root of a disk")
refuses_member("a Windows name is read", { "hw\\..\\x", "1" }, "'hw\\..\\x' holds a backslash")
refuses_member("a name of two lines is read", { "a\nb", "1" }, "'a%?b' holds control characters")
refuses_member("a name that colours the terminal is read", { "a\27[31mb", "1" }, "holds control characters")
refuses_member("a C1 control character is read", { "a\u{9B}31mb", "1" }, "holds control characters")
refuses_member("two members of one name are read", { "./answer.lua", "2" }, "'answer.lua' stands there twice")
refuses_member("a file is a folder, too", { "answer.lua/x", "2" }, "'answer.lua' is both a file and a folder")
refuses_member(
  "a folder of a file's name is entered",
  { "answer.lua/", "", kind = "5" },
  "'answer.lua' is both a file and a folder"
)
refuses_member(
  "a symbolic link is read",
  { "key", "../course.key", mode = 0xA1FF, kind = "2", link = "../course.key" },
  "'key' is a symbolic link: only files"
)
refuses_member(
  "a link to a folder is read",
  { "key/", "/", mode = 0xA1FF, kind = "2", link = "/" },
  "is a symbolic link"
)
refuses_member("a pipe is read", { "p", "", mode = 0x11FF, kind = "6" }, "'p' is a pipe")
refuses_member("a device is read", { "d", "", mode = 0x21FF, kind = "3" }, "'d' is a device")

refuses(
  "a hard link is read",
  "a.tgz",
  tar_gz { { "answer.lua", "", kind = "1", link = "/etc/passwd" } },
  "'answer.lua' is a hard link"
)
refuses("a kind that nobody knows is read", "a.tgz", tar_gz { { "answer.lua", answer, kind = "V" } }, "of the kind 'V'")
refuses(
  "a pax name climbs out",
  "a.tgz",
  tar_gz { { "h", pax("path", "../x"), kind = "x" }, { "answer.lua", answer } },
  "leads out"
)
refuses(
  "a pax name has a zero byte",
  "a.tgz",
  tar_gz { { "h", pax("path", "a\0b"), kind = "x" }, { "c", "" } },
  "control characters"
)
refuses(
  "a GNU name climbs out",
  "a.tgz",
  tar_gz { { "l", "../x\0", kind = "L" }, { "answer.lua", answer } },
  "leads out"
)
refuses(
  "a global name is taken",
  "a.tgz",
  tar_gz { { "g", pax("path", "x"), kind = "g" }, { "answer.lua", answer } },
  "one name or size to all"
)
refuses("a zip name has a zero byte", "a.zip", zip { { "answer.lua\0.txt", answer } }, "control characters")
refuses(
  "a zip name differs in front of its bytes",
  "a.zip",
  zip { { "answer.lua", answer, inside = "answer.txt" } },
  "has another name"
)
refuses("a name without an end is read", "a.zip", zip { { ("x"):rep(300), "" } }, "is too long")
refuses(
  "folders without an end are read",
  "a.zip",
  zip { { ("d/"):rep(40) .. "x", "" } },
  "lies more than 32 folders deep"
)

case("a submission that is a link is followed", function()
  within({ ["secret.lua"] = answer, ["secret/answer.lua"] = answer, ["in/"] = "" }, function(folder)
    shell(("ln -s ../secret.lua %s/in/s001.lua; ln -s ../secret %s/in/s002"):format(folder, folder))
    local entries, problems = submissions.list(folder .. "/in", { "s001", "s002" })
    same({ #entries, #problems }, { 2, 0 })
    local got, reason = submissions.read(entries[1], "answer.lua")
    refused(got, reason, "symbolic link")
    got, reason = submissions.read(entries[2], "answer.lua")
    refused(got, reason, "symbolic link")
    got, reason = read_at(folder .. "/in", "s002", "folder")
    refused(got, reason, "Not a directory")
  end)
end)

for _, one in ipairs {
  { "symbolic link", "ln -s ../secret %s", "'x' is a symbolic link: only files" },
  { "link to a folder", "ln -s .. %s", "'x' is a symbolic link" },
  { "pipe", "mkfifo %s", "'x' is a pipe" },
  { "hard link", "ln $(dirname %s)/../secret %s", "x: is a hard link: the file has 2 names" },
} do
  case(("a %s in a folder is followed"):format(one[1]), function()
    within({ ["s001/answer.lua"] = answer, secret = "key" }, function(folder)
      shell((one[2]:gsub("%%s", folder .. "/s001/x")))
      local got, reason = read_at(folder, "s001")
      refused(got, reason, one[3])
    end)
  end)
end

case("the name of a submission reaches the terminal as it is", function()
  within({ ["s001\27[31m\xFF\n/answer.lua"] = answer }, function(folder)
    local got, reason = read_at(folder, "s001\27[31m\xFF\n", "zip")
    refused(got, reason, "/s001%?%[31m%%FF%?: is no file, but a folder$")
  end)
end)

case("a folder with a name of two lines is read", function()
  within({ ["s001/a\nb/answer.lua"] = answer }, function(folder)
    local got, reason = read_at(folder, "s001")
    refused(got, reason, "control characters")
  end)
end)

-- ---- What swells

local function bomb(n) return archives.deflated_zeros(n) end

case("zeros made by hand are none", function()
  local packed, count = bomb(3)
  local stream <close> = core.inflater(packed, "raw")
  same(stream:read(count + 1), ("\0"):rep(count))
  same(stream:left(), 0)
end)

refuses("a tar bomb is unpacked", "a.tgz", function()
  local packed, count = bomb(100000)
  return gzip(nil, packed, count)
end, "it unpacks to more than 64 MB")
refuses(
  "a file of 8 GB in a tar archive is read",
  "a.tgz",
  tar_gz { { "answer.lua", "", size = "77777777777\0" } },
  "'answer.lua' has more than 16 MB"
)
refuses(
  "a binary size that is negative is believed",
  "a.tgz",
  tar_gz { { "a", "", size = ("\xFF"):rep(12) } },
  "'a' has more than 16 MB"
)
refuses(
  "a pax size of many digits is believed",
  "a.tgz",
  tar_gz { { "h", pax("size", ("9"):rep(40)), kind = "x" }, { "a", "" } },
  "'a' has more than 16 MB"
)
refuses("a file with holes is filled", "a.tgz", tar_gz { { "a", "", kind = "S" } }, "a file with holes")
refuses(
  "a pax file with holes is filled",
  "a.tgz",
  tar_gz { { "h", pax("GNU.sparse.major", "1"), kind = "x" }, { "a", "" } },
  "a file with holes"
)
refuses(
  "a long header is read",
  "a.tgz",
  function() return tar_gz { { "h", ("x"):rep(70000), kind = "L" }, { "a", "" } } end,
  "a header of more than"
)
refuses("files of 80 MB in all are read", "a.tgz", function()
  local packed, count = bomb(8000)
  local much, parts = ("\0"):rep(count), {}
  for i = 1, 5 do
    local head = tar({ { tostring(i), "", size = count } }):sub(1, 512)
    parts[i] = gzip(head) .. archives.gzip(much, packed) .. gzip(("\0"):rep(-count % 512))
  end
  return table.concat(parts)
end, "it holds more than 64 MB")
refuses("1001 members are read", "a.tgz", function()
  local members = {}
  for i = 1, 1001 do
    members[i] = { tostring(i), "" }
  end
  return tar_gz(members)
end, "it holds more than 1000 files and folders")
refuses("1001 members of a zip archive are read", "a.zip", function()
  local members = {}
  for i = 1, 1001 do
    members[i] = { tostring(i), "" }
  end
  return zip(members)
end, "it holds more than 1000 files and folders")
refuses("a zip bomb is unpacked", "a.zip", function()
  local packed, count = bomb(10000)
  return zip { { "a", "", packed = packed, size = count, method = 8 } }
end, "'a' has more than 16 MB")
refuses(
  "a zip bomb that lies is unpacked",
  "a.zip",
  function() return zip { { "a", "", packed = bomb(10000), size = 1000, method = 8 } } end,
  "'a' is said to have 1000 bytes, but has not"
)
refuses("many small members of a zip bomb are unpacked", "a.zip", function()
  local packed, count = bomb(8000)
  local members = {}
  for i = 1, 5 do
    members[i] = { tostring(i), "", packed = packed, size = count, method = 8 }
  end
  return zip(members)
end, "it holds more than 64 MB")
refuses("members that share bytes are unpacked", "a.zip", function()
  local inner = zip({ { "b", "1" } }):sub(1, 32) -- a whole member inside of another
  return zip { { "a", inner }, { "b", "1", at = 31 } }
end, "'a' and 'b' share bytes of the archive")
refuses(
  "one member under two entries is unpacked",
  "a.zip",
  zip {
    { "a", "1", inside = "a" },
    { "b", "1", inside = "a", at = 0 },
  },
  "has another name"
)
case("hidden files are so many that an answer may be missed, and it is for chance to say", function()
  local there = { ["s001/answer.lua"] = answer }
  for i = 1, 999 do
    there[("s001/.%d"):format(i)] = ""
  end
  within(there, function(folder)
    check(read_at(folder, "s001").text == answer, "999 are passed over")
    core.write_file(folder .. "/s001/.more", "")
    local got, reason = read_at(folder, "s001")
    refused(got, reason, "it holds more than 1000 files and folders, with those that are passed over")
  end)
end)
case("1001 files in a folder are read", function()
  local there = {}
  for i = 1, 1001 do
    there[("s001/%d"):format(i)] = ""
  end
  within(there, function(folder)
    local got, reason = read_at(folder, "s001")
    refused(got, reason, "it holds more than 1000 files and folders")
  end)
end)

-- ---- What is damaged

local whole_zip, whole_tar = zip { { "answer.lua", answer } }, tar_gz { { "answer.lua", answer } }

refuses(
  "an encrypted member is read",
  "a.zip",
  zip { { "answer.lua", answer, flags = 1 } },
  "'answer.lua' is encrypted: pack it without a password"
)
refuses("another method is tried", "a.zip", zip { { "answer.lua", answer, method = 14 } }, "compressed by method 14")
refuses("a wrong checksum is accepted", "a.zip", zip { { "answer.lua", answer, crc = 5 } }, "its checksum is wrong")
refuses(
  "a size that cannot be is believed",
  "a.zip",
  zip { { "answer.lua", answer, size = 0xFFFFFF } },
  "which 23 in the archive cannot hold"
)
refuses(
  "a size that is too large is believed",
  "a.zip",
  zip { { "a", "1", method = 8, packed = archives.deflated "1", size = 5 } },
  "'a' is said to have 5 bytes, but has not"
)
refuses(
  "bytes behind a deflated member are passed over",
  "a.zip",
  zip { { "a", "1", method = 8, packed = archives.deflated "1" .. "23" } },
  "but has not"
)
refuses(
  "a damaged stream is read",
  "a.zip",
  zip { { "a", "1", method = 8, packed = "\7\7\7\7" } },
  "'a': the compressed data is damaged"
)
refuses("a torn zip archive is read", "a.zip", whole_zip:sub(1, -30), "torn or damaged")
refuses("half a zip archive is read", "a.zip", whole_zip:sub(30), "no zip and no tar.gz archive")
refuses(
  "a part of several archives is read",
  "a.zip",
  whole_zip:sub(1, -19) .. "\1\0" .. whole_zip:sub(-16),
  "one part of several"
)
refuses("an empty archive file is read", "a.zip", "", "it is empty")
refuses("text is taken for an archive", "a.zip", answer, "it is no zip and no tar.gz archive")
refuses("a RAR archive is not named", "a.zip", "Rar!\26\7\0", "it is a RAR archive")
refuses("a 7-Zip archive is not named", "a.zip", "7z\xBC\xAF\x27\x1C", "it is a 7%-Zip archive")
refuses("a torn gzip stream is read", "a.tgz", whole_tar:sub(1, -5), "the compressed data ends early")
refuses(
  "a wrong gzip checksum is accepted",
  "a.tgz",
  whole_tar:sub(1, -9) .. "\0\0\0\0" .. whole_tar:sub(-4),
  "the compressed data is damaged"
)
refuses("bytes behind a gzip stream are passed over", "a.tgz", whole_tar .. "more", "the compressed data is damaged")
refuses("gzipped text is taken for a tar archive", "a.tgz", gzip(answer), "this is no tar archive")
refuses(
  "a wrong sum of a header is accepted",
  "a.tgz",
  gzip(((tar { { "answer.lua", answer } }):gsub("answer", "Answer", 1))),
  "no tar archive, or a damaged one"
)
refuses(
  "a tar archive that ends in a file is read",
  "a.tgz",
  gzip(tar({ { "answer.lua", answer } }):sub(1, 520)),
  "torn: it ends inside 'answer.lua'"
)
refuses(
  "a tar archive that ends in padding is read",
  "a.tgz",
  gzip(tar({ { "answer.lua", answer } }):sub(1, 600)),
  "torn: it ends inside"
)
refuses(
  "a tar archive that ends behind a long name is read",
  "a.tgz",
  tar_gz { { "l", "x\0", kind = "L" } },
  "ends behind an extended header"
)
refuses(
  "a pax header without an end is read",
  "a.tgz",
  tar_gz { { "h", "99999 path=x\n", kind = "x" }, { "a", "" } },
  "extended header cannot be read"
)
refuses(
  "a pax header of length 0 is read for ever",
  "a.tgz",
  tar_gz { { "h", "0 path=x\n", kind = "x" }, { "a", "" } },
  "extended header cannot be read"
)

-- ---- Damage at random

--- A copy with a few bytes changed, cut out or doubled, by a generator of its own.
local function damaged(bytes, random)
  for _ = 1, random() % 4 + 1 do
    local at, what = random() % #bytes + 1, random() % 8
    if what == 0 then
      bytes = bytes:sub(1, at)
    elseif what == 1 then
      bytes = bytes:sub(1, at) .. bytes:sub(math.max(1, at - random() % 40))
    else
      local byte = what < 4 and bytes:byte(at) ~ 1 << random() % 8 or what == 4 and 0xFF or random() % 256
      bytes = bytes:sub(1, at - 1) .. string.char(byte) .. bytes:sub(at + 1)
    end
  end
  return bytes
end

--- Numbers that are the same on every machine (Knuth, MMIX).
local function generator(seed)
  return function()
    seed = seed * 6364136223846793005 + 1442695040888963407
    return seed >> 33
  end
end

for name, bytes in pairs { ["a.zip"] = 1, ["a.tgz"] = 2, ["b.tgz"] = 3 } do
  case(("random damage to %s does harm"):format(name), function()
    local deflated = { "b", answer:rep(20), method = 8, packed = archives.deflated(answer:rep(20)) }
    local members = { { "hw/answer.lua", answer }, deflated, { "h", pax("path", "c"), kind = "x" }, { "d", "1" } }
    local whole = bytes == 1 and zip(members) or tar(members)
    local random, read_so_far = generator(bytes), 0
    within({ ["s/"] = "" }, function(folder)
      for _ = 1, 2000 do
        local made = damaged(whole, random)
        if bytes == 2 then made = gzip(made) end
        if bytes == 3 then made = damaged(gzip(whole), random) end
        local file <close> = assert(io.open(folder .. "/" .. name, "wb"))
        file:write(made)
        file:flush()
        local got, reason = read_at(folder, name)
        check(got or type(reason) == "string" and not reason:find "%c", reason)
        read_so_far = read_so_far + (got and 1 or 0)
      end
    end)
    check(read_so_far > 0, "none was read: the test damages too much to test anything")
  end)
end

-- ---- Writing it out

case("what was read is not written out, or others may read it", function()
  within({ ["a.zip"] = zip { { "hw/answer.lua", answer }, { "hw/run/run.json", "{}" } } }, function(folder)
    local to = folder .. "/out"
    same(submissions.unpack(read_at(folder, "a.zip"), to), true)
    local file <close> = assert(io.open(to .. "/run/run.json"))
    same(file:read "a", "{}")
    shell(("test $(stat -c %%a %s) = 700 && test $(stat -c %%a %s/answer.lua) = 600"):format(to, to))
    local ok, reason = submissions.unpack(read_at(folder, "a.zip"), to)
    same(ok, nil)
    check(reason:find "out is there already")
    ok, reason = submissions.unpack({ files = {} }, folder .. "/no/where")
    same(ok, nil)
    check(reason:find "No such file")
    ok = submissions.unpack({ files = { ["a/" .. ("x"):rep(300)] = "" } }, folder .. "/half")
    same(ok, nil)
    check(not core.exists(folder .. "/half"))
  end)
end)

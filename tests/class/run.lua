-- run.lua: a class, marked: right answers, wrong ones, crashing, endless, memory-eating and cheating ones, and every attack on cells.
--
--   gradus tests/class/run.lua program=build/release/gradus out=build/class [students=200] [jobs=2]
--
-- Each student gets one of the kinds of answers.lua; one copies the values of another. Says what was not marked as it should be. Exit
-- status 1 then, when marking takes longer than 3 minutes, when a second run marks anything anew, or changes a file.
local gr = require "gradus"
local core = require "gradus.core"

local folder = arg[0]:match "^(.*)/[^/]*$" or "."
package.path = folder .. "/?.lua;" .. folder .. "/../?.lua;" .. package.path
local kinds = require "answers"
local tarball = require "tarball"

local given = { program = "build/release/gradus", out = "build/class", students = "200", jobs = "2" }
for _, word in ipairs(arg) do
  local name, value = word:match "^(%w+)=(.*)$"
  if name and given[name] then given[name] = value end
end
local most_seconds = 180
local out = given.out

-- ---- Files and programs

local function quoted(text) return "'" .. text:gsub("'", [['\'']]) .. "'" end

local function write(path, bytes)
  core.make_folder(path:match "^(.*)/")
  core.write_file(path, bytes)
end

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "a"
  file:close()
  return text
end

--- Runs gradus; what it printed, and its exit status.
local function gradus(...)
  local words = { quoted(given.program) }
  for _, word in ipairs { ... } do
    words[#words + 1] = quoted(word)
  end
  local pipe = assert(io.popen(table.concat(words, " ") .. " 2>&1 </dev/null"))
  local said = pipe:read "a"
  local _, _, status = pipe:close()
  return said, status
end

local function must(...)
  local said, status = gradus(...)
  if status ~= 0 then error(("gradus %s: status %d: %s"):format(table.concat({ ... }, " "), status, said), 0) end
  return said
end

-- ---- The class

local function id_of(i) return ("s%03d"):format(i) end

local function make_task(count)
  for _, name in ipairs { "assignment.lua", "reference.lua" } do
    write(("%s/task/%s"):format(out, name), read(("%s/task/%s"):format(folder, name)))
  end
  local lines = { "id,name" }
  for i = 1, count do
    lines[i + 1] = ("%s,학생 %d"):format(id_of(i), i)
  end
  write(out .. "/task/roster.csv", table.concat(lines, "\n") .. "\n")
  write(out .. "/task/course.key", ("6b"):rep(32) .. "\n") -- the same numbers each time
  must("hand-out", out .. "/task", "--roster", out .. "/task/roster.csv", "-o", out .. "/class")
end

--- A student who knows only what another was handed out: that one's inverse, written out.
local function copier(i)
  local answers = core.json_decode(read(out .. "/task/answers.json")).students
  local inverse = answers[id_of(i)].answers.q1.inverse
  local text = ("return { inverse = require('gradus').tensor(%s) }"):format(
    core.json_encode(inverse):gsub("%[", "{"):gsub("%]", "}")
  )
  return { "another's values", text = text, status = "marked", most = 3.5, copied = id_of(i) }
end

local function hand_in(id, kind)
  local path = ("%s/submissions/%s"):format(out, id)
  if kind.text then
    write(path .. ".lua", kind.text)
  elseif kind.pack == "tar" then
    write(path .. ".tar", tarball(kind.files))
    os.execute("gzip -nf " .. quoted(path .. ".tar"))
  else
    for _, file in ipairs(kind.files) do
      write(("%s/%s"):format(path, file[1]), file[2])
    end
  end
end

local function hand_all_in(count)
  local by_id = {}
  for i = 1, count do
    local kind = i == count and copier(1) or kinds[(i - 1) % #kinds + 1]
    by_id[id_of(i)] = kind
    hand_in(id_of(i), kind)
  end
  return by_id
end

-- ---- What came of it

--- What is wrong with a student's marks; nil when nothing is.
local function wrong_marks(one, kind)
  if kind.status and one.status ~= kind.status then
    return ("is %s (%s), not %s"):format(one.status, one.reason, kind.status)
  end
  if kind.points and one.points ~= kind.points then return ("has %g points, not %g"):format(one.points, kind.points) end
  if kind.most and one.points > kind.most then
    return ("has %g points, at most %g are due"):format(one.points, kind.most)
  end
  if kind.reason and not tostring(one.reason):find(kind.reason, 1, true) then
    return ("is %s, not '%s'"):format(one.reason, kind.reason)
  end
  if one.status ~= "marked" and not one.reason then return "has no reason" end
  if one.of ~= 10 then return ("is of %g points"):format(one.of) end
  return nil
end

local function count_wrong(by_id, count)
  local wrong = 0
  for i = 1, count do
    local id = id_of(i)
    local one = core.json_decode(read(("%s/marks/records/%s.json"):format(out, id)))
    local why = wrong_marks(one, by_id[id])
    if why then
      wrong = wrong + 1
      print(("%s (%s) %s"):format(id, by_id[id][1], why))
    end
  end
  return wrong
end

local function copies_found(count)
  local class = core.json_decode(read(out .. "/marks/class.json"))
  for _, one in ipairs(class.copied or {}) do
    if one.id == id_of(count) then return true end
  end
  return false
end

local function list(path)
  local pipe = assert(io.popen(("cd %s && find . -type f -printf '%%p %%T@ %%s\\n' | sort"):format(quoted(path))))
  local text = pipe:read "a"
  pipe:close()
  return text
end

local function grade()
  return must("grade", out .. "/task", out .. "/submissions", "-o", out .. "/marks", "-j", given.jobs)
end

local stands, why = pcall(require("gradus.cell").run, { script = "" })
if not stands then
  print("skipped: " .. why)
  os.exit(0, true)
end

os.execute("rm -rf " .. quoted(out))
local count = assert(math.tointeger(tonumber(given.students)))
make_task(count)
local by_id = hand_all_in(count)
local others = list(out .. "/task") .. list(out .. "/submissions") .. list(out .. "/class")

local from = gr.clock()
print((grade():gsub("%s+$", "")))
local seconds = gr.clock() - from
local wrong = count_wrong(by_id, count)

local function demand(holds, what)
  if holds then return end
  wrong = wrong + 1
  print(what)
end

local before = list(out .. "/marks")
local again = grade()
demand(again:find("0 marked anew", 1, true), "a second run marks somebody anew: " .. again)
demand(list(out .. "/marks") == before, "a second run changes a file")
demand(
  list(out .. "/task") .. list(out .. "/submissions") .. list(out .. "/class") == others,
  "marking changes a file of the teacher's"
)
demand(copies_found(count), "nobody is told of copied values")
demand(seconds < most_seconds, ("it took %.0f s; %d are the most"):format(seconds, most_seconds))
print(("Class: %d students in %.1f s, %d not as it should be"):format(count, seconds, wrong))
os.exit(wrong == 0 and 0 or 1, true)

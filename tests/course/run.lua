-- run.lua: the whole course: every experiment, and each of its figures beside the document's.
--
--   gradus tests/course/run.lua program=build/release/gradus out=build/course [jobs=2] [pictures=DIR] [--full] [--shipped] [--brief]
--     [WORD ...]
--
-- Words choose experiments by name and head. Without --full, experiments run with the words of their "Fast:" line; --shipped leaves out
-- those that need data from elsewhere; --brief prints only what is wrong, and the last line. What each prints goes to
-- OUT/NAME.txt, and what it draws, with pictures=DIR, to DIR/NAME. Exit status 1 when an experiment fails, a figure is off, or a
-- figure of golden/seeds.lua has no experiment.
local gr = require "gradus"
local options = require "gradus.options"
local sets = require "gradus.sets"
local width = require "gradus.width"

local folder = arg[0]:match "^(.*)/[^/]*$" or "."
package.path = folder .. "/?.lua;" .. folder .. "/../?.lua;" .. package.path
local compare = require "compare"
local golden = require "golden.seeds"

local given = {
  program = "build/release/gradus",
  out = "build/course",
  experiments = folder .. "/../../experiments",
  jobs = "2",
  pictures = "",
}
local words = {}
for _, word in ipairs(arg) do
  local name, value = word:match "^(%w+)=(.*)$"
  if name and given[name] then
    given[name] = value
  elseif word == "--full" or word == "--brief" or word == "--shipped" then
    given[word:sub(3)] = true
  else
    words[#words + 1] = word
  end
end

local function quoted(text) return "'" .. text:gsub("'", [['\'']]) .. "'" end

local function lines_of(command)
  local list, pipe = {}, assert(io.popen(command))
  for line in pipe:lines() do
    list[#list + 1] = line
  end
  pipe:close()
  return list
end

-- ---- The experiments

--- The comment that an experiment begins with, in small letters, and the other lines.
local function parts_of(path)
  local head, body, file = {}, {}, assert(io.open(path))
  for line in file:lines() do
    local to = #body == 0 and line:find "^%-%-" and head or body
    to[#to + 1] = line
  end
  file:close()
  return table.concat(head, "\n"):lower(), table.concat(body, "\n")
end

--- Whether its name or its head has all the words; of words with commas between them one is enough.
local function chosen(name, said)
  for _, word in ipairs(words) do
    local found = false
    for one in word:lower():gmatch "[^,]+" do
      local number = one:match "^%d%d$" -- of an experiment
      found = found or name:find(one, 1, true) == 1 or not number and (name .. "\n" .. said):find(one, 1, true)
    end
    if not found then return false end
  end
  return true
end

--- What the head of an experiment says behind "-- Fast:" and "-- Needs:".
local function head(path)
  local said = {}
  for line in io.lines(path) do
    local key, text = line:match "^%-%-%s*(%u%l+):%s+(.-)%s*$"
    if not line:find "^%-%-" then break end
    if key then said[key:lower()] = text end
  end
  return said
end

--- The data set that it needs and that is not on this machine; nil: none.
local function lacking(needs)
  for name in (needs or ""):gmatch "[%w_]+" do
    local _, paths = sets.find(sets[name])
    if not paths then return name end
  end
end

local all_names = {}

--- An experiment that was asked for; nil for others.
local function asked_for(name)
  local path = ("%s/%s.lua"):format(given.experiments, name)
  local comment, code = parts_of(path)
  if not chosen(name, comment) then return nil end
  local said = head(path)
  if said.needs and given.shipped then return nil end
  local words_of_it = not given.full and said.fast or ""
  return { name = name, path = path, code = code, lacks = lacking(said.needs), words = words_of_it }
end

--- Files that are no experiments, and folders, are passed over.
local function find_experiments()
  local list = {}
  for _, file in ipairs(lines_of("ls " .. quoted(given.experiments))) do
    local name = file:match "^(%d%d_.*)%.lua$"
    all_names[#all_names + 1] = name
    list[#list + 1] = name and asked_for(name) or nil
  end
  return list
end

--- The command that runs one. Its figures go to a file of their own, which is there only when it has ended well.
local function command_of(e)
  local to = given.out .. "/" .. e.name
  local parts = {
    quoted(given.program),
    "--quiet --no-record",
    quoted(folder .. "/one.lua"),
    quoted(to .. ".figures"),
    quoted(e.path),
    e.words,
    given.pictures ~= "" and quoted(("--out=%s/%s"):format(given.pictures, e.name)) or "",
  }
  return ("rm -f %s; %s > %s 2>&1"):format(quoted(to .. ".figures"), table.concat(parts, " "), quoted(to .. ".txt"))
end

local function run_all(list)
  local commands = {}
  for i = #list, 1, -1 do -- the longer ones stand further back
    if not list[i].lacks then commands[#commands + 1] = quoted(command_of(list[i])) end
  end
  os.execute("mkdir -p " .. quoted(given.out))
  local all = table.concat(commands, " ")
  os.execute(("printf '%%s\\0' %s | xargs -0 -P %d -n 1 sh -c"):format(all, tonumber(given.jobs)))
end

-- ---- The table

local counts = { agree = 0, numpy = 0, differs = 0, off = 0, skipped = 0, failed = 0 }
local seen = {}

local function row(...)
  local columns, parts = { 28, 38, 34, 34, 0 }, { ... }
  for i, part in ipairs(parts) do
    parts[i] = width.pad(part, columns[i])
  end
  if not given.brief then print(table.concat(parts, " ")) end
end

--- What is to be said about a figure, and how it is counted: as printed, as NumPy computes it where no document prints it, as
--- different for a known reason, or as off.
local function judge(ours, entry)
  if entry.value == nil then
    local like = compare.count(ours) == compare.count(entry.printed)
    if like then return "differs", "document: " .. entry.quirk end
    return "off", ("NO: the document has %d figures"):format(compare.count(entry.printed))
  elseif not compare.computed(ours, entry) then
    return "off", ("NO: NumPy has %s"):format(compare.show(entry.value, 60))
  elseif not entry.printed then
    return entry.abs and "numpy" or "differs", entry.abs and "as NumPy has it" or entry.quirk
  elseif entry.deterministic == false or not compare.printed(ours, entry) then
    local near = entry.deterministic ~= false and compare.near_printed(ours, entry)
    if near then
      return "agree", ("yes, to %g: %s"):format(math.max(entry.abs, entry.rel), entry.quirk or "rounding")
    end
    if entry.quirk then return "differs", "as NumPy has it; document: " .. entry.quirk end
    return "off", "NO: the document prints another figure, and no reason is known"
  end
  return "agree", "yes"
end

local function figure_row(e, id, ours)
  local entry = golden[id]
  if not entry then return end -- a figure that no document has
  seen[id] = true
  local kind, verdict = judge(ours, entry)
  local all, some = compare.count(entry.value), compare.count(ours)
  if entry.value ~= nil and some < all then
    verdict = ("%s (first %d of %d)"):format(verdict, some, all)
    if given.full then
      kind, verdict = "off", ("NO: only %d of %d figures"):format(some, all)
    end
  end
  counts[kind] = counts[kind] + 1
  row(e.name, id, compare.show(entry.printed, 34), compare.show(ours, 34), verdict)
  if kind == "off" then
    io.stderr:write(("%s: %s: %s; got %s\n"):format(e.name, id, verdict, compare.show(ours, 80)))
  end
end

--- The figures that an experiment would give, by its code, and has not: it ran shortened, or not at all.
local function withheld(e)
  local ids = {}
  for id in e.code:gmatch '%["(%d%d%d%.[^"]+)"%]' do
    if golden[id] and not seen[id] then ids[#ids + 1] = id end
  end
  return ids
end

local function last_line(path)
  local last = ""
  for line in io.lines(path) do
    if line ~= "" then last = line end
  end
  return last
end

local function report(e)
  local to = given.out .. "/" .. e.name
  if e.lacks then
    counts.skipped = counts.skipped + 1
    row(e.name, "", "", "", ("skipped: %s is not on this machine: gradus data %s"):format(e.lacks, e.lacks))
    return
  end
  local chunk = loadfile(to .. ".figures", "t", {})
  if not chunk then
    counts.failed = counts.failed + 1
    io.stderr:write(("%s: failed: %s (all of it in %s.txt)\n"):format(e.name, last_line(to .. ".txt"), to))
    return
  end
  local figures, seconds = chunk()
  local ids = {}
  for id in pairs(figures) do
    ids[#ids + 1] = id
  end
  table.sort(ids)
  e.seconds = seconds
  for _, id in ipairs(ids) do
    figure_row(e, id, figures[id])
  end
  for _, id in ipairs(e.words ~= "" and withheld(e) or {}) do
    row(e.name, id, compare.show(golden[id].printed, 34), "-", "only in a whole run: FULL=1")
  end
  row(e.name, "", "", "", ("ran in %.1f s%s"):format(seconds, e.words ~= "" and (" with " .. e.words) or ""))
end

--- Every figure of the course has an experiment that computes it.
local function check_all_seen(experiments)
  local there = {}
  for _, e in ipairs(experiments) do
    for _, id in ipairs(withheld(e)) do
      there[id] = true
    end
  end
  if #words > 0 or given.shipped then return end
  for _, id in ipairs(options.sorted_keys(golden)) do
    if not seen[id] and not there[id] then
      io.stderr:write(("%s: no experiment gives this figure\n"):format(id))
      counts.off = counts.off + 1
    end
  end
end

local started = gr.clock()
local experiments = find_experiments()
if #experiments == 0 then
  local known = "no experiment has these words in its name or its head: %s; they are: %s\n"
  io.stderr:write(known:format(table.concat(words, " "), table.concat(all_names, " ")))
  os.exit(1, true)
end
run_all(experiments)
row("experiment", "figure", "the document's", "ours", "agree")
for _, e in ipairs(experiments) do
  report(e)
end
check_all_seen(experiments)
local took = ("Course: %d experiments in %.0f s"):format(#experiments, gr.clock() - started)
local figures =
  "%d figures as the documents print them, %d that they do not print as NumPy has them, %d differ for a known reason"
figures = figures:format(counts.agree, counts.numpy, counts.differs)
local rest = ("%d are off; %d experiments skipped, %d failed"):format(counts.off, counts.skipped, counts.failed)
print(("%s: %s, %s"):format(took, figures, rest))
os.exit(counts.off + counts.failed == 0, true)

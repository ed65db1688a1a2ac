-- run.lua: the whole course: every experiment, and each of its figures beside the document's.
--
--   gradus tests/course/run.lua program=build/release/gradus out=build/course [jobs=2] [--full] [--shipped] [--brief] [WORD ...]
--
-- Words choose experiments by name. Without --full, experiments run with the words of their "Fast:" line; --shipped leaves out
-- those that need data from elsewhere; --brief prints only what is wrong, and the last line. What each prints goes to
-- OUT/NAME.txt. Exit status 1 when an experiment fails, a figure is off, or a figure of golden/seeds.lua has no experiment.
local gr = require "gradus"
local width = require "gradus.width"

local folder = arg[0]:match "^(.*)/[^/]*$" or "."
package.path = folder .. "/?.lua;" .. folder .. "/../?.lua;" .. package.path
local compare = require "compare"
local golden = require "golden.seeds"

local given =
  { program = "build/release/gradus", out = "build/course", experiments = folder .. "/../../experiments", jobs = "2" }
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

local function chosen(name)
  for _, word in ipairs(words) do
    if name:find(word, 1, true) then return true end
  end
  return #words == 0
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
    if not pcall(gr.data[name], { bytes = true }) then return name end
  end
end

local function find_experiments()
  local list = {}
  for _, file in ipairs(lines_of("ls " .. quoted(given.experiments))) do
    local name = file:match "^(%d%d_.*)%.lua$"
    if name and chosen(name) then
      local path = given.experiments .. "/" .. file
      local said = head(path)
      local words_of = not given.full and said.fast or ""
      local e = { name = name, path = path, words = words_of, lacks = lacking(said.needs) }
      if not (said.needs and given.shipped) then list[#list + 1] = e end
    end
  end
  return list
end

--- The command that runs one. Its figures go to a file of their own, which is there only when it has ended well.
local function command_of(e)
  local to = given.out .. "/" .. e.name
  local parts = {
    quoted(given.program),
    "--quiet",
    quoted(folder .. "/one.lua"),
    quoted(to .. ".figures"),
    quoted(e.path),
    e.words,
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

local counts = { agree = 0, differs = 0, off = 0, skipped = 0, failed = 0 }
local seen = {}

local function row(...)
  local columns, parts = { 28, 38, 34, 34, 0 }, { ... }
  for i, part in ipairs(parts) do
    parts[i] = width.pad(part, columns[i])
  end
  if not given.brief then print(table.concat(parts, " ")) end
end

--- What is to be said about a figure: whether it agrees, differs from what is printed for a known reason, or is off.
local function judge(ours, entry)
  if entry.value ~= nil and not compare.computed(ours, entry) then
    return "off", ("NO: expected %s"):format(compare.show(entry.value, 60))
  elseif entry.value ~= nil and entry.printed == nil and entry.abs then
    return "agree", "yes, printed nowhere"
  elseif entry.value ~= nil and entry.deterministic ~= false and compare.printed(ours, entry) then
    return "agree", "yes"
  elseif entry.quirk then
    return "differs", (entry.value ~= nil and "as computed; " or "") .. "document: " .. entry.quirk
  end
  return "off", "NO: the document prints another figure, and no fault of it is known"
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
  row(e.name, "", "", "", ("ran in %.1f s%s"):format(seconds, e.words ~= "" and (" with " .. e.words) or ""))
end

--- The text of the experiments that ran shortened: what they give only when they run whole stands there.
local function shortened_text()
  local texts = {}
  for _, e in ipairs(find_experiments()) do
    if e.words ~= "" then
      local file <close> = assert(io.open(e.path))
      texts[#texts + 1] = file:read "a"
    end
  end
  return table.concat(texts)
end

--- Every figure of the course has an experiment that computes it.
local function check_all_seen()
  if #words > 0 or given.shipped or counts.skipped > 0 or counts.failed > 0 then return end
  local ids, text = {}, shortened_text()
  for id in pairs(golden) do
    if not seen[id] and not text:find(('["%s"]'):format(id), 1, true) then ids[#ids + 1] = id end
  end
  table.sort(ids)
  for _, id in ipairs(ids) do
    io.stderr:write(("%s: no experiment gives this figure\n"):format(id))
  end
  counts.off = counts.off + #ids
end

local started = gr.clock()
local experiments = find_experiments()
run_all(experiments)
row("experiment", "figure", "the document's", "ours", "agree")
for _, e in ipairs(experiments) do
  report(e)
end
check_all_seen()
local took = ("Course: %d experiments in %.0f s"):format(#experiments, gr.clock() - started)
local figures = ("%d figures agree, %d differ for a known reason, %d are off"):format(
  counts.agree,
  counts.differs,
  counts.off
)
print(("%s: %s; %d experiments skipped, %d failed"):format(took, figures, counts.skipped, counts.failed))
os.exit(#experiments > 0 and counts.off + counts.failed == 0, true)

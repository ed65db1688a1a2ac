--- submissions: what the students of a class handed in, found in a folder and read without trust.
---
---   local entries, problems = submissions.list("handed-in", { "s001", "s002" })
---   for _, entry in ipairs(entries) do
---     local read, reason = submissions.read(entry, "answer.lua")
---     if read then print(entry.id, read.file, #read.text) else print(entry.id, reason) end
---   end
---
--- A submission is a file, a folder, a .zip or a .tar.gz. Nothing in it is run, written or followed: links, names that lead elsewhere and
--- archives that swell are refused (submission_files.lua has the caps).
local core = require "gradus.core"
local digest = require "gradus.digest"
local submission_files = require "gradus.submission_files"
local submission_tar = require "gradus.submission_tar"
local submission_zip = require "gradus.submission_zip"

local submissions = {}

local refuse, shown, caps = submission_files.refuse, submission_files.shown, submission_files.caps

-- ---- Whose it is

local endings = {
  { ".tar.gz", "tar.gz" },
  { ".tgz", "tar.gz" },
  { ".zip", "zip" },
  { ".lua", "file" },
  { ".lua.txt", "file" }, -- what some editors of Windows save
}

--- What a name without its ending says of the kind; nil for an ending that is none of ours.
local function kind_of(name)
  for _, one in ipairs(endings) do
    local ending, kind = one[1], one[2]
    if name:sub(-#ending):lower() == ending then return kind, name:sub(1, -#ending - 1) end
  end
  return nil, name
end

--- Where the id stands in a name, both in small letters: { from, to } each time, with no letter or digit of English beside it. A letter
--- of Korean may stand there: ids have none, so that none is a part of one.
local function places(name, id)
  local found, from = {}, 1
  while true do
    local first, last = name:find(id, from, true)
    if not first then return found end
    local before, behind = name:sub(first - 1, first - 1), name:sub(last + 1, last + 1)
    if first == 1 then before = "" end
    if not before:find "%w" and not behind:find "%w" then found[#found + 1] = { first, last, id } end
    from = first + 1
  end
end

--- Whether another match holds this one and is longer: s001_2 in a class that has s001, too.
local function is_part(one, all)
  for _, other in ipairs(all) do
    if other[1] <= one[1] and other[2] >= one[2] and other[2] - other[1] > one[2] - one[1] then return true end
  end
  return false
end

--- The known ids in a name, sorted.
---@param name string     of a file or folder, without its ending
---@param ids string[]
---@return string[]
function submissions.owners(name, ids)
  local all, own, owners, seen = {}, {}, {}, {}
  for _, id in ipairs(ids) do
    own[id:lower()] = id
    for _, place in ipairs(places(name:lower(), id:lower())) do
      all[#all + 1] = place
    end
  end
  for _, one in ipairs(all) do
    if not seen[one[3]] and not is_part(one, all) then
      seen[one[3]] = true
      owners[#owners + 1] = own[one[3]]
    end
  end
  table.sort(owners)
  return owners
end

-- ---- What was handed in

local most_inside = 1000 -- things in a folder without an id that are looked at

--- Whose a folder is by what lies in it, where its own name does not say: platforms put a student's upload into a folder of theirs.
local function owners_inside(path, ids)
  local seen, owners = {}, {}
  for _, one in ipairs(core.list_below(path, "", most_inside) or {}) do
    if not submission_files.is_junk(one.name) then
      local kind, stem = kind_of(one.name)
      for _, id in ipairs(submissions.owners(kind and stem or one.name, ids)) do
        if not seen[id] then owners[#owners + 1] = id end
        seen[id] = true
      end
    end
  end
  return owners
end

--- The entry of something in the folder; nil and a problem.
local function entry_of(folder, found, ids)
  local path = ("%s/%s"):format(folder, found.name)
  local kind, stem = kind_of(found.name)
  if found.kind == "folder" then
    kind, stem = "folder", found.name
  elseif found.kind == "link" then
    kind = kind or "file" -- reading it says what it is
  end
  local owners = submissions.owners(stem, ids)
  if #owners == 0 and found.kind == "folder" then owners = owners_inside(path, ids) end
  if #owners == 0 then return nil, { path = path, reason = "its name holds no known student id" } end
  if #owners > 1 then
    local reason = ("its name holds more than one student id: %s"):format(table.concat(owners, " "))
    return nil, { path = path, reason = reason }
  end
  if not kind then
    local reason = "it is none of what is read: a .lua file, a folder, a .zip, a .tar.gz"
    return nil, { path = path, id = owners[1], reason = reason }
  end
  return { id = owners[1], path = path, kind = kind, modified = found.modified }
end

--- Which of two submissions of one student counts: numbers.lua, handed in beside the answer, is none; then the newer.
local function comes_before(a, b)
  local a_given, b_given = submissions.is_given(a.path), submissions.is_given(b.path)
  if a_given ~= b_given then return b_given end
  if a.modified ~= b.modified then return a.modified > b.modified end
  return a.path < b.path
end

--- One entry a student, and a problem for each other.
local function one_each(by_id, problems)
  local entries = {}
  for _, list in pairs(by_id) do
    table.sort(list, comes_before)
    local taken = list[1]
    entries[#entries + 1] = taken
    for i = 2, #list do
      local why = submissions.is_given(list[i].path) and "this is a file that students were given"
        or taken.modified > list[i].modified and "it is newer"
        or "both are of the same time"
      local reason = ("%s handed in %s, too, which is taken: %s"):format(taken.id, taken.path, why)
      problems[#problems + 1] = { path = list[i].path, id = taken.id, reason = reason }
    end
  end
  table.sort(entries, function(a, b) return a.id < b.id end)
  table.sort(problems, function(a, b) return a.path < b.path end)
  return entries
end

--- What lies in a folder of submissions, one entry a student, sorted by id:
--- { id, path, kind = "file"|"folder"|"zip"|"tar.gz", modified }.
--- Names are what learning platforms make of them: an id may stand anywhere between characters that are no letters or digits of English,
--- in capitals or not; the longest counts. A folder without one is known by what lies in it. Of two submissions of a student the newer is
--- taken. What cannot be given to one student, or is not taken, is a problem { path, reason, id }: nothing is passed over in silence but
--- what systems and editors leave.
--- Gives nil and the reason when the folder cannot be read.
---@param folder string
---@param ids string[]   of the students
---@return table[]? entries, table[]|string problems
function submissions.list(folder, ids)
  local found, wrong = core.list_below(folder, "", math.maxinteger)
  if not found then return nil, wrong end
  local by_id, problems = {}, {}
  for _, one in ipairs(found) do
    if not submission_files.is_junk(one.name) then
      local entry, problem = entry_of(folder, one, ids)
      if entry then
        by_id[entry.id] = by_id[entry.id] or {}
        table.insert(by_id[entry.id], entry)
      end
      problems[#problems + 1] = problem
    end
  end
  return one_each(by_id, problems), problems
end

-- ---- Reading

--- The folder that a path lies in, and its name there.
local function split(path)
  local folder, name = path:match "^(.*)/([^/]+)$"
  return folder == "" and "/" or folder or ".", name or path
end

--- A file's bytes, which may be read whatever it is.
local function read_below(folder, inside, most)
  local bytes, wrong = core.read_below(folder, inside, most)
  return bytes or refuse("%s", submission_files.line(wrong))
end

--- Collects the files of a folder. Of one with too many names, what is passed over among them, some might be missed, and which goes by
--- chance: that is refused.
local function fill_from_folder(pile, top, inside, from_there)
  local list, wrong = core.list_below(top, inside, caps.members + 1)
  if not list then refuse("%s", submission_files.line(wrong)) end
  if #list > caps.members then
    refuse("it holds more than %d files and folders, with those that are passed over", caps.members)
  end
  table.sort(list, function(a, b) return a.name < b.name end)
  for _, one in ipairs(list) do
    local there = from_there and ("%s/%s"):format(from_there, one.name) or one.name
    local name = not submission_files.is_junk(one.name) and pile:enter(there)
    if name and one.kind == "folder" then
      pile:folder(name)
      fill_from_folder(pile, top, ("%s/%s"):format(inside, one.name), there)
    elseif name and one.kind == "file" then
      local bytes = read_below(top, ("%s/%s"):format(inside, one.name), caps.file)
      pile:announce(name, #bytes)
      pile.files[name] = bytes
    elseif name then
      local kind = one.kind == "link" and "symbolic link" or one.kind
      refuse("%s is a %s: only files and folders are read", shown(there), kind)
    end
  end
end

--- What archives begin with.
local beginnings = {
  { "PK\3\4", fill = submission_zip.fill },
  { "PK\5\6", fill = submission_zip.fill },
  { "\x1F\x8B", fill = submission_tar.fill },
  { "Rar!", is = "a RAR archive" },
  { "7z\xBC\xAF\x27\x1C", is = "a 7-Zip archive" },
  { "BZh", is = "compressed by bzip2" },
  { "\xFD7zXZ", is = "compressed by xz" },
}

--- Collects the files of an archive, whichever it is: its name may say another kind.
local function fill_from_archive(pile, bytes)
  for _, one in ipairs(beginnings) do
    if bytes:sub(1, #one[1]) == one[1] then
      if one.is then refuse("it is %s: only .zip and .tar.gz are read", one.is) end
      return one.fill(pile, bytes)
    end
  end
  refuse(bytes == "" and "it is empty" or "it is no zip and no tar.gz archive, whatever its name says")
end

--- The only file's name, where that is an archive: platforms put what was uploaded into a folder.
local function only_archive(files)
  local name = next(files)
  local kind = name and next(files, name) == nil and kind_of(name)
  return (kind == "zip" or kind == "tar.gz") and name or nil
end

local function fill(pile, entry, file)
  local folder, name = split(entry.path)
  if entry.kind == "file" then
    pile.files[submissions.is_given(name) and name or file] = read_below(folder, name, caps.answer)
  elseif entry.kind == "folder" then
    fill_from_folder(pile, folder, name)
    local archive = only_archive(pile.files)
    if not archive then return end
    local bytes = pile.files[archive]
    pile.files, pile.announced, pile.folders, pile.bytes = {}, {}, {}, 0
    fill_from_archive(pile, bytes)
  else
    fill_from_archive(pile, read_below(folder, name, caps.archive))
  end
end

-- ---- The answer

--- The folder that everything lies in, with its slash; nil when there is none.
local function wrapper(files)
  local name = next(files)
  local top = name and name:match "^[^/]+/"
  for path in pairs(files) do
    if path:sub(1, #(top or "")) ~= top then return nil end
  end
  return top
end

--- The files as they lie in the folder that programs wrap around what they pack.
local function unwrapped(files)
  local top = wrapper(files)
  if not top then return files end
  local inner = {}
  for path, bytes in pairs(files) do
    inner[path:sub(#top + 1)] = bytes
  end
  return unwrapped(inner)
end

local given = { ["numbers.lua"] = true, ["visible.lua"] = true }

--- Whether a path is that of a file which students get with the task, also where a platform wrote their names in front.
---@param path string
---@return boolean
function submissions.is_given(path)
  local name = path:match("[^/]*$"):lower()
  return given[name] or given[name:match "[^_%s]*$"] or false
end

local function sorted_names(files)
  local names = {}
  for name in pairs(files) do
    names[#names + 1] = name
  end
  table.sort(names)
  return names
end

--- What was handed in in place of an answer, for the message.
local function listing(names)
  local most, list = 10, {}
  for i = 1, math.min(#names, most) do
    list[i] = shown(names[i])
  end
  if #names > most then list[#list + 1] = ("and %d more"):format(#names - most) end
  return #list > 0 and "it holds " .. table.concat(list, ", ") or "it holds nothing"
end

--- Where the answer is; notes say when it is not where it should be.
local function find_answer(files, file, notes)
  if files[file] then return file end
  local names, scripts = sorted_names(files), {}
  for _, name in ipairs(names) do
    if kind_of(name) == "file" and not submissions.is_given(name) then scripts[#scripts + 1] = name end
  end
  if #scripts ~= 1 then refuse("there is no %s: %s", file, listing(names)) end
  notes[#notes + 1] = ("there is no %s; %s, the only script, is taken"):format(file, scripts[1])
  return scripts[1]
end

--- Windows' Notepad calls it Unicode. Bytecode begins with an escape character, and is refused where it would be run.
local function is_utf16(text)
  local first, second = text:byte(1, 2)
  if not second or first == 0x1B then return false end
  return first == 0xFF and second == 0xFE or first == 0xFE and second == 0xFF or first == 0 or second == 0
end

local function check_answer(file, text)
  if #text > caps.answer then refuse("%s has more than %s", shown(file), digest.bytes(caps.answer)) end
  if is_utf16(text) then refuse("%s is UTF-16 text: save it as UTF-8", file) end
end

--- SHA-256 of names and bytes, the same in whatever order they came.
local function sum_of(files)
  local lines = {}
  for i, name in ipairs(sorted_names(files)) do
    lines[i] = ("%d:%s %s\n"):format(#name, name, core.sha256_text(files[name]))
  end
  return core.sha256_text(table.concat(lines))
end

--- Reads a submission into memory: { files, text, file, sha256, notes }. files has the bytes by name, from the folder on in which all
--- lies; text is the answer's, at `file`, where the assignment wants it or, with a note, the only script there is; sha256 is of names and
--- bytes of all files, however they were packed. What systems and editors leave (.DS_Store, __MACOSX) is passed over.
--- Gives nil and the reason when it is refused: for a link, device or pipe, a name that leads elsewhere or stands there twice, more than
--- 1000 members, 16 MB a file, 64 MB in all or 4 MB of answer, checked while it unpacks; for a torn, encrypted or unknown archive; without
--- an answer.
---@param entry { path: string, kind: string }   of submissions.list
---@param file string                             the assignment's, "answer.lua"
---@return table? read, string? reason
function submissions.read(entry, file)
  local pile, reason = submission_files.collect(function(pile) fill(pile, entry, file) end)
  if not pile then return nil, reason end
  local files, notes = unwrapped(pile.files), {}
  if pile.escaped then notes[1] = "names that are not in UTF-8 are shown with %XX for each such byte" end
  return submission_files.attempt(function()
    local at = find_answer(files, file, notes)
    check_answer(at, files[at])
    return { files = files, text = files[at], file = at, sha256 = sum_of(files), notes = notes }
  end)
end

-- ---- Writing it out

local function write_files(files, folder)
  for _, name in ipairs(sorted_names(files)) do
    local path = ("%s/%s"):format(folder, name)
    core.make_folder(path:match "^(.*)/")
    core.append_private(path, files[name])
  end
end

--- Writes the files that were read below a new folder, which nobody else may look into: for runs that are to be replayed. Whoever
--- called takes it away afterwards. Gives nil and the reason when that cannot be done; then nothing stays.
---@param read { files: table<string, string> }   what submissions.read gave
---@param folder string                            must not be there yet
---@return boolean?, string? reason
function submissions.unpack(read, folder)
  local ok, made = pcall(core.new_private_folder, folder)
  if not ok then return nil, made end
  if not made then return nil, ("%s is there already"):format(folder) end
  local written, wrong = pcall(write_files, read.files, folder)
  if written then return true end
  pcall(core.remove_folder, folder)
  return nil, wrong
end

return submissions

--- fetch: brings the files of a data set into the user's data folder, from the net by curl or from a folder.
---
--- A file comes as NAME.part beside its place. Only when its SHA-256 is a published one does it get its name, so whatever ends
--- the work before that loses nothing: the next call goes on from there.
local core = require "gradus.core"
local progress = require "gradus.progress"
local sets = require "gradus.sets"

local fetch = {}

-- ---- Known files

--- Whether a file is the one that is published, by its bytes or by what they unpack to; false and what it is instead.
---@return boolean, string?
function fetch.is_right(path, file)
  local sum = core.sha256(path)
  if sum == file.sha256 or sum == file.gz_sha256 then return true end
  local content, reason = core.sha256_content(path, file.bytes)
  if content == file.sha256 then return true end
  local bytes = not path:find "%.gz" and sets.size(path)
  if bytes and bytes ~= file.bytes then
    return false, ("it has %d bytes, the published one %d"):format(bytes, file.bytes)
  end
  return false, reason or ("its content has SHA-256 %s, the published %s"):format(content, file.sha256)
end

--- The folder that gr.data would read the set from, and the paths of its files, when they are as they are published.
---@return string?, string[]?
function fetch.find(set)
  local folder, paths = sets.find(set)
  if not paths then return nil end
  for i, path in ipairs(paths) do
    if not fetch.is_right(path, set.files[i]) then return nil end
  end
  return folder, paths
end

-- ---- From the net

--- file: is for tests and for disks that a network shares; no other kind of address has anything to do here.
local function curl_words(url, part)
  local words = {
    "curl --silent --show-error --fail --location --globoff --proto =http,https,ftp,file --proto-redir =http,https",
    "--continue-at - --retry 2 --connect-timeout 20 --speed-limit 1 --speed-time 60 --max-filesize 100000000",
  }
  local list = {}
  for word in table.concat(words, " "):gmatch "%S+" do
    list[#list + 1] = word
  end
  table.move({ "--output", part, "--url", url }, 1, 4, #list + 1, list)
  return list
end

--- "[#####     ]  4.2 of 9.9 MB"
local function bar_text(got, all)
  local width = 30
  local full = math.min(width, got * width // all)
  return ("[%s%s]  %.1f of %.1f MB"):format(("#"):rep(full), (" "):rep(width - full), got / 1e6, all / 1e6)
end

local function refuse_without_curl(reason)
  local advice = "On Debian: apt-get install curl; or give a folder that holds the files: --from FOLDER"
  core.raise(("data: files are fetched by curl, which cannot be started (%s). %s"):format(reason, advice))
end

--- Runs curl. Returns its exit status and its own words about what went wrong.
local function transfer(url, part, bytes, line)
  local child <close>, reason = core.child(curl_words(url, part))
  if not child then refuse_without_curl(reason) end
  local status, said
  repeat
    line:draw("%s  %s", url:match "[^/]*$", bar_text(sets.size(part) or 0, bytes))
    status, said = child:wait(0.2)
  until status
  if status == 127 then refuse_without_curl "status 127" end
  local last = said:match "([^\n]*)\n*$" -- each try has a line
  return status, (last:gsub("^curl: %(%d+%) ", ""))
end

-- curl's exit statuses (man curl).
local not_written, no_range, wrong_range = 23, 33, 36
local no_file = { [37] = true, [78] = true } -- of file: and ftp:
local no_page = { ["403"] = true, ["404"] = true, ["410"] = true } -- 403: what Amazon says of a name that is not there

local function refuse_disk(part, said)
  local f, reason = io.open(part, "ab")
  if f then f:close() end
  local why = f and said .. " (is the disk full?)" or reason:sub(#part + 3) -- behind "PART: "
  core.raise(("data: %s could not be written: %s"):format(part, why))
end

--- Fetches url, going on where part ends. True; false and why it failed; nil when there is no such file.
local function download(url, part, bytes, line)
  local status, said = transfer(url, part, bytes, line)
  local code = status == 22 and said:match "error: (%d+)"
  if sets.size(part) and (status == no_range or status == wrong_range or code == "416") then
    os.remove(part)
    status, said = transfer(url, part, bytes, line)
    code = status == 22 and said:match "error: (%d+)"
  end
  if status == not_written then refuse_disk(part, said) end
  if status == 0 and sets.size(part) then return true end
  if sets.size(part) == 0 then os.remove(part) end
  if no_file[status] or no_page[code] then return nil, said end
  return false, said ~= "" and said or ("curl ended with status %d"):format(status)
end

-- ---- Places

--- A place is { text =, get = function(name, part, bytes, line) }, get as download above.
local function address(base)
  base = base:gsub("[^/]$", "%0/"):gsub(" ", "%%20")
  return {
    text = base,
    get = function(name, part, bytes, line) return download(base .. name, part, bytes, line) end,
  }
end

local function folder_place(folder)
  folder = core.full_path(folder)
  return {
    text = folder:gsub("/*$", "/"),
    get = function(name, part)
      local path = ("%s/%s"):format(folder, name)
      if not sets.size(path) then return nil, "it is not there" end
      core.copy_file(path, part)
      return true
    end,
  }
end

--- Whether text is an address rather than a folder's name.
function fetch.is_address(text) return text:match "^%a[%w+.-]*://" ~= nil end

local function places(set, from)
  if from then return { fetch.is_address(from) and address(from) or folder_place(from) } end
  local list = {}
  for i, base in ipairs(set.addresses) do
    list[i] = address(base)
  end
  return list
end

-- ---- One file

--- Has the file at part, and right: as an earlier call left it, or from the place. True; false and why it failed; nil when the
--- place has no such file. What was left may belong to another mirror's packing: then all of it is fetched once more.
local function get_right(place, name, part, file, line)
  local bytes = name == file.name and file.bytes or file.gz_bytes
  for _ = 1, 2 do
    local left = sets.size(part)
    if left and fetch.is_right(part, file) then return true end
    local got, why = place.get(name, part, bytes, line)
    if not got then return got, why end
    local right, wrong = fetch.is_right(part, file)
    if right then return true end
    os.remove(part)
    if not left then return false, ("%s: %s"):format(name, wrong) end
  end
  return false, ("%s: what came twice is not the published file"):format(name)
end

--- The name, with a number behind it if a file has it already.
local function free_name(path)
  local name, number = path, 1
  while sets.size(name) do
    number = number + 1
    name = path .. number
  end
  return name
end

--- Gives what was brought its name. A file that stood there and was wrong is kept as NAME.old.
local function put_in_place(folder, file, name, part)
  for _, ending in ipairs { "", ".gz" } do
    local path = ("%s/%s%s"):format(folder, file.name, ending)
    if sets.size(path) then core.place_file(path, free_name(path .. ".old")) end
  end
  core.place_file(part, ("%s/%s"):format(folder, name))
  for _, ending in ipairs { "", ".gz" } do
    os.remove(("%s/%s%s.part"):format(folder, file.name, ending))
  end
end

--- Brings a file from the place; its name there, or nil and why not.
local function bring_from(place, file, folder, line)
  for _, ending in ipairs { ".gz", "" } do
    local name = file.name .. ending
    local part = ("%s/%s.part"):format(folder, name)
    local got, why = get_right(place, name, part, file, line)
    if got then
      put_in_place(folder, file, name, part)
      return name
    elseif got == false then
      return nil, why
    end
  end
  return nil, ("it has neither %s.gz nor %s"):format(file.name, file.name)
end

--- Brings a file from the first place that has it. A place that fails is not asked again. Returns the file's name and the place.
local function bring(set, file, folder, list, failures, line)
  while list[1] do
    local name, why = bring_from(list[1], file, folder, line)
    if name then return name, list[1] end
    failures[#failures + 1] = ("\n  %s: %s"):format(list[1].text, why)
    table.remove(list, 1)
  end
  local elsewhere = ("Another place: gradus data %s --from URL-or-folder"):format(set.name)
  if set.package then elsewhere = ("%s; on Debian also: apt-get install %s"):format(elsewhere, set.package) end
  core.raise(
    ("data: %s: %s could not be fetched:%s\nWhat has come is kept in %s, and the same command goes on from there. %s."):format(
      set.name,
      file.name,
      table.concat(failures),
      folder,
      elsewhere
    )
  )
end

-- ---- All of them

--- Says in SOURCE.txt where a file came from; what it says of the others stays.
local function note_source(set, file, folder, text)
  local path = folder .. "/SOURCE.txt"
  local lines = { set.about }
  local f = io.open(path, "r")
  for line in f and f:lines() or function() end do
    if line ~= set.about and line:sub(1, #file.name) ~= file.name then lines[#lines + 1] = line end
  end
  if f then f:close() end
  lines[#lines + 1] = text
  core.write_file(path, table.concat(lines, "\n") .. "\n")
end

local function bring_one(set, file, folder, list, failures, line)
  local name, place = bring(set, file, folder, list, failures, line)
  local bytes, sum = sets.size(folder .. "/" .. name), core.sha256(folder .. "/" .. name)
  note_source(set, file, folder, ("%s  %d bytes, SHA-256 %s, from %s"):format(name, bytes, sum, place.text))
  line:close()
  print(("%-27s %9d bytes, SHA-256 right, from %s"):format(name, bytes, place.text))
end

--- Says, after Ctrl-C, that nothing is lost.
local function if_interrupted(set, folder)
  local function close(_, message)
    if not message or not core.stopped() then return end
    io.stderr:write(("What has come is kept in %s: `gradus data %s` goes on from there.\n"):format(folder, set.name))
  end
  return setmetatable({}, { __close = close })
end

--- Brings all files of the set that are not there yet, and prints a line for each.
--- Raises when that is not possible, with the reason for each place that was tried.
---@param set table      of gradus.sets
---@param from? string   an address or a folder, in place of the usual addresses
function fetch.bring(set, from)
  local folder = sets.folders(set)[1]
  local list, failures = places(set, from), {}
  core.make_folder(folder)
  local lock <close> = core.lock_folder(folder) -- luacheck: ignore lock
  local _ <close> = if_interrupted(set, folder)
  local line <close> = progress.line(true)
  for _, file in ipairs(set.files) do
    local path = sets.path(folder, file)
    if path and fetch.is_right(path, file) then
      print(("%-27s  is here already, SHA-256 right"):format(path:match "[^/]*$"))
    else
      bring_one(set, file, folder, list, failures, line)
    end
  end
  print(("%s is in %s"):format(set.name, folder))
end

return fetch

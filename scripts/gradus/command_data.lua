--- command_data: what `gradus data [NAME [--from PLACE]]` does: lists the data sets, tells about one, fetches those that do not
--- come with the program. Gives a function of the words behind `data`, which returns the exit status.
local data = require "gradus.data"
local fetch = require "gradus.fetch"
local options = require "gradus.options"
local sets = require "gradus.sets"

local fine, wrong_usage = 0, 2

local function known_names()
  local names = table.move(sets.inside, 1, #sets.inside, 1, {})
  return table.move(sets.outside, 1, #sets.outside, #names + 1, names)
end

--- Whether the list has the name.
local function has(list, name)
  for _, one in ipairs(list) do
    if one == name then return true end
  end
  return false
end

local function usage()
  return "usage: gradus data [NAME [--from URL-or-folder]]; NAME is one of: " .. table.concat(known_names(), " ")
end

local function refuse(message)
  io.stderr:write(("gradus: data: %s\n%s\n"):format(message, usage()))
  return wrong_usage
end

-- ---- Listing

local function print_row(...) print((("%-14s %14s %8s %8s  %s"):format(...))) end

local function list_all()
  print_row("name", "rows", "columns", "classes", "where")
  for _, name in ipairs(sets.inside) do
    local set = data[name]()
    print_row(name, set.x.shape[1], set.x.shape[2], set.classes and #set.classes or "-", "in the program")
  end
  for _, name in ipairs(sets.outside) do
    local folder, paths = sets.find(sets[name])
    local where = paths and folder or ("not here: gradus data %s"):format(name)
    print_row(name, "60000 + 10000", 784, #sets[name].classes, where)
  end
  print "gradus data NAME tells about one, and fetches it if it is not here; a script reads it by gr.data.NAME()."
  return fine
end

local function tell(name)
  local set = data[name]()
  print(("%s: %s, read by gr.data.%s()"):format(name, set.x.shape, name))
  print("columns: " .. table.concat(set.names, ", "))
  if set.classes then print("classes: " .. table.concat(set.classes, ", ")) end
  print("\n" .. (set.about:gsub("%s+$", "")))
  return fine
end

-- ---- What is fetched

--- Prints what SOURCE.txt says in the folder, if it stands there.
local function print_source(folder)
  local f = io.open(folder .. "/SOURCE.txt", "r")
  if not f then return end
  print(folder .. "/SOURCE.txt:")
  for line in f:lines() do
    print("  " .. line)
  end
  f:close()
end

local function bring(name, from)
  local set = sets[name]
  print(("%s: 60000 and 10000 %s, read by gr.data.%s()"):format(name, set.title, name))
  print("classes: " .. table.concat(set.classes, ", "))
  print(set.about)
  local folder, paths = fetch.find(set)
  if not folder then return fetch.bring(set, from) or fine end
  if from then print(("it is here already, and right: nothing is taken from %s"):format(from)) end
  for _, path in ipairs(paths) do
    print(("%-27s %9d bytes, SHA-256 right"):format(path:match "[^/]*$", sets.size(path)))
  end
  print(("%s is in %s"):format(name, folder))
  print_source(folder)
  return fine
end

-- ---- The words

--- The name and what --from gives; nil and what is wrong.
local function read_words(words)
  local name, from
  local i = 1
  while i <= #words do
    local word = words[i]
    local value = word:match "^%-%-from=(.*)$"
    if word == "--from" then
      i, value = i + 1, words[i + 1] or ""
    end
    if value == "" then return nil, "--from wants an address or a folder" end
    if value then
      from = value
    elseif word:sub(1, 1) == "-" then
      return nil, ("unknown option '%s'"):format(word)
    elseif name then
      return nil, ("one name is expected, got '%s' and '%s'"):format(name, word)
    else
      name = word
    end
    i = i + 1
  end
  return name or "", from
end

local function is_folder(path)
  local f = io.open(path .. "/.", "r")
  if f then f:close() end
  return f ~= nil
end

--- Why nothing can be brought from there; nil when it may be tried.
local function wrong_place(from)
  local scheme = from:match "^(%a[%w+.-]*)://"
  if scheme and not has({ "http", "https", "ftp", "file" }, scheme:lower()) then
    return ("'%s': addresses begin with http, https, ftp or file, and ://"):format(from)
  elseif not scheme and not is_folder(from) then
    return ("'%s' is neither an address (https://...) nor a folder"):format(from)
  end
  return nil
end

return function(...)
  if ... == "--help" or ... == "-h" then
    print(usage())
    return fine
  end
  local name, from = read_words { ... }
  if not name then return refuse(from) end
  name = name:gsub("-", "_")
  local outside = has(sets.outside, name)
  if name ~= "" and not outside and not has(sets.inside, name) then
    local near = options.nearest(name, known_names())
    return refuse(("there is no data set '%s'%s"):format(name, near and (" (did you mean '%s'?)"):format(near) or ""))
  elseif from and not outside then
    return refuse "--from goes with a data set that does not come with the program"
  end
  local wrong = from and wrong_place(from)
  if wrong then return refuse(wrong) end
  if name == "" then return list_all() end
  return outside and bring(name, from) or tell(name)
end

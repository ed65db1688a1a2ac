--- help: what gr.help, `help` at the prompt and `gradus help TOPIC` print: finds what a topic means, and prints its page.
---
---   help "dense"      help(net.fit)      help "nn"      help "learning rate"      help()
local core = require "gradus.core"
local docs = require "gradus.docs"
local markdown_text = require "gradus.markdown_text"
local names = require "gradus.help_names"
local options = require "gradus.options"
local page = require "gradus.help_page"
local screen = require "gradus.screen"
local topics = require "gradus.help_topics"
local width = require "gradus.width"

local help = {}

--- Of things that share a last name, the one on the page that comes first here is shown; the others are named.
local preference =
  { "nn", "gr", "optim", "tensor", "data", "random", "linalg", "metrics", "check", "lab", "run", "nn.init" }

local rank = {}
for i, name in ipairs(preference) do
  rank[name] = i
end

--- As wide as the terminal, but never so wide that the eye gets lost; 80 columns where there is none.
local function layout_now()
  return {
    columns = math.max(40, math.min(width.to_fill(), 100)),
    bold = width.terminal() ~= nil and screen.has_colours(),
  }
end

-- ---- What a name means

--- A name without the brackets and the "gr." of a longer one: "gr.nn.dense()" is "nn.dense".
local function plain_name(text)
  local name = text:gsub("^%s+", ""):gsub("%s+$", ""):gsub("%s*%(.*%)$", ""):gsub("^gradus%.", "gr.")
  local inner = name:match "^gr%.(.*)$"
  if inner and not docs.find(name) then return inner end
  return name
end

--- Entries whose last name this is, the likeliest first; a function that several names lead to once.
local function with_last_name(name)
  local found = {}
  for _, entry in ipairs(docs.index().list) do
    if entry.kind ~= "class" and entry.name:match "[%w_]+$" == name then found[#found + 1] = entry end
  end
  for place, entry in ipairs(found) do
    found[entry] = place
  end
  table.sort(found, function(a, b)
    local x, y = rank[a.page] or #preference + 1, rank[b.page] or #preference + 1
    if x ~= y then return x < y end
    return found[a] < found[b]
  end)
  return found
end

--- Full names of what a word means: all that has it as its last name, else what other libraries call so.
---@param name string
---@return string[]
function help.meanings(name)
  local list = {}
  for i, entry in ipairs(with_last_name(name)) do
    list[i] = entry.name
  end
  return #list > 0 and list or { names[name:lower()] }
end

local function methods_of(class)
  local list = {}
  for _, entry in ipairs(docs.index().list) do
    local other = entry.name:match "^(%w+):"
    if other == class.name then list[#list + 1] = entry end
    if other ~= class.name and class.name ~= "tensor" then
      for _, alias in ipairs(entry.aliases) do
        if alias:match "^(%w+):" == class.name then list[#list + 1] = { name = alias, summary = entry.summary } end
      end
    end
  end
  return list
end

--- A page of the manual without the classes' methods, which are on the pages of the classes, but for a page that is one itself.
local function of_module(about)
  local list = {}
  for _, entry in ipairs(about.entries) do
    if entry.kind ~= "method" or about.name == "tensor" then list[#list + 1] = entry end
  end
  return list
end

-- ---- Searching

local function words_of(text)
  local list = {}
  for word in text:lower():gmatch "[^%s]+" do
    list[#list + 1] = word
  end
  return list
end

--- All that stands in an entry.
local function text_of(entry)
  local parts = { entry.signature, entry.formula or "", entry.gradient or "" }
  for _, list in ipairs { entry.sections, entry.params, entry.options or {}, entry.fields, entry.returns } do
    for _, one in ipairs(list) do
      parts[#parts + 1] = (one.name or "") .. " " .. (one.text or "")
    end
  end
  return table.concat(parts, " "):lower()
end

--- How well an entry answers the words: those in its name count most; 0 when one is missing.
local function score(entry, words)
  local name, summary, text, sum = entry.name:lower(), entry.summary:lower(), nil, 0
  for _, word in ipairs(words) do
    text = text or text_of(entry)
    local found = name:find(word, 1, true) and 8 or summary:find(word, 1, true) and 4 or text:find(word, 1, true) and 1
    if not found then return 0 end
    sum = sum + found
  end
  local phrase = table.concat(words, " ")
  if summary:find(phrase, 1, true) then return sum + 4 end
  return text and text:find(phrase, 1, true) and sum + 2 or sum
end

--- The entries that have all the words, best first.
---@param text string
---@return gradus.Entry[]
function help.search(text)
  local words, found = words_of(text), {}
  if #words == 0 then return found end
  for place, entry in ipairs(docs.index().list) do
    local points = score(entry, words)
    if points > 0 then found[#found + 1] = { entry = entry, points = points, place = place } end
  end
  table.sort(found, function(a, b)
    if a.points ~= b.points then return a.points > b.points end
    return a.place < b.place
  end)
  for i, one in ipairs(found) do
    found[i] = one.entry
  end
  return found
end

--- Names that are spelt nearly so.
local function near_names(name)
  local found = {}
  for _, entry in ipairs(docs.index().list) do
    local last = entry.name:match "[%w_]+$"
    local off = math.min(options.distance(name, last), options.distance(name, entry.name))
    if off <= math.max(1, #name // 3) then found[#found + 1] = { entry = entry, off = off } end
  end
  table.sort(found, function(a, b)
    if a.off ~= b.off then return a.off < b.off end
    return a.entry.name < b.entry.name
  end)
  local list = {}
  for i = 1, math.min(#found, 6) do
    list[i] = found[i].entry
  end
  return list
end

--- Full names that are spelt nearly as this one, or end so.
---@param name string
---@return string[]
function help.near(name)
  local list = {}
  for _, entry in ipairs(near_names(name)) do
    if entry.kind ~= "class" then list[#list + 1] = entry.name end
  end
  return list
end

--- The same, behind what other libraries call so: "learning rate" is learning_rate.
local function search_all(text)
  local found, ours = help.search(text), names[(text:lower():gsub("[%s-]+", "_"))]
  local first = ours and docs.find(ours)
  if not first then return found end
  for i, entry in ipairs(found) do
    if entry == first then table.remove(found, i) end
  end
  table.insert(found, 1, first)
  return found
end

-- ---- Objects

--- What a value that is no text is about: an entry, or the name of a class.
local function of_value(value)
  local index, meta = docs.index(), debug.getmetatable(value)
  if type(value) == "function" then return docs.of_function(value) end
  if core.is_tensor(value) then return index.classes.tensor end
  if core.is_bytes(value) then return index.classes.bytes end
  if type(value) == "userdata" then
    local kind = meta and rawget(meta, "__name")
    local known = { ["gradus.rng"] = "generator", ["gradus.exact"] = "fraction" }
    return index.classes[known[kind]]
  end
  if type(value) ~= "table" then return nil end
  for _, about in ipairs(index.pages) do
    local module = about.name == "gr" and require "gradus" or package.loaded["gradus." .. about.name:match "[%w_]+$"]
    if rawequal(module, value) then return about end
  end
  local kind = rawget(value, "kind") or rawget(value, "name")
  local made = type(kind) == "string" and meta and (index.by_name["nn." .. kind] or index.by_name["optim." .. kind])
  if kind == "sequential" then return index.classes.net end
  if made then return made end
  if rawget(value, "kind") then return index.classes.layer end
  if rawget(value, "records") and rawget(value, "results") then return index.classes.run end
  if rawget(value, "loss") and rawget(value, "steps") then return index.classes.history end
  return nil
end

-- ---- Printing

--- What the page in hand consists of so far.
local written = {}

local function write(...)
  for _, text in ipairs { ... } do
    written[#written + 1] = text
  end
end

local function show_class(class, layout) write(page.module(class.name, class, methods_of(class), layout)) end

local function show_entry(entry, layout)
  if entry.kind == "class" then return show_class(entry, layout) end
  if entry.kind == "module" then return write(page.module(entry.name, entry, of_module(entry), layout)) end
  write(page.entry(entry, layout))
end

--- The first in full, the others by a line each.
local function show_first(found, layout)
  show_entry(found[1], layout)
  if #found == 1 then return end
  write("\n", page.heading("Of the same name", layout))
  write(page.list(table.move(found, 2, #found, 1, {}), layout))
end

local beginnings = {
  'help "fit" trains a net, help "dense" is a layer, help "data" has the data sets, help "tensor" the numbers.',
  'help "learning rate" finds what mentions the words; help(net.fit) tells of a function or an object;',
  'names of NumPy and PyTorch lead to ours: help "matmul"; so do Korean words: help "학습률". Outside: gradus help dense.',
  'help "runs" tells of the command gradus runs, as of sweep, show, replay, diff, report and data.',
  'Assignments: help "student" (help "학생" in Korean) is a page for who has got one, help "teacher" for who sets one.',
  "Positions count from 1, class labels from 0.",
}

local function overview(layout)
  write(page.heading("gradus: what is where", layout))
  local list = {}
  for i, about in ipairs(docs.index().pages) do
    list[i] = { name = about.name, summary = about.summary }
  end
  write(page.list(list, layout))
  write("\n", page.heading("Where to start", layout))
  for _, text in ipairs(beginnings) do
    write(page.paragraph(text, layout))
  end
end

local most_found = 15

local function show_found(text, found, layout)
  write(page.heading(("%s is in %d %s"):format(text, #found, #found == 1 and "entry" or "entries"), layout))
  write(page.list(table.move(found, 1, math.min(#found, most_found), 1, {}), layout))
  if #found > most_found then
    write(page.paragraph(("... and %d more: another word narrows it."):format(#found - most_found), layout))
  end
  return true
end

local libraries =
  { np = true, numpy = true, torch = true, plt = true, F = true, sklearn = true, keras = true, tf = true }

--- What of ours has the name that another library's has behind its own: torch.nn.ReLU is nn.relu.
local function of_library(name)
  if not libraries[name:match "^(%a+)%." or ""] then return {} end
  return with_last_name(name:match("[%w_]*$"):lower())
end

--- What the program's command of that name does; false when there is none.
local function show_command(name, layout)
  local command = topics.commands[name]
  if not command then return false end
  write(page.heading(command[1], layout), page.paragraph(command[2], layout))
  return true
end

--- A page of the manual that is read through; false when there is none of that name.
local function show_page(name, layout)
  if not topics.pages[name] then return false end
  local text = core.file(("manual/%s.md"):format(name)) or error(("the program lacks manual/%s.md"):format(name), 0)
  write(markdown_text.page(text, layout))
  return true
end

--- A word of the field, with entries to go on with; false when it is not known.
local function show_word(name, layout)
  local word = topics.words[name:lower()]
  if not word then return false end
  local list = {}
  for i, full in ipairs(word[2]) do
    list[i] = { name = full, summary = docs.find(full).summary }
  end
  write(page.heading(name, layout), page.paragraph(word[1], layout), "\n", page.list(list, layout))
  return true
end

--- A Korean word as the topic that it is here; other texts as they are. 활성화 함수 is written with a space or without.
local function in_english(text) return topics.korean[(text:gsub("%s+", ""))] or text end

--- The page of what the library has by that name; false when it has nothing.
local function show_name(name, layout)
  local index = docs.index()
  local known = index.by_name[name] or index.pages[name]
  if index.pages[name] and index.pages[name].name == name and not (known and known.kind ~= "class") then
    known = index.pages[name]
  end
  if known then return show_entry(known, layout) or true end
  local found = with_last_name(name)
  if #found == 0 then found = with_last_name(name:lower()) end
  return #found > 0 and (show_first(found, layout) or true)
end

--- The page of what other libraries call so; false when there is none.
local function show_other_name(text, name, layout)
  local index, ours = docs.index(), names[(name:lower():gsub("^.*%.", ""))]
  if ours then
    write(page.paragraph(("%s, as others call it, is %s here."):format(text, ours), layout), "\n")
    return show_entry(index.by_name[ours] or index.pages[ours], layout) or true
  end
  local found = of_library(name)
  return #found > 0 and (show_first(found, layout) or true)
end

--- A page for a text; false when nothing is known of it.
local function show_text(typed, layout)
  local text = in_english(typed)
  local name = plain_name(text)
  if show_page(name:lower(), layout) then return true end
  local named = show_name(name, layout)
  if named and topics.commands[name] then write "\n" end
  if show_command(name, layout) or named then return true end
  if show_word(name:gsub("^%a+%.", ""), layout) or show_other_name(text, name, layout) then return true end
  local found = #text > 1 and search_all(text) or {} -- a letter is in every entry
  if #found > 0 then return show_found(text, found, layout) end
  local near = #name > 1 and near_names(name) or {}
  write(page.paragraph(("Nothing is known of '%s'.%s"):format(text, #near > 0 and " Near it are:" or ""), layout))
  if #near > 0 then write(page.list(near, layout)) end
  return false
end

--- Writes the page of a topic; whether anything is known of it.
local function compose(topic, layout)
  if topic == nil or topic == "" then
    overview(layout)
    return true
  end
  if type(topic) == "string" then return show_text(topic:gsub("^%s*gradus%s+(%S)", "%1"), layout) end
  local known = of_value(topic)
  if known then
    show_entry(known, layout)
  else
    write(
      page.paragraph(
        ("Of %s nothing is known: help takes a name, or a function, object or module of the library."):format(
          options.describe(topic)
        ),
        layout
      )
    )
  end
  return known ~= nil
end

--- What there is to know of a topic, as text.
---@param topic? any                a name, words to look for, a function, an object, a module; nil: an overview
---@param layout? gradus.Layout     how wide; as the terminal is unless given
---@return string, boolean          and whether anything is known of it
function help.text(topic, layout)
  written = {}
  local known = compose(topic, layout or layout_now())
  return table.concat(written), known
end

--- Prints it.
---@param topic? any
---@return boolean   whether anything is known of it
function help.show(topic)
  local text, known = help.text(topic)
  io.stdout:write(text)
  return known
end

return help

--- repl: the prompt: reads a chunk, runs it, shows the value of an expression.
---
--- At a terminal lines are edited and completed and values shown with colours; a pipe or a dumb terminal gets a plain reader, and
--- values as print shows them.
local chunk = require "gradus.chunk"
local core = require "gradus.core"
local screen = require "gradus.screen"
local width = require "gradus.width"

local repl = {}

--- Names that the prompt alone knows.
repl.words = {}

--- What was run, for save: text, is_expression, hidden, values (how many), nothing (none but nil), shown_by (a method),
--- interrupted.
local session = {}

--- Names that were given a value at the prompt, if only nil.
local named = {}

-- ---- How it looks

local colours = { prompt = "\27[1;36m", error = "\27[31m", about = "\27[2m" }

local function plain(text) return text end

local function painted(text, colour) return colours[colour] .. text .. "\27[0m" end

local function can_edit() return core.terminal "input" and core.terminal "output" and screen.is_able() end

-- ---- Readers: read(prompt) gives a line, nil at the end, false after Ctrl-C; add(text) remembers a chunk

local function plain_reader()
  local terminal = core.terminal "input"
  return {
    first = terminal and "> " or "",
    more = terminal and ">> " or "",
    read = function(prompt) return core.read_line(prompt) end,
    add = function() end,
    show = function(n, ...)
      if n > 0 then print(...) end
    end,
    paint = plain,
    greets = terminal,
  }
end

--- What Tab does with the text before the cursor: letters that go, what takes their place, what is shown.
local function on_tab(before)
  if before:find "^[ \t]*$" or before:find "\n[ \t]*$" then return 0, "  " end
  local complete = require "gradus.complete"
  return complete.key(before, width.to_fill())
end

local function append(reader, text)
  local recall = require "gradus.recall"
  if text == reader.last then return end
  reader.last = text
  reader.editor:add(text)
  local done, reason = recall.append(text)
  if done or reader.warned then return end
  reader.warned = true
  io.stderr:write(reader.paint(("the history is not kept: %s"):format(reason), "about"), "\n")
end

--- One value a line, or all on one line when none needs several.
local function show_values(paint, n, ...)
  local values = require "gradus.values"
  local columns, parts = width.to_fill(), {}
  for i = 1, n do
    local value = select(i, ...)
    local show = values.show_of(value)
    local text, about = "", nil
    if show then
      show(value)
    else
      text, about = values.text(value, columns)
    end
    if text ~= "" then parts[#parts + 1] = about and text .. "\n" .. paint(about, "about") or text end
  end
  local whole = table.concat(parts, "\t")
  if whole:find "\n" then whole = table.concat(parts, "\n") end
  if #parts > 0 then print(whole) end
end

--- Lines that are coloured end with what takes no columns between \1 and \1, for the editor.
local function hide_colours(text) return (text:gsub("\27%[[%d;]*m", "\1%0\1")) end

local function editing_reader()
  local recall = require "gradus.recall"
  local paint = screen.has_colours() and painted or plain
  local graphics = require "gradus.graphics"
  graphics.edited = true
  local editor = core.editor { entries = recall.most, complete = on_tab, question = graphics.question() }
  for _, entry in ipairs(recall.load()) do
    editor:add(entry)
  end
  return {
    editor = editor,
    close = function()
      graphics.settle()
      editor:close()
    end,
    first = hide_colours(paint(">", "prompt")) .. " ",
    more = hide_colours(paint("..", "prompt")) .. " ",
    read = function(prompt) return editor:read(prompt) end,
    add = append,
    show = function(n, ...)
      if n > 1 or (...) ~= nil then show_values(paint, n, ...) end
    end,
    paint = paint,
    greets = true,
  }
end

-- ---- The loop

local function complain(reader, message)
  io.stdout:flush()
  io.stderr:write(reader.paint(message, "error"), "\n")
end

local bare =
  { help = "help()", who = "who()", exit = "leave()", quit = "leave()", ["exit()"] = "leave()", ["quit()"] = "leave()" }

--- Whether a topic is the name of a variable that holds something to tell of: ?net is about the net.
local function names_object(topic)
  local kind = topic:find "^[%a_][%w_]*$" and type(rawget(_G, topic))
  return kind == "table" or kind == "userdata" or kind == "function"
end

--- `? topic` is help("topic"), or help(topic); a word of the prompt alone on its line is a call of it, unless a variable has that name.
local function spelled_out(text)
  local alone = text:match "^%s*(.-)%s*$"
  if bare[alone] and rawget(_G, alone:match "^%a+") == nil then return bare[alone] end
  local topic = text:match "^%s*%?%s*(.-)%s*$"
  if not topic then return text end
  return topic == "" and "help()" or (names_object(topic) and "help(%s)" or "help(%q)"):format(topic)
end

--- Reads on until a chunk is whole. Nothing: it was dropped, or is wrong. Then false if no more lines come.
local function read_chunk(reader)
  local text = reader.read(reader.first)
  if not text then return nil, text == false end
  local read = chunk.read(spelled_out(text))
  while read.unfinished do
    local line = reader.read(reader.more)
    if not line then
      if line == nil then complain(reader, read.message) end
      return nil, true
    end
    text = text .. "\n" .. line
    read = chunk.read(text)
  end
  if text:find "%S" then reader.add(reader, text) end
  if read.run then return read, true end
  complain(reader, read.message)
  return nil, true
end

--- Whether what is typed is a call of a word of the prompt's, which has printed what it has to say.
local function speaks_for_itself(text)
  local name = text:match "^%s*([%a_]+)"
  return repl.words[name] ~= nil and rawget(_G, name) == nil
end

--- Says so when what was run is a name alone, or a path from one, that nobody has given a value. Then true.
local function is_unknown(reader, root)
  if not root or rawget(_G, root) ~= nil or named[root] or getmetatable(_G).__index(_G, root) ~= nil then
    return false
  end
  complain(reader, require("gradus.hints").of_name(root))
  return true
end

local function run(reader, read)
  local results = table.pack(core.attempt(read.run))
  local first = read.is_expression and 3 or 2 -- behind true, and what stands in front of an expression
  if (not results[1] or results[first] == nil) and is_unknown(reader, read.root) then return end
  if not results[1] then
    if results[3] then session[#session + 1] = { text = read.text, interrupted = true } end
    complain(reader, results[2])
    return
  end
  local n = math.max(results.n - first + 1, 0)
  local hidden = read.hidden or speaks_for_itself(read.text)
  local entry = { text = read.text, is_expression = read.is_expression, hidden = hidden, values = n }
  entry.nothing = n == 0 or n == 1 and results[first] == nil
  session[#session + 1] = entry
  if results[first] ~= nil then rawset(_G, "_", results[first]) end
  if hidden or n == 0 then return end
  if n == 1 then entry.shown_by = select(2, require("gradus.values").show_of(results[first])) end
  if read.root and entry.nothing then return print(nil) end
  local shown, message = core.attempt(reader.show, n, table.unpack(results, first, results.n))
  if not shown then complain(reader, message) end
end

local function greet()
  print(("gradus %s, %s, %s"):format(core.version, _VERSION, core.blas()))
  print "gr, its modules (nn, optim, data, ...) and its functions are at hand; Tab completes, Ctrl-D leaves."
end

--- Makes the prompt's words reachable as global names; a variable of that name goes before. Notes which names are given values.
local function bind_words()
  local meta = getmetatable(_G)
  local find = meta.__index
  meta.__index = function(t, name)
    local word = repl.words[name]
    if word ~= nil then return word end
    return find(t, name)
  end
  meta.__newindex = function(t, name, value)
    named[name] = true
    rawset(t, name, value)
  end
end

--- Lets print and tostring show a function by its name, and not by its address, which says nothing.
local function name_functions()
  debug.setmetatable(print, { __tostring = function(f) return require("gradus.values").function_text(f) end })
end

--- Runs the prompt until the input ends.
function repl.start()
  local reader = can_edit() and editing_reader() or plain_reader()
  bind_words()
  name_functions()
  if reader.greets then greet() end
  local more = true
  while more do
    local read
    read, more = read_chunk(reader)
    if read then run(reader, read) end
  end
  if reader.close then reader.close() end
end

-- ---- The prompt's words

--- What those type who want to leave.
function repl.words.leave() print "Ctrl-D leaves." end

--- Prints the script's variables: kind, shape, type of number, bytes.
function repl.words.who() print(require("gradus.values").table_of_variables()) end

--- Calls f() again and again, and prints how long it takes: see gradus.timing.
function repl.words.time(f, given)
  local median = require("gradus.timing").time(f, given)
  return median
end

--- Tells about a function, a module or an operator, by its name or itself.
function repl.words.help(topic) require("gradus.help").show(topic) end

--- Writes the lines that worked as a script that runs: see gradus.session.
function repl.words.save(path) require("gradus.session").save(path, session, repl.words) end

return repl

-- Help: every public name has an entry, every entry an example that runs, and what the annotations say of options is so.
local gr = require "gradus"
local core = require "gradus.core"
local docs = require "gradus.docs"
local harness = require "harness"
local help = require "gradus.help"
local known_elsewhere = require "gradus.help_names"
local options = require "gradus.options"

local case = harness.suite "help"
local check = harness.check

local index = docs.index()
local read_through = require("gradus.help_topics").pages
local plain = { columns = 80, bold = false }

local function page(topic) return (help.text(topic, plain)) end

--- Fails unless the page of a topic has all the texts.
local function says(topic, ...)
  local text = page(topic)
  for _, wanted in ipairs { ... } do
    check(text:find(wanted, 1, true), ("help %s lacks '%s':\n%s"):format(tostring(topic), wanted, text))
  end
end

-- ---- All of it is there

case("a function of a module has no entry", function()
  for name in pairs(core.modules) do
    local module = gr[name]
    for key, value in pairs(type(module) == "table" and module or {}) do
      check(type(value) ~= "function" or docs.find(("%s.%s"):format(name, key)), ("%s.%s has none"):format(name, key))
    end
  end
  for key, value in pairs(gr) do
    check(type(value) ~= "function" or docs.find("gr." .. key), ("gr.%s has none"):format(key))
  end
end)

case("a method of a tensor has no entry", function()
  for name in pairs(core.methods) do
    check(docs.find("tensor:" .. name), name .. " has none")
  end
end)

case("a row of the operator table has no entry, or no formula", function()
  for _, op in ipairs(core.ops()) do
    local name = op.name == "cast" and "to" or op.name
    local entry = docs.find("gr." .. name) or docs.find("tensor:" .. name)
    check(entry and entry.formula == op.formula, name .. " has none")
  end
end)

case("an entry says nothing, or has no signature or source", function()
  for _, entry in ipairs(index.list) do
    check(entry.summary ~= "", entry.name .. " has no text")
    check(
      entry.signature:find "%(" or entry.kind == "class" or entry.name == "tensor:slice",
      entry.name .. " has no signature"
    )
    check(entry.source, entry.name .. " has no source")
    for _, param in ipairs(entry.params) do
      check(param.type and param.name, entry.name .. " has a parameter that cannot be read")
    end
  end
end)

case("an entry names a source that is not there", function()
  for _, entry in ipairs(index.list) do
    local path = entry.source:match "^[%w_./]+"
    local f = io.open(path, "r")
    check(f, ("%s: no file %s"):format(entry.name, path))
    f:close()
  end
end)

case("what one entry points to is none", function()
  for _, entry in ipairs(index.list) do
    for _, other in ipairs(entry.see or {}) do
      check(docs.find(other), ("%s sees %s"):format(entry.name, other))
    end
  end
  for other, ours in pairs(known_elsewhere) do
    check(docs.find(ours) or index.pages[ours], ("%s leads to %s"):format(other, ours))
    check(other == other:lower(), other .. " is not lower-case and cannot be found")
  end
end)

-- ---- Examples

--- Names as they are at the prompt; what is printed is made text and dropped.
local function environment()
  local names = { gr = gr, io = setmetatable({ write = function() end }, { __index = io }) }
  function names.print(...)
    for i = 1, select("#", ...) do
      tostring((select(i, ...)))
    end
  end
  return setmetatable(names, {
    __index = function(_, name)
      local value = _G[name]
      if value == nil then value = core.find(name) end
      return value
    end,
  })
end

--- Runs f with print doing nothing, also inside the library.
local function silently(f)
  local spoken, ask = print, help.show
  print, help.show = function() end, help.text -- luacheck: ignore 121
  local ok, message = pcall(f)
  print, help.show = spoken, ask -- luacheck: ignore 121
  if not ok then error(message, 0) end
end

--- What options.read was asked for while the examples ran: the call's name and its defaults.
local asked = {}

local function listening(f)
  local read, aside = options.read, arg
  options.read = function(what, given, defaults)
    asked[what] = asked[what] or {}
    table.insert(asked[what], defaults)
    return read(what, given, defaults)
  end
  arg = {} -- luacheck: ignore 121
  local ok, message = pcall(f)
  options.read, arg = read, aside -- luacheck: ignore 121
  if not ok then error(message, 0) end
end

local most = 3000000 -- instructions of Lua: ten times what the longest example takes

--- Calls f, which may not take more than that: a limit that a slow or busy machine does not move.
local function briefly(f)
  debug.sethook(function() error("it takes too long", 0) end, "", most)
  local ok, message = pcall(f)
  debug.sethook()
  if not ok then error(message, 0) end
end

for _, entry in ipairs(index.list) do
  case(("the example of %s does not run"):format(entry.name), function()
    if entry.name:find "mnist" then harness.needs(entry.name:match "[%w_]+$") end
    check(entry.example or entry.kind == "class", "there is none")
    local chunk, wrong = load(entry.example or "", "=" .. entry.name, "t", environment())
    check(chunk, wrong)
    briefly(function()
      listening(function() silently(chunk) end)
    end)
  end)
end

-- ---- Options

--- The value that a default of the text stands for; nil when it is words.
local function literal(text)
  local chunk = text and load("return " .. text, "default", "t", {})
  return chunk and chunk()
end

local function sorted(t)
  local list = {}
  for key in pairs(t) do
    list[#list + 1] = key
  end
  table.sort(list)
  return table.concat(list, " ")
end

local function documented(entry)
  local names = {}
  for _, option in ipairs(entry.options or {}) do
    names[option.name] = option
  end
  return names
end

local function check_options(entry, defaults)
  local names = documented(entry)
  check(
    sorted(names) == sorted(defaults),
    ("%s: '%s' annotated, '%s' read"):format(entry.name, sorted(names), sorted(defaults))
  )
  for name, option in pairs(names) do
    local said, is = literal(option.default), defaults[name]
    if said ~= nil and (type(is) == "number" or type(is) == "boolean" or type(is) == "string") then
      check(said == is, ("%s: %s is said to be %s, but is %s"):format(entry.name, name, tostring(said), tostring(is)))
    end
  end
end

--- Names of calls that options.read is told, where they are not an entry's last name; or parts that users do not give.
local spared = { layer = true, op = true }

case("options are annotated otherwise than they are read", function()
  local compared = 0
  for what, calls in pairs(asked) do
    local found = {}
    for _, entry in ipairs(index.list) do
      local last = entry.name:match "[%w_]+$"
      if (last == what or entry.name == what) and entry.kind ~= "operator" and not spared[what] then
        found[#found + 1] = entry
      end
    end
    local right, message = #found == 0, nil
    for _, entry in ipairs(found) do
      for _, defaults in ipairs(right and {} or calls) do
        local agree
        agree, message = pcall(check_options, entry, defaults)
        right = right or agree
      end
    end
    check(right, type(message) == "table" and message.msg or tostring(message))
    compared = compared + #found
  end
  check(compared > 30, ("only %d were compared"):format(compared))
end)

-- ---- What topics mean

case("a name leads elsewhere", function()
  says(
    "dense",
    "nn.dense(inputs, outputs [, options]) -> Layer",
    "bias = true",
    "Raises",
    "print(layer(",
    "scripts/gradus/nn.lua:"
  )
  says("gr.nn.dense()", "nn.dense(inputs")
  says("sum", "x:sum([axis, keep])", "y = sum of x, pairwise", "dx += dy", "core/ops.def, row sum")
  says("tensor:sum", "gr.sum(x")
  says("fit", "net:fit(x, y, options) -> History", "progress = true")
  says("run", "gr.run")
  says("choice", "replace = true", "generator:choice")
end)

case("of things with one name the others are not told", function()
  says("sigmoid", "nn.sigmoid([options])", "Of the same name", "gr.sigmoid")
  says("normal", "random.normal(", "nn.init.normal")
end)

case("a module or a class is not listed", function()
  says("nn", "nn.conv2d", "nn.gru", "net", "layer")
  says("gr.nn.init", "nn.init.he_normal")
  says("tensor", "tensor:backward", "wants_grad")
  says("net", "net:fit", "net:parameters")
  says("generator", "generator:permutation")
end)

case("a function or an object is not known", function()
  local net = gr.nn.sequential { gr.nn.dense(2, 3) }
  says(net.fit, "net:fit(x, y")
  says(gr.softmax, "gr.softmax(x)")
  says(gr.zeros(2).backward, "tensor:backward()")
  says(gr.nn.mse, "nn.mse()")
  says(gr.random.normal, "random.normal(")
  says(gr.run, "gr.run(")
  says(net, "net:predict")
  says(net.layers[1], "nn.dense(")
  says(gr.zeros(2), "tensor:zero_grad")
  says(gr.nn, "nn.sequential")
  says(gr, "gr.zeros")
  says(gr.optim.adam(), "optim.adam(")
  says(gr.random.new(1), "generator:rand")
  says(gr.lab.fraction(1), "fraction:item")
  says(function() end, "nothing is known")
  says(7, "nothing is known")
end)

case("names of other libraries lead nowhere", function()
  says("Linear", "is nn.dense here", "nn.dense(")
  says("np.matmul", "is gr.dot here", "gr.dot(")
  says("batch_size", "is net:fit here")
  says("unsqueeze", "gr.reshape(")
  says("astype", "gr.to(")
  says("np.arange", "gr.arange(from")
  says("torch.nn.ReLU", "nn.relu(")
  says("torch.optim.Adam", "optim.adam(")
  says("np.linalg.inv", "inv")
  says("plt.imshow", "is plot.image here", "plot.image(")
end)

case("a command of the program has no page, or hides the name", function()
  for name, command in pairs(require("gradus.help_topics").commands) do
    says(name, "gradus " .. name, command[2]:sub(1, 40))
  end
  says("show", "figure:show()", "gradus show RUN")
  says("data", "data.digits", "gradus data [NAME]")
end)

case("capitals hide a name", function()
  says("Adam", "optim.adam(")
  says("ReLU", "nn.relu(")
end)

case("a page that is read through is not shown", function()
  for _, about in ipairs(read_through) do
    local text, known = help.text(about.name, plain)
    local title = core.file(("manual/%s.md"):format(about.name)):match "^# (.-)\n"
    check(known and text:sub(1, #title + 1) == title .. "\n", about.name .. " begins with another line")
    check(not text:find "%*%*" and not text:find("](", 1, true), about.name .. " has marks of Markdown in it")
  end
  says("Student", "local answer = {}")
  says("학생", "과제 안내")
end)

case("words of the field, or Korean ones, lead nowhere", function()
  local topics = require "gradus.help_topics"
  for word in pairs(topics.words) do
    says(word, topics.words[word][1]:sub(1, 20), topics.words[word][2][1])
  end
  for word, topic in pairs(topics.korean) do
    check(select(2, help.text(word, plain)), word .. " is not known")
    check(page(word) == page(topic), word .. " is not " .. topic)
  end
  says("활성화 함수", "nn.relu")
  says("np.where", "There is no where here", "gr.gt")
end)

case("a letter is looked for in every text", function() says("q", "Nothing is known of 'q'.") end)

case("words are not found", function()
  says("learning rate", "optim.sgd", "optim.cosine")
  says("cross entropy", "nn.cross_entropy", "gr.softmax_cross_entropy")
  check(help.search("momentum")[1].name:find "sgd" or help.search("momentum")[1].name:find "batch_norm", "momentum")
  check(#help.search "" == 0 and #help.search "   " == 0, "nothing is found in everything")
end)

case("a name that is spelt wrong leads nowhere", function()
  says("sigmiod", "Nothing is known of 'sigmiod'", "nn.sigmoid")
  says("xyzzy", "Nothing is known of 'xyzzy'.")
  local _, known = help.text("xyzzy", plain)
  check(not known, "it is said to be known")
  says("%d[", "Nothing is known of '%d['.")
end)

case("without a topic nothing says where to start", function()
  says(nil, "Where to start", "optim", "Positions count from 1, class labels from 0.")
  says("", "Where to start")
end)

case("a page is wider than asked for, or bold unasked", function()
  local width = require "gradus.width"
  for _, entry in ipairs(index.list) do
    local text = help.text(entry.name, { columns = 60, bold = false })
    check(not text:find "\27", entry.name .. " is bold")
    local prose = text:match "^(.-)\nExample" or text
    for line in prose:gmatch "[^\n]+" do
      local may = line:find "^    " or line:find "^[%w_.:]+%(" or not line:find " [^ ]* "
      check(may or width.of(line) <= 60, ("%s: '%s'"):format(entry.name, line))
    end
  end
  check(help.text("dense", { columns = 60, bold = true }):find "\27%[1mOptions\27%[0m", "headings are not bold")
end)

-- ---- What is made of it

--- The text of a file, or nil.
local function content(path)
  local f = io.open(path, "r")
  local text = f and f:read "a"
  if f then f:close() end
  return text
end

case("scripts/types/gradus.lua is stale: make types", function()
  local path = os.tmpname()
  loadfile "scripts/tools/types.lua"(path)
  local made = content(path)
  os.remove(path)
  check(made == content "scripts/types/gradus.lua", "it is not what the annotations say now")
  check(load(made), "it is no Lua")
  for _, text in ipairs {
    "function nn.dense(inputs, outputs, given) end",
    "function Net:fit(x, y, given) end",
    "---@return gradus.History",
    "function Tensor:backward() end",
    "---@class gradus.Net: gradus.Layer",
  } do
    check(made:find(text, 1, true), "it lacks " .. text)
  end
end)

local folder = "build/test-manual"

local function make_manual()
  local pages = {}
  loadfile "scripts/tools/manual.lua"(folder)
  local names = { "index" }
  for _, about in ipairs(index.pages) do
    names[#names + 1] = about.name
  end
  for _, about in ipairs(read_through) do
    names[#names + 1] = about.name
  end
  for _, name in ipairs(names) do
    for _, ending in ipairs { ".html", ".md" } do
      local path = ("%s/%s%s"):format(folder, name, ending)
      pages[name .. ending] = content(path)
      os.remove(path)
    end
  end
  os.remove(folder)
  return pages
end

case("the manual lacks an entry, or differs from one making to the next", function()
  local pages, again = make_manual(), make_manual()
  for name, text in pairs(pages) do
    check(text == again[name], name .. " differs")
  end
  for _, entry in ipairs(index.list) do
    local html, markdown = pages[entry.page .. ".html"], pages[entry.page .. ".md"]
    local head = entry.name == entry.page and "" or entry.name
    check(html:find(('<section id="%s">'):format(head), 1, true) or head == "", entry.name .. " is not in the page")
    check(markdown:find("\n## " .. head .. "\n", 1, true) or head == "", entry.name .. " is not in the Markdown page")
  end
  check(
    pages["index.html"]:find("Positions count from 1, class labels from 0", 1, true),
    "the first page does not say how to count"
  )
end)

case("a page of the manual has a link to nowhere", function()
  local pages = make_manual()
  for name, text in pairs(pages) do
    local html = name:find "html$" and text or ""
    for target, anchor in html:gmatch 'href="([^"#]*)#?([^"]*)"' do
      local to = target == "" and text or pages[target]
      check(to, ("%s links to %s"):format(name, target))
      check(anchor == "" or to:find(('id="%s"'):format(anchor), 1, true), ("%s links to #%s"):format(name, anchor))
    end
    local _, opened = html:gsub("<section", "")
    local _, closed = html:gsub("</section>", "")
    check(opened == closed, name .. " has sections that do not end")
  end
end)

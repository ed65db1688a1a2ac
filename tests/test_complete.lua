-- Completion, without a terminal: `|` in a line is the cursor, `gives` are the words, `from` the text that they replace.
local complete = require "gradus.complete"
local core = require "gradus.core"
local gr = require "gradus"
local harness = require "harness"

local check, same = harness.check, harness.same

local called = false
local lurking = setmetatable({ own = 1 }, {
  __index = function()
    called = true
    return {}
  end,
})

local variables = {
  demo = { alpha = 1, beta = { gamma = 2, ["a b"] = 3 }, { deep = 4 }, run = function() end },
  demo_net = gr.nn.sequential { gr.nn.dense(2, 3), gr.nn.relu() },
  demo_x = gr.ones(2, 3),
  demo_text = "abc",
  demo_object = setmetatable({ own = 1 }, { __index = { speak = function() end, word = 1 } }),
  demo_lurking = lurking,
}

--- With the variables above as globals, and in a folder of its own.
local function words_of(line)
  local at = line:find("|", 1, true)
  local text = line:sub(1, at - 1) .. line:sub(at + 1)
  for name, value in pairs(variables) do
    rawset(_G, name, value)
  end
  local done, start, words = pcall(complete.words, text, at - 1)
  for name in pairs(variables) do
    rawset(_G, name, nil)
  end
  if not done then error(start, 0) end
  return text:sub(start, at - 1), words
end

local function has(words, word)
  for _, one in ipairs(words) do
    if one == word then return true end
  end
  return false
end

local case = harness.suite("complete", function(c)
  local replaced, words = words_of(c.line)
  if c.gives then same(words, c.gives) end
  for _, word in ipairs(c.has or {}) do
    check(has(words, word), ("%s is not among: %s"):format(word, table.concat(words, " ")))
  end
  for _, word in ipairs(c.lacks or {}) do
    check(not has(words, word), word .. " is offered")
  end
  if c.from then same(replaced, c.from) end
end)

-- Topics of help

case { "a topic of help is taken for a file", line = 'help "den|', gives = { "dense" }, from = "den" }
case { "a topic behind a bracket is taken for a file", line = 'help("nn.den|', gives = { "nn.dense" }, from = "nn.den" }
case { "a method is no topic", line = 'help "net:fi|', has = { "net:fit" }, from = "net:fi" }
case { "a module is no topic", line = 'help "lina|', has = { "linalg", "linalg.inv" } }
case { "behind ? there are no topics", line = "? nn.den|", gives = { "nn.dense" }, from = "nn.den" }
case { "another string has topics", line = 'x.y = f "den|', gives = {} }

-- Names
case { "a variable is not found", line = "print(demo_te|", gives = { "demo_text" }, from = "demo_te" }
case { "a keyword is not found", line = "x = 1 whi|", gives = { "while" } }
case { "a module is not found", line = "opt|", gives = { "optim" } }
case { "an operator is not found", line = "y = sigm|", gives = { "sigmoid" } }
case { "gr is not found", line = "g|", has = { "gr", "goto", "getmetatable" } }
case { "a word of the prompt is not found", line = "who|", gives = { "who" } }
case { "names are looked for in a string's end", line = '"abc" .. demo_te|', gives = { "demo_text" } }
case { "a hidden name comes unasked", line = "|", lacks = { "_G", "_VERSION" } }
case { "a hidden name does not come when asked for", line = "_V|", gives = { "_VERSION" } }
case { "text behind the cursor counts", line = "demo_te|xt_more", gives = { "demo_text" } }
case { "a comment is completed", line = "x = 1 -- demo_te|", gives = {} }
case { "a long string is completed", line = "x = [[ demo_te|", gives = {} }
case { "a line behind a comment is not", line = "-- demo\ndemo_te|", gives = { "demo_text" } }
case { "a number is completed", line = "x = 5|", gives = {} }
case { "an unknown letter stops it", line = "가 = demo_te|", gives = { "demo_text" } }

-- Fields and methods
case { "a field is not found", line = "demo.al|", gives = { "alpha" }, from = "al" }
case { "a field of a field is not found", line = "x = demo.beta.g|", gives = { "gamma" } }
case { "a field of an element is not found", line = "demo[1].|", gives = { "deep" } }
case { "a field by its string is not found", line = 'demo["beta"].g|', gives = { "gamma" } }
case { "fields come without a prefix", line = "demo.|", gives = { "alpha", "beta", "run" } }
case { "a colon offers numbers", line = "demo:|", gives = { "run" } }
case { "inherited methods are not found", line = "demo_object:|", gives = { "speak" } }
case { "a field of nothing gives words", line = "nothing_here.a|", gives = {} }
case { "a function of a module is not found", line = "gr.nn.de|", gives = { "dense" } }
case { "a module of gr is not found", line = "gr.met|", gives = { "metrics" } }
case { "a data set is not found", line = "iris = gr.data.ir|", gives = { "iris" } }
case { "a data set is not found without gr", line = "data.br|", gives = { "breast_cancer" } }
case { "a method of a tensor is not found", line = "demo_x:su|", gives = { "sub", "sub_", "sum" } }
case {
  "a property of a tensor is not found",
  line = "demo_x.|",
  gives = { "dtype", "grad", "name", "shape", "size", "wants_grad" },
}
case { "a method of a string is not found", line = "demo_text:up|", gives = { "upper" } }
case { "a method of a net is not found", line = "demo_net:su|", gives = { "summary" } }
case { "a method that layers share is not found", line = "demo_net:para|", gives = { "parameters" } }
case { "a parameter of a layer is not found", line = "demo_net.layers[1].w|", gives = { "w" } }
case { "a function of Lua's library is not found", line = "string.rev|", gives = { "reverse" } }
case { "the result of a call is looked into", line = "gr.ones(2):su|", gives = {} }
case { "two dots are taken for one", line = 'x = "a" ..demo_te|', gives = { "demo_text" } }

case("a function of the script's is called", function()
  local _, words = words_of "demo_lurking.|"
  same(words, { "own" })
  words_of "demo_lurking.other.|"
  words_of "demo_lurking:|"
  check(not called, "__index was called")
end)

-- Options
case {
  "options are not found",
  line = "gr.optim.sgd{|",
  gives = { "clip_norm = ", "lr = ", "momentum = ", "nesterov = ", "weight_decay = " },
}
case { "an option that begins so is not found", line = "optim.adam { lr = 0.1, be|", gives = { "beta1 = ", "beta2 = " } }
case { "an option is offered twice", line = "optim.adagrad { lr = 0.1, |", lacks = { "lr = " }, has = { "eps = " } }
case { "options of a table behind arguments are not found", line = "nn.dense(2, 3, { in|", gives = { "init = " } }
case { "options of fit are not found", line = "demo_net:fit(x, y, { opt|", gives = { "optimizer = " } }
case {
  "options behind a table inside are not found",
  line = "demo_net:fit(x, y, { validation = { x, y }, met|",
  gives = { "metrics = " },
}
case { "options come for an option's value", line = "optim.sgd { lr = demo_te|", gives = { "demo_text" } }
case { "options come in a table inside", line = "demo_net:fit(x, y, { validation = { demo_te|", gives = { "demo_text" } }
case { "options of a made function are not found", line = "nn.leaky_relu { sl|", gives = { "slope = " } }
case { "options of a loss are not found", line = "nn.huber{ |", gives = { "delta = " } }
case { "options come behind the closed table", line = "optim.sgd {} demo_te|", gives = { "demo_text" } }
case { "options come over two lines", line = "optim.sgd {\n  lr = 0.1,\n  mom|", gives = { "momentum = " } }
case { "a plain table has options", line = "t = { demo_te|", gives = { "demo_text" } }

--- The names that a call refuses an unknown option with.
local function known(f, ...)
  local _, message = pcall(f, ...)
  local list = {}
  for name in message:match("known: (.*)$"):gmatch "[%w_]+" do
    list[#list + 1] = name
  end
  return list
end

case("the annotations name other options than the functions take", function()
  local strange = { strange = 1 }
  for _, name in ipairs { "sgd", "adagrad", "rmsprop", "adadelta", "adam", "adamw", "step", "cosine", "plateau" } do
    same(complete.options(gr.optim[name]), known(gr.optim[name], strange), name)
  end
  for _, name in ipairs { "leaky_relu", "elu", "huber", "flatten" } do
    same(complete.options(gr.nn[name]), known(gr.nn[name], strange), name)
  end
  local net, x = variables.demo_net, gr.ones(2, 2)
  same(complete.options(net.fit), known(net.fit, net, x, x, strange), "fit")
  same(complete.options(gr.nn.dense), known(gr.nn.dense, 2, 3, strange), "dense")
  same(complete.options(gr.nn.gru), known(gr.nn.gru, 2, 3, strange), "gru")
  same(complete.options(gr.data.split), known(gr.data.split, x, x, strange), "split")
  same(complete.options(gr.data.csv), known(gr.data.csv, "x.csv", strange), "csv")
  same(complete.options(print), {})
  same(complete.options(function() end), {})
end)

-- Files
case("files are not found, or hidden ones come, or Korean names do not", function()
  local folder = os.tmpname()
  os.remove(folder)
  core.make_folder(folder .. "/자료 모음")
  for _, name in ipairs {
    "/자료 모음/신발.csv",
    "/자료 모음/신발장.csv",
    "/two words.csv",
    "/.hidden",
    '/a"b',
  } do
    assert(io.open(folder .. name, "w")):close()
  end
  local function gives(line) return { words_of((line:gsub("@", folder))) } end
  same(gives 'gr.data.csv("@/|', { "", { 'a\\"b', "two words.csv", "자료 모음/" } })
  same(gives "gr.data.csv '@/자|", { "자", { "자료 모음/" } })
  same(gives 'gr.data.csv "@/자료 모음/신|', { "신", { "신발.csv", "신발장.csv" } })
  same(gives 'gr.data.csv "@/.|', { ".", { ".hidden" } })
  same(gives 'gr.data.csv "@/nowhere/|', { "", {} })
  same({ complete.key(('csv "%s/자료 모음/신'):format(folder), 80) }, { 1, "신발" })
  same({ complete.key(('csv "%s/자료 모음/신발'):format(folder), 30) }, { 0, "", "신발.csv    신발장.csv" })
  same({ complete.key(('csv "%s/tw'):format(folder), 80) }, { 2, 'two words.csv"' })
  same({ complete.key(('csv "%s/자'):format(folder), 80) }, { 1, "자료 모음/" })
  for _, name in ipairs {
    "/자료 모음/신발.csv",
    "/자료 모음/신발장.csv",
    "/two words.csv",
    "/.hidden",
    '/a"b',
    "/자료 모음",
    "",
  } do
    os.remove(folder .. name)
  end
end)

-- The key
case("Tab puts in too much, or lists when it could go on", function()
  same({ complete.key("x = nothing_like_this", 80) }, { 0, "" })
  same({ complete.key("optim.sg", 80) }, { 2, "sgd" })
  same({ complete.key("optim.adagrad { e", 80) }, { 1, "eps = " })
  same({ complete.key("nn.l", 24) }, { 0, "", "layer       load\nlayer_norm  logistic\nleaky_relu  lstm" })
  same({ complete.key("gr.data.save", 80) }, { 4, "save_" })
end)

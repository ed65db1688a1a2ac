-- Saved nets: what a file holds, that a loaded net is the same to the bit, and what is refused.
local core = require "gradus.core"
local gr = require "gradus"
local harness = require "harness"
local data, nn = gr.data, gr.nn

local case = harness.suite "saving"
local same, check, raises = harness.same, harness.check, harness.raises

--- Calls f with the path of a file that is gone afterwards.
local function with_file(f)
  local path = os.tmpname()
  local ok, message = pcall(f, path)
  os.remove(path)
  if not ok then error(message, 0) end
end

local function bytes_of(path)
  local f <close> = assert(io.open(path, "rb"))
  return f:read "a"
end

local function write(path, bytes)
  local f <close> = assert(io.open(path, "wb"))
  f:write(bytes)
end

--- A file by another program: header and numbers.
local function other_file(path, header, numbers) write(path, string.pack("<I8", #header) .. header .. numbers) end

--- The path as it may stand in a pattern.
local function quoted(path) return (path:gsub("%p", "%%%0")) end

--- Names and shapes of what a file holds, in its order.
local function names_in(path)
  local names = {}
  for i, one in ipairs((core.safetensors(path))) do
    names[i] = ("%s %s"):format(one[1], one[2].shape)
  end
  return table.concat(names, ", ")
end

local x = gr.random.new(3):normal(0, 1, 20, 4)

-- ---- Round trips

--- A net with all that is at hand, in which nothing is at its start.
local function some_net()
  local net = nn.sequential {
    nn.dense(4, 6, { name = "hidden" }),
    nn.elu { alpha = 0.1 + 0.2 },
    nn.sequential { nn.dense(6, 5, { bias = false }), nn.tanh() },
    nn.leaky_relu { slope = 0.3, name = "leak" },
    nn.dense(5, 3),
    nn.softplus(),
  }
  local y = gr.random.new(4):randint(0, 3, 20)
  net:fit(x, y, { loss = nn.cross_entropy(), optimizer = gr.optim.adam { lr = 0.01 }, epochs = 3, progress = false })
  return net
end

case("a loaded net gives other bits", function()
  with_file(function(path)
    local net = some_net()
    net:save(path)
    local loaded = nn.load(path)
    same(loaded:scores(x), net:scores(x))
    same(loaded:predict(x), net:predict(x))
    same(tostring(loaded), tostring(net))
    same({ loaded.layers[1].name, loaded.layers[4].name }, { "hidden", "leak" })
    same({ loaded.task, loaded.training, loaded.layers[3].layers[1].training }, { "classes", false, false })
  end)
end)

case("tensors are named otherwise than by their place, or in another order", function()
  with_file(function(path)
    some_net():save(path)
    same(names_in(path), "1.w 4 x 6, 1.b 6, 3.1.w 6 x 5, 5.w 5 x 3, 5.b 3")
    nn.dense(2, 3):save(path)
    same(names_in(path), "w 2 x 3, b 3")
    same(tostring(nn.load(path)), "dense(2 -> 3)")
  end)
end)

case("the same net gives other bytes, or a loaded one does", function()
  with_file(function(path)
    local net = some_net()
    net:save(path)
    local first = bytes_of(path)
    net:save(path)
    same(bytes_of(path) == first, true)
    nn.load(path):save(path)
    same(bytes_of(path) == first, true)
  end)
end)

case("what a loaded net predicts by is lost", function()
  with_file(function(path)
    local net = nn.sequential { nn.dense(4, 1), nn.sigmoid(), nn.identity() }
    local y = gr.random.new(5):randint(0, 2, 20)
    net:fit(x, y, { loss = nn.binary_cross_entropy(), optimizer = gr.optim.sgd(), epochs = 1, progress = false })
    net:save(path)
    local loaded = nn.load(path)
    same({ loaded.task, loaded.yes_from }, { "binary", 0.5 })
    same(loaded:predict(x), net:predict(x))
    local other = nn.sequential { nn.dense(4, 1), nn.sigmoid(), nn.identity() }
    same(other:load(path):predict(x), net:predict(x))
  end)
end)

case("single precision becomes double, or the default type changes with it", function()
  with_file(function(path)
    local before = core.default_dtype "f32"
    local net = nn.sequential { nn.dense(4, 3), nn.relu() }
    net:save(path)
    core.default_dtype(before)
    local loaded = nn.load(path)
    same({ loaded.layers[1].w.dtype, gr.zeros(1).dtype }, { "f32", before })
    same(loaded:scores(x:to "f32"), net:scores(x:to "f32"))
    net = nn.sequential { nn.dense(4, 3), nn.relu() }
    net:save(path)
    core.default_dtype "f32"
    loaded = nn.load(path)
    same({ loaded.layers[1].w.dtype, core.default_dtype(before) }, { "f64", "f32" })
    same(loaded:scores(x), net:scores(x))
  end)
end)

case("loading draws from gr.random", function()
  with_file(function(path)
    some_net():save(path)
    gr.random.seed(1)
    local expected = gr.random.normal(0, 1, 3)
    gr.random.seed(1)
    nn.load(path)
    same(gr.random.normal(0, 1, 3), expected)
    local message = select(2, pcall(gr.random.aside, function() error("inside", 0) end))
    same(message, "inside")
    gr.random.seed(1)
    same(gr.random.aside(function() return gr.random.random(), 2 end) ~= expected[1], true)
    same(gr.random.normal(0, 1, 3), expected)
  end)
end)

case("a loaded net cannot be trained on", function()
  with_file(function(path)
    local net = some_net()
    net:save(path)
    local loaded = nn.load(path)
    for _, one in ipairs { net, loaded } do
      one:fit(x, gr.zeros(20), { loss = nn.cross_entropy(), optimizer = gr.optim.sgd(), epochs = 2, progress = false })
    end
    same(loaded.layers[1].w, net.layers[1].w)
  end)
end)

case("a layer that stands twice is two layers when loaded", function()
  with_file(function(path)
    local twice = nn.dense(4, 4)
    local inside = nn.sequential { twice, nn.relu() }
    local net = nn.sequential { twice, nn.tanh(), inside, inside }
    net:save(path)
    same(names_in(path), "1.w 4 x 4, 1.b 4")
    local layers = nn.load(path).layers
    check(layers[1] == layers[3].layers[1] and layers[3] == layers[4])
    same(nn.load(path):scores(x), net:scores(x))
    local _, notes = data.safetensors(path)
    same(core.json_decode(notes.gradus).shared["3.1.w"], "1.w")
    local apart = nn.sequential { nn.dense(4, 4), nn.tanh(), nn.sequential { nn.dense(4, 4), nn.relu() }, inside }
    apart:load(path)
    same(apart.layers[3].layers[1].w, twice.w)
  end)
end)

case("states are not saved, or lose their type", function()
  with_file(function(path)
    local function with_state()
      local count = gr.zeros({ 2 }, "f32")
      count.name = "count"
      return nn.sequential {
        nn.layer { state = { count }, params = { scale = gr.param(gr.ones(2)) }, forward = function(v) return v * 2 end },
      }
    end
    local net = with_state()
    net.layers[1].count = { 3, 4 }
    net:save(path)
    same(names_in(path), "1.scale 2, 1.count 2")
    local other = with_state():load(path)
    same({ other.layers[1].count:totable(), other.layers[1].count.dtype }, { { 3, 4 }, "f32" })
  end)
end)

-- ---- What a script makes

local function with_functions()
  local block = nn.dense(4, 4)
  local gain = gr.param({ 1, 2, 3, 4 }, "gain")
  return nn.sequential {
    function(v) return v + block(v) end,
    nn.tanh(),
    function(v) return v * gain end,
    nn.layer {
      kind = "shift",
      params = { gr.param { 5, 6, 7, 8 } },
      forward = function(v, self) return v + self.params[1] end,
    },
  }
end

case("a net with functions cannot be saved, or filled again", function()
  with_file(function(path)
    local net = with_functions()
    net.layers[4].params[1]:copy_ { 1, 1, 1, 1 }
    net:save(path)
    same(names_in(path), "1.1.w 4 x 4, 1.1.b 4, 3.gain 4, 4.1 4")
    local other = with_functions()
    check(other:scores(x) ~= net:scores(x))
    check(other:load(path) == other)
    same(other:scores(x), net:scores(x))
  end)
end)

case("a net with functions is loaded without them", function()
  with_file(function(path)
    with_functions():save(path)
    raises(
      quoted(path)
        .. ": only the script can make a part of this net: 1 %(a function%), 3 %(a function%), 4 %(a layer of its own, 'shift'%)\n"
        .. "  make the net as the script that saved it did, and fill it by net:load%(path%)$",
      function() nn.load(path) end
    )
    nn.sequential({ nn.sequential { nn.relu(), function(v) return v end } }):save(path)
    raises(": only the script can make a part of this net: 1.2 %(a function%)", function() nn.load(path) end)
  end)
end)

case("a function that reaches its own net goes on for ever", function()
  with_file(function(path)
    local net
    net = nn.sequential { nn.dense(2, 2), function(v) return net and v end }
    net:save(path)
    same(names_in(path), "1.w 2 x 2, 1.b 2")
  end)
end)

-- ---- Filling a net

case("a net is filled with what does not fit, or only in part", function()
  with_file(function(path)
    nn.sequential({ nn.dense(4, 3), nn.tanh(), nn.dense(3, 2) }):save(path)
    local net = nn.sequential { nn.dense(4, 5, { bias = false }), nn.dense(5, 3) }
    local before = net.layers[1].w:detach():clone()
    local message = raises(
      quoted(path) .. ": does not fit the net; nothing was changed\n",
      function() net:load(path) end
    )
    check(message:find("  1.w is 4 x 5 in the net, but 4 x 3 in the file\n", 1, true), message)
    check(message:find("  not in the file: 2.w (5 x 3), 2.b (3)\n", 1, true), message)
    check(message:find("  not in the net: 1.b (3), 3.w (3 x 2), 3.b (2)", 1, true), message)
    same(net.layers[1].w, before)
    raises("1.w is f32 in the net, but f64 in the file", function()
      local default = core.default_dtype "f32"
      local narrow = nn.sequential { nn.dense(4, 3), nn.tanh(), nn.dense(3, 2) }
      core.default_dtype(default)
      narrow:load(path)
    end)
  end)
end)

case("a long list of what does not fit fills the screen", function()
  with_file(function(path)
    local layers = {}
    for i = 1, 20 do
      layers[i] = nn.dense(1, 1)
    end
    nn.dense(1, 1):save(path)
    raises(
      "not in the file: 1.w %(1 x 1%), 1.b %(1%), .* 4.b %(1%), and 32 more\n  not in the net: w",
      function() nn.sequential(layers):load(path) end
    )
  end)
end)

-- ---- Files by others

case("a file written by hand is not read", function()
  with_file(function(path)
    local header = '{"b":{"dtype":"F32","shape":[2],"data_offsets":[16,24]},'
      .. '"a":{"dtype":"F64","shape":[1,2],"data_offsets":[0,16]},"__metadata__":{"format":"pt"}}  '
    other_file(path, header, string.pack("<ddff", 0.1, -3, 0.5, 1e10))
    local tensors, notes = data.safetensors(path)
    same(tensors, { a = gr.tensor { { 0.1, -3 } }, b = gr.tensor({ 0.5, 1e10 }, "f32") })
    same({ tensors.a.dtype, tensors.b.dtype, notes.format }, { "f64", "f32", "pt" })
  end)
end)

case("a file without a description is made into a net, or it is not said what is in it", function()
  with_file(function(path)
    data.save_safetensors(path, { ["0.weight"] = gr.zeros(3, 4), ["0.bias"] = gr.zeros(3) })
    raises(
      quoted(path)
        .. ": has no description of a net, as net:save writes it, but 2 tensors: 0.bias %(3%), 0.weight %(3 x 4%)\n"
        .. "  make the net in your script, and fill it by net:load%(path%); or read the tensors by gr.data.safetensors%(path%)$",
      function() nn.load(path) end
    )
    local net = nn.sequential { nn.dense(2, 1) }
    data.save_safetensors(path, { ["1.w"] = gr.tensor { { 3 }, { 4 } }, ["1.b"] = gr.tensor { 5 } })
    same(net:load(path)(gr.ones(1, 2)), { { 12 } })
  end)
end)

case("tensors do not come back, or what is no table of them is taken", function()
  with_file(function(path)
    local tensors = { a = gr.tensor { 1, 2 }, ["é b"] = gr.tensor({ { 0.5 } }, "f32"), one = gr.tensor(3) }
    data.save_safetensors(path, tensors)
    local back = data.safetensors(path)
    same(back, tensors)
    same(back["é b"].dtype, "f32")
    raises(
      'save_safetensors: expected a table { name = tensor }, got 3 at "a"',
      function() data.save_safetensors(path, { a = 3 }) end
    )
    raises(
      "save_safetensors: expected a table { name = tensor }, got a tensor %(2%) at 1",
      function() data.save_safetensors(path, { gr.zeros(2) }) end
    )
    raises(
      "save_safetensors: expected a table { name = tensor }, got a tensor %(2%)$",
      function() data.save_safetensors(path, gr.zeros(2)) end
    )
    raises("a file name must be a string, got nil", function() data.save_safetensors(nil, tensors) end)
    raises(
      "a tensor's name must be a string without zero bytes",
      function() data.save_safetensors(path, { ["a\0b"] = gr.zeros(2) }) end
    )
    raises(
      "/nowhere/file: could not be written: No such file or directory",
      function() some_net():save "/nowhere/file" end
    )
    raises("/nowhere/file: No such file or directory", function() nn.load "/nowhere/file" end)
    same(data.safetensors(path), tensors)
  end)
end)

-- ---- Descriptions that lie

--- A case: nn.load of a dense(2, 3)'s tensors with this description raises a message with the path and the pattern.
local function refuses(name, description, pattern)
  case(name, function()
    with_file(function(path)
      if type(description) == "table" then
        description.version, description.dtype = description.version or 1, description.dtype or "f64"
        description = core.json_encode(description)
      end
      core.save_safetensors(path, { { "w", gr.zeros(2, 3) }, { "b", gr.zeros(3) } }, { gradus = description })
      raises(quoted(path) .. ": " .. pattern, function() nn.load(path) end)
    end)
  end)
end

local unreadable = "its description of the net cannot be read: "
local dense = { kind = "dense", args = { 2, 3 } }

refuses("a description that is no JSON is read", '{"net":', unreadable .. ".* %(line 1, column 7%)$")
refuses("a description that is no object is read", "3", unreadable .. "it is no such description$")
refuses("a description without a net is read", { task = "classes" }, unreadable .. "it is no such description$")
refuses(
  "a later version is read",
  { version = 2, net = dense },
  "its description of the net is of version 2: this program reads version 1$"
)
refuses("an unknown type of number is made", { dtype = "f16", net = dense }, unreadable .. "dtype, shared")
refuses("an unknown task is taken over", { task = "os.exit", net = dense }, unreadable .. "dtype, shared")
refuses("a threshold that is no number is taken over", { yes_from = "a", net = dense }, unreadable .. "dtype, shared")
refuses("aliases that are no object are read", { shared = 1, net = dense }, unreadable .. "dtype, shared")

local damaged = "the net: its description is damaged: "

for _, kind in ipairs { "nothing", "mse", "load", "init", "__index", "cross_entropy", "fit" } do
  refuses(
    ("what makes no layers is called: %s"):format(kind),
    { net = { kind = kind, args = {} } },
    damaged .. "there is no layer " .. ('"%s"$'):format(kind)
  )
end
refuses(
  "a kind that is no text is called",
  { net = { kind = { 1 }, args = {} } },
  damaged .. "there is no layer a table$"
)
refuses(
  "the maker of a script's own layers is called",
  { net = { kind = "layer", args = { {} } } },
  "the net: layer: expected { params"
)
refuses("a layer without args is made", { net = { kind = "dense" } }, damaged .. "it has no args$")
refuses(
  "args without end are taken",
  { net = { kind = "dense", args = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17 } } },
  damaged .. "it has no args$"
)
refuses(
  "args are not checked by the maker",
  { net = { kind = "dense", args = { 2, 0.5 } } },
  "the net: dense: outputs must be a whole number of at least 1, got 0.5$"
)
refuses(
  "options are not checked by the maker",
  { net = { kind = "dense", args = { 2, 3, { nonsense = 1 } } } },
  "the net: dense: unknown option 'nonsense'; known: bias bias_init init name$"
)
refuses(
  "null is taken for a value",
  { net = { kind = "dense", args = { 2, core.null } } },
  "the net: dense: outputs must be a whole number"
)
refuses(
  "a name that is no text is taken over",
  { net = { kind = "dense", args = { 2, 3 }, name = {} } },
  damaged .. "its name is no text$"
)
refuses(
  "a layer that is not there is shared",
  { net = { kind = "sequential", layers = { { same = "7" } } } },
  "layer 1: its description is damaged: it refers to a layer that is not there$"
)
refuses(
  "a net holds itself",
  { net = { kind = "sequential", layers = { { same = "" } } } },
  "layer 1: its description is damaged: it refers to a layer that is not there$"
)
refuses(
  "an entry that is no object is made",
  { net = { kind = "sequential", layers = { { kind = "sequential", layers = { 3 } } } } },
  "layer 1.1: its description is damaged: it is no object$"
)
refuses(
  "a net without layers is made",
  { net = { kind = "sequential", layers = {} } },
  "the net: sequential: expected a list of layers"
)
refuses(
  "another net is filled",
  { net = { kind = "dense", args = { 3, 2 } } },
  "does not fit the net; nothing was changed\n  w is 3 x 2 in the net, but 2 x 3 in the file, b is 2"
)
refuses(
  "tensors that belong nowhere are left out",
  { net = { kind = "dense", args = { 2, 3, { bias = false } } } },
  "does not fit the net; nothing was changed\n  not in the net: b %(3%)$"
)
refuses(
  "another type of number is filled in",
  { dtype = "f32", net = dense },
  "does not fit the net; nothing was changed\n  w is f32 in the net, but f64 in the file"
)
refuses(
  "a net of terabytes is made",
  { net = { kind = "dense", args = { 1000000, 1000000 } } },
  "the net: its description is damaged: its sizes are larger than what the file holds"
)

case("a net nested without end ends the program", function()
  with_file(function(path)
    local depth = 900
    local net = ('{"kind":"sequential","layers":['):rep(depth) .. '{"kind":"relu","args":[]}' .. ("]}"):rep(depth)
    core.save_safetensors(path, {}, { gradus = ('{"version":1,"dtype":"f64","net":%s}'):format(net) })
    check(#nn.load(path):parameters() == 0)
    core.save_safetensors(path, {}, { gradus = ("["):rep(100000) })
    raises(unreadable, function() nn.load(path) end)
  end)
end)

-- ---- JSON

case("a value does not come back from JSON", function()
  local value = {
    list = {
      1,
      2.5,
      -0.0,
      1e300,
      5e-324,
      0.1 + 0.2,
      3.0,
      math.maxinteger,
      math.mininteger,
      'é\0\n"',
      true,
      false,
      { {} },
    },
    ["a b"] = { x = { y = "z" } },
  }
  local back = core.json_decode(core.json_encode(value))
  same(back, value)
  same({ math.type(back.list[1]), math.type(back.list[7]) }, { "integer", "float" })
  same({ core.json_decode(core.json_encode(core.null)) == core.null, core.json_encode "a" }, { true, '"a"' })
  for i = 1, 1000 do
    local number = gr.random.new(i):randn() * 10.0 ^ (i % 600 - 300)
    same(core.json_decode(core.json_encode(number)), number)
  end
end)

case(
  "equal values give other JSON",
  function() same(core.json_encode { b = 1, a = { d = {}, c = 2.0 } }, '{"a":{"c":2.0,"d":[]},"b":1}') end
)

case("what JSON cannot hold is written", function()
  local itself = {}
  itself[1] = itself
  raises("json: tables are nested deeper than 500 levels", function() core.json_encode(itself) end)
  raises("json: numbers must be finite", function() core.json_encode { 0 / 0 } end)
  raises("json: numbers must be finite", function() core.json_encode(math.huge) end)
  raises("json: a function cannot be written", function() core.json_encode { print } end)
  raises("json: a table must be a list without holes, or have names only", function() core.json_encode { 1, x = 2 } end)
  raises("json: a table must be a list without holes, or have names only", function() core.json_encode { [5] = 1 } end)
  raises("json: a string is not text in UTF%-8", function() core.json_encode "\xff" end)
  raises("json: a key is not text in UTF%-8", function() core.json_encode { ["\xff"] = 1 } end)
  raises("json: a key has a zero byte", function() core.json_encode { ["a\0"] = 1 } end)
end)

case("text that is no JSON is read, or it is not said where it goes wrong", function()
  for _, text in ipairs { "", "{", '{"a":1,"a":2}', "[1,]", "nan", "1e999", "[1] 2", '"\xff"' } do
    local value, wrong = core.json_decode(text)
    check(value == nil and wrong:find "%(line %d+, column %d+%)$", text)
  end
end)

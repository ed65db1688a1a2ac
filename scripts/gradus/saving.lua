--- saving: nets in safetensors files (https://huggingface.co/docs/safetensors), which PyTorch's and NumPy's users read.
---
---   net:save("net.safetensors")
---   local net = nn.load("net.safetensors")      -- in another script
---
--- Parameters and states are named by their place in the net: 1.w, 1.b, 3.w; 2.1.w in a net inside the net. One that stands in
--- several places is written once, by its first name. The note "gradus" is JSON:
---
---   version   1
---   dtype     of the parameters: "f64" or "f32"
---   net       a layer: { kind, name, args }: nn[kind](table.unpack(args)) makes it; a net: { kind, layers };
---             a layer that stands elsewhere too: { same = place }; what only a script can make: { script = what it is }
---   shared    { ["3.w"] = "1.w" }: names of tensors that are written under another name
---   task, yes_from   what predict goes by
local core = require "gradus.core"
local layer = require "gradus.layer"
local loss = require "gradus.loss"
local options = require "gradus.options"
local random = require "gradus.random"
local sources = require "gradus.sources"

local saving = {}

local version = 1
local most_listed = 8

local function at(place, key) return place == "" and tostring(key) or ("%s.%s"):format(place, key) end

-- ---- The tensors of a net, by name

--- A net's tensors: list { { name, tensor }, ... }, each tensor once; shared { [name] = first name }.
local function survey(net)
  local found = { list = {}, shared = {}, name_of = {}, taken = {}, inside = {} }

  local function add(t, place, i)
    local name = at(place, t.name or i)
    while found.taken[name] do
      name = at(name, i)
    end
    found.taken[name] = true
    local first = found.name_of[core.id(t)]
    if first then
      found.shared[name] = first
      return
    end
    found.name_of[core.id(t)] = name
    found.list[#found.list + 1] = { name, t }
  end

  local function visit(one, place, i)
    if core.is_tensor(one) then return add(one, place:match "^(.*)%.[^.]*$" or "", i) end
    if found.inside[one] then return end -- a function that reaches the net it stands in
    found.inside[one] = true
    local is_table = type(one) == "table"
    for _, field in ipairs { "params", "state" } do
      for j, t in ipairs(is_table and rawget(one, field) or {}) do
        add(t, place, j)
      end
    end
    local parts = is_table and rawget(one, "layers") or type(one) == "function" and layer.parts_of(one) or {}
    for j, part in ipairs(parts) do
      visit(part, at(place, j), j)
    end
    found.inside[one] = nil
  end

  visit(net, "", 1)
  return found
end

--- A net's tensors by their names in a file, each once: list of { name, tensor }.
---@param net gradus.Layer
---@return table[]
function saving.named(net) return survey(net).list end

-- ---- Saving

--- nn[kind], if it makes layers.
local function maker_of(kind)
  for maker, name in pairs(layer.makers) do
    if name == kind and not loss.makers[kind] then return maker end
  end
  return nil
end

--- What the file tells of one entry of a net; place_of has the places of the layers so far.
local function describe(one, place, place_of)
  if type(one) ~= "table" then return { script = "a function" } end
  if place_of[one] then return { same = place_of[one] } end
  place_of[one] = place
  local kind, name, args = rawget(one, "kind"), rawget(one, "name"), rawget(one, "args")
  if not maker_of(kind) or not (one.made_of_layers or args) then
    return { script = kind and ("a layer of its own, '%s'"):format(kind) or "an object" }
  end
  if not one.made_of_layers then return { kind = kind, name = name, args = args } end
  local layers = {}
  for i, inside in ipairs(one.layers) do
    layers[i] = describe(inside, at(place, i), place_of)
  end
  return { kind = kind, name = name, layers = layers }
end

--- The type of the first tensor, which is a parameter where there is one.
local function dtype_of(found) return found.list[1] and found.list[1][2].dtype or core.settings.dtype end

--- A net's tensors, and the notes that go with them.
local function parts_of(net)
  local found = survey(net)
  local description = {
    version = version,
    dtype = dtype_of(found),
    net = describe(net, "", {}),
    shared = next(found.shared) and found.shared,
    task = rawget(net, "task"),
    yes_from = rawget(net, "yes_from"),
  }
  return found.list, { gradus = core.json_encode(description) }
end

--- Writes a net to a file; an old file stays as it is if that fails.
---@param net gradus.Layer
---@param path string
function saving.save(net, path) core.save_safetensors(path, parts_of(net)) end

--- The bytes of that file.
---@param net gradus.Layer
---@return string
function saving.packed(net) return core.packed_safetensors(parts_of(net)) end

-- ---- Reading

--- "1.w (784 x 50), 1.b (50)": at most so many.
local function listed(list)
  local parts = {}
  for i = 1, math.min(#list, most_listed) do
    local one = list[i]
    parts[i] = type(one) == "table" and ("%s (%s)"):format(one[1], one[2].shape) or one
  end
  if #list > most_listed then parts[#parts + 1] = ("and %d more"):format(#list - most_listed) end
  return table.concat(parts, ", ")
end

local tasks = { classes = true, binary = true, values = true }

--- What the note says, checked but for the net itself; nil when there is none.
local function read_description(path, notes)
  if not notes.gradus then return nil end
  local d, wrong = core.json_decode(notes.gradus)
  if type(d) ~= "table" or type(d.net) ~= "table" then
    core.raise(("%s: its description of the net cannot be read: %s"):format(path, wrong or "it is no such description"))
  elseif d.version ~= version then
    core.raise(
      ("%s: its description of the net is of version %s: this program reads version %d"):format(
        path,
        options.describe(d.version),
        version
      )
    )
  end
  local shared_names = type(d.shared or {}) == "table"
  local predicts = (d.task == nil or tasks[d.task]) and (d.yes_from == nil or type(d.yes_from) == "number")
  if not shared_names or not predicts or (d.dtype ~= "f64" and d.dtype ~= "f32") then
    core.raise(("%s: its description of the net cannot be read: dtype, shared, task or yes_from is wrong"):format(path))
  end
  return d
end

-- ---- Filling a net

--- What keeps a tensor of the file from filling one of the net, or nil.
local function misfit(name, t, value)
  if value.shape ~= t.shape then
    return ("%s is %s in the net, but %s in the file"):format(name, t.shape, value.shape)
  end
  if value.dtype ~= t.dtype then
    return ("%s is %s in the net, but %s in the file"):format(name, t.dtype, value.dtype)
  end
  return nil
end

--- The values for the tensors of a net, in their order; all that does not fit is one error.
local function match(path, found, list, shared)
  local by_name, used, values = {}, {}, {}
  local missing, unknown, wrong = {}, {}, {}
  for _, one in ipairs(list) do
    by_name[one[1]] = one[2]
  end
  for i, one in ipairs(found.list) do
    local name = by_name[one[1]] and one[1] or shared[one[1]] or one[1]
    used[name], values[i] = true, by_name[name]
    if not values[i] then
      missing[#missing + 1] = one
    else
      wrong[#wrong + 1] = misfit(one[1], one[2], values[i])
    end
  end
  for _, one in ipairs(list) do
    if not used[one[1]] and not found.taken[one[1]] then unknown[#unknown + 1] = one end
  end
  local lines = { #wrong > 0 and listed(wrong) or nil }
  if #missing > 0 then lines[#lines + 1] = "not in the file: " .. listed(missing) end
  if #unknown > 0 then lines[#lines + 1] = "not in the net: " .. listed(unknown) end
  if #lines > 0 then
    core.raise(("%s: does not fit the net; nothing was changed\n  %s"):format(path, table.concat(lines, "\n  ")))
  end
  return values
end

local function fill(net, path, list, description)
  local found = survey(net)
  local values = match(path, found, list, description and description.shared or {})
  for i, one in ipairs(found.list) do
    one[2]:copy_(values[i])
  end
  if not description then return end
  rawset(net, "task", description.task)
  rawset(net, "yes_from", description.yes_from)
end

--- Fills a net's parameters and states from a file: names, shapes and types must agree, and all are checked before anything
--- changes. Files by other programs serve too, when their tensors have the net's names.
---@param net gradus.Layer
---@param path string
function saving.fill(net, path)
  local list, notes = core.safetensors(path)
  sources.file(path)
  fill(net, path, list, read_description(path, notes))
end

-- ---- Making a net from its description

local function name_of(place) return place == "" and "the net" or "layer " .. place end

--- Places that only a script can fill: "2 (a function)".
local function script_places(d, place, list)
  if type(d) ~= "table" then return list end
  if type(d.script) == "string" then
    list[#list + 1] = place == "" and d.script or ("%s (%s)"):format(place, d.script)
  end
  for i, inside in ipairs(type(d.layers) == "table" and d.layers or {}) do
    script_places(inside, at(place, i), list)
  end
  return list
end

--- Calls a maker with what a file says; an error of its names the file and the place.
local function call(path, place, maker, ...)
  local ok, one = pcall(maker, ...)
  if ok then return one end
  local where, message = core.where(), tostring(one)
  if message:sub(1, #where) == where then message = message:sub(#where + 1) end
  core.raise(("%s: %s: %s"):format(path, name_of(place), message))
end

local most_args = 16

--- How many numbers the tensors of the file hold that is read now: no layer may ask for many more.
local there = math.huge

--- Whether a layer with these args cannot be what the file holds: its first two sizes multiply to more than all numbers there.
local function too_large(args)
  local a, b = tonumber(args[1]) or 1, tonumber(args[2]) or 1
  local always_fine = 10000
  return a * b > math.max(there, always_fine)
end

--- What the file says is not trusted: only makers of layers are called, and they check what they are given.
local function make(path, d, place, made)
  local function damaged(reason)
    core.raise(("%s: %s: its description is damaged: %s"):format(path, name_of(place), reason))
  end
  if type(d) ~= "table" then damaged "it is no object" end
  if d.same ~= nil then return made[d.same] or damaged "it refers to a layer that is not there" end
  local maker = maker_of(d.kind)
  if not maker then damaged(("there is no layer %s"):format(options.describe(d.kind))) end
  if d.name ~= nil and type(d.name) ~= "string" then damaged "its name is no text" end
  local args = d.args
  if type(d.layers) == "table" then
    args = { {} }
    for i, inside in ipairs(d.layers) do
      args[1][i] = make(path, inside, at(place, i), made)
    end
  end
  if type(args) ~= "table" or #args > most_args then damaged "it has no args" end
  if too_large(args) then damaged "its sizes are larger than what the file holds" end
  local one = call(path, place, maker, table.unpack(args))
  if type(one) ~= "table" or rawget(one, "kind") ~= d.kind then damaged "its args do not make a layer" end
  rawset(one, "name", d.name)
  made[place] = one
  return one
end

--- A net of the file's dtype, whatever the default is, and without drawing from gr.random.
local function make_net(path, description, list)
  there = 0
  for _, entry in ipairs(list) do
    there = there + entry[2].size
  end
  local before = core.default_dtype(description.dtype)
  local ok, net = pcall(random.aside, make, path, description.net, "", {})
  core.default_dtype(before)
  if not ok then error(net, 0) end
  return net
end

--- Makes the net that a file describes, with its parameters and states, and as eval() has it. Draws nothing from gr.random.
--- Raises for a file without a description, and for a net that functions or layers of a script stand in.
---@param path string
---@return gradus.Layer
function saving.load(path)
  local list, notes = core.safetensors(path)
  sources.file(path)
  local description = read_description(path, notes)
  if not description then
    core.raise(
      ("%s: has no description of a net, as net:save writes it, but %d tensors: %s\n  %s"):format(
        path,
        #list,
        listed(list),
        "make the net in your script, and fill it by net:load(path); or read the tensors by gr.data.safetensors(path)"
      )
    )
  end
  local places = script_places(description.net, "", {})
  if #places > 0 then
    core.raise(
      ("%s: only the script can make a part of this net: %s\n  %s"):format(
        path,
        listed(places),
        "make the net as the script that saved it did, and fill it by net:load(path)"
      )
    )
  end
  local net = make_net(path, description, list)
  fill(net, path, list, description)
  return net:eval()
end

return saving

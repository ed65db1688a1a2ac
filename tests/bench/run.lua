-- Runs the programs of this folder in turns and prints a table: make bench, or
--   gradus tests/bench/run.lua floor=PATH program=PATH out=FOLDER [python=python3] [rounds=5]
--     [type=f64] [threads="1 2"] [W4 W10 ...]
-- Of each program the quickest round counts: a shared machine only ever adds time. A name stands for all that begin with it.
local gr = require "gradus"

local HERE = arg[0]:match "^(.*)/" or "."
local CANNOT = 3 -- the status of a program that has no such workload
local PEERS = { "floor", "gradus", "numpy", "torch" }

--- Name, types, threads. With an h behind its name, a net is written out by hand over tensors.
local WORKLOADS = {
  { "W2", "f64 f32", "1" },
  { "W3", "f64 f32", "1 2" },
  { "W3h", "f64 f32", "1" },
  { "W4", "f64 f32", "1 2" },
  { "W4h", "f64 f32", "1" },
  { "W5", "f64 f32", "1 2" },
  { "W5h", "f64 f32", "1" },
  { "W6", "f64 f32", "1 2" },
  { "W7", "f32", "1 2" },
  { "W8", "f32", "1" },
  { "W10_inv4", "f64", "1" },
  { "W10_solve4", "f64", "1" },
  { "W10_inv100", "f64", "1" },
  { "W10_solve100", "f64", "1" },
  { "W10_inv1000", "f64", "1 2" },
  { "W10_solve1000", "f64", "1" },
  { "W10_inv2000", "f64", "1 2" },
  { "W10_solve2000", "f64", "1" },
  { "W11_copy", "f64 f32", "1" },
  { "W11_exp", "f64 f32", "1" },
  { "W11_sigmoid", "f64 f32", "1" },
  { "W11_softmax", "f64 f32", "1" },
  { "W12_idx", "f64", "1" },
  { "W12_csv", "f64", "1" },
}

-- ---- What was asked for

local function words(text)
  local list = {}
  for word in text:gmatch "%S+" do
    list[#list + 1] = word
  end
  return list
end

local function read_arguments()
  local o = { python = "python3", rounds = "5", type = "f64 f32", threads = "1 2", only = {} }
  for _, word in ipairs(arg) do
    local key, value = word:match "^(%l+)=(.*)$"
    if key then
      o[key] = value
    else
      o.only[#o.only + 1] = word
    end
  end
  for _, key in ipairs { "floor", "program", "out" } do
    assert(o[key], key .. "= is missing: it is a path")
  end
  return o
end

local function has(list, wanted)
  for _, word in ipairs(list) do
    if word == wanted then return true end
  end
  return false
end

--- W1 stands for no W10, but W10 for all its parts.
local function asked_for(name, only)
  for _, word in ipairs(only) do
    if name == word or name:sub(1, #word + 1) == word .. "_" then return true end
  end
  return #only == 0
end

-- ---- Data

local function exists(path)
  local f = io.open(path, "rb")
  if f then f:close() end
  return f ~= nil
end

--- The folder where gr.data finds a set of images, or nil.
local function image_folder(name)
  local own, home = os.getenv "GRADUS_DATA" or "", os.getenv "HOME" or "."
  local user = os.getenv "XDG_DATA_HOME" or home .. "/.local/share"
  local share = "share/datasets/" .. name
  for _, folder in ipairs {
    own .. "/" .. name,
    own,
    user .. "/gradus/" .. name,
    "/usr/local/" .. share,
    "/usr/" .. share,
  } do
    local path = folder .. "/train-images-idx3-ubyte"
    if folder ~= "" and (exists(path) or exists(path .. ".gz")) then return folder end
  end
  return nil
end

local function write(path, f)
  local file = assert(io.open(path, "wb"))
  f(file)
  file:close()
  return path
end

--- 455 rows of the cancer data, standardized, then their labels, as doubles.
local function write_cancer(path)
  local all = gr.data.breast_cancer()
  local x, y = gr.data.standardize(all.x["1:455"]), all.y["1:455"]
  return write(path, function(file)
    for _, t in ipairs { x:flatten(), y } do
      for _, number in ipairs(t:totable()) do
        file:write(string.pack("<d", number))
      end
    end
  end)
end

local function write_table(path)
  local rng = gr.random.new(1)
  return write(path, function(file)
    for _ = 1, 100000 do
      file:write((("%.6g,"):rep(29) .. "%.6g\n"):format(table.unpack(rng:randn(30):totable())))
    end
  end)
end

--- The environment of all programs. Where there is no MNIST, Fashion-MNIST stands in: the work is the same, the losses are not.
local function prepare(o)
  local fashion = image_folder "fashion-mnist"
  local mnist = image_folder "mnist"
  if not fashion then print "Fashion-MNIST is not here: what needs it is left out (Debian: dataset-fashion-mnist)." end
  if not mnist and fashion then
    print "MNIST is not here: W4, W6, W7 and W8 train on Fashion-MNIST, and their losses are its."
  end
  return {
    BENCH_FASHION = fashion,
    BENCH_MNIST = mnist or fashion,
    BENCH_CANCER = write_cancer(o.out .. "/cancer.f64"),
    BENCH_TABLE = write_table(o.out .. "/table.csv"),
  }
end

--- Whether its data is here.
local function can_run(name, env)
  if name:match "^W[4678]" then return env.BENCH_MNIST end
  return not (name:match "^W5" or name == "W12_idx") or env.BENCH_FASHION
end

-- ---- Running

local function quote(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

local function command(o, env, peer, name, dtype, threads)
  local parts = { "env", "OPENBLAS_NUM_THREADS=" .. threads }
  for key, value in pairs(env) do
    parts[#parts + 1] = quote(key .. "=" .. value)
  end
  if peer == "gradus" then
    parts[#parts + 1] = quote(o.program) .. (dtype == "f32" and " --f32" or "")
    parts[#parts + 1] = ("--threads %d %s %s"):format(threads, quote(HERE .. "/bench.lua"), name)
  elseif peer == "floor" then
    parts[#parts + 1] = ("%s %s %s %d"):format(quote(o.floor), name:gsub("h$", ""), dtype, threads)
  else
    local script = quote(("%s/%s_peer.py"):format(HERE, peer))
    parts[#parts + 1] = ("%s -B %s %s %s %d"):format(quote(o.python), script, name, dtype, threads)
  end
  return table.concat(parts, " ")
end

--- { seconds, loss, megabytes }, or nil when the program cannot run that.
local function run_once(line)
  local pipe = assert(io.popen(line))
  local seconds, loss, megabytes = pipe:read("a"):match "(%S+) (%S+) (%S+)\n$"
  local _, how, status = pipe:close()
  local interrupted = status == 130 or how == "signal" and status == 2
  if interrupted then os.exit(130) end
  if status ~= 0 or not seconds then
    if status ~= CANNOT then io.stderr:write(("ended by %s %d: %s\n"):format(how, status, line)) end
    return nil
  end
  return { seconds = tonumber(seconds), loss = tonumber(loss), megabytes = tonumber(megabytes) }
end

--- The best round of each program, by its name. One that cannot run it is asked only once.
local function measure(o, env, name, dtype, threads)
  local best, absent = {}, {}
  for _ = 1, tonumber(o.rounds) do
    for _, peer in ipairs(PEERS) do
      local got = not absent[peer] and run_once(command(o, env, peer, name, dtype, threads))
      absent[peer] = not got
      if got and (not best[peer] or got.seconds < best[peer].seconds) then best[peer] = got end
    end
  end
  return best
end

-- ---- Showing

local function time_text(seconds)
  for _, unit in ipairs { { 1, "s" }, { 1e-3, "ms" }, { 1e-6, "us" }, { 1e-9, "ns" } } do
    if seconds >= unit[1] then return ("%.3g %s"):format(seconds / unit[1], unit[2]) end
  end
  return ("%.3g s"):format(seconds)
end

--- How many digits of the loss are the floor's; 12 are all that is compared.
local function digits_text(loss, floor)
  local difference = math.abs(loss / floor - 1)
  if difference ~= difference then return "-" end
  return ("%d"):format(math.max(0, math.min(12, math.floor(-math.log(difference, 10)))))
end

local function row_text(name, dtype, threads, best)
  local cells, digits, megabytes = { name, dtype, tostring(threads) }, {}, {}
  local floor = best.floor
  for i, peer in ipairs(PEERS) do
    local got = best[peer]
    local ratio = got and floor and peer ~= "floor" and (" (%.2f)"):format(got.seconds / floor.seconds) or ""
    cells[#cells + 1] = got and time_text(got.seconds) .. ratio or "-"
    if i > 1 then digits[#digits + 1] = got and floor and digits_text(got.loss, floor.loss) or "-" end
    megabytes[#megabytes + 1] = got and ("%.0f"):format(got.megabytes) or "-"
  end
  cells[#cells + 1] = table.concat(digits, " ")
  cells[#cells + 1] = table.concat(megabytes, " ")
  return "| " .. table.concat(cells, " | ") .. " |"
end

local function machine()
  for line in io.lines "/proc/cpuinfo" do
    local model = line:match "^model name%s*:%s*(.*)"
    if model then return model end
  end
  return "unknown processor"
end

local o = read_arguments()
local env = prepare(o)
print(("gradus %s on %s, %s; best of %s rounds"):format(gr.version, machine(), os.date "%Y-%m-%d", o.rounds))
print "Time of a step, epoch, call, pass or file (ratio to the floor); digits of the loss shared with the floor; peak memory in MB."
print()
print "| workload | type | threads | floor | gradus | numpy | torch | digits g n t | MB f g n t |"
print "|---|---|---|---|---|---|---|---|---|"
for _, workload in ipairs(WORKLOADS) do
  local name, types, threads = table.unpack(workload)
  for _, dtype in ipairs(asked_for(name, o.only) and can_run(name, env) and words(types) or {}) do
    for _, count in ipairs(has(words(o.type), dtype) and words(threads) or {}) do
      if has(words(o.threads), count) then
        print(row_text(name, dtype, count, measure(o, env, name, dtype, count)))
        io.stdout:flush()
      end
    end
  end
end

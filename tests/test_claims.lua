-- Claims of a sweep's combinations, of this program, of dead ones and of other machines.
local claims = require "gradus.claims"
local core = require "gradus.core"
local harness = require "harness"

local case = harness.suite "claims"
local same, check = harness.same, harness.check

--- Calls f with an empty folder.
local function in_folder(f)
  local folder = os.tmpname()
  os.remove(folder)
  core.make_folder(folder)
  local done, reason = pcall(f, folder)
  core.remove_folder(folder)
  check(done, reason)
end

--- Puts a claim there as its owner would.
local function put(folder, id, owner)
  core.make_folder(("%s/.claims/%s"):format(folder, id))
  local file <close> = assert(io.open(("%s/.claims/%s/%s"):format(folder, id, owner), "w")) -- luacheck: ignore file
end

--- The owner of a claim.
local function owner_of(folder, id) return core.list_folder(("%s/.claims/%s"):format(folder, id))[1] end

--- The fields of /proc/NUMBER/stat behind the program's name: its state, its parent, ...
local function stat(number)
  local file <close> = assert(io.open(("/proc/%s/stat"):format(number)))
  local fields = {}
  for field in file:read("a"):match("%) (.*)$"):gmatch "%S+" do
    fields[#fields + 1] = field
  end
  return fields
end

case("a claim that is free cannot be taken, or not given back", function()
  in_folder(function(folder)
    local own = claims.open(folder)
    same(own:take "a", true)
    same(owner_of(folder, "a"), own.me)
    own:release "a"
    same(owner_of(folder, "a"), nil)
    own:close()
    same(core.list_folder(folder .. "/.claims"), {})
  end)
end)

case("a claim of a program that is at work is taken", function()
  in_folder(function(folder)
    local own = claims.open(folder)
    local parent = stat("self")[2]
    local living = own.me:gsub("_%d+_%d+$", ("_%s_%s"):format(parent, stat(parent)[20]))
    put(folder, "a", living)
    local mine, owner = own:take "a"
    same({ mine, owner }, { false, living })
  end)
end)

--- A dead program's names: of a process that began at another time, or before the machine was started anew.
local function dead_ones(me) return { (me:gsub("_%d+$", "_1")), (me:gsub("_%x+_(%d+_%d+)$", "_00000000_%1")) } end

case("a dead program's claim is kept while others work", function()
  in_folder(function(folder)
    local own = claims.open(folder)
    for i, dead in ipairs(dead_ones(own.me)) do
      put(folder, "a" .. i, dead)
      same(own:take("a" .. i), true)
      same(owner_of(folder, "a" .. i), own.me)
    end
  end)
end)

case("what dead programs have left stays, or what is another's goes", function()
  in_folder(function(folder)
    local own = claims.open(folder)
    for i, dead in ipairs(dead_ones(own.me)) do
      put(folder, "a" .. i, dead)
      core.write_file(("%s/.claims/alive_%s"):format(folder, dead), "1")
    end
    put(folder, "b", "there_00000000_00000000_7_8")
    put(folder, "c", own.me)
    own:clean()
    local left = core.list_folder(folder .. "/.claims")
    table.sort(left)
    same(left, { "alive_" .. own.me, "b/", "c/" })
  end)
end)

case("another machine's claim is taken while it shows signs of life, or never", function()
  in_folder(function(folder)
    local other = "there_00000000_00000000_7_8"
    local own = claims.open(folder)
    put(folder, "a", other)
    own.patience = 0
    local function beat(text) core.write_file(("%s/.claims/alive_%s"):format(folder, other), text) end
    same(own:take "a", false) -- seen for the first time
    beat "1"
    same(own:take "a", false)
    core.make_folder(folder .. "/a")
    core.write_file(folder .. "/a/log.jsonl", "more")
    same(own:take "a", false)
    same(own:take "a", true)
  end)
end)

case("with take_over another machine's claim is waited for", function()
  in_folder(function(folder)
    put(folder, "a", "there_00000000_00000000_7_8")
    same(claims.open(folder, true):take "a", true)
  end)
end)

case("an owner is not named", function() same(claims.name "vm-1_0a0a0a0a_0b0b0b0b_12_345", "process 12 on vm-1") end)

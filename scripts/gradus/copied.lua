--- copied: answers that are right for somebody else. Where numbers are personal, whose value is another student's has copied it.
---
--- A value is known by a hash of its numbers, rounded so that the last bits do not count; what is right on one's own numbers is never told.
local answers = require "gradus.answers"
local core = require "gradus.core"

local copied = {}

local least = 2 -- numbers that a value must hold: single ones are met by chance

-- ---- Values

--- The numbers of a plain value in order; nil where it is none of numbers alone.
local function flatten(value, into)
  if type(value) == "number" then
    into[#into + 1] = ("%.6g"):format(value):gsub("^%-0$", "0")
    return into
  end
  if type(value) ~= "table" or #value == 0 then return nil end
  for _, one in ipairs(value) do
    if not flatten(one, into) then return nil end
  end
  return into
end

--- What a value is known by; nil for one that tells nothing.
---@param value any
---@return string?
function copied.known_by(value)
  local numbers = flatten(value, {})
  if not numbers or #numbers < least then return nil end
  return core.sha256_text(table.concat(numbers, " ")):sub(1, 16)
end

--- What the values that were asked for are known by, by name.
---@param calls table[]
---@param said table[]   what came of them
---@return table<string, string>
function copied.values(calls, said)
  local values = {}
  for i, call in ipairs(calls) do
    if not call.args then values[call.name] = copied.known_by(said[i].value) end
  end
  return values
end

--- Without those that the reference solution has for this student, too: they are no one else's.
---@param values table<string, string>?
---@param reference table?   what it defines
---@return table<string, string>
function copied.without(values, reference)
  local others = {}
  for name, key in pairs(values or {}) do
    local own = reference and answers.tell(reference[name]).value
    if copied.known_by(own) ~= key then others[name] = key end
  end
  return others
end

-- ---- Comparing

--- By name and value whose reference answer that is.
local function owners_of(class)
  local owners = {}
  for _, student in ipairs(class) do
    for _, question in pairs(student.answers or {}) do
      for name, value in pairs(type(question) == "table" and question or {}) do
        local key = copied.known_by(value)
        if key then
          local place = ("%s %s"):format(name, key)
          owners[place] = owners[place] or {}
          table.insert(owners[place], student.id)
        end
      end
    end
  end
  return owners
end

local function has(list, id)
  for _, one in ipairs(list) do
    if one == id then return true end
  end
  return false
end

--- Who handed in what is right for somebody else: { id, name, whose }, by id and name.
---@param class table      of enrolled.lua
---@param records table[]  of mark_record.lua
---@return { id: string, name: string, whose: string[] }[]
function copied.find(class, records)
  local owners, found = owners_of(class), {}
  for _, one in ipairs(records) do
    for name, key in pairs(one.values or {}) do
      local whose = owners[("%s %s"):format(name, key)]
      if whose and not has(whose, one.student.id) then
        found[#found + 1] = { id = one.student.id, name = name, whose = whose }
      end
    end
  end
  table.sort(found, function(a, b) return a.id == b.id and a.name < b.name or a.id < b.id end)
  return found
end

return copied

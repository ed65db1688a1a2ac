--- similar: answers of a class that are nearly one, whatever their names, comments, constants and order of functions are.
---
---   for _, pair in ipairs(similar.pairs { { id = "s001", text = ..., base = { starter } }, ... }) do
---     print(pair.a, pair.b, pair.share)     -- pair.lines = { a = { { 3, 20 }, ... }, b = { ... } }: where they agree
---   end
---
--- A pair is a reason to look, no proof: that is the teacher's part.
---
--- The threshold was measured on ten answers to one small task, written apart (tests/similar_answers.lua): two of them have at most 36 % in
--- common. Copies with other names, layout, constants, prints and functions in another order have 75 % or more; the least, 56 %, has a copy
--- with a useless statement behind every assignment.
local fingerprints = require "gradus.fingerprints"

local similar = {}

similar.threshold = 0.5
similar.longest = fingerprints.longest -- bytes of an answer that are compared
similar.least = 20 -- fingerprints of one's own; less says nothing of who wrote it

local least_class = 8 -- students; in a smaller class two that copied are half of it soon
local least_words = 20 -- runs of words beside the starter's, of an answer that can be compared exactly

--- What the starter files consist of, as a set.
local function starter_set(base, known)
  local set = {}
  for _, text in ipairs(base or {}) do
    known[text] = known[text] or fingerprints.of(text)
    for _, gram in ipairs(known[text].grams) do
      set[gram] = true
    end
  end
  return set
end

--- How many students have each run of words.
local function count_grams(list)
  local counts = {}
  for _, one in ipairs(list) do
    local seen = {}
    for _, gram in ipairs(one.found.grams) do
      if not seen[gram] then
        seen[gram], counts[gram] = true, (counts[gram] or 0) + 1
      end
    end
  end
  return counts
end

--- What each has of its own: beside the starter's, and beside what more than half of a class has.
local function own_of(one, counts, most)
  one.own, one.size, one.beside = {}, 0, 0
  for _, gram in ipairs(one.found.grams) do
    if not one.starter[gram] then one.beside = one.beside + 1 end
  end
  for _, i in ipairs(one.found.chosen) do
    local gram = one.found.grams[i]
    if not one.starter[gram] and counts[gram] <= most and not one.own[gram] then
      one.own[gram], one.size = i, one.size + 1
      one.order[one.size] = gram
    end
  end
end

local function prepare(list)
  local all, known = {}, {}
  for i, given in ipairs(list) do
    all[i] =
      { id = given.id, found = fingerprints.of(given.text), starter = starter_set(given.base, known), order = {} }
  end
  table.sort(all, function(a, b) return a.id < b.id end)
  local counts = count_grams(all)
  for _, one in ipairs(all) do
    own_of(one, counts, #all >= least_class and #all / 2 or #all)
  end
  return all
end

--- How many fingerprints each two have in common: shared[i][j] for i < j.
local function count_shared(all)
  local owners, shared = {}, {}
  for j, one in ipairs(all) do
    shared[j] = {}
    for _, gram in ipairs(one.size >= similar.least and one.order or {}) do
      local before = owners[gram] or {}
      owners[gram] = before
      for _, i in ipairs(before) do
        shared[i][j] = (shared[i][j] or 0) + 1
      end
      before[#before + 1] = j
    end
  end
  return shared
end

--- Lines of one that are in the other, too, as ranges.
local function ranges(one, other)
  local list = {}
  for _, gram in ipairs(one.order) do
    if other.own[gram] then
      local from, to = one.found.lines(one.own[gram])
      local last = list[#list]
      if last and from <= last[2] + 2 then
        last[2] = math.max(last[2], to)
      else
        list[#list + 1] = { from, to }
      end
    end
  end
  return list
end

local function pair_of(a, b, share)
  return { a = a.id, b = b.id, share = share, lines = { a = ranges(a, b), b = ranges(b, a) } }
end

local function add_long(found, all)
  local shared = count_shared(all)
  for i, one in ipairs(all) do
    for j = i + 1, #all do
      local share = (shared[i][j] or 0) / math.min(one.size, all[j].size)
      if shared[i][j] and share >= similar.threshold then found[#found + 1] = pair_of(one, all[j], share) end
    end
  end
end

--- Short answers by their words; one that many have is what the task asks for.
local function add_short(found, all)
  local groups, order = {}, {}
  for _, one in ipairs(all) do
    if one.size < similar.least and one.beside >= least_words then
      local key = one.found.exact
      if not groups[key] then
        groups[key], order[#order + 1] = {}, key
      end
      table.insert(groups[key], one)
    end
  end
  local most = math.max(3, #all / 10)
  for _, key in ipairs(order) do
    local group = groups[key]
    for i = 1, #group <= most and #group or 0 do
      for j = i + 1, #group do
        local pair = pair_of(group[i], group[j], 1)
        pair.short = true
        found[#found + 1] = pair
      end
    end
  end
end

--- Pairs of answers that are nearly the same, those with the largest share first. The share is of the fingerprints that the smaller of the
--- two has beside the starter's, and, in a class of eight or more, beside those that more than half of it has. Answers with fewer than 20
--- are compared exactly, but for names, comments and layout: such a pair is marked `short`, and may well be chance.
---@param list { id: string, text: string, base?: string[] }[]
---@return { a: string, b: string, share: number, lines: table, short?: boolean }[]
function similar.pairs(list)
  local all, found = prepare(list), {}
  add_long(found, all)
  add_short(found, all)
  table.sort(found, function(p, q)
    if p.share ~= q.share then return p.share > q.share end
    if p.short ~= q.short then return q.short end
    if p.a ~= q.a then return p.a < q.a end
    return p.b < q.b
  end)
  return found
end

--- Ids whose files are the same letter by letter, but for white space at line ends; those of nobody but starters are none.
---@param list { id: string, text: string, base?: string[] }[]
---@return string[][]
function similar.identical(list)
  local function bare(text) return (text:gsub("\r\n", "\n"):gsub("[ \t]+\n", "\n"):gsub("%s+$", "")) end
  local by_text, order, groups = {}, {}, {}
  for _, one in ipairs(list) do
    local text, given = bare(one.text), false
    for _, starter in ipairs(one.base or {}) do
      given = given or bare(starter) == text
    end
    if not given and text ~= "" then
      if not by_text[text] then
        by_text[text], order[#order + 1] = {}, text
      end
      table.insert(by_text[text], one.id)
    end
  end
  for _, text in ipairs(order) do
    if #by_text[text] > 1 then groups[#groups + 1] = by_text[text] end
  end
  return groups
end

return similar

--- grid: values of settings as a command line writes them, and their combinations.
---
---   local lr, hidden = grid.axis("lr", "0.001..1:log4"), grid.axis("hidden", "10,50")
---   grid.product { lr, hidden }     -- { { "0.001", "10" }, { "0.001", "50" }, { "0.01", "10" }, ... }
---   grid.draw({ grid.axis("lr", "0.001~1"), hidden }, 20, 0)   -- twenty of them, by chance
---
--- A list, with commas, of
---
---   0.1  adam  true      a value; "64,32" in double quotes, where it has commas or would be a range ("" inside stands for a quote)
---   0..4                 whole numbers, both ends among them; 4..0 goes down
---   0..1..0.25           numbers with that step, up to the end
---   0.001..1:log4        four numbers, each the same times the one before (to six digits)
---   0..1:lin5            five numbers in equal steps
---
--- or, alone and to be drawn from, 0.001~1 (the logarithm uniform) or 0~1:lin (uniform).
---
--- What other languages write for a list or a range, [0.1,0.2] or 0.1:0.5, is refused: in double quotes it is a text.
local core = require "gradus.core"

local grid = {}

--- Values of one setting, and combinations of all, that can still be meant.
local most = 100000

local function number(text) return text:find "^[+-]?%.?%d[%d.]*[eE]?[+-]?%d*$" and tonumber(text) or nil end

--- Digits enough for what people write, and few enough to hide what a sum of steps adds behind them.
local function show(value) return math.type(value) == "integer" and ("%d"):format(value) or ("%.12g"):format(value) end

-- ---- Ranges

local function check_count(text, count)
  if count <= most then return nil end
  return ("%s has more than %d values"):format(text, most)
end

--- from, from + step, ... up to `to`.
local function steps(text, from, to, step)
  if step == 0 or (to - from) / step < 0 then return nil, ("%s never arrives: step %s"):format(text, show(step)) end
  local slack = 1e-9 -- of a step: 0..1..0.1 has eleven values, though ten times 0.1 may miss 1
  local count = math.floor((to - from) / step + slack) + 1
  local wrong = check_count(text, count)
  if wrong then return nil, wrong end
  local values = {}
  for i = 1, count do
    values[i] = show(from + (i - 1) * step)
  end
  return values
end

--- `count` numbers, the first and the last as they are written.
local function spaced(text, first, last, scale, count)
  local from, to = number(first), number(last)
  if count < 2 then return nil, ("%s wants at least 2 values"):format(text) end
  if scale == "log" and not (from > 0 and to > 0) then
    return nil, ("%s: a logarithm wants ends above 0; :lin%d makes equal steps"):format(text, count)
  end
  local wrong = check_count(text, count)
  if wrong then return nil, wrong end
  local values = {}
  for i = 1, count do
    local share = (i - 1) / (count - 1)
    local value = scale == "log" and from * (to / from) ^ share or from + (to - from) * share
    values[i] = (i == 1 and first) or (i == count and last) or ("%.6g"):format(value)
  end
  return values
end

local examples = "write 0..4, 0..1..0.25, 0.001..1:log4 or 0..1:lin5"

--- What to say of a:b and a:b:c, which are ranges elsewhere, and of range(5); nil where the text is neither.
local function foreign_range(text)
  local ends = 0
  for part in (text .. ":"):gmatch "(.-):" do
    if not number(part) then
      ends = 0
      break
    end
    ends = ends + 1
  end
  local call = text:find "^[%w_.]*range%(" or text:find "^[%w_.]*space%("
  if ends < 2 and not call then return nil end
  return ("%s is no range: %s; a text of that kind stands in double quotes"):format(text, examples)
end

--- The values of a..b, a..b..step, a..b:log4; nil and no reason where the text is none of them.
local function range(text)
  local first, rest = text:match "^(.-)%.%.(.+)$"
  local from = first and number(first)
  if not from then return nil, foreign_range(text) end
  local last, scale, count = rest:match "^([^:]+):(%a+)(%d+)$"
  if last and number(last) and (scale == "log" or scale == "lin") then
    return spaced(text, first, last, scale, tonumber(count))
  end
  local to, step = rest:match "^(.-)%.%.(.+)$"
  to, step = number(to or rest), step and number(step)
  if not to or (rest:find("..", 1, true) and not step) then
    return nil, ("%s is no range: %s"):format(text, examples)
  end
  if not step and not (math.type(from) == "integer" and math.type(to) == "integer") then
    return nil, ("%s: a range of numbers that are not whole wants a step: %s..0.1, or :lin5"):format(text, text)
  end
  return steps(text, from, to, step or (to >= from and 1 or -1))
end

--- An axis of 0.001~1 or 0~1:lin; nil where the text is none.
local function continuous(name, text)
  local first, last, scale = text:match "^([^~]+)~([^~:]+):?(%a*)$"
  local from, to = number(first or ""), number(last or "")
  if not from or not to then return nil end
  if scale ~= "" and scale ~= "log" and scale ~= "lin" then
    return nil, ("--%s=%s: behind the colon stands log or lin"):format(name, text)
  elseif scale ~= "lin" and not (from > 0 and to > 0) then
    return nil, ("--%s=%s: a logarithm wants ends above 0; %s~%s:lin is uniform"):format(name, text, first, last)
  elseif from >= to then
    return nil, ("--%s=%s: the smaller end comes first"):format(name, text)
  end
  return { name = name, from = from, to = to, scale = scale == "lin" and "lin" or "log" }
end

-- ---- Lists

--- The text within the quotes that open at `at`, and the place behind them; nil when nothing closes them.
local function quoted(text, at)
  local parts, from = {}, at + 1
  while true do
    local close = text:find('"', from, true)
    if not close then return nil end
    parts[#parts + 1] = text:sub(from, close - 1)
    if text:sub(close + 1, close + 1) ~= '"' then return table.concat(parts, '"'), close + 1 end
    from = close + 2
  end
end

--- The values that begin at `at`, and the place behind them; nil and the reason.
local function read_part(text, at)
  if text:sub(at, at) == '"' then
    local word, behind = quoted(text, at)
    if not word then return nil, "a quote is not closed" end
    if behind <= #text and text:sub(behind, behind) ~= "," then return nil, "a comma is expected behind a quote" end
    return { word }, behind
  end
  local part = text:match("^[^,]*", at)
  if part == "" then return nil, 'a value is empty; "" is the empty text' end
  local values, wrong = range(part)
  if wrong then return nil, wrong end
  return values or { part }, at + #part
end

--- What to say of a list in brackets; nil where the text is none.
local function bracketed(name, text)
  local inside = text:match "^%[(.*)%]$" or text:match "^%((.*)%)$" or text:match "^{(.*)}$"
  if not inside or not (inside:find(",", 1, true) or number(inside)) then return nil end
  return ("--%s=%s: values stand without brackets: --%s=%s; a text with commas stands in double quotes"):format(
    name,
    text,
    name,
    (inside:gsub("%s*,%s*", ","))
  )
end

--- Reads what stands behind --name=: { name =, values = { texts } }, or { name =, from =, to =, scale = }; nil and what is wrong.
---@param name string
---@param text string
---@return table?, string?
function grid.axis(name, text)
  local between, wrong = continuous(name, text)
  wrong = wrong or bracketed(name, text)
  if between or wrong then return between, wrong end
  local values, seen, at = {}, {}, 1
  repeat
    local part, behind = read_part(text, at)
    if not part then return nil, ("--%s=%s: %s"):format(name, text, behind) end
    for _, value in ipairs(part) do
      if seen[value] then return nil, ("--%s=%s: %s stands there twice"):format(name, text, value) end
      seen[value], values[#values + 1] = true, value
    end
    at = behind + 1
  until behind > #text
  return { name = name, values = values }
end

-- ---- Combinations

--- How many combinations there are; infinity where one is drawn from a range.
---@param axes table[]
---@return number
function grid.count(axes)
  local count = 1.0
  for _, axis in ipairs(axes) do
    count = count * (axis.values and #axis.values or math.huge)
  end
  return count
end

--- The combination of that number, from 0: the last setting changes first.
local function combination(axes, index)
  local texts = {}
  for i = #axes, 1, -1 do
    local values = axes[i].values
    texts[i] = values[index % #values + 1]
    index = index // #values
  end
  return texts
end

--- All combinations, as lists of texts in the order of the axes; the last setting changes first. nil and what is wrong.
---@param axes table[]
---@return string[][]?, string?
function grid.product(axes)
  local list, count = {}, grid.count(axes)
  for _, axis in ipairs(axes) do
    if not axis.values then return nil, ("--%s is a range to be drawn from: say --random K"):format(axis.name) end
  end
  if count > most then
    return nil, ("these are %.0f combinations; %d at most, or --random K of them"):format(count, most)
  end
  for index = 0, math.tointeger(count) - 1 do
    list[index + 1] = combination(axes, index)
  end
  return list
end

--- A value of the axis, by a number from 0 to below 1.
local function pick(axis, share)
  if axis.values then return axis.values[math.floor(share * #axis.values) + 1] end
  local value = axis.from + (axis.to - axis.from) * share
  if axis.scale == "log" then value = axis.from * (axis.to / axis.from) ^ share end
  return ("%.6g"):format(value)
end

--- k combinations by chance, none twice; all of them where there are no more. More of them begin with the same ones.
---@param axes table[]
---@param k integer
---@param seed integer
---@return string[][]?, string?
function grid.draw(axes, k, seed)
  if k >= grid.count(axes) then return grid.product(axes) end
  if k > most then return nil, ("--random %d: %d at most"):format(k, most) end
  local list, seen, generator = {}, {}, core.rng(seed)
  local tries, patience = 0, 1000 -- draws for one that was not there yet
  while #list < k and tries < patience * k do
    tries = tries + 1
    local texts = {}
    for i, axis in ipairs(axes) do
      texts[i] = pick(axis, generator:random())
    end
    local key = table.concat(texts, "\0")
    if not seen[key] then
      seen[key], list[#list + 1] = true, texts
    end
  end
  if #list == k then return list end
  return nil, ("--random %d: %d combinations were found in %d draws, no more than that"):format(k, #list, tries)
end

return grid

--- marks_parts: what the page of a student and that of the class have in common: points, signs, bars.
local core = require "gradus.core"
local excerpt = require "gradus.excerpt"
local html = require "gradus.html"

local e = html.element

local marks_parts = {}

--- Shown beside the colour, which not everybody sees and not every printer has.
marks_parts.signs = { full = "✓", part = "◐", none = "✗" }

local close = 1e-9 -- points are sums of shares

--- "full", "part" or "none".
function marks_parts.grade(points, of)
  if points >= of - close then return "full" end
  return points > close and "part" or "none"
end

--- Points as people read them.
function marks_parts.points(number) return type(number) == "number" and ("%.6g"):format(number) or "?" end

--- A mean or the like: three digits are enough to compare by.
function marks_parts.figure(number) return (("%.2f"):format(number):gsub("%.?0+$", "")) end

--- A share as a bar.
function marks_parts.bar(points, of)
  local share = of and of > 0 and points / of or 0
  share = share == share and math.max(0, math.min(1, share)) or 0
  return e(
    "svg",
    {
      class = "bar",
      viewBox = "0 0 100 6",
      preserveAspectRatio = "none",
      role = "img",
      ["aria-label"] = ("%.0f %%"):format(100 * share),
    },
    e("rect", { class = "all", width = 100, height = 6 }),
    e("rect", { class = "share", width = ("%.2f"):format(100 * share), height = 6 })
  )
end

--- How a submission ended, with its colour.
---@param status string
---@param word? string    what is shown in its place
function marks_parts.status(status, word)
  return e("span", { class = "status " .. (status:match "^%l+$" or "") }, word or excerpt.line(status, 40))
end

--- Names in a row.
function marks_parts.list(names)
  local texts = {}
  for i, name in ipairs(names) do
    texts[i] = excerpt.line(name, 40)
  end
  return table.concat(texts, ", ")
end

--- Whether an id may stand in a link: what roster.lua takes.
local function is_name(id)
  return type(id) == "string" and #id <= 64 and not id:find "[^%w_.-]" and id:find "^[%w_]" ~= nil
end

--- A student's id, leading to the page; a name that no student has leads nowhere.
---@param id string
---@param folder? string   where the pages lie, "students/" unless given
function marks_parts.link(id, folder)
  if not is_name(id) then return excerpt.line(id, 64) end
  return e("a", { href = ("%s%s.html"):format(folder or "students/", id) }, id)
end

--- Where the page is that shows two answers side by side; nil where a name is none.
---@return string?
function marks_parts.pair_path(pair)
  return is_name(pair.a) and is_name(pair.b) and ("alike/%s+%s.html"):format(pair.a, pair.b) or nil
end

function marks_parts.style() return core.file "report/base.css" .. "\n" .. core.file "report/marks.css" end

return marks_parts

--- alike_page: two answers that are nearly the same, side by side, on a page for the teacher.
---
---   for i, pair in ipairs(alike) do
---     local path = i <= alike_page.most and alike_page.path(pair)          -- "alike/s001+s020.html", beside index.html
---     if path then core.write_file(folder .. "/" .. path, alike_page.html(pair, texts[pair.a], texts[pair.b])) end
---     pair.page = path                                                     -- class_page leads there
---   end
local excerpt = require "gradus.excerpt"
local html = require "gradus.html"
local parts = require "gradus.marks_parts"
local report_parts = require "gradus.report_parts"

local e = html.element

local alike_page = {}

alike_page.most = 200 -- pairs that a teacher can look at

local longest = 100000 -- bytes of an answer that are shown

--- Where the page goes, below the folder of index.html; nil when an id cannot be part of a file's name.
---@param pair { a: string, b: string }
---@return string?
function alike_page.path(pair) return parts.pair_path(pair) end

local function side(id, text, ranges)
  local shown, left_out = excerpt.lines(text, longest)
  local more = left_out > 0 and e("p", { class = "note" }, ("%d bytes more are not shown."):format(left_out)) or nil
  return e("section", nil, e("h2", nil, parts.link(id, "../students/")), report_parts.code(shown, ranges), more)
end

--- The page's text; what both have is set off.
---@param pair table    of similar.pairs
---@param one string    the text of pair.a's answer
---@param other string  that of pair.b
---@return string
function alike_page.html(pair, one, other)
  local title = ("%s and %s"):format(excerpt.line(pair.a, 64), excerpt.line(pair.b, 64))
  local share = ("%.0f %% of the shorter answer is in the other"):format(100 * pair.share)
  local about = share .. ", names, comments, constants and prints aside. What both have is set off."
  local lines = pair.lines or {}
  local sides = e("div", { class = "sides" }, side(pair.a, one, lines.a), side(pair.b, other, lines.b))
  return html.page {
    title = title,
    style = parts.style(),
    body = e("main", { class = "pair" }, e("header", nil, e("h1", nil, title), e("p", nil, about)), sides),
  }
end

return alike_page

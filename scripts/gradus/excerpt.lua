--- excerpt: texts of strangers as a page shows them: shortened, and without what speaks to a terminal or turns the direction of writing.
---
---   excerpt.line(record.reason, 300)       one line
---   excerpt.lines(record.output, 20000)    and how many bytes were left out
---
--- Pages still escape them (html.lua), as any text.
local digest = require "gradus.digest"

local excerpt = {}

local function text_of(value)
  local back = digest.plain(value)
  return back == nil and "" or tostring(back)
end

--- In one line, at most that many bytes; "..." says that there was more.
---@param value any
---@param most? integer   300 unless given
---@return string
function excerpt.line(value, most)
  local text, left_out = digest.first(text_of(value), most or 300)
  text = digest.line((text:gsub("%s+", " ")))
  return left_out > 0 and text .. " ..." or text
end

--- With its lines; second, how many bytes were left out.
---@param value any
---@param most integer
---@return string, integer
function excerpt.lines(value, most)
  local text, left_out = digest.first(text_of(value), most)
  return digest.lines((text:gsub("\r\n", "\n"))), left_out
end

return excerpt

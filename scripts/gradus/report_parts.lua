--- report_parts: the parts of a report's page that tell of one run: tables of names and values, the script with its lines, pictures.
local core = require "gradus.core"
local digest = require "gradus.digest"
local html = require "gradus.html"
local options = require "gradus.options"
local plain = require "gradus.plain"
local record = require "gradus.record"
local show_page = require "gradus.show_page"

local e = html.element

local report_parts = {}

-- ---- Tables

--- A table that a narrow screen can move sideways.
local function wide(table_element) return e("div", { class = "wide" }, table_element) end

local function cell(tag, value, attributes)
  attributes = attributes or {}
  if type(value) == "number" then attributes.class = "number" end
  return e(tag, attributes, type(value) == "number" and digest.text(value) or value)
end

--- Rows of a table below a head; numbers stand at the right.
function report_parts.table(head, rows)
  local heads, lines = {}, {}
  for i, title in ipairs(head) do
    heads[i] = cell("th", title)
  end
  for r, row in ipairs(rows) do
    local cells = {}
    for i = 1, #head do
      cells[i] = cell("td", row[i] ~= nil and row[i] or "")
    end
    lines[r] = e("tr", nil, cells)
  end
  return wide(e("table", nil, e("thead", nil, e("tr", nil, heads)), e("tbody", nil, lines)))
end

--- Names and values.
function report_parts.pairs(rows)
  local lines, notes = {}, false
  for _, row in ipairs(rows) do
    notes = notes or row[3] ~= nil and row[3] ~= ""
  end
  for i, row in ipairs(rows) do
    local note = notes and e("td", { class = "note" }, row[3] or "") or nil
    lines[i] = e("tr", nil, e("th", { scope = "row" }, row[1]), cell("td", row[2]), note)
  end
  return wide(e("table", { class = "pairs" }, e("tbody", nil, lines)))
end

--- A part with its title; nothing where there is nothing in it.
function report_parts.section(title, ...)
  if select("#", ...) == 0 or (...) == nil then return nil end
  return e("section", nil, e("h2", nil, title), ...)
end

local section = report_parts.section

-- ---- Values

local function is_row(value) return type(value) == "table" and #value > 0 and type(value[1]) ~= "table" end

--- A matrix as a table; anything else as text.
local function value_part(value)
  local values = type(value) == "table" and type(value.tensor) == "string" and value.values or value
  if type(values) == "table" and is_row(values[1]) then
    local lines = {}
    for r, row in ipairs(values) do
      local cells = {}
      for i, one in ipairs(is_row(row) and row or {}) do
        cells[i] = e("td", { class = "number" }, digest.text(one))
      end
      lines[r] = e("tr", nil, cells)
    end
    return e("table", { class = "matrix" }, e("tbody", nil, lines))
  end
  return type(value) == "number" and value or digest.text(value)
end

report_parts.value = value_part

local function settings(run)
  local given, rows = {}, {}
  for _, name in ipairs(run.about.overridden or {}) do
    given[name] = true
  end
  local flat = digest.settings(run)
  for i, name in ipairs(options.sorted_keys(flat)) do
    rows[i] = { name, value_part(flat[name]), given[name] and "given on the command line" or "" }
  end
  return #rows > 0 and report_parts.pairs(rows) or nil
end

local function results(run)
  local rows, flat = {}, digest.flat(run.results)
  for i, name in ipairs(options.sorted_keys(flat)) do
    rows[i] = { name, value_part(flat[name]) }
  end
  return #rows > 0 and report_parts.pairs(rows) or nil
end

local function trainings(run)
  local titles, rows = show_page.trainings(run)
  local head = {}
  for i, title in ipairs(titles) do
    head[i] = title.title
  end
  return #rows > 0 and report_parts.table(head, rows) or nil
end

-- ---- Files

--- A file's path inside the record, if it leads nowhere else.
local function own_path(run, file)
  local path = digest.plain(file.path)
  if type(path) ~= "string" or not path:find "^files/[^/%z]+$" then return nil end
  return ("%s/%s"):format(run.folder, path)
end

--- The picture of a file, if it is the one that was recorded. nil and why not.
local function picture_bytes(run, file)
  local path = own_path(run, file)
  local ok, sum = pcall(core.sha256, path and core.is_file(path) and path)
  if not ok then return nil, "is not there any more" end
  if sum ~= file.sha256 then return nil, "was changed since it was recorded, and is not shown" end
  return record.read_file(path)
end

local function picture(run, file)
  local name = digest.text(file.name)
  local bytes, reason = picture_bytes(run, file)
  if not bytes then return e("p", { class = "wrong" }, ("The picture %s %s."):format(name, reason)) end
  return e("figure", { class = "picture" }, html.picture("image/svg+xml", bytes, name), e("figcaption", nil, name))
end

local function pictures(run)
  local parts = {}
  for _, file in ipairs(run.about.files or {}) do
    if file.kind == "picture" then parts[#parts + 1] = picture(run, file) end
  end
  return #parts > 0 and e("div", { class = "pictures" }, parts) or nil
end

local function hash(sum) return e("code", { title = tostring(sum) }, digest.short_hash(sum)) end

local function files(run)
  local rows = {}
  for i, file in ipairs(run.about.files or {}) do
    rows[i] = { digest.text(file.path), digest.text(file.kind), hash(file.sha256) }
  end
  return #rows > 0 and report_parts.table({ "file", "kind", "SHA-256" }, rows) or nil
end

local function data(run)
  local rows = {}
  for i, entry in ipairs(run.about.data or {}) do
    local during = entry.after ~= nil and entry.after ~= entry.sha256 and "changed while the run was going on" or ""
    rows[i] = {
      digest.text(entry.name),
      entry.path and digest.text(entry.path) or "in the program",
      hash(entry.sha256),
      during,
    }
  end
  return #rows > 0 and report_parts.table({ "data", "from", "SHA-256", "" }, rows) or nil
end

-- ---- Texts

--- A program's text; each line is an element, whose number the style shows and no copying takes along.
---@param text string
---@param ranges? integer[][]   first and last lines of what is set off from the rest
function report_parts.code(text, ranges)
  local lines, shared = {}, {}
  for _, range in ipairs(ranges or {}) do
    for i = range[1], range[2] do
      shared[i] = true
    end
  end
  for line in (text:gsub("\n$", "") .. "\n"):gmatch "(.-)\n" do
    local class = shared[#lines + 1] and "line shared" or "line"
    lines[#lines + 1] = e("span", { class = class }, line, "\n")
  end
  return e("pre", { class = "code" }, e("code", nil, lines))
end

local function script(run)
  local text = plain.back(run.about.script.text)
  if type(text) ~= "string" then return nil end
  local sum = hash(run.about.script.sha256)
  return { e("p", { class = "note" }, digest.text(run.about.script.path), " ", sum), report_parts.code(text) }
end

local function modules(run)
  local parts = {}
  for i, module in ipairs(run.about.modules or {}) do
    local text = plain.back(module.text)
    local title = e("summary", nil, digest.text(module.path), " ", hash(module.sha256))
    parts[i] = e("details", nil, title, type(text) == "string" and report_parts.code(text) or nil)
  end
  return #parts > 0 and parts or nil
end

local longest_output = 100000 -- bytes

local function output(run)
  local text = record.read_part(run.folder .. "/output.txt")
  if not text or text == "" then return nil end
  local rest = #text - longest_output
  if rest > 0 then text = text:sub(1, longest_output):gsub("[^\n]*$", "") end
  local note = rest > 0 and e("p", { class = "note" }, ("%d bytes more stand in output.txt."):format(rest)) or nil
  return { e("pre", { class = "output" }, text), note }
end

-- ---- All of a run

--- How it ended, as an element with a colour.
function report_parts.status(run)
  return e("span", { class = "status " .. (run.status:match "^%l+$" or "") }, digest.line(run.status))
end

local function error_part(run)
  if run.about.error == nil then return nil end
  return e("pre", { class = "error" }, digest.lines(tostring(digest.plain(run.about.error))))
end

--- What is wrong with the record.
local function seal(run)
  local trouble, items = show_page.trouble(run), {}
  if #trouble == 0 then return e("p", { class = "whole" }, "The record is as it was written.") end
  for i, text in ipairs(trouble) do
    items[i] = e("li", nil, text)
  end
  return e("div", { class = "wrong" }, e("p", nil, "The record is not as it was written:"), e("ul", nil, items))
end

--- Whether it failed, and whether the record is whole.
function report_parts.state(run) return { error_part(run) or "", seal(run) } end

local function replay(run)
  return {
    e("p", nil, "The record of the run holds script, settings, seeds and results. Run again and compared with it by"),
    e("pre", { class = "command" }, digest.replay_command(run)),
    e("p", nil, "It was made, in ", e("code", nil, digest.text(run.about.directory)), ", by"),
    e("pre", { class = "command" }, digest.command(run)),
  }
end

--- Everything about one run but its curves.
---@param run table
---@return any[]
function report_parts.run(run)
  local list = {}
  for _, part in ipairs {
    section("How to replay it", replay(run)),
    section("Results", results(run)) or "",
    section("Settings", settings(run)) or "",
    section("Pictures", pictures(run)) or "",
    section("Trainings", trainings(run)) or "",
    section("Data", data(run)) or "",
    section("Output", output(run)) or "",
    section("Script", script(run)) or "",
    section("Modules", modules(run)) or "",
    section("Program and machine", e("p", nil, show_page.engine(run)), e("p", nil, show_page.machine(run))),
    section("Files", files(run)) or "",
  } do
    list[#list + 1] = part
  end
  return list
end

return report_parts

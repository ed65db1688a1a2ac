--- assignment_folder: an assignment as it lies on the disk.
---
---   inverse/assignment.lua   gr.assignment{ ... }: the questions, and the checks that students do not see     stays with the teacher
---   inverse/reference.lua    an answer file that is right                                                     stays with the teacher
---   inverse/course.key       what students' numbers are drawn from                                            stays with the teacher
---   inverse/visible.lua      the checks that students see, { q1 = { ... } }                                   handed out as it is
---   inverse/starter/         what students begin with                                                         handed out as it is
---
--- What students see is a file of its own, so that nothing has to be cut out of one that they must not see.
local core = require "gradus.core"
local options = require "gradus.options"
local record = require "gradus.record"

local assignment_folder = {}

--- What a script of the teacher's returns; nil and what is wrong.
local function run(path)
  local text, reason = record.read_file(path)
  if not text then return nil, reason end
  local chunk, wrong = load(text, "@" .. path, "t")
  if not chunk then return nil, wrong end
  local ok, result = pcall(chunk)
  if not ok then return nil, type(result) == "string" and result or ("%s raised a %s"):format(path, type(result)) end
  return result
end

-- ---- The checks that students see

local function is_check(value)
  return type(value) == "table" and type(value.judge) == "function" and type(value.calls) == "function"
end

--- What is wrong with the checks of a question; nil when nothing is.
local function wrong_list(name, list, known)
  if not known[name] then
    return ("there is no question %s; there are: %s"):format(
      options.describe(name),
      table.concat(options.sorted_keys(known), " ")
    )
  end
  if type(list) ~= "table" then
    return ("the checks of %s must be a list, got %s"):format(name, options.describe(list))
  end
  for i, check in ipairs(list) do
    if not is_check(check) then
      return ("check %d of %s must be made by a function of gr.assignment, got %s"):format(
        i,
        name,
        options.describe(check)
      )
    end
    if check.needs_reference then
      return ("check %d of %s ('%s') must say what is expected: students have no reference solution"):format(
        i,
        name,
        check.title
      )
    end
  end
  return nil
end

--- The checks of a file by question, marked as visible; nil and what is wrong.
---@param path string
---@param questions table[]   with a name each
---@return table<string, table[]>?, string?
function assignment_folder.read_visible(path, questions)
  local lists, wrong = run(path)
  if wrong then return nil, wrong end
  if type(lists) ~= "table" then return nil, ("%s: it must return a table { q1 = { ... } }"):format(path) end
  local known = {}
  for _, question in ipairs(questions) do
    known[question.name] = true
  end
  for _, name in ipairs(options.sorted_keys(lists)) do
    wrong = wrong_list(name, lists[name], known)
    if wrong then return nil, ("%s: %s"):format(path, wrong) end
    for _, check in ipairs(lists[name]) do
      check.visible = true
    end
  end
  return lists
end

-- ---- All of it

--- Puts visible checks in front, and says what the points are that the checks give; what is wrong when they are not the question's.
local function join(question, visible)
  local all, sum = table.move(visible, 1, #visible, 1, {}), 0
  table.move(question.checks, 1, #question.checks, #all + 1, all)
  for _, check in ipairs(all) do
    sum = sum + check.points
  end
  local wanted = question.points or sum
  if #all == 0 then return ("question %s has no checks"):format(question.name) end
  if math.abs(wanted - sum) > 1e-9 then
    return ("question %s has %g points, but its checks give %g"):format(question.name, wanted, sum)
  end
  question.points, question.checks = sum, all
  return nil
end

--- The assignment in a folder, with .folder, .visible_text, .reference_text; nil and what is wrong.
---@param folder string
---@return table?, string?
function assignment_folder.read(folder)
  local path = folder .. "/assignment.lua"
  local a, wrong = run(path)
  if wrong then return nil, wrong end
  if type(a) ~= "table" or a.kind ~= "assignment" then
    return nil, ("%s: it must return gr.assignment{ ... }, got %s"):format(path, options.describe(a))
  end
  a.folder = folder
  a.reference_text, wrong = record.read_file(("%s/%s"):format(folder, a.reference))
  if wrong then return nil, wrong end
  local visible_path, visible = ("%s/%s"):format(folder, a.visible), {}
  a.visible_text = record.read_file(visible_path) or "return {}\n"
  if core.exists(visible_path) then
    visible, wrong = assignment_folder.read_visible(visible_path, a.questions)
    if wrong then return nil, wrong end
  end
  for _, question in ipairs(a.questions) do
    wrong = join(question, visible[question.name] or {})
    if wrong then return nil, ("%s: %s"):format(path, wrong) end
  end
  return a
end

--- All files below a folder, as paths from there, sorted.
---@param folder string
---@return string[]
function assignment_folder.files(folder)
  local found = {}
  local function look(inside)
    for _, name in ipairs(core.list_folder(folder .. "/" .. inside)) do
      if name:sub(-1) == "/" then
        look(inside .. name)
      else
        found[#found + 1] = inside .. name
      end
    end
  end
  look ""
  table.sort(found)
  return found
end

return assignment_folder

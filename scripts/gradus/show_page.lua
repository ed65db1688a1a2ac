--- show_page: the page of text that `gradus show RUN` prints, and its tables of figures, as lists of lines.
local columns = require "gradus.columns"
local digest = require "gradus.digest"
local options = require "gradus.options"
local seals = require "gradus.seals"
local since = require "gradus.since"
local width = require "gradus.width"

local show_page = {}

-- ---- Blocks of lines

local label_width = 10

local function add(lines, ...)
  for _, line in ipairs { ... } do
    lines[#lines + 1] = line
  end
end

local function add_line(lines, label, text)
  if text and text ~= "" then add(lines, width.pad(label, label_width) .. text) end
end

--- A list in a text, in lines that are broken behind its commas.
local function add_list(lines, label, text)
  local most = (width.terminal() or math.huge) - label_width
  local line = ""
  for part in (text .. ", "):gmatch "(.-), " do
    local longer = line == "" and part or ("%s, %s"):format(line, part)
    if line ~= "" and width.of(longer) >= most then -- a comma may follow
      add_line(lines, label, line .. ",")
      label, line = "", part
    else
      line = longer
    end
  end
  add_line(lines, label, line)
end

--- A table below a title, moved in.
local function add_table(lines, title, titles, rows)
  if #rows == 0 then return end
  local most = width.terminal()
  add(lines, "", title)
  for i, line in ipairs(columns.lay_out(titles, rows, most and most - 2)) do
    if i > 1 or titles[1].title ~= "" then add(lines, "  " .. line) end
  end
end

--- Rows of names and values.
local function add_pairs(lines, title, rows)
  add_table(lines, title, { { title = "", whole = true }, { title = "" }, { title = "" } }, rows)
end

-- ---- What the page says

local function first_line(run)
  local seconds = digest.seconds(run.about.seconds)
  return ("%s: %s%s"):format(digest.name(run), run.status, seconds ~= "" and (" in %s"):format(seconds) or "")
end

local function error_lines(lines, run)
  if run.about.error == nil then return end
  local label = "error"
  for line in (digest.lines(tostring(digest.plain(run.about.error))) .. "\n"):gmatch "(.-)\n" do
    add_line(lines, label, line)
    label = ""
  end
end

local function script_text(run)
  local path = digest.text(run.about.script.path)
  local how = since.script(run)
  return how and ("%s (%s, %s)"):format(path, digest.short_hash(run.about.script.sha256), how) or path
end

local function overridden(run)
  local set = {}
  for _, name in ipairs(run.about.overridden or {}) do
    set[name] = true
  end
  return set
end

local function add_settings(lines, run)
  local rows, given = {}, overridden(run)
  local flat = digest.settings(run)
  for i, name in ipairs(options.sorted_keys(flat)) do
    rows[i] = { digest.line(name), digest.text(flat[name]), given[name] and "given on the command line" or "" }
  end
  add_pairs(lines, "settings", rows)
end

local function data_row(run, entry)
  local during = entry.after ~= nil and entry.after ~= entry.sha256 and ", changed while it ran" or ""
  return { digest.text(entry.name), digest.short_hash(entry.sha256), since.data(run, entry) .. during }
end

local function add_data(lines, run)
  local rows = {}
  for i, entry in ipairs(run.about.data or {}) do
    rows[i] = data_row(run, entry)
  end
  add_pairs(lines, "data", rows)
  rows = {}
  for i, module in ipairs(run.about.modules or {}) do
    rows[i] =
      { digest.text(module.path), digest.short_hash(module.sha256), since.file(run, module.path, module.sha256) }
  end
  add_pairs(lines, "modules", rows)
end

--- The engine in one line.
function show_page.engine(run)
  local e = run.about.engine
  local parts = { ("gradus %s"):format(digest.text(e.version)) }
  for _, text in ipairs {
    digest.text(e.mode) .. " mode",
    digest.text(e.dtype),
    type(e.threads) == "number" and digest.count(e.threads, "thread") or "",
    ("%s (%s)"):format(digest.text(e.blas), digest.text(e.core)),
    digest.text(e.libc),
    digest.text(e.lua),
    "build " .. digest.short_hash(e.build),
  } do
    if text ~= "" then parts[#parts + 1] = text end
  end
  return table.concat(parts, ", ")
end

function show_page.machine(run)
  local m = type(run.about.machine) == "table" and run.about.machine or {}
  return ("%s, %s, %s"):format(digest.text(m.cpu), digest.text(m.processor), digest.text(m.system))
end

-- ---- Trainings and logged figures

--- The least loss on data that the net was not trained on, and its epoch.
local function best(epochs)
  local least, at
  for _, epoch in ipairs(epochs) do
    local loss = epoch.values.val_loss
    if type(loss) == "number" and (not least or loss < least) then
      least, at = loss, epoch.epoch
    end
  end
  return least and ("%s at epoch %s"):format(digest.cell(least), digest.text(at)) or ""
end

local function training_row(training)
  local first, last = training.epochs[1], training.epochs[#training.epochs]
  local function loss(epoch) return epoch and epoch.values.loss ~= nil and digest.cell(epoch.values.loss) or "" end
  return {
    digest.text(training.fit),
    tostring(#training.epochs),
    digest.text(training.rows),
    digest.text(training.batch),
    loss(first),
    loss(last),
    best(training.epochs),
    digest.text(training.optimizer),
  }
end

local function number(title, keep) return { title = title, right = true, keep = keep } end

--- Titles and rows: a row for each training.
function show_page.trainings(run)
  local rows = {}
  for i, training in ipairs(digest.trainings(run)) do
    rows[i] = training_row(training)
  end
  return {
    number "fit",
    number "epochs",
    number "rows",
    number "batch",
    number("first loss", true),
    number("last loss", true),
    { title = "best val_loss", whole = true, keep = true },
    { title = "optimizer" },
  },
    rows
end

local function add_logged(lines, run)
  local logged = digest.logged(run)
  local last, rows = logged[#logged] or {}, {}
  for i, name in ipairs(digest.names({ last }, { "epoch", "step" })) do
    rows[i] = { digest.line(name), digest.text(last[name]) }
  end
  add_pairs(lines, ("logged: the last of %s"):format(digest.count(#logged, "line")), rows)
end

local function add_values(lines, title, values)
  local rows, flat = {}, digest.flat(values)
  for i, name in ipairs(options.sorted_keys(flat)) do
    rows[i] = { digest.line(name), digest.text(flat[name]) }
  end
  add_pairs(lines, title, rows)
end

local function add_files(lines, run)
  local rows = {}
  for i, file in ipairs(run.about.files or {}) do
    rows[i] = { digest.text(file.path), digest.short_hash(file.sha256), digest.text(file.kind) }
  end
  add_pairs(lines, "files", rows)
end

--- What is wrong with the record, a line each; none: it is as it was written.
---@return string[]
function show_page.trouble(run)
  local list = seals.broken(run)
  for i, text in ipairs(list) do
    list[i] = digest.line(text)
  end
  if run.torn > 0 then list[#list + 1] = digest.count(run.torn, "line") .. " of log.jsonl cut off" end
  return list
end

local function add_end(lines, run)
  add(lines, "")
  local trouble = show_page.trouble(run)
  add_line(lines, "record", #trouble == 0 and "as it was written" or "not as it was written:")
  for _, text in ipairs(trouble) do
    add_line(lines, "", text)
  end
  add_line(lines, "replay", digest.replay_command(run))
end

--- The page.
---@param run table   as record.read gives it
---@return string[]
function show_page.page(run)
  local lines = { first_line(run) }
  error_lines(lines, run)
  add_line(lines, "folder", digest.line(run.folder))
  add_line(lines, "started", digest.started(run) .. " UTC")
  add_line(lines, "command", digest.command(run))
  add_line(lines, "script", script_text(run))
  add_list(lines, "engine", show_page.engine(run))
  add_list(lines, "machine", show_page.machine(run))
  add_settings(lines, run)
  add_data(lines, run)
  add_table(lines, "trainings", show_page.trainings(run))
  add_logged(lines, run)
  add_values(lines, "results", run.results)
  add_files(lines, run)
  add_end(lines, run)
  return lines
end

--- Titles and rows of figures: a row for each table of values.
local function figures(tables)
  local titles, rows = {}, {}
  local names = digest.names(tables, { "epoch", "step", "steps", "loss" })
  for i, name in ipairs(names) do
    titles[i] = number(digest.line(name))
  end
  for i, values in ipairs(tables) do
    rows[i] = {}
    for k, name in ipairs(names) do
      rows[i][k] = values[name] ~= nil and digest.text(values[name]) or ""
    end
  end
  return titles, rows
end

--- The log's figures: a table for each training, and one for run:log.
---@param run table
---@return string[]
function show_page.log(run)
  local lines = {}
  local function add_figures(title, tables)
    if #tables == 0 then return end
    if #lines > 0 then add(lines, "") end
    add(lines, title)
    local titles, rows = figures(tables)
    local laid = columns.lay_out(titles, rows)
    table.move(laid, 1, #laid, #lines + 1, lines)
  end
  for _, training in ipairs(digest.trainings(run)) do
    local tables = {}
    for i, epoch in ipairs(training.epochs) do
      tables[i] = epoch.values
      tables[i].epoch, tables[i].steps = epoch.epoch, epoch.steps
    end
    add_figures(("training %s"):format(digest.text(training.fit)), tables)
  end
  add_figures("run:log", digest.logged(run))
  return lines
end

return show_page

--- command_runs: gradus runs. Lists records of runs: chosen by a condition, sorted, as a table, as JSON or as CSV.
local arguments = require "gradus.arguments"
local catalogue = require "gradus.catalogue"
local core = require "gradus.core"
local csv_field = require "gradus.csv_field"
local digest = require "gradus.digest"
local run_folder = require "gradus.run_folder"
local runs_table = require "gradus.runs_table"
local width = require "gradus.width"

local fine, failed, usage_error = 0, 1, 2 -- exit statuses

local usage = [[
usage: gradus runs [DIR] [--name NAME] [--where CONDITION] [--sort NAME] [--last N] [--columns NAMES | --json | --csv]

Lists the records in DIR (runs, or $GRADUS_RUNS, or --runs DIR), the newest last: id, start, name, status, seconds, the settings that
differ, the results.

--name NAME   runs that are called so
--where       as in "accuracy > 0.9 and lr == 0.1 or not status == 'finished'": names of settings and results, numbers, 'texts',
              == ~= != < <= > >=, and, or, not, parentheses; a name with other letters stands in ["..."] or backquotes
--sort NAME   by a setting, a result, id, name, status, seconds or started, the largest last; -NAME: the largest first
--last N      the newest N only
--columns A,B the id and these columns: settings, results, name, status, seconds, started
--json, --csv all settings and results with all digits]]

local function refuse(message)
  io.stderr:write(("gradus: runs: %s\n%s\n"):format(message, usage))
  return usage_error
end

local most_reasons = 3

local function tell_trouble(unreadable, torn)
  if #unreadable > 0 then
    io.stderr:write(("%s cannot be read:\n"):format(digest.count(#unreadable, "record")))
    for i = 1, math.min(#unreadable, most_reasons) do
      io.stderr:write(("  %s\n"):format(digest.line(unreadable[i])))
    end
    if #unreadable > most_reasons then io.stderr:write(("  and %d more\n"):format(#unreadable - most_reasons)) end
  end
  if torn > 0 then io.stderr:write(("%s of logs cut off\n"):format(digest.count(torn, "line"))) end
end

-- ---- Showing

local function parts_of(list, part)
  local tables = {}
  for i, entry in ipairs(list) do
    tables[i] = entry[part]
  end
  return tables
end

local function print_table(list, wanted)
  local lines, left_out = runs_table.lines(list, wanted, width.terminal())
  print(table.concat(lines, "\n"))
  if #left_out > 0 then
    local note = ("%s more, by --columns, --csv or --json: %s"):format(
      digest.count(#left_out, "column"),
      table.concat(left_out, " ")
    )
    print(width.cut(note, width.terminal()))
  end
end

local function print_json(list)
  local all = {}
  for i, entry in ipairs(list) do
    local about = entry.run.about
    all[i] = {
      id = entry.id,
      folder = entry.run.folder,
      name = about.name,
      started = about.started,
      status = entry.status,
      seconds = about.seconds,
      error = about.error,
      torn = entry.run.torn,
      overridden = about.overridden,
      settings = about.settings,
      results = next(entry.run.results) and entry.run.results or nil,
    }
  end
  print(core.json_encode(all, true))
end

local function csv_cell(value)
  local plain = digest.plain(value)
  return csv_field(plain == nil and "" or type(plain) == "table" and core.json_encode(plain) or tostring(plain))
end

local function print_csv(list)
  local function line(values, count)
    for i = 1, count do
      values[i] = csv_cell(values[i])
    end
    print(table.concat(values, ",", 1, count))
  end
  local head = { "folder", table.unpack(catalogue.own) }
  local names = {}
  for _, part in ipairs { "settings", "results" } do
    for _, name in ipairs(digest.names(parts_of(list, part))) do
      names[#names + 1], head[#head + 1] = { part, name }, ("%s.%s"):format(part, name)
    end
  end
  local count = #head
  line(head, count)
  for _, entry in ipairs(list) do
    local values = { entry.run.folder }
    for i, name in ipairs(catalogue.own) do
      values[i + 1] = entry[name]
    end
    for i, name in ipairs(names) do
      values[1 + #catalogue.own + i] = entry[name[1]][name[2]]
    end
    line(values, count)
  end
end

-- ---- The command

--- Why there is nothing to list; nil when there is.
local function no_folder(folder)
  if io.open(folder .. "/run.json") then
    return ("%s is the record of one run: gradus show %s"):format(folder, digest.quote(folder))
  end
  local found = io.open(folder .. "/.")
  if found then found:close() end
  if found then return nil end
  return ("there is no folder %s; records lie where a script was started, and --runs DIR says where"):format(folder)
end

return function(...)
  local given, wrong = arguments.read({ ... }, {
    where = "value",
    name = "value",
    sort = "value",
    last = "value",
    columns = "value",
    json = "flag",
    csv = "flag",
    help = "flag",
    h = "flag",
  })
  if not given then return refuse(wrong) end
  if given.help or given.h then
    print(usage)
    return fine
  end
  if given[2] then return refuse "one folder is expected" end
  if given.json and given.csv then return refuse "--json and --csv exclude each other" end
  if given.columns and (given.json or given.csv) then
    return refuse "--columns chooses for the table; --json and --csv have everything"
  end
  local folder = given[1] or run_folder.all()
  local nothing = no_folder(folder)
  if nothing then
    io.stderr:write(("gradus: runs: %s\n"):format(nothing))
    return failed
  end
  local all, unreadable, torn = catalogue.read(folder)
  local wanted, reason = runs_table.names(all, given.columns)
  local list
  if wanted then
    list, reason = catalogue.choose(all, given)
  end
  tell_trouble(unreadable, torn)
  if not list then
    io.stderr:write(("gradus: runs: %s\n"):format(reason))
    return usage_error
  end
  if given.json then print_json(list) end
  if given.csv then print_csv(list) end
  if given.json or given.csv then return fine end
  if #list > 0 then print_table(list, given.columns and wanted) end
  if #list == 0 then io.stderr:write(#all == 0 and ("%s holds no records\n"):format(folder) or "no run fits\n") end
  return fine
end

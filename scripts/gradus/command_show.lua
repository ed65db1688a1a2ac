--- command_show: gradus show RUN. One run on a page of text, or a part of its record.
local arguments = require "gradus.arguments"
local core = require "gradus.core"
local digest = require "gradus.digest"
local record = require "gradus.record"
local seals = require "gradus.seals"
local show_page = require "gradus.show_page"

local fine, failed, usage_error = 0, 1, 2 -- exit statuses

local usage = [[
usage: gradus show RUN [--output | --script | --log | --json]

Tells what was run, when, with which settings and data, what came out, whether the record is as it was written, and how it is replayed.

RUN           a folder, its name or id, or the beginning of either; a name that no other run has; last, or last~1 for the one before it
--output      what the script printed
--script      the script's text
--log         the figures of each epoch and of run:log, as tables
--json        everything, for other programs]]

local function refuse(message)
  io.stderr:write(("gradus: show: %s\n%s\n"):format(message, usage))
  return usage_error
end

--- Text of a record: as it is into a file or a pipe; a terminal gets none of its control characters.
local function write(text) io.write(core.terminal_size() and digest.lines(text) or text) end

local parts = {}

function parts.output(run) write(record.read_part(run.folder .. "/output.txt") or "") end

function parts.script(run) write(digest.plain(run.about.script.text) or "") end

function parts.log(run) print(table.concat(show_page.log(run), "\n")) end

function parts.json(run)
  local broken = seals.broken(run)
  local logged = digest.lines_of(run, "log")
  print(core.json_encode({
    folder = run.folder,
    status = run.status,
    torn = run.torn,
    broken = broken,
    about = run.about,
    results = next(run.results) and run.results or nil,
    fits = digest.lines_of(run, "fit"),
    epochs = digest.lines_of(run, "epoch"),
    logged = logged,
  }, true))
end

--- The one part that is asked for; nil and what is wrong when there are several.
local function part_of(given)
  local chosen
  for name in pairs(parts) do
    if given[name] and chosen then return nil, "one of --output, --script, --log and --json is expected" end
    chosen = given[name] and name or chosen
  end
  return chosen or "page"
end

function parts.page(run) print(table.concat(show_page.page(run), "\n")) end

return function(...)
  local given, wrong = arguments.read(
    { ... },
    { output = "flag", script = "flag", log = "flag", json = "flag", help = "flag", h = "flag" }
  )
  if not given then return refuse(wrong) end
  if given.help or given.h then
    print(usage)
    return fine
  end
  if #given ~= 1 then return refuse(#given == 0 and "say which run" or "one run is expected") end
  local part, several = part_of(given)
  if not part then return refuse(several) end
  local folder, reason = record.find(given[1])
  local run
  if folder then
    run, reason = record.read(folder)
  end
  if not run then
    io.stderr:write(("gradus: show: %s\n"):format(digest.line(reason)))
    return failed
  end
  parts[part](run)
  return fine
end

--- command_report: gradus report RUN ... -o FILE.html. One or several runs as one page for a browser.
local arguments = require "gradus.arguments"
local core = require "gradus.core"
local digest = require "gradus.digest"
local record = require "gradus.record"
local report_page = require "gradus.report_page"

local fine, failed, usage_error = 0, 1, 2 -- exit statuses

local usage = [[
usage: gradus report RUN [RUN ...] -o FILE.html

Writes a page that needs nothing else: curves, results, settings, pictures, data, the script, how to replay it. Several runs are
compared: settings that differ, results side by side, curves over each other.

RUN           a folder, its name or id, or the beginning of either; a name that no other run has; last, or last~1 for the one before it;
              a sweep's folder for all of its runs
-o FILE.html  where the page goes; a file of that name is replaced. It is told when it is written]]

local function refuse(message)
  io.stderr:write(("gradus: report: %s\n%s\n"):format(message, usage))
  return usage_error
end

--- The folders that a word names: a run's, or those of all runs in a folder, such as a sweep's.
local function folders_of(name)
  local inside = name:find "/" and record.folders(name) or {}
  if #inside > 0 then return inside end
  local folder, reason = record.find(name)
  return folder and { folder }, reason
end

--- The records of those names; nil and why one cannot be read.
local function read_all(names)
  local runs = {}
  for _, name in ipairs(names) do
    local folders, reason = folders_of(name)
    if not folders then return nil, reason end
    for _, folder in ipairs(folders) do
      runs[#runs + 1], reason = record.read(folder)
      if reason then return nil, reason end
    end
  end
  return runs
end

--- What is wrong with the name of the page's file; nil when nothing is: what is not called HTML would be opened as something else.
local function wrong_file(path)
  if not path or path == "" then return "-o FILE.html says where the page goes" end
  local ending = path:match "%.([^./]+)$"
  if not ending or ending:lower() == "html" or ending:lower() == "htm" then return nil end
  local advice = ending:lower() == "pdf" and "; a browser prints it as PDF" or ""
  return ("-o %s: the page is HTML: -o %s.html%s"):format(path, path:sub(1, -#ending - 2), advice)
end

return function(...)
  local given, wrong = arguments.read({ ... }, { o = "value", help = "flag", h = "flag" })
  if not given then return refuse(wrong) end
  if given.help or given.h then
    print(usage)
    return fine
  end
  if #given == 0 then return refuse "say which run" end
  wrong = wrong_file(given.o)
  if wrong then return refuse(wrong) end
  local runs, reason = read_all(given)
  if runs then
    local done
    done, reason = pcall(core.write_file, given.o, report_page.of(runs))
    if done then
      print(("%s: %s"):format(given.o, digest.count(#runs, "run")))
      return fine
    end
  end
  io.stderr:write(("gradus: report: %s\n"):format(digest.line(tostring(reason))))
  return failed
end

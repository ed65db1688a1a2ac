--- command_replay: gradus replay RUN. Runs a recorded script again and says whether all of it came out the same.
local arguments = require "gradus.arguments"
local compare = require "gradus.compare"
local options = require "gradus.options"
local digest = require "gradus.digest"
local record = require "gradus.record"
local rerun = require "gradus.rerun"
local seals = require "gradus.seals"

local fine, failed, usage_error, differs = 0, 1, 2, 3 -- exit statuses

local usage = [[
usage: gradus replay RUN [--tolerance X] [--trust] [--seconds N] [--memory MB]

Runs the recorded script again, from the texts, settings, seeds and clock readings in the record, and compares every figure, every
epoch's parameters and every result: identical, or what differs first, and why it may. The script of a run that was not recorded here,
by you, runs in a cell, where it reads and writes no files.

RUN           a folder, its name or id, or the beginning of either; or the word last
--tolerance X how far figures may be off, relative to the larger or 1 (0: equal bits; 1e-6 where the record is of another machine)
--trust       runs a stranger's script like one of your own
--seconds N   how long it may take in the cell (five times as long as it took, but at least 10)
--memory MB   how much memory it may use there (1024)
exit status: 0 identical, 1 it could not be run, 2 the command line is wrong, 3 something differs, or the record was changed]]

local elsewhere = 1e-6 -- tolerance for a record of another processor or library, whose products round otherwise

local function refuse(message)
  io.stderr:write(("gradus: replay: %s\n%s\n"):format(message, usage))
  return usage_error
end

--- The words of the command line; nil and what is wrong.
local function read_words(words)
  local known = { tolerance = "value", trust = "flag", seconds = "value", memory = "value" }
  known.help, known.h = "flag", "flag"
  local given, wrong = arguments.read(words, known)
  if not given or given.help or given.h then return given, wrong end
  if #given == 0 then return nil, "say which run" end
  if #given > 1 then return nil, "one run is expected" end
  given, wrong = arguments.limits(given)
  if not given then return nil, wrong end
  return arguments.tolerance(given)
end

--- Lines of text; a record may be a stranger's, and its control characters are for no terminal.
local function say(text) io.write(digest.lines(text), "\n") end

local function print_list(title, list)
  if #list == 0 then return end
  say(title)
  for _, line in ipairs(list) do
    say("  " .. line)
  end
end

--- The line of the other record that tells of the same: a training's epoch, or what stands at the same place.
local function counterpart(line, lines)
  if line.kind ~= "epoch" then return lines[line.line] end
  for _, other in ipairs(lines) do
    if other.kind == "epoch" and other.fit == line.fit and other.epoch == line.epoch then return other end
  end
  return nil
end

--- A digit changed by hand is named, with the one that it has replaced.
local function name_change(changed, again)
  local other = changed and counterpart(changed, again.lines)
  if not other then return end
  seals.differences(
    changed.values,
    other.values,
    "",
    function(place, one, now)
      say(
        ("  line %d: the record says %s is %s; it comes out as %s"):format(
          changed.line,
          place,
          seals.show(one),
          seals.show(now)
        )
      )
    end
  )
end

--- How the record ended, where that is not the usual end.
local function tell_status(run)
  if run.status == "finished" then return end
  local words = {
    failed = "The recorded script failed: " .. tostring(run.about.error),
    interrupted = "The recorded script was interrupted: it is compared as far as it went.",
    unfinished = "The recorded script was killed: it is compared as far as its log goes.",
    running = "The recorded script is still running: it is compared as far as its log goes.",
  }
  say(words[run.status] or run.status)
  if run.torn > 0 then
    say(
      ("%d line%s of the log %s cut off."):format(
        run.torn,
        run.torn == 1 and "" or "s",
        run.torn == 1 and "is" or "are"
      )
    )
  end
end

--- A script that wanted files may do as it did where there are some.
local function tell_of_cell(again)
  local message = tostring(again.about.error)
  if not message:find("in a cell there are no", 1, true) then return end
  say "The script wants what there is not in a cell: --trust runs it like a script of your own."
end

local function tell(run, again, tolerance, broken, changed)
  local found = compare.records(run, again, tolerance)
  name_change(changed, again)
  if found.first then
    say(("differs: %s"):format((found.first.text:gsub(" here and (.*) there", " in the record and %1 now"))))
    if found.first.line then
      say(("  line %d of log.jsonl; %s before it"):format(found.first.line, digest.count(found.epochs, "equal epoch")))
    end
    print_list("What else differs between then and now:", found.why)
    tell_of_cell(again)
    if #found.why == 0 then say "Script, settings, data, program and machine are the same as then." end
  end
  if #broken > 0 and not found.first then say "What the script computes is what log.jsonl says." end
  if found.first or #broken > 0 then return differs end
  local how = tolerance and ("the same to %g"):format(tolerance) or "identical"
  local failing = run.status == "failed" and "The recorded run failed, and it fails the same way again; up to there "
    or ""
  say(
    ("%s%s: %s, %s, %s"):format(
      failing,
      how,
      digest.count(found.epochs, "epoch"),
      digest.count(found.figures, "figure"),
      digest.count(#options.sorted_keys(run.results), "result")
    )
  )
  print_list(
    tolerance and "Not compared to the bit, for these differ:" or "That is so although these differ:",
    found.why
  )
  return fine
end

return function(...)
  local given, wrong = read_words { ... }
  if not given then return refuse(wrong) end
  if given.help or given.h then
    print(usage)
    return fine
  end
  local tolerance = given.tolerance
  local folder, reason = record.find(given[1])
  local run
  if folder then
    run, reason = record.read(folder)
  end
  if not run then
    io.stderr:write(("gradus: replay: %s\n"):format(digest.lines(reason)))
    return failed
  end
  say(("replay of %s (%s, %s)"):format(folder, run.about.name, run.about.started))
  tell_status(run)
  local broken, changed = seals.broken(run)
  print_list("The record was changed after it was written:", broken)
  if rerun.in_cell(run, given.trust) then say(rerun.told) end
  local place <close> = rerun.new_folder()
  local again, said = rerun.run(run, place, given)
  local status = #broken > 0 and differs or failed
  if again then
    if not tolerance and not compare.same_bits(run.about, again.about) then tolerance = elsewhere end
    status = tell(run, again, tolerance ~= 0 and tolerance or nil, broken, changed)
  else
    io.stderr:write(
      ("gradus: replay: the script could not be run again: %s\n"):format(digest.lines((said:gsub("%s+$", ""))))
    )
  end
  return status
end

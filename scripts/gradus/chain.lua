--- chain: lines of JSON in a file, each sealed by a hash of itself and all before it.
---
---   local log = chain.new "runs/x/log.jsonl"
---   log:add { kind = "log", values = { loss = 0.3 } }
---   local lines, state = chain.read "runs/x/log.jsonl"
---
--- A line ends in "chain", the SHA-256 of the last line's chain and of this line without its own: a digit changed by hand breaks the
--- chain at its line. A line that was cut off when the program was killed is counted, not read.
local core = require "gradus.core"
local sources = require "gradus.sources"

local chain = {}

local Log = {}
Log.__index = Log

local open = io.open -- a script may replace its own

--- A log at the end of a file, which may be given open (keeping.lua).
function chain.new(path, given)
  local log = { path = path, last = "", lines = 0, pending = {}, flushed = 0, bytes = 0 }
  local file, reason = given
  if not file then
    file, reason = open(path, "ab")
  end
  if not file then core.raise(("run: the record cannot be written: %s"):format(reason)) end
  file:setvbuf "no"
  log.file, log.bytes = file, file:seek "end"
  return setmetatable(log, Log)
end

--- The text of one line behind another's chain, and its chain.
local function seal(last, line)
  local body = core.json_encode(line)
  local sum = core.sha256_text(last .. body)
  return ('%s,"chain":"%s"}\n'):format(body:sub(1, -2), sum), sum
end

local longest_wait = 0.05 -- seconds

--- Adds a line. It is written at once; lines that `may_wait` only when some time has passed since the last writing.
function Log:add(line, may_wait)
  if self.expected then return self:compare(line) end
  local text
  text, self.last = seal(self.last, line)
  self.pending[#self.pending + 1] = text
  self.lines = self.lines + 1
  if not may_wait or core.clock() - self.flushed > longest_wait then self:flush() end
  if self.lines == self.most then self.at_most() end
end

--- A line that must be what stands there already: nothing is written. Raises when it is not.
function Log:compare(line)
  local there = self.expected[self.lines + 1]
  local _, sum = seal(self.last, line)
  if not there or there.chain ~= sum then
    core.raise(
      ("resume: the script does not do again what it did before the checkpoint: line %d of %s %s"):format(
        self.lines + 1,
        self.path,
        there and "is another" or "is not there"
      )
    )
  end
  self.last, self.lines = sum, self.lines + 1
end

--- Until go_on is called, lines are compared with these, from the second on: the first tells when the run began.
function Log:follow(lines)
  self.expected, self.last, self.lines = lines, lines[1].chain, 1
end

--- From here on lines are written again, behind the first `position.bytes` bytes.
function Log:go_on(position)
  self.file:close()
  core.cut_file(self.path, position.bytes)
  local file, reason = open(self.path, "ab")
  if not file then core.raise(("run: the record cannot be written: %s"):format(reason)) end
  file:setvbuf "no"
  self.expected, self.file = nil, file
  self.last, self.lines, self.bytes = position.last, position.lines, position.bytes
end

--- Where it stands, all written.
function Log:position()
  self:flush()
  return { bytes = self.bytes, lines = self.lines, last = self.last }
end

--- Writes what waits. Raises when it cannot be written, as on a full disk; then the file has whole lines only.
function Log:flush()
  if #self.pending == 0 then return end
  if self.before_writing then self.before_writing() end
  local text = table.concat(self.pending)
  local ok, reason = self.file:write(text)
  if not ok then
    self.pending = {}
    pcall(core.cut_file, self.path, self.bytes)
    core.raise(("run: the record cannot be written: %s"):format(reason))
  end
  self.pending, self.flushed, self.bytes = {}, core.clock(), self.bytes + #text
end

function Log:close()
  self:flush()
  self.file:close()
end

--- Reads a file of such lines: list of { kind =, ..., chain =, line = number }; and { torn = count, broken = number of the first line
--- whose chain does not hold, or nil, bytes = up to the end of the last whole line, last = its chain }. nil and the reason when there
--- is no such file.
function chain.read(path)
  local file, reason = sources.open(path)
  if not file then return nil, reason end
  local lines, state = {}, { torn = 0, bytes = 0, last = "" }
  local number = 0
  for text in file:lines "L" do
    number = number + 1
    local body, sum = text:match '^(.*),"chain":"(%x+)"}\n$'
    local line = body and core.json_decode(body .. "}")
    if type(line) == "table" then
      if core.sha256_text(state.last .. body .. "}") ~= sum then state.broken = state.broken or number end
      line.chain, line.line = sum, number
      lines[#lines + 1] = line
      state.last, state.bytes = sum, state.bytes + #text
    else
      state.torn = state.torn + 1
    end
  end
  file:close()
  return lines, state
end

return chain

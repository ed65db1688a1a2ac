--- command_help: what `gradus help [TOPIC]` does; without a topic the program has printed its command line first. Gives a function of the
--- words behind `help`, which returns the exit status.
local help = require "gradus.help"

local fine, wrong_usage = 0, 2

return function(...)
  local topic = table.concat({ ... }, " ")
  if topic == "" then print() end
  return help.show(topic) and fine or wrong_usage
end

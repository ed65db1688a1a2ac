-- draw_terminal.lua: writes terminal.txt, what terminal.draw gives for each of terminal_figures.lua.
--
--   gradus tests/golden/draw_terminal.lua > tests/golden/terminal.txt
--
-- The texts are what our own program drew when each was looked at by eye and found right. Look again at what changes.
local folder = arg[0]:match "^(.*)/golden/[^/]*$"
package.path = folder .. "/?.lua;" .. package.path
local terminal = require "gradus.terminal"

for _, columns in ipairs { 80, 40 } do
  for _, one in ipairs(require "terminal_figures") do
    print(("==== %s, %d columns"):format(one.name, columns))
    print(terminal.draw(one.figure, { columns = columns }))
  end
end

# Figures in a terminal: pty.c is the terminal, and says what it can.

terminal_player=$(dirname "$program")/tests/cli/pty

# show NAME ANSWER FILE [VARIABLE=VALUE...]: runs a script in a terminal of 60 x 20 that gives this answer.
show() {
  start "$1" || return 0
  answer=$(printf "$2")
  file=$3
  shift 3
  $limit env -u NO_COLOR -u COLORTERM -u GRADUS_GRAPHICS TERM=xterm LC_ALL=C.UTF-8 "$@" \
    "$terminal_player" 60 20 "$answer" "$program" "$file" >"$top/out" 2>"$top/err" </dev/null
  status=$?
  ended 0
}

# Shows twice: it shall ask once. A picture of one pixel stands for what gnuplot would draw.
given show.lua <<'END_OF_FILE'
local gr = require "gradus"
local terminal = require "gradus.terminal"
gr.data.save_image("dot.png", gr.tensor { { { 1, 0, 0 } } })
local bytes = io.open("dot.png", "rb"):read "a"
package.loaded["gradus.gnuplot"] = { render = function() return bytes end }
local figure = { title = "손실", layers = { { mark = "line", x = { 1, 2 }, y = { 0, 1 }, series = 1 } } }
terminal.show(figure)
terminal.show(figure)
END_OF_FILE

escape=$(printf '\033')
kitty="\\033_Gi=31;OK\\033\\\\\\033[?62;c"

show 'a terminal that knows kitty gets letters, or its answer stays on the screen' "$kitty" show.lua
out_has "${escape}_Ga=T,f=100,q=2,c="
out_lacks '31;OK'
out_lacks '┤'

show 'a terminal that knows sixels gets letters' '\033[?62;4;22c' show.lua
out_has "${escape}P0;1q\"1;1;1;1#0;2;100;0;0#0@-"
out_lacks '62;4'

show 'a terminal that knows neither gets pixels' '\033[?62;22c' show.lua
out_has '1.0┤'
out_has "${escape}[0;38;5;"
out_lacks "${escape}_Ga="

show 'a terminal that does not answer is waited for, or gets pixels' '' show.lua
out_has '1.0┤'

show 'a terminal is asked twice' '\033[?62;22c' show.lua
[ -z "$name" ] || [ "$(grep -c -F "${escape}[c" "$top/out")" = 1 ] || complain 'the question came more than once'

show 'a dumb terminal is asked, or gets colours' '' show.lua TERM=dumb
out_has '1.0┤'
out_lacks "$escape"

show 'NO_COLOR is not honoured' "$kitty" show.lua NO_COLOR=1
out_has '1.0┤'
out_lacks "$escape"

show 'COLORTERM is not honoured' '\033[?62;22c' show.lua COLORTERM=truecolor
out_has "${escape}[0;38;2;0;114;178m"

show 'LANG=C gets letters that it cannot show' '\033[?62;22c' show.lua LC_ALL=C NO_COLOR=1
out_has '1.0+'
out_has '??'
out_lacks '┤'

show 'GRADUS_GRAPHICS does not decide' '\033[?62;22c' show.lua GRADUS_GRAPHICS=sixel
out_has "${escape}P0;1q"
out_lacks "${escape}[c"

given show_plain.lua <<'END_OF_FILE'
package.loaded["gradus.gnuplot"] = { render = function() return nil, "gnuplot is not here." end }
require("gradus.terminal").show { layers = { { mark = "points", x = { 1, 2 }, y = { 0, 1 } } } }
END_OF_FILE
show 'without gnuplot there is no picture' "$kitty" show_plain.lua
out_has '1.0┤'
out_lacks "${escape}_Ga="

LC_ALL=C.UTF-8 TERM=xterm try 'a pipe gets escape sequences, or a question' 0 show.lua
out_has '1.0┤'
out_lacks "$escape"

GRADUS_GRAPHICS=plain try 'a form of graphics that there is not is taken' 1 show.lua
err 'show.lua:7: show: GRADUS_GRAPHICS must be one of "none", "blocks", "kitty", "sixel", got "plain"'

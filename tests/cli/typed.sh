# The prompt at a terminal: type.c types, and looks at what comes.

# typed NAME [ARGUMENT...] <<'END': lines for type.c.
typed() {
  start "$1" || { cat >/dev/null; return 0; }
  shift
  cat >"$top/in"
  $limit env HOME="$work/home" TERM="${terminal:-xterm}" LC_ALL=C.UTF-8 "$typist" "$program" "$@" <"$top/in" >"$top/out" 2>"$top/err"
  status=$?
  : >"$top/in"
  [ $status = 0 ] || complain "$(cat "$top/out" "$top/err")"
}

typist=$(dirname "$program")/tests/cli/type
unset XDG_STATE_HOME NO_COLOR
mkdir -p "$work/home"

typed 'the prompt does not read, show or leave' <<'END'
sees Ctrl-D leaves.
line 6 * 7
sees 42
line gr.ones(2, 3)
sees [[1. 1. 1.]
sees  [1. 1. 1.]]
sees 2 x 3 f64
line "te" .. "xt"
sees "text"
line x = 5
line x + 1;
line _ + 1
lacks "6"
sees 7
line nil
line local y = 8
line y * 10
sees 80
keys \x04
ends 0
END

typed 'Korean is not edited by syllables' <<'END'
sees >
keys print("한글은" .. "좋다")
keys \e[D\e[D\e[D\x7f크
keys \r
sees 한글은크다
line #"신경망\x7f" + 1
sees 7
line "é" .. "ÿ"
sees "éÿ"
keys \x04
ends 0
END

typed 'a line cannot be edited' <<'END'
sees >
keys 456\x01123\x05 + 1\r
sees 123457
keys 1 + 20\e[D\e[3~\r
sees 3
keys 70 + 800\e[1;5D\e[1;5D1\e[F0\r
sees 8170
keys \e[A\e[A\e[H10 + \r
sees 13
keys nothing + 5\x155\r
sees 5
keys \x04
ends 0
END

typed 'a chunk of several lines is not read, or is not one entry of the history' <<'END'
sees >
line for i = 1, 2 do
sees ..
line   print("line " .. i * 11)
line end
sees line 11
sees line 22
keys \e[A\r
sees line 11
sees line 22
line function f(
sees ..
keys \x03
sees ^C
line 2 * 4
sees 8
line if true then
sees ..
keys \x04
sees 'end' expected
line 3 * 3
sees 9
keys \x04
ends 0
END

typed 'the history is lost when the program ends' <<'END'
sees >
keys \e[A\e[A\e[A\r
sees line 11
sees line 22
sees >
keys \x12신경\r
sees 7
keys \x04
ends 0
END

if start 'the history is open to everybody, or not where it belongs'; then
  [ "$(stat -c %a "$work/home/.local/state/gradus/history")" = 600 ] || complain "it is not: $(ls -lR "$work/home/.local")"
  grep -q '^for i = 1, 2 do\\n  print("line " .. i \* 11)\\nend$' "$work/home/.local/state/gradus/history" ||
    complain "$(cat "$work/home/.local/state/gradus/history")"
fi

export XDG_STATE_HOME=/dev/null
typed 'a history that cannot be kept stops the prompt, or is told of twice' <<'END'
sees >
line 1 + 1
sees the history is not kept
sees 2
line 5 + 5
lacks not kept
sees 10
keys \x04
ends 0
END
unset XDG_STATE_HOME

mkdir -p '자료'
: >'자료/신발.csv'
typed 'Tab does not complete' <<'END'
sees >
keys gr.data.di\t\t
sees diabetes  digits
keys g\t\r
sees function: data.digits(
keys s = gr.optim.sgd { l\t0.25 }\r
keys s.l\t\r
sees 0.25
keys #"자료/\t\r
sees 17
keys if true then\r
keys \tprint(11 * 11)\r
line end
sees 121
keys \x04
ends 0
END

typed 'Ctrl-C leaves the prompt, or does not stop what runs' <<'END'
sees >
keys half a line\x03
sees ^C
line 2 + 3
sees 5
line print("go" .. "es") while true do end
sees goes
keys \x03
sees interrupted
line co = coroutine.wrap(function() print("in" .. "side") while true do end end)
line co()
sees inside
keys \x03
sees interrupted
line while true do pcall(function() print("ag" .. "ain") while true do end end) end
sees again
keys \x03
sees again
keys \x03
sees interrupted
line x, y = gr.random.randn(500, 20), gr.random.randn(500, 1)
line net = nn.sequential { nn.dense(20, 30), nn.tanh(), nn.dense(30, 1) }
line told = function(e) if e.epoch == 1 then print("beg" .. "un") end end
line net:fit(x, y, { loss = nn.mse(), optimizer = optim.sgd(), epochs = 1e9, on_epoch = told, progress = false })
sees begun
keys \x03
sees interrupted
line net:score(x, y) < 10
sees true
line for i = 1, 1e9 do print(i) end
sees 1000
keys \x03
sees interrupted
line 6 * 7
sees 42
keys \x04
ends 0
END

ulimit -c 0 # Ctrl-\ would leave one
# What is written without a line's end comes when io.read, which is in C, waits.
typed 'a function in C that Ctrl-C cannot stop is waited for without a word, or for ever' <<'END'
sees >
line io.write("go", "es") io.read()
sees goes
keys \x03
sees Ctrl-C waits for a function in C
sees Ctrl-\ ends gradus
keys \r
sees interrupted
line io.write("ag", "ain") io.read()
sees again
keys \x03\x03\x03
sees Ctrl-C waits for a function in C
lacks Ctrl-C waits
keys \x1c
ends 131
END

typed 'what Ctrl-\ ended is not in the history' <<'END'
sees >
keys \e[A\r
sees again
keys \r\x04
ends 0
END

typed 'a change of width is not seen' <<'END'
sees >
line gr.arange(12)
sees [ 0.  1.  2.  3.  4.  5.  6.  7.  8.  9. 10. 11.]
size 40
line gr.arange(12)
sees [ 0.  1.  2.  3.  4.  5.  6.  7.  8.
sees   9. 10. 11.]
keys 12345 + 
size 100
keys 5\r
sees 12350
keys \x04
ends 0
END

typed 'the line of progress keeps the width that the window had' <<'END'
sees >
size 30
line net = nn.sequential { nn.dense(20, 30), nn.dense(30, 1) }
line net:fit(gr.ones(50, 20), gr.ones(50, 1), { loss = nn.mse(), optimizer = optim.sgd { lr = 0.0125 }, epochs = 1e9 })
sees of 1000000000
lacks [  
size 90
sees [  
size 20
keys \x03
sees interrupted
keys \x04
ends 0
END

given picture.lua <<'END'
require("gradus").data.save_image("dot.png", require("gradus").tensor { { { 1, 0, 0 } } })
local bytes = io.open("dot.png", "rb"):read "a"
package.loaded["gradus.gnuplot"] = { render = function() return bytes end } -- a pixel stands for what it would draw
END

typed 'a terminal that knows kitty gets letters, or its answer is typed' -i picture.lua <<'END'
sees AAAA
keys \e_Gi=31;OK\e\\\e[?62;22c1 + 1\r
sees 2
lacks 31;OK
line plot.line { 1, 2 }
sees Ga=T,f=100,q=2
line plot.line { 1, 2 }
sees Ga=T,f=100,q=2
lacks a=q
keys \x04
ends 0
END

typed 'an answer that comes while a line is typed stays in it, or takes letters away' -i picture.lua <<'END'
sees AAAA
keys 12\e_Gi=31;O
keys K\e\\3\e[?62;2
keys 2c4 + 한\x7f6\r
sees 1240
keys 1 + 20\e[D\e[3~\r
sees 3
line plot.line { 1, 2 }
sees Ga=T,f=100,q=2
keys \x04
ends 0
END

typed 'keys that are pressed while a terminal is silent are lost, or its late answer is' -i picture.lua <<'END'
sees AAAA
line plot.line { 1, 2 }
keys 6 * 7\r
sees ┤
sees 42
keys 1 + 20\e[D\e[3~\r
sees 3
keys 10\e[?62;4;22c + 1\r
sees 11
line plot.line { 1, 2 }
sees 0;1q"1;1;1;1
lacks a=q
keys \x04
ends 0
END

export GRADUS_GRAPHICS=blocks
typed 'a terminal is asked what the user has said' <<'END'
sees >
lacks a=q
line plot.line { 1, 2 }
sees ┤
lacks a=q
keys \x04
ends 0
END
unset GRADUS_GRAPHICS

typed 'an error is not told, or names lines of the library' <<'END'
sees >
line function f(n) return gr.zeros(2):dot(gr.zeros(n)) end
line f(3)
sees prompt:1: dot
sees called from prompt:1
lacks gradus/
line undefined_name()
sees attempt to call a nil value (global 'undefined_name')
line )
sees unexpected symbol near ')'
keys \x04
ends 0
END

typed 'a session does not become a script that runs' <<'END'
sees >
line local a = gr.tensor { { 2, 1 }, { 1, 3 } }
line a:dot(a)
sees 2 x 2 f64
line a:inv();
line nope(
sees ..
keys \x03
sees ^C
line nope()
line net = nn.sequential { nn.dense(2, 1) }
line net
sees parameters
line who()
sees 32
line for i = 1, 2 do
line   print(i * 111)
line end
sees 222
line _ ~= nil
sees true
line save "session.lua"
line save("/nowhere/session.lua")
sees No such file
keys \x04
ends 0
END
try 'the saved session does not run' 0 session.lua
out_has '[[ 5.  5.]
 [ 5. 10.]]'
out_has 'dense(2 -> 1)'
out_has '222
true'
err ''

typed 'a training that Ctrl-C stopped leaves no history, or a saved session that does not run' <<'END'
sees >
line x, y = gr.random.randn(200, 5), gr.random.randn(200, 1):gt(0)
line net = nn.sequential { nn.dense(5, 1) }
line told = function(e) if e.epoch == 2 then print("beg" .. "un") end end
line history = net:fit(x, y, { loss = nn.logistic(), optimizer = optim.sgd(), epochs = 1e9, on_epoch = told, progress = false })
sees begun
keys \x03
sees interrupted
line #net.history.loss >= 2, net.history.stopped, net.task
sees true	"interrupted"	"binary"
line net:score(x, y) <= 1
sees true
line save "stopped.lua"
keys \x04
ends 0
END
try 'a session whose training was stopped does not run' 0 stopped.lua
out 'true'
[ -z "$name" ] || grep -q '^-- Left out: Ctrl-C stopped this' stopped.lua || complain "$(cat stopped.lua)"

export NO_COLOR=1
typed 'NO_COLOR is not honoured' <<'END'
sees >
line ("\27"):rep(0) .. "a"
sees "a"
line gr.ones(2)
sees 2 f64
keys \x04
ends 0
END
unset NO_COLOR

terminal=dumb
typed 'a dumb terminal is sent more than lines' <<'END'
sees Ctrl-D leaves.
sees > 
line "plain" .. 5
sees plain5
line for i = 1, 1 do
sees >> 
line print("in" .. "side") end
sees inside
sees > 
keys half\x03
sees ^C
line 6 * 7
sees 42
keys \x04
ends 0
END
terminal=xterm

# Reports of runs as pages for a browser, looked at in Chromium where it is.

given report.lua <<'END_OF_FILE'
local gr = require "gradus"
local bad = [[</title></script><script>document.title="RAN"</script><img src=x onerror="document.title='RAN'">]] .. "]]>'\" &"
local run = gr.run { name = "한글 제목 " .. bad, seed = 1, lr = 0.1, hostile = bad, [bad] = 1 }
local x, y = gr.tensor { { 0 }, { 1 } }, gr.tensor { { 1 }, { 3 } }
local net = gr.nn.sequential { gr.nn.dense(1, 1) }
local optimizer = gr.optim.sgd { lr = run.lr }
local history = net:fit(x, y, { loss = gr.nn.mse(), optimizer = optimizer, epochs = 30, validation = { x, y } })
for i = 1, 5 do
  run:log { epoch = i, [bad] = i }
end
run:plot("그림", gr.plot.line(history.loss, { title = "loss" }))
print(bad)
run:result { [bad] = bad, loss = history.loss[30], matrix = gr.eye(2) }
if run.lr > 0.15 then error(bad) end
END_OF_FILE
rm -rf runs
prepare --into runs/one report.lua >/dev/null
"$program" --into runs/two report.lua --lr=0.2 >/dev/null 2>&1
# The library from a folder: uPlot is in none, as in a program that was built without npm.
mkdir -p library
ln -s "$here/../../scripts/gradus" "$here/../../scripts/report" "$here/../../scripts/data" library
prepare report one -o one.html >/dev/null
prepare report one two -o both.html >/dev/null
prepare --scripts library report one -o plain.html >/dev/null

try 'a report is not written, or does not say where' 0 report one -o one.html
out 'one.html: 1 run'
err ''
# page TEXT FILE: what must be in a page.
page() {
  [ -n "$name" ] || return 0
  grep -qF -- "$1" "$2" || complain "'$1' is not in $2"
}
page '<title>한글 제목 &lt;/title&gt;&lt;/script&gt;&lt;script&gt;' one.html
page 'default-src &#39;none&#39;; img-src data:; style-src &#39;sha256-' one.html
page 'gradus replay runs/one' one.html
[ -z "$name" ] || ! grep -q '<th scope="row">out</th>' one.html || complain 'the setting out stands there, empty'
page 'The record is as it was written.' one.html
page '<span class="line">local run = gr.run { name = &quot;한글 제목 &quot; .. bad' one.html
page '<polyline class="s1"' one.html
if [ -n "$name" ]; then
  ! grep -E '<script>document|<img src=x' one.html >/dev/null || complain 'a text of the record is a tag'
  ! grep -E '(src|href)="[^d]|@import|url\(' one.html >/dev/null || complain 'the page loads something'
  ! find . -name 'one.html?*' | grep -q . || complain 'something was left beside the page'
fi

try 'the same record gives another page' 0 report runs/one -o again.html
[ -z "$name" ] || cmp -s one.html again.html || complain 'the pages differ'

try 'a failed run has no report' 0 report two -o two.html
page '<span class="status failed">failed</span>' two.html
page '<pre class="error">report.lua:14: &lt;/title&gt;' two.html

try 'runs are not compared' 0 report one two -o both.html
page '<h1>2 runs compared</h1>' both.html
page '<th>lr=0.1</th><th>lr=0.2</th>' both.html
page '<li><span class="key s2 held"></span>lr=0.2 val_loss</li>' both.html

try 'a program without uPlot writes no report' 0 --scripts library report one -o plain.html
page '<polyline class="s1"' plain.html
page 'script-src &#39;none&#39;' plain.html
[ -z "$name" ] || ! grep -q '<script' plain.html || complain 'there is a script'

# ---- Records of strangers

if start 'a picture that is not the recorded one is shown'; then
  cp -r runs/one runs/other
  echo '<svg xmlns="http://www.w3.org/2000/svg"><text>other</text></svg>' >runs/other/files/그림.svg
  "$program" report runs/other -o other.html >/dev/null || complain 'there is no report'
  page 'The picture 그림 was changed since it was recorded, and is not shown.' other.html
  page 'The record is not as it was written:' other.html
fi
if start 'a record reads files outside its folder'; then
  rm -rf runs/other
  cp -r runs/one runs/other
  cp runs/one/files/그림.svg secret.svg
  sed -i 's|"files/그림.svg"|"files/../../../secret.svg"|' runs/other/run.json
  "$program" report runs/other -o other.html >/dev/null || complain 'there is no report'
  page 'The picture 그림 is not there any more.' other.html
fi

# ---- In a browser

if [ -z "$browser" ]; then
  echo 'skipped: chromium is not on this machine: reports are not looked at'
else
  grep -q 'uPlot' one.html && live=yes || live=
  [ "$live" ] || echo 'skipped: this program has no uPlot (make uplot): whether curves zoom is not tried'

  if start 'a script of a hostile record runs, or the title is another'; then
    dom one.html
    out_has '<title>한글 제목 &lt;/title&gt;'
    out_lacks '<title>RAN'
    count '<img ' 1
    count "<script" "$([ "$live" ] && echo 2 || echo 0)"
  fi
  if [ "$live" ] && start 'curves do not come alive'; then
    dom one.html
    count 'class="chart alive"' 2
    count '<canvas' 2
    count 'class="u-over"' 2
    out_has '>val_loss</'
    dom both.html
    count '<canvas' 2
    out_has '>lr=0.2 val_loss</'
  fi
  if [ "$live" ] && start 'a legend has colons with nothing behind them'; then
    probe='<script>document.title = "after: " + getComputedStyle(document.querySelector(".u-legend th"), "::after").content</script>'
    sed 's|<meta content="default-src[^>]*>||; s|</body>|'"$probe"'&|' one.html >probed.html
    dom probed.html
    grep -o '<title>[^<]*' "$top/out" >"$top/title"
    mv "$top/title" "$top/out"
    out '<title>after: none'
  fi
  if start "a script that got into the page runs all the same"; then
    sed 's|</main>|<script>document.title = "RAN"</script><img src="x" onerror="document.title = '"'RAN'"'"></main>|' one.html >in.html
    dom in.html
    out_has '<script>document.title = "RAN"</script>'
    out_lacks '<title>RAN'
  fi
  if start 'without a script no curves are seen'; then
    dom plain.html
    count '<polyline class="s1"' 2
    # What stands inside another line is not drawn.
    count '<line [^>]*><[^/]' 0
    count '<polyline [^>]*><[^/]' 0
  fi
fi

# ---- Refusals

try 'a page goes nowhere' 2 report one
err_has 'gradus: report: -o FILE.html says where the page goes'
try 'a page is written into what is no HTML' 2 report one -o page.pdf
err_has 'gradus: report: -o page.pdf: the page is HTML: -o page.html; a browser prints it as PDF'
[ -z "$name" ] || [ ! -e page.pdf ] || complain 'there is a page'
try 'a report of nothing is written' 2 report -o x.html
err_has 'gradus: report: say which run'
try 'a run that is not there has a report' 1 report one nowhere -o x.html
err_has "there is no run 'nowhere' in runs"
[ -z "$name" ] || [ ! -e x.html ] || complain 'there is a page'
try 'a page in a folder that is not there is no error' 1 report one -o nowhere/x.html
err_has 'nowhere/x.html'
rm -rf runs library ./*.html report.lua secret.svg

# Pages of marks, looked at in Chromium where it is.

given marks.lua <<'END_OF_FILE'
local core = require "gradus.core"
local bad = [[</title></style></script><script>document.title="RAN"</script><img src=x onerror="document.title='RAN'">]] .. "]]>'\" &\0\27\xff"
local result = { title = bad, kind = bad, points = 1, of = 2, said = bad, hint = bad, visible = true }
local record = {
  engine = bad, assignment = { name = bad, title = bad }, student = { id = bad, name = bad },
  submission = { path = bad, file = bad, sha256 = bad }, status = "failed", reason = "reason " .. bad, walls = { bad }, missing_walls = bad,
  output = bad, notes = { bad }, same_numbers = bad, points = 1, of = 4,
  questions = { { name = bad, title = bad, points = 1, of = 2, results = { result } } },
}
local other = {}
for name, value in pairs(record) do
  other[name] = value
end
other.student, other.status, other.points = { id = "s002", name = bad }, "marked", 3
local pair = { a = bad, b = "s002", share = 1, page = true, lines = { a = { { 1, 1 } }, b = {} } }
core.write_file("student.html", require("gradus.marks_page").html(record))
core.write_file("class.html", require("gradus.class_page").html {
  assignment = { title = bad }, records = { record, other }, alike = { pair }, problems = { bad }, walls = { bad },
})
core.write_file("alike.html", require("gradus.alike_page").html(pair, bad, bad))
END_OF_FILE
prepare marks.lua

if [ -z "$browser" ]; then
  echo 'skipped: chromium is not on this machine: pages of marks are not looked at'
else
  if start "a script in a submission runs on the student's page of marks"; then
    dom student.html
    out_has '<title>&lt;/title&gt;&lt;/style&gt;'
    out_lacks '<title>RAN'
    count '<(script|img)' 0
    count '<rect [^>]*></rect>' 2
  fi
  if start "a script in a submission runs on the class's page of marks"; then
    dom class.html
    out_has '<title>&lt;/title&gt;&lt;/style&gt;'
    out_lacks '<title>RAN'
    count '<(script|img)' 0
    count 'href="[^"]*"' "$(grep -o 'href="students/s002.html"' class.html | wc -l)"
    count '<rect [^>]*><[^/]' 0
    count '<line [^>]*><[^/]' 0
  fi
  if start 'a script in an answer runs where marks lead to two side by side'; then
    dom alike.html
    out_has '<span class="line shared">'
    out_lacks '<title>RAN'
    count '<(script|img)' 0
  fi
fi
rm -f marks.lua ./*.html

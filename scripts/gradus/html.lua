--- html: pages whose every text is escaped by how they are put together.
---
---   local e = html.element
---   e("p", { class = "note" }, "a < b, ", e("b", nil, name))       -- an element; texts in it are escaped
---   tostring(e(...))                                               -- its text
---
--- There is no way to put a text into a page as it stands, but for html.script and html.style, whose texts are the program's own.
local core = require "gradus.core"
local graphics = require "gradus.graphics"
local hexadecimal = require "gradus.hexadecimal"

local html = {}

local Element = {}
Element.__index = Element
Element.__tostring = function(self) return self.text end

local function made(text) return setmetatable({ text = text }, Element) end

local entities = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;", ["'"] = "&#39;" }

local function replacement(bytes) return ("\u{fffd}"):rep(#bytes) end

--- A text whose letters a page may hold: other bytes and control characters are replaced by U+FFFD.
local function clean(text)
  if not utf8.len(text) then text = text:gsub("[\x80-\xff]+", replacement) end
  return (text:gsub("\r\n?", "\n"):gsub("[%z\1-\8\11-\31\127]", "\u{fffd}"))
end

--- A text as it may stand between tags and in an attribute's quotes.
---@param text string
---@return string
function html.escape(text) return (clean(text):gsub("[&<>\"']", entities)) end

local function is_element(value) return getmetatable(value) == Element end

--- Puts a text, an element or a list of them into the list of parts.
local function add(parts, child)
  if child == nil then return end
  if is_element(child) then
    parts[#parts + 1] = child.text
  elseif type(child) == "table" then
    for _, one in ipairs(child) do
      add(parts, one)
    end
  else
    parts[#parts + 1] = html.escape(tostring(child))
  end
end

-- Without an end tag. Elements of SVG have one: to HTML an open <line> would hold all that follows, and nothing in it is drawn.
local empty = { br = true, img = true, meta = true }

local function attributes_text(attributes)
  local names, parts = {}, {}
  for name in pairs(attributes or {}) do
    names[#names + 1] = name
  end
  table.sort(names)
  for i, name in ipairs(names) do
    parts[i] = (' %s="%s"'):format(name, html.escape(tostring(attributes[name])))
  end
  return table.concat(parts)
end

--- An element. Names of tags and attributes are the program's own; values and texts may be anybody's.
---@param tag string
---@param attributes? table
---@param ... any             texts, numbers, elements, lists of them; nil: nothing
function html.element(tag, attributes, ...)
  local parts = { ("<%s%s>"):format(tag, attributes_text(attributes)) }
  for i = 1, select("#", ...) do
    add(parts, (select(i, ...)))
  end
  if not empty[tag] then parts[#parts + 1] = ("</%s>"):format(tag) end
  return made(table.concat(parts))
end

--- Values for a script of the page, in an element that is not run: <script type="application/json" id=...>.
function html.json(id, value)
  local text = core.json_encode(value):gsub("[<>&\u{7f}]", function(c) return ("\\u%04x"):format(c:byte()) end)
  text = text:gsub("\u{2028}", "\\u2028"):gsub("\u{2029}", "\\u2029")
  return made(('<script type="application/json" id="%s">%s</script>'):format(html.escape(id), text))
end

--- A picture in the page itself. A picture shown so runs no script and loads nothing, whoever has drawn it.
---@param kind string     "image/svg+xml"
---@param bytes string
---@param alt string
function html.picture(kind, bytes, alt)
  return html.element("img", { alt = alt, src = ("data:%s;base64,%s"):format(kind, graphics.base64(bytes)) })
end

--- How a browser is told by a page's policy that this script or style is meant: its hash in base 64.
local function permission(text)
  local bytes = hexadecimal.bytes(core.sha256_text(text))
  return ("'sha256-%s'"):format(graphics.base64(bytes))
end

--- A whole page. Its policy lets it load nothing, and run and apply only the script and the style given here.
---@param page { title: string, style: string, script?: string, body: any, lang?: string }
---@return string
function html.page(page)
  local e = html.element
  local script = page.script and page.script:gsub("</([sS][cC][rR][iI][pP][tT])", "<\\/%1"):gsub("<!%-%-", "<\\!--")
  local policy = ("default-src 'none'; img-src data:; style-src %s; script-src %s; base-uri 'none'; form-action 'none'"):format(
    permission(page.style),
    script and permission(script) or "'none'"
  )
  local head = e(
    "head",
    nil,
    e("meta", { charset = "utf-8" }),
    e("meta", { ["http-equiv"] = "Content-Security-Policy", content = policy }),
    e("meta", { name = "viewport", content = "width=device-width, initial-scale=1" }),
    e("meta", { name = "color-scheme", content = "light dark" }),
    e("title", nil, page.title),
    made(("<style>%s</style>"):format(page.style))
  )
  local body = e("body", nil, page.body, script and made(("<script>%s</script>"):format(script)))
  return ("<!DOCTYPE html>\n%s\n"):format(e("html", { lang = page.lang or "en" }, head, "\n", body))
end

return html

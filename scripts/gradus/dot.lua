--- dot: a computation graph in the language of graphviz' dot.
local dot = {}

--- A text inside a quoted label: the language's quote and escape character are escaped, and the backslash is drawn as it stands.
local function escaped(text)
  if text:find "[%c]" then error(("a text with control characters reached dot: %q"):format(text)) end
  return (text:gsub('[\\"]', "\\%0"):gsub("&", "&amp;"))
end

local fills = { value = "#FFFFFF", param = "#DCEBF7" }

--- Every text is in double quotes; of what we write ourselves "\n" ends a line.
---@param figure gradus.Figure   of kind "graph"
---@param family string          of fonts
---@return string
function dot.script(figure, family)
  local lines =
    { "digraph computation {", ('graph [fontname="%s", fontsize=15, labelloc=t, bgcolor=white];'):format(family) }
  lines[#lines + 1] = ('node [shape=box, style="rounded,filled", fontname="%s", fontsize=12, height=0.3];'):format(
    family
  )
  lines[#lines + 1] = 'edge [color="#666666", arrowsize=0.7];'
  if figure.title then lines[#lines + 1] = ('label="%s";'):format(escaped(figure.title)) end
  local nodes = figure.layers[1].nodes
  for i, node in ipairs(nodes) do
    local texts = {}
    for k, text in ipairs(node.lines) do
      texts[k] = escaped(text)
    end
    local fill = fills[node.lines[1]:match "^%a+"] or "#F4F4F4"
    lines[#lines + 1] = ('n%d [label="%s", fillcolor="%s"];'):format(i, table.concat(texts, "\\n"), fill)
  end
  for i, node in ipairs(nodes) do
    for _, input in ipairs(node.inputs) do
      lines[#lines + 1] = ("n%d -> n%d;"):format(input, i)
    end
  end
  lines[#lines + 1] = "}"
  return table.concat(lines, "\n") .. "\n"
end

return dot

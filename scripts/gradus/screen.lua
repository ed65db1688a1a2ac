--- screen: what the environment says of the terminal that we run in.
local screen = {}

--- Whether it takes more than lines of letters: TERM is set, and not to "dumb".
---@param getenv? fun(name: string): string?   os.getenv unless given
---@return boolean
function screen.is_able(getenv)
  local kind = (getenv or os.getenv) "TERM"
  return kind ~= nil and kind ~= "" and kind ~= "dumb"
end

--- Whether it takes colours, and the user wants them. https://no-color.org: any value of NO_COLOR but an empty one says no.
---@param getenv? fun(name: string): string?
---@return boolean
function screen.has_colours(getenv)
  local no = (getenv or os.getenv) "NO_COLOR"
  return screen.is_able(getenv) and (no == nil or no == "")
end

return screen

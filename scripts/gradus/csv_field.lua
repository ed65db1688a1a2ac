--- csv_field: a text as a field of a CSV file: in quotes where they are needed (RFC 4180).
---
---   csv_field 'a, "b"'       '"a, ""b"""'

---@param text string
---@return string
return function(text) return text:find '[",\r\n]' and '"' .. text:gsub('"', '""') .. '"' or text end

-- tarball: the bytes of a tar archive (POSIX.1-1988, ustar) with these files, whatever their names: { { name, bytes }, ... }.

local function header(name, size)
  local fields = ("%s\0%s\0%s\0%s\0%s\0"):format(
    "0000644",
    "0000000",
    "0000000",
    ("%011o"):format(size),
    ("%011o"):format(0)
  )
  local front = name .. ("\0"):rep(100 - #name) .. fields
  local behind = "0" .. ("\0"):rep(100) .. "ustar\00000" .. ("\0"):rep(247)
  local sum = 8 * 32 -- the sum's own place counts as spaces
  for byte in (front .. behind):gmatch "." do
    sum = sum + byte:byte()
  end
  return front .. ("%06o\0 "):format(sum) .. behind
end

return function(files)
  local parts = {}
  for _, file in ipairs(files) do
    local name, bytes = file[1], file[2]
    parts[#parts + 1] = header(name, #bytes) .. bytes .. ("\0"):rep(-#bytes % 512)
  end
  return table.concat(parts) .. ("\0"):rep(1024)
end

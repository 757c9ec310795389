-- Strings piece by piece: find, sub, byte, char, format, rep, reverse, upper, and gsub with tables and patterns.
local words = {}
for i = 1, 400 do words[#words + 1] = ("w%03d"):format(i) .. string.char(97 + i % 26):rep(i % 5) end
local line = table.concat(words, " ")
local total = 0
for round = 1, 10 do
  local swapped = line:gsub("(%a)(%d+)", "%2%1")
  local named = line:gsub("%w+", { w001 = "first", w400 = "last" })
  total = total + #swapped + #named
  local start = 1
  while true do
    local from, to = line:find(" ", start, true)
    if not from then break end
    local word = line:sub(start, from - 1)
    total = total + word:byte(2) + #word:upper():reverse()
    start = to + 1
  end
end
local out = ""
for i = 1, 3000 do
  out = out .. string.char(65 + i % 26)
  if #out > 100 then out = out:sub(51) end
end
local hash = 0
for i = 1, #line do hash = (hash * 33 + line:byte(i)) % 4294967296 end
print(total, #out, hash)

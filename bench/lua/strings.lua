-- Strings: building, matching, substituting.
local parts = {}
for i = 1, 20000 do parts[#parts + 1] = "key" .. i .. "=" .. (i * 7) end
local text = table.concat(parts, ";")
local total = 0
for key, value in text:gmatch("(%w+)=(%d+)") do total = total + #key + tonumber(value) end
local replaced, count = text:gsub("%d+", function(digits) return #digits end)
print(total, #replaced, count)

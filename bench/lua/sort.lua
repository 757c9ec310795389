-- Sorting with an order function, and insertion.
local seed = 42
local function random()
  seed = (seed * 16807) % 2147483647
  return seed
end
local list = {}
for i = 1, 20000 do table.insert(list, random() % 100000) end
table.sort(list, function(a, b) return a > b end)
local sum = 0
for i, value in ipairs(list) do if i % 2 == 0 then sum = sum + value else sum = sum - value end end
print(#list, sum, list[1] >= list[2])

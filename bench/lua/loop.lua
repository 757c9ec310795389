-- Arithmetic: a sum over a counting loop.
local sum = 0
for i = 1, 3000000 do sum = sum + i end
print(string.format("%.0f", sum))

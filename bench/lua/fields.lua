-- Property access: fields of one table, read and written.
local t = { x = 1, y = 2 }
for i = 1, 1000000 do t.x = t.x + t.y end
print(t.x)

-- Closures and coroutines.
local function counter()
  local n = 0
  return function() n = n + 1 return n end
end
local total = 0
for i = 1, 20000 do
  local count = counter()
  count()
  total = total + count()
end
local function produce() for i = 1, 20000 do coroutine.yield(i) end end
for value in coroutine.wrap(produce) do total = total + value end
print(total)

-- Coroutines: generators that feed each other, and permutations from a recursive one.
local function numbers(n)
  return coroutine.wrap(function() for i = 1, n do coroutine.yield(i) end end)
end
local function filtered(source, divisor)
  return coroutine.wrap(function()
    for i in source do if i % divisor ~= 0 then coroutine.yield(i) end end
  end)
end
local total = 0
for i in filtered(filtered(numbers(10000), 2), 3) do total = total + i end

local function permute(list, n)
  if n <= 1 then
    coroutine.yield(list)
  else
    for i = 1, n do
      list[n], list[i] = list[i], list[n]
      permute(list, n - 1)
      list[n], list[i] = list[i], list[n]
    end
  end
end
local count = 0
for list in coroutine.wrap(function() permute({ 1, 2, 3, 4, 5, 6, 7 }, 7) end) do
  count = count + list[1] * list[7]
end

local worker = coroutine.create(function(a)
  while true do a = coroutine.yield(a * 2) end
end)
local sum = 0
for i = 1, 5000 do
  local _, value = coroutine.resume(worker, i)
  sum = sum + value
end
print(total, count, sum)

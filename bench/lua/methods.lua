-- Method calls through a metatable's __index.
local Counter = {}
Counter.__index = Counter
function Counter.new() return setmetatable({ value = 0 }, Counter) end
function Counter:add(n) self.value = self.value + n return self end
local counter = Counter.new()
for i = 1, 300000 do counter:add(i) end
print(string.format("%.0f", counter.value))

-- Backtracking: all solutions of the nine queens, boards as arrays of columns.
local N = 9

local function isplaceok(a, n, c)
  for i = 1, n - 1 do
    if a[i] == c or a[i] - i == c - n or a[i] + i == c + n then return false end
  end
  return true
end

local solutions, checksum = 0, 0

local function addqueen(a, n)
  if n > N then
    solutions = solutions + 1
    for i = 1, N do checksum = (checksum * 31 + a[i]) % 1000003 end
  else
    for c = 1, N do
      if isplaceok(a, n, c) then
        a[n] = c
        addqueen(a, n + 1)
      end
    end
  end
end

addqueen({}, 1)
print(solutions, checksum)

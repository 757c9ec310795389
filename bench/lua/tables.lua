-- The table library: insert, remove, concat, unpack, and arrays of arrays.
local insert, remove, concat, unpack = table.insert, table.remove, table.concat, table.unpack or unpack
local queue = {}
for i = 1, 20000 do
  insert(queue, i * 3 % 1000)
  if i % 3 == 0 then remove(queue) end
end
local matrix = {}
for i = 1, 60 do
  local row = {}
  for j = 1, 60 do row[#row + 1] = i * j end
  matrix[i] = row
end
local sum = 0
for round = 1, 10 do
  for i = 1, 60 do
    for j = 1, 60 do
      matrix[i][j] = matrix[j][i] + round
      sum = (sum + matrix[i][j]) % 65536
    end
  end
end
local words = {}
for i = 1, 5000 do
  local a, b, c = unpack(matrix[i % 60 + 1], 1, 3)
  words[i] = concat({ a, b, c }, "-")
end
table.sort(words)
local count = 0
for key, value in pairs(matrix[1]) do count = count + key * value % 7 end
print(#queue, sum, #words, words[1], count)

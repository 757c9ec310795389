-- Allocation: trees of small tables, built and walked.
local function BottomUpTree(depth)
  if depth > 0 then
    depth = depth - 1
    local left, right = BottomUpTree(depth), BottomUpTree(depth)
    return { left, right }
  end
  return {}
end

local function ItemCheck(tree)
  if tree[1] then return 1 + ItemCheck(tree[1]) + ItemCheck(tree[2]) end
  return 1
end

local mindepth, maxdepth = 4, 12
local longlived = BottomUpTree(maxdepth)
local total = 0
for depth = mindepth, maxdepth, 2 do
  local iterations = 2 ^ (maxdepth - depth + mindepth - 2)
  local check = 0
  for i = 1, iterations do check = check + ItemCheck(BottomUpTree(depth)) end
  total = total + check
end
print(total, ItemCheck(longlived))

# An arithmetic loop over local integers.
def total(limit):
    s = 0
    i = 0
    while i < limit:
        s = s + i * 2 % 7
        i = i + 1
    return s

print(total(1_000_000))

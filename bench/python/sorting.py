# Sorting with key functions, comprehensions, dictionaries and tuples.
def numbers(count):
    seed = 42
    for _ in range(count):
        seed = (seed * 1103515245 + 12345) % 2147483648
        yield seed

def quicksort(items):
    if len(items) < 2:
        return items
    pivot = items[len(items) // 2]
    return (
        quicksort([n for n in items if n < pivot])
        + [n for n in items if n == pivot]
        + quicksort([n for n in items if n > pivot])
    )

data = list(numbers(20_000))
by_digit = {}
for n in sorted(data, key=lambda n: (n % 10, -n)):
    by_digit.setdefault(n % 10, []).append(n)
print(quicksort(data) == sorted(data), [len(by_digit[d]) for d in range(3)], by_digit[0][0])

# Splitting, joining, formatting and counting text.
def run(lines):
    text = "\n".join(f"{n:05d},name{n % 97},{n * 1.5:.2f}" for n in range(lines))
    counts = {}
    width = 0
    for line in text.split("\n"):
        number, name, amount = line.split(",")
        counts[name] = counts.get(name, 0) + int(number)
        width += len(amount.replace(".", ""))
    best = max(counts, key=lambda name: (counts[name], name))
    return best, counts[best], width

print(run(60_000))

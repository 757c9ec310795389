# Attribute reads and writes, method calls, and properties of plain instances.
class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def moved(self, by):
        return self.x + by

    @property
    def sum(self):
        return self.x + self.y

def run(count):
    p = Point(1, 2)
    total = 0
    for _ in range(count):
        p.x = p.moved(1)
        total += p.sum
        p.y = total % 10
    return total, p.x, p.y

print(run(300_000))

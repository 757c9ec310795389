# Special methods: arithmetic, comparison, iteration and indexing of guest classes.
class Vector:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)

    def __mul__(self, factor):
        return Vector(self.x * factor, self.y * factor)

    def __rmul__(self, factor):
        return self * factor

    def __eq__(self, other):
        return self.x == other.x and self.y == other.y

    def __iter__(self):
        yield self.x
        yield self.y

    def __getitem__(self, index):
        return self.y if index else self.x

def run(count):
    position = Vector(0, 0)
    step = Vector(1, 2)
    same = 0
    for n in range(count):
        position = position + 2 * step
        same += position == step
        x, y = position
        same += x - position[0] + y - position[1]
    return position.x, position.y, same

print(run(60_000))

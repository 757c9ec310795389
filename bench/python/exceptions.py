# Raising, catching, cleaning up, and generators that end.
class Refused(Exception):
    pass

def check(n):
    if n % 3 == 0:
        raise Refused(n)
    return n

def pieces(n):
    try:
        yield n
        yield n + 1
    finally:
        pass

def run(count):
    kept = refused = closed = 0
    for n in range(count):
        try:
            kept += check(n)
        except Refused as error:
            refused += error.args[0]
        finally:
            closed += 1
        for piece in pieces(n):
            if piece % 2:
                break
    return kept, refused, closed

print(run(100_000))

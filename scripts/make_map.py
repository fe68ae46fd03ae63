#!/usr/bin/env python3
"""Makes assets/map/world.txt from the outlines of countries of Natural Earth, 1:110 million (public domain).

usage: make_map.py COUNTRIES-110M.JSON OUTPUT-FILE     (from the npm package world-atlas)

The file is the data of one SVG path. A unit is a tenth of a degree: x is the longitude, y the latitude with
south positive. Everything south of 60 degrees south is left out.
"""
import json
import sys

SOUTH = -60


def unwrapped(points):
    """Without a leap from one edge of the map to the other."""
    out = [points[0]]
    for x, y in points[1:]:
        before = out[-1][0]
        out.append((x - 360 * round((x - before) / 360), y))
    return out


def path(steps):
    """A closed ring; none where it has no area."""
    steps = [p for n, p in enumerate(steps) if n == 0 or p != steps[n - 1]]
    if len(steps) < 4:
        return None
    moves = ' '.join(f'{b[0] - a[0]} {b[1] - a[1]}' for a, b in zip(steps, steps[1:-1]))
    return f'M{steps[0][0]} {steps[0][1]}l' + moves.replace(' -', '-') + 'z'


def main(source, target):
    with open(source, encoding='utf-8') as file:
        topology = json.load(file)
    scale, translate = topology['transform']['scale'], topology['transform']['translate']
    arcs = []
    for arc in topology['arcs']:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * scale[0] + translate[0], y * scale[1] + translate[1]))
        arcs.append(points)

    def ring(numbers):
        points = []
        for n in numbers:
            arc = arcs[n] if n >= 0 else arcs[~n][::-1]
            points += arc[1:] if points else arc
        return points

    data = []
    for country in topology['objects']['countries']['geometries']:
        shapes = country['arcs'] if country['type'] == 'MultiPolygon' else [country['arcs']]
        for shape in shapes:
            for numbers in shape:
                points = ring(numbers)
                if max(latitude for _, latitude in points) < SOUTH:
                    continue
                points = unwrapped(points)
                # What crosses the date line is drawn at both edges.
                west, east = min(x for x, _ in points), max(x for x, _ in points)
                for shift in [0] + [-360] * (east > 180) + [360] * (west < -180):
                    text = path([(round((x + shift) * 10), round(-y * 10)) for x, y in points])
                    data += [text] if text else []
    with open(target, 'w', encoding='ascii') as file:
        file.write('\n'.join(data) + '\n')


if __name__ == '__main__':
    main(*sys.argv[1:])

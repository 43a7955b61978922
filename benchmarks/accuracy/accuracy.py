#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Precision, recall and F1 of each disclosure against labels made by reading.

usage: accuracy.py CARDWARDEN LABELS.tsv FOLDER... [--part tune|watch|all] [--markdown]

LABELS.tsv  a row a label: path <TAB> kind <TAB> disclosure <TAB> yes|no; a path is matched by its last two parts.
The cards of the folders are read by `cardwarden disclosures`. A card belongs to the part `tune` when the first eight
hexadecimal digits of the SHA-256 of its path in LABELS.tsv, modulo 5, are below 3, else to `watch`.
"""
import argparse
import collections
import hashlib
import json
import subprocess
import sys


def key(path):
    return "/".join(path.split("/")[-2:])


def part(path):
    return "tune" if int(hashlib.sha256(path.encode()).hexdigest()[:8], 16) % 5 < 3 else "watch"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("labels")
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--part", choices=["tune", "watch", "all"], default="all")
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args()

    output = subprocess.run([options.binary, "disclosures", "--format", "jsonl", *options.folders],
                            check=True, capture_output=True, text=True).stdout
    found = {}
    for line in output.splitlines():
        card = json.loads(line)
        found[key(card["path"])] = {name for name, one in card["disclosures"].items() if one["disclosed"]}

    counts = collections.defaultdict(lambda: [0, 0, 0, 0])  # true and false positives, misses, true negatives
    unread = set()
    with open(options.labels, encoding="utf-8") as rows:
        for row in rows:
            path, kind, disclosure, label = row.rstrip("\n").split("\t")[:4]
            if label not in ("yes", "no") or (options.part != "all" and part(path) != options.part):
                continue
            if key(path) not in found:
                unread.add(path)
            got = disclosure in found.get(key(path), ())
            want = label == "yes"
            counts[kind, disclosure][(0 if got else 2) if want else (1 if got else 3)] += 1
    if not counts:
        sys.exit("no labels for this part")

    head = ("kind", "disclosure", "precision", "recall", "F1", "yes", "no")
    if options.markdown:
        print("| " + " | ".join(head) + " |\n|---|---|---|---|---|---|---|")
    else:
        print("{:8} {:26} {:>9} {:>7} {:>6} {:>5} {:>4}".format(*head))
    scores = collections.defaultdict(list)
    for (kind, disclosure), (tp, fp, fn, tn) in sorted(counts.items()):
        precision = tp / (tp + fp) if tp + fp else 0.0
        recall = tp / (tp + fn) if tp + fn else 0.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        counted = tp + fn >= 3 and fp + tn >= 3
        if counted:
            scores[kind].append(f1)
        mark = "" if counted else " (too few to count)"
        if options.markdown:
            print(f"| {kind} | {disclosure} | {precision:.3f} | {recall:.3f} | {f1:.3f}{mark} | {tp + fn} | {fp + tn} |")
        else:
            print(f"{kind:8} {disclosure:26} {precision:9.3f} {recall:7.3f} {f1:6.3f} {tp + fn:5} {fp + tn:4}{mark}")
    for kind, values in sorted(scores.items()):
        print(f"{'' if not options.markdown else chr(10)}macro-F1 {kind}: {sum(values) / len(values):.3f} over {len(values)} disclosures")
    if unread:
        print(f"{len(unread)} labelled cards were not read and count as all no", file=sys.stderr)


main()

#!/bin/sh
# Makes the fonts in this folder from Debian's fonts-noto-core and fonts-noto-cjk.
# Needs pyftsubset (PyPI: fonttools). Run it from the root of the repository.
set -eu
here=assets/fonts
latin=/usr/share/fonts/truetype/noto
cjk=/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc

# Latin with extensions, Greek, Cyrillic, punctuation, arrows, mathematics, a few shapes.
ranges="U+0020-024F,U+0259,U+02B0-02FF,U+0300-036F,U+0370-03FF,U+0400-052F,U+1E00-1EFF,\
U+2000-206F,U+2070-209F,U+20A0-20BF,U+2100-214F,U+2150-218F,U+2190-21FF,U+2200-22FF,\
U+25A0-25FF,U+FB00-FB06,U+FEFF,U+FFFD"
# What Noto Sans lacks of them stands in Noto Sans Math.
work=$(mktemp -d)
math="U+2190-2199,U+2200-2212,U+2215-221A,U+221D-2220,U+2223-222B,U+2243-2248,U+2260-2267,\
U+2282-2287,U+22C5,U+25A0-25CF"
pyftsubset "$latin/NotoSansMath-Regular.ttf" --unicodes="$math" --layout-features='' \
    --drop-tables+=GSUB,GPOS,GDEF,MATH --no-hinting --output-file="$work/math.ttf"
for weight in Regular Bold; do
    pyftsubset "$latin/NotoSans-$weight.ttf" --unicodes="$ranges" --layout-features='*' \
        --no-hinting --output-file="$work/latin.ttf"
    pyftmerge --output-file="$here/NotoSans-$weight.ttf" "$work/latin.ttf" "$work/math.ttf"
done
rm -r "$work"

# What names are written in: GB 2312, the first level of Big5, JIS X 0208, KS X 1001.
characters=$(mktemp)
python3 - > "$characters" <<'PYTHON'
def table(encoding, first, second):
    for a in first:
        for b in second:
            try:
                yield bytes([a, b]).decode(encoding)
            except UnicodeDecodeError:
                pass

high = range(0xA1, 0xFF)
wanted = set()
wanted.update(table("gb2312", range(0xA1, 0xF8), high))
wanted.update(table("big5", range(0xA1, 0xC7), [*range(0x40, 0x7F), *high]))
wanted.update(table("euc_jp", range(0xA1, 0xF5), high))
wanted.update(table("euc_kr", range(0xA1, 0xFE), high))
wanted.update(map(chr, [*range(0x20, 0x7F), *range(0x3000, 0x3100), *range(0xFF00, 0xFFF0)]))
print("".join(sorted(c for group in wanted for c in group if c.isprintable())))
PYTHON
pyftsubset "$cjk" --font-number=2 --text-file="$characters" --layout-features='locl,kern' \
    --no-hinting --desubroutinize --output-file="$here/NotoSansSC-subset.otf"
rm "$characters"

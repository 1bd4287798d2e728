#!/bin/sh
# Put the fonts where the pages find them. Without npm the pages use each device's own fonts, and everything still works.
cd "$(dirname "$0")" || exit 1
into=../static/fonts
[ -f "$into/.fetched" ] && [ ! package-lock.json -nt "$into/.fetched" ] && exit 0
if ! command -v npm >/dev/null 2>&1; then
  echo "npm is not here, so pages use each device's own fonts. (Urdu and Sorani read best with ours.)"
  exit 0
fi
echo "Fetching the fonts"
npm ci --ignore-scripts --loglevel=error >/dev/null 2>&1 || { echo "The fonts could not be fetched; pages use each device's own."; exit 0; }
mkdir -p "$into"
latin=node_modules/@fontsource/atkinson-hyperlegible-next
nastaliq=node_modules/@fontsource/noto-nastaliq-urdu
arabic=node_modules/@fontsource/vazirmatn
for weight in 400 700; do
  cp "$latin/files/atkinson-hyperlegible-next-latin-$weight-normal.woff2" "$into/latin-$weight.woff2"
  cp "$latin/files/atkinson-hyperlegible-next-latin-ext-$weight-normal.woff2" "$into/latin-ext-$weight.woff2"
  cp "$arabic/files/vazirmatn-arabic-$weight-normal.woff2" "$into/arabic-$weight.woff2"
done
cp "$nastaliq/files/noto-nastaliq-urdu-arabic-400-normal.woff2" "$into/nastaliq-400.woff2"
cp "$latin/LICENSE" "$into/LICENSE-latin"
cp "$nastaliq/LICENSE" "$into/LICENSE-nastaliq"
cp "$arabic/LICENSE" "$into/LICENSE-arabic"
touch "$into/.fetched"

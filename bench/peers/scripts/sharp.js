// sharp, as many files at a time as there are workers, a thread for each.
//
// usage: node sharp.js SHARP gray|width|thumb PIXELS LIST OUT WORKERS      SHARP: the folder of the package
//
// resize() has libjpeg decode at 1/2, 1/4 or 1/8. Huffman tables are not optimised, as
// nobody's are here: that would be a third of the time of gray.
const fs = require('fs'), path = require('path');
const [folder, work, number, list, out, count] = process.argv.slice(2);
const sharp = require(folder), pixels = Number(number), workers = Number(count);
sharp.concurrency(1);
sharp.cache(false);

const files = fs.readFileSync(list, 'utf8').split('\n').filter(Boolean);
let next = 0;

async function worker() {
  while (next < files.length) {
    const i = next++;
    let image = sharp(files[i]).rotate(); // upright, as EXIF says
    if (work === 'gray') image = image.toColourspace('b-w');
    if (work === 'width') image = image.resize({ width: pixels, withoutEnlargement: true });
    if (work === 'thumb') image = image.resize({ width: pixels, height: pixels, fit: 'cover', withoutEnlargement: true });
    const extension = path.extname(files[i]).toLowerCase();
    if (extension === '.jpg' || extension === '.jpeg') image = image.jpeg({ quality: 85, optimiseCoding: false });
    await image.toFile(path.join(out, i + extension)).catch((error) => console.error(files[i] + ': ' + error.message));
  }
}

Promise.all(Array.from({ length: workers }, worker));

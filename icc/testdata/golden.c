/* Takes raw pixels from a profile to the sRGB of Little CMS, by the perceptual intent:
 *
 *     cc -o golden golden.c -llcms2
 *     golden PROFILE 8|16 exact|quick <IN >OUT
 *
 * Pixels of 8 or 16 bits a channel (of this machine's byte order) become RGB of the same. "quick" is with no flags, "exact"
 * with cmsFLAGS_NOOPTIMIZE, which is the same without a table being made of the whole way first. */
#include <lcms2.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	cmsHPROFILE in = cmsOpenProfileFromFile(argv[1], "r");
	if (!in)
		return 1;
	int n = cmsChannelsOf(cmsGetColorSpace(in));
	int bytes = strcmp(argv[2], "16") ? 1 : 2;
	cmsUInt32Number from = COLORSPACE_SH(_cmsLCMScolorSpace(cmsGetColorSpace(in))) | CHANNELS_SH(n) | BYTES_SH(bytes);
	cmsHTRANSFORM t = cmsCreateTransform(in, from, cmsCreate_sRGBProfile(), bytes == 2 ? TYPE_RGB_16 : TYPE_RGB_8,
		INTENT_PERCEPTUAL, strcmp(argv[3], "exact") ? 0 : cmsFLAGS_NOOPTIMIZE | cmsFLAGS_NOCACHE);
	if (!t)
		return 1;
	unsigned char px[8], out[6];
	while (fread(px, bytes, n, stdin) == (size_t)n) {
		cmsDoTransform(t, px, out, 1);
		fwrite(out, bytes, 3, stdout);
	}
	return 0;
}

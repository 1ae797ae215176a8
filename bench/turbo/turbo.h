#include <stddef.h>
#include <stdint.h>

// A plane as libjpeg wants it: rows of whole MCUs, and whole MCUs of rows.
typedef struct {
	uint8_t *pix;
	int stride, rows;   // of the memory
	int width, height;  // of the picture
	int h, v;           // sampling factors
} turbo_plane;

typedef struct {
	int width, height, components, ycc;
	turbo_plane plane[4];
	uint8_t *pix;  // all planes
	size_t size;
} turbo_picture;

// turbo_decode reads the planes of a JPEG at scale/8, by the accurate integer
// transform, into p, whose memory it reuses. It returns NULL or a message.
const char *turbo_decode(const uint8_t *data, size_t n, int scale, turbo_picture *p);

// turbo_encode writes p into *out, whose memory of *cap bytes it reuses.
const char *turbo_encode(const turbo_picture *p, int quality, int optimize, uint8_t **out, size_t *cap, size_t *n);

const char *turbo_version(void);

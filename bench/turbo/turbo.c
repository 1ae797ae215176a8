#include "turbo.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

struct failure {
	struct jpeg_error_mgr mgr;
	jmp_buf back;
};

static char message[JMSG_LENGTH_MAX];

static void fail(j_common_ptr c) {
	c->err->format_message(c, message);
	longjmp(((struct failure *)c->err)->back, 1);
}

static void silent(j_common_ptr c, int level) {
	if (level < 0) c->err->num_warnings++;
}

static void set_errors(struct failure *f, struct jpeg_error_mgr **err) {
	*err = jpeg_std_error(&f->mgr);
	f->mgr.error_exit = fail;
	f->mgr.emit_message = silent;
}

#define STRINGIFY(x) #x
#define STRING(x) STRINGIFY(x)
const char *turbo_version(void) { return STRING(LIBJPEG_TURBO_VERSION); }

static int round_up(int n, int to) { return (n + to - 1) / to * to; }

// lay_out finds room for the planes that d is about to give.
static int lay_out(j_decompress_ptr d, turbo_picture *p) {
	size_t size = 0;
	p->width = d->output_width;
	p->height = d->output_height;
	p->components = d->num_components;
	p->ycc = d->jpeg_color_space == JCS_YCbCr;
	for (int i = 0; i < p->components; i++) {
		jpeg_component_info *c = &d->comp_info[i];
		turbo_plane *q = &p->plane[i];
		q->h = c->h_samp_factor;
		q->v = c->v_samp_factor;
		q->width = c->downsampled_width;
		q->height = c->downsampled_height;
		q->stride = round_up(c->width_in_blocks, c->h_samp_factor) * c->DCT_scaled_size;
		q->rows = round_up(c->height_in_blocks, c->v_samp_factor) * c->DCT_scaled_size;
		size += (size_t)q->stride * q->rows;
	}
	if (size > p->size) {
		free(p->pix);
		p->pix = malloc(size);
		p->size = p->pix ? size : 0;
	}
	uint8_t *at = p->pix;
	for (int i = 0; at && i < p->components; i++) {
		p->plane[i].pix = at;
		at += (size_t)p->plane[i].stride * p->plane[i].rows;
	}
	return at != NULL;
}

const char *turbo_decode(const uint8_t *data, size_t n, int scale, turbo_picture *p) {
	struct jpeg_decompress_struct d;
	struct failure f;
	set_errors(&f, &d.err);
	if (setjmp(f.back)) {
		jpeg_destroy_decompress(&d);
		return message;
	}
	jpeg_create_decompress(&d);
	jpeg_mem_src(&d, data, n);
	jpeg_read_header(&d, TRUE);
	if (d.num_components > 4) {
		jpeg_destroy_decompress(&d);
		return "more than four components";
	}
	d.raw_data_out = TRUE;
	d.do_fancy_upsampling = FALSE;
	d.dct_method = JDCT_ISLOW;
	d.scale_num = scale;
	d.scale_denom = 8;
	d.out_color_space = d.jpeg_color_space;
	jpeg_start_decompress(&d);
	if (!lay_out(&d, p)) {
		jpeg_destroy_decompress(&d);
		return "no memory";
	}
	JSAMPROW rows[4][4 * DCTSIZE];
	JSAMPARRAY planes[4] = {rows[0], rows[1], rows[2], rows[3]};
	int lines = d.max_v_samp_factor * d.min_DCT_scaled_size;
	for (int group = 0; d.output_scanline < d.output_height; group++) {
		for (int i = 0; i < p->components; i++) {
			turbo_plane *q = &p->plane[i];
			int many = q->v * d.comp_info[i].DCT_scaled_size;
			for (int y = 0; y < many; y++) {
				int row = group * many + y;
				if (row >= q->rows) row = q->rows - 1;
				rows[i][y] = q->pix + (size_t)row * q->stride;
			}
		}
		jpeg_read_raw_data(&d, planes, lines);
	}
	jpeg_finish_decompress(&d);
	long warnings = f.mgr.num_warnings;
	jpeg_destroy_decompress(&d);
	return warnings ? "warnings" : NULL;
}

const char *turbo_encode(const turbo_picture *p, int quality, int optimize, uint8_t **out, size_t *cap, size_t *n) {
	struct jpeg_compress_struct c;
	struct failure f;
	set_errors(&f, &c.err);
	unsigned char *was = *out, *buf = was;
	unsigned long size = *cap;
	if (setjmp(f.back)) {
		jpeg_destroy_compress(&c);
		return message;
	}
	jpeg_create_compress(&c);
	jpeg_mem_dest(&c, &buf, &size);
	c.image_width = p->width;
	c.image_height = p->height;
	c.input_components = p->components;
	c.in_color_space = p->components == 1 ? JCS_GRAYSCALE : JCS_YCbCr;
	jpeg_set_defaults(&c);
	jpeg_set_quality(&c, quality, TRUE);
	c.dct_method = JDCT_ISLOW;
	c.optimize_coding = optimize;
	c.raw_data_in = TRUE;
	int vmax = 1;
	for (int i = 0; i < p->components; i++) {
		c.comp_info[i].h_samp_factor = p->components == 1 ? 1 : p->plane[i].h;
		c.comp_info[i].v_samp_factor = p->components == 1 ? 1 : p->plane[i].v;
		if (c.comp_info[i].v_samp_factor > vmax) vmax = c.comp_info[i].v_samp_factor;
	}
	jpeg_start_compress(&c, TRUE);
	JSAMPROW rows[4][4 * DCTSIZE];
	JSAMPARRAY planes[4] = {rows[0], rows[1], rows[2], rows[3]};
	for (int group = 0; c.next_scanline < c.image_height; group++) {
		for (int i = 0; i < p->components; i++) {
			const turbo_plane *q = &p->plane[i];
			int many = c.comp_info[i].v_samp_factor * DCTSIZE;
			for (int y = 0; y < many; y++) {
				int row = group * many + y;
				if (row >= q->rows) row = q->rows - 1;
				rows[i][y] = q->pix + (size_t)row * q->stride;
			}
		}
		jpeg_write_raw_data(&c, planes, vmax * DCTSIZE);
	}
	jpeg_finish_compress(&c);
	jpeg_destroy_compress(&c);
	*n = size;
	if (buf != was) {  // the library took a larger one
		free(was);
		*out = buf;
		*cap = size;
	}
	return NULL;
}

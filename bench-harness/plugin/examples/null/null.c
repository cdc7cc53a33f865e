/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * What does a call cost?  This backend answers without searching, and without
 * touching any memory of its own: page == pfn, segment_start == 0, whether
 * the PFN is there or not.  The flag tells the harness that this is meant, so
 * that it expects exactly these answers and reports the time taken as the
 * cost of the interface, beside that of real backends.
 *
 * It is no example of a backend; those are next to it.
 */

#include <stdlib.h>

#include "physseg_backend.h"

/* Tables have to differ from NULL, and from nothing else. */
static void *
null_create(uint64_t page_size, uint64_t capacity)
{
	(void)page_size;
	(void)capacity;
	return malloc(1);
}

static void
null_destroy(void *self)
{
	free(self);
}

static int
null_physload(void *self, uint64_t start, uint64_t end)
{
	(void)self;
	return start < end ? PHYSSEG_OK : PHYSSEG_EINVAL;
}

static int
null_plug(void *self, uint64_t start, uint64_t end, uint64_t first_page)
{
	(void)self;
	(void)first_page;
	return start < end ? PHYSSEG_OK : PHYSSEG_EINVAL;
}

static inline struct physseg_answer
lookup(uint64_t pfn)
{
	struct physseg_answer answer;

	answer.segment_start = 0;
	answer.page = pfn;
	return answer;
}

static struct physseg_answer
null_find(const void *self, uint64_t pfn)
{
	(void)self;
	return lookup(pfn);
}

static void
null_find_batch(const void *self, const uint64_t *pfns,
    struct physseg_answer *answers, size_t count)
{
	size_t i;

	(void)self;
	for (i = 0; i < count; i++)
		answers[i] = lookup(pfns[i]);
}

/* It has none and keeps no count; with the flag nobody asks. */
static uint64_t
null_segments(const void *self)
{
	(void)self;
	return 0;
}

static uint64_t
null_bytes(const void *self)
{
	(void)self;
	return 0;
}

const struct physseg_backend *
physseg_backend_v1(void)
{
	static const struct physseg_backend backend = {
		.abi_version = PHYSSEG_ABI_VERSION,
		.struct_size = sizeof(struct physseg_backend),
		.flags = PHYSSEG_FLAG_NULL,
		.name = "null",
		.version = "1.0",
		.create = null_create,
		.destroy = null_destroy,
		.physload = null_physload,
		.page_init = null_plug,
		.plug = null_plug,
		.unplug = null_physload,
		.find = null_find,
		.find_batch = null_find_batch,
		.segments = null_segments,
		.bytes = null_bytes,
	};

	return &backend;
}

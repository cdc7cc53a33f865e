/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * The static array that kernels had before segments could be plugged: whole
 * segment records side by side, in the order of their frames, found by binary
 * search.  Unlike a kernel's it grows, so it takes plugs and splits as well,
 * by moving the records above.
 *
 * It is written to do what the built-in backend `array' does, so that the two
 * can be held against each other: what is left between them, the cost of the
 * calls taken off, is the difference between two compilers.
 */

#include <stdlib.h>
#include <string.h>

#include "physseg_backend.h"

/*
 * A record as a kernel has it: 72 bytes.  A lookup reads start, end and pages
 * only, but how far apart the records lie decides how many cache lines a
 * search touches, so the rest is here as well, though nobody reads it.
 */
struct segment {
	uint64_t	start;
	uint64_t	end;
	uint64_t	avail_start;	/* what went to the free pool at boot */
	uint64_t	avail_end;
	uint64_t	pages;		/* page identity of start */
	uint64_t	extent;		/* who owns the page descriptors */
	uint64_t	start_hint;
	uint64_t	free_list;
	uint64_t	pmap_data;
};

struct table {
	struct segment	*segments;
	size_t		count;
	size_t		room;
};

/* Records set aside at once, at most: a hint is no reason to take it all. */
#define ROOM_MIN	((size_t)16)
#define ROOM_MAX	((size_t)1 << 20)

/* The index of the first segment that ends above pfn; count if none does. */
static size_t
lower_bound(const struct table *t, uint64_t pfn)
{
	size_t low = 0, high = t->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (t->segments[middle].end <= pfn)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Makes sure that one more record fits. */
static int
make_room(struct table *t)
{
	struct segment *larger;

	if (t->count < t->room)
		return PHYSSEG_OK;
	if (t->room > SIZE_MAX / 2 / sizeof(*larger))
		return PHYSSEG_ENOMEM;
	larger = realloc(t->segments, 2 * t->room * sizeof(*larger));
	if (larger == NULL)
		return PHYSSEG_ENOMEM;
	t->segments = larger;
	t->room *= 2;
	return PHYSSEG_OK;
}

/* Opens a gap at index `at', for which there is room. */
static void
open_gap(struct table *t, size_t at)
{
	memmove(&t->segments[at + 1], &t->segments[at],
	    (t->count - at) * sizeof(t->segments[0]));
	t->count++;
}

static void *
array_create(uint64_t page_size, uint64_t capacity)
{
	struct table *t = malloc(sizeof(*t));

	(void)page_size;
	if (t == NULL)
		return NULL;
	t->count = 0;
	t->room = ROOM_MIN;
	if (capacity > ROOM_MIN)
		t->room = capacity < ROOM_MAX ? (size_t)capacity : ROOM_MAX;
	t->segments = malloc(t->room * sizeof(t->segments[0]));
	if (t->segments == NULL) {
		free(t);
		return NULL;
	}
	return t;
}

static void
array_destroy(void *self)
{
	struct table *t = self;

	free(t->segments);
	free(t);
}

/* At boot and after it the same; at boot `pages' is not known yet. */
static int
array_plug(void *self, uint64_t start, uint64_t end, uint64_t pages)
{
	struct table *t = self;
	struct segment *s;
	size_t at;
	int error;

	if (start >= end)
		return PHYSSEG_EINVAL;
	at = lower_bound(t, start);
	if (at < t->count && t->segments[at].start < end)
		return PHYSSEG_EINVAL;		/* overlap */
	if ((error = make_room(t)) != PHYSSEG_OK)
		return error;

	open_gap(t, at);
	s = &t->segments[at];
	memset(s, 0, sizeof(*s));
	s->start = s->avail_start = start;
	s->end = s->avail_end = end;
	s->pages = pages;
	return PHYSSEG_OK;
}

static int
array_physload(void *self, uint64_t start, uint64_t end)
{
	return array_plug(self, start, end, 0);
}

static int
array_page_init(void *self, uint64_t start, uint64_t end, uint64_t first_page)
{
	struct table *t = self;
	size_t at = lower_bound(t, start);

	if (at == t->count || t->segments[at].start != start ||
	    t->segments[at].end != end)
		return PHYSSEG_EINVAL;
	t->segments[at].pages = first_page;
	return PHYSSEG_OK;
}

/* Cuts the front off: the page identities move with the start. */
static void
begin_at(struct segment *s, uint64_t start)
{
	s->pages += start - s->start;
	s->start = start;
	if (s->avail_start < start)
		s->avail_start = start;
	if (s->avail_end < start)
		s->avail_end = start;
}

/* Cuts the back off. */
static void
end_at(struct segment *s, uint64_t end)
{
	s->end = end;
	if (s->avail_start > end)
		s->avail_start = end;
	if (s->avail_end > end)
		s->avail_end = end;
}

static int
array_unplug(void *self, uint64_t start, uint64_t end)
{
	struct table *t = self;
	struct segment *s;
	size_t at;
	int error;

	if (start >= end)
		return PHYSSEG_EINVAL;
	at = lower_bound(t, start);
	if (at == t->count || start < t->segments[at].start ||
	    t->segments[at].end < end)
		return PHYSSEG_EINVAL;
	s = &t->segments[at];

	if (s->start == start && s->end == end) {
		memmove(s, s + 1, (t->count - at - 1) * sizeof(*s));
		t->count--;
	} else if (s->start == start) {
		begin_at(s, end);
	} else if (s->end == end) {
		end_at(s, start);
	} else {
		/* What can fail comes first. */
		if ((error = make_room(t)) != PHYSSEG_OK)
			return error;
		open_gap(t, at);
		s = &t->segments[at];	/* the array may have moved */
		end_at(&s[0], start);
		begin_at(&s[1], end);	/* open_gap left a copy here */
	}
	return PHYSSEG_OK;
}

/*
 * The kernel's search: it keeps a start and a length, and stops as soon as
 * the record that it looks at holds the frame.
 */
static inline struct physseg_answer
lookup(const struct segment *segments, size_t count, uint64_t pfn)
{
	struct physseg_answer miss = { 0, PHYSSEG_MISS };
	size_t first = 0, length = count;

	while (length != 0) {
		size_t probe = first + length / 2;
		const struct segment *s = &segments[probe];

		if (pfn >= s->start) {
			if (pfn < s->end) {
				struct physseg_answer hit;

				hit.segment_start = s->start;
				hit.page = s->pages + (pfn - s->start);
				return hit;
			}
			first = probe + 1;
			length--;
		}
		length /= 2;
	}
	return miss;
}

static struct physseg_answer
array_find(const void *self, uint64_t pfn)
{
	const struct table *t = self;

	return lookup(t->segments, t->count, pfn);
}

static void
array_find_batch(const void *self, const uint64_t *pfns,
    struct physseg_answer *answers, size_t count)
{
	const struct table *t = self;
	size_t i;

	/*
	 * The compiler cannot know that writing answers leaves the table
	 * alone, and would load these two anew for each PFN.
	 */
	const struct segment *const segments = t->segments;
	const size_t n = t->count;

	for (i = 0; i < count; i++)
		answers[i] = lookup(segments, n, pfns[i]);
}

static uint64_t
array_segments(const void *self)
{
	const struct table *t = self;

	return t->count;
}

static uint64_t
array_bytes(const void *self)
{
	const struct table *t = self;

	return sizeof(*t) + t->room * sizeof(t->segments[0]);
}

const struct physseg_backend *
physseg_backend_v1(void)
{
	static const struct physseg_backend backend = {
		.abi_version = PHYSSEG_ABI_VERSION,
		.struct_size = sizeof(struct physseg_backend),
		.flags = PHYSSEG_FLAG_LINEAR_UPDATES,
		.name = "sorted-array",
		.version = "1.0",
		.create = array_create,
		.destroy = array_destroy,
		.physload = array_physload,
		.page_init = array_page_init,
		.plug = array_plug,
		.unplug = array_unplug,
		.find = array_find,
		.find_batch = array_find_batch,
		.segments = array_segments,
		.bytes = array_bytes,
	};

	return &backend;
}

/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * A backend to start from.  It works as it is: an array of segments in the
 * order of their frames, searched from the beginning.  That is slow and easy
 * to read; put your own structure in the places marked YOURS.
 *
 * What each function has to do is in physseg_backend.h.
 */

#include <stdlib.h>
#include <string.h>

#include "physseg_backend.h"

/* YOURS: what one segment is. */
struct segment {
	uint64_t	start;		/* first frame */
	uint64_t	end;		/* frame after the last */
	uint64_t	first_page;	/* page identity of start */
};

/* YOURS: what one table is.  No global variables: there may be several. */
struct table {
	struct segment	*segments;
	size_t		count;		/* in use */
	size_t		room;		/* memory is there for so many */
};

static void *
create(uint64_t page_size, uint64_t capacity)
{
	(void)page_size;	/* YOURS: in bytes, if it matters */
	(void)capacity;		/* YOURS: memory can be set aside here */
	return calloc(1, sizeof(struct table));
}

static void
destroy(void *self)
{
	struct table *t = self;

	free(t->segments);
	free(t);
}

/*
 * YOURS: the search.  The index of the segment that pfn is in, or else of the
 * next one above it; t->count if there is none.
 */
static inline size_t
search(const struct table *t, uint64_t pfn)
{
	size_t i = 0;

	while (i < t->count && t->segments[i].end <= pfn)
		i++;
	return i;
}

/* YOURS: a new segment comes between those at i - 1 and i. */
static int
insert_at(struct table *t, size_t i, struct segment added)
{
	if (t->count == t->room) {
		size_t room = t->room == 0 ? 16 : 2 * t->room;
		struct segment *larger;

		if (room > SIZE_MAX / sizeof(*larger))
			return PHYSSEG_ENOMEM;
		larger = realloc(t->segments, room * sizeof(*larger));
		if (larger == NULL)
			return PHYSSEG_ENOMEM;	/* t is as it was */
		t->segments = larger;
		t->room = room;
	}
	memmove(&t->segments[i + 1], &t->segments[i],
	    (t->count - i) * sizeof(t->segments[0]));
	t->segments[i] = added;
	t->count++;
	return PHYSSEG_OK;
}

/* YOURS: the segment at i goes. */
static void
remove_at(struct table *t, size_t i)
{
	memmove(&t->segments[i], &t->segments[i + 1],
	    (t->count - i - 1) * sizeof(t->segments[0]));
	t->count--;
}

/* After boot; physload below uses it too. */
static int
plug(void *self, uint64_t start, uint64_t end, uint64_t first_page)
{
	struct table *t = self;
	struct segment added;
	size_t i;

	if (start >= end)
		return PHYSSEG_EINVAL;
	i = search(t, start);
	if (i < t->count && t->segments[i].start < end)
		return PHYSSEG_EINVAL;		/* frames are there already */
	added.start = start;
	added.end = end;
	added.first_page = first_page;
	return insert_at(t, i, added);
}

/* At boot: a segment whose page identities come later, with page_init. */
static int
physload(void *self, uint64_t start, uint64_t end)
{
	return plug(self, start, end, 0);
}

static int
page_init(void *self, uint64_t start, uint64_t end, uint64_t first_page)
{
	struct table *t = self;
	size_t i = search(t, start);

	if (i == t->count || t->segments[i].start != start ||
	    t->segments[i].end != end)
		return PHYSSEG_EINVAL;
	t->segments[i].first_page = first_page;
	return PHYSSEG_OK;
}

/* YOURS: build here what is searched, if it is not the segments themselves. */
static int
boot_done(void *self)
{
	(void)self;
	return PHYSSEG_OK;
}

static int
unplug(void *self, uint64_t start, uint64_t end)
{
	struct table *t = self;
	struct segment upper;
	size_t i;
	int error;

	if (start >= end)
		return PHYSSEG_EINVAL;
	i = search(t, start);
	if (i == t->count || start < t->segments[i].start ||
	    t->segments[i].end < end)
		return PHYSSEG_EINVAL;		/* not inside one segment */

	/* What would be left above the hole. */
	upper.start = end;
	upper.end = t->segments[i].end;
	upper.first_page =
	    t->segments[i].first_page + (end - t->segments[i].start);

	if (t->segments[i].start == start) {
		if (upper.start == upper.end)
			remove_at(t, i);		/* all of it */
		else
			t->segments[i] = upper;		/* the front */
		return PHYSSEG_OK;
	}
	if (upper.start != upper.end) {			/* the middle */
		/* First what may fail, so that an error changes nothing. */
		if ((error = insert_at(t, i + 1, upper)) != PHYSSEG_OK)
			return error;
	}
	t->segments[i].end = start;			/* or the back */
	return PHYSSEG_OK;
}

/* What is timed: the search, and the answer. */
static inline struct physseg_answer
lookup(const struct table *t, uint64_t pfn)
{
	struct physseg_answer answer = { 0, PHYSSEG_MISS };
	size_t i = search(t, pfn);

	if (i < t->count && t->segments[i].start <= pfn) {
		const struct segment *s = &t->segments[i];

		answer.segment_start = s->start;
		answer.page = s->first_page + (pfn - s->start);
	}
	return answer;
}

static struct physseg_answer
find(const void *self, uint64_t pfn)
{
	return lookup(self, pfn);
}

static void
find_batch(const void *self, const uint64_t *pfns,
    struct physseg_answer *answers, size_t count)
{
	size_t i;

	/* YOURS: several searches can go on at once here, if that is faster. */
	for (i = 0; i < count; i++)
		answers[i] = lookup(self, pfns[i]);
}

static uint64_t
segments(const void *self)
{
	const struct table *t = self;

	return t->count;
}

static uint64_t
bytes(const void *self)
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
		.flags = PHYSSEG_FLAG_LINEAR_UPDATES,	/* YOURS: or 0 */
		.name = "mine",				/* YOURS */
		.version = "0.1",
		.create = create,
		.destroy = destroy,
		.physload = physload,
		.page_init = page_init,
		.boot_done = boot_done,	/* optional, as are plug, unplug, */
		.plug = plug,		/* bytes, and one of the finds: */
		.unplug = unplug,	/* leave out what you do not have */
		.find = find,
		.find_batch = find_batch,
		.segments = segments,
		.bytes = bytes,
	};

	return &backend;
}

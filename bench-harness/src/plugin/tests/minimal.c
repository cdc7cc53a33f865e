/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * A backend for tests: a list of at most 64 segments, searched from its
 * beginning, with one fault for each macro that is defined.
 */

#include <stdlib.h>
#include <unistd.h>

#include "physseg_backend.h"

#ifndef ROOM
#define ROOM	64
#endif

struct segment {
	uint64_t	start;
	uint64_t	end;
	uint64_t	page;
};

struct table {
	struct segment	segments[ROOM];
	size_t		count;
#ifdef GHOSTS
	/* The inside of what was unplugged, which it goes on answering for. */
	struct segment	ghosts[ROOM];
	size_t		ghost_count;
#endif
};

#ifdef DIES_AT_LOAD
__attribute__((constructor)) static void
die(void)
{
	abort();
}
#endif

static void *
create(uint64_t page_size, uint64_t capacity)
{
	(void)page_size;
	(void)capacity;
#ifdef CREATE_NULL
	return NULL;
#endif
	return calloc(1, sizeof(struct table));
}

static void
destroy(void *self)
{
	free(self);
}

static int
plug(void *self, uint64_t start, uint64_t end, uint64_t first_page)
{
	struct table *t = self;
	size_t i;

	if (start >= end)
		return PHYSSEG_EINVAL;
#ifdef KEEPS_WHOLE
	for (i = 0; i < t->count; i++)
		if (t->segments[i].start == start && t->segments[i].end == end) {
			t->segments[i].page = first_page;
			return PHYSSEG_OK;
		}
#endif
#ifndef OVERLAPS
	for (i = 0; i < t->count; i++)
		if (start < t->segments[i].end && t->segments[i].start < end)
			return PHYSSEG_EINVAL;
#endif
	if (t->count == ROOM)
		return PHYSSEG_ENOMEM;
	i = t->count++;
	t->segments[i].start = start;
	t->segments[i].end = end;
	t->segments[i].page = first_page;
	return PHYSSEG_OK;
}

static int
physload(void *self, uint64_t start, uint64_t end)
{
	return plug(self, start, end, 0);
}

static int
page_init(void *self, uint64_t start, uint64_t end, uint64_t first_page)
{
	struct table *t = self;
	size_t i;

#ifdef STRANGE_CODE
	return 7;
#endif
	for (i = 0; i < t->count; i++)
		if (t->segments[i].start == start && t->segments[i].end == end) {
			t->segments[i].page = first_page;
			return PHYSSEG_OK;
		}
	return PHYSSEG_EINVAL;
}

static int
unplug(void *self, uint64_t start, uint64_t end)
{
	struct table *t = self;
	size_t i;

	if (start >= end)
		return PHYSSEG_EINVAL;
	for (i = 0; i < t->count; i++) {
		struct segment *s = &t->segments[i], tail;

		if (start < s->start || s->end < end)
			continue;
#ifdef KEEPS_WHOLE
		if (s->start == start && s->end == end)
			return PHYSSEG_OK;
#endif
#ifdef GHOSTS
		if (t->ghost_count < ROOM) {
			struct segment *g = &t->ghosts[t->ghost_count++];

			g->start = start + 1;
			g->end = end - 1;
			g->page = s->page + (g->start - s->start);
		}
#endif
		tail.start = end;
		tail.end = s->end;
		tail.page = s->page + (end - s->start);
#ifdef NO_SPLIT
		if (s->start < start && end < s->end)
			return PHYSSEG_EUNSUPPORTED;
#endif
#ifdef CRASH
		if (s->start < start && end < s->end)
			*(volatile int *)8 = 1;
#endif
#ifdef ABORT
		if (s->start == start)
			abort();
#endif
#ifdef HANG
		for (;;)
			sleep(1);
#endif
		if (s->start < start && end < s->end && t->count == ROOM)
			return PHYSSEG_ENOMEM;
		s->end = start;
		if (s->start == s->end)
			*s = t->segments[--t->count];
		if (tail.start < tail.end)
			t->segments[t->count++] = tail;
#ifdef WRONG_PAGES
		if (tail.start < tail.end)
			t->segments[t->count - 1].page++;
#endif
		return PHYSSEG_OK;
	}
	return PHYSSEG_EINVAL;
}

static struct physseg_answer
find(const void *self, uint64_t pfn)
{
	const struct table *t = self;
	struct physseg_answer answer = { 0, PHYSSEG_MISS };
	size_t i;

	for (i = 0; i < t->count; i++)
		if (t->segments[i].start <= pfn && pfn < t->segments[i].end) {
			answer.segment_start = t->segments[i].start;
#ifdef WRONG_START
			if (pfn == t->segments[i].end - 1)
				answer.segment_start++;
#endif
			answer.page = t->segments[i].page +
			    (pfn - t->segments[i].start);
#ifdef LIES_INSIDE
			if (t->segments[i].start < pfn &&
			    pfn < t->segments[i].end - 1)
				answer.page ^= 8;
#endif
#ifdef LIE
			if (pfn == t->segments[i].start + 3)
				answer.page ^= 8;
#endif
		}
#ifdef GHOSTS
	for (i = 0; i < t->ghost_count && answer.page == PHYSSEG_MISS; i++)
		if (t->ghosts[i].start <= pfn && pfn < t->ghosts[i].end) {
			answer.segment_start = t->ghosts[i].start;
			answer.page = t->ghosts[i].page +
			    (pfn - t->ghosts[i].start);
		}
#endif
	return answer;
}

static void
find_batch(const void *self, const uint64_t *pfns,
    struct physseg_answer *answers, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		answers[i] = find(self, pfns[i]);
#ifdef LATE_LIE
		if (i >= 1000 && answers[i].page != PHYSSEG_MISS)
			answers[i].page++;
#endif
#ifdef BATCH_LIE
		if (answers[i].page == PHYSSEG_MISS)
			answers[i].page = 0;
#endif
	}
}

static uint64_t
segments(const void *self)
{
	const struct table *t = self;

	return t->count;
}

/* A count that is always 1. */
static inline uint64_t
count_of_one(const void *self)
{
	(void)self;
	return 1;
}

#ifndef NAME
#define NAME		"minimal"
#endif
#ifndef VERSION
#define VERSION		"1.0, for tests"
#endif
#ifndef ABI
#define ABI		PHYSSEG_ABI_VERSION
#endif
#ifndef SIZE
#define SIZE		sizeof(struct physseg_backend)
#endif
#ifndef FLAGS
#define FLAGS		0
#endif
#ifndef FIND
#define FIND		find
#endif
#ifndef FIND_BATCH
#define FIND_BATCH	find_batch
#endif
#ifndef PLUG
#define PLUG		plug
#endif
#ifndef UNPLUG
#define UNPLUG		unplug
#endif
#ifndef CREATE
#define CREATE		create
#endif
#ifndef SEGMENTS
#define SEGMENTS	segments
#endif
#ifndef ENTRY
#define ENTRY		physseg_backend_v1
#endif

PHYSSEG_EXPORT const struct physseg_backend *ENTRY(void);

const struct physseg_backend *
ENTRY(void)
{
	static struct physseg_backend backend;

	backend.abi_version = ABI;
	backend.struct_size = SIZE;
	backend.flags = FLAGS;
	backend.name = NAME;
	backend.version = VERSION;
	backend.create = CREATE;
	backend.destroy = destroy;
	backend.physload = physload;
	backend.page_init = page_init;
	backend.plug = PLUG;
	backend.unplug = UNPLUG;
	backend.find = FIND;
	backend.find_batch = FIND_BATCH;
	backend.segments = SEGMENTS;
#ifdef BYTES_OF
	backend.bytes = BYTES_OF;
#endif
#ifdef NO_BACKEND
	return NULL;
#endif
	return &backend;
}

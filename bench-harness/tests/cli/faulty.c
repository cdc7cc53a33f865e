/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * The backend of the other tests, with a fault in one of its functions: each
 * of AT_LOAD, IN_CREATE, IN_PLUG, IN_UNPLUG, IN_FIND, IN_BATCH, IN_BYTES is
 * one of SEGV, ABRT, STOP, QUIT, TALK, SHUT if defined. FORGETS is an unplug that does
 * nothing, ODD one that returns 7. With BYTES the fault waits until ROWS is
 * longer than that, which is after a known round.
 */

#include <sys/stat.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "physseg_backend.h"

#define SEGV	(*(volatile int *)8 = 1)
#define ABRT	abort()
#define STOP	for (;;) pause()
#define QUIT	exit(7)
#define TALK	(puts("hello"), fflush(stdout))
#define SHUT	close(0)

#ifndef ROWS
#define ROWS	"out/samples.csv"
#endif

#ifdef AT_LOAD
__attribute__((constructor)) static void
at_load(void)
{
	fputs("out of luck\n", stderr);
	AT_LOAD;
}
#endif

static inline int
is_due(void)
{
#ifdef BYTES
	struct stat status;

	return stat(ROWS, &status) == 0 && status.st_size > BYTES;
#else
	return 1;
#endif
}

static void *faulty_create(uint64_t, uint64_t);
static inline int faulty_plug(void *, uint64_t, uint64_t, uint64_t);
static inline int faulty_unplug(void *, uint64_t, uint64_t);
static struct physseg_answer faulty_find(const void *, uint64_t);
static void faulty_batch(const void *, const uint64_t *,
    struct physseg_answer *, size_t);

#define CREATE		faulty_create
#ifndef PLUG
#define PLUG		faulty_plug
#endif
#ifndef UNPLUG
#define UNPLUG		faulty_unplug
#endif
#define FIND		faulty_find
#define FIND_BATCH	faulty_batch
#ifdef IN_BYTES
static uint64_t faulty_bytes(const void *);
#define BYTES_OF	faulty_bytes
#endif

#include "../../src/plugin/tests/minimal.c"

static void *
faulty_create(uint64_t page_size, uint64_t capacity)
{
#ifdef IN_CREATE
	if (is_due())
		IN_CREATE;
#endif
	return create(page_size, capacity);
}

static inline int
faulty_plug(void *self, uint64_t start, uint64_t end, uint64_t first_page)
{
#ifdef IN_PLUG
	if (is_due())
		IN_PLUG;
#endif
	return plug(self, start, end, first_page);
}

static inline int
faulty_unplug(void *self, uint64_t start, uint64_t end)
{
#ifdef IN_UNPLUG
	if (is_due())
		IN_UNPLUG;
#endif
#ifdef FORGETS
	if (is_due())
		return PHYSSEG_OK;
#endif
#ifdef ODD
	if (is_due())
		return 7;
#endif
	return unplug(self, start, end);
}

static struct physseg_answer
faulty_find(const void *self, uint64_t pfn)
{
#ifdef IN_FIND
	if (is_due())
		IN_FIND;
#endif
	return find(self, pfn);
}

static void
faulty_batch(const void *self, const uint64_t *pfns,
    struct physseg_answer *answers, size_t count)
{
	find_batch(self, pfns, answers, count);
#ifdef IN_BATCH
	if (is_due())
		IN_BATCH;
#endif
#ifdef LIES
	if (is_due() && count > 1)
		answers[count - 1].page = 12345;
#endif
}

#ifdef IN_BYTES
static uint64_t
faulty_bytes(const void *self)
{
	(void)self;
	if (is_due())
		IN_BYTES;
	return sizeof(struct table);
}
#endif

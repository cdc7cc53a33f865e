/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * What vm_segment.c expects of its kernel, done with the C library: as much
 * as this one file needs, and no more.  For another file, begin with this,
 * compile, and add what the compiler misses.
 */

#ifndef KERNEL_STUBS_H
#define KERNEL_STUBS_H

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Types.  A frame number is 64 bits wide here also where a long is not. */
typedef uint64_t paddr_t;

/*
 * Page descriptors are pointed to, but not read, so they need not exist.  Of
 * one byte each, so that pointers to them count as page identities do; see
 * kernel_code.c.
 */
struct vm_page {
	char		dummy;
};

#ifndef MAX
#define MAX(a, b)	((a) > (b) ? (a) : (b))
#endif

/*
 * panic and KASSERT.  Must not return, and there is nothing to go on with:
 * an abort is what the harness reports, together with this message.
 */
#if defined(__GNUC__)
__attribute__((__noreturn__, __format__(__printf__, 1, 2)))
#endif
static inline void
panic(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	fputs("panic: ", stderr);
	vfprintf(stderr, format, ap);
	fputc('\n', stderr);
	va_end(ap);
	abort();
}

/*
 * Measure with assertions the way your kernel is run: this one, like a
 * release kernel, has none unless built with CPPFLAGS=-DDIAGNOSTIC.
 */
#ifdef DIAGNOSTIC
#define KASSERT(e)	((e) ? (void)0 : panic("assertion \"%s\" failed: " \
			    "%s:%d", #e, __FILE__, __LINE__))
#else
#define KASSERT(e)	((void)0)
#endif

/*
 * kmem.  It keeps count, because the harness asks how much memory there is,
 * and kmem_free is told the size.  KM_SLEEP promises never to return NULL.
 */
#define KM_SLEEP	1
#define KM_NOSLEEP	2

static size_t kmem_bytes;

static inline void *
kmem_alloc(size_t size, int flags)
{
	void *p = malloc(size);

	if (p == NULL && flags == KM_SLEEP)
		panic("kmem_alloc: out of memory");
	if (p != NULL)
		kmem_bytes += size;
	return p;
}

static inline void
kmem_free(void *p, size_t size)
{
	free(p);
	kmem_bytes -= size;
}

/*
 * Mutexes.  Nobody else is there, so there is no need to lock anything; that
 * an exit follows each enter is worth knowing all the same.  If a lookup of
 * yours takes a lock, put a real one here (pthread_mutex_t), or its cost is
 * missing in what you measure.
 */
typedef struct {
	bool		held;
} kmutex_t;

#define MUTEX_DEFAULT	0
#define IPL_VM		0

static inline void
mutex_init(kmutex_t *mutex, int type, int ipl)
{
	(void)type;
	(void)ipl;
	mutex->held = false;
}

static inline void
mutex_enter(kmutex_t *mutex)
{
	KASSERT(!mutex->held);
	mutex->held = true;
}

static inline void
mutex_exit(kmutex_t *mutex)
{
	KASSERT(mutex->held);
	mutex->held = false;
}

/*
 * The part of queue(3) that is used.  The BSDs, macOS and glibc have all of it
 * in <sys/queue.h>; other systems do not, so it is here.
 */
#ifndef LIST_HEAD
#define LIST_HEAD(name, type)						\
	struct name { struct type *lh_first; }
#define LIST_ENTRY(type)						\
	struct { struct type *le_next, **le_prev; }
#define LIST_INIT(head)		((void)((head)->lh_first = NULL))
#define LIST_FIRST(head)	((head)->lh_first)
#define LIST_NEXT(e, field)	((e)->field.le_next)
#define LIST_FOREACH(e, head, field)					\
	for ((e) = LIST_FIRST(head); (e) != NULL; (e) = LIST_NEXT(e, field))

/* Puts e where *link points to. */
#define LIST_LINK(link, e, field) do {					\
	(e)->field.le_prev = (link);					\
	if (((e)->field.le_next = *(link)) != NULL)			\
		(e)->field.le_next->field.le_prev =			\
		    &(e)->field.le_next;				\
	*(link) = (e);							\
} while (0)
#define LIST_INSERT_HEAD(head, e, field)				\
	LIST_LINK(&(head)->lh_first, e, field)
#define LIST_INSERT_AFTER(below, e, field)				\
	LIST_LINK(&(below)->field.le_next, e, field)
#define LIST_REMOVE(e, field) do {					\
	if ((e)->field.le_next != NULL)					\
		(e)->field.le_next->field.le_prev = (e)->field.le_prev;	\
	*(e)->field.le_prev = (e)->field.le_next;			\
} while (0)
#endif

#endif /* KERNEL_STUBS_H */
